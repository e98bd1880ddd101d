"""The words of a replay: what it found."""

from __future__ import annotations

from collections import Counter
from typing import Any

from msgspec import Struct, field

from aparte.engagements.model import Decision, HoldOut, Invite
from aparte.tracking.counters import Conservation


class RuleCounts(Struct):
    """What became of one rule."""

    eligible_sessions: int = 0
    """Sessions in which its condition held at least once."""
    covered: int = 0
    candidates: int = 0
    invited: int = 0
    held_out: int = 0
    refrained: Counter[str] = field(default_factory=Counter)
    """Refusals by reason; at most one for each session and change of reason."""

    def count(self, decision: Decision) -> None:
        """Take one decision in."""
        self.eligible_sessions += decision.newly_eligible
        self.covered += decision.newly_covered
        self.candidates += decision.newly_candidate
        if isinstance(decision, Invite):
            self.invited += 1
        elif isinstance(decision, HoldOut):
            self.held_out += 1
        else:
            self.refrained[decision.reason.value] += 1


class Summary(Struct):
    """What a replay found. received = events + facts + duplicates + quarantined."""

    events: int = 0
    visitors: int = 0
    sessions: int = 0
    bot_sessions: int = 0
    orders: int = 0
    revenue: float = 0.0
    received: int = 0
    duplicates: int = 0
    quarantined: int = 0
    quarantine: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    timers: int = 0
    decisions: int = 0
    first_at: int | None = None
    last_at: int | None = None
    rules: dict[str, RuleCounts] = field(default_factory=dict)

    def take_messages(self, counted: Conservation) -> None:
        """What became of the messages."""
        self.received, self.duplicates = counted.received, counted.duplicate
        self.events = counted.accepted - self.facts
        self.quarantined = counted.quarantined.total()
        self.quarantine = Counter({reason.value: count for reason, count in counted.quarantined.items()})

    def begin_session(self, at: int) -> None:
        """Count a session that begins at this time."""
        self.sessions += 1
        self.first_at = at if self.first_at is None else min(at, self.first_at)

    def as_json(self) -> dict[str, Any]:
        """The figures as plain values, in a fixed order."""
        return {
            "events": self.events,
            "visitors": self.visitors,
            "sessions": self.sessions,
            "bot_sessions": self.bot_sessions,
            "orders": self.orders,
            "revenue": self.revenue,
            "received": self.received,
            "duplicates": self.duplicates,
            "quarantined": self.quarantined,
            "quarantine": dict(sorted(self.quarantine.items())),
            "timers": self.timers,
            "decisions": self.decisions,
            "rules": {
                key: {
                    "eligible_sessions": one.eligible_sessions,
                    "covered": one.covered,
                    "candidates": one.candidates,
                    "invited": one.invited,
                    "held_out": one.held_out,
                    "refrained": dict(sorted(one.refrained.items())),
                }
                for key, one in self.rules.items()
            },
        }
