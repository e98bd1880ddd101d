"""How many agents each half-hour takes, how many of them are paid, and what that costs."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct


class Targets(Struct, frozen=True, kw_only=True):
    """What customers and agents may expect; None: it is not asked for."""

    service_level: float = 0.8
    """Share of all that gets an agent within the threshold."""
    threshold_seconds: float = 20.0
    occupancy: float | None = 0.85
    """At most this share of agents' time in work."""
    abandoned: float | None = None
    """At most this share may leave the queue."""
    reply_seconds: float | None = 60.0
    """In a chat: at most this mean reply time at full concurrency; it decides the concurrency."""


def paid_agents(agents: int, shrinkage: Fraction | str | float) -> int:
    """How many are paid so that `agents` are at work, exactly: 21 at 30 % are 30. BadInput for a share of 1 or more."""
    raise NotImplementedError
