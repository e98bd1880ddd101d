"""The statistics of experiments: the published numbers, and what must hold whatever the numbers are."""

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.experiments.distributions import chi2_tail, normal_quantile, t_quantile, t_two_sided
from aparte.experiments.statistics import Effect, Sample, proportion, required_sample, srm, welch, wilson
from aparte.kit.errors import BadInput

EXACT = 1e-9


@pytest.fixture(scope="module")
def reference(shared: Path) -> Any:
    return json.loads((shared / "reference" / "statistics_reference.json").read_text(encoding="utf-8"))


def assert_same(effect: Effect, known: Any) -> None:
    assert effect.estimate == pytest.approx(known["expected"], abs=EXACT)
    assert [effect.low, effect.high] == pytest.approx(known["ci"], abs=EXACT)
    assert effect.p == pytest.approx(known["pValue"], abs=EXACT)
    assert effect.se == pytest.approx(known["uplift"]["stddev"], abs=EXACT)


def test_welch_for_shares_gives_what_gbstats_gives(reference: Any) -> None:
    given = reference["inputs"]["proportion"]
    effect = welch(proportion(given["n0"], given["x0"]), proportion(given["n1"], given["x1"]))
    assert_same(effect, reference["gbstats_head"]["proportion/absolute/ttest"])


def test_welch_for_means_gives_what_gbstats_and_statsmodels_give(reference: Any) -> None:
    given = reference["inputs"]["mean"]
    effect = welch(*(Sample(given[f"n{i}"], given[f"s{i}"], given[f"q{i}"]) for i in (0, 1)))
    assert_same(effect, reference["gbstats_head"]["mean/absolute/ttest"])
    known = reference["statsmodels_scipy"]["welch"]
    assert (effect.estimate, effect.se, effect.df, effect.low, effect.high) == pytest.approx(
        (known["diff"], known["se"], known["df"], *known["ci95"]), rel=EXACT
    )


def test_wilson_and_the_sample_ratio_give_what_the_libraries_give(reference: Any) -> None:
    given = reference["inputs"]["proportion"]
    known = reference["statsmodels_scipy"]
    assert wilson(given["x0"], given["n0"]) == pytest.approx(known["proportion_confint/control/wilson"], abs=EXACT)
    for name, case in reference["inputs"]["srm"].items():
        assert srm(case["users"], case["weights"]) == pytest.approx(known[f"scipy.chisquare/{name}"][1], rel=EXACT)


def test_the_numbers_hold_without_the_reference_folder() -> None:
    effect = welch(proportion(10_000, 200), proportion(10_050, 251))
    assert (effect.low, effect.high) == pytest.approx((0.000871558609917035, 0.009078690146301867), abs=EXACT)
    assert effect.p == pytest.approx(0.01749255863777388, abs=EXACT)
    assert srm([1000, 9300], [0.1, 0.9]) == pytest.approx(0.3244623557511027, rel=EXACT)
    assert wilson(18, 100) == pytest.approx((0.117002, 0.266674), abs=1e-6)
    assert wilson(0, 20) == pytest.approx((0, 0.161125), abs=1e-6)


@pytest.mark.parametrize(
    ("base", "lift", "even", "tenth", "sure"),
    [
        (0.02, 1.25, 13_809, (7_925, 71_320), 18_486),
        (0.02, 1.05, 315_206, (176_436, 1_587_919), 421_971),
        (0.05, 1.10, 31_234, (17_596, 158_360), 41_813),
        (0.10, 1.20, 3_841, (2_186, 19_668), 5_142),
    ],
)
def test_sizes_are_those_of_fleiss(base: float, lift: float, even: int, tenth: tuple[int, int], sure: int) -> None:
    assert required_sample(base, base * lift) == (even, even)
    assert required_sample(base, base * lift, ratio=9) == tenth
    assert required_sample(base, base * lift, power=0.9)[0] == sure


@pytest.mark.parametrize(("df", "t"), [(1, 12.706204736432095), (2, 4.302652729911275), (30, 2.0422724563012373)])
def test_quantiles_of_t_are_those_of_the_tables(df: float, t: float) -> None:
    assert t_quantile(0.975, df) == pytest.approx(t, rel=EXACT)


@given(st.floats(1, 1e9), st.floats(1e-6, 30))
def test_t_is_wider_than_the_normal_and_its_tail_falls(df: float, t: float) -> None:
    assert 0 <= t_two_sided(t * 1.01, df) <= t_two_sided(t, df) <= 1
    assert t_two_sided(t, df) >= math.erfc(t / math.sqrt(2)) * (1 - 1e-9)


@given(st.floats(0.5001, 0.9999), st.floats(1, 1e8))
def test_a_quantile_is_the_inverse_of_its_tail(probability: float, df: float) -> None:
    assert t_two_sided(t_quantile(probability, df), df) / 2 == pytest.approx(1 - probability, abs=1e-10)
    assert math.erfc(normal_quantile(probability) / math.sqrt(2)) / 2 == pytest.approx(1 - probability, abs=1e-12)


def test_the_two_ways_to_the_tail_of_t_meet() -> None:
    """At 50 the logarithm of gamma goes over to a series, at a million t goes over to the normal."""
    for df, gap in ((100, 1e-9), (1e6, 1e-9)):
        below, above = t_two_sided(1.7, df * (1 - 1e-9)), t_two_sided(1.7, df * (1 + 1e-9))
        assert below == pytest.approx(above, rel=gap)


@given(st.integers(1, 12), st.floats(0.01, 60))
def test_chi_squared_grows_with_its_degrees_of_freedom(df: int, chi2: float) -> None:
    assert 0 < chi2_tail(chi2, df) <= chi2_tail(chi2, df + 1) <= 1


samples = st.lists(st.floats(-1e4, 1e4).map(lambda x: round(x, 2)), min_size=2, max_size=40)


def sample(values: list[float]) -> Sample:
    return Sample(len(values), math.fsum(values), math.fsum(v * v for v in values))


@given(samples, samples)
def test_swapping_the_arms_turns_the_effect_round(a: list[float], b: list[float]) -> None:
    there, back = welch(sample(a), sample(b)), welch(sample(b), sample(a))
    assert (there.estimate, there.low, there.high) == pytest.approx((-back.estimate, -back.high, -back.low), abs=1e-6)
    assert there.p == pytest.approx(back.p, abs=1e-9)
    assert there.low <= there.estimate <= there.high


@given(samples, samples, st.sampled_from([0.25, 2.0, 1024.0]))
def test_another_currency_changes_the_effect_by_its_rate_and_not_its_p(
    a: list[float], b: list[float], rate: float
) -> None:
    one = welch(sample(a), sample(b))
    other = welch(sample([v * rate for v in a]), sample([v * rate for v in b]))
    assert other.estimate == pytest.approx(one.estimate * rate, rel=1e-9, abs=1e-9)
    assert other.se == pytest.approx(one.se * rate, rel=1e-9, abs=1e-9)
    assert other.p == pytest.approx(one.p, abs=1e-9)


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_holds_the_share_and_stays_a_share(successes: int, more: int) -> None:
    n = successes + more - 1 or 1
    successes = min(successes, n)
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n <= high <= 1


def test_of_a_thousand_intervals_ninety_five_in_a_hundred_hold_the_truth() -> None:
    """Skewed amounts, unequal arms and variances: what revenue looks like. The bounds are four standard errors wide."""
    dice, held = random.Random(7), 0
    for _ in range(1000):
        control = [dice.expovariate(1 / 40) if dice.random() < 0.3 else 0.0 for _ in range(120)]
        treated = [dice.expovariate(1 / 50) if dice.random() < 0.3 else 0.0 for _ in range(400)]
        effect = welch(sample(control), sample(treated))
        held += effect.low <= 3.0 <= effect.high
    assert 0.92 <= held / 1000 <= 0.98


def test_what_cannot_be_estimated_is_refused() -> None:
    with pytest.raises(BadInput, match="fewer than two"):
        welch(proportion(1, 0), proportion(10, 1))
    with pytest.raises(BadInput, match="nobody"):
        wilson(0, 0)
    with pytest.raises(BadInput, match="planned shares"):
        srm([0, 0], [0.5, 0.5])
    with pytest.raises(BadInput, match="no sample tells"):
        required_sample(0.02, 0.02)
