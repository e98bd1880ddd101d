"""What may come: the case over draws from the ranges of its inputs."""

from __future__ import annotations

from msgspec import Struct

from aparte.planning.inputs import Scenario

DRAWS = 10_000
DOTS = 50
MOST_DRAWS = 200_000


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
    raise NotImplementedError
