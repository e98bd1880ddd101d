"""What /metrics tells of the engine."""

from __future__ import annotations

from msgspec import Struct, field


class Gauges(Struct, frozen=True, kw_only=True):
    """What /metrics tells of the engine."""

    visitors: int
    conversations: int
    queued: int
    agents: int
    accepted: int = 0
    """Accepted invitations that needed a slot, since the site is there."""
    overruns: int = 0
    """How many of them found no free slot: they waited, and nobody was turned away."""
    epsilon: float = 0.0
    """The largest of the sites' epsilons that hold now; see pacing."""
    outbox_pending: int = 0
    """Mails and webhooks that have not arrived yet."""
    outbox_dead: int = 0
    """Those that were given up."""
    events: dict[str, int] = field(default_factory=dict)
