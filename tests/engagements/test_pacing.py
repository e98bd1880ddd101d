"""Every number printed for pacing, and the properties of the rule; the reference values are science.md, section 4."""

from itertools import product
from math import exp, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.engagements import pacing
from aparte.engagements.pacing import (
    acceptance_distribution,
    exponential_delay,
    freed_slots_distribution,
    marginal,
    may_send_one_more,
    newsvendor_epsilon,
    newsvendor_maximum,
    residual_acceptance,
    static_maximum,
    tail,
)
from aparte.kit.errors import BadInput

EPSILONS, RATIOS = (0.01, 0.03, 0.05), (0.5, 0.8)
MIXED = [0.1] * 10 + [0.05] * 10 + [0.2] * 3
STATIC = {
    (0.05, 1): (3, 5, 7, 14, 32),
    (0.05, 2): (9, 13, 16, 34, 59),
    (0.05, 3): (17, 24, 28, 54, 85),
    (0.05, 5): (37, 47, 53, 94, 134),
    (0.05, 10): (98, 115, 125, 194, 249),
    (0.05, 20): (240, 268, 284, 394, 471),
    (0.1, 1): (1, 3, 3, 7, 16),
    (0.1, 2): (5, 7, 8, 17, 29),
    (0.1, 3): (9, 12, 14, 27, 42),
    (0.1, 5): (19, 24, 27, 47, 66),
    (0.1, 8): (37, 44, 48, 77, 101),
    (0.1, 10): (50, 58, 63, 97, 124),
    (0.1, 15): (85, 96, 102, 147, 180),
    (0.1, 20): (122, 136, 143, 197, 234),
    (0.2, 1): (1, 1, 2, 4, 8),
    (0.2, 3): (5, 6, 7, 14, 21),
    (0.2, 5): (10, 12, 14, 24, 33),
    (0.2, 10): (26, 30, 32, 49, 61),
    (0.2, 20): (63, 69, 73, 99, 116),
    (0.3, 1): (1, 1, 1, 2, 5),
    (0.3, 3): (4, 4, 5, 9, 14),
    (0.3, 5): (7, 9, 10, 16, 21),
    (0.3, 10): (18, 21, 22, 32, 40),
    (0.3, 20): (44, 47, 50, 66, 77),
}


@pytest.mark.parametrize(
    ("elapsed", "expected"), [(0, 0.1), (5, 0.061122), (10, 0.035862), (20, 0.009904), (29, 0.000612)]
)
def test_residual_acceptance(elapsed: float, expected: float) -> None:
    assert residual_acceptance(0.1, elapsed, exponential_delay(10, 30)) == pytest.approx(expected, abs=5e-7)


def test_nothing_is_expected_of_an_expired_invitation() -> None:
    assert residual_acceptance(1.0, 30, exponential_delay(10, 30)) == 0
    assert residual_acceptance(0.1, 31, exponential_delay(10, 30)) == 0


def test_an_invitation_that_is_yet_to_be_sent_counts_in_full_however_late_the_event() -> None:
    assert residual_acceptance(0.1, -7170, exponential_delay(10, 30)) == 0.1


def test_acceptances_of_unlike_invitations() -> None:
    pmf = acceptance_distribution(MIXED)
    assert sum(k * p for k, p in enumerate(pmf)) == pytest.approx(2.1, abs=1e-12)
    assert tail(MIXED, 3) == pytest.approx(0.351400213276, abs=1e-12)
    assert tail(MIXED, 4) == pytest.approx(0.149979237076, abs=1e-12)
    assert tail(MIXED, 6) == pytest.approx(0.013575285712, abs=1e-12)
    assert sum(pmf[6:]) == pytest.approx(tail(MIXED, 6), abs=1e-15)


@pytest.mark.parametrize(("p", "slots"), STATIC)
def test_static_table(p: float, slots: int) -> None:
    row = [static_maximum(p, slots, epsilon) for epsilon in EPSILONS]
    row += [newsvendor_maximum(p, slots, ratio) for ratio in RATIOS]
    assert tuple(row) == STATIC[p, slots]


def test_freed_slots() -> None:
    left = exp(-1)
    expected = (left**3, 3 * left**2 * (1 - left), 3 * left * (1 - left) ** 2, (1 - left) ** 3)
    assert freed_slots_distribution(3, 600, 600) == pytest.approx(expected, abs=1e-14)
    assert freed_slots_distribution(0, 8, 600) == (1.0,)
    assert len(freed_slots_distribution(500, 8, 600)) < 60


def test_freed_slots_let_more_go() -> None:
    outstanding = [0.1] * 10
    assert not may_send_one_more(outstanding, 3)
    assert may_send_one_more(outstanding, 3, freed_slots_distribution(60, 60, 600))


def test_a_reserve_is_not_for_invitations() -> None:
    assert may_send_one_more([], 1)
    assert not may_send_one_more([], 1, reserve=1)
    assert not may_send_one_more([], 1, reserve=2)


def test_the_newsvendor_epsilon_is_where_one_more_brings_nothing() -> None:
    assert newsvendor_epsilon(1, 19) == 0.05
    assert marginal(0.1, 1, 19, newsvendor_epsilon(1, 19)) == pytest.approx(0, abs=1e-15)
    assert marginal(0.1, 1, 19, 0.01) == pytest.approx(0.08)


@pytest.mark.parametrize(("p", "limit"), [(0.0, 0.05), (1.5, 0.05), (0.1, 1.0), (0.1, -0.1)])
def test_a_maximum_that_does_not_exist_is_refused(p: float, limit: float) -> None:
    with pytest.raises(BadInput, match="no maximum for acceptance"):
        static_maximum(p, 3, limit)


residuals = st.lists(st.floats(0, 1), max_size=40)
slots = st.integers(-2, 12)
freed_slots = st.builds(freed_slots_distribution, st.integers(0, 30), st.floats(0, 600), st.just(600.0))
epsilons = st.sampled_from([0.0, 0.01, 0.05, 0.2, 0.5, 0.8, 1.0])


@given(residuals)
def test_acceptances_sum_to_one(rs: list[float]) -> None:
    assert sum(acceptance_distribution(rs)) == pytest.approx(1, abs=1e-12)


@given(freed_slots)
def test_freed_slots_sum_to_one(freed: tuple[float, ...]) -> None:
    assert sum(freed) == pytest.approx(1, abs=1e-11)


@given(st.lists(st.floats(0, 1), max_size=6), slots, freed_slots)
def test_the_tail_counts_every_outcome(rs: list[float], free: int, freed: tuple[float, ...]) -> None:
    """Against the sum over all ways in which each invitation is accepted or not."""
    full = 0.0
    for answers in product([True, False], repeat=len(rs)):
        chance = prod(r if accepted else 1 - r for r, accepted in zip(rs, answers, strict=True))
        full += chance * sum(p for f, p in enumerate(freed) if sum(answers) >= free + f)
    assert tail(rs, free, freed) == pytest.approx(full, abs=1e-12)


@given(residuals, slots, freed_slots, epsilons)
def test_the_bounds_never_change_the_answer(
    rs: list[float], free: int, freed: tuple[float, ...], epsilon: float
) -> None:
    exact = tail(rs, free, freed)
    if abs(exact - epsilon) > 1e-9:
        assert may_send_one_more(rs, free, freed, epsilon) is (exact <= epsilon)


@given(st.lists(st.floats(0, 0.3), max_size=120), st.integers(0, 12), epsilons)
def test_the_bounds_never_change_the_answer_for_many_unlikely_ones(rs: list[float], free: int, epsilon: float) -> None:
    exact = tail(rs, free)
    if abs(exact - epsilon) > 1e-9:
        assert may_send_one_more(rs, free, epsilon=epsilon) is (exact <= epsilon)


@given(residuals, st.floats(0, 1), slots, freed_slots, epsilons)
def test_more_outstanding_never_permits_more(
    rs: list[float], another: float, free: int, freed: tuple[float, ...], epsilon: float
) -> None:
    # A tail that stands on epsilon may fall on either side by rounding.
    if abs(tail(rs, free, freed) - epsilon) > 1e-9 and may_send_one_more([*rs, another], free, freed, epsilon):
        assert may_send_one_more(rs, free, freed, epsilon)


@given(residuals, slots, freed_slots, epsilons)
def test_a_reserve_never_permits_more(rs: list[float], free: int, freed: tuple[float, ...], epsilon: float) -> None:
    if may_send_one_more(rs, free, freed, epsilon, reserve=1):
        assert tail(rs, free, freed) <= epsilon + 1e-9


def test_the_clear_cases_need_no_convolution(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand outstanding invitations cost no more than their sum when the answer is clear."""

    def forbidden(*_: object) -> bool:
        raise AssertionError("convolution in a clear case")

    monkeypatch.setattr(pacing, "_exact", forbidden)
    assert may_send_one_more([0.01] * 1000, 30)
    assert not may_send_one_more([0.05] * 1000, 20)
