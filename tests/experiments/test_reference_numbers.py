"""The published numbers: every key of the statistics reference that is to be matched, within 1e-9."""

import json
from pathlib import Path
from typing import Any

import pytest

from aparte.experiments.compliance import Arm, cace, homoskedastic_se, naive, own_baseline, pairs_of
from aparte.experiments.multiple import benjamini_hochberg, holm
from aparte.experiments.pairs import Pair, cuped, cuped_relative, ratio, theta
from aparte.experiments.proportions import newcombe, score, wald, z_test
from aparte.experiments.sequential import always_valid
from aparte.experiments.statistics import Effect, Sample, proportion, relative, srm, welch, wilson
from aparte.experiments.uplift import qini

EXACT = 1e-9


def near(known: Any) -> Any:
    return pytest.approx(known, abs=EXACT)


def test_the_committed_copy_is_the_reference(shared: Path, numbers: Any) -> None:
    whole = json.loads((shared / "reference" / "statistics_reference.json").read_text("utf-8"))
    for group, keys in numbers.items():
        if group != "_about":
            assert {name: whole[group][name] for name in keys} == keys


def arms(numbers: Any, kind: str) -> tuple[Any, Any]:
    given = numbers["inputs"][kind]
    match kind:
        case "proportion":
            return tuple(proportion(given[f"n{i}"], given[f"x{i}"]) for i in "01")  # type: ignore[return-value]
        case "mean":
            return tuple(Sample(given[f"n{i}"], given[f"s{i}"], given[f"q{i}"]) for i in "01")  # type: ignore[return-value]
        case "ratio":
            names = ("n", "m", "mm", "d", "dd", "md")
            return tuple(ratio(Pair(*(given[name + i] for name in names))) for i in "01")  # type: ignore[return-value]
        case _:
            names = ("n", "y", "yy", "x", "xx", "xy")
            return tuple(Pair(*(given[name + i] for name in names)) for i in "01")  # type: ignore[return-value]


def compared(numbers: Any, kind: str, scale: str) -> tuple[Effect, int]:
    control, treated = arms(numbers, kind.removesuffix("_mean"))
    if kind == "cuped_mean":
        found = cuped(control, treated) if scale == "absolute" else cuped_relative(control, treated)
    else:
        found = welch(control, treated) if scale == "absolute" else relative(control, treated)
    return found, control.n + treated.n


KINDS = ["proportion", "mean", "ratio", "cuped_mean"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", ["absolute", "relative"])
def test_the_interval_for_one_look_is_that_of_gbstats(numbers: Any, kind: str, scale: str) -> None:
    known, (found, _) = numbers["gbstats_head"][f"{kind}/{scale}/ttest"], compared(numbers, kind, scale)
    assert [found.low, found.high] == near(known["ci"])
    assert (found.estimate, found.se) == near((known["expected"], known["uplift"]["stddev"]))
    assert found.p == near(known["pValue"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", ["absolute", "relative"])
def test_the_interval_for_looking_daily_is_that_of_gbstats(numbers: Any, kind: str, scale: str) -> None:
    known = numbers["gbstats_head"][f"{kind}/{scale}/sequential_N5000"]
    always = always_valid(*compared(numbers, kind, scale))
    assert [always.low, always.high] == near(known["ci"])
    assert always.p == near(known["pValue"])


def test_theta_of_cuped(numbers: Any) -> None:
    assert theta(arms(numbers, "cuped")) == near(numbers["gbstats_head"]["cuped_theta"])


def test_welch_is_that_of_statsmodels_and_scipy(numbers: Any) -> None:
    known = numbers["statsmodels_scipy"]
    found = welch(*arms(numbers, "mean"))
    assert [found.low, found.high] == near(known["welch"]["ci95"])
    assert (found.estimate, found.se) == near((known["welch"]["diff"], known["welch"]["se"]))
    assert found.df == pytest.approx(known["welch"]["df"], rel=EXACT)
    assert (found.estimate / found.se, found.p) == near(tuple(known["scipy.ttest_ind_from_stats(welch)"]))


def test_intervals_of_shares_are_those_of_statsmodels(numbers: Any) -> None:
    known, (control, treated) = numbers["statsmodels_scipy"], arms(numbers, "proportion")
    assert wilson(200, 10_000) == near(known["proportion_confint/control/wilson"])
    assert newcombe(control, treated) == near(known["confint_proportions_2indep/diff/newcomb"])
    assert wald(control, treated) == near(known["confint_proportions_2indep/diff/wald"])
    assert z_test(control, treated) == near(tuple(known["proportions_ztest(pooled)"]))
    assert z_test(control, treated, pooled=False) == near(tuple(known["test_proportions_2indep(wald,diff)"]))
    assert score(control, treated, as_statsmodels=True) == near(known["confint_proportions_2indep/diff/score"])


def test_several_p_values_are_adjusted_as_by_statsmodels(numbers: Any) -> None:
    given, known = numbers["inputs"]["pvalues"], numbers["statsmodels_scipy"]
    assert holm(given) == near(known["multipletests/holm"])
    assert benjamini_hochberg(given) == near(known["multipletests/fdr_bh"])


def test_the_sample_ratio_is_that_of_scipy_and_gbstats(numbers: Any) -> None:
    for name, case in numbers["inputs"]["srm"].items():
        found = srm(case["users"], case["weights"])
        assert found == pytest.approx(numbers["statsmodels_scipy"][f"scipy.chisquare/{name}"][1], rel=EXACT)
        assert found == pytest.approx(numbers["gbstats_head"][f"srm/{name}"], rel=EXACT)


def test_compliance_is_that_of_statsmodels_and_linearmodels(numbers: Any) -> None:
    given, known = numbers["inputs"]["compliance"], numbers["statsmodels_scipy"]["compliance"]
    taken, declined = given["z1_d1_y"], given["z1_d0_y"]
    invited = Arm(n=given["z1_n"], orders=taken + declined, took_up=given["z1_d1_n"], both=taken)
    pairs = pairs_of(Arm(n=given["z0_n"], orders=given["z0_y"]), invited)
    found, misled = cace(*pairs), naive(invited)
    itt = welch(pairs[0].first, pairs[1].first)
    assert (pairs[1].first.mean, pairs[0].first.mean) == near((known["rate_invited"], known["rate_holdout"]))
    assert (itt.estimate, itt.se, found.take_up) == near((known["itt"], known["itt_se"], known["takeup"]))
    assert found.estimate == near(known["cace_wald"]) == near(known["cace_2sls_statsmodels"])
    assert found.se == near(known["cace_se_delta"]) == near(known["cace_2sls_se_HC0"])
    assert [found.estimate, found.se] == near(numbers["tea_tasting_linearmodels"]["linearmodels IV2SLS robust (CACE)"])
    assert itt.se / found.take_up == near(known["cace_se_itt_over_takeup"])
    assert homoskedastic_se(*pairs) == near(known["cace_2sls_se_homoskedastic"])
    assert (misled.takers, misled.decliners) == near((known["acceptor_rate"], known["decliner_rate"]))
    assert misled.takers - misled.decliners == near(known["naive_accept_minus_decline"])
    assert (misled.ratio, misled.claimed) == near((known["naive_ratio"], known["naive_incremental_sales"]))
    assert misled.decliners == near(known["never_taker_rate"])
    assert own_baseline(invited, found.estimate) == near(known["complier_control_mean"])
    assert itt.estimate * invited.n == near(known["incremental_sales"])


def test_qini_is_that_of_scikit_uplift(numbers: Any) -> None:
    numpy = pytest.importorskip("numpy")
    dice, n = numpy.random.default_rng(7), 4000
    x = dice.normal(size=n)
    treated = dice.integers(0, 2, n)
    outcome = dice.random(n) < 0.10 + treated * (0.04 + 0.08 * (x > 0))
    rank = numpy.round(x + 0.5 * dice.normal(size=n), 6)
    known = numbers["uplift_metrics"]
    assert (sum(outcome.tolist()), sum(treated.tolist())) == (known["sum_y"], known["sum_t"])
    found = qini([int(y) for y in outcome], rank.tolist(), treated.tolist())
    assert found == near(known["sklift"]["qini_auc_score"])
