"""When a replay's invitations would be accepted: what campaigns would bring to the desk, in expected arrivals."""

from __future__ import annotations

from aparte.engagements.model import Decision, Invite
from aparte.engine import State
from aparte.routing.model import SLOTLESS_CHANNELS, WHOLE_CHANNELS, Capacity
from aparte.tracking.model import Event, Message

QUARTER_MS = 900_000
"""Half-hours of every time zone begin at one."""


class Arrivals:
    """Looks over the engine's shoulder: each invitation counts by the share of such that are accepted."""

    def __init__(self, acceptance: float | None, *, calls: bool = False) -> None:
        self.acceptance, self.calls = acceptance, calls
        self.found: dict[tuple[str, int], float] = {}
        """Expected arrivals by skill and quarter of an hour."""
        self.first_at: int | None = None
        self.last_at = 0

    def see(self, state: State, event: Event, decisions: list[Decision], capacity: Capacity) -> None:
        """One step of anybody."""
        if isinstance(event, Message) and state.session is not None:
            at = state.session.at
            self.first_at = at if self.first_at is None else min(self.first_at, at)
            self.last_at = max(self.last_at, at)
        for one in decisions:
            if isinstance(one, Invite) and self.counts(one.offer.channel):
                self.take(one, state)

    def counts(self, channel: str) -> bool:
        """Whether it comes to these agents: calls take one whole, chats a slot, all others nobody."""
        return channel not in SLOTLESS_CHANNELS and (channel in WHOLE_CHANNELS) == self.calls

    def take(self, invite: Invite, state: State) -> None:
        """One invitation."""
        known = state.site.learnt.of(invite.campaign)
        share = known.rate if self.acceptance is None else self.acceptance
        at = invite.at + round(known.mean_s * 1000)
        key = invite.offer.skill or "", at // QUARTER_MS * QUARTER_MS
        self.found[key] = self.found.get(key, 0.0) + share
