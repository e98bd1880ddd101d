"""What is learnt from answers and conversations, and what is forgotten."""

from __future__ import annotations

import random
from math import exp, log

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.engagements.gates import outstanding, residual
from aparte.engagements.learning import (
    HALF_LIFE_MS,
    LONGEST_CHAT_S,
    PRIOR_ACCEPTANCE,
    Learnt,
    answered,
    corrected,
    cut_mean,
    ended,
    epsilon,
    told,
)
from aparte.engagements.model import SiteState, UnderWay
from aparte.engagements.pacing import exponential_delay, residual_acceptance
from aparte.targeting.model import SiteRules

DAY = 86_400_000
T0 = 1_705_320_000_000


def after(accepted: int, not_accepted: int, at: int = T0) -> Learnt:
    learnt = Learnt()
    for number in range(accepted + not_accepted):
        answered(learnt, "c", at, accepted=number < accepted, delay_s=5, cut_s=30)
    return learnt


def test_the_prior_weighs_like_twenty_answers() -> None:
    assert Learnt().of("c").rate == PRIOR_ACCEPTANCE == 0.1
    assert after(20, 0).of("c").rate == pytest.approx((2 + 20) / (20 + 20), rel=0.01)


def test_another_campaign_knows_nothing_of_it() -> None:
    assert after(20, 0).of("d").rate == PRIOR_ACCEPTANCE


def test_half_is_forgotten_in_seven_days_and_falls_back_on_the_prior() -> None:
    learnt = after(30, 0)
    answered(learnt, "c", T0 + 7 * DAY, accepted=True, delay_s=5, cut_s=30)
    before = after(30, 0).of("c").a - 2
    assert learnt.of("c").a == pytest.approx(2 + before / 2 + 1, rel=0.002)
    answered(learnt, "c", T0 + 700 * DAY, accepted=False, delay_s=5, cut_s=30)
    assert learnt.of("c").rate == pytest.approx(2 / 21, rel=1e-6)
    assert HALF_LIFE_MS == 7 * DAY


def test_a_busy_shop_follows_its_last_thousand_answers() -> None:
    learnt = after(900, 2100)
    for _ in range(3000):
        answered(learnt, "c", T0, accepted=False, delay_s=5, cut_s=30)
    assert learnt.of("c").rate < 0.03


def test_an_answer_that_comes_late_forgets_nothing() -> None:
    learnt = after(10, 10)
    answered(learnt, "c", T0 - 70 * DAY, accepted=True, delay_s=5, cut_s=30)
    assert learnt.of("c").a > after(10, 10).of("c").a


@pytest.mark.parametrize(("mean_s", "cut_s"), [(8.0, 30.0), (20.0, 30.0), (60.0, 120.0), (2.0, 30.0)])
def test_the_mean_delay_is_found_again_behind_the_cut(mean_s: float, cut_s: float) -> None:
    dice, learnt = random.Random(7), Learnt()
    for _ in range(3000):
        delay = -mean_s * log(1 - dice.random() * (1 - exp(-cut_s / mean_s)))
        answered(learnt, "c", T0, accepted=True, delay_s=delay, cut_s=cut_s)
    assert learnt.of("c").mean_s == pytest.approx(mean_s, rel=0.15)


def test_the_mean_of_a_cut_delay() -> None:
    assert cut_mean(10, 30) == pytest.approx(10 - 30 / (exp(3) - 1))
    assert cut_mean(1e-3, 30) == pytest.approx(1e-3)
    assert cut_mean(1e6, 30) == pytest.approx(15, rel=1e-4)


def test_the_length_of_conversations_is_learnt_by_skill() -> None:
    learnt = Learnt()
    for _ in range(20):
        ended(learnt, "sales", 300, T0)
    ended(learnt, None, 10 * LONGEST_CHAT_S, T0)
    assert learnt.chat_s("sales") == pytest.approx((5 * 600 + 20 * 300) / 25, rel=0.02)
    assert learnt.chat_s("support") == 600
    assert learnt.chat_s(None) == pytest.approx((5 * 600 + 20 * 300 + LONGEST_CHAT_S) / 26, rel=0.03)


def test_each_invitation_is_reckoned_with_until_its_own_offer_expires() -> None:
    site = SiteState(SiteRules())
    told(site.learnt, "c", 10, 90, 60.0, T0)
    short, long = UnderWay("s", "c", T0, T0 + 30_000), UnderWay("l", "c", T0, T0 + 120_000)
    site.under_way["sales"] = {"s": short, "l": long}
    assert residual(site, long, T0 + 60_000) == residual_acceptance(0.1, 60, exponential_delay(60, 120)) > 0.02
    assert residual(site, short, T0 + 29_000) < 0.005
    assert list(outstanding(site, "sales", T0 + 60_000)) == [long]
    long.revoked = True
    assert list(outstanding(site, "sales", T0 + 60_000)) == []


def test_what_somebody_knows_is_where_learning_goes_on() -> None:
    learnt = Learnt()
    told(learnt, "c", 30, 70, 12.0, T0)
    assert (learnt.of("c").rate, learnt.of("c").mean_s) == (0.3, 12.0)
    answered(learnt, "c", T0, accepted=False, delay_s=0, cut_s=30)
    assert learnt.of("c").rate == pytest.approx(30 / 101, rel=0.001)


def test_feedback_moves_the_logit_by_a_twentieth_of_the_difference() -> None:
    learnt = Learnt()
    assert epsilon(learnt, 0.05, None) == 0.05
    assert epsilon(learnt, 0.05, 0.03) == pytest.approx(0.05)
    corrected(learnt, 0.05, 0.03, overrun=True)
    assert learnt.shift == pytest.approx(0.05 * (0.03 - 1))
    corrected(learnt, 0.05, 0.03, overrun=False)
    assert learnt.shift == pytest.approx(0.05 * (0.03 - 1) + 0.05 * 0.03)
    assert epsilon(learnt, 0.05, None) == 0.05


@given(st.floats(0, 1), st.floats(0.001, 0.49), st.lists(st.booleans(), max_size=300))
def test_epsilon_stays_a_probability_that_is_of_use(start: float, target: float, overruns: list[bool]) -> None:
    learnt = Learnt()
    for overrun in overruns:
        corrected(learnt, start, target, overrun=overrun)
        assert 0.001 - 1e-12 <= epsilon(learnt, start, target) <= 0.5 + 1e-12


@given(st.lists(st.tuples(st.booleans(), st.floats(-5, 40), st.integers(0, 30 * DAY)), max_size=60))
def test_any_answers_leave_sensible_numbers_that_a_checkpoint_keeps(answers: list[tuple[bool, float, int]]) -> None:
    learnt = Learnt()
    for accepted, delay_s, later in answers:
        answered(learnt, "c", T0 + later, accepted=accepted, delay_s=delay_s, cut_s=30)
        assert 0 < learnt.of("c").rate < 1
        assert 0.03 <= learnt.of("c").mean_s <= 300.1
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(learnt), type=Learnt) == learnt
