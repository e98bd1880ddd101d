"""The worked examples that the reference prints: to the digit as they stand there."""

import pytest

from aparte.experiments.compliance import Arm, Region, anderson_rubin, cace, naive, own_baseline, pairs_of
from aparte.experiments.pairs import Pair
from aparte.experiments.proportions import nps, nps_answers, nps_wave, top_box, wald
from aparte.experiments.shrinkage import Prior, beta_binomial, funnel
from aparte.experiments.sizing import days_needed, detectable_difference, detectable_effect
from aparte.experiments.statistics import (
    SRM_ALARM,
    Sample,
    mean_interval,
    required_sample,
    srm,
    welch,
    wilson,
)
from aparte.experiments.words import word_scores
from aparte.kit.errors import BadInput

CONTROL, TREATED = Arm(n=1000, orders=50), Arm(n=9000, orders=540, took_up=900, both=180)


def test_the_worked_case_of_a_pilot() -> None:
    pairs = pairs_of(CONTROL, TREATED)
    control, treated = (pair.first for pair in pairs)
    itt = welch(control, treated)
    assert (round(itt.estimate, 6), round(itt.se, 8), round(itt.estimate / itt.se, 4)) == (0.01, 0.00733258, 1.3638)
    assert [round(end, 6) for end in wald(control, treated)] == [-0.004372, 0.024372]
    assert [round(9000 * end, 1) for end in wald(control, treated)] == [-39.3, 219.3]
    found = cace(*pairs)
    assert (round(found.estimate, 6), round(found.se, 7)) == (0.1, 0.0731817)
    assert (round(found.low, 4), round(found.high, 4)) == (-0.0434, 0.2434)
    assert found.region.shape == "interval"
    assert (round(found.region.low, 4), round(found.region.high, 4)) == (-0.0439, 0.2435)
    misled = naive(TREATED)
    assert (misled.takers, round(misled.decliners, 5), round(misled.ratio or 0, 9)) == (0.2, 0.04444, 4.5)
    baseline = own_baseline(TREATED, found.estimate)
    assert (round(baseline, 9), round(misled.takers / baseline, 9)) == (0.1, 2.0)
    assert round(itt.estimate * 9000 / 180, 9) == 0.5  # of the 180 attributed orders, half are additional


def test_the_standard_error_hardly_depends_on_what_nobody_has_counted() -> None:
    known = cace(*pairs_of(CONTROL, TREATED))
    guessed = cace(*pairs_of(CONTROL, Arm(n=9000, orders=540, took_up=900)))
    assert guessed.estimate == known.estimate
    assert guessed.se == pytest.approx(known.se, rel=0.005)
    for both in (0, 540):
        extreme = cace(*pairs_of(CONTROL, Arm(n=9000, orders=540, took_up=900, both=both)))
        assert guessed.se == pytest.approx(extreme.se, rel=0.02)


@pytest.mark.parametrize(("take_up", "n"), [(1.0, 435), (0.5, 1_471), (0.2, 8_158), (0.1, 31_234), (0.05, 122_124)])
def test_few_who_accept_dilute_the_effect(take_up: float, n: int) -> None:
    assert required_sample(0.05, 0.05 + 0.05 * take_up) == (n, n)


def test_the_smallest_effects_that_are_seen() -> None:
    assert round(detectable_effect(0.05, 10_000, 10_000), 8) == 0.00899310
    assert round(detectable_effect(0.02, 5_000, 45_000), 8) == 0.00641328
    spent = Sample(10_000, 30_000, 900_000)
    seen = detectable_difference(spent, spent)
    assert seen == pytest.approx(2.8015851 * (2 * spent.variance / 10_000) ** 0.5, rel=1e-7)
    assert (days_needed(100, 30), days_needed(0, 0), days_needed(5, 0)) == (4, 0, None)


def test_wilson_and_the_sample_ratios() -> None:
    assert [round(end, 6) for end in wilson(18, 100)] == [0.117002, 0.266674]
    assert [round(end, 6) for end in wilson(0, 20)] == [0, 0.161125]
    assert srm([1_000, 9_300], [0.1, 0.9]) > SRM_ALARM
    assert srm([3_332, 2_996], [0.5, 0.5]) < SRM_ALARM
    assert srm([1_000, 1_000, 1_000, 700], [1, 1, 1, 1]) < SRM_ALARM < srm([1_000, 990, 1_010, 1_005], [1, 1, 1, 1])


def test_surveys() -> None:
    answered = nps(50, 20, 100)
    assert (answered.score, round(answered.se, 3)) == (30, 7.810)
    assert nps_answers(0.5, 0.2, 5) == 938
    assert nps_wave((0.5, 0.2), (0.55, 0.15)) == 903
    best = top_box([5, 5, 10, 30, 50])
    assert (best.n, best.value, (best.low, best.high)) == (100, 0.8, wilson(80, 100))
    assert top_box([5, 5, 10, 30, 50], boxes=3).value == 0.9
    assert mean_interval(Sample(4, 20, 110)) == pytest.approx((5 - 2.9050, 5 + 2.9050), abs=1e-3)
    for refused in (lambda: nps(60, 50, 100), lambda: nps(0, 0, 0), lambda: top_box([0, 0, 0, 0, 0])):
        with pytest.raises(BadInput):
            refused()


ORDERS, CHATS = (22, 15, 30, 8, 3, 41), (100, 90, 140, 60, 10, 160)


def test_agents_on_a_funnel() -> None:
    found = funnel(ORDERS, CHATS)
    assert (found.center, round(found.phi, 6), round(found.q, 6)) == (0.2125, 0.950128, 5.700769)
    assert [round(z, 4) for z in found.z] == [0.1833, -1.0629, 0.0517, -1.4990, 0.6764, 1.3528]
    assert round(found.tau2, 9) == 0.000266305
    for one, n in zip(found.limits, CHATS, strict=True):
        assert 0 <= one.low998 <= one.low95 < 0.2125 < one.high95 < one.high998 <= 1
        assert one.high95 - 0.2125 >= 1.95996 * (0.2125 * 0.7875 / n) ** 0.5
    drawn = funnel(ORDERS, CHATS, winsor=0.2)
    assert drawn.q < found.q


def test_without_excess_variance_all_agents_are_drawn_to_the_common_share() -> None:
    prior = beta_binomial(ORDERS, CHATS)
    assert prior == Prior(0.2125, None)
    assert prior.shrunk(41, 160) == 0.2125
    fixed = Prior(8 / 40, 40)
    shrunk = [round(fixed.shrunk(x, n), 6) for x, n in zip(ORDERS, CHATS, strict=True)]
    assert shrunk == [0.214286, 0.176923, 0.211111, 0.16, 0.22, 0.245]
    for none in ((0, 0, 0), (9, 9, 9)):
        assert beta_binomial(none, (9, 9, 9)).strength is None
        assert funnel(none, (9, 9, 9)).phi == 0


def test_with_excess_variance_the_prior_is_the_likeliest_one() -> None:
    """SciPy's own betabinom, maximised, finds mean 0.3277386 and strength 3.42109 for these."""
    prior = beta_binomial((22, 5, 60, 8, 9, 41), (100, 90, 140, 60, 10, 160))
    assert prior.strength is not None
    assert (round(prior.mean, 4), round(prior.strength, 3)) == (0.3277, 3.421)


def test_words_that_tell_two_groups_apart() -> None:
    first = {"livraison": 30, "gratuite": 20, "bonjour": 50, "désolé": 2}
    second = {"livraison": 10, "gratuite": 5, "bonjour": 60, "désolé": 25}
    found = {word: round(z, 6) for word, z in word_scores(first, second).items()}
    assert found == {"livraison": 3.497608, "gratuite": 2.984159, "bonjour": -2.215080, "désolé": -4.005276}
    assert word_scores(second, first)["bonjour"] == pytest.approx(2.215080, abs=1e-6)
    for refused in (({}, {}), ({"seul": 3}, {"seul": 2})):
        with pytest.raises(BadInput):
            word_scores(*refused)


def test_what_anderson_and_rubin_say_when_hardly_anybody_takes_up() -> None:
    """Two who accepted bound nothing; the interval of the delta method would pretend to."""
    weak = cace(*pairs_of(Arm(n=100, orders=5), Arm(n=100, orders=6, took_up=2, both=1)))
    assert weak.region.shape == "everything"
    assert weak.region.holds(-1e9)
    assert weak.region.holds(weak.estimate)
    strong = cace(*pairs_of(Arm(n=1000, orders=5), Arm(n=1000, orders=60, took_up=2, both=1)))
    assert strong.region.shape == "outside"
    assert strong.region.holds(strong.estimate)
    assert not strong.region.holds(0.0)
    nobody = (Pair(1000, 5, 5, 0, 0, 0, binary=True), Pair(1000, 60, 60, 0, 0, 0, binary=True))
    assert anderson_rubin(*nobody) == Region("nothing")
    assert anderson_rubin(nobody[0], nobody[0]) == Region("everything")
    with pytest.raises(BadInput, match="take-up does not differ"):
        cace(*nobody)
