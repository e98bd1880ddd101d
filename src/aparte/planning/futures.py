"""What may come: the case over draws from the ranges of its inputs.

An input is drawn from two half normal laws joined at its value: the value is the median, and the truth falls below low
and above high with the same chance, (1 - within) / 2 each. Inputs are drawn apart from one another, each from a stream
of its own that the seed and its path make: one range moved leaves the draws of the others as they were.
"""

from __future__ import annotations

from statistics import NormalDist
from zlib import crc32

import numpy as np
from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.planning.checking import check
from aparte.planning.inputs import Estimate, Scenario, inputs
from aparte.planning.roi import OUTPUTS, worked
from aparte.planning.units import unit_of
from aparte.planning.workings import Figure, Figures, Inputs

DRAWS = 10_000
DOTS = 50
LEAST_DRAWS, MOST_DRAWS = 100, 200_000
MOST_SEED = 2**63 - 1
EXTRA = ("break_even_lift", "pay_back_months", "lift_per_eligible")


class Range(Struct, frozen=True):
    """An output over the draws: its mean, and the values below which 10, 50 and 90 of 100 draws fall."""

    mean: float
    low: float
    median: float
    high: float


class Futures(Struct, frozen=True, kw_only=True):
    """The case over many draws. Ranges are by the field of `Result` (and break_even_lift, pay_back_months).

    `expected` is the mean net gain a year, `low` to `high` hold it eight times in ten; `dots` are 50 equally likely
    futures of it, in rising order; `winning_dots` are those above 0, `winning_share` is the share of all draws.
    `never_pays_back`: the share of draws in which the pay-back lies beyond the horizon (left out of its range).
    """

    seed: int
    draws: int
    expected: float
    low: float
    high: float
    winning_share: float
    dots: tuple[float, ...]
    winning_dots: int
    never_pays_back: float
    month: dict[str, Range]
    horizon: dict[str, Range]
    year: dict[str, Range]


def futures(scenario: Scenario, seed: int = 1, draws: int = DRAWS) -> Futures:
    """The case over `draws` draws; the same seed gives the same futures."""
    check_draws(seed, draws)
    found = worked(check(scenario), drawn(scenario, seed, draws))
    gain = np.broadcast_to(found.year["net_gain"], draws)
    low, high = np.quantile(gain, (0.1, 0.9))
    dots = np.quantile(gain, (np.arange(DOTS) + 0.5) / DOTS) + 0.0
    more = {"break_even_lift": found.break_even, "pay_back_months": found.pay_back, "lift_per_eligible": found.lift}
    return Futures(
        seed=seed,
        draws=draws,
        expected=mean_of(gain),
        low=float(low),
        high=float(high),
        winning_share=float((gain > 0).mean()),
        dots=tuple(dots.tolist()),
        winning_dots=int((dots > 0).sum()),
        never_pays_back=float(np.isnan(found.pay_back).mean()),
        month=ranges(found.month),
        horizon=ranges(found.horizon | more),
        year=ranges(found.year),
    )


def check_draws(seed: int, draws: int) -> None:
    """A seed and a number of draws that mean something."""
    if not 0 <= seed <= MOST_SEED:
        raise BadInput(f"{str(seed)[:24]} is no seed", where="seed", hint=f"a whole number from 0 to {MOST_SEED}")
    if not LEAST_DRAWS <= draws <= MOST_DRAWS:
        raise BadInput(
            f"{str(draws)[:24]} draws", where="draws", hint=f"a whole number from {LEAST_DRAWS} to {MOST_DRAWS:,}"
        )


def drawn(scenario: Scenario, seed: int, draws: int) -> Inputs:
    """A figure of each input for each draw; one without a range is the same in all."""
    return {
        path: np.asarray(estimate.value) if estimate.known else draw(path, estimate, seed, draws)
        for path, estimate in inputs(scenario).items()
    }


def draw(path: str, estimate: Estimate, seed: int, draws: int) -> Figure:
    """Draws of one input, none beyond what its unit allows."""
    normal = np.random.Generator(np.random.PCG64([seed, crc32(path.encode())])).standard_normal(draws)
    reach = NormalDist().inv_cdf((1 + estimate.within) / 2)
    width = np.where(normal < 0, estimate.value - estimate.low, estimate.high - estimate.value) / reach
    unit = unit_of(path)
    return np.clip(estimate.value + width * normal, unit.least, unit.most)


def mean_of(figure: Figure) -> float:
    """The mean; of one figure many times it is that figure, whatever the last digit of their sum."""
    return float(np.clip(figure.mean(), figure.min(), figure.max()))


def ranges(found: Figures) -> dict[str, Range]:
    """The range of each output that can be told."""
    told = {name: range_of(found[name]) for name in (*OUTPUTS, *EXTRA) if name in found}
    return {name: one for name, one in told.items() if one is not None}


def range_of(figure: Figure) -> Range | None:
    """Mean and 10, 50, 90 of 100 of the draws in which the output is known; None when it is in none."""
    there = figure[~np.isnan(figure)] if figure.ndim else figure
    if there.size == 0 or np.isnan(there).all():
        return None
    low, median, high = np.quantile(there, (0.1, 0.5, 0.9))
    return Range(mean_of(there), float(low), float(median), float(high))
