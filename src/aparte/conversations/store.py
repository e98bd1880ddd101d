"""What this stage writes and reads. Commands of one list are one transaction; each has one result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import UNSET, Struct, UnsetType

from aparte.conversations.model import Author, Conversation, Entry, Kind, Request


class OpenConversation(Struct, frozen=True):
    """Insert the conversation. One open (not closed) conversation per (site, visitor): Refused otherwise."""

    conversation: Conversation


class AppendEntry(Struct, frozen=True):
    """Append a line; `seq` is allocated in the transaction: 1, 2, 3, ... without a hole.

    Result: Appended; or Refused: `cid_conflict` (same author and cid, another body), `closed`, `not_assigned` (an
    agent's `assign_ver` is not the conversation's), `unknown`. The same (conversation, author, cid, body) again gives
    Appended with the first entry and `again=True`. A visitor's text sets `waiting_since` when it is not set, an agent's
    text clears it; both only for kind `text`. A closed conversation takes nothing but `survey`.
    """

    conv: str
    by: Author
    author: str
    cid: str
    kind: Kind
    body: str
    at: int
    assign_ver: int | None = None
    """Of an agent; None for anybody else."""


class AssignConversation(Struct, frozen=True):
    """Give a conversation to an agent, or to nobody (''), which queues it again: `assign_ver` grows by one.

    Result: the Conversation; Refused `closed` or `unknown`.
    """

    conv: str
    agent: str
    at: int
    sticky: bool = False
    skill: str | UnsetType | None = UNSET
    """The skill that it needs from now on; as before unless it is told."""


class CloseConversation(Struct, frozen=True):
    """Close it, and free its slot. Result: the Conversation (also when it was closed before)."""

    conv: str
    at: int


class MoveWatermark(Struct, frozen=True):
    """Move `delivered` and `read` forward; they never go back nor beyond the head. Result: the Conversation."""

    conv: str
    by: Author
    delivered: int
    read: int


class RecordSurvey(Struct, frozen=True):
    """What the visitor said of it; the last answer counts. Result: the Conversation."""

    conv: str
    csat: int | None
    nps: int | None
    solved: bool | None
    comment: str


class FillForm(Struct, frozen=True):
    """What the visitor said before it began; one that is filled stays as it is. Result: the Conversation."""

    conv: str
    form: dict[str, str]


class CallPerson(Struct, frozen=True):
    """The visitor wants a person: from now on no bot answers. Result: the Conversation; Refused `closed`."""

    conv: str


class TakeSlot(Struct, frozen=True):
    """Take slot `n` (1..maximum) of an agent; a call takes several, each by a command of its own.

    Refused: `slot_taken` when it is, `has_slot` when the conversation has one of another agent.
    """

    agent: str
    n: int
    conv: str


class FreeSlot(Struct, frozen=True):
    """Free the slots of a conversation; nothing when it has none."""

    conv: str


class AskRequest(Struct, frozen=True):
    """Keep a request. Result: the Request as it stands; the same id again changes nothing but what was empty.

    Refused `cid_conflict` when the id is there and says something else.
    """

    request: Request


class FinishRequest(Struct, frozen=True):
    """A request is dealt with. Result: the Request (also when it was before); Refused `unknown`."""

    id: str
    by: str
    at: int
    note: str


class Appended(Struct, frozen=True):
    """The entry as it stands in the transcript; `again` when it was there before."""

    entry: Entry
    again: bool = False


class Refused(Struct, frozen=True):
    """A command that the database does not allow; the transaction of its list is undone."""

    code: str


class PastConversation(Struct, frozen=True, kw_only=True):
    """A conversation as the reports read it: who, and when."""

    id: str
    visitor: str
    opened_at: int
    answered_at: int | None = None
    """When an agent first wrote in it (kind `text`); None: never."""
    last_at: int = 0
    """When it was closed; the time of its last entry while it is not."""
    crossover: bool = False
    """Begun by a visitor who was held out."""


class ConversationHistory(Protocol):
    """Reads as of the last commit."""

    def past_conversations(self, site: str) -> Iterator[PastConversation]:
        """All conversations of a site, those still open too, in the order in which they were opened."""
        ...


class ConversationReader(Protocol):
    """Reads as of the last commit; quick, may be called on the event loop."""

    def epoch(self) -> str:
        """64 random bits in hexadecimal, made with the database, rotated by a restore, never by a restart."""
        ...

    def conversation(self, conv: str) -> Conversation | None:
        """One conversation."""
        ...

    def open_conversations(self, site: str) -> Sequence[Conversation]:
        """Those that are not closed, oldest first."""
        ...

    def conversations_of(self, site: str, visitor: str, limit: int = 20) -> Sequence[Conversation]:
        """A visitor's, youngest first."""
        ...

    def entries(self, conv: str, after: int = 0, limit: int = 200) -> Sequence[Entry]:
        """The first `limit` entries after this number."""
        ...

    def last_entries(self, conv: str, before: int | None = None, limit: int = 200) -> Sequence[Entry]:
        """The last `limit` entries, of those before this number; in the order of their numbers."""
        ...

    def slots(self, site: str) -> Sequence[TakeSlot]:
        """Slots that are taken."""
        ...


class RequestReader(Protocol):
    """Reads as of the last commit."""

    def request(self, request: str) -> Request | None:
        """One request."""
        ...

    def requests(self, site: str, *, done: bool = False, limit: int = 500) -> Sequence[Request]:
        """Those that are open, the oldest first; or those that are done, the youngest first."""
        ...
