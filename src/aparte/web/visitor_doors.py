"""The visitor's doors without a socket: offers, conversations, the long poll, what goes by beacon."""

from __future__ import annotations

import secrets
import time
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

import msgspec
from msgspec import Meta, Struct

from aparte.conversations.form import read_form
from aparte.conversations.model import Conversation, Request
from aparte.conversations.store import Refused
from aparte.engine import asking
from aparte.engine.blocking import Blocked
from aparte.kit.errors import Unavailable
from aparte.sites.model import Site
from aparte.web import frames, offers, transcript, views
from aparte.web.hub import Hub
from aparte.web.in_turn import InTurn
from aparte.web.long_poll import Asked, LongPoll, whole_number
from aparte.web.plain import (
    NO_STORE,
    Problem,
    Receive,
    Scope,
    Send,
    address_of,
    answer,
    answer_problem,
    bearer,
    encode,
    header,
    read_body,
)
from aparte.web.principal import Principal
from aparte.web.visitors import allowed_origin, visitor_of

BODY = 64 * 1024
MOST_ENTRIES = 50

Short = frames.Short


class Caller(Struct):
    """What every body says: whose page, which visitor, in which language."""

    key: Short
    token: Short | None = None
    language: Annotated[str, Meta(max_length=35)] = ""


class Opening(Caller, kw_only=True):
    """The beginning of a conversation, with what the invitation asked for."""

    form: dict[Annotated[str, Meta(max_length=16)], Annotated[str, Meta(max_length=16_000)]] = {}


class Entries(Caller, kw_only=True):
    """Messages on their way."""

    entries: Annotated[list[transcript.Item], Meta(max_length=MOST_ENTRIES)] = []
    kind: str = "text"
    body: str | None = None
    """Of the one message of a request with `Idempotency-Key`, which is its `cid`."""


class Writes(Caller, kw_only=True):
    """He begins to write, or stops; `text` where the site lets agents see it before it is sent."""

    on: bool
    text: str = ""


class Surveyed(Caller, kw_only=True):
    """What the visitor says of the conversation."""

    csat: Annotated[int, Meta(ge=1, le=5)] | None = None
    nps: Annotated[int, Meta(ge=0, le=10)] | None = None
    ces: Annotated[int, Meta(ge=1, le=7)] | None = None
    solved: bool | None = None
    comment: frames.Comment = ""
    n: frames.Number = 0


class Marked(Caller, kw_only=True):
    """How far he has received and read."""

    seq: transcript.Seq = 0
    dlv: transcript.Seq = 0


class Left(Caller, kw_only=True):
    """What a visitor leaves when nobody can answer: `phone` to be called back, `email` and `body` for a message."""

    cid: transcript.Cid
    kind: Literal["callback", "message"]
    name: Annotated[str, Meta(max_length=400)] = ""
    phone: Annotated[str, Meta(max_length=60)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    body: Annotated[str, Meta(max_length=16_000)] = ""
    wanted: Annotated[str, Meta(max_length=400)] = ""
    skill: Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")] | None = None
    engagement: Annotated[str, Meta(max_length=64)] = ""


WHAT_IS_WRONG = {
    "bad_phone": "this is no telephone number: 6 to 15 digits, + before the country's",
    "bad_email": "this is no e-mail address",
    "bad_text": "the text holds characters that are not taken",
    "too_long": "the text is too long",
    "empty": "a message says something",
    "bad_field": "nothing of this name is asked",
    "cid_conflict": "this number was used for another request",
}
Answer = dict[str, Any]


class VisitorDoors:
    """`/v1/offers/...`, `/v1/conversations`, `/v1/conv/...`; an ASGI application."""

    def __init__(self, hub: Hub) -> None:
        self._hub, self._desk = hub, hub.desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Whatever pages of other origins need to read the answer, `Main` adds."""
        try:
            found = await self._answer(scope, receive)
        except Unavailable as error:
            await answer_problem(send, Problem(503, "unavailable", error.what, retry_after=transcript.AGAIN_S))
        except Problem as problem:
            await answer_problem(send, problem)
        else:
            await answer(send, 200, encode(found), headers=[NO_STORE])

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        parts = scope["path"].split("/")[2:]
        method = scope["method"]
        match parts:
            case ["conv", conv, "entries"] if method in ("GET", "HEAD"):
                return await self._poll(scope, receive, conv)
            case ["offers" | "conversations" | "conv" | "requests", *_] if method == "POST":
                return await self._post(scope, parts, await read_body(receive, BODY))
            case ["offers" | "conversations" | "conv" | "requests", *_]:
                raise Problem(405, "method", f"{method} is not answered here", where="method")
            case _:
                raise not_found()

    async def _post(self, scope: Scope, parts: list[str], body: bytes) -> Answer:
        try:
            return await self._posted(scope, parts, body)
        except Blocked:
            raise offers.blocked() from None

    async def _posted(self, scope: Scope, parts: list[str], body: bytes) -> Answer:
        match parts:
            case ["offers", engagement, move] if move in offers.MOVES or move == "accept":
                return await self._offer(scope, body, engagement, move)
            case ["conversations"]:
                return await self._open(scope, body)
            case ["requests"]:
                return await self._ask(scope, body)
            case ["conv", conv, "entries"]:
                return await self._entries(scope, body, conv)
            case ["conv", conv, "close"]:
                who, _, _ = self._caller(scope, body, Caller)
                return self._shown(await transcript.close(who, conv, None, self._desk))
            case ["conv", conv, "survey"]:
                who, _, said = self._caller(scope, body, Surveyed)
                return self._shown(await transcript.survey(who, conv, said, self._desk))
            case ["conv", conv, "typing"]:
                who, _, writes = self._caller(scope, body, Writes)
                found = transcript.conversation_of(who, conv, self._desk)
                self._hub.writing.visitor(found, writes.on, writes.text)
                return {}
            case ["conv", conv, "person"]:
                who, _, _ = self._caller(scope, body, Caller)
                return self._shown(await transcript.call_person(who, conv, self._desk))
            case ["conv", conv, "read"]:
                who, _, marks = self._caller(scope, body, Marked)
                await transcript.mark(who, conv, max(marks.dlv, marks.seq), marks.seq, self._desk)
                return {}
            case _:
                raise not_found()

    def _site(self, scope: Scope, key: str) -> Site:
        site = self._desk.site_of(key)
        if not allowed_origin(site, header(scope, b"origin")):
            raise Problem(403, "origin", "this page may not use the key", hint="add its origin to the site's")
        return site

    def _caller(self, scope: Scope, body: bytes, kind: type[Any]) -> tuple[Principal, Site, Any]:
        said = read_as(body, kind)
        site = self._site(scope, said.key)
        return visitor_of(site, said.token or "", self._desk), site, said

    def _shown(self, conversation: Conversation) -> Answer:
        return views.conversation_for_visitor(conversation, self._desk)

    async def _offer(self, scope: Scope, body: bytes, engagement: str, move: str) -> Answer:
        who, site, said = self._caller(scope, body, Opening)
        if move == "accept":
            language = offers.language(site, said.language)
            return await offers.accept(who, engagement, language, self._desk, form_of(said))
        await offers.move(who, engagement, move, self._desk)
        return {}

    async def _open(self, scope: Scope, body: bytes) -> Answer:
        said = read_as(body, Opening)
        site, form = self._site(scope, said.key), form_of(said)
        visitor, token = self._known_or_new(scope, said)
        work = self._desk.engine.open_conversation(site.id, visitor, offers.language(site, said.language))
        opened = await offers.filled(await self._desk.whole(work), form, self._desk)
        return {**token, "conversation": self._shown(opened)}

    def _known_or_new(self, scope: Scope, said: Caller) -> tuple[str, Answer]:
        """The visitor, and his token when it is new; Problem 429 when an address opens too much."""
        desk = self._desk
        wait = desk.openings.take(address_of(scope), time.monotonic())
        if wait:
            raise Problem(429, "rate", "too many conversations are opened from this address", retry_after=wait)
        visitor = desk.tokens.verify(said.token, desk.now()) if said.token else None
        if visitor is not None:
            return visitor, {}
        visitor = secrets.token_hex(16)
        return visitor, {"token": desk.tokens.make(visitor, desk.now())}

    async def _ask(self, scope: Scope, body: bytes) -> Answer:
        said = read_as(body, Left)
        site = self._site(scope, said.key)
        visitor, token = self._known_or_new(scope, said)
        members = {name: getattr(said, name) for name in asking.Asked.__struct_fields__ if name != "language"}
        asked = asking.Asked(**members, language=offers.language(site, said.language))
        result = await self._desk.whole(self._desk.engine.ask(site.id, visitor, asked))
        if isinstance(result, Request):
            return {**token, "request": {"id": result.id}}
        status = 409 if result.code == "cid_conflict" else 400
        raise Problem(status, result.code, WHAT_IS_WRONG.get(result.code, "this is not taken"), where="body")

    async def _entries(self, scope: Scope, body: bytes, conv: str) -> Answer:
        who, _, said = self._caller(scope, body, Entries)
        items = items_of(said, header(scope, b"idempotency-key"))
        in_turn = InTurn()
        return {"results": [await in_turn.send(who, conv, item, None, self._desk) for item in items]}

    async def _poll(self, scope: Scope, receive: Receive, conv: str) -> Answer:
        site = self._site(scope, header(scope, b"aparte-key"))
        who = visitor_of(site, bearer(scope), self._desk)
        told = parse_qs(bytes(scope["query_string"]).decode("latin-1"))
        after, wait = whole_number(told, "after"), float(whole_number(told, "wait"))
        asked = Asked(after, wait, told.get("epoch", [None])[0], told.get("mark", [None])[0])
        return await LongPoll(self._hub, who, conv, asked).answer(receive)


def read_as(body: bytes, kind: type[Any]) -> Any:
    """The body as this struct; Problem 400 for anything else."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "bad_body", str(error), where="body", hint="see the wire's description") from None


def form_of(said: Opening) -> dict[str, str]:
    """What the visitor said before it begins; Problem 400 for what is wrong in it."""
    form = read_form(said.form)
    if isinstance(form, Refused):
        what = WHAT_IS_WRONG.get(form.code, "this is not taken")
        raise Problem(400, form.code, what, where="form", hint="correct the field")
    return form


def items_of(said: Entries, key: str) -> list[transcript.Item]:
    """The messages of a body; with a key there is one, and the key is its `cid`. Problem 400 for anything else."""
    if not key:
        return said.entries
    items = said.entries or [transcript.Item(key, said.kind, said.body or "")]
    if [one.cid for one in items] != [key] or transcript.CID.fullmatch(key) is None:
        what = "the key is the cid of the one message that is sent"
        raise Problem(400, "bad_key", what, where="Idempotency-Key", hint="1 to 64 letters, digits, - and _")
    return items


def not_found() -> Problem:
    """No such door."""
    return Problem(404, "not_found", "there is nothing here", where="path")
