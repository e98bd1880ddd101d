"""What supervisors do with the conversations of others: join, leave, take over; and how an agent asks for them."""

from __future__ import annotations

from aparte.conversations.model import Conversation, Kind
from aparte.conversations.store import (
    AppendEntry,
    AskAssistance,
    FreeSlot,
    JoinConversation,
    LeaveConversation,
    Refused,
)
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.site import LiveSite
from aparte.engine.talks import Talk, Talks
from aparte.routing.desk import Seat

UNKNOWN, CLOSED, NO_SLOT = Refused("unknown"), Refused("closed"), Refused("no_slot")
NOT_OPEN, NOT_ASSIGNED = Refused("not_open"), Refused("not_assigned")


class Supervising:
    """Each change with the line that tells of it, in one transaction."""

    def __init__(self, core: Core, talks: Talks) -> None:
        self.core, self.talks = core, talks

    async def join(self, talk: Talk, seat: Seat) -> Conversation | Refused:
        """A guest beside the agent; the visitor reads that he has come. Refused `not_open`: nobody has it, or he."""
        if not talk.agent or talk.agent == seat.staff:
            return NOT_OPEN
        known = await self.talks.of_visitor(talk)
        if seat.staff in known.guests and known.assistance_at is None:
            return known
        batch = Batch(self.core.clock())
        if seat.staff not in known.guests:
            batch.add(self.noted(batch, talk, "join", seat))
        batch.add(JoinConversation(talk.conv, seat.staff, batch.now))
        return await self.changed(batch, talk.conv)

    async def leave(self, talk: Talk, seat: Seat) -> Conversation | Refused:
        """The guest goes; again: nothing changes."""
        known = await self.talks.of_visitor(talk)
        if seat.staff not in known.guests:
            return known
        batch = Batch(self.core.clock())
        batch.add(self.noted(batch, talk, "leave", seat), LeaveConversation(talk.conv, seat.staff, batch.now))
        return await self.changed(batch, talk.conv)

    def noted(self, batch: Batch, talk: Talk, kind: Kind, seat: Seat) -> AppendEntry:
        """The line that says that a guest came or went; he may do so often."""
        cid = f"{kind}:{self.core.new_id()}"
        return AppendEntry(talk.conv, "system", seat.staff, cid, kind, seat.name, batch.now)

    async def assistance(self, talk: Talk, staff: str, note: str, *, on: bool) -> Conversation | Refused:
        """Its agent asks for help, with a note for those who lead; or it is needed no more."""
        batch = Batch(self.core.clock())
        if note:
            cid = f"assistance:{self.core.new_id()}"
            batch.add(AppendEntry(talk.conv, "agent", staff, cid, "note", note, batch.now, talk.assign_ver))
        batch.add(AskAssistance(talk.conv, on, batch.now))
        return await self.changed(batch, talk.conv)

    async def changed(self, batch: Batch, conv: str) -> Conversation | Refused:
        """Commit what folds nothing; the conversation as it is then."""
        results = await self.core.commit(batch)
        refused = next((one for one in results if isinstance(one, Refused)), None)
        return refused or self.talks.current(conv)

    async def take_over(self, live: LiveSite, talk: Talk, seat: Seat) -> Conversation | Refused:
        """It is the supervisor's from now on, whatever his caps by skill and his status; a free slot he needs.

        What its agent before still sends is refused, because the number of the assignment has grown.
        """
        if talk.agent == seat.staff:
            return await self.talks.of_visitor(talk)
        if not live.desk.room(seat) or (talk.whole and not live.desk.whole(seat)):
            return NO_SLOT
        with self.core.folding() as batch:
            before = live.desk.seats.get(talk.agent)
            live.desk.release(talk.conv, batch.now)
            batch.add(FreeSlot(talk.conv))
            if before is not None:
                batch.add(self.talks.noted(batch, talk, "leave", before))
                self.talks.told_of(batch, live, before.staff)
            self.talks.assign(batch, live, talk, seat, over=True)
            self.talks.settle(batch, live)
        await self.core.commit(batch)
        return await self.talks.of_visitor(talk)
