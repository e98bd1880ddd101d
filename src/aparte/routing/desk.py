"""The desk of a site: agents, their slots, and who waits. Pure; the time comes with each call.

A slot is (agent, n), n = 1..maximum, and holds one conversation at most. The queue has one order: conversations that
have lost their agent, then accepted invitations, then visitors who began by themselves; each the oldest first.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Iterator
from math import ceil
from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.routing.model import Capacity

CHAT_MEAN_S = 600.0
LOST, ACCEPTED, REACTIVE = 0, 1, 2
"""Ranks in the queue."""

Status: TypeAlias = Literal["available", "away"]


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


class Held(Struct, frozen=True):
    """The slot of a conversation."""

    staff: str
    n: int
    skill: str | None


class Waiting(Struct, frozen=True, order=True, array_like=True):
    """A place in the queue; the smallest is the next one."""

    rank: int
    since: int
    conv: str
    skill: str = ""
    """Empty: anybody may answer."""


class Desk:
    """Who is there, who is busy, who waits."""

    def __init__(self, seats: Iterable[Seat] = ()) -> None:
        self.seats: dict[str, Seat] = {seat.staff: seat for seat in seats}
        self.slots: dict[tuple[str, int], str] = {}
        self.held: dict[str, Held] = {}
        self.queue: list[Waiting] = []

    def load(self, staff: str) -> int:
        """How many conversations an agent has."""
        return sum(1 for one in self.held.values() if one.staff == staff)

    def free(self, seat: Seat) -> int:
        """How many conversations an agent could take now; none while he is away or not connected."""
        return max(seat.maximum - self.load(seat.staff), 0) if seat.present and seat.status == "available" else 0

    def capacity(self) -> Capacity:
        """Free slots, busy slots and queue, per skill; `free[""]` is the free slots of all agents together."""
        free: Counter[str] = Counter({"": 0})
        for seat in self.seats.values():
            for skill in ("", *seat.skills):
                free[skill] += self.free(seat)
        busy = Counter(one.skill or "" for one in self.held.values())
        queue = Counter(one.skill for one in self.queue)
        return Capacity(dict(sorted(free.items())), dict(sorted(busy.items())), dict(sorted(queue.items())))

    def choose(self, skill: str | None) -> Seat | None:
        """The agent for a conversation: with the skill and a free slot, least loaded, then longest idle."""
        able = [seat for seat in self.seats.values() if (not skill or skill in seat.skills) and self.free(seat)]
        return min(able, key=lambda seat: (self.load(seat.staff), seat.idle_since, seat.staff), default=None)

    def take(self, conv: str, staff: str, skill: str | None, now: int) -> int | None:
        """Give a conversation a slot of this agent, whether or not he is connected; None when all are taken."""
        seat = self.seats[staff]
        n = next((n for n in range(1, seat.maximum + 1) if (staff, n) not in self.slots), None)
        if n is None or conv in self.held:
            return None
        self.leave_queue(conv)
        self.slots[staff, n] = conv
        self.held[conv] = Held(staff, n, skill)
        seat.idle_since = now
        return n

    def restore(self, conv: str, staff: str, n: int, skill: str | None) -> None:
        """A slot as it was when it was written down."""
        self.slots[staff, n] = conv
        self.held[conv] = Held(staff, n, skill)

    def release(self, conv: str, now: int) -> Held | None:
        """The conversation needs no slot any more; the slot that it had."""
        held = self.held.pop(conv, None)
        self.leave_queue(conv)
        if held is not None:
            del self.slots[held.staff, held.n]
            if held.staff in self.seats:
                self.seats[held.staff].idle_since = now
        return held

    def wait(self, conv: str, skill: str | None, rank: int, since: int) -> None:
        """The conversation takes its place in the queue."""
        insort(self.queue, Waiting(rank, since, conv, skill or ""))

    def leave_queue(self, conv: str) -> None:
        """The conversation waits no more."""
        self.queue = [one for one in self.queue if one.conv != conv]

    def matches(self) -> Iterator[tuple[Waiting, Seat]]:
        """Who may be answered now, and by whom; the caller takes the slot before it asks on."""
        while True:
            found = next(((one, seat) for one in self.queue if (seat := self.choose(one.skill)) is not None), None)
            if found is None:
                return
            yield found

    def next_for(self, staff: str) -> Waiting | None:
        """The first of the queue that this agent has the skill for."""
        skills = self.seats[staff].skills
        return next((one for one in self.queue if not one.skill or one.skill in skills), None)

    def position(self, conv: str) -> tuple[int, int] | None:
        """Place in the queue of its skill, from 1, and the expected wait in seconds; None when it does not wait."""
        found = next((one for one in self.queue if one.conv == conv), None)
        if found is None:
            return None
        place = 1 + sum(1 for one in self.queue if one.skill == found.skill and one < found)
        able = [seat for seat in self.seats.values() if not found.skill or found.skill in seat.skills]
        slots = sum(seat.maximum for seat in able if seat.present and seat.status == "available")
        return place, ceil(place * CHAT_MEAN_S / max(slots, 1))
