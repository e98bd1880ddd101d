"""The shapes of a figure: a share, a mean, a quantile, a rate by hour. Never a division by zero: it says which term."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

from msgspec.structs import replace

from aparte.experiments.distributions import normal_reach
from aparte.experiments.statistics import Sample, mean_interval, wilson
from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.model import Bound, Figure, Part, Row

Z = normal_reach(0.95)


def part(name: str, value: float | None) -> Part:
    """A term; nothing is 0."""
    return Part(name, value or 0)


def early(found: Figure, waiting: float | None, name: str) -> Figure:
    """The same; where nothing is over yet, that is why, and who is waited for is among its parts."""
    parts = (*found.parts, part(name, waiting)) if waiting else found.parts
    why = f"early:{name}" if found.value is None and waiting else found.why
    return replace(found, parts=parts, why=why)


def share(done: Part, of: Part) -> Figure:
    """How many of how many, with Wilson's interval."""
    if not of.value:
        return Figure(why=f"none:{of.name}", parts=(done, of))
    low, high = wilson(round(done.value), round(of.value))
    return Figure(value=done.value / of.value, n=round(of.value), low=low, high=high, parts=(done, of))


def odds(yes: Part, no: Part) -> Figure:
    """So many to one; bounds are those of the share p by Wilson, as p / (1 - p): without an upper one at p = 1."""
    if not no.value:
        return Figure(why=f"none:{no.name}", parts=(yes, no), n=round(yes.value))
    low, high = wilson(round(yes.value), n := round(yes.value + no.value))
    return Figure(value=yes.value / no.value, n=n, low=low / (1 - low), high=high / (1 - high), parts=(yes, no))


def quotient(above: Part, below: Part, n: float, bounds: Bound | None = None) -> Figure:
    """One number by another, of `n` observations."""
    if not below.value:
        return Figure(why=f"none:{below.name}", parts=(above, below), n=round(n))
    low, high = (None, None) if bounds is None else (bounds.low, bounds.high)
    return Figure(value=above.value / below.value, n=round(n), low=low, high=high, parts=(above, below))


def mean(total: Part, count: Part, sumsq: float | None) -> Figure:
    """A mean with Student's interval; from two values on there is one."""
    found = quotient(total, count, count.value)
    if count.value < 2 or sumsq is None:
        return found
    low, high = mean_interval(Sample(round(count.value), total.value, float(sumsq)))
    return replace(found, low=low, high=high)


def byar(count: float) -> tuple[float, float]:
    """95 % bounds of a number of events that come independently (Byar's approximation of the Poisson's)."""
    n = count + 1
    low = count * (1 - 1 / (9 * count) - Z / (3 * sqrt(count))) ** 3 if count else 0.0
    return max(low, 0.0), n * (1 - 1 / (9 * n) + Z / (3 * sqrt(n))) ** 3


def per_hour(count: Part, hours: Part) -> Figure:
    """Events by the hour; the hours are known, the events come as they come."""
    low, high = byar(count.value)
    below = hours.value or 1
    return quotient(count, hours, count.value, Bound(0, low / below, high / below))


def cost_of_one(cost: Part, count: Part) -> Figure:
    """A known cost by a number of events; without a lower bound on the events there is no upper one on the cost."""
    low, high = byar(count.value)
    found = quotient(cost, count, count.value)
    return replace(found, low=cost.value / high, high=cost.value / low if low else None) if count.value else found


def quantile(asked: Asked, q: float, column: str, source: str, values: Sequence[Any], of: str) -> Figure:
    """A quantile of a column, NULL left out, with the interval of its ranks q -+ z sqrt(q (1 - q) / n).

    Where the ranks go beyond the first or the last value there is no interval.

    `source`: what stands after FROM, with its condition. `of` names what is counted.
    """
    n = int(asked.one(f"SELECT count({column}) AS n FROM {source}", values)["n"])
    counted = (Part(of, n),)
    if not n:
        return Figure(why=f"none:{of}", parts=counted)
    reach = Z * sqrt(q * (1 - q) / n)
    ranks = [q, q - reach, q + reach] if q - reach > 0 and q + reach < 1 else [q]
    asks = ", ".join(f"quantile_cont({column}, {rank:.9f}) AS q{i}" for i, rank in enumerate(ranks))
    found = asked.one(f"SELECT {asks} FROM {source}", values)
    low, high = (float(found["q1"]), float(found["q2"])) if len(ranks) > 1 else (None, None)
    return Figure(value=float(found["q0"]), n=n, low=low, high=high, parts=counted)


def row(name: str, found: Figure, campaign: str = "") -> Row:
    """A figure as a row of another; of a rule with its campaign."""
    return Row(
        name=name, value=found.value, n=found.n, low=found.low, high=found.high, why=found.why, parts=found.parts,
        campaign=campaign,
    )  # fmt: skip


def unknown(name: str, parts: tuple[Part, ...] = ()) -> Figure:
    """Nobody has told a term."""
    return Figure(why=f"unknown:{name}", parts=parts)
