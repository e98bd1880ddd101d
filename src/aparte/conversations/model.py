"""The words of conversations: the durable transcript and its state; see docs/reference/wire.md."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

MAX_BODY = 4000
"""Code points of a message, after NFC."""

Channel: TypeAlias = Literal["chat", "call", "video"]
State: TypeAlias = Literal["queued", "open", "closed"]
Kind: TypeAlias = Literal[
    "text", "note", "whisper", "card", "page", "coupon", "join", "leave", "transfer", "close", "offer", "survey"
]
AGENTS_ONLY: tuple[Kind, ...] = ("note", "whisper", "transfer")
"""Lines that no visitor sees: in their places he sees that there is something, so that numbers follow one another."""
Author: TypeAlias = Literal["visitor", "agent", "system"]


class Conversation(Struct, frozen=True, kw_only=True):
    """One conversation. `id` is 128 random bits; `head` the number of its last entry."""

    id: str
    site: str
    visitor: str
    engagement: str = ""
    """Empty when the visitor began it himself."""
    campaign: str = ""
    skill: str | None = None
    language: str = "fr"
    state: State = "queued"
    agent: str = ""
    """Id of the member of staff who has it; empty while it waits."""
    assign_ver: int = 0
    """Grows with each assignment; an agent's frame with an older one is refused."""
    head: int = 0
    opened_at: int = 0
    waiting_since: int | None = None
    """Since when the visitor waits for an answer; None when the agent spoke last."""
    closed_at: int | None = None
    visitor_delivered: int = 0
    visitor_read: int = 0
    agent_delivered: int = 0
    agent_read: int = 0
    csat: int | None = None
    nps: int | None = None
    ces: int | None = None
    """How far he agrees that it was made easy, 1 to 7 (CES 2.0)."""
    solved: bool | None = None
    comment: str = ""
    channel: Channel = "chat"
    sticky: bool = False
    """Its agent is the one whom the visitor talked with last."""
    crossover: bool = False
    """Begun by a visitor who is held out: answered, and counted as crossover."""
    guests: tuple[str, ...] = ()
    """Staff who have joined its agent, and may write beside him."""
    assistance_at: int | None = None
    """Since when its agent asks for help; None when he does not."""
    tags: tuple[str, ...] = ()
    wrap_agent: str = ""
    """Who had it when it ended, and owes its wrap-up code; empty while it goes on, or when nobody ever had it."""
    wrap_code: str = ""
    wrap_reason: str = ""
    wrap_note: str = ""
    wrapped_at: int | None = None
    form: dict[str, str] = field(default_factory=dict)
    """What the visitor said before it began, where a campaign asks for it."""
    bot: bool = False
    """A bot answers in it: its visitor is told so, and may ask for a person."""


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a transcript. `by` is the author's part, `author` who exactly: the visitor's id, a staff id, ''."""

    conv: str
    seq: int
    id: str
    by: Author
    author: str
    kind: Kind
    body: str
    ts: int
    cid: str = ""


class Request(Struct, frozen=True, kw_only=True):
    """What a visitor asks for when nobody can answer him now: to be called back, or an answer by e-mail."""

    id: str
    site: str
    visitor: str
    kind: Literal["callback", "message"]
    engagement: str = ""
    """The invitation that it came of."""
    conv: str = ""
    """The conversation in whose queue he waited."""
    skill: str | None = None
    language: str = "fr"
    name: str = ""
    phone: str = ""
    email: str = ""
    body: str = ""
    wanted: str = ""
    """When he wants it, in his words."""
    due_at: int | None = None
    """When he was promised to be called, if an agent booked it during a conversation."""
    booked_by: str = ""
    """The agent who did."""
    created_at: int = 0
    done_at: int | None = None
    done_by: str = ""
    note: str = ""
    """What was done, by whoever did it."""
