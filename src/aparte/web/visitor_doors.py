"""The visitor's doors without a socket: offers, conversations, the long poll, what goes by beacon."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

import msgspec
from msgspec import Meta, Struct

from aparte.conversations.model import Conversation, Request
from aparte.engine.asking import Asked
from aparte.kit.errors import Unavailable
from aparte.sites.model import Site
from aparte.web import frames, transcript, views
from aparte.web.hub import PER_VISITOR, Hub
from aparte.web.in_turn import InTurn
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
MOVES: dict[str, Any] = {"shown": "shown", "decline": "declined", "ignore": "ignored"}

Short = frames.Short


class Caller(Struct):
    """What every body says: whose page, which visitor, in which language."""

    key: Short
    token: Short | None = None
    language: Annotated[str, Meta(max_length=35)] = ""


class Entries(Caller, kw_only=True):
    """Messages on their way."""

    entries: Annotated[list[transcript.Item], Meta(max_length=MOST_ENTRIES)]


class Surveyed(Caller, kw_only=True):
    """What the visitor says of the conversation."""

    csat: Annotated[int, Meta(ge=1, le=5)] | None = None
    nps: Annotated[int, Meta(ge=0, le=10)] | None = None
    solved: bool | None = None
    comment: frames.Comment = ""


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
        match parts:
            case ["offers", engagement, move] if move in MOVES or move == "accept":
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
                work = transcript.survey(who, conv, said.csat, said.nps, said.solved, said.comment, self._desk)
                return self._shown(await work)
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
        who, site, said = self._caller(scope, body, Caller)
        engine = self._desk.engine
        if move != "accept":
            work = engine.move_invitation(site.id, who.id, engagement, MOVES[move])
            if await self._desk.whole(work):
                return {}
            raise offer_over()
        opened = await self._desk.whole(engine.accept(site.id, who.id, engagement, language(site, said.language)))
        if opened is None:
            raise offer_over()
        if isinstance(opened, Request):
            return {"conversation": None, "request": {"id": opened.id}}
        return {"conversation": self._shown(opened)}

    async def _open(self, scope: Scope, body: bytes) -> Answer:
        said = read_as(body, Caller)
        site = self._site(scope, said.key)
        visitor, token = self._known_or_new(scope, said)
        work = self._desk.engine.open_conversation(site.id, visitor, language(site, said.language))
        return {**token, "conversation": self._shown(await self._desk.whole(work))}

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
        members = {name: getattr(said, name) for name in Asked.__struct_fields__ if name != "language"}
        asked = Asked(**members, language=language(site, said.language))
        result = await self._desk.whole(self._desk.engine.ask(site.id, visitor, asked))
        if isinstance(result, Request):
            return {**token, "request": {"id": result.id}}
        status = 409 if result.code == "cid_conflict" else 400
        raise Problem(status, result.code, WHAT_IS_WRONG.get(result.code, "this is not taken"), where="body")

    async def _entries(self, scope: Scope, body: bytes, conv: str) -> Answer:
        who, _, said = self._caller(scope, body, Entries)
        in_turn = InTurn()
        return {"results": [await in_turn.send(who, conv, item, None, self._desk) for item in said.entries]}

    # The long poll

    async def _poll(self, scope: Scope, receive: Receive, conv: str) -> Answer:
        site = self._site(scope, header(scope, b"aparte-key"))
        who = visitor_of(site, bearer(scope), self._desk)
        asked = parse_qs(bytes(scope["query_string"]).decode("latin-1"))
        after, wait = whole_number(asked, "after"), whole_number(asked, "wait")
        seconds = min(float(wait), self._desk.timing.poll)
        before = views.standing(transcript.conversation_of(who, conv, self._desk), self._desk)
        crowded = self._hub.visitors.sockets((site.id, who.id)) >= PER_VISITOR
        event = self._hub.poll(conv) if seconds and not crowded else None  # subscribe, then read
        if event is None:
            return self._read(who, conv, after)
        self._hub.visitor_here(site.id, who.id)
        try:
            await self._news(who, conv, after, before, event, seconds, receive)
        finally:
            self._hub.unpoll(conv, event)
            self._hub.visitor_gone(site.id, who.id)
        return self._read(who, conv, after)

    async def _news(
        self, who: Principal, conv: str, after: int, before: Answer, event: asyncio.Event, wait: float, receive: Receive
    ) -> None:
        """Until there is an entry after this number, the standing changes, the caller leaves, or the time is up."""
        gone = asyncio.create_task(left(receive))
        try:
            async with asyncio.timeout(wait):
                while not gone.done() and self._nothing_new(who, conv, after, before):
                    await first(event.wait, gone)
                    event.clear()
        except TimeoutError:
            return
        finally:
            gone.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gone

    def _nothing_new(self, who: Principal, conv: str, after: int, before: Answer) -> bool:
        found = transcript.conversation_of(who, conv, self._desk)
        draining = self._hub.draining
        return found.head == after and views.standing(found, self._desk) == before and not draining

    def _read(self, who: Principal, conv: str, after: int) -> Answer:
        found = transcript.conversation_of(who, conv, self._desk)
        epoch = self._desk.store.epoch()
        resumed = transcript.resume(found, epoch, after, self._desk)
        rows = resumed.page.entries
        head = max(found.head, rows[-1].seq if rows else 0)
        shown = transcript.shown(who, resumed.page, self._desk)
        standing = views.standing(found, self._desk)
        return {"epoch": epoch, "head": head, "entries": shown, "more": resumed.page.more, **standing}


async def first(wait: Callable[[], Awaitable[Any]], gone: asyncio.Task[None]) -> None:
    """Until the event is set or the caller has gone."""
    waiting = asyncio.ensure_future(wait())
    try:
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()


async def left(receive: Receive) -> None:
    """Until the caller has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def read_as(body: bytes, kind: type[Any]) -> Any:
    """The body as this struct; Problem 400 for anything else."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "bad_body", str(error), where="body", hint="see the wire's description") from None


def whole_number(asked: dict[str, list[str]], name: str) -> int:
    """A whole number in the address, 0 without one; Problem 400 for anything else."""
    text = asked.get(name, ["0"])[0]
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Problem(400, "bad_number", "this is not a whole number", where=name)
    return int(text)


def language(site: Site, asked: str) -> str:
    """The language of the conversation: the one asked for when the site has it, else the site's own."""
    short = asked.lower().partition("-")[0]
    return short if short in site.languages else site.language


def offer_over() -> Problem:
    """Somebody answers an invitation too late, or one that was never his."""
    return Problem(410, "offer_over", "this invitation is over", where="engagement", hint="open a conversation")


def not_found() -> Problem:
    """No such door."""
    return Problem(404, "not_found", "there is nothing here", where="path")
