"""Conversations: who has whom, opened, assigned, closed; each change with its cause in one transaction."""

from __future__ import annotations

from asyncio import Future
from typing import Any

from msgspec import Struct, structs

from aparte.conversations.model import Author, Conversation
from aparte.conversations.store import (
    Appended,
    AppendEntry,
    AssignConversation,
    CloseConversation,
    FreeSlot,
    MoveWatermark,
    OpenConversation,
    TakeSlot,
)
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.ports import Changed, Command
from aparte.engine.site import LiveSite
from aparte.routing.desk import ACCEPTED, LOST, REACTIVE, Seat
from aparte.tracking.model import CapacityChanged, ConversationEnded


class Talk(Struct):
    """An open conversation as memory leads it; what is told outside is `Talks.published`, as of the last commit."""

    conv: str
    site: str
    visitor: str
    engagement: str
    skill: str | None
    opened_at: int
    agent: str = ""
    assign_ver: int = 0
    opened: Future[list[Any]] | None = None
    """Until its own transaction is on the disk."""

    @property
    def episode(self) -> str:
        """What the log calls it: the engagement, or the conversation that the visitor began."""
        return self.engagement or self.conv


class Talks:
    """The open conversations of all sites."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.talks: dict[str, Talk] = {}
        self.of: dict[tuple[str, str], Talk] = {}
        self.published: dict[str, Conversation] = {}

    # Making memory again

    def restore(self) -> None:
        """Open conversations and their slots, from the store."""
        self.talks, self.of, self.published = {}, {}, {}
        for live in self.core.sites.values():
            for conversation in self.core.store.open_conversations(live.site.id):
                self.restored(live, conversation)
            for slot in self.core.store.slots(live.site.id):
                talk = self.talks.get(slot.conv)
                live.desk.restore(slot.conv, slot.agent, slot.n, talk.skill if talk else None)

    def restored(self, live: LiveSite, one: Conversation) -> None:
        """One conversation as it was."""
        talk = Talk(one.id, one.site, one.visitor, one.engagement, one.skill, one.opened_at, one.agent, one.assign_ver)
        self.keep(talk)
        self.published[one.id] = one
        if not one.agent:
            rank = LOST if one.assign_ver else ACCEPTED if one.engagement else REACTIVE
            live.desk.wait(one.id, one.skill, rank, one.opened_at)

    def keep(self, talk: Talk) -> None:
        """From now on it is open."""
        self.talks[talk.conv] = self.of[talk.site, talk.visitor] = talk

    # Changing

    def open(self, batch: Batch, live: LiveSite, conversation: Conversation, *, offered: str = "") -> Talk:
        """A new conversation, queued; `offered` is the text that invited, its first line."""
        one = conversation
        talk = Talk(one.id, one.site, one.visitor, one.engagement, one.skill, one.opened_at)
        self.keep(talk)
        batch.add(OpenConversation(one))
        if one.engagement:
            cid = f"offer:{one.engagement}"
            batch.add(AppendEntry(one.id, "system", "", cid, "offer", offered, one.opened_at))
        live.desk.wait(one.id, one.skill, ACCEPTED if one.engagement else REACTIVE, one.opened_at)
        self.settle(batch, live)
        return talk

    def settle(self, batch: Batch, live: LiveSite) -> None:
        """Whoever waits and can be answered now is; what that makes of the capacity is a fact."""
        for waiting, seat in live.desk.matches():
            self.assign(batch, live, self.talks[waiting.conv], seat)
        capacity = live.desk.capacity()
        if capacity != live.state.capacity:
            fact = CapacityChanged(at=batch.now, free=capacity.free, busy=capacity.busy, queue=capacity.queue)
            self.core.log(batch, live, fact)
            site = live.site.id
            batch.then.append(lambda commands, results: self.core.tell(Changed(site, "queue")))

    def assign(self, batch: Batch, live: LiveSite, talk: Talk, seat: Seat) -> bool:
        """Give a conversation to an agent; False when he has no slot left."""
        n = live.desk.take(talk.conv, seat.staff, talk.skill, batch.now)
        if n is None:
            return False
        talk.agent, talk.assign_ver = seat.staff, talk.assign_ver + 1
        batch.add(
            AssignConversation(talk.conv, seat.staff, batch.now),
            TakeSlot(seat.staff, n, talk.conv),
            self.noted(batch, talk, "join", seat),
        )
        self.told_of(batch, live, seat.staff)
        return True

    def noted(self, batch: Batch, talk: Talk, kind: Any, seat: Seat) -> AppendEntry:
        """The line that says that an agent came or went; its cid is made of what happened."""
        cid = f"{kind}:{talk.assign_ver}"
        return AppendEntry(talk.conv, "system", seat.staff, cid, kind, seat.name, batch.now)

    def lose_agent(self, batch: Batch, live: LiveSite, seat: Seat) -> None:
        """His conversations wait again, before all others; frames that he still sends are refused."""
        for talk in [one for one in self.talks.values() if one.agent == seat.staff]:
            live.desk.release(talk.conv, batch.now)
            talk.agent, talk.assign_ver = "", talk.assign_ver + 1
            batch.add(FreeSlot(talk.conv), AssignConversation(talk.conv, "", batch.now))
            batch.add(self.noted(batch, talk, "leave", seat))
            live.desk.wait(talk.conv, talk.skill, LOST, talk.opened_at)
        self.told_of(batch, live, seat.staff)
        self.settle(batch, live)

    def close(self, batch: Batch, live: LiveSite, talk: Talk, by: Author, author: str) -> None:
        """It is over: its slot is free, and the next of the queue has his turn."""
        ver = talk.assign_ver if by == "agent" else None
        batch.add(
            AppendEntry(talk.conv, by, author, f"close:{talk.conv}", "close", "", batch.now, ver),
            CloseConversation(talk.conv, batch.now),
            FreeSlot(talk.conv),
        )
        del self.talks[talk.conv], self.of[talk.site, talk.visitor]
        held = live.desk.release(talk.conv, batch.now)
        self.core.log(batch, live, ConversationEnded(at=batch.now, visitor=talk.visitor, engagement=talk.episode))
        if held is not None:
            self.told_of(batch, live, held.staff)
        self.settle(batch, live)

    def told_of(self, batch: Batch, live: LiveSite, staff: str) -> None:
        """After the commit, whoever listens hears that something of this agent has changed."""
        site = live.site.id
        batch.then.append(lambda commands, results: self.core.tell(Changed(site, "agent", value=staff)))

    # After the commit

    def committed(self, commands: list[Command], results: list[Any]) -> None:
        """What the database says of conversations becomes what is told outside."""
        touched: dict[str, None] = {}
        moved: dict[str, None] = {}
        for command, result in zip(commands, results, strict=True):
            if isinstance(command, OpenConversation):
                self.published[command.conversation.id] = command.conversation
                touched[command.conversation.id] = None
            elif isinstance(result, Conversation):
                self.published[result.id] = result
                (moved if isinstance(command, MoveWatermark) else touched)[result.id] = None
            elif isinstance(command, AppendEntry) and isinstance(result, Appended) and not result.again:
                self.appended(result)
                touched[command.conv] = None
        self.announce(touched, moved)

    def appended(self, appended: Appended) -> None:
        """A line more."""
        entry = appended.entry
        one = self.published.get(entry.conv) or self.core.store.conversation(entry.conv)
        if one is None:
            return
        since = one.waiting_since
        if entry.kind == "text":
            since = None if entry.by == "agent" else entry.ts if since is None else since
        self.published[entry.conv] = structs.replace(one, head=max(one.head, entry.seq), waiting_since=since)
        self.core.tell(Changed(one.site, "entry", entry.conv, entry))

    def announce(self, touched: dict[str, None], moved: dict[str, None]) -> None:
        """Tell of each conversation once; forget those that are closed."""
        for conv in (*moved, *touched):
            one = self.published[conv]
            what: Any = "watermark" if conv in moved and conv not in touched else "conversation"
            self.core.tell(Changed(one.site, what, conv, one))
            if one.state == "closed":
                self.published.pop(conv, None)

    async def of_visitor(self, talk: Talk) -> Conversation:
        """The conversation as it is on the disk, once it is there."""
        if talk.opened is not None:
            await self.core.settled(talk.opened)
        return self.current(talk.conv)

    def current(self, conv: str) -> Conversation:
        """A conversation that is known to be there."""
        found = self.find(conv)
        if found is None:
            raise KeyError(conv)
        return found

    def find(self, conv: str) -> Conversation | None:
        """A conversation as of the last commit."""
        return self.published.get(conv) or self.core.store.conversation(conv)


def new_conversation(live: LiveSite, conv: str, visitor: str, language: str, now: int, **more: Any) -> Conversation:
    """A conversation that nobody has yet; the visitor waits from the first moment."""
    site = live.site
    known = language if language in site.languages else site.language
    return Conversation(
        id=conv,
        site=site.id,
        visitor=visitor,
        language=known,
        opened_at=now,
        waiting_since=now,
        **more,
    )
