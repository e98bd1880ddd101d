"""Who is connected: agents and visitors come and go, and what follows when they stay away."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.ports import Changed
from aparte.engine.site import LiveSite
from aparte.engine.talks import Talks
from aparte.routing.desk import Desk, Seat
from aparte.sites.model import Staff

NO_NEW_CHATS_MS, REQUEUED_MS = 20_000, 60_000
AWAY_MS, LEFT_MS = 15_000, 120_000

Presence: TypeAlias = Literal["connected", "away", "left"]


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
        self.statuses: dict[str, Literal["available", "away"]] = {}

    def restore(self, live: LiveSite, statuses: dict[str, Literal["available", "away"]], now: int) -> None:
        """The desk of a site: its staff, their statuses of before, and whoever is connected."""
        live.desk = Desk()
        for staff in self.core.store.staff(live.site.id):
            seat = live.desk.seats[staff.id] = seat_of(staff)
            seat.status = self.statuses.get(staff.id) or statuses.get(staff.id, "away")
            seat.sockets = self.sockets.get(staff.id, 0)
            seat.present = seat.sockets > 0
            seat.lost_at = None if seat.present else now

    def seat(self, staff: str) -> tuple[LiveSite, Seat]:
        """An agent's place; one who is new since the start is looked up. KeyError for nobody."""
        for live in self.core.sites.values():
            if staff in live.desk.seats:
                return live, live.desk.seats[staff]
        for live in self.core.sites.values():
            for one in self.core.store.staff(live.site.id):
                live.desk.seats.setdefault(one.id, seat_of(one))
            if staff in live.desk.seats:
                return live, live.desk.seats[staff]
        raise KeyError(staff)

    def status(self, batch: Batch, staff: str, status: Literal["available", "away"]) -> None:
        """An agent takes conversations, or none for now; those that he has stay his."""
        live, seat = self.seat(staff)
        self.statuses[staff] = seat.status = status
        self.talks.told_of(batch, live, staff)
        self.talks.settle(batch, live)

    def agent(self, batch: Batch, staff: str, sockets: int) -> None:
        """An agent has so many sockets now."""
        self.sockets[staff] = sockets
        live, seat = self.seat(staff)
        seat.sockets = sockets
        if sockets:
            seat.present, seat.lost_at = True, None
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
        for (site, visitor), here in list(self.visitors.items()):
            if here.lost_at is not None:
                self.missing(site, visitor, here, batch.now - here.lost_at)

    def absent(self, batch: Batch, live: LiveSite, seat: Seat, for_ms: int) -> None:
        """An agent without a socket: no new conversations after 20 s, after 60 s somebody else answers his."""
        if for_ms >= NO_NEW_CHATS_MS and seat.present:
            seat.present = False
            self.talks.settle(batch, live)
        if for_ms >= REQUEUED_MS:
            seat.lost_at = None
            self.talks.lose_agent(batch, live, seat)

    def missing(self, site: str, visitor: str, here: Here, for_ms: int) -> None:
        """A visitor without a socket."""
        state: Presence = "left" if for_ms >= LEFT_MS else "away" if for_ms >= AWAY_MS else here.state
        if state == "left":
            del self.visitors[site, visitor]
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
    """A member of staff at the desk; an analyst looks on and has no conversations."""
    return Seat(staff.id, staff.name, staff.skills, 0 if staff.role == "analyst" else staff.maximum)
