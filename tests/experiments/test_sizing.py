"""How long an experiment takes: the reference table to the printed digit, and days from it."""

from __future__ import annotations

import pytest

from aparte.experiments.sizing import days_to_detect, detectable_effect, required_sample

TABLE = [
    (0.02, 1.05, 315_206, (176_436, 1_587_919), 421_971),
    (0.02, 1.10, 80_682, (45_476, 409_284), 108_009),
    (0.02, 1.25, 13_809, (7_925, 71_320), 18_486),
    (0.05, 1.10, 31_234, (17_596, 158_360), 41_813),
    (0.10, 1.10, 14_751, (8_302, 74_718), 19_747),
    (0.10, 1.20, 3_841, (2_186, 19_668), 5_142),
]


@pytest.mark.parametrize(("base", "lift", "even", "tenth", "sure"), TABLE)
def test_sizes_are_those_of_the_table(base: float, lift: float, even: int, tenth: tuple[int, int], sure: int) -> None:
    assert required_sample(base, base * lift) == (even, even)
    assert required_sample(base, base * lift, ratio=9) == tenth
    assert required_sample(base, base * lift, power=0.9)[0] == sure


def test_the_smallest_effect_that_a_sample_tells_is_that_of_the_table() -> None:
    assert round(detectable_effect(0.05, 10_000, 10_000), 8) == 0.00899310
    assert round(detectable_effect(0.02, 5_000, 45_000), 8) == 0.00641328


def test_days_are_the_size_of_the_slower_arm_by_its_candidates_a_day() -> None:
    assert days_to_detect(0.02, 0.005, 1_000, 0.5) == 28  # 13,809 of 500 a day
    assert days_to_detect(0.02, 0.005, 1_000, 0.1) == 80  # 7,925 of 100 a day
    assert days_to_detect(0.02, 0.005, 7_925 / 0.1, 0.1) == 1
    assert days_to_detect(0.02, 0.005, 7_924 / 0.1, 0.1) == 2


@pytest.mark.parametrize(
    ("base", "effect", "per_day", "holdout"),
    [(0.02, 0.02, 100, 0.0), (0.02, 0.02, 100, 1.0), (0.02, 0.02, 0, 0.1), (0.99, 0.02, 100, 0.1), (0.1, 0, 9, 0.1)],
)
def test_what_no_number_of_days_tells_is_never(base: float, effect: float, per_day: float, holdout: float) -> None:
    assert days_to_detect(base, effect, per_day, holdout) is None
