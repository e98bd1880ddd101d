"""How long an experiment takes, and how small an effect it can tell: Fleiss, without continuity correction.

Reference values: docs/reference/replay.md#days-to-detect; the tests hold them to the printed digit.
"""

from __future__ import annotations

from math import ceil, sqrt

from aparte.experiments.distributions import normal_quantile
from aparte.experiments.statistics import Summary, errors_of, required_sample

__all__ = ["days_needed", "days_to_detect", "detectable_difference", "detectable_effect", "required_sample"]


def days_to_detect(
    base: float, effect: float, per_day: float, holdout: float, *, power: float = 0.8, alpha: float = 0.05
) -> int | None:
    """Whole days until `per_day` candidates a day tell the share `base + effect` of the treated from `base`.

    `holdout` is the share of candidates in the control; n0 and n1 are those of `required_sample` with r = (1 - h) / h,
    and the days are max(n0 / (per_day h), n1 / (per_day (1 - h))), rounded up. None when no number of days would do:
    nobody held out, nobody treated, nobody a candidate, or a share beyond 1.
    """
    if not 0 < holdout < 1 or per_day <= 0 or effect <= 0 or not 0 <= base <= 1 or base + effect > 1:
        return None
    control, treated = required_sample(base, base + effect, power=power, alpha=alpha, ratio=(1 - holdout) / holdout)
    return ceil(max(control / (per_day * holdout), treated / (per_day * (1 - holdout))))


def detectable_effect(base: float, control: int, treated: int, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """The smallest rise over `base` that so many visitors tell, by halving, to a hundred-millionth."""
    low, high = 0.0, 1 - base
    while high - low > 1e-9:
        middle = (low + high) / 2
        needed, _ = required_sample(base, base + middle, power=power, alpha=alpha, ratio=treated / control)
        low, high = (low, middle) if needed <= control else (middle, high)
    return high


def days_needed(missing: int, per_day: float) -> int | None:
    """Whole days until `missing` more have come at `per_day` a day; 0 when none is missing, None when nobody comes."""
    if missing <= 0:
        return 0
    return ceil(missing / per_day) if per_day > 0 else None


def detectable_difference(control: Summary, treated: Summary, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """The smallest difference of two means that these sizes and variances tell, in the unit of the values.

    (z(1 - alpha/2) + z(power)) sqrt(v0/n0 + v1/n1). Raises BadInput when an arm has fewer than two values.
    """
    z = normal_quantile(1 - alpha / 2) + normal_quantile(power)
    return z * sqrt(sum(errors_of(control, treated, "detectable_difference")))
