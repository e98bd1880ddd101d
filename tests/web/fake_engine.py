"""An honest engine and store in memory: numbers without holes, one line for one cid, one open conversation a visitor.

A test may hold the disk (`commits`), break it (`broken`), or let something happen between a read and its answer
(`during_read`). Listeners hear of a change after the commit, in the order of the commits.
"""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from aparte.attribution.store import Order
from aparte.conversations.model import MAX_BODY, Conversation, Entry
from aparte.conversations.store import Appended, Refused
from aparte.engagements.store import RecordDecision
from aparte.engine.ports import AgentStatus, Changed, LiveVisitor
from aparte.engine.step import State
from aparte.kit.errors import Unavailable
from aparte.sites.model import SignIn, Site, Staff
from aparte.sites.store import EndSignIn, SaveSignIn, SaveSite, SaveStaff
from aparte.tracking.store import CountMessages, Logged


class FakeStore:
    """What was committed."""

    def __init__(self, sites: Sequence[Site], staff: Sequence[Staff]) -> None:
        self._sites = {one.id: one for one in sites}
        self._staff = {one.id: one for one in staff}
        self._sign_ins: dict[str, SignIn] = {}
        self.conversations: dict[str, Conversation] = {}
        self.transcripts: dict[str, list[Entry]] = {}
        self.rows: list[Logged] = []
        self.decided: list[RecordDecision] = []
        self.placed: list[Order] = []
        self.broken = False
        self.during_read: Callable[[], None] | None = None
        self.reads = 0
        self._epoch = secrets.token_hex(8)

    def submit(self, commands: Sequence[Any]) -> asyncio.Future[list[Any]]:
        done: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        if self.broken:
            done.set_exception(Unavailable("the disk is full"))
        else:
            done.set_result([self._execute(one) for one in commands])
        return done

    def _execute(self, command: Any) -> Any:
        match command:
            case SaveSite():
                self._sites[command.site.id] = command.site
            case SaveStaff():
                same = [one for one in self._staff.values() if one.email == command.staff.email]
                if any(one.id != command.staff.id for one in same):
                    return Refused("taken")
                self._staff[command.staff.id] = command.staff
            case SaveSignIn():
                self._sign_ins[command.sign_in.token_hash] = command.sign_in
            case EndSignIn():
                self._sign_ins.pop(command.token_hash, None)
            case _:
                raise AssertionError(command)
        return None

    def sites(self) -> list[Site]:
        return list(self._sites.values())

    def staff(self, site: str) -> list[Staff]:
        return [one for one in self._staff.values() if one.site == site]

    def remove_staff(self, id: str) -> None:
        del self._staff[id]

    def sign_ins(self) -> list[SignIn]:
        return list(self._sign_ins.values())

    def epoch(self) -> str:
        return self._epoch

    def rotate_epoch(self) -> None:
        self._epoch = secrets.token_hex(8)

    def conversation(self, conv: str) -> Conversation | None:
        return self.conversations.get(conv)

    def open_conversations(self, site: str) -> list[Conversation]:
        found = [one for one in self.conversations.values() if one.site == site and one.state != "closed"]
        return sorted(found, key=lambda one: (one.opened_at, one.id))

    def conversations_of(self, site: str, visitor: str, limit: int = 20) -> list[Conversation]:
        found = [one for one in self.conversations.values() if (one.site, one.visitor) == (site, visitor)]
        return sorted(found, key=lambda one: -one.opened_at)[:limit]

    def entries(self, conv: str, after: int = 0, limit: int = 200) -> list[Entry]:
        return self._read([one for one in self.transcripts.get(conv, []) if one.seq > after][:limit])

    def last_entries(self, conv: str, before: int | None = None, limit: int = 200) -> list[Entry]:
        rows = [one for one in self.transcripts.get(conv, []) if before is None or one.seq < before]
        return self._read(rows[-limit:])

    def _read(self, rows: list[Entry]) -> list[Entry]:
        self.reads += 1
        happens, self.during_read = self.during_read, None
        if happens is not None:
            happens()
        return rows

    def log(self, after: int = 0, site: str | None = None, visitor: str | None = None) -> Iterator[Logged]:
        for row in self.rows:
            if row.seq > after and site in (None, row.site) and visitor in (None, row.visitor):
                yield row

    def decisions_of(self, site: str, visitor: str, limit: int = 50) -> list[RecordDecision]:
        found = [one for one in self.decided if (one.site, one.visitor) == (site, visitor)]
        return list(reversed(found))[:limit]

    def orders(self, site: str) -> Iterator[Order]:
        return iter([one for one in self.placed if one.site == site])

    def counts(self, site: str) -> CountMessages:
        return CountMessages(site, 5, 3, 1, {"not_json": 1}, {})


class FakeEngine:
    """Conversations, agents and invitations, without rules."""

    def __init__(self, store: FakeStore, now: Callable[[], int]) -> None:
        self.store, self._now = store, now
        self._listeners: list[Callable[[Changed], None]] = []
        self.status: dict[str, Any] = {}
        self.offers: dict[str, tuple[str, str, str]] = {}
        self.visits: dict[tuple[str, str], State] = {}
        self.here: dict[str, list[LiveVisitor]] = {}
        self.sockets: dict[Any, int] = {}
        self.commits = asyncio.Event()
        self.commits.set()
        self.slow: set[str] = set()

    # Changes

    async def _commit(self) -> None:
        await self.commits.wait()
        await asyncio.sleep(0)
        if self.store.broken:
            raise Unavailable("the disk is full")

    def _tell(self, site: str, what: Any, conv: str = "", value: Any = None) -> None:
        for listener in tuple(self._listeners):
            listener(Changed(site, what, conv, value))

    def _save(self, conversation: Conversation, what: Any = "conversation") -> Conversation:
        self.store.conversations[conversation.id] = conversation
        self._tell(conversation.site, what, conversation.id, conversation)
        return conversation

    async def move_invitation(self, site: str, visitor: str, engagement: str, move: str) -> bool:
        await self._commit()
        found = self.offers.get(engagement)
        if found is None or found[:2] != (site, visitor):
            return False
        if found[2] not in ("offered", "shown", move):
            return False
        self.offers[engagement] = (site, visitor, move)
        return True

    async def accept(self, site: str, visitor: str, engagement: str, language: str) -> Conversation | None:
        if not await self.move_invitation(site, visitor, engagement, "accepted"):
            return None
        return await self.open_conversation(site, visitor, language)

    async def open_conversation(self, site: str, visitor: str, language: str) -> Conversation:
        await self._commit()
        for one in self.store.open_conversations(site):
            if one.visitor == visitor:
                return one
        id = secrets.token_hex(16)
        self.store.transcripts[id] = []
        opened = Conversation(
            id=id,
            site=site,
            visitor=visitor,
            skill="sales",
            language=language,
            opened_at=self._now() + len(self.store.conversations),
        )
        self._save(opened)
        self._tell(site, "queue")
        return opened

    def append(self, conv: str, by: Any, author: str, cid: str, kind: Any, body: str) -> Entry:
        """Commit a line at once."""
        found = self.store.conversations[conv]
        rows = self.store.transcripts[conv]
        entry = Entry(
            conv=conv,
            seq=len(rows) + 1,
            id=secrets.token_hex(8),
            by=by,
            author=author,
            kind=kind,
            body=body,
            ts=self._now(),
            cid=cid,
        )
        rows.append(entry)
        waiting = found.waiting_since
        if kind == "text":
            waiting = None if by == "agent" else waiting or entry.ts
        self.store.conversations[conv] = replace(found, head=entry.seq, waiting_since=waiting)
        self._tell(found.site, "entry", conv, entry)
        return entry

    async def send(
        self, site: str, conv: str, by: Any, author: str, cid: str, kind: Any, body: str, assign_ver: int | None = None
    ) -> Appended | Refused:
        text = unicodedata.normalize("NFC", body)
        if any(unicodedata.category(one) == "Cs" or (one < " " and one not in "\n\t") for one in text):
            return Refused("bad_text")
        if not text.strip():
            return Refused("empty")
        if len(text) > MAX_BODY:
            return Refused("too_long")
        await self._commit()
        found = self.store.conversations.get(conv)
        if found is None or found.site != site:
            return Refused("unknown")
        for entry in self.store.transcripts[conv]:
            if (entry.author, entry.cid) == (author, cid):
                return Appended(entry, True) if entry.body == text else Refused("cid_conflict")
        if found.state == "closed":
            return Refused("closed")
        if by == "agent" and (assign_ver != found.assign_ver or found.agent != author):
            return Refused("not_assigned")
        return Appended(self.append(conv, by, author, cid, kind, text))

    async def watermark(
        self, site: str, conv: str, by: Any, author: str, delivered: int, read: int
    ) -> Conversation | Refused:
        await self._commit()
        found = self.store.conversations[conv]
        moved = {
            f"{by}_delivered": max(getattr(found, f"{by}_delivered"), min(delivered, found.head)),
            f"{by}_read": max(getattr(found, f"{by}_read"), min(read, found.head)),
        }
        return self._save(replace(found, **moved), "watermark")

    async def survey(
        self, site: str, conv: str, visitor: str, csat: Any, nps: Any, solved: Any, comment: str
    ) -> Conversation | Refused:
        await self._commit()
        found = self.store.conversations[conv]
        return self._save(replace(found, csat=csat, nps=nps, solved=solved, comment=comment))

    async def close(
        self, site: str, conv: str, by: Any, author: str, assign_ver: int | None = None
    ) -> Conversation | Refused:
        await self._commit()
        found = self.store.conversations[conv]
        if by == "agent" and (assign_ver != found.assign_ver or found.agent != author):
            return Refused("not_assigned")
        if found.state != "closed":
            self.append(conv, "system", "", "", "close", "")
            found = self.store.conversations[conv]
        return self._save(replace(found, state="closed", closed_at=self._now(), waiting_since=None))

    async def take_conversation(self, site: str, staff: str, conv: str | None) -> Conversation | Refused:
        await self._commit()
        waiting = [one for one in self.store.open_conversations(site) if one.state == "queued"]
        found = next((one for one in waiting if conv in (None, one.id)), None)
        if found is None:
            return Refused("nobody_waits" if conv is None else "taken")
        if self.agent(staff).load >= self.agent(staff).maximum:
            return Refused("no_slot")
        return self.assign(found.id, staff)

    def assign(self, conv: str, staff: str) -> Conversation:
        found = self.store.conversations[conv]
        self.append(conv, "system", staff, "", "join", staff)
        found = replace(self.store.conversations[conv], state="open", agent=staff, assign_ver=found.assign_ver + 1)
        saved = self._save(found)
        self._tell(found.site, "agent", value=staff)
        self._tell(found.site, "queue")
        return saved

    async def set_status(self, staff: str, status: Any) -> None:
        await self._commit()
        self.status[staff] = status
        site = next(one.site for site in self.store.sites() for one in self.store.staff(site.id) if one.id == staff)
        self._tell(site, "agent", value=staff)

    # What is so

    def connected(self, staff: str, sockets: int) -> None:
        self.sockets[staff] = sockets

    def visitor_connected(self, site: str, visitor: str, sockets: int) -> None:
        self.sockets[site, visitor] = sockets

    def agent(self, staff: str) -> AgentStatus:
        load = sum(1 for one in self.store.conversations.values() if one.agent == staff and one.state == "open")
        return AgentStatus(staff=staff, status=self.status.get(staff, "available"), load=load, maximum=2)

    def position(self, conv: str) -> tuple[int, int] | None:
        found = self.store.conversations[conv]
        queue = [one.id for one in self.store.open_conversations(found.site) if one.state == "queued"]
        return (queue.index(conv) + 1, 60 * (queue.index(conv) + 1)) if conv in queue else None

    def conversation(self, conv: str) -> Conversation | None:
        return self.store.conversation(conv)

    def open_conversations(self, site: str) -> list[Conversation]:
        return self.store.open_conversations(site)

    def agents_available(self, site: str) -> bool:
        return True

    def live(self, site: str, limit: int) -> tuple[list[LiveVisitor], dict[str, int]]:
        rows = self.here.get(site, [])
        return rows[:limit], {"online": len(rows), "eligible": 0, "held_out": 0, "free": 1}

    def visit(self, site: str, visitor: str) -> State | None:
        return self.visits.get((site, visitor))

    def last_seen(self, site: str) -> dict[str, object] | None:
        return None

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def ready(self) -> str | None:
        return None
