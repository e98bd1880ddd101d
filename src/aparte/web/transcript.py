"""What may be done with a conversation. Sockets and HTTP call the same functions, there is no other way.

Membership is checked on every call. A conversation that is not the caller's is answered like one that does not exist.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Annotated, Any, Protocol

from msgspec import Meta, Struct

from aparte.conversations.model import Conversation, Entry
from aparte.conversations.store import Appended, Refused
from aparte.conversations.wrapping import Wrap
from aparte.kit.errors import Unavailable
from aparte.web import views
from aparte.web.desk import Desk
from aparte.web.plain import Problem, encode, unknown_conversation
from aparte.web.principal import Principal

PAGE = 200
PAGE_BYTES = 256 * 1024
"""A page of long texts is cut, so that it fits into the queue of a socket."""
AGAIN_S = 2
KINDS = {"visitor": ("text",), "agent": ("text", "note", "whisper")}

Cid = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
CID = re.compile(r"[A-Za-z0-9_-]{1,64}")
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Version = Annotated[int, Meta(ge=0, le=2**53)]


class Item(Struct, frozen=True):
    """A message on its way: the sender's own number for it, `text` or `note`, the text."""

    cid: Cid
    kind: str
    body: str


class Answers(Protocol):
    """To a survey, as a frame or a body says them."""

    csat: int | None
    nps: int | None
    ces: int | None
    solved: bool | None
    comment: str
    n: int
    """The page's own number, which grows with each answer; 0: it has none."""


class Page(Struct, frozen=True):
    """Some entries in the order of their numbers; `more`: there are older ones that are not in it."""

    entries: Sequence[Entry]
    more: bool


class Opening(Struct, frozen=True):
    """The beginning of a reading: a reset or none, what the reader has then, and the wire's `welcome`."""

    reset: str | None
    last: int
    frame: dict[str, Any]


class Resumed(Struct, frozen=True):
    """What a reader lacks; `reset` says why he must forget what he has."""

    page: Page
    reset: str | None = None


def conversation_of(who: Principal, conv: str, desk: Desk) -> Conversation:
    """The conversation, if it is any of his business; Problem 404 otherwise."""
    conversation = desk.engine.conversation(conv)
    if conversation is None or not who.may_see(conversation):
        raise unknown_conversation()
    return conversation


def changeable(who: Principal, conv: str, desk: Desk) -> Conversation:
    """The same, for those who may change something in it; Problem 403 `role` for staff who only read."""
    conversation = conversation_of(who, conv, desk)
    require_role(who)
    return conversation


def require_role(who: Principal) -> None:
    """Problem 403 `role` for staff who only read; what is a visitor's own he may change."""
    if who.by == "agent" and not who.may("converse"):
        raise Problem(403, "role", "your role is to read", hint="ask an administrator for another role")


async def seen(who: Principal, conversation: Conversation, desk: Desk) -> None:
    """Note in the audit log that staff read a transcript of somebody else; nothing is shown before it is written."""
    if who.by == "agent" and who.id not in {conversation.agent, conversation.wrap_agent, *conversation.guests}:
        await desk.audit(who, "read", conversation.id, conversation.agent)


def nack(cid: str, code: str, retry_after: int | None = None) -> dict[str, Any]:
    """The message was not taken: for good, or for now."""
    told = {"fatal": True} if retry_after is None else {"retry_after": retry_after}
    return {"t": "nack", "cid": cid, "code": code, **told}


async def send(who: Principal, conv: str, item: Item, assign_ver: int | None, desk: Desk) -> dict[str, Any]:
    """Append a message; the answer is the wire's `ack` or `nack`, and comes after the commit."""
    conversation = changeable(who, conv, desk)
    if item.kind not in KINDS[who.by]:
        return nack(item.cid, "bad_text")
    if who.by == "agent" and assign_ver is None and not beside(who, conversation, item.kind):
        return nack(item.cid, "not_assigned")
    wait = desk.messages.take(f"{who.by}:{who.id}", time.monotonic())
    if wait:
        return nack(item.cid, "rate", wait)
    version = assign_ver if who.by == "agent" else None
    try:
        kind: Any = item.kind
        # One commit is all that it awaits, and that goes on to its end even if the caller leaves.
        result = await desk.engine.send(
            who.site, conv, who.by, who.id, item.cid, kind, item.body, version, supervises=who.may("supervise")
        )
    except Unavailable:
        return nack(item.cid, "unavailable", AGAIN_S)
    return told(item.cid, result)


def beside(who: Principal, conversation: Conversation, kind: str) -> bool:
    """Whether he may write without being its agent: a guest, and whoever supervises a whisper."""
    return who.id in conversation.guests or (kind == "whisper" and who.may("supervise"))


def told(cid: str, result: Appended | Refused) -> dict[str, Any]:
    """The answer to a message."""
    if isinstance(result, Appended):
        return {"t": "ack", "cid": cid, "seq": result.entry.seq, "ts": result.entry.ts}
    if result.code == "unknown":
        raise unknown_conversation()
    return nack(cid, result.code)


async def mark(who: Principal, conv: str, delivered: int, read: int, desk: Desk) -> None:
    """Note how far somebody has received and read. A waiting conversation is nobody's: looking at it is no reading."""
    conversation = changeable(who, conv, desk)
    if who.by == "agent" and conversation.agent != who.id:
        return
    kept(
        await desk.engine.watermark(who.site, conv, who.by, who.id, max(delivered, read), read)
    )  # one commit, as above


async def close(
    who: Principal, conv: str, assign_ver: int | None, desk: Desk, wrap: Wrap | None = None
) -> Conversation:
    """End the conversation; Problem 409 `not_assigned` for an agent who does not have it, unless he supervises.

    Who ends what another agent has is noted in the audit log.
    """
    before = changeable(who, conv, desk)
    if who.by == "agent" and assign_ver is None:
        raise Problem(409, "not_assigned", "this conversation is not yours", where="assign_ver")
    version = assign_ver if who.by == "agent" else None
    leads = who.by == "agent" and who.may("supervise")
    work = desk.engine.close(who.site, conv, who.by, who.id, version, wrap, any_agents=leads)
    found = kept(await desk.whole(work))
    if leads and before.state == "open" and before.agent != who.id:
        await desk.audit(who, "close", conv, before.agent)
    return found


async def survey(who: Principal, conv: str, said: Answers, desk: Desk) -> Conversation:
    """Keep what the visitor said of it."""
    conversation_of(who, conv, desk)
    answers = (said.csat, said.nps, said.solved, said.comment, said.n, said.ces)
    return kept(await desk.whole(desk.engine.survey(who.site, conv, who.id, *answers)))


async def call_person(who: Principal, conv: str, desk: Desk) -> Conversation:
    """The visitor of a bot wants a person: he has one, or waits for one."""
    conversation_of(who, conv, desk)
    return kept(await desk.whole(desk.engine.call_person(who.site, conv, who.id)))


def kept(result: Conversation | Refused) -> Conversation:
    """The conversation, or the Problem that a refusal is."""
    if isinstance(result, Conversation):
        return result
    if result.code == "unknown":
        raise unknown_conversation()
    status, hint = (400, BAD[result.code]) if result.code in BAD else (409, "")
    raise Problem(status, result.code, REFUSALS.get(result.code, "this cannot be done now"), hint=hint)


BAD = {
    "bad_code": "take one of GET /api/v1/wrap-up-codes",
    "bad_reason": "take one of the reasons of GET /api/v1/wrap-up-codes, for a code that asks for reasons",
    "bad_tag": "a tag has 1 to 40 characters, in one line",
    "too_many_tags": "a conversation has 10 tags at most",
    "unknown_tag": "take one of GET /api/v1/tags",
}
"""What is wrong with what was sent, whatever the state of the conversation."""

REFUSALS = {
    "closed": "the conversation is over",
    "not_assigned": "this conversation is not yours any more",
    "no_slot": "there are as many conversations as there may be",
    "taken": "somebody else has it",
    "not_open": "no other agent has this conversation",
    "agent_away": "this agent takes no conversations now",
    "unknown_agent": "there is no such agent",
    "unknown_skill": "nobody has this skill",
    "too_long": "the note is too long",
    "bad_text": "the note holds characters that are not taken",
    "code_needed": "this site wants a wrap-up code; nothing was closed",
    "not_closed": "the conversation still goes on",
    "bad_code": "the site has no such code, or uses it no more",
    "bad_reason": "this code takes no such reason",
    "bad_tag": "this is no tag",
    "too_many_tags": "these are too many tags",
    "unknown_tag": "this site has tags of its own only",
}


def opening(who: Principal, conversation: Conversation, epoch: str | None, last_seq: int, desk: Desk) -> Opening:
    """How a socket and a poll begin to read from `last_seq` on; whoever calls is subscribed already. Unavailable."""
    found = resume(conversation, epoch, last_seq, desk)
    rows = found.page.entries
    last = rows[-1].seq if rows else 0 if found.reset or last_seq == 0 else last_seq
    frame = {
        "epoch": desk.epoch(),
        "head": max(last, conversation.head),
        "entries": shown(who, found.page, desk),
        "more": found.page.more,
    }
    return Opening(found.reset, last, frame)


def resume(conversation: Conversation, epoch: str | None, last_seq: int, desk: Desk) -> Resumed:
    """What somebody lacks who has everything up to `last_seq`: all of it, or the last page after a reset.

    It costs one reading of the database at most, and none for who lacks nothing.
    """
    store = desk.store
    if last_seq > 0 and epoch != desk.epoch():
        return Resumed(last_page(conversation.id, None, desk), "epoch")
    if last_seq == 0:
        return Resumed(last_page(conversation.id, None, desk))
    if last_seq == conversation.head:
        return Resumed(Page([], False))
    rows = list(store.entries(conversation.id, after=last_seq, limit=PAGE + 1))
    head = rows[-1].seq if rows else max(conversation.head, newest(conversation.id, desk))
    if last_seq > head:
        return Resumed(last_page(conversation.id, None, desk), "position")
    if len(rows) > PAGE or sum(map(weight, rows)) > PAGE_BYTES:
        return Resumed(last_page(conversation.id, None, desk), "too_far")
    return Resumed(Page(rows, False))


def newest(conv: str, desk: Desk) -> int:
    """The number of the last entry."""
    rows = desk.store.last_entries(conv, limit=1)
    return rows[-1].seq if rows else 0


def last_page(conv: str, before: int | None, desk: Desk) -> Page:
    """The last entries before this number, as many as fit."""
    rows = list(desk.store.last_entries(conv, before=before, limit=PAGE))
    start, size = len(rows), 0
    while start > 0:
        size += weight(rows[start - 1])
        if size > PAGE_BYTES and start < len(rows):
            break
        start -= 1
    return Page(rows[start:], bool(rows) and rows[start].seq > 1)


def weight(entry: Entry) -> int:
    """Bytes that an entry takes in a frame, about."""
    return len(encode(entry.body)) + 160


def shown(who: Principal, page: Page, desk: Desk) -> list[views.Line]:
    """The entries as this one may see them."""
    return [views.entry_for(who, one, desk) for one in page.entries]
