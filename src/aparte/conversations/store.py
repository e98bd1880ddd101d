"""What this stage writes and reads. Commands of one list are one transaction; each has one result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import UNSET, Struct, UnsetType

from aparte.conversations.model import Author, Conversation, Entry, Kind, Request
from aparte.conversations.vocabulary import Code, Vocabulary


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
    """Of an agent; None for anybody else. Of a guest it is not asked."""
    supervises: bool = False
    """Its author supervises: he may whisper without having joined."""


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


class JoinConversation(Struct, frozen=True):
    """A guest beside its agent, who may write; asking for assistance is over. Again: nothing changes.

    Result: the Conversation; Refused `closed`, `unknown`, `not_open` (nobody has it, or he has it himself).
    """

    conv: str
    staff: str
    at: int


class LeaveConversation(Struct, frozen=True):
    """A guest leaves. Result: the Conversation, also when he was not there; Refused `unknown`."""

    conv: str
    staff: str
    at: int


class AskAssistance(Struct, frozen=True):
    """Its agent asks for help (`on`), or needs none any more. Result: the Conversation; Refused `closed`, `unknown`."""

    conv: str
    on: bool
    at: int


class CloseConversation(Struct, frozen=True):
    """Close it, and free its slot. Result: the Conversation (also when it was closed before).

    `owed`: whoever has it owes a wrap-up code from now on; nobody does when nobody has it.
    """

    conv: str
    at: int
    owed: bool = False


class WrapConversation(Struct, frozen=True):
    """How a closed conversation ended, by whoever says so. Result: the Conversation; Refused `unknown`, `not_closed`.

    The last one counts; `wrapped_at` is the time of the first, so that after-chat work is `wrapped_at - closed_at`.
    """

    conv: str
    by: str
    code: str
    reason: str
    note: str
    at: int


class TagConversation(Struct, frozen=True):
    """Its tags from now on, open or closed. Result: the Conversation; Refused `unknown`."""

    conv: str
    tags: tuple[str, ...]


class SaveTags(Struct, frozen=True):
    """The tags that a site proposes; `free`: agents may write others."""

    site: str
    tags: tuple[str, ...]
    free: bool


class SaveCodes(Struct, frozen=True):
    """The wrap-up codes of a site, all of them, in their order."""

    site: str
    codes: tuple[Code, ...]


class MoveWatermark(Struct, frozen=True):
    """Move `delivered` and `read` forward; they never go back nor beyond the head. Result: the Conversation."""

    conv: str
    by: Author
    delivered: int
    read: int


class RecordSurvey(Struct, frozen=True):
    """What the visitor said of it; the last answer counts. Result: the Conversation; Refused `unknown`, `older`."""

    conv: str
    csat: int | None
    nps: int | None
    solved: bool | None
    comment: str
    number: int = 0
    """His page's own, which grows: `older` when a line with this `survey_cid` or a higher one is there. 0: none."""
    ces: int | None = None


def survey_cid(number: int) -> str:
    """The cid of a survey's line; in the order of the numbers, which have at most 16 digits."""
    return f"{SURVEY}{number:016d}"


SURVEY = "survey:n"


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


class Handled(Struct, frozen=True, kw_only=True):
    """A conversation as the board reads it: when what happened, in ms since 1970; None: not yet, or never."""

    id: str
    opened_at: int
    assigned_at: int | None = None
    """When an agent first had it."""
    answered_at: int | None = None
    """When somebody of the staff first wrote to the visitor."""
    closed_at: int | None = None
    csat: int | None = None
    nps: int | None = None
    solved: bool | None = None
    agent: str = ""
    """Who has it, or had it at the end."""


class ConversationHistory(Protocol):
    """Reads as of the last commit."""

    def handled(self, site: str, since: int) -> Sequence[Handled]:
        """Those that were not closed before this moment, in the order in which they were opened."""
        ...

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

    def wraps_due(self, site: str) -> Sequence[Conversation]:
        """Closed ones whose agent owes a wrap-up code, the oldest first."""
        ...

    def entry_with(self, conv: str, author: str, cid: str) -> Entry | None:
        """What this author has written with this cid."""
        ...

    def conversation_with(self, site: str, author: str, cid: str, since: int) -> str | None:
        """The conversation, open or closed since then, that has this author's line with this cid."""
        ...

    def conversations_before(
        self, site: str, opened_at: int | None = None, conv: str = "", limit: int = 50
    ) -> Sequence[Conversation]:
        """Those of a site that stand after this one (its time and id) when the youngest is the first; None: all."""
        ...


class VocabularyReader(Protocol):
    """Reads as of the last commit."""

    def vocabulary(self, site: str) -> Vocabulary:
        """The tags and codes of a site; the default ones until somebody has saved others."""
        ...


class RequestReader(Protocol):
    """Reads as of the last commit."""

    def request(self, request: str) -> Request | None:
        """One request."""
        ...

    def requests(self, site: str, *, done: bool = False, limit: int = 500) -> Sequence[Request]:
        """Those that are open, the oldest first; or those that are done, the youngest first."""
        ...
