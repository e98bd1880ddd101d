"""The words of the console's API about wrap-up codes, tags, earlier conversations and colleagues."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from aparte.conversations.colleagues import Message
from aparte.conversations.model import Channel, State
from aparte.conversations.vocabulary import MOST_CODES, Code, Label, Outcome, WrapUp
from aparte.web.transcript import Cid, Version
from aparte.web.words import AgentName, Last

Named = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
CodeId = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]
Tag = Annotated[str, Meta(max_length=400)]
Product = Annotated[str, Meta(min_length=1, max_length=256)]


class Tags(Struct, frozen=True):
    """The tags that the site proposes; `free`: others may be written."""

    tags: list[str]
    free: bool


class TagsBody(Struct, forbid_unknown_fields=True):
    """The whole vocabulary."""

    tags: Annotated[list[Tag], Meta(max_length=500)]
    free: bool = True


class TagBody(Struct, forbid_unknown_fields=True):
    """All tags of a conversation."""

    tags: Annotated[list[Tag], Meta(max_length=50)]


class Reason(Struct, frozen=True):
    """Why somebody did not buy."""

    id: str
    label: Label


class Codes(Struct, frozen=True):
    """The site's rule, its codes in their order, those out of use too, and the reasons for not buying."""

    wrap_up: WrapUp
    codes: list[Code]
    reasons: list[Reason]


class LabelBody(Struct, forbid_unknown_fields=True):
    """In both languages."""

    fr: Named
    en: Named


class CodeBody(Struct, forbid_unknown_fields=True):
    """One code."""

    id: CodeId
    label: LabelBody
    outcome: Outcome
    reasons: bool = False
    active: bool = True


class CodesBody(Struct, forbid_unknown_fields=True):
    """The whole list, and perhaps the site's rule."""

    codes: Annotated[list[CodeBody], Meta(max_length=MOST_CODES)]
    wrap_up: WrapUp | None = None


class WrapBody(Struct, forbid_unknown_fields=True):
    """How a closed conversation ended."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]
    reason: Annotated[str, Meta(max_length=40)] = ""
    note: Annotated[str, Meta(max_length=4000)] = ""


class CardBody(Struct, forbid_unknown_fields=True):
    """Products to show."""

    assign_ver: Version
    cid: Cid
    products: Annotated[list[Product], Meta(max_length=4)]


class PageBody(Struct, forbid_unknown_fields=True):
    """A page to propose."""

    assign_ver: Version
    cid: Cid
    url: Annotated[str, Meta(min_length=1, max_length=1_000)]
    title: Annotated[str, Meta(max_length=200)] = ""


class Ended(Struct, frozen=True):
    """How a conversation ended; `work_s`: seconds from its end to its code."""

    code: str
    label: Label
    outcome: Outcome
    reason: str
    note: str
    work_s: int


class Earlier(Struct, frozen=True, kw_only=True):
    """A conversation in short."""

    id: str
    visitor: str
    label: str
    opened_at: int
    closed_at: int | None
    state: State
    channel: Channel
    agent: AgentName | None
    campaign: str | None
    ended: Ended | None
    csat: int | None
    nps: int | None
    ces: int | None
    solved: bool | None
    tags: list[str]
    last: Last | None
    head: int


class Hit(Struct, frozen=True):
    """Where something was found."""

    seq: int
    by: str
    kind: str
    ts: int
    snippet: str


class FoundConversation(Struct, frozen=True):
    """A conversation in which all words stand, and where; ten places at most."""

    conversation: Earlier
    hits: list[Hit]


class Found(Struct, frozen=True):
    """The youngest first. `next`: search on from there; null when all was looked through."""

    results: list[FoundConversation]
    next: str | None
    looked: int
    """Conversations that were looked through for this answer."""


class MessageWords(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line among colleagues, as one of them sees it; `cid` only for its author."""

    room: str
    seq: int
    by: AgentName
    body: str
    ts: int
    cid: str = ""


class Colleague(Struct, frozen=True, kw_only=True):
    """Somebody of the same site."""

    id: str
    name: str
    role: str
    status: Literal["available", "away"]
    reason: str
    present: bool
    load: int


class RoomWords(Struct, frozen=True):
    """A room in which something was said; `unread` counts the lines of others, 99 stands for more."""

    room: str
    head: int
    at: int
    read: int
    unread: int


class Colleagues(Struct, frozen=True):
    """Who is there, and the rooms, the liveliest first."""

    colleagues: list[Colleague]
    rooms: list[RoomWords]


class Messages(Struct, frozen=True):
    """Lines of a room in their order; `more`: there are older ones."""

    messages: list[MessageWords]
    more: bool


class TellBody(Struct, forbid_unknown_fields=True):
    """Something to say."""

    room: Annotated[str, Meta(min_length=1, max_length=100)]
    cid: Cid
    body: Annotated[str, Meta(max_length=16_000)]


class ReadBody(Struct, forbid_unknown_fields=True):
    """How far somebody has read."""

    room: Annotated[str, Meta(min_length=1, max_length=100)]
    seq: Version


def message_words(message: Message, me: str, room: str, name: str) -> MessageWords:
    """The wire's form; `room` as `me` names it."""
    return MessageWords(
        room=room,
        seq=message.seq,
        by=AgentName(message.author, name),
        body=message.body,
        ts=message.ts,
        cid=message.cid if message.author == me else "",
    )
