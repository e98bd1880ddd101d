"""The desk of a site: agents, their slots, and who waits. Pure; the time comes with each call.

A slot is (agent, n), n = 1..maximum, and holds one conversation at most; a call holds all of an agent's slots. The
queue has one order: conversations that have lost their agent, then accepted invitations, then visitors who began by
themselves; each the oldest first.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from math import ceil
from typing import Any

from msgspec import Struct, field

from aparte.routing.model import Capacity, Reason, Status

LOST, ACCEPTED, REACTIVE = 0, 1, 2
"""Ranks in the queue."""


class Seat(Struct):
    """An agent at the desk. `present`: his console is connected, or was a moment ago."""

    staff: str
    name: str
    skills: tuple[str, ...]
    maximum: int
    status: Status = "away"
    present: bool = False
    sockets: int = 0
    lost_at: int | None = None
    """When his last socket went; None while he has one, or when nothing depends on it any more."""
    idle_since: int = 0
    caps: dict[str, int] = field(default_factory=dict)
    reason: Reason = ""
    since: int = 0
    """Since when he has this status."""


class Held(Struct, frozen=True):
    """The slots of a conversation, which are of one agent."""

    staff: str
    n: tuple[int, ...]
    skill: str | None


class Waiting(Struct, frozen=True, order=True, array_like=True):
    """A place in the queue; the smallest is the next one."""

    rank: int
    since: int
    conv: str
    skill: str = ""
    """Empty: anybody may answer."""
    whole: bool = False
    """It needs an agent who has nobody else: a call."""
    last: str = ""
    """Whom the visitor talked with last."""
    but: str = ""
    """Who has handed it on: it does not come back to him while somebody else with the skill is there."""


class Desk:
    """Who is there, who is busy, who waits."""

    def __init__(self, seats: Iterable[Seat] = ()) -> None:
        self.seats: dict[str, Seat] = {seat.staff: seat for seat in seats}
        self.slots: dict[tuple[str, int], str] = {}
        self.held: dict[str, Held] = {}
        self.queue: list[Waiting] = []

    def load(self, staff: str, skill: str | None = None) -> int:
        """How many conversations an agent has; with a skill, of this skill."""
        return sum(1 for one in self.held.values() if one.staff == staff and skill in (None, one.skill))

    def there(self, seat: Seat) -> bool:
        """Whether he takes conversations."""
        return seat.present and seat.status == "available"

    def taken(self, seat: Seat) -> int:
        """Slots of an agent that hold something; more than his maximum when that was made smaller meanwhile."""
        return sum(len(one.n) for one in self.held.values() if one.staff == seat.staff)

    def room(self, seat: Seat, skill: str | None = None) -> int:
        """How many conversations of a skill his slots and its cap leave room for, whether or not he is there."""
        most = seat.maximum - self.taken(seat)
        if skill and skill in seat.caps:
            most = min(most, seat.caps[skill] - self.load(seat.staff, skill))
        return max(most, 0)

    def whole(self, seat: Seat) -> bool:
        """Whether he has nobody at all, and could take a call."""
        return seat.maximum > 0 and not self.taken(seat)

    def free(self, seat: Seat, skill: str | None = None) -> int:
        """How many conversations of a skill he could take now; none while he is away or not connected."""
        return self.room(seat, skill) if self.there(seat) else 0

    def fits(self, seat: Seat, skill: str | None, *, whole: bool = False) -> bool:
        """Whether he could take this one now."""
        return self.free(seat, skill) > 0 and (not whole or self.whole(seat))

    def capacity(self) -> Capacity:
        """Free slots, busy slots and queue, per skill; `free[""]` is the free slots of all agents together."""
        free: Counter[str] = Counter({"": 0})
        whole: Counter[str] = Counter({"": 0})
        for seat in self.seats.values():
            for skill in ("", *seat.skills):
                free[skill] += self.free(seat, skill)
                whole[skill] += self.fits(seat, skill, whole=True)
        busy = Counter(one.skill or "" for one in self.held.values())
        queue = Counter(one.skill for one in self.queue)
        tables = [dict(sorted(one.items())) for one in (free, busy, queue, whole)]
        return Capacity(free=tables[0], busy=tables[1], queue=tables[2], whole=tables[3])

    def choose(self, skill: str | None, *, whole: bool = False, last: str = "", but: str = "") -> Seat | None:
        """The agent for a conversation: the visitor's last one when he has room, else the least loaded, then the one
        longest idle."""
        skilled = [seat for seat in self.seats.values() if (not skill or skill in seat.skills) and self.there(seat)]
        others = [seat for seat in skilled if seat.staff != but] or skilled
        able = [seat for seat in others if self.fits(seat, skill, whole=whole)]
        known = next((seat for seat in able if seat.staff == last), None)
        return known or min(able, key=lambda seat: (self.load(seat.staff), seat.idle_since, seat.staff), default=None)

    def take(
        self, conv: str, staff: str, skill: str | None, now: int, *, whole: bool = False, over: bool = False
    ) -> tuple[int, ...]:
        """Give a conversation slots of this agent, whether or not he is connected; nothing when there is no room.

        `over`: the cap of the skill is not asked.
        """
        seat = self.seats[staff]
        room = self.room(seat, None if over else skill)
        if conv in self.held or not room or (whole and not self.whole(seat)):
            return ()
        found = tuple(n for n in range(1, seat.maximum + 1) if (staff, n) not in self.slots)
        taken = found if whole else found[:1]
        self.leave_queue(conv)
        self.slots |= dict.fromkeys([(staff, n) for n in taken], conv)
        self.held[conv] = Held(staff, taken, skill)
        seat.idle_since = now
        return taken

    def restore(self, conv: str, staff: str, n: int, skill: str | None) -> None:
        """A slot as it was when it was written down."""
        self.slots[staff, n] = conv
        known = self.held.get(conv)
        self.held[conv] = Held(staff, (*(known.n if known else ()), n), skill)

    def release(self, conv: str, now: int) -> Held | None:
        """The conversation needs no slot any more; those that it had."""
        held = self.held.pop(conv, None)
        self.leave_queue(conv)
        if held is not None:
            for n in held.n:
                del self.slots[held.staff, n]
            if held.staff in self.seats:
                self.seats[held.staff].idle_since = now
        return held

    def wait(self, conv: str, skill: str | None, rank: int, since: int, **more: Any) -> None:
        """The conversation takes its place in the queue; `more`: see Waiting."""
        insort(self.queue, Waiting(rank, since, conv, skill or "", **more))

    def leave_queue(self, conv: str) -> None:
        """The conversation waits no more."""
        self.queue = [one for one in self.queue if one.conv != conv]

    def seat_for(self, one: Waiting) -> Seat | None:
        """Who could answer this one now."""
        return self.choose(one.skill, whole=one.whole, last=one.last, but=one.but)

    def matches(self) -> Iterator[tuple[Waiting, Seat]]:
        """Who may be answered now, and by whom; the caller takes the slot before it asks on."""
        while any(self.free(seat) for seat in self.seats.values()):
            found = next(((one, seat) for one in self.queue if (seat := self.seat_for(one)) is not None), None)
            if found is None:
                return
            yield found

    def next_for(self, staff: str) -> Waiting | None:
        """The first of the queue that this agent has the skill for, and room if there is one he has room for."""
        seat = self.seats[staff]
        mine = [one for one in self.queue if not one.skill or one.skill in seat.skills]
        roomy = (one for one in mine if self.room(seat, one.skill) and (not one.whole or self.whole(seat)))
        return next(roomy, mine[0] if mine else None)

    def waits(self, conv: str) -> Waiting | None:
        """Its place in the queue; None when it does not wait."""
        return next((one for one in self.queue if one.conv == conv), None)

    def position(self, conv: str, chat_s: Callable[[str | None], float]) -> tuple[int, int | None] | None:
        """Place in the queue of its skill, from 1, and the expected wait in seconds; None when it does not wait.

        While all slots are busy one of them falls free each mean length (`chat_s` of the skill) divided by the slots.
        Nobody can say how long it takes when nobody is there: then the wait is None.
        """
        found = self.waits(conv)
        if found is None:
            return None
        place = 1 + sum(1 for one in self.queue if one.skill == found.skill and one < found)
        return place, self.expected(found.skill, place, chat_s, whole=found.whole)

    def expected(
        self, skill: str, place: int, chat_s: Callable[[str | None], float], *, whole: bool = False
    ) -> int | None:
        """The expected wait in seconds at a place of a skill's queue; None while nobody is there."""
        able = [seat for seat in self.seats.values() if self.there(seat) and (not skill or skill in seat.skills)]
        slots = sum(1 if whole else min(seat.maximum, seat.caps.get(skill, seat.maximum)) for seat in able)
        return ceil(place * chat_s(skill or None) / slots) if slots else None
