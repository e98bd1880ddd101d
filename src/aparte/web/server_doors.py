"""Doors for the shop's own server, by the secret key, and for staff: catalogue, traits, leads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import msgspec
from msgspec import Struct

from aparte.attribution.store import Lead
from aparte.catalogue.read import read_catalogue
from aparte.kit.errors import BadInput, Unavailable
from aparte.kit.tables import written_table
from aparte.sites.rights import Right
from aparte.sites.service import key_hash
from aparte.tracking.sources.traits import read_traits
from aparte.web.desk import Desk
from aparte.web.guard import require
from aparte.web.keys import key_of_headers
from aparte.web.plain import (
    NO_STORE,
    Problem,
    Receive,
    Scope,
    Send,
    answer,
    answer_problem,
    encode,
    from_the_console,
    header,
    read_body,
)
from aparte.web.principal import Principal

CATALOGUE, TRAITS, LEADS = "/api/v1/catalogue", "/api/v1/traits", "/api/v1/leads"
LEADS_CSV = "/api/v1/leads.csv"
PATHS = frozenset({CATALOGUE, TRAITS, LEADS, LEADS_CSV})
MOST = 64 << 20
MOST_TRAITS = 4 << 20
MOST_TOLD = 100
"""Refused rows that an answer names; all are counted."""
SHOP = "secret key"
"""Who acts when the shop's server does."""
DOORS: dict[tuple[str, str], Right] = {
    ("POST", CATALOGUE): "sites",
    ("GET", CATALOGUE): "read",
    ("POST", TRAITS): "sites",
    ("GET", LEADS): "read",
    ("GET", LEADS_CSV): "read",
}
"""What each door needs of whoever comes without the site's secret key."""
SUMMARIES = {
    ("POST", CATALOGUE): "Take a catalogue (CSV) in the place of the one before",
    ("GET", CATALOGUE): "The catalogue",
    ("POST", TRAITS): "What the shop says of its customers",
    ("GET", LEADS): "Leads",
    ("GET", LEADS_CSV): "Leads as a table",
}


class Said(Struct):
    """What is said of one customer."""

    user_id: str
    traits: dict[str, str | int | float | bool | None]


class Bundle(Struct):
    """What is said of several."""

    traits: list[Said]


class ServerDoors:
    """An ASGI application for `PATHS`; `asks` tells who comes without the secret key."""

    def __init__(
        self,
        desk: Desk,
        asks: Callable[[Scope, str], Principal | None],
    ) -> None:
        self.desk, self.asks = desk, asks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        handlers: dict[tuple[str, str], Callable[[Scope, Receive, Send, Principal], Awaitable[None]]] = {
            ("POST", CATALOGUE): self.catalogue,
            ("GET", CATALOGUE): self.products,
            ("POST", TRAITS): self.traits,
            ("GET", LEADS): self.leads,
            ("GET", LEADS_CSV): self.leads,
        }
        try:
            door = handlers.get((scope["method"], scope["path"]))
            if door is None:
                raise Problem(405, "method", "this method is not answered here")
            await door(scope, receive, send, self.who(scope, DOORS[scope["method"], scope["path"]]))
        except Problem as problem:
            await answer_problem(send, problem)
        except BadInput as error:
            await answer_problem(send, Problem(400, "bad_input", error.what, where=error.where, hint=error.hint))
        except Unavailable:
            again = Problem(503, "unavailable", "nothing can be written now", hint="try again", retry_after=2)
            await answer_problem(send, again)

    def who(self, scope: Scope, right: Right) -> Principal:
        """Who comes: the shop's server, a program, a command, or who is signed in; Problem 401 or 403."""
        authorization = header(scope, b"authorization").encode("latin-1") or None
        key = key_of_headers(authorization, b"") if authorization else None
        if key is not None:
            found = key_hash(key)
            site = next((one.id for one in self.desk.directory.sites() if one.secret_key_hash == found), None)
            if site is not None:
                return Principal(site, SHOP, "agent", scopes=frozenset({"read", "sites"}))
        who = self.asks(scope, query_of(scope, "site"))
        if who is None:
            what = "no site has this secret key" if key else "you are not signed in"
            raise Problem(401, "unknown_key" if key else "signed_out", what, hint="send the site's secret key")
        require(who, right)
        by_cookie = bool(who.session)
        if by_cookie and scope["method"] != "GET" and not from_the_console(scope):
            raise Problem(
                403, "cross_site", "this must come from the console", hint="send the header Aparte-Console: 1"
            )
        return who

    async def catalogue(self, scope: Scope, receive: Receive, send: Send, who: Principal) -> None:
        """A CSV body takes the place of the catalogue; `?keep=1` keeps what it no longer has."""
        site = who.site
        keep = query_of(scope, "keep") == "1"
        table = read_catalogue(text_of(await read_body(receive, MOST)), "body")
        if not table.products and table.refused:
            first = table.refused[0]
            raise Problem(400, "bad_input", f"no row can be taken: {first.reason}", where=f"body:{first.line}")
        found = await self.desk.whole(self.desk.engine.import_catalogue(site, table.products, keep=keep))
        told = {
            "added": len(found.added),
            "changed": len(found.changed),
            "same": found.same,
            "gone": len(found.gone),
            "refused": len(table.refused),
            "rows": [{"line": one.line, "reason": one.reason} for one in table.refused[:MOST_TOLD]],
            "ignored_columns": list(table.ignored),
        }
        await answer(send, 200, encode(told), headers=[NO_STORE])

    async def products(self, scope: Scope, receive: Receive, send: Send, who: Principal) -> None:
        """The catalogue as it is."""
        await answer(send, 200, encode({"products": list(self.desk.store.products(who.site))}), headers=[NO_STORE])

    async def traits(self, scope: Scope, receive: Receive, send: Send, who: Principal) -> None:
        """What the shop says of its customers: JSON `{"traits": [{"user_id", "traits"}]}`, or CSV."""
        site = who.site
        body = await read_body(receive, MOST_TRAITS)
        refused: list[dict[str, Any]] = []
        if header(scope, b"content-type").startswith("text/csv"):
            found = read_traits(text_of(body), "body")
            rows: Any = found.rows
            refused = [{"line": one.line, "reason": one.reason} for one in found.refused]
        else:
            rows = list(said_in(body))
        reached = await self.desk.whole(self.desk.engine.import_traits(site, rows))
        told = {"customers": len(rows), "visitors": reached, "refused": len(refused), "rows": refused[:MOST_TOLD]}
        await answer(send, 200, encode(told), headers=[NO_STORE])

    async def leads(self, scope: Scope, receive: Receive, send: Send, who: Principal) -> None:
        """The leads of the site, as JSON or as a table for a spreadsheet."""
        found = list(self.desk.store.leads(who.site))
        await self.desk.audit(who, "export", "leads", str(len(found)))
        if scope["path"] == LEADS:
            await answer(send, 200, encode({"leads": found}), headers=[NO_STORE])
            return
        named = (b"content-disposition", b'attachment; filename="leads.csv"')
        await answer(send, 200, table_of(found), b"text/csv; charset=utf-8", [NO_STORE, named])


def told_in_openapi() -> dict[str, Any]:
    """These doors as paths of the OpenAPI document, which knows only those of the framework."""
    paths: dict[str, Any] = {}
    for (method, path), summary in SUMMARIES.items():
        kinds = ["text/csv", "application/json"] if path == TRAITS else ["text/csv"]
        body = {"requestBody": {"required": True, "content": {kind: {} for kind in kinds}}} if method == "POST" else {}
        answers = {
            "200": {"description": "done", "content": {"text/csv" if path == LEADS_CSV else "application/json": {}}}
        }
        paths.setdefault(path, {})[method.lower()] = {
            "tags": ["From outside"],
            "summary": summary,
            "operationId": f"{method}{path}",
            "responses": answers,
            **body,
        }  # fmt: skip
    return paths


def query_of(scope: Scope, name: str) -> str:
    """A member of the query; empty without it."""
    found: list[str] = parse_qs(scope["query_string"].decode("latin-1")).get(name, [""])
    return found[0]


def text_of(body: bytes) -> str:
    """The body as text; a byte that is not UTF-8 shows in its cell, which is then refused."""
    return body.decode("utf-8-sig", "replace")


def said_in(body: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """(user id, traits) of a JSON body; Problem when it is another one."""
    try:
        bundle = msgspec.json.decode(body, type=Bundle)
    except (ValueError, RecursionError) as error:
        hint = 'send {"traits": [{"user_id": "c-1", "traits": {"tier": "gold"}}]}'
        raise Problem(400, "bad_input", str(error)[:200], where="body", hint=hint) from None
    for number, one in enumerate(bundle.traits):
        if not one.user_id.strip() or len(one.user_id) > 256 or len(one.traits) > 100:
            raise Problem(400, "bad_input", "a user id is empty or too long", where=f"traits[{number}]")
        yield one.user_id, one.traits


def table_of(leads: list[Lead]) -> bytes:
    """One row a lead, with a column for each member that any of them has."""
    members = list(dict.fromkeys(name for one in leads for name in one.data))
    head = ["lead_id", "at", "visitor", "confirmed", "point_of_sale", *members]
    rows = (
        [one.lead_id, one.at, one.visitor, one.confirmed, one.point_of_sale, *(one.data.get(name) for name in members)]
        for one in leads
    )
    return written_table([head, *rows])
