"""What must hold of every comparison, whatever the numbers are."""

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aparte.experiments.compliance import Arm, cace, pairs_of, region_of
from aparte.experiments.multiple import benjamini_hochberg, holm
from aparte.experiments.pairs import Pair, cuped, ratio, theta
from aparte.experiments.proportions import newcombe, nps, restricted, score
from aparte.experiments.sequential import always_valid
from aparte.experiments.shrinkage import beta_binomial, funnel
from aparte.experiments.statistics import Sample, proportion, relative, welch
from aparte.experiments.uplift import qini, qini_curve
from aparte.experiments.winsor import threshold, winsorised
from aparte.experiments.words import word_scores
from aparte.kit.errors import BadInput

near = pytest.approx
counts = st.integers(2, 5_000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@given(counts, counts)
def test_swapping_the_arms_turns_every_interval_of_shares_round(a: Any, b: Any) -> None:
    control, treated = proportion(*a), proportion(*b)
    for interval in (newcombe, score):
        there, back = interval(control, treated), interval(treated, control)
        assert there == near((-back[1], -back[0]), abs=1e-7)
        assert there[0] - 1e-9 <= treated.mean - control.mean <= there[1] + 1e-9
        assert there[0] >= -1 - 1e-9
        assert there[1] <= 1 + 1e-9


@given(counts, counts, st.floats(-0.95, 0.95))
def test_the_restricted_share_is_the_likeliest_that_differs_by_so_much(a: Any, b: Any, d: float) -> None:
    control, treated = proportion(*a), proportion(*b)

    def likelihood(low: float) -> float:
        found = 0.0
        for sample, share in ((control, low), (treated, low + d)):
            for seen, chance in ((sample.sum, share), (sample.n - sample.sum, 1 - share)):
                found += seen * math.log(chance) if seen and chance > 0 else -math.inf if seen else 0.0
        return found

    best, least, most = restricted(control, treated, d), max(0.0, -d), min(1.0, 1 - d)
    assert least - 1e-12 <= best <= most + 1e-12
    inside = min(max(best, least + 1e-9), most - 1e-9)
    for step in (1e-4, -1e-4):
        if least + 1e-9 < inside + step < most - 1e-9:
            assert likelihood(inside + step) <= likelihood(inside) + 1e-6


@given(counts, counts, st.integers(2, 20))
def test_more_of_the_same_narrows_every_interval(a: Any, b: Any, times: int) -> None:
    assume(0 < a[1] < a[0] and 0 < b[1] < b[0])
    few = [proportion(*a), proportion(*b)]
    many = [proportion(n * times, x * times) for n, x in (a, b)]
    once, again = welch(*few), welch(*many)
    assert again.high - again.low < once.high - once.low
    first = always_valid(once, a[0] + b[0])
    later = always_valid(again, (a[0] + b[0]) * times)
    assert later.high - later.low < first.high - first.low
    if min(a[0], b[0]) >= 30:  # else Student's t is wider than any normal interval
        assert first.low < once.low < once.estimate < once.high < first.high  # it costs something to look daily
    assert relative(*many).se < relative(*few).se


@given(counts, counts)
def test_the_always_valid_p_and_interval_say_the_same(a: Any, b: Any) -> None:
    assume(0 < a[1] < a[0] and 0 < b[1] < b[0])
    found = always_valid(welch(proportion(*a), proportion(*b)), a[0] + b[0])
    assume(abs(found.p - 0.05) > 1e-6)
    assert (found.p < 0.05) == (not found.low <= 0 <= found.high)
    assert 0 <= found.p <= 1


arms = st.integers(2, 3_000).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, n), st.floats(0, 1))
)


def arm(n: int, orders: int, took: int, share: float) -> Arm:
    fewest, most = max(0, orders + took - n), min(orders, took)
    return Arm(n=n, orders=orders, took_up=took, both=round(fewest + share * (most - fewest)))


@given(arms, arms)
def test_the_region_holds_the_estimate_and_swapping_the_arms_changes_nothing(a: Any, b: Any) -> None:
    """Both ITT and take-up change their sign, so CACE stays."""
    control, treated = arm(*a), arm(*b)
    assume(control.took_up * treated.n != treated.took_up * control.n)
    there, back = cace(*pairs_of(control, treated)), cace(*pairs_of(treated, control))
    assert (there.estimate, there.se) == near((back.estimate, back.se), rel=1e-6, abs=1e-9)
    assert there.low <= there.estimate <= there.high
    region = there.region
    slack = 1e-6 * (1 + abs(there.estimate))
    assert any(region.holds(there.estimate + step) for step in (0, slack, -slack))
    assert region.shape == back.region.shape or min(abs(region.low), abs(region.high)) > 1e3


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-5, 5), st.floats(-50, 50))
def test_a_region_is_where_its_quadratic_is_not_above_nothing(a: float, b: float, e: float, c: float) -> None:
    value = a * c * c + 2 * b * c + e
    assume(abs(value) > 1e-6 and (not a or abs(a) > 1e-6) and (a or not b or abs(b) > 1e-6))
    assert region_of(a, b, e).holds(c) == (value <= 0)


p_values = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(p_values, st.floats(0.001, 0.5))
def test_holm_is_stricter_than_benjamini_hochberg_and_bonferroni_than_holm(ps: list[float], alpha: float) -> None:
    strict, mild = holm(ps), benjamini_hochberg(ps)
    for p, one, other in zip(ps, strict, mild, strict=True):
        assert p - 1e-12 <= other <= one + 1e-12
        assert one <= min(1.0, p * len(ps)) + 1e-12
        assert 0 <= other <= one + 1e-12 <= 1 + 1e-11
    rank = sorted(range(len(ps)), key=ps.__getitem__)
    for adjusted in (strict, mild):
        assert [adjusted[i] for i in rank] == sorted(adjusted)
    assert {i for i, p in enumerate(strict) if p <= alpha} <= {i for i, p in enumerate(mild) if p <= alpha + 1e-12}
    assert holm(ps[:1]) == ps[:1] == benjamini_hochberg(ps[:1])


def test_what_is_no_p_value_is_refused() -> None:
    for bad in (1.2, -0.1, math.nan):
        with pytest.raises(BadInput):
            holm([0.1, bad])
    assert holm([]) == benjamini_hochberg([]) == []


values = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), min_size=3, max_size=30)


def pair(found: list[tuple[float, float]]) -> Pair:
    return Pair(
        len(found),
        *(sum(f) for f in ([y for y, _ in found], [y * y for y, _ in found])),
        *(sum(f) for f in ([x for _, x in found], [x * x for _, x in found], [x * y for y, x in found])),
    )


@given(values, values, st.sampled_from([0.25, 2.0, 64.0]))
def test_cuped_turns_round_with_the_arms_and_knows_no_unit(a: Any, b: Any, rate: float) -> None:
    one, two = pair(a), pair(b)
    there, back = cuped(one, two), cuped(two, one)
    assert (there.estimate, there.low, there.high) == near((-back.estimate, -back.high, -back.low), abs=1e-6)
    dear = cuped(*(pair([(y * rate, x) for y, x in found]) for found in (a, b)))
    assert (dear.estimate, dear.se) == near((there.estimate * rate, there.se * rate), rel=1e-6, abs=1e-6)
    other = cuped(*(pair([(y, x * rate) for y, x in found]) for found in (a, b)))
    assert (other.estimate, other.se) == near((there.estimate, there.se), rel=1e-6, abs=1e-6)
    assert theta((one, two)) == near(theta((two, one)), abs=1e-9)


@given(values, st.sampled_from([0.25, 2.0, 64.0]))
def test_a_ratio_changes_with_its_units(a: Any, rate: float) -> None:
    plain, dear = ratio(pair(a)), ratio(pair([(y * rate, x) for y, x in a]))
    assert (dear.mean, dear.variance) == near((plain.mean * rate, plain.variance * rate**2), rel=1e-6, abs=1e-9)
    longer = ratio(pair([(y, x * rate) for y, x in a]))
    assert (longer.mean, longer.variance) == near((plain.mean / rate, plain.variance / rate**2), rel=1e-6, abs=1e-9)


amounts = st.lists(st.integers(1, 100_000), max_size=60)


@given(amounts, st.integers(0, 3_000), st.sampled_from([0.9, 0.99, 0.999, 1.0]))
def test_what_is_cut_is_at_most_the_share_that_may_be(spent: list[int], others: int, share: float) -> None:
    n = len(spent) + others or 1
    limit = threshold(spent, n, share)
    assert sum(amount > limit for amount in spent) <= (1 - share) * n + 1e-6
    cut = winsorised(spent, n, limit)
    assert (cut.n, cut.sum <= sum(spent)) == (n, True)
    if limit and limit in spent:  # no lesser limit would do
        assert sum(amount >= limit for amount in spent) > (1 - share) * n - 1e-6


def test_one_order_of_a_reseller_does_not_decide() -> None:
    spent = [50.0] * 200 + [90_000.0]
    limit = threshold(spent, 2_000)
    assert limit == 50
    assert winsorised(spent, 1_000, limit) == Sample(1_000, 201 * 50, 201 * 2_500)
    assert threshold(spent, 500) == 90_000  # of 500 visitors nobody is beyond 99.9 %
    with pytest.raises(BadInput):
        threshold(spent, 100)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_promoters_and_detractors_are_mirror_images(promoters: int, detractors: int, passive: int) -> None:
    n = promoters + detractors + passive
    assume(n)
    there, back = nps(promoters, detractors, n), nps(detractors, promoters, n)
    assert (there.score, there.se, there.low) == near((-back.score, back.se, -back.high))
    assert -100 <= there.low <= there.score <= there.high <= 100


agents = st.lists(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=8
)


@given(agents)
def test_no_counts_of_agents_are_too_strange(found: list[tuple[int, int]]) -> None:
    events, trials = [x for x, _ in found], [n for _, n in found]
    plot, prior = funnel(events, trials), beta_binomial(events, trials)
    assert plot.phi >= 0 <= plot.tau2
    assert 0 <= prior.mean <= 1
    assert prior.strength is None or prior.strength > 0
    for x, n in found:
        share, least, most = prior.shrunk(x, n), *sorted((prior.mean, x / n))
        assert least - 1e-9 <= share <= most + 1e-9


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(0, 1)), min_size=4, max_size=60))
def test_qini_is_one_for_the_best_ranking_and_knows_only_the_order(rows: list[tuple[int, int, int]]) -> None:
    outcome, rank, treated = (list(column) for column in zip(*rows, strict=True))
    try:
        found = qini(outcome, rank, treated)
    except BadInput:
        return
    assert qini(outcome, [math.exp(s) - 4 for s in rank], treated) == near(found)
    assert qini(outcome, [0.0] * len(rows), treated) == near(0)
    best = [y if t else -y for y, t in zip(outcome, treated, strict=True)]
    assert qini(outcome, best, treated) == near(1)
    assert qini_curve(outcome, rank, treated)[-1][0] == len(rows)


def test_qini_refuses_what_is_no_randomised_data() -> None:
    for outcome, rank, treated in (([1], [1.0, 2.0], [0]), ([2], [1.0], [0]), ([0, 0], [1.0, 2.0], [0, 1])):
        with pytest.raises(BadInput):
            qini(outcome, rank, treated)


word_counts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 40), min_size=2)


@given(word_counts, word_counts)
def test_words_of_the_one_are_not_words_of_the_other(first: dict[str, int], second: dict[str, int]) -> None:
    there, back = word_scores(first, second), word_scores(second, first)
    assert there == {word: near(-z, abs=1e-9) for word, z in back.items()}
    assert set(there) == {*first, *second}
