"""The words of the KPIs: what one is, what is found for it, and what it needs beside the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct, field

if TYPE_CHECKING:
    from aparte.reports.kpis.asked import Asked

Unit: TypeAlias = Literal["share", "points", "money", "number", "ms", "ratio"]
"""`share`: a fraction of 1; `points`: -100 to 100; `money`: minor units; `ms`: milliseconds; `ratio`: a pure number."""
Better: TypeAlias = Literal["up", "down", "neither"]
Interval: TypeAlias = Literal["wilson", "nps", "t", "ranks", "byar", "odds", "welch", "of_lift", "none"]
"""How bounds are found; in words in `words.INTERVALS`."""


class Part(Struct, frozen=True):
    """A term of a figure: its numerator, its denominator, what is taken off. `name` is a key of `words.PARTS`."""

    name: str
    value: float


class Row(Struct, frozen=True, kw_only=True):
    """A figure of one page, channel, agent, rule or step; `campaign`: whose rule."""

    name: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    why: str = ""
    parts: tuple[Part, ...] = ()
    campaign: str = ""


class Figure(Struct, frozen=True, kw_only=True):
    """What is found. Without a value `why` says which term is missing; `low` and `high` are 95 % bounds."""

    kpi: str = ""
    value: float | None = None
    n: int = 0
    """Observations: the denominator of a share, the answers of a mean, the orders of an average."""
    low: float | None = None
    high: float | None = None
    why: str = ""
    """`none:PART` nothing to divide by, `unknown:PART` nobody has told, `early:PART` not over yet; else a code."""
    parts: tuple[Part, ...] = ()
    """The numerator first, then the denominator."""
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    """Keys of `words.NOTES`: what to read it with."""
    ignored: tuple[str, ...] = ()
    """Filters that are set and that it knows nothing of."""


class Kpi(Struct, frozen=True, kw_only=True):
    """One KPI as it is defined; texts by language, `fr` and `en`."""

    id: str
    group: str
    name: dict[str, str]
    definition: dict[str, str]
    formula: str
    sources: tuple[str, ...]
    """Lines of the requirements that it answers."""
    unit: Unit
    better: Better
    interval: Interval
    causal: bool = False
    """Whether it says what help has caused, rather than describes."""


class Bound(Struct, frozen=True):
    """A number with its 95 % bounds; amounts in minor units."""

    value: float
    low: float
    high: float


class Incremental(Struct, frozen=True):
    """What inviting has added in a period, by the randomised hold-out; None where nothing can be compared."""

    orders: Bound | None = None
    revenue: Bound | None = None
    margin: Bound | None = None


class Hours(Struct, frozen=True):
    """Paid and logged-in hours of the agents in scope, and their wages in minor units, before shrinkage."""

    paid: float
    logged: float
    wages: float
    unpaid: float = 0.0
    """Hours of `paid` of agents whose wage nobody has told."""


class Beside(Struct, frozen=True):
    """What a report needs beside the facts; what is not given makes figures unknown, never 0."""

    hours: Hours | None = None
    incremental: Incremental | None = None
    by_channel: Mapping[str, Incremental] = field(default_factory=dict)


Find: TypeAlias = Callable[["Asked"], Figure]
