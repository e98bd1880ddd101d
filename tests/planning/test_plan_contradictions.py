"""Which inputs contradict one another: each case is found, named, and gone once the hint is followed."""

from __future__ import annotations

from typing import Any

import pytest
from plan_world import example, ranged, round_figures

from aparte.planning.contradictions import Contradiction, contradictions
from aparte.reports.plan_words import contradiction_words, words

HOUSE = {"name": "house", "wage_per_hour": 18, "shrinkage": 0.3}
TIMES = {"agent_seconds": 30, "customer_seconds": 60, "turns": 8, "concurrency": 3}
BT = {"engaged_share": 0.02, "assisted_share": 0.23}
"""science.md 2, H1: 2 % of visitors engaged, 23 % of online sales. They need engaged visitors, so acceptance 0.2222."""
ENGAGED = {"acceptance": 0.02 / 0.09}

CASES: tuple[tuple[str, dict[str, Any], dict[str, Any], str], ...] = (
    ("two_effects", {"help": {"lift_per_eligible": 0.015}}, {"help": {"lift_per_eligible": 0.01}}, "+1.5 pp"),
    ("two_effects", {"help": {"lift_per_eligible": ranged(0.012, 0.015, 0.02)}},
     {"help": {"lift_per_eligible": ranged(0.008, 0.015, 0.02)}}, "+1 pp"),
    ("three_conversions", {"help": {"conversion_without_help": 0.05}},
     {"help": {"conversion_without_help": 0.1}}, "75%"),
    ("more_than_conversations", {"help": {"lift_per_eligible": 0.2, "conversion_with_help": None}},
     {"help": {"lift_per_eligible": 0.02, "conversion_with_help": None}}, "2 orders more"),
    ("odds", {"invitation": {"acceptance": 0.3333}, "stated": {"accepted_to_declined": 0.3333}},
     {"invitation": {"acceptance": 0.05}, "stated": {"accepted_to_declined": 0.3333}}, "25%"),
    ("stated_orders", {"stated": {"orders_per_month": 5_000, "site_conversion": 0.02}},
     {"stated": {"orders_per_month": 2_000, "site_conversion": 0.02}}, "2,000"),
    ("stated_conversations", {"stated": {"conversations_per_month": 9_000}},
     {"stated": {"conversations_per_month": 900}}, "900"),
    ("stated_engaged", {"stated": {"engaged_share": 0.02}}, {"stated": {"engaged_share": 0.009}}, "0.9%"),
    ("assisted_orders", {"stated": {"assisted_orders_per_month": 400}},
     {"stated": {"assisted_orders_per_month": 180}}, "180"),
    ("more_than_all", {"stated": {"orders_per_month": 150}}, {"stated": {"orders_per_month": 1_500}}, "all 150"),
    ("share_of_sales", {"invitation": ENGAGED, "stated": BT | {"conversion_ratio": 5}},
     {"invitation": ENGAGED, "stated": BT | {"conversion_ratio": 14.636}}, "9.26%"),
    ("share_of_sales", {"invitation": ENGAGED, "stated": BT | {"conversion_ratio": 5, "basket_ratio": 1.35}},
     {"invitation": ENGAGED, "stated": BT | {"conversion_ratio": 10.842, "basket_ratio": 1.35}}, "12.1%"),
    ("conversion_ratio", {"help": {"conversion_with_help": 0.4}, "stated": {"site_conversion": 0.01,
     "conversion_ratio": 5}}, {"help": {"conversion_with_help": 0.0483}, "stated": {"site_conversion": 0.01,
     "conversion_ratio": 5}}, "40%"),
    ("discount", {"orders": {"discount": 0.5}}, {"orders": {"discount": 0.3}}, "loses money"),
    ("two_costs", {"conversation": TIMES, "teams": [HOUSE | {"wage_per_hour": 40}]},
     {"conversation": TIMES, "teams": [HOUSE | {"wage_per_hour": 16.5789}]}, "4.83"),
    ("capacity", {"conversation": TIMES | {"cost_per_conversation": None},
                  "teams": [HOUSE | {"paid_hours_per_month": 60}]},
     {"conversation": TIMES | {"cost_per_conversation": None}, "teams": [HOUSE | {"paid_hours_per_month": 109}]},
     "497"),
    ("capacity", {"teams": [HOUSE | {"paid_hours_per_month": 60}]}, {"teams": [HOUSE | {"paid_hours_per_month": 101}]},
     "900 conversations"),
    ("avoided_calls", {"service": {"calls_per_month": 300, "calls_avoided_per_conversation": 0.5}},
     {"service": {"calls_per_month": 500, "calls_avoided_per_conversation": 0.5}}, "450 calls"),
    ("avoided_mails", {"service": {"mails_per_month": 2_000, "mails_avoided_per_conversation": 2.4}},
     {"service": {"mails_per_month": 3_000, "mails_avoided_per_conversation": 2.4}}, "2,160 mails"),
    ("roll_out", {"phases": [{"name": "pilot", "months": 13, "reach": 0.1}]},
     {"phases": [{"name": "pilot", "months": 12, "reach": 0.1}]}, "13 months"),
)  # fmt: skip


def only(found: tuple[Contradiction, ...], code: str) -> Contradiction:
    """The one of this code."""
    assert [one.code for one in found] == [code], found
    return found[0]


@pytest.mark.covers("S1-05", "S1-137")
@pytest.mark.parametrize(("code", "wrong", "right", "what"), CASES, ids=[case[0] for case in CASES])
def test_inputs_that_cannot_all_be_right_are_named(
    code: str, wrong: dict[str, Any], right: dict[str, Any], what: str
) -> None:
    found = only(contradictions(round_figures(**wrong)), code)
    assert what in found.what
    assert found.inputs
    assert found.hint
    assert contradictions(round_figures(**right)) == ()


def test_every_contradiction_is_said_in_french_with_its_figures() -> None:
    said = set()
    for code, wrong, _, _ in CASES:
        what, hint = contradiction_words(only(contradictions(round_figures(**wrong)), code), "EUR", "fr")
        assert what.endswith(".")
        assert hint.endswith(".")
        assert "{" not in what + hint
        said.add(code)
    assert said == set(words()["contradictions"])


@pytest.mark.parametrize("name", ["business-case", "business-case-full"])
def test_the_examples_agree_with_themselves(name: str) -> None:
    assert contradictions(example(name)) == ()


@pytest.mark.covers("S1-137")
def test_what_was_measured_otherwise_than_planned() -> None:
    scenario = round_figures(invitation={"acceptance": ranged(0.08, 0.1, 0.12)})
    assert contradictions(scenario, {"invitation.acceptance": (0.11, 0.13, 0.15)}) == ()
    found = only(contradictions(scenario, {"invitation.acceptance": (0.02, 0.03, 0.04)}), "measured")
    assert "0.03 was measured" in found.what
    assert contradiction_words(found, "EUR", "fr")[0] == "10,0\u00a0% était prévu, 3,0\u00a0% a été mesuré."
