"""Two arms of one population, and what may be said of them. Pure; formulas in docs/reference/first-report.md."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from aparte.experiments.sequential import LEAST_ORDERS, always_valid
from aparte.experiments.statistics import Effect, Sample, proportion, required_sample, srm, welch, wilson
from aparte.experiments.verdict import Evidence, Ruling
from aparte.experiments.verdict import verdict as ruling_of
from aparte.reports.model import Arm, Comparison, Verdict
from aparte.reports.population import Population, side
from aparte.reports.sales import Sales

DAY = 86_400_000
LEAST_VISITORS = 100
"""In each arm, before an interval is shown."""
LEAST_BUYERS = 10
"""Expected in each arm, before an interval is shown: below that the interval is too narrow for its name."""
UNEVEN_BELOW = 0.001
LEAST_EXPECTED = 5
"""Visitors expected in each arm, before the draw is tested."""
SMALLEST_EFFECT = 0.25
"""Worth knowing, relative to the conversion of the hold-out; decides the planned size, never the interval."""


class Spans(Struct, frozen=True, kw_only=True):
    """The times that a comparison needs, in milliseconds."""

    since: int
    until: int
    now: int
    horizon: int

    @property
    def seen_until(self) -> int:
        """The end of what can have been seen."""
        return min(self.until, self.now)


class Tally(Struct):
    """What is gathered of one arm."""

    n: int = 0
    buyers: int = 0
    sum: float = 0.0
    sumsq: float = 0.0
    times: list[int] = field(default_factory=list)
    """When each of its visitors became a candidate, also those too young to be compared."""

    def add(self, spent: float | None) -> None:
        """One visitor whose time to buy is over; None: he bought nothing."""
        self.n += 1
        if spent is not None:
            self.buyers += 1
            self.sum += spent
            self.sumsq += spent * spent


class Gathered(Struct):
    """Both arms, and who is in neither."""

    treated: Tally = field(default_factory=Tally)
    holdout: Tally = field(default_factory=Tally)
    young: int = 0
    returning: int = 0
    mixed: int = 0
    held_out: dict[str, int] = field(default_factory=dict)
    """The visitors of the hold-out who are compared, with their moment."""


def gather(people: Population, sales: Sales, spans: Spans, *, whole: bool) -> Gathered:
    """Put every candidate in his arm; the site's hold-out is in no campaign's comparison."""
    found = Gathered()
    for visitor, exposure in people.candidates.items():
        drawn = side(exposure.arm, whole=whole)
        if drawn == "site" and not whole:
            continue
        if visitor in people.earlier or visitor in people.mixed:
            found.returning += visitor in people.earlier
            found.mixed += visitor not in people.earlier
            continue
        arm = found.treated if drawn == "treated" else found.holdout
        arm.times.append(exposure.at)
        if exposure.at + spans.horizon > spans.now:
            found.young += 1
            continue
        arm.add(sales.within(visitor, exposure.at, spans.horizon))
        if arm is found.holdout:
            found.held_out[visitor] = exposure.at
    return found


def compare(
    people: Population,
    sales: Sales,
    spans: Spans,
    *,
    level: Literal["site", "campaign", "rule"],
    planned: float | None,
    wrote: Callable[[str, int], bool],
    invited: Callable[[str, int], bool],
) -> Comparison:
    """Treated against hold-out. What would tell the effect is left out where no effect may be told.

    `wrote` and `invited` say whether a visitor wrote by himself, or was invited by others, from a moment on.
    """
    found = gather(people, sales, spans, whole=level == "site")
    p = split_p(found, planned)
    verdict, first = state_of(found, planned, p)
    comparison = Comparison(
        level=level,
        verdict=verdict,
        treated=Arm(visitors=found.treated.n),
        holdout=Arm(visitors=found.holdout.n),
        dealt_treated=len(found.treated.times),
        dealt_holdout=len(found.holdout.times),
        planned_holdout=planned or 0.0,
        split_p=p,
        first_reading=first,
        days_needed=days_until(first, found, spans) if verdict == "too_early" else None,
        young=found.young,
        returning=found.returning,
        mixed=found.mixed,
        merged=len(people.merged),
        merged_share=len(people.merged) / (len(people.merged) + len(people.candidates)) if people.merged else 0.0,
        crossover=sum(wrote(visitor, at) for visitor, at in found.held_out.items()),
        invited_by_others=sum(invited(visitor, at) for visitor, at in found.held_out.items()),
    )
    return measured(comparison, found, spans) if verdict == "open" else comparison


def split_p(found: Gathered, planned: float | None) -> float | None:
    """P-value of the arms having been dealt in the planned shares; None where that cannot be asked yet."""
    counts = [len(found.holdout.times), len(found.treated.times)]
    if planned is None or not 0 < planned < 1 or sum(counts) * min(planned, 1 - planned) < LEAST_EXPECTED:
        return None
    return srm(counts, [planned, 1 - planned])


def state_of(found: Gathered, planned: float | None, p: float | None) -> tuple[Verdict, int]:
    """What can be said before any effect is looked at, and the size that a first reading asks for.

    Only the sizes and the share of buyers of both arms together count here, so the effect cannot choose its moment.
    """
    treated, holdout = found.treated, found.holdout
    everybody = treated.n + holdout.n
    pooled = max(treated.buyers + holdout.buyers, 1) / max(everybody, 1)
    first = max(LEAST_VISITORS, ceil(LEAST_BUYERS / pooled)) if everybody else LEAST_VISITORS
    if not treated.times and not holdout.times:
        return "empty", first
    if not planned and not holdout.times:
        return "no_holdout", first
    if p is not None and p < UNEVEN_BELOW:
        return "uneven", first
    enough = min(treated.n, holdout.n) >= first
    return ("open" if enough else "too_early"), first


def measured(comparison: Comparison, found: Gathered, spans: Spans) -> Comparison:
    """The same with its figures, and the verdict that they allow."""
    treated, holdout = found.treated, found.holdout
    conversion = welch(proportion(holdout.n, holdout.buyers), proportion(treated.n, treated.buyers))
    revenue = welch(Sample(holdout.n, holdout.sum, holdout.sumsq), Sample(treated.n, treated.sum, treated.sumsq))
    full = full_size(holdout, treated)
    base = holdout.buyers / holdout.n
    return replace(
        comparison,
        verdict=verdict_of(conversion, full is not None and holdout.n >= full),
        treated=arm(treated),
        holdout=arm(holdout),
        conversion=conversion,
        relative=conversion.estimate / base if base else None,
        revenue=revenue,
        incremental=scaled(revenue, treated.n),
        word=ruled(found, conversion, full, comparison.split_p).word,
        full_size=full,
        days_needed=days_until(full, found, spans) if full is not None and holdout.n < full else None,
    )


def ruled(found: Gathered, conversion: Effect, full: int | None, p: float | None) -> Ruling:
    """What the figures ask for, by the one rule there is. Of free agents nothing is known here: none is widened."""
    treated, holdout = found.treated, found.holdout
    orders = holdout.buyers, treated.buyers
    known = conversion.se and min(orders) >= LEAST_ORDERS
    always = always_valid(conversion, holdout.n + treated.n) if known else None
    return ruling_of(
        Evidence(
            fixed=(conversion.low, conversion.high) if conversion.se else None,
            always_valid=(always.low, always.high) if always is not None else None,
            visitors=(holdout.n, treated.n),
            orders=orders,
            planned=full,
            srm_p=p,
        )
    )


def verdict_of(conversion: Effect, complete: bool) -> Verdict:
    """Where an interval lies; what it asks for is the word of `aparte.experiments.verdict` alone."""
    if conversion.low > 0:
        return "gain"
    if conversion.high < 0:
        return "loss"
    return "undecided" if complete else "open"


def arm(one: Tally) -> Arm:
    """One arm with all its figures."""
    low, high = wilson(one.buyers, one.n)
    return Arm(
        visitors=one.n,
        buyers=one.buyers,
        conversion=one.buyers / one.n,
        conversion_low=low,
        conversion_high=high,
        revenue=one.sum,
    )


def scaled(effect: Effect, by: float) -> Effect:
    """The effect of so many visitors together."""
    return Effect(effect.estimate * by, effect.se * by, effect.low * by, effect.high * by, effect.p, effect.df)


def full_size(holdout: Tally, treated: Tally) -> int | None:
    """Visitors to hold out, at the ratio that there is, to see the smallest effect worth knowing; None: no base."""
    base = holdout.buyers / holdout.n
    target = base * (1 + SMALLEST_EFFECT)
    if not base or target >= 1:
        return None
    return required_sample(base, target, ratio=treated.n / holdout.n)[0]


def days_until(needed: int, found: Gathered, spans: Spans) -> int | None:
    """Whole days until so many of the smaller arm can be compared, at the pace of the period; None: nobody comes.

    Those who are here already only need time; others have to come first, and then need it too.
    """
    times = min((found.holdout.times, found.treated.times), key=len)
    if len(times) >= needed:
        wait = sorted(times)[needed - 1] + spans.horizon - spans.seen_until
    elif not times:
        return None
    else:
        lasted = max(spans.seen_until - min(found.holdout.times + found.treated.times), DAY)
        wait = ceil((needed - len(times)) * lasted / len(times)) + spans.horizon
    return max(ceil(wait / DAY), 1)
