"""The printed closed loop (science.md, section 4) with the engine's real decision in it, and what it learns there.

15 slots, acceptance 0.1, delay exponential with mean 8 s cut at 30 s, chats of 600 s, one eligible visitor a
second. The engine does not know any of it: it begins with its priors. `APARTE_LONG=1` runs the printed horizons.
"""

from __future__ import annotations

import os
from math import sqrt

import pytest
from closed_loop import Loop, Policy, any_free, beyond, closed_loop, naive, progressive

LONG = os.environ.get("APARTE_LONG") == "1"
SHORT_S = 30_000
ROWS: dict[str, tuple[Policy | None, str, int, float, float]] = {
    "progressive": (progressive, "", 100_000, 0.658, 0.0),
    "any while a slot is free": (any_free, "", 100_000, 0.977, 0.268),
    "naive ratio": (naive, "", 100_000, 0.954, 0.113),
    "P(A>S+F) <= .01": (beyond, "epsilon = 0.01", 100_000, 0.932, 0.033),
    "P(A>S+F) <= .03": (beyond, "epsilon = 0.03", 100_000, 0.954, 0.079),
    "P(A>S+F) <= .05": (beyond, "epsilon = 0.05", 100_000, 0.964, 0.108),
    "marginal .01": (None, "epsilon = 0.01", 300_000, 0.896, 0.0044),
    "marginal .02": (None, "epsilon = 0.02", 300_000, 0.909, 0.0082),
    "marginal .03": (None, "epsilon = 0.03", 300_000, 0.919, 0.0153),
    "marginal .05": (None, "epsilon = 0.05", 300_000, 0.928, 0.0269),
    "marginal .1": (None, "epsilon = 0.1", 300_000, 0.945, 0.0557),
    "marginal .2": (None, "epsilon = 0.2", 300_000, 0.961, 0.1086),
    "feedback to .01": (None, "target_overrun = 0.01", 100_000, 0.916, 0.016),
    "feedback to .03": (None, "target_overrun = 0.03", 100_000, 0.927, 0.030),
    "feedback to .05": (None, "target_overrun = 0.05", 100_000, 0.939, 0.044),
}
SHORT = ("progressive", "any while a slot is free", "naive ratio", "P(A>S+F) <= .03", "marginal .05", "feedback to .05")


def noise(share: float, accepted: int) -> float:
    """Three standard errors of a share of overruns. They come in clusters of about four: the variance is fourfold.

    The printed share has an error of its own, of the same kind; where it was zero it stays zero.
    """
    return 3 * sqrt(2) * 2 * sqrt(share * (1 - share) / accepted)


@pytest.mark.covers("S0-52")
@pytest.mark.parametrize("row", ROWS if LONG else SHORT)
def test_the_printed_row(row: str) -> None:
    policy, rules, horizon_s, use, overrun = ROWS[row]
    found = closed_loop(horizon_s if LONG else SHORT_S, policy, rules=rules)
    assert found.overrun == pytest.approx(overrun, abs=noise(overrun, found.accepted))
    # A slot's use is an average over chats of 600 s: 27,000 s hold 45 of them for each slot.
    assert found.use == pytest.approx(use, abs=0.012 if LONG else 0.02)


def test_epsilon_sets_the_overrun() -> None:
    """What no ratio of invitations to slots can do: about half of epsilon, whatever the acceptance and the team."""
    small = closed_loop(SHORT_S, rules="epsilon = 0.2", seed=5)
    large = closed_loop(SHORT_S, rules="epsilon = 0.02", seed=5)
    assert 0.05 < small.overrun < 0.2
    assert large.overrun < 0.03


def learnt(found: Loop) -> float:
    """The acceptance that the shop knows at the end."""
    assert found.site is not None
    return found.site.learnt.of("c").rate


@pytest.mark.parametrize("accept", [0.03, 0.3])
def test_an_acceptance_unlike_the_prior_is_learnt_and_the_overrun_stays_within_its_limit(accept: float) -> None:
    found = closed_loop(20_000, accept=accept, seed=2)
    weight = 1000 * (1 - 0.37)  # of a thousand answers that fade
    assert learnt(found) == pytest.approx(accept, abs=3 * sqrt(accept * (1 - accept) / weight) + 0.005)
    assert found.overrun <= 0.05 + noise(0.027, found.accepted) / 2
    assert found.use > 0.8


def test_a_wrong_belief_is_corrected_by_the_answers() -> None:
    """Somebody has said that 2 of 100 accept, and was believed as after a hundred answers."""
    wrong = closed_loop(20_000, known=(0.02, 8.0), weight=1e9, seed=3)
    corrected = closed_loop(20_000, known=(0.02, 8.0), weight=100, seed=3)
    assert wrong.overrun > 0.08
    assert learnt(corrected) == pytest.approx(0.1, abs=0.03)
    assert corrected.overrun < 0.05


def test_the_delay_and_the_length_of_chats_are_learnt_although_the_offer_cuts_what_is_seen() -> None:
    found = closed_loop(SHORT_S, seed=4)
    assert found.site is not None
    # 600 acceptances fade to some 450; the cut takes the long delays, so that the mean seen is only 7.3 s.
    assert found.site.learnt.of("c").mean_s == pytest.approx(8.0, abs=3 * 8.0 / sqrt(300))
    assert found.site.learnt.chat_s("sales") == pytest.approx(600, abs=3 * 600 / sqrt(200))
