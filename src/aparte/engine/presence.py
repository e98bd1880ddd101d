"""Who is connected: agents and visitors come and go, and what follows when they stay away."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.ports import Changed
from aparte.engine.site import LiveSite
from aparte.engine.talks import Talk, Talks
from aparte.kit.errors import Unavailable
from aparte.routing.desk import Desk, Seat
from aparte.routing.model import Reason, Status
from aparte.routing.store import RecordWork
from aparte.sites.model import Staff

NO_NEW_CHATS_MS, REQUEUED_MS = 20_000, 60_000
AWAY_MS, LEFT_MS = 15_000, 120_000

Presence: TypeAlias = Literal["connected", "away", "left"]


class Standing(Struct):
    """The status of an agent, and since when."""

    status: Status = "away"
    reason: Reason = ""
    since: int = 0


class KeptDesk(Struct):
    """What a checkpoint keeps of a desk."""

    standings: dict[str, Standing] = field(default_factory=dict)
    alive_at: int = 0
    """When it was written: until then agents were at their desks for sure."""


def kept_desk(desk: Desk, now: int) -> KeptDesk:
    """For a checkpoint."""
    standings = {name: Standing(seat.status, seat.reason, seat.since) for name, seat in desk.seats.items()}
    return KeptDesk(standings, now)


class Here(Struct):
    """A visitor who has or had a socket."""

    sockets: int = 0
    lost_at: int | None = None
    state: Presence = "connected"


class Presences:
    """Sockets of agents and visitors, and the moments at which their absence counts."""

    def __init__(self, core: Core, talks: Talks) -> None:
        self.core, self.talks = core, talks
        self.visitors: dict[tuple[str, str], Here] = {}
        self.sockets: dict[str, int] = {}
        """Of agents; sockets and statuses live longer than a memory that is made again."""
        self.standings: dict[str, Standing] = {}

    def restore(self, batch: Batch, live: LiveSite, kept: KeptDesk) -> None:
        """The desk of a site: its staff, their statuses of before, and whoever is connected."""
        live.desk = Desk()
        for staff in self.people(live):
            seat = live.desk.seats[staff.id] = seat_of(staff)
            known = self.standings.get(staff.id) or kept.standings.get(staff.id) or Standing()
            seat.status, seat.reason, seat.since = known.status, known.reason, known.since
            seat.sockets = self.sockets.get(staff.id, 0)
            seat.present = seat.sockets > 0
            seat.lost_at = None if seat.present else batch.now
        for work in self.core.store.work(live.site.id, batch.now, batch.now + 1):
            # Nobody was at his desk while the server was not there: his time ended when it was last alive.
            if work.until is None and not self.sockets.get(work.staff):
                batch.add(RecordWork(live.site.id, work.staff, "", "", min(kept.alive_at or batch.now, batch.now)))

    def seat(self, staff: str) -> tuple[LiveSite, Seat]:
        """An agent's place; one who is new since the start is looked up. KeyError for nobody.

        Unavailable while memory is being made again, which is when nobody is found.
        """
        for live in self.core.sites.values():
            if staff in live.desk.seats:
                return live, live.desk.seats[staff]
        for live in self.core.sites.values():
            for one in self.people(live):
                live.desk.seats.setdefault(one.id, seat_of(one))
            if staff in live.desk.seats:
                return live, live.desk.seats[staff]
        if self.core.trouble is not None:
            raise Unavailable(self.core.trouble, hint="try again in a moment")
        raise KeyError(staff)

    def people(self, live: LiveSite) -> list[Staff]:
        """Who sits at the desk of a site; of those who serve several sites only who has chosen this one."""
        of = (one for site in self.core.sites for one in self.core.store.staff(site))
        return [one for one in of if one.at == live.site.id]

    def changed(self, batch: Batch, staff: Staff) -> None:
        """Somebody has other skills, slots, a new name or another desk.

        What he has under way stays his, unless he has left, or sits at the desk of another site now.
        """
        live = self.core.sites[staff.at]
        self.leave_desks(batch, staff, live)
        fresh = seat_of(staff)
        seat = live.desk.seats.get(staff.id)
        if seat is None:
            seat = live.desk.seats[staff.id] = fresh
            seat.sockets = self.sockets.get(staff.id, 0)
            seat.present = seat.sockets > 0
            if seat.sockets:
                batch.add(RecordWork(live.site.id, seat.staff, seat.status, seat.reason, batch.now))
        seat.name, seat.skills, seat.caps, seat.maximum = fresh.name, fresh.skills, fresh.caps, fresh.maximum
        if staff.left_at is not None:
            self.stand(batch, live, seat, "away", "")
            self.talks.lose_agent(batch, live, seat)
        self.talks.told_of(batch, live, staff.id)
        self.talks.settle(batch, live)

    def leave_desks(self, batch: Batch, staff: Staff, but: LiveSite) -> None:
        """He sits at no desk but one; the conversations that he had elsewhere wait again."""
        for live in self.core.sites.values():
            if live is not but and staff.id in live.desk.seats:
                seat = live.desk.seats[staff.id]
                self.stand(batch, live, seat, "away", "")
                self.talks.lose_agent(batch, live, seat)
                batch.add(RecordWork(live.site.id, seat.staff, "", "", batch.now))
                del live.desk.seats[staff.id]
                self.talks.settle(batch, live)

    def status(self, batch: Batch, staff: str, status: Status, reason: Reason = "") -> None:
        """An agent takes conversations, or none for now; those that he has stay his."""
        live, seat = self.seat(staff)
        self.stand(batch, live, seat, status, reason)
        self.talks.told_of(batch, live, staff)
        self.talks.settle(batch, live)

    def stand(self, batch: Batch, live: LiveSite, seat: Seat, status: Status, reason: Reason) -> None:
        """His status from now on."""
        if (seat.status, seat.reason) != (status, reason):
            seat.since = batch.now
        seat.status, seat.reason = status, reason
        self.standings[seat.staff] = Standing(status, reason, seat.since)
        if seat.sockets:
            batch.add(RecordWork(live.site.id, seat.staff, status, reason, batch.now))

    def agent(self, batch: Batch, staff: str, sockets: int) -> None:
        """An agent has so many sockets now."""
        self.sockets[staff] = sockets
        live, seat = self.seat(staff)
        seat.sockets = sockets
        if sockets:
            seat.present, seat.lost_at = True, None
            batch.add(RecordWork(live.site.id, staff, seat.status, seat.reason, batch.now))
        elif seat.lost_at is None:
            seat.lost_at = batch.now
        self.talks.told_of(batch, live, staff)
        self.talks.settle(batch, live)

    def visitor(self, site: str, visitor: str, sockets: int, now: int) -> None:
        """A visitor has so many sockets now."""
        here = self.visitors.setdefault((site, visitor), Here())
        here.sockets = sockets
        here.lost_at = None if sockets else now if here.lost_at is None else here.lost_at
        if sockets and here.state != "connected":
            here.state = "connected"
            self.core.tell(Changed(site, "visitor", value=visitor))

    def state(self, site: str, visitor: str) -> Presence:
        """Whether a visitor is there: `away` after 15 s without a socket, `left` after 120 s."""
        here = self.visitors.get((site, visitor))
        return "left" if here is None else here.state

    def sweep(self, batch: Batch) -> None:
        """Absences that have become long enough to count."""
        for live in self.core.sites.values():
            for seat in list(live.desk.seats.values()):
                if seat.lost_at is not None:
                    self.absent(batch, live, seat, batch.now - seat.lost_at)
        for talk in [one for one in self.talks.talks.values() if not one.agent]:
            self.queued(batch, talk)
        for (site, visitor), here in list(self.visitors.items()):
            if here.lost_at is not None:
                self.missing(site, visitor, here, batch.now - here.lost_at)

    def absent(self, batch: Batch, live: LiveSite, seat: Seat, for_ms: int) -> None:
        """An agent without a socket: no new conversations after 20 s, after 60 s somebody else answers his."""
        if for_ms >= NO_NEW_CHATS_MS and seat.present:
            seat.present = False
            batch.add(RecordWork(live.site.id, seat.staff, "", "", seat.lost_at or batch.now))
            self.talks.settle(batch, live)
        if for_ms >= REQUEUED_MS:
            seat.lost_at = None
            self.talks.lose_agent(batch, live, seat)

    def queued(self, batch: Batch, talk: Talk) -> None:
        """Somebody who waits and has left waits no more; a page that was never heard of has its time from now."""
        key = talk.site, talk.visitor
        here = self.visitors.setdefault(key, Here(lost_at=batch.now, state="left"))
        if here.lost_at is not None and batch.now - max(here.lost_at, talk.waits_from) >= LEFT_MS:
            self.talks.close(batch, self.core.sites[talk.site], talk, "system", "", "left")

    def missing(self, site: str, visitor: str, here: Here, for_ms: int) -> None:
        """A visitor without a socket."""
        state = here.state
        if for_ms >= LEFT_MS:
            state = "left"
            del self.visitors[site, visitor]
        elif for_ms >= AWAY_MS and state == "connected":
            state = "away"
        if state != here.state:
            here.state = state
            self.core.tell(Changed(site, "visitor", value=visitor))


def staffed(live: LiveSite, skill: str | None, now: int) -> bool:
    """Whether an agent is there who will sooner or later take a conversation of this skill, busy or not.

    One whose console is gone for a moment counts as being there, so that a restart takes nothing off a screen.
    """
    return any(
        seat.maximum
        and seat.status == "available"
        and (not skill or skill in seat.skills)
        and (seat.present or (seat.lost_at is not None and now - seat.lost_at < NO_NEW_CHATS_MS))
        for seat in live.desk.seats.values()
    )


def seat_of(staff: Staff) -> Seat:
    """A member of staff at the desk; an analyst, or who has left, has no conversations."""
    maximum = 0 if staff.role == "analyst" or staff.left_at is not None else staff.maximum
    return Seat(staff.id, staff.name, staff.skills, maximum, caps=dict(staff.caps))
