"""Goals with figures: what is wanted of a KPI, and where it stands. Pure.

A figure is in the KPI's own unit: a conversion of 2 % is 0.02, half a point is 0.005, an amount is in the currency's
smallest unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite
from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.kit.errors import BadInput

Direction: TypeAlias = Literal["at_least", "at_most"]
Window: TypeAlias = Literal["day", "week", "fortnight", "month", "quarter"]
Measure: TypeAlias = Literal["value", "times", "plus"]
"""How a target is told: as it is, as so many times the base, as so much more than the base."""
State: TypeAlias = Literal["unknown", "too_few", "point", "proven", "ahead", "behind", "missed"]
"""`proven` and `missed`: the interval lies wholly on one side of the target; `ahead` and `behind`: the point does.
`point`: the figure has no interval, so wherever it lies nothing is proven."""
Floor: TypeAlias = Literal["", "holds", "near", "broken"]
"""`near`: the point is under the floor, its interval is not; `broken`: the interval is, which sounds the alarm."""
Band: TypeAlias = Literal["", "best", "average", "below"]
KPI = re.compile(r"[a-z][a-z0-9_]{0,59}")
LONGEST_TEXT = 500
FAR = 1e15
"""A figure beyond it is no KPI's."""


class Bands(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is best and what is average in the sector, as the firm has entered it; whatever is worse is below."""

    best: float
    average: float
    source: str = ""


class Goal(Struct, frozen=True, kw_only=True):
    """What a site wants of a KPI."""

    id: str
    site: str
    kpi: str
    name: str
    target: float
    measure: Measure = "value"
    base: float | None = None
    """Where it stood before; a target in `times` or `plus` needs it."""
    direction: Direction = "at_least"
    window: Window = "month"
    definition: str = ""
    """What the figure includes, in the firm's words; a return on investment is no goal without it."""
    about: str = ""
    """A campaign's name; empty: the whole site."""
    min_n: int = 1
    floor: float | None = None
    """Never worse than this; an alarm when it surely is."""
    bands: Bands | None = None
    agreed_by: tuple[str, ...] = ()
    """The departments that have agreed on it: marketing, sales, accounting."""
    owner: str = ""
    sponsor: str = ""
    """Who looks after it, and who stands behind it."""
    changed_at: int = 0
    changed_by: str = ""


class Actual(Struct, frozen=True):
    """What was found: the figure, its interval, and of how many. Without bounds the figure has no interval."""

    value: float
    low: float | None
    high: float | None
    n: int


class Standing(Struct, frozen=True, kw_only=True):
    """Where a goal stands."""

    target: float
    state: State
    actual: Actual | None = None
    floor: Floor = ""
    band: Band = ""

    @property
    def alarm(self) -> bool:
        """Whether somebody has to be told."""
        return self.floor == "broken"


def checked_goal(goal: Goal) -> Goal:
    """The goal, when it can be judged; BadInput with the member that is wrong."""
    if not KPI.fullmatch(goal.kpi):
        raise BadInput(f"{goal.kpi[:60]!r} is no KPI", where="kpi", hint="a name such as chat_conversion")
    figures = {"target": goal.target, "base": goal.base, "floor": goal.floor}
    if goal.bands is not None:
        figures |= {"bands.best": goal.bands.best, "bands.average": goal.bands.average}
    for where, figure in figures.items():
        if figure is not None and not (isfinite(figure) and abs(figure) < FAR):
            raise BadInput("this is no figure of a KPI", where=where)
    told = {"name": goal.name, "definition": goal.definition, "owner": goal.owner, "sponsor": goal.sponsor}
    for where, text in [*told.items(), *(("agreed_by", one) for one in goal.agreed_by)]:
        if len(text) > LONGEST_TEXT:
            raise BadInput(f"it has more than {LONGEST_TEXT} characters", where=where)
    return checked_sense(goal)


def checked_sense(goal: Goal) -> Goal:
    """What one member says of another; BadInput."""
    if goal.measure != "value" and goal.base is None:
        raise BadInput(f"a target in {goal.measure!r} is told from a base", where="base", hint="say where it stood")
    if goal.measure == "times" and not goal.base:
        raise BadInput("so many times nothing is nothing", where="base", hint="say the target as a value")
    if goal.kpi.startswith("roi") and not goal.definition.strip():
        raise BadInput("a return says what it includes", where="definition", hint="which gains, and which costs")
    if goal.min_n < 1:
        raise BadInput("nothing is judged of nobody", where="min_n", hint="1 or more")
    if goal.bands is not None and worse(goal.bands.best, goal.bands.average, goal.direction):
        raise BadInput("the best of the sector is worse than its average", where="bands.best", hint="swap them")
    if goal.floor is not None and worse(wanted(goal), goal.floor, goal.direction):
        raise BadInput("the target is worse than the floor", where="floor", hint="a floor is what is never given up")
    return goal


def worse(one: float, other: float, direction: Direction) -> bool:
    """Whether the first is the worse of the two."""
    return one < other if direction == "at_least" else one > other


def wanted(goal: Goal) -> float:
    """The target as a value of the KPI."""
    if goal.measure == "times":
        return (goal.base or 0.0) * goal.target
    return (goal.base or 0.0) + goal.target if goal.measure == "plus" else goal.target


def judged(goal: Goal, actual: Actual | None) -> Standing:
    """Where a goal stands with what was found; `unknown` when nothing was, `too_few` below its `min_n`."""
    target = wanted(goal)
    if actual is None or actual.n < goal.min_n:
        return Standing(target=target, state="unknown" if actual is None else "too_few", actual=actual)
    return Standing(
        target=target,
        state=state_of(actual, target, goal.direction),
        actual=actual,
        floor="" if goal.floor is None else floor_of(actual, goal.floor, goal.direction),
        band="" if goal.bands is None else band_of(actual.value, goal.bands, goal.direction),
    )


def state_of(actual: Actual, target: float, direction: Direction) -> State:
    """Beyond the target, or short of it: surely, or as far as one sees."""
    ends = bounds(actual, direction)
    if ends is None:
        return "point"
    worst, best = ends
    if not worse(worst, target, direction):
        return "proven"
    if worse(best, target, direction):
        return "missed"
    return "behind" if worse(actual.value, target, direction) else "ahead"


def bounds(actual: Actual, direction: Direction) -> tuple[float, float] | None:
    """The worse and the better end of the interval; None where there is none."""
    if actual.low is None or actual.high is None:
        return None
    return (actual.low, actual.high) if direction == "at_least" else (actual.high, actual.low)


def floor_of(actual: Actual, floor: float, direction: Direction) -> Floor:
    """Whether the floor holds; noise alone breaks none, so a figure without an interval breaks none either."""
    ends = bounds(actual, direction)
    if ends is not None and worse(ends[1], floor, direction):
        return "broken"
    return "near" if worse(actual.value, floor, direction) else "holds"


def band_of(value: float, bands: Bands, direction: Direction) -> Band:
    """Where a figure stands in its sector."""
    if not worse(value, bands.best, direction):
        return "best"
    return "below" if worse(value, bands.average, direction) else "average"


def alarms(stood: Iterable[tuple[Goal, Standing]]) -> list[Goal]:
    """The goals whose floor is broken, in their order."""
    return [goal for goal, standing in stood if standing.alarm]
