"""The inputs of a business case as they were measured, and a plan held against them. Reads the facts, pure.

Each is counted as the scenario counts it: by month of 30.4 days, in units of the currency, shares of 1. What cannot be
measured says why; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from math import hypot, sqrt
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from aparte.experiments.distributions import normal_reach
from aparte.experiments.pairs import Pair, ratio
from aparte.experiments.statistics import Sample, mean_interval, wilson
from aparte.kit.days import HOUR
from aparte.planning.inputs import Estimate, Scenario, inputs
from aparte.planning.measured import compare
from aparte.reports.incrementality.model import Comparison, Cut, Incrementality, Level
from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.costing import labour_of
from aparte.reports.kpis.inviting import SHOWN
from aparte.reports.kpis.model import Figure
from aparte.reports.kpis.registry import find
from aparte.reports.kpis.serving import talks
from aparte.reports.numbers import day_of

DAYS_A_MONTH = 365.25 / 12
NO_CUTS: Mapping[Level, Sequence[Cut]] = {"site": (), "campaign": ()}
"""The comparisons as wholes are enough."""
Triple: TypeAlias = tuple[float, float, float]


class Measured(Struct, frozen=True, kw_only=True):
    """An input as it was found; without a value `why` says what is missing, in a word."""

    input: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    """95 % bounds; None: nothing varies that was counted."""
    n: int = 0
    why: str = ""

    @property
    def triple(self) -> Triple | None:
        """Low, value, high."""
        if self.value is None:
            return None
        known = self.low is not None and self.high is not None
        return (self.low or 0.0, self.value, self.high or 0.0) if known else (self.value,) * 3


class Row(Struct, frozen=True, kw_only=True):
    """An input as planned beside the same as measured; None where it is only one of the two."""

    input: str
    planned: Estimate | None
    measured: Measured
    inside: bool | None
    """The measured value lies in the planned range."""
    agrees: bool | None
    """The measured interval and the planned range touch."""


class Sources(Struct, frozen=True):
    """What is counted from: the questions to the facts, and the comparison with the hold-out."""

    asked: Asked
    compared: Incrementality

    @property
    def comparisons(self) -> list[Comparison]:
        """The campaign that is asked for; else the site's, where it holds out; else all campaigns that hold out."""
        campaign, campaigns = self.asked.scope.campaign, self.compared.campaigns
        if campaign is not None:
            return [one for one in campaigns if one.campaign == campaign]
        whole = self.compared.whole
        return [whole] if whole.control.dealt else [one for one in campaigns if one.control.dealt] or [whole]


Find: TypeAlias = Callable[[Sources], Measured]


def of_figure(figure: Figure, by: float = 1.0) -> Measured:
    """A KPI, divided."""
    if figure.value is None:
        return Measured(input="", n=figure.n, why="nothing")
    low, high = (None if one is None else one / by for one in (figure.low, figure.high))
    return Measured(input="", value=figure.value / by, low=low, high=high, n=figure.n)


def share(done: float, of: float) -> Measured:
    """So many of so many, with Wilson's interval."""
    if not of or done > of:
        return Measured(input="", n=round(of), why="nothing")
    low, high = wilson(round(done), round(of))
    return Measured(input="", value=done / of, low=low, high=high, n=round(of))


def a_month(table: str, more: str = "") -> Find:
    """How many a month: the mean of whole days, with the interval by which days differ."""

    def find_it(of: Sources) -> Measured:
        counts = by_day(of.asked, table, more)
        if not counts:
            return Measured(input="", why="no_whole_day")
        total, squares = float(sum(counts)), float(sum(one * one for one in counts))
        value = total / len(counts) * DAYS_A_MONTH
        if len(counts) < 2:
            return Measured(input="", value=value, n=int(total))
        low, high = mean_interval(Sample(len(counts), total, squares))
        return Measured(input="", value=value, low=max(low, 0.0) * DAYS_A_MONTH, high=high * DAYS_A_MONTH, n=int(total))

    return find_it


def by_day(asked: Asked, table: Any, more: str) -> list[int]:
    """How many on each day that is over, from the first on which anybody came."""
    where, values = asked.where(table, "t")
    found = {row["day"]: row["n"] for row in asked.rows(
        f"SELECT t.day AS day, count(*) AS n FROM {table} t WHERE {where} {more} GROUP BY t.day", values)}  # fmt: skip
    first = first_day(asked)
    last = min(asked.scope.until, day_of(asked.scope.now, asked.site.time_zone) - timedelta(days=1))
    if first is None or first > last:
        return []
    return [found.get(first + timedelta(days=n), 0) for n in range((last - first).days + 1)]


def first_day(asked: Asked) -> date | None:
    """Of the period, the first on which anybody came; before it, nothing was counted."""
    where, values = asked.where("session", "t")
    found: date | None = asked.one(f"SELECT min(t.day) AS day FROM session t WHERE {where}", values)["day"]
    return found


def sessions(asked: Asked) -> int:
    """Visits of the period."""
    where, values = asked.where("session", "t")
    return int(asked.one(f"SELECT count(*) AS n FROM session t WHERE {where}", values)["n"])


def eligible_covered(of: Sources) -> Measured:
    """Persons who entered the comparison, held out or not, by visits."""
    dealt = sum(one.control.dealt + one.treated.dealt for one in of.comparisons)
    return share(dealt, sessions(of.asked)) if dealt else Measured(input="", why="nobody_eligible")


def held_out(of: Sources) -> Measured:
    """Of them, those held out."""
    control = sum(one.control.dealt for one in of.comparisons)
    return share(control, control + sum(one.treated.dealt for one in of.comparisons))


def shown(of: Sources) -> Measured:
    """Of the treated, those who were shown an invitation."""
    where, values = of.asked.where("engagement")
    found = of.asked.one(
        f"""SELECT count(*) FILTER ({SHOWN}) AS shown, count(*) AS n FROM engagement
        WHERE {where} AND campaign <> '' AND candidate AND arm = 'treated' AND NOT merged""",
        values,
    )
    return share(found["shown"], found["n"])


def lift(of: Sources) -> Measured:
    """Buyers more for each who entered the comparison (ITT); of several campaigns, by how many each treated."""
    read = [
        (one, one.conversion.effect) for one in of.comparisons if one.conversion is not None and one.goal == "order"
    ]
    treated = sum(one.treated.visitors for one, _ in read)
    if not treated:
        return Measured(input="", why=of.comparisons[0].state if of.comparisons else "empty")
    weights = [(one.treated.visitors / treated, effect) for one, effect in read]
    value = sum(weight * effect.estimate for weight, effect in weights)
    below = hypot(*(weight * (effect.estimate - effect.low) for weight, effect in weights))
    above = hypot(*(weight * (effect.high - effect.estimate) for weight, effect in weights))
    n = treated + sum(one.control.visitors for one, _ in read)
    return Measured(input="", value=value, low=value - below, high=value + above, n=n)


def baskets(of: Sources) -> dict[str, Any]:
    """Orders that count: what they brought without tax and shipping, and of those whose margin is known, the margin."""
    where, values = of.asked.where("orders")
    kept = "CASE WHEN total > 0 THEN revenue * (amount / total) ELSE 0 END"
    return of.asked.one(
        f"""WITH o AS (SELECT coalesce(revenue, total)::DOUBLE AS brought, {kept} AS kept, margin::DOUBLE AS margin
            FROM orders WHERE {where} AND stands AND flag = '')
        SELECT count(*) AS n, sum(brought) AS sum, sum(brought * brought) AS sq, count(margin) AS of_margin,
            sum(margin) AS y, sum(margin * margin) AS yy, sum(kept) FILTER (margin IS NOT NULL) AS x,
            sum(kept * kept) FILTER (margin IS NOT NULL) AS xx, sum(kept * margin) AS xy FROM o""",
        values,
    )


def basket(of: Sources) -> Measured:
    """What an order brings, without tax and shipping."""
    found, unit = baskets(of), of.asked.minor
    if not found["n"]:
        return Measured(input="", why="no_orders")
    value = found["sum"] / found["n"] / unit
    if found["n"] < 2:
        return Measured(input="", value=value, n=found["n"])
    low, high = mean_interval(Sample(found["n"], found["sum"], found["sq"]))
    return Measured(input="", value=value, low=low / unit, high=high / unit, n=found["n"])


def gross_margin(of: Sources) -> Measured:
    """Margin by what the same orders brought: a ratio of sums."""
    found = baskets(of)
    if found["of_margin"] < 2 or not found["x"]:
        return Measured(input="", n=found["of_margin"], why="no_margins")
    told = ratio(Pair(found["of_margin"], found["y"], found["yy"], found["x"], found["xx"], found["xy"]))
    reach = normal_reach(0.95) * sqrt(told.variance / told.n)
    low, high = max(told.mean - reach, 0.0), min(told.mean + reach, 1.0)
    return Measured(input="", value=told.mean, low=low, high=high, n=told.n)


def labour(of: Sources) -> Measured:
    """What agents cost for each conversation that was answered; with an interval where each was timed by itself."""
    cost, missing, notes = labour_of(of.asked)
    answered = int(talks(of.asked)["answered"] or 0)
    if missing or not answered:
        return Measured(input="", n=answered, why="no_wage" if missing else "no_conversations")
    found = Measured(input="", value=cost / answered / of.asked.minor, n=answered)
    return timed(of.asked, found) if "handle_time" in notes else found


def timed(asked: Asked, found: Measured) -> Measured:
    """The same with the interval by which conversations differ."""
    where, values = asked.where("conversation")
    each = f"coalesce(cost, handle_ms / {HOUR}.0 * ?) / ?"
    told = asked.one(
        f"""SELECT count(c) AS n, sum(c) AS sum, sum(c * c) AS sq FROM (SELECT {each} AS c FROM conversation
        WHERE {where} AND answered_at IS NOT NULL)""",
        [asked.costs.wage, (1 - asked.costs.shrinkage) * asked.minor, *values],
    )
    if told["n"] < 2 or told["n"] != found.n:
        return found
    low, high = mean_interval(Sample(told["n"], told["sum"], told["sq"]))
    return replace(found, low=max(low, 0.0), high=high)


FIND: Mapping[str, Find] = {
    "visitors.visits_per_month": a_month("session"),
    "visitors.eligible_covered_share": eligible_covered,
    "visitors.hold_out_share": held_out,
    "invitation.shown_share": shown,
    "invitation.acceptance": lambda of: of_figure(find(of.asked, "acceptance")),
    "help.lift_per_eligible": lift,
    "orders.basket": basket,
    "orders.gross_margin": gross_margin,
    "orders.return_rate": lambda of: of_figure(find(of.asked, "return_rate")),
    "conversation.cost_per_conversation": labour,
    "stated.orders_per_month": a_month("orders", "AND t.stands"),
    "stated.conversations_per_month": a_month("conversation", "AND t.answered_at IS NOT NULL"),
}
"""By the input's path, in the order in which a case is read."""
KEY = tuple(FIND)[:-2]
"""Those that a comparison always has a row for."""


def measured(asked: Asked, compared: Incrementality) -> list[Measured]:
    """Every input that can be measured; in a worker thread."""
    sources = Sources(asked, compared)
    return [replace(find_it(sources), input=path) for path, find_it in FIND.items()]


def triples(found: Sequence[Measured]) -> dict[str, Triple]:
    """Those that have a value: low, value, high."""
    return {one.input: one.triple for one in found if one.triple is not None}


def rows(scenario: Scenario, found: Sequence[Measured]) -> list[Row]:
    """The plan beside what was measured."""
    planned = inputs(scenario)
    held = {one.input: one for one in compare(scenario, triples(found))}
    return [
        Row(
            input=one.input, planned=planned.get(one.input), measured=one,
            inside=held[one.input].inside if one.input in held else None,
            agrees=held[one.input].agrees if one.input in held else None,
        )
        for one in found if one.input in KEY or one.input in planned
    ]  # fmt: skip
