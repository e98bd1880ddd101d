"""The agents of the past: who works when, and who has a free slot."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from aparte.simulation import figures

SLOTS: int = figures.value("agents.slots")
SKILL = "sales"


class Shift(Struct, frozen=True):
    """When somebody answers, in hours of the site's clock; `days` 0 is Monday."""

    agent: str
    days: frozenset[int]
    hours: tuple[tuple[float, float], ...]


SHIFTS: tuple[Shift, ...] = tuple(
    Shift(name.rpartition(".")[2], frozenset(one["value"]["days"]), tuple(map(tuple, one["value"]["hours"])))
    for name, one in figures.tables().items()
    if name.startswith("agents.shifts.")
)


def on_duty(local: datetime) -> list[str]:
    """Who answers at this moment of the site's clock."""
    hour = local.hour + local.minute / 60
    return [
        shift.agent
        for shift in SHIFTS
        if local.weekday() in shift.days and any(start <= hour < end for start, end in shift.hours)
    ]


class Desk(Struct):
    """Who is there, and with whom they talk."""

    present: list[str] = field(default_factory=list)
    talking: dict[str, str] = field(default_factory=dict)
    """Conversation to agent."""
    waiting: list[str] = field(default_factory=list)

    def load(self, agent: str) -> int:
        """Conversations of one agent."""
        return sum(one == agent for one in self.talking.values())

    def free(self) -> int:
        """Slots that are free now."""
        return sum(max(0, SLOTS - self.load(agent)) for agent in self.present)

    def take(self, conversation: str) -> str | None:
        """Give a conversation to whoever has the fewest; None, and it waits, when nobody has a slot."""
        able = [agent for agent in self.present if self.load(agent) < SLOTS]
        if not able:
            self.waiting.append(conversation)
            return None
        agent = min(able, key=lambda one: (self.load(one), self.present.index(one)))
        self.talking[conversation] = agent
        return agent
