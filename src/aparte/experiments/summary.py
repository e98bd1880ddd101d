"""A comparison of two arms from their sums: what `aparte experiment compare` prints. Pure.

A number that cannot be told is None, and `why` beside it says the reason; there is never a NaN or an infinity.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from aparte.experiments.compliance import Arm, Region, cace, pairs_of
from aparte.experiments.given import Given, Sums
from aparte.experiments.sequential import always_valid
from aparte.experiments.statistics import Effect, Sample, proportion, relative, required_sample, srm, welch
from aparte.experiments.verdict import Evidence, Ruling, verdict
from aparte.kit.errors import BadInput

WORTH_KNOWING = 0.25
"""The relative change that a comparison without a planned size is sized for, as in the first report."""

Block = dict[str, Any]


def summary(given: Given) -> Block:
    """ITT on orders per visitor, CACE, revenue per visitor, the sample ratio's p, and the verdict; 95 %, absolute."""
    control, treated = given.control, given.treated
    itt = block(proportion(control.n, control.orders), proportion(treated.n, treated.orders))
    found: Block = {"itt": itt, "cace": cace_block(control, treated), "revenue": revenue_block(control, treated)}
    found["srm_p"] = srm([control.n, treated.n], given.weights) if given.weights else None
    ruling, planned = ruled(given, itt, found["srm_p"])
    found |= {"verdict": ruling.word, "why": ruling.why, "days_needed": ruling.days, "planned": planned}
    return found


def block(control: Sample, treated: Sample) -> Block:
    """One figure of both arms, compared."""
    found = welch(control, treated)
    n = control.n + treated.n
    told: Block = {"estimate": found.estimate, "se": found.se}
    if not found.se:
        why = "nothing varies in either arm, so there is no interval: wait for the first orders"
        told |= {"ci": None, "p": None, "always_valid_ci": None, "always_valid_p": None, "why": why}
    else:
        always = always_valid(found, n)
        told |= {"ci": [found.low, found.high], "p": found.p}
        told |= {"always_valid_ci": [always.low, always.high], "always_valid_p": always.p}
    return finite(told | {"relative": relative_block(control, treated, found)})


def relative_block(control: Sample, treated: Sample, absolute: Effect) -> Block:
    """The same as a share of the control's figure."""
    try:
        found = relative(control, treated)
    except BadInput:
        return {"estimate": None, "ci": None, "why": "the control's figure is 0, and nothing is a share of it"}
    if not absolute.se:
        return {"estimate": found.estimate, "ci": None, "why": "nothing varies in either arm"}
    return finite({"estimate": found.estimate, "ci": [found.low, found.high]})


def revenue_block(control: Sums, treated: Sums) -> Block:
    """Revenue per visitor, in the unit of the sums."""
    if control.sum is None or control.sumsq is None or treated.sum is None or treated.sumsq is None:
        nothing = dict.fromkeys(("estimate", "se", "ci", "p", "always_valid_ci", "always_valid_p"))
        why = "sum and sumsq are not given for both arms"
        return {**nothing, "relative": {"estimate": None, "ci": None, "why": why}, "why": why}
    samples = (Sample(arm.n, s, q) for arm, s, q in (
        (control, control.sum, control.sumsq), (treated, treated.sum, treated.sumsq)
    ))  # fmt: skip
    return block(*samples)


def cace_block(control: Sums, treated: Sums) -> Block:
    """The effect on those who took the help up, in orders per such visitor."""
    nothing = dict.fromkeys(("estimate", "se", "ci", "anderson_rubin_ci", "take_up"))
    if treated.took_up is None:
        return nothing | {"why": "took_up is not given for the treated arm"}
    arms = [
        Arm(n=arm.n, orders=arm.orders, took_up=arm.took_up or 0, both=known_both(arm)) for arm in (control, treated)
    ]
    try:
        found = cace(*pairs_of(*arms))
    except BadInput as error:
        return nothing | {"why": f"{error.what}: {error.hint}"}
    told: Block = {"estimate": found.estimate, "se": found.se, "ci": [found.low, found.high], "take_up": found.take_up}
    told |= region_block(found.region)
    if not found.se:
        told |= {"ci": None, "why": "nothing varies in either arm, so there is no interval: wait for the first orders"}
    if any(arm.took_up and arm.both is None for arm in arms):
        told["assumed"] = "took_up_orders is not given: put at what they are if takers bought like the others"
    return finite(told)


def known_both(arm: Sums) -> int | None:
    """Those who did both; nobody where nobody took up."""
    return arm.took_up_orders if arm.took_up else 0


def region_block(region: Region) -> Block:
    """The interval of Anderson and Rubin as far as it is one; an end at infinity is None."""
    match region.shape:
        case "interval":
            ends = [end if isfinite(end) else None for end in (region.low, region.high)]
            return {"anderson_rubin_ci": ends} | ({"why": "too few took up to bound it"} if None in ends else {})
        case "outside":
            why = "too few took up: only what lies between the excluded is refused"
            return {"anderson_rubin_ci": [None, None], "anderson_rubin_excludes": [region.low, region.high], "why": why}
        case "everything":
            return {"anderson_rubin_ci": [None, None], "why": "too few took up: no effect at all is refused"}
        case "nothing":
            why = "orders differ although take-up does not: the invitation acts by itself"
            return {"anderson_rubin_ci": None, "why": why}


def ruled(given: Given, itt: Block, srm_p: float | None) -> tuple[Ruling, int | None]:
    """The verdict and the size it was measured by.

    Without `planned` these figures are taken for the only look that there is, and the size, where the interval holds 0,
    is the one that tells a change of 25 % of the control's conversion.
    """
    control, treated = given.control, given.treated
    planned = given.planned or size_worth_knowing(control, treated)
    known = Evidence(
        fixed=bounds(itt["ci"]),
        always_valid=bounds(itt["always_valid_ci"]),
        visitors=(control.n, treated.n),
        orders=(control.orders, treated.orders),
        planned=planned,
        only_look=given.planned is None,
        srm_p=srm_p,
        unused_capacity=given.unused_capacity,
        per_day=control.n / given.days if given.days else None,
    )
    return verdict(known), planned


def bounds(pair: list[float] | None) -> tuple[float, float] | None:
    """Both ends, or None."""
    return (pair[0], pair[1]) if pair else None


def size_worth_knowing(control: Sums, treated: Sums) -> int | None:
    """Visitors to hold out, in the ratio that there is; None without orders in control, or when all ordered."""
    base = control.orders / control.n
    target = base * (1 + WORTH_KNOWING)
    if not base or target >= 1:
        return None
    return required_sample(base, target, ratio=treated.n / control.n)[0]


def finite(told: Block) -> Block:
    """The same with None for each number that overflowed, and the reason."""
    for name, value in told.items():
        numbers = value if isinstance(value, list) else [value]
        if any(isinstance(one, float) and not isfinite(one) for one in numbers):
            told = told | {name: None, "why": "these sums are beyond what can be reckoned with"}
    return told
