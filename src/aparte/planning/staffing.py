"""How many agents each half-hour takes, how many of them are paid, and what that costs.

Each half-hour is taken by itself, as if it went on like that: right where a customer's time is short beside half an
hour, too few after a sudden rise. docs/reference/plan.md says what follows from that.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import TypeAlias

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.planning.chat import Method, Talk, chats, level_of, looked_at
from aparte.planning.erlang import HOUR_S, abandoning, erlang_c
from aparte.planning.queue_inputs import (
    MOST_AGENTS,
    MOST_CHATS,
    MOST_ERLANGS,
    per_hour,
    seconds,
    share,
    whole,
)
from aparte.planning.shrinkage import paid_agents

__all__ = ["Calls", "Needed", "Staffing", "Talks", "Targets", "concurrency_for", "paid_agents"]

PLAN_STATES = 2_000
"""States that a plan tells apart: a week of half-hours is worked out while somebody looks at it."""


class Targets(Struct, frozen=True, kw_only=True):
    """What customers and agents may expect; None: it is not asked for."""

    service_level: float | None = 0.8
    """Share of all that gets an agent within the threshold; not all of them, which no number of agents promises."""
    threshold_seconds: float = 20.0
    occupancy: float | None = 0.85
    """At most this share of agents' time in work."""
    abandoned: float | None = None
    """At most this share may leave the queue."""
    least_agents: int = 0
    """Even when nobody comes."""


class Calls(Struct, frozen=True, kw_only=True):
    """One at a time, as on the phone."""

    aht_seconds: float
    patience_seconds: float | None = None
    """None: everybody waits however long it takes (Erlang C)."""


class Talks(Struct, frozen=True, kw_only=True):
    """Several at a time, as in a chat."""

    talk: Talk
    concurrency: int
    patience_seconds: float


Work: TypeAlias = Calls | Talks


class Needed(Struct, frozen=True):
    """The agents of one half-hour, and how it goes with them."""

    agents: int
    service_level: float
    p_abandon: float
    mean_wait_s: float
    occupancy: float
    method: Method = "exact"


NOBODY = Needed(0, 1.0, 0.0, 0.0, 0.0)


def concurrency_for(talk: Talk, reply_seconds: float, most: int = MOST_CHATS) -> int:
    """The largest number of conversations at a time whose mean reply takes at most `reply_seconds`.

    BadInput when one at a time takes longer already: an agent's own work for a message.
    """
    looked_at(talk)
    target = seconds("reply_seconds", reply_seconds, "longest mean reply time")
    whole("most", most, MOST_CHATS, "conversations at a time of one agent")
    found = [k for k in range(1, most + 1) if level_of(talk, k).reply_s <= target * (1 + 1e-12)]
    if not found:
        what = f"an agent with one conversation needs {talk.agent_seconds:g} s for a reply"
        raise BadInput(what, where="reply_seconds", hint=f"at least {talk.agent_seconds:g}, or quicker answers")
    return max(found)


class Staffing:
    """Finds the fewest agents for what comes; half-hours alike are worked out once."""

    def __init__(self, work: Work, targets: Targets) -> None:
        self.work, self.targets = checked(work), targets_checked(targets)
        self._known: dict[float, Needed] = {}
        self._quick, self._final = ways(self.work, self.targets)
        self._last = (1.0, 1)
        """Arrivals an hour of the last answer, and its agents: the next is seldom far."""

    def needed(self, arrivals_per_hour: float) -> Needed:
        """The fewest agents that meet every target; BadInput when no number of them does."""
        rate = per_hour("arrivals", arrivals_per_hour)
        if rate not in self._known:
            self._known[rate] = self._found(rate)
        return self._known[rate]

    def _found(self, rate: float) -> Needed:
        least = max(self.targets.least_agents, 1)
        if not rate:
            return self._final(self.targets.least_agents, rate) if self.targets.least_agents else NOBODY
        self._within_reach(rate)
        before, agents = self._last
        start = max(least, ceil(agents * rate / before))
        found = fewest(lambda n: met(self._quick(n, rate), self.targets), least, start)
        while not met(answer := self._final(found, rate), self.targets):
            found += 1
        self._last = (rate, found)
        return answer

    def _within_reach(self, rate: float) -> None:
        """Refuse a load that nobody could staff."""
        work = self.work
        each = work.aht_seconds if isinstance(work, Calls) else work.talk.agent_seconds * work.talk.turns
        if rate / HOUR_S * each > MOST_ERLANGS / 2:
            hint = f"up to {MOST_ERLANGS / 2:,.0f} erlangs: fewer arrivals, or less work for each"
            raise BadInput(f"{rate / HOUR_S * each:,.0f} erlangs are out of reach", where="arrivals", hint=hint)


Way: TypeAlias = Callable[[int, float], Needed]


def ways(work: Work, targets: Targets) -> tuple[Way, Way]:
    """How an answer is looked for, and how it is told: quickly, and as exactly as a plan can."""
    if isinstance(work, Calls):
        way = called(work, targets.threshold_seconds)
        return way, way
    threshold = targets.threshold_seconds
    return talking(work, threshold, 0), talking(work, threshold, PLAN_STATES)


def called(work: Calls, threshold: float) -> Way:
    """Agents who serve one at a time."""

    def of(agents: int, rate: float) -> Needed:
        load = rate / HOUR_S * work.aht_seconds
        if work.patience_seconds is not None:
            one = abandoning(agents, rate / HOUR_S, work.aht_seconds, work.patience_seconds, threshold)
            return Needed(agents, one.service_level, one.p_abandon, one.mean_wait_s, one.occupancy)
        if load >= agents:
            return Needed(agents, 0.0, 0.0, HOUR_S, load / agents)
        found = erlang_c(agents, load, work.aht_seconds, threshold)
        return Needed(agents, found.service_level, 0.0, found.asa_s, found.occupancy)

    return of


def talking(work: Talks, threshold: float, most_states: int) -> Way:
    """Agents with several at a time."""
    levels = [level_of(work.talk, k) for k in range(1, work.concurrency + 1)]
    each = work.talk.agent_seconds * work.talk.turns

    def of(agents: int, rate: float) -> Needed:
        one = chats(agents, levels, rate / HOUR_S, work.patience_seconds, threshold, each, most_states)
        return Needed(agents, one.service_level, one.p_abandon, one.mean_wait_s, one.occupancy, one.method)

    return of


def met(one: Needed, targets: Targets) -> bool:
    """Whether every target that is set is met."""
    return (
        (targets.service_level is None or one.service_level >= targets.service_level)
        and (targets.occupancy is None or one.occupancy <= targets.occupancy)
        and (targets.abandoned is None or one.p_abandon <= targets.abandoned)
        and one.occupancy < 1
    )


def fewest(enough: Callable[[int], bool], least: int, start: int) -> int:
    """The smallest number from `least` on that is enough, where more always is; looked for around `start`."""
    low, high, step = least - 1, min(start, MOST_AGENTS), 1
    while not enough(high):
        if high >= MOST_AGENTS:
            raise BadInput(f"{MOST_AGENTS:,} agents are not enough", where="arrivals", hint="ask for less")
        low, high, step = high, min(high + step, MOST_AGENTS), step * 2
    step = 1
    while low == least - 1 and high - step > low:
        if enough(high - step):
            high, step = high - step, step * 2
        else:
            low = high - step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def checked(work: Work) -> Work:
    """The same; BadInput names what cannot be."""
    if isinstance(work, Calls):
        seconds("aht_seconds", work.aht_seconds, "mean handling time")
    else:
        looked_at(work.talk)
        whole("concurrency", work.concurrency, MOST_CHATS, "conversations at a time of one agent")
    if work.patience_seconds is not None:
        seconds("patience_seconds", work.patience_seconds, "mean time until somebody gives up waiting")
    return work


def targets_checked(targets: Targets) -> Targets:
    """The same; BadInput names what cannot be: a promise that no number of agents keeps, too."""
    if targets.service_level is not None:
        share("service_level", targets.service_level, whole_too=False)
    seconds("threshold_seconds", targets.threshold_seconds, "time to get an agent in", above_zero=False)
    for name in ("occupancy", "abandoned"):
        value = getattr(targets, name)
        if value is not None and share(name, value) < 0.001:
            raise BadInput(f"{value:g} is out of reach", where=name, hint="a share from 0.001 on, 0.85 is 85 %")
    whole("least_agents", targets.least_agents, MOST_AGENTS, "agents at work even when nobody comes", least=0)
    return targets
