"""Tokens of the API, and the audit log."""

from __future__ import annotations

import secrets
from typing import Annotated

from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from aparte.sites.model import ApiToken
from aparte.sites.rights import SCOPES
from aparte.sites.service import API_TOKEN
from aparte.sites.store import DropToken, SaveToken
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.sign_in import Doorkeeper, token_hash
from aparte.web.words_staff import AuditPage, TokenBody, TokenWords, audit_row, token_words

MOST_TOKENS = 100
Filter = Annotated[str, QueryParameter(max_length=300)]


def tokens_of(me: Principal, desk: Desk) -> list[ApiToken]:
    """Those of the caller's site."""
    return [one for one in desk.store.api_tokens() if one.site == me.site]


@get("/tokens", summary="Tokens of the API", right="sites", sync_to_thread=False)
def tokens(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[TokenWords]:
    """The oldest first; what they are is not kept, only their last four characters."""
    return [token_words(one) for one in tokens_of(me, desk)]


@post("/tokens", status_code=200, summary="Make a token of the API", right="sites")
async def make_token(
    data: JSONBody[TokenBody],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
) -> TokenWords:
    """`token` this once. Its scopes are rights of who makes it, without `self` and `open`: 400 `bad_scope`."""
    wrong = [one for one in data.scopes if one not in SCOPES or not me.may(one)]
    if wrong:
        raise Problem(
            400, "bad_scope", f"a token cannot have {wrong[0]}", where="scopes", hint=", ".join(sorted(SCOPES))
        )
    if data.expires_at is not None and data.expires_at <= desk.now():
        raise Problem(400, "bad_input", "it would be over already", where="expires_at")
    if len(tokens_of(me, desk)) >= MOST_TOKENS:
        raise Problem(409, "too_many", f"there are {MOST_TOKENS} tokens", hint="drop one")
    token = API_TOKEN + secrets.token_urlsafe(32)
    one = ApiToken(
        id=secrets.token_hex(8), token_hash=token_hash(token), site=me.site, name=data.name,
        scopes=tuple(dict.fromkeys(data.scopes)), made_by=me.id, made_at=desk.now(), expires_at=data.expires_at,
        hint=token[-4:],
    )  # fmt: skip
    await desk.store.submit([SaveToken(one), desk.audited(me, "token", one.id, f"{one.name}: {' '.join(one.scopes)}")])
    doorkeeper.tokens_changed()
    return token_words(one, token)


@delete("/tokens/{token:str}", status_code=204, summary="Drop a token of the API", right="sites")
async def drop_token(
    token: FromPath[str],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
) -> None:
    """It opens nothing from now on. 404 for one of another site."""
    one = next((one for one in tokens_of(me, desk) if one.id == token), None)
    if one is None:
        raise Problem(404, "no_such_token", "there is no such token", where="token")
    await desk.store.submit([DropToken(me.site, one.id), desk.audited(me, "drop_token", one.id, one.name)])
    doorkeeper.tokens_changed()


@get("/audit", summary="Who did what", right="audit", sync_to_thread=False)
def audit(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    who: Filter = "",
    verb: Filter = "",
    about: Annotated[str, QueryParameter(name="object", max_length=300)] = "",
    before: Annotated[int | None, QueryParameter(ge=1, le=2**53)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
) -> AuditPage:
    """Of this site, the youngest first; `before` the number of the last row of the page before."""
    found = desk.store.audit_page(me.site, who=who, verb=verb, about=about, before=before, limit=limit + 1)
    return AuditPage([audit_row(one, desk) for one in found[:limit]], len(found) > limit)


ROUTER = Router("/api/v1", route_handlers=[tokens, make_token, drop_token, audit], tags=["Sites"])
