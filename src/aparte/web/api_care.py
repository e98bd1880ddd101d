"""Tags, wrap-up codes, earlier conversations, and transcripts to look through and to take away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from litestar import Router, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter
from litestar.response import Response

from aparte.conversations import transcripts
from aparte.conversations.model import Conversation, Entry
from aparte.conversations.vocabulary import MOST_CODES, REASONS, Code, Label, Vocabulary, written
from aparte.conversations.wrapping import Wrap, tag_of
from aparte.kit.labels import visitor_label
from aparte.sites.settings import Change
from aparte.web import transcript, views, words
from aparte.web.api_desk import bad
from aparte.web.desk import Desk
from aparte.web.hub import Hub
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.site_change import set_site
from aparte.web.words_care import (
    Codes,
    CodesBody,
    Earlier,
    Ended,
    Found,
    FoundConversation,
    Hit,
    Reason,
    TagBody,
    Tags,
    TagsBody,
    WrapBody,
)

MOST_EARLIER, MOST_FOUND, MOST_HITS = 50, 20, 10
PAGE = 50
SEARCH_S = 1.0
"""So long one search looks; what is older is searched on by the caller."""
LINES = 1_000
"""Entries of a conversation that are read at once."""


@get("/tags", summary="The tags that the site proposes", right="read")
async def tags(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Tags:
    """In the site's order."""
    return tags_words(desk.engine.vocabulary(me.site))


@put("/tags", summary="Change the tags", right="library")
async def save_tags(data: JSONBody[TagsBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Tags:
    """The whole list; conversations keep the tags that they have."""
    found = {text: tag_of(text) for text in data.tags}
    wrong = next((text for text, one in found.items() if one is None), None)
    if wrong is not None:
        raise Problem(400, "bad_tag", "this is no tag", where="tags", hint=transcript.BAD["bad_tag"])
    kept = dict.fromkeys(one for one in found.values() if one is not None)
    return tags_words(await desk.whole(desk.engine.save_vocabulary(me.site, tags=tuple(kept), free=data.free)))


def tags_words(one: Vocabulary) -> Tags:
    """The wire's form."""
    return Tags(list(one.tags), one.free_tags)


@put("/conversations/{conv:str}/tags", summary="Tag a conversation", right="converse")
async def tag(
    conv: FromPath[str],
    data: JSONBody[TagBody],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    hub: NamedDependency[Hub],
) -> words.Conv:
    """All its tags; 400 `bad_tag`, `too_many_tags`, `unknown_tag`. Closed conversations too."""
    transcript.changeable(me, conv, desk)
    return hub.look(transcript.kept(await desk.whole(desk.engine.tag(me.site, conv, data.tags))))


@get("/wrap-up-codes", summary="How a conversation can end", right="read")
async def codes(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Codes:
    """The site's rule, its codes, those out of use too, and the reasons for not buying."""
    return codes_words(me.site, desk)


@put("/wrap-up-codes", summary="Change the codes", right="library")
async def save_codes(
    data: JSONBody[CodesBody], me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> Codes:
    """The whole list in its order; a code that is left out goes out of use, and stays readable where it was given."""
    given = [
        Code(id=one.id, label=Label(one.label.fr, one.label.en), outcome=one.outcome, reasons=one.reasons,
             active=one.active)
        for one in data.codes
    ]  # fmt: skip
    if len({one.id for one in given}) != len(given):
        raise bad("codes", "two codes have the same id")
    rule = data.wrap_up or desk.directory.site(me.site).wrap_up
    if rule == "required" and not any(one.active for one in given):
        raise bad("codes", "a code is required and none is in use: nobody could close a conversation")
    kept = written(given, desk.engine.vocabulary(me.site).codes)
    if len(kept) > MOST_CODES:
        raise bad("codes", f"{len(kept)} codes with those out of use, {MOST_CODES} at most")
    await desk.whole(desk.engine.save_vocabulary(me.site, codes=kept))
    await set_site(me, Change(wrap_up=rule), desk, hub)
    return codes_words(me.site, desk)


def codes_words(site: str, desk: Desk) -> Codes:
    """The wire's form."""
    reasons = [Reason(id, label) for id, label in REASONS.items()]
    return Codes(desk.directory.site(site).wrap_up, list(desk.engine.vocabulary(site).codes), reasons)


@post("/conversations/{conv:str}/wrap-up", status_code=200, summary="Say how it ended", right="converse")
async def wrap_up(
    conv: FromPath[str],
    data: JSONBody[WrapBody],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    hub: NamedDependency[Hub],
) -> words.Conv:
    """By the agent who had it; who leads may do it for him. 409 `not_closed`, `not_assigned`; 400 `bad_code`."""
    transcript.changeable(me, conv, desk)
    wrap = Wrap(data.code, data.reason, data.note)
    work = desk.engine.wrap_up(me.site, conv, me.id, wrap, any_agents=me.may("supervise"))
    return hub.look(transcript.kept(await desk.whole(work)))


@get("/wraps", summary="All conversations whose code is owed", right="supervise")
async def wraps(
    me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> list[words.Conv]:
    """Of the whole site, the oldest first; also of agents who have left."""
    return [hub.look(one) for one in desk.store.wraps_due(me.site)]


@get("/visitors/{visitor:str}/conversations", summary="A visitor's earlier conversations", right="read")
async def earlier(
    visitor: Annotated[str, PathParameter(max_length=256)], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> list[Earlier]:
    """The youngest first, at most 50; 404 `no_such_visitor` for one of whom nothing is known."""
    vocabulary = desk.engine.vocabulary(me.site)
    found = desk.store.conversations_of(me.site, visitor, limit=MOST_EARLIER)
    if not found and desk.engine.visit(me.site, visitor) is None:
        raise Problem(404, "no_such_visitor", "nothing is known of this visitor", where="visitor")
    return [in_short(one, vocabulary, desk) for one in found]


def in_short(one: Conversation, vocabulary: Vocabulary, desk: Desk) -> Earlier:
    """A conversation in short."""
    return Earlier(
        id=one.id,
        visitor=one.visitor,
        label=visitor_label(one.visitor),
        opened_at=one.opened_at,
        closed_at=one.closed_at,
        state=one.state,
        channel=one.channel,
        agent=words.AgentName(one.agent, desk.directory.name(one.agent)) if one.agent else None,
        campaign=one.campaign or None,
        ended=ended(one, vocabulary),
        csat=one.csat,
        nps=one.nps,
        ces=one.ces,
        solved=one.solved,
        tags=list(one.tags),
        last=views.last_said(one, desk),
        head=one.head,
    )


def ended(one: Conversation, vocabulary: Vocabulary) -> Ended | None:
    """How it ended; None while nobody has said it."""
    code = vocabulary.code(one.wrap_code)
    if one.wrapped_at is None or code is None:
        return None
    work_s = (one.wrapped_at - (one.closed_at or one.wrapped_at)) // 1_000
    return Ended(code.id, code.label, code.outcome, one.wrap_reason, one.wrap_note, work_s)


@get("/conversations/search", summary="Look through transcripts", right="read")
async def search(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    q: Annotated[str, QueryParameter(max_length=200)] = "",
    after: Annotated[str, QueryParameter(max_length=200)] = "",
) -> Found:
    """Conversations in which all words stand, without regard to accents and capitals, the youngest first."""
    looked_for = transcripts.words_of(q)
    if not looked_for:
        raise bad("q", "there is no word to look for")
    return await asyncio.to_thread(search_on, me.site, looked_for, cursor_of(after), desk)


def cursor_of(after: str) -> tuple[int | None, str]:
    """Where a search goes on."""
    at, _, conv = after.partition("-")
    if not after:
        return None, ""
    if not at.isdigit() or len(at) > 16 or not conv:
        raise bad("after", "this is no place in a search", "take `next` of the answer before")
    return int(at), conv


def search_on(site: str, looked_for: tuple[str, ...], after: tuple[int | None, str], desk: Desk) -> Found:
    """In a worker thread: until enough is found, time is over, or nothing is left."""
    vocabulary, until = desk.store.vocabulary(site), time.monotonic() + SEARCH_S
    results: list[FoundConversation] = []
    looked = 0
    for one in from_youngest(site, after, desk):
        looked += 1
        hits = transcripts.found_in(looked_for, whole(one.id, desk))
        if hits:
            places = [hit_of(looked_for, hit) for hit in hits[:MOST_HITS]]
            results.append(FoundConversation(in_short(one, vocabulary, desk), places))
        if len(results) >= MOST_FOUND or time.monotonic() > until:
            return Found(results, f"{one.opened_at}-{one.id}", looked)
    return Found(results, None, looked)


def from_youngest(site: str, after: tuple[int | None, str], desk: Desk) -> Iterator[Conversation]:
    """The conversations of a site after this place."""
    at, conv = after
    while page := desk.store.conversations_before(site, at, conv, PAGE):
        yield from page
        at, conv = page[-1].opened_at, page[-1].id


def whole(conv: str, desk: Desk) -> Iterator[Entry]:
    """All entries of a conversation, however long it is."""
    after = 0
    while page := desk.store.entries(conv, after, LINES):
        yield from page
        after = page[-1].seq


def hit_of(looked_for: tuple[str, ...], entry: Entry) -> Hit:
    """Where a word stands."""
    return Hit(entry.seq, entry.by, entry.kind, entry.ts, transcripts.snippet(looked_for, entry))


@get("/conversations/{conv:str}/transcript", summary="Take a transcript away", right="read")
async def export(
    conv: FromPath[str],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    format: Annotated[Literal["text", "json"], QueryParameter()] = "text",
) -> Response[bytes]:
    """As a file, text or JSON; notes, whispers and hand-overs are in it, and marked as the staff's."""
    found = transcript.conversation_of(me, conv, desk)
    entries = whole(conv, desk)
    await desk.audit(me, "export", conv)

    def named(entry: Entry) -> str:
        if entry.by == "visitor":
            return f"Visitor {visitor_label(found.visitor)}"
        return desk.directory.name(entry.author) or ("Agent" if entry.by == "agent" else "Aparté")

    if format == "json":
        return file(transcripts.as_json(found, entries, named, staff=True), "application/json", "json", conv)
    zone = ZoneInfo(desk.directory.site(me.site).time_zone)
    text = transcripts.as_text(found, entries, named, zone, staff=True)
    return file(text.encode(), "text/plain", "txt", conv)


def file(body: bytes, kind: str, ending: str, conv: str) -> Response[bytes]:
    """An answer that a browser saves and does not show."""
    name = "".join(one for one in conv if one.isalnum())[:12]
    headers = {"content-disposition": f'attachment; filename="conversation-{name}.{ending}"'}
    return Response(body, media_type=kind, headers=headers)


ROUTER = Router(
    "/api/v1",
    route_handlers=[tags, save_tags, tag, codes, save_codes, wrap_up, wraps, earlier, search, export],
    tags=["Conversations"],
)
