"""Two arms, what may be said of them, and what the figures are. Pure."""

from __future__ import annotations

from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from aparte.experiments.multiple import benjamini_hochberg, holm
from aparte.experiments.sizing import days_needed
from aparte.experiments.statistics import required_sample, srm, wilson
from aparte.experiments.verdict import Evidence, Ruling, verdict
from aparte.reports.compare import DAY, LEAST_BUYERS, LEAST_EXPECTED, LEAST_VISITORS, SMALLEST_EFFECT, UNEVEN_BELOW
from aparte.reports.incrementality import measures
from aparte.reports.incrementality.cells import Cell, Part
from aparte.reports.incrementality.model import Comparison, Level, Measure, Notes, Side, State

WHY: dict[State, str] = {
    "empty": "nobody was a candidate",
    "no_holdout": "everybody is treated, so there is nothing to compare with",
    "too_early": "there are too few to say anything",
    "uneven": "the arms are not dealt as planned, so no figure of this comparison holds",
    "selected": "whoever left before the delay of his variant was over is in no part",
    "read": "",
}


class Known(Struct, frozen=True, kw_only=True):
    """What is known beside the arms."""

    level: Level
    goal: str = "order"
    planned_holdout: float | None = None
    seen_until: int = 0
    """The end of what can have been seen; ms."""
    margins: bool = True
    """Some order's margin is known."""
    unused_capacity: bool = False
    variant_unknown: int = 0


def compare(part: Part, control: Cell, treated: Cell, known: Known) -> Comparison:
    """Treated against hold-out. Figures are there only where the sizes allow them, never because of what they say."""
    campaign, cut, value = part
    p = split_p(control.dealt, treated.dealt, known.planned_holdout)
    state, first = state_of(control, treated, known.planned_holdout, p)
    state = "selected" if known.variant_unknown and state in ("read", "too_early") else state
    found = Comparison(
        level=known.level,
        campaign=campaign,
        cut=cut,
        value=value,
        goal="lead" if known.goal == "lead" else "order",
        state=state,
        why=WHY[state],
        control=Side(dealt=control.dealt, visitors=control.n),
        treated=Side(dealt=treated.dealt, visitors=treated.n),
        planned_holdout=known.planned_holdout,
        srm_p=p,
        first_reading=first,
        verdict=silent(state, first, control, treated, known),
        notes=notes(control, treated, known),
    )
    return read(found, control, treated, known) if state == "read" else found


def split_p(holdout: int, treated: int, planned: float | None) -> float | None:
    """P-value of the arms having been dealt in the planned shares; None where that cannot be asked yet."""
    if planned is None or not 0 < planned < 1 or (holdout + treated) * min(planned, 1 - planned) < LEAST_EXPECTED:
        return None
    return srm([holdout, treated], [planned, 1 - planned])


def state_of(control: Cell, treated: Cell, planned: float | None, p: float | None) -> tuple[State, int]:
    """What can be said before any effect is looked at, and the persons to hold out for a first reading."""
    everybody = control.n + treated.n
    pooled = max(control.total("buyer") + treated.total("buyer"), 1) / max(everybody, 1)
    first = max(LEAST_VISITORS, ceil(LEAST_BUYERS / pooled)) if everybody else LEAST_VISITORS
    if not control.dealt and not treated.dealt:
        return "empty", first
    if not planned and not control.dealt:
        return "no_holdout", first
    if p is not None and p < UNEVEN_BELOW:
        return "uneven", first
    return ("read" if min(control.n, treated.n) >= first else "too_early"), first


def silent(state: State, first: int, control: Cell, treated: Cell, known: Known) -> Ruling:
    """The verdict where there are no figures."""
    if state == "uneven":
        return Ruling("srm_alarm", None, WHY[state])
    if state != "too_early":
        return Ruling("not_yet_known", None, WHY[state])
    smaller = min((control, treated), key=lambda one: one.n)
    pace = per_day(smaller, control, treated, known.seen_until)
    days = days_needed(first - smaller.n, pace) if pace else None
    return Ruling("not_yet_known", days, f"{max(first - smaller.n, 0):,} more persons have to be in the smaller arm")


def per_day(one: Cell, control: Cell, treated: Cell, seen_until: int) -> float | None:
    """Persons dealt to an arm in a day of the period; None: nobody was dealt."""
    begun = [cell.first_at for cell in (control, treated) if cell.first_at is not None]
    return one.dealt * DAY / max(seen_until - min(begun), DAY) if begun else None


def notes(control: Cell, treated: Cell, known: Known) -> Notes:
    """What has to be known beside the figures."""
    arms = (control, treated)
    exposures, merged = sum(one.exposures for one in arms), sum(one.merged for one in arms)
    return Notes(
        young=sum(one.young for one in arms),
        returning=sum(one.returning for one in arms),
        mixed=sum(one.mixed for one in arms),
        merged=merged,
        merged_share=merged / (merged + exposures) if merged else 0.0,
        crossover=control.talked,
        invited_by_others=control.invited,
        uncosted=sum(one.uncosted for one in arms),
        variant_unknown=known.variant_unknown,
    )


def read(found: Comparison, control: Cell, treated: Cell, known: Known) -> Comparison:
    """The same with its figures."""
    conversion, revenue = (measures.plain(control, treated, name) for name in ("buyer", "revenue"))
    margins = known.margins and bool(control.total("margin") or treated.total("margin"))
    costed = margins and bool(control.cost or treated.cost) and not found.notes.uncosted
    margin = measures.plain(control, treated, "margin") if margins else None
    net = measures.plain(control, treated, "net") if costed else None
    winsorised, limit = measures.cut_at_the_top(control, treated)
    gains = (conversion, revenue, margin, net)
    planned = planned_size(control, treated)
    return replace(
        found,
        control=side(control, margins=margins),
        treated=side(treated, margins=margins),
        conversion=conversion,
        revenue=revenue,
        margin=margin,
        net=net,
        winsorised=winsorised,
        winsor_limit=limit,
        cuped_conversion=measures.with_past(control, treated, "buyer", "earlier_orders"),
        cuped_revenue=measures.with_past(control, treated, "revenue", "earlier_revenue"),
        basket=measures.basket(control, treated),
        cace=measures.helped(control, treated),
        cace_revenue=measures.helped(control, treated, "revenue"),
        naive=measures.misleading(treated),
        naive_ratio=measures.against_the_rest(control, treated),
        earned=measures.earned(treated.n, *gains),
        per_thousand=measures.earned(measures.PER, *gains),
        break_even=measures.break_even(control, treated) if costed else None,
        planned=planned,
        verdict=ruled(found, conversion, control, treated, planned, known),
        cannibal=measures.cannibal(control, treated),
    )


def side(one: Cell, *, margins: bool) -> Side:
    """One arm with all its figures."""
    buyers, orders, revenue = one.total("buyer"), one.total("orders"), one.total("revenue")
    low, high = wilson(buyers, one.n)
    return Side(
        dealt=one.dealt,
        visitors=one.n,
        buyers=buyers,
        conversion=buyers / one.n,
        low=low,
        high=high,
        orders=orders,
        revenue=revenue,
        margin=one.total("margin") if margins else None,
        cost=one.cost,
        took_up=one.total("took"),
        basket=revenue / orders if orders else None,
    )


def planned_size(control: Cell, treated: Cell) -> int | None:
    """Persons to hold out, in the ratio that there is, to tell the smallest change worth knowing; None: no base."""
    base = control.total("buyer") / control.n
    target = base * (1 + SMALLEST_EFFECT)
    return required_sample(base, target, ratio=treated.n / control.n)[0] if base and target < 1 else None


def ruled(
    found: Comparison, conversion: Measure, control: Cell, treated: Cell, planned: int | None, known: Known
) -> Ruling:
    """What the figures ask for: by the conversion, absolute scale."""
    always, effect = conversion.always, conversion.effect
    return verdict(
        Evidence(
            fixed=(effect.low, effect.high) if effect.se else None,
            always_valid=(always.low, always.high) if always is not None else None,
            visitors=(control.n, treated.n),
            orders=measures.buyers_of(control, treated),
            planned=planned,
            srm_p=found.srm_p,
            unused_capacity=known.unused_capacity,
            per_day=per_day(control, control, treated, known.seen_until),
        )
    )


def together(comparisons: list[Comparison]) -> list[Comparison]:
    """The same, each knowing that it is one of several: p-values by Holm, and by Benjamini and Hochberg."""
    ps = [one.conversion.effect.p for one in comparisons if one.conversion is not None]
    told = iter(zip(holm(ps), benjamini_hochberg(ps), strict=True))
    return [
        replace(one, **dict(zip(("p_holm", "p_bh"), next(told), strict=True))) if one.conversion is not None else one
        for one in comparisons
    ]
