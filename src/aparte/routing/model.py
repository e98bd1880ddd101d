"""The words of routing that a decision needs: capacity."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

SLOTLESS_CHANNELS = frozenset({"content", "tour", "email", "callback"})
"""Channels that take no agent's slot at the moment of the invitation."""


WHOLE_CHANNELS = frozenset({"call", "video"})
"""Channels that take all of an agent's slots."""
PLENTY = 1_000_000
"""Free slots of every skill when nobody counts them."""


class Capacity(Struct, frozen=True):
    """Slots free of conversations and slots taken, per skill; `unlimited` is a what-if without agents.

    An agent with two skills is free for both: `free[""]`, where it is told, is the slots of all agents, each once.
    """

    free: dict[str, int] = field(default_factory=dict)
    busy: dict[str, int] = field(default_factory=dict)
    queue: dict[str, int] = field(default_factory=dict)
    everywhere: int | None = None
    """Free slots of a skill that `free` does not name; none when there are no such agents."""
    unlimited: bool = False
    whole: dict[str, int] | None = None
    """Agents without any conversation, per skill: only they can take a call. None: not told, a free slot will do."""

    def free_slots(self, skill: str | None) -> int:
        """Slots free for this skill; an offer without a skill may be served by anybody."""
        if self.unlimited:
            return PLENTY
        if skill is None and self.everywhere is None:
            return self.free[""] if "" in self.free else sum(self.free.values())
        return self.free.get(skill or "", self.everywhere or 0)

    def busy_slots(self, skill: str | None) -> int:
        """Slots taken by conversations of this skill."""
        return sum(self.busy.values()) if skill is None else self.busy.get(skill, 0)

    def queued(self, skill: str) -> int:
        """Visitors who wait for this skill."""
        return self.queue.get(skill, 0)

    def covers(self, skill: str | None, channel: str) -> bool:
        """Whether somebody could serve an offer of this channel now."""
        if self.unlimited or channel in SLOTLESS_CHANNELS:
            return True
        if channel in WHOLE_CHANNELS and self.whole is not None:
            return self.whole.get(skill or "", 0) > 0
        return self.free_slots(skill) > 0


UNLIMITED = Capacity(unlimited=True)
NOBODY = Capacity()

Status: TypeAlias = Literal["available", "away"]
Reason: TypeAlias = Literal["break", "lunch", "meeting", "training", "wrap_up", "other", "no_answer", ""]
"""Why an agent is away; `no_answer` is set by the desk."""
Help: TypeAlias = Literal["chat", "queue", "form"]
"""What a visitor can have now: an agent, a place in the queue, or to leave a request."""


class Team(Struct, frozen=True, kw_only=True):
    """People who cost alike."""

    id: str
    site: str
    name: str
    kind: Literal["inhouse", "outsourced"] = "inhouse"
    cost_per_hour: float = 0.0
    """In the site's currency."""


class Work(Struct, frozen=True):
    """An interval of ms since 1970 in which an agent was at his desk with one status; `until` None: it goes on."""

    site: str
    staff: str
    status: str
    reason: str
    since: int
    until: int | None = None
