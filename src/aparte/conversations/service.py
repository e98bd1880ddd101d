"""Conversations for those who take part in them: one way in for HTTP and for sockets.

Who somebody is was found out at the door (a visitor's token, an agent's session); what he may see and say is asked
here, on each call: to know the id of a conversation opens nothing. Refused `unknown` does not tell a conversation of
somebody else from one that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, Protocol

from msgspec import Struct, structs

from aparte.conversations.model import AGENTS_ONLY, Author, Conversation, Entry, Kind
from aparte.conversations.store import Appended, Refused

HIDDEN: Final = "hidden"
"""What a visitor sees in the place of a line that is not for him, so that numbers follow one another."""


class Principal(Struct, frozen=True):
    """Who calls: a visitor by his id, or a member of staff by his."""

    site: str
    by: Author
    id: str


class Line(Struct, frozen=True, kw_only=True):
    """An entry as one side may see it; `kind` may be `hidden`, and `cid` is only told to its author."""

    seq: int
    id: str
    by: Author
    kind: Kind | Literal["hidden"]
    body: str
    ts: int
    cid: str = ""
    author: str = ""


class Talking(Protocol):
    """The part of the engine that this needs; see `aparte.engine.live.Engine`."""

    def conversation(self, conv: str) -> Conversation | None:
        """A conversation as of the last commit."""
        ...

    async def send(
        self,
        site: str,
        conv: str,
        by: Author,
        author: str,
        cid: str,
        kind: Kind,
        body: str,
        assign_ver: int | None = None,
    ) -> Appended | Refused:
        """Append a line."""
        ...

    async def watermark(
        self, site: str, conv: str, by: Author, author: str, delivered: int, read: int
    ) -> Conversation | Refused:
        """How far one side has received and read."""
        ...

    async def survey(
        self,
        site: str,
        conv: str,
        visitor: str,
        csat: int | None,
        nps: int | None,
        solved: bool | None,
        comment: str,
        number: int = 0,
        ces: int | None = None,
    ) -> Conversation | Refused:
        """The visitor's answers."""
        ...

    async def close(
        self, site: str, conv: str, by: Author, author: str, assign_ver: int | None = None
    ) -> Conversation | Refused:
        """End it."""
        ...


class Transcripts(Protocol):
    """The part of the store that this needs; see `ConversationReader`."""

    def entries(self, conv: str, after: int = 0, limit: int = 200) -> Sequence[Entry]:
        """The first entries after this number."""
        ...

    def last_entries(self, conv: str, before: int | None = None, limit: int = 200) -> Sequence[Entry]:
        """The last entries, of those before this number."""
        ...


class Conversations:
    """The service. `engine` writes, `transcripts` are read as of the last commit."""

    def __init__(self, engine: Talking, transcripts: Transcripts) -> None:
        self.engine, self.transcripts = engine, transcripts

    def find(self, who: Principal, conv: str) -> Conversation | None:
        """The conversation, when he may see it: a visitor his own, staff those of their site."""
        found = self.engine.conversation(conv)
        if found is None or found.site != who.site or who.by == "system":
            return None
        return found if who.by == "agent" or found.visitor == who.id else None

    def lines(self, who: Principal, conv: str, after: int = 0, limit: int = 200) -> list[Line] | None:
        """The lines after this number, the oldest first; None for what he may not see."""
        if self.find(who, conv) is None:
            return None
        return [seen_by(who, entry) for entry in self.transcripts.entries(conv, after, limit)]

    def last_lines(self, who: Principal, conv: str, before: int | None = None, limit: int = 200) -> list[Line] | None:
        """The last lines before this number, the oldest first; None for what he may not see."""
        if self.find(who, conv) is None:
            return None
        return [seen_by(who, entry) for entry in self.transcripts.last_entries(conv, before, limit)]

    async def send(
        self, who: Principal, conv: str, cid: str, kind: Kind, body: str, assign_ver: int | None = None
    ) -> Appended | Refused:
        """Say something; see `AppendEntry` for what is refused."""
        if self.find(who, conv) is None:
            return Refused("unknown")
        return await self.engine.send(who.site, conv, who.by, who.id, cid, kind, body, assign_ver)

    async def watermark(self, who: Principal, conv: str, delivered: int, read: int) -> Conversation | Refused:
        """How far he has received and read."""
        if self.find(who, conv) is None:
            return Refused("unknown")
        return await self.engine.watermark(who.site, conv, who.by, who.id, delivered, read)

    async def survey(
        self,
        who: Principal,
        conv: str,
        csat: int | None,
        nps: int | None,
        solved: bool | None,
        comment: str,
        number: int = 0,
        ces: int | None = None,
    ) -> Conversation | Refused:
        """A visitor's answers; nobody answers for him."""
        if who.by != "visitor" or self.find(who, conv) is None:
            return Refused("unknown")
        return await self.engine.survey(who.site, conv, who.id, csat, nps, solved, comment, number, ces)

    async def close(self, who: Principal, conv: str, assign_ver: int | None = None) -> Conversation | Refused:
        """End the conversation."""
        if self.find(who, conv) is None:
            return Refused("unknown")
        return await self.engine.close(who.site, conv, who.by, who.id, assign_ver)


def seen_by(who: Principal, entry: Entry) -> Line:
    """The entry as this side may see it: notes and hand-overs are the agents', a cid is its author's."""
    if entry.kind in AGENTS_ONLY and who.by != "agent":
        return Line(seq=entry.seq, id=entry.id, by="system", kind=HIDDEN, body="", ts=entry.ts)
    line = Line(seq=entry.seq, id=entry.id, by=entry.by, kind=entry.kind, body=entry.body, ts=entry.ts)
    if entry.by == who.by and entry.author == who.id:
        line = structs.replace(line, cid=entry.cid)
    return structs.replace(line, author=entry.author) if who.by == "agent" else line
