"""What the invitations of a replay would ask of the desk: chats at a time, agents, and where no slot would be free.

No dice: whether an invitation would be accepted is a hash of its engagement id, so the same recording gives the same
forecast, and the same invitation of two versions has the same answer. docs/reference/replay.md defines each figure.
"""

from __future__ import annotations

from heapq import heappop, heappush
from math import ceil

from msgspec import Struct

from aparte.engagements.learning import PRIOR_CHAT_S
from aparte.engagements.model import Invite, SiteState
from aparte.experiments.hash import position
from aparte.routing.model import SLOTLESS_CHANNELS, WHOLE_CHANNELS, Capacity

SEED = "accepts"


class Assumptions(Struct, frozen=True):
    """What a recording cannot tell."""

    effect_pp: float = 2.0
    """The effect to detect, in percentage points."""
    acceptance: float | None = None
    """Share of invitations accepted; none: what the log has learnt of the campaign, else one in ten."""
    chat_s: float = PRIOR_CHAT_S
    concurrency: int = 3
    """Chats at a time of one agent."""


class Forecast:
    """The chats that a side's invitations would lead to; told of each invitation in the order of time."""

    def __init__(self, assumed: Assumptions) -> None:
        self.assumed = assumed
        self.ends: list[tuple[int, str, int]] = []
        self.running: dict[str, int] = {}
        self.changes: list[tuple[int, int, int]] = []
        """(time, slots, chats) by which the load changes."""
        self.expected = 0.0
        self.sent_without_slot = 0
        self.accepted_without_slot = 0.0

    def take(self, invite: Invite, site: SiteState, capacity: Capacity) -> None:
        """One invitation that would have been sent."""
        if invite.offer.channel in SLOTLESS_CHANNELS:
            return
        known, share = site.learnt.of(invite.campaign), self.assumed.acceptance
        if share is None:
            share = known.rate
        self.expected += share
        skill, begins = invite.offer.skill or "", invite.at + round(known.mean_s * 1000)
        self.end_until(begins)
        if self.full(skill, capacity):
            self.sent_without_slot += 1
            self.accepted_without_slot += share
        if position(SEED, invite.engagement) < share:
            self.begin(skill, begins, self.assumed.concurrency if invite.offer.channel in WHOLE_CHANNELS else 1)

    def full(self, skill: str, capacity: Capacity) -> bool:
        """Whether every slot of this skill, or of all skills together, has a chat of this forecast."""
        if capacity.unlimited:
            return False
        if self.running.get(skill, 0) >= capacity.free_slots(skill or None) + capacity.busy_slots(skill or None):
            return True
        everybody = capacity.free_slots(None) + capacity.busy_slots(None)
        return capacity.everywhere is None and sum(self.running.values()) >= everybody

    def begin(self, skill: str, at: int, slots: int) -> None:
        """A chat begins."""
        end = at + round(self.assumed.chat_s * 1000)
        self.running[skill] = self.running.get(skill, 0) + slots
        heappush(self.ends, (end, skill, slots))
        self.changes += [(at, slots, 1), (end, -slots, -1)]

    def end_until(self, at: int) -> None:
        """Chats that are over by then."""
        while self.ends and self.ends[0][0] <= at:
            _, skill, slots = heappop(self.ends)
            self.running[skill] -= slots

    def peak(self) -> tuple[int, int]:
        """The most chats at a time, and the agents whom the most slots at a time need."""
        chats = slots = most_chats = most_slots = 0
        for _, slots_more, chats_more in sorted(self.changes):  # an end comes before a beginning of the same moment
            chats, slots = chats + chats_more, slots + slots_more
            most_chats, most_slots = max(most_chats, chats), max(most_slots, slots)
        return most_chats, ceil(most_slots / self.assumed.concurrency)
