"""The figures of two arms, from what is kept of them. Pure; formulas: docs/reference/incrementality.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from aparte.experiments.compliance import Arm, Cace, Naive, cace, naive
from aparte.experiments.pairs import adjusted, cuped_relative, ratio, theta
from aparte.experiments.sequential import LEAST_ORDERS, AlwaysValid, always_valid
from aparte.experiments.statistics import Effect, Summary, relative, welch
from aparte.experiments.winsor import threshold, winsorised
from aparte.kit.errors import BadInput
from aparte.reports.incrementality.cells import Cell
from aparte.reports.incrementality.model import Cannibal, Earned, Measure, Range

T = TypeVar("T")
PER = 1_000


def possible(figure: Callable[[], T]) -> T | None:
    """A figure, or None where these sums do not allow it."""
    try:
        return figure()
    except BadInput:
        return None


def measure(control: Summary, treated: Summary, buyers: tuple[int, int]) -> Measure:
    """A figure of both arms, compared; `buyers` decide from when on it may be looked at daily."""
    effect = welch(control, treated)
    return Measure(effect, possible(lambda: relative(control, treated)), banded(effect, control.n + treated.n, buyers))


def banded(effect: Effect, n: int, buyers: tuple[int, int]) -> AlwaysValid | None:
    """The always-valid interval, from 20 buyers in each arm on."""
    return possible(lambda: always_valid(effect, n)) if min(buyers) >= LEAST_ORDERS else None


def buyers_of(control: Cell, treated: Cell) -> tuple[int, int]:
    """Persons who converted."""
    return control.total("buyer"), treated.total("buyer")


def plain(control: Cell, treated: Cell, name: str) -> Measure:
    """A value of a person, as it is."""
    return measure(control.sample(name), treated.sample(name), buyers_of(control, treated))


def with_past(control: Cell, treated: Cell, name: str, past: str) -> Measure | None:
    """The same adjusted by what was known before the draw; None where nobody has a past."""
    pairs = control.pair(name, past), treated.pair(name, past)
    slope = theta(pairs)
    if not slope:
        return None
    before, after = (adjusted(pair, slope) for pair in pairs)
    effect = welch(before, after)
    always = banded(effect, control.n + treated.n, buyers_of(control, treated))
    return Measure(effect, possible(lambda: cuped_relative(*pairs)), always)


def basket(control: Cell, treated: Cell) -> Measure | None:
    """Revenue by orders: a ratio of sums, by delta; None while an arm has no order."""
    return possible(
        lambda: measure(
            ratio(control.pair("revenue", "orders")),
            ratio(treated.pair("revenue", "orders")),
            buyers_of(control, treated),
        )
    )


def cut_at_the_top(control: Cell, treated: Cell) -> tuple[Measure, float]:
    """Revenue of a person cut at what 99.9 % of both arms did not exceed, and that amount."""
    limit = threshold([*control.spent, *treated.spent], control.n + treated.n)
    before, after = (winsorised(one.spent, one.n, limit) for one in (control, treated))
    return measure(before, after, buyers_of(control, treated)), limit


def helped(control: Cell, treated: Cell, name: str = "buyer") -> Cace | None:
    """The effect on who speaks to an agent because he was invited; None while take-up does not differ."""
    binary = name == "buyer"
    before, after = (one.pair(name, "took", binary=binary) for one in (control, treated))
    return possible(lambda: cace(before, after))


def misleading(treated: Cell) -> Naive | None:
    """Who spoke against who did not, within the treated."""
    arm = Arm(
        n=treated.n, orders=treated.total("buyer"), took_up=treated.total("took"), both=treated.total("buyer*took")
    )
    return possible(lambda: naive(arm))


def against_the_rest(control: Cell, treated: Cell) -> float | None:
    """How many times as often who spoke has bought as all the rest; None while nobody spoke, or no other bought."""
    arms = (control, treated)
    buyers, took, both = (sum(one.total(name) for one in arms) for name in ("buyer", "took", "buyer*took"))
    n = control.n + treated.n
    rest = buyers - both
    return (both / took) / (rest / (n - took)) if took and rest else None


def earned(n: float, conversion: Measure, revenue: Measure, margin: Measure | None, net: Measure | None) -> Earned:
    """What so many of the treated brought more than they would have."""
    return Earned(
        visitors=n,
        orders=times(conversion.effect, n),
        revenue=times(revenue.effect, n),
        margin=times(margin.effect, n) if margin is not None else None,
        net=times(net.effect, n) if net is not None else None,
    )


def times(effect: Effect, n: float) -> Range:
    """The effect of so many."""
    return Range(effect.estimate * n, effect.low * n, effect.high * n)


def break_even(control: Cell, treated: Cell) -> float | None:
    """The conversion effect whose margin pays what conversations cost more among the treated; None without either."""
    orders = control.total("orders") + treated.total("orders")
    margin = control.total("margin") + treated.total("margin")
    if not orders or margin <= 0 or not treated.cost:
        return None
    return (treated.cost / treated.n - control.cost / control.n) / (margin / orders)


def cannibal(control: Cell, treated: Cell) -> Cannibal:
    """Whether orders after a conversation are orders that self-service has lost."""
    unaided, aided = (plain(control, treated, name) for name in ("unaided", "aided"))
    shares = tuple(
        one.total("unaided") / one.total("orders") if one.total("orders") else None for one in (control, treated)
    )
    displaced, why = displacement(control, treated)
    return Cannibal(
        unaided=unaided, aided=aided, self_service=(shares[0], shares[1]), displaced=displaced, why=why
    )  # fmt: skip


def displacement(control: Cell, treated: Cell) -> tuple[Range | None, str]:
    """Minus the change in unaided orders by that in aided ones: the same division as CACE's, so the same interval."""
    found = possible(lambda: cace(control.pair("unaided", "aided"), treated.pair("unaided", "aided")))
    if found is None:
        return None, "no_aided"
    if found.region.shape != "interval":
        return None, "too_few_aided"
    return Range(-found.estimate, -found.region.high, -found.region.low), ""
