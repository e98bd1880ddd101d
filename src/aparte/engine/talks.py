"""Conversations: who has whom, opened, assigned, closed; each change with its cause in one transaction."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Sequence
from typing import Any

from msgspec import Struct, structs

from aparte.conversations.model import Author, Channel, Conversation, Entry
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
from aparte.routing.model import WHOLE_CHANNELS
from aparte.tracking.model import CapacityChanged, ConversationEnded

STICKY_MS = 86_400_000
"""A visitor who comes back within a day goes to his last agent, when that one has room."""

SIGNS = ("text", "card", "page", "coupon")
"""Lines of an agent that show his visitor that somebody is there; of waiting for an answer only a text makes an end."""


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
    assigned_at: int | None = None
    """When an agent first had it; None while nobody ever had."""
    channel: Channel = "chat"
    last: str = ""
    """The agent whom the visitor talked with last, if that was not long ago."""
    asked_at: int | None = None
    """Since when its agent owes a sign of himself; None when he has given one, or when nobody has it."""
    asked_by: str = ""
    """The cid by which its agent took it, in this life of the server; its line has it too."""
    waits_from: int = 0
    """Since when it waits for an agent, this time."""
    long: bool = False
    """It waits longer than the site wants; its visitor has been told."""
    opened: Future[list[Any]] | None = None
    """Until its own transaction is on the disk."""

    @property
    def episode(self) -> str:
        """What the log calls it: the engagement, or the conversation that the visitor began."""
        return self.engagement or self.conv

    @property
    def whole(self) -> bool:
        """Whether it takes all of an agent's slots."""
        return self.channel in WHOLE_CHANNELS


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
        talk = self.talk_of(one)
        entries = self.core.store.last_entries(one.id)
        talk.assigned_at = first_had(one, entries)
        self.keep(talk)
        self.published[one.id] = one
        if not one.agent:
            self.wait(live, talk, LOST if one.assign_ver else ACCEPTED if one.engagement else REACTIVE)
        elif not answered(one, entries):
            talk.asked_at = self.core.clock()  # a restart is not the agent's fault: his time begins again

    def talk_of(self, one: Conversation) -> Talk:
        """What memory leads of a conversation."""
        return Talk(
            conv=one.id,
            site=one.site,
            visitor=one.visitor,
            engagement=one.engagement,
            skill=one.skill,
            opened_at=one.opened_at,
            agent=one.agent,
            assign_ver=one.assign_ver,
            channel=one.channel,
            last=self.last_agent(one),
            waits_from=one.opened_at,
        )

    def last_agent(self, one: Conversation) -> str:
        """Whom the visitor talked with within the last day, before this conversation."""
        earlier = self.core.store.conversations_of(one.site, one.visitor, limit=5)
        for before in earlier:
            since = one.opened_at if before.closed_at is None else before.closed_at
            if before.id != one.id and before.agent and one.opened_at - since <= STICKY_MS:
                return before.agent
        return ""

    def keep(self, talk: Talk) -> None:
        """From now on it is open."""
        self.talks[talk.conv] = self.of[talk.site, talk.visitor] = talk

    # Changing

    def open(self, batch: Batch, live: LiveSite, conversation: Conversation, *, offered: str = "") -> Talk:
        """A new conversation, queued; `offered` is the text that invited, its first line."""
        one = conversation
        talk = self.talk_of(one)
        self.keep(talk)
        batch.add(OpenConversation(one))
        if one.engagement:
            cid = f"offer:{one.engagement}"
            batch.add(AppendEntry(one.id, "system", "", cid, "offer", offered, one.opened_at))
        self.wait(live, talk, ACCEPTED if one.engagement else REACTIVE)
        self.settle(batch, live)
        return talk

    def wait(self, live: LiveSite, talk: Talk, rank: int, but: str = "") -> None:
        """It takes its place in the queue; `but`: who has handed it on."""
        live.desk.wait(talk.conv, talk.skill, rank, talk.opened_at, whole=talk.whole, last=talk.last, but=but)

    def settle(self, batch: Batch, live: LiveSite) -> None:
        """Whoever waits and can be answered now is; what that makes of the capacity is a fact."""
        for waiting, seat in live.desk.matches():
            if not self.assign(batch, live, self.talks[waiting.conv], seat):
                break  # chosen without having a slot: cannot be, and must not be asked for ever
        capacity = live.desk.capacity()
        if capacity != live.state.capacity:
            fact = CapacityChanged(
                at=batch.now,
                free=capacity.free,
                busy=capacity.busy,
                queue=capacity.queue,
                whole=capacity.whole,
            )
            self.core.log(batch, live, fact)
            site = live.site.id
            batch.then.append(lambda commands, results: self.core.tell(Changed(site, "queue")))

    def assign(
        self, batch: Batch, live: LiveSite, talk: Talk, seat: Seat, *, over: bool = False, asked: str = ""
    ) -> bool:
        """Give a conversation to an agent; False when he has no slot left. `over`: whatever his cap of the skill.

        `asked`: the cid by which he has asked for it; its line keeps it.
        """
        taken = live.desk.take(talk.conv, seat.staff, talk.skill, batch.now, whole=talk.whole, over=over)
        if not taken:
            return False
        talk.agent, talk.assign_ver = seat.staff, talk.assign_ver + 1
        talk.assigned_at = batch.now if talk.assigned_at is None else talk.assigned_at
        talk.asked_at, talk.long = batch.now, False
        sticky = talk.last == seat.staff
        batch.add(
            AssignConversation(talk.conv, seat.staff, batch.now, sticky, talk.skill),
            *(TakeSlot(seat.staff, n, talk.conv) for n in taken),
            self.noted(batch, talk, "join", seat, asked),
        )
        self.told_of(batch, live, seat.staff)
        return True

    def noted(self, batch: Batch, talk: Talk, kind: Any, seat: Seat, cid: str = "") -> AppendEntry:
        """The line that says that an agent came or went; its cid is made of what happened, unless there is one."""
        cid = cid or f"{kind}:{talk.assign_ver}"
        return AppendEntry(talk.conv, "system", seat.staff, cid, kind, seat.name, batch.now)

    def lose_agent(self, batch: Batch, live: LiveSite, seat: Seat) -> None:
        """His conversations wait again, before all others; frames that he still sends are refused."""
        for talk in [one for one in self.talks.values() if one.agent == seat.staff]:
            self.unassign(batch, live, talk, seat)
        self.told_of(batch, live, seat.staff)
        self.settle(batch, live)

    def unassign(self, batch: Batch, live: LiveSite, talk: Talk, seat: Seat, but: str = "") -> None:
        """It is this agent's no more, and waits before all others; the caller settles."""
        self.queue_again(batch, live, talk, but)
        batch.add(self.noted(batch, talk, "leave", seat))

    def queue_again(self, batch: Batch, live: LiveSite, talk: Talk, but: str = "") -> None:
        """Nobody has it; it waits before all others."""
        live.desk.release(talk.conv, batch.now)
        talk.agent, talk.assign_ver, talk.asked_at = "", talk.assign_ver + 1, None
        talk.waits_from, talk.long = batch.now, False
        batch.add(FreeSlot(talk.conv), AssignConversation(talk.conv, "", batch.now, skill=talk.skill))
        self.wait(live, talk, LOST, but)

    def close(self, batch: Batch, live: LiveSite, talk: Talk, by: Author, author: str, why: str = "") -> None:
        """It is over: its slots are free, and the next of the queue has his turn. `why` is a word, as `left`."""
        ver = talk.assign_ver if by == "agent" else None
        batch.add(
            AppendEntry(talk.conv, by, author, f"close:{talk.conv}", "close", why, batch.now, ver),
            CloseConversation(talk.conv, batch.now, owed=live.site.wrap_up == "required"),
            FreeSlot(talk.conv),
        )
        del self.talks[talk.conv], self.of[talk.site, talk.visitor]
        held = live.desk.release(talk.conv, batch.now)
        self.core.log(batch, live, ended(talk, batch.now))
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


def first_had(one: Conversation, entries: Sequence[Entry]) -> int | None:
    """When an agent first had it; of one with more lines than a page, when it was opened. None: nobody ever had."""
    if not one.assign_ver:
        return None
    whole = bool(entries) and entries[0].seq == 1
    return next((entry.ts for entry in entries if whole and entry.kind == "join"), one.opened_at)


def answered(one: Conversation, entries: Sequence[Entry]) -> bool:
    """Whether its agent has given a sign of himself since it was given to him: a text, a card or a page, or of a call
    that he has seen it, because then he speaks."""
    for entry in reversed(entries):
        if entry.kind == "join" and entry.author == one.agent:
            return one.channel in WHOLE_CHANNELS and one.agent_read >= entry.seq
        if (entry.by, entry.author) == ("agent", one.agent) and entry.kind in SIGNS:
            return True
    return True  # a page full of other lines: an old conversation


def ended(talk: Talk, now: int) -> ConversationEnded:
    """It is over; pacing learns from how long it had a slot."""
    served = None if talk.assigned_at is None else now - talk.assigned_at
    return ConversationEnded(at=now, visitor=talk.visitor, engagement=talk.episode, skill=talk.skill, served_ms=served)


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
