"""The claims of the papers: every printed value from its inputs, and a verdict that other inputs change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aparte.cli import main
from aparte.kit.errors import BadInput
from aparte.planning.claims import CASES, claims
from aparte.reports.claim_texts import SAYS, WHY
from aparte.reports.claim_words import LABELS, told

PRINTED: list[tuple[str, str, str, float]] = [  # claim, figure, as printed, times what
    ("H1", "sales_ratio", "14.636", 1), ("H1", "conversion_ratio", "10.842", 1),
    ("H1", "share_at_claimed", "9.26", 100), ("H1", "share_at_claimed_with_basket", "12.11", 100),
    ("H1", "engaged_needed", "5.637", 100), ("H1", "engaged_needed_with_basket", "4.238", 100),
    ("H2", "orders_total", "86957", 1), ("H2", "orders_additional", "16000", 1), ("H2", "orders_before", "70957", 1),
    ("H2", "lift", "22.549", 100), ("H2", "causal_multiplier", "5.000", 1), ("H2", "intrinsic_ratio", "2.927", 1),
    ("H2", "sales_times", "1.225", 1),
    ("H3", "share_low", "9.93", 100), ("H3", "share_high", "12.11", 100), ("H3", "lift_most", "11.5", 100),
    ("H3", "engaged_least", "3.48", 100), ("H3", "engaged_most", "10", 100),
    ("H4", "lift_at_low", "50", 100), ("H4", "lift_at_middle", "33.3", 100), ("H4", "lift_at_high", "25", 100),
    ("H4", "lift_at_base_to", "20", 100), ("H4", "base_from", "1.667", 100), ("H4", "base_to", "2.5", 100),
    ("H5", "basket_low", "113.40", 1), ("H5", "basket_high", "117.60", 1),
    ("H6", "gain_needed", "4.0", 1), ("H6", "cost_ratio_2", "1.111", 1), ("H6", "cost_ratio_3", "0.844", 1),
    ("H6", "cost_ratio_4", "0.737", 1), ("H6", "cost_ratio_5", "0.692", 1), ("H6", "gain_other", "4.005", 1),
    ("H6", "customer_by_agent_needed", "4", 1), ("H6", "gain_limit", "3", 1),
    ("H7", "gain_2", "1.8", 1), ("H7", "gain_3", "2.37", 1), ("H7", "gain_4", "2.71", 1), ("H7", "gain_5", "2.89", 1),
    ("H7", "reply_s_2", "40", 1), ("H7", "reply_s_3", "54", 1), ("H7", "reply_s_4", "73", 1),
    ("H7", "reply_s_5", "96", 1),
    ("H8", "productivity", "1.875", 1), ("H8", "staff_saved", "46.67", 100), ("H8", "chats_per_mail", "0.781", 1),
    ("H9", "saving_per_chat", "6.60", 1), ("H9", "break_even", "0.4167", 1),
    ("H10", "calls_total", "15", 1e-6), ("H10", "saving_claimed", "3.75", 1e-6), ("H10", "calls_truly", "0.9", 1e-6),
    ("H10", "saving_counted", "2.25", 1e-6), ("H10", "saving_paid", "0.75", 1e-6),
    ("H11", "calls_per_year", "504000", 1),
    ("H12", "agent_hours", "60000", 1), ("H12", "full_time", "37.5", 1), ("H12", "chats_per_hour", "1.25", 1),
    ("H12", "chats_per_hour_own", "10", 1), ("H12", "own_conversion", "5", 100),
    ("H13", "ratio_low", "9", 1), ("H13", "ratio_high", "40", 1), ("H13", "conversion_implied_low", "4", 100),
    ("H13", "conversion_implied_high", "10", 100),
    ("H14", "segment_share", "40", 100),
    ("H15", "revenue_times", "0.986", 1), ("H15", "rise_break_even", "17.65", 100), ("H15", "profit_times", "0.58", 1),
    ("H16", "acceptance_mean", "5", 100),
    ("H17", "engaged_most", "7.69", 100), ("H17", "engaged_less", "6.25", 100),
    ("H17", "engaged_most_with_basket", "5.81", 100), ("H17", "engaged_least", "4.71", 100),
    ("H18", "answers_needed", "903", 1), ("H18", "nps_before", "30", 1), ("H18", "nps_after", "40", 1),
    ("H19", "target_rate", "6", 100),
    ("H20", "shops_before", "117949", 1), ("H20", "conversion_share", "1.075", 100),
    ("H21", "ratio_low", "1", 1), ("H21", "ratio_high", "2", 1),
]  # fmt: skip
VERDICTS = {
    "H1": "contradicts", "H2": "only_under", "H3": "contradicts", "H4": "only_under", "H5": "only_under",
    "H6": "only_under", "H7": "only_under", "H8": "follows", "H9": "follows", "H10": "only_under", "H11": "follows",
    "H12": "contradicts", "H13": "contradicts", "H14": "only_under", "H15": "contradicts", "H16": "follows",
    "H17": "follows", "H18": "only_under", "H19": "follows", "H20": "follows", "H21": "only_under", "H22": "follows",
}  # fmt: skip
OTHERWISE: list[tuple[str, dict[str, float], str]] = [
    ("H1", {"claimed_times": 11}, "follows"), ("H1", {"assisted_share": 0.12}, "follows"),
    ("H2", {"claimed_times": 1.2}, "follows"), ("H2", {"additional_share": 0.6}, "contradicts"),
    ("H3", {"engaged_share": 0.04}, "only_under"), ("H3", {"engaged_share": 0.06}, "follows"),
    ("H4", {"base_low": 0.017}, "follows"), ("H4", {"base_low": 0.03, "base_high": 0.04}, "contradicts"),
    ("H5", {"at_random": 1}, "follows"),
    ("H6", {"agent_seconds": 15}, "follows"), ("H6", {"chat_minutes": 5}, "follows"),
    ("H6", {"call_minutes": 4}, "contradicts"),
    ("H7", {"reply_target_s": 96}, "follows"), ("H7", {"reply_target_s": 35}, "contradicts"),
    ("H8", {"mails_per_chat": 1}, "only_under"), ("H8", {"agents_after": 16}, "contradicts"),
    ("H9", {"cost_per_mail": 1}, "contradicts"),
    ("H10", {"true_deflection": 1}, "follows"), ("H10", {"true_deflection": 0.4}, "contradicts"),
    ("H11", {"calls_per_month": 30_000}, "contradicts"),
    ("H12", {"claimed_conversion": 0.05}, "follows"),
    ("H13", {"times_low": 9, "times_high": 40}, "follows"), ("H13", {"times_high": 12}, "only_under"),
    ("H14", {"lift_total": 0.4}, "contradicts"),
    ("H15", {"discount_use": 0.2}, "follows"), ("H15", {"gross_margin": 0.9, "conversion_rise": 0.3}, "follows"),
    ("H16", {"claimed_times": 0.9}, "contradicts"),
    ("H17", {"plausible_engaged": 0.06}, "only_under"), ("H17", {"plausible_engaged": 0.02}, "contradicts"),
    ("H18", {"answers_per_wave": 903}, "follows"), ("H18", {"answers_per_wave": 902}, "only_under"),
    ("H19", {"claimed_times": 60}, "contradicts"), ("H20", {"spent_on_conversion": 3}, "contradicts"),
    ("H21", {"untargeted": 0.05}, "follows"),
    ("H22", {"hours_short": 48}, "contradicts"), ("H22", {"share_short": 0.9}, "contradicts"),
]  # fmt: skip


def by_id(changed: dict[str, dict[str, float]] | None = None) -> dict[str, Any]:
    return {one.id: one for one in claims(changed or {})}


@pytest.mark.parametrize(("id", "figure", "printed", "scale"), PRINTED)
def test_every_printed_value_comes_of_the_inputs(id: str, figure: str, printed: str, scale: float) -> None:
    decimals = len(printed.partition(".")[2])
    assert round(by_id()[id].figures[figure] * scale, decimals) == float(printed)


def test_every_claim_is_there_with_its_verdict() -> None:
    found = by_id()
    assert list(found) == [f"H{n}" for n in range(1, 23)]
    assert {id: one.verdict for id, one in found.items()} == VERDICTS
    assert all(one.lines and one.inputs and one.figures for one in found.values())


@pytest.mark.parametrize(("id", "changed", "verdict"), OTHERWISE)
def test_other_inputs_bring_another_verdict(id: str, changed: dict[str, float], verdict: str) -> None:
    found = by_id({id: changed})
    assert found[id].verdict == verdict
    assert {one: found[one].verdict for one in VERDICTS if one != id} == {
        one: verdict for one, verdict in VERDICTS.items() if one != id
    }


def test_every_verdict_can_change() -> None:
    assert {id for id, _, verdict in OTHERWISE if verdict != VERDICTS[id]} == set(VERDICTS)


@pytest.mark.parametrize("id", list(VERDICTS))
def test_every_input_has_a_say(id: str) -> None:
    """No input stands there for show: a change of any changes a figure, or at last the verdict."""
    case = CASES[id]
    before = by_id()[id]
    for name, value in case.inputs.items():
        if name in ("first_high", "second_low"):
            continue  # ends of a range that is only quoted
        others = [by_id({id: {name: other}})[id] for other in others_of(name, value)]
        assert any((one.figures, one.verdict) != (before.figures, before.verdict) for one in others), name


def others_of(name: str, value: float) -> list[float]:
    if name in ("concurrency", "first_low", "first_high", "second_low", "second_high"):
        return [2.0, 4.0, 6.0, 3.0]
    if name == "answers_per_wave":
        return [5_000.0]
    if name == "at_random":
        return [1.0]
    if name == "hours_short":
        return [48.0]
    if name == "share_short":
        return [0.9]
    if value == 1 or name.endswith(("promoters", "detractors")):
        return [value * 0.9]
    return [value * 0.95, value * 0.2, min(value * 1.9, 0.95) if value < 1 else value * 40]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_claim_is_told_in_words(language: str) -> None:
    for changed in [{}, *({id: changed} for id, changed, _ in OTHERWISE)]:
        for one in claims(changed):
            text = told(one, language)
            assert text.says
            assert text.why
            assert "{" not in text.says + text.why
            assert len(text.figures) == len(one.figures)
    assert set(SAYS) == set(VERDICTS)
    assert {id for id, _ in WHY} <= set(VERDICTS)
    used = {name for one in claims() for name in (*one.inputs, *one.figures)}
    assert used == set(LABELS)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"H23": {"x": 1.0}}, "H23"), ({"H4": {"basket": 3.0}}, "H4.basket"), ({"H4": {"base_low": 0}}, "H4.base_low"),
        ({"H4": {"base_low": 1.5}}, "H4.base_low"), ({"H1": {"assisted_share": 1}}, "H1.assisted_share"),
        ({"H1": {"engaged_share": float("nan")}}, "H1.engaged_share"), ({"H6": {"concurrency": 2.5}}, "H6.concurrency"),
        ({"H6": {"concurrency": 1e9}}, "H6.concurrency"), ({"H8": {"agents_after": -8}}, "H8.agents_after"),
        ({"H3": {"times_low": 1}}, "H3"), ({"H18": {"later_promoters": 0.9}}, None),
        ({"H18": {"later_promoters": 0.5, "later_detractors": 0.2}}, "H18"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_name(changed: dict[str, dict[str, float]], where: str | None) -> None:
    with pytest.raises(BadInput) as refused:
        claims(changed)
    assert refused.value.where == (where or "H18.detractors")
    assert refused.value.hint


def aparte(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    try:
        main(["plan", "claims", *words])
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command_tells_them_to_programs_and_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = aparte(capsys, "--json")
    rows = json.loads(out)["claims"]
    assert code == 0
    assert {one["id"]: one["verdict"] for one in rows} == VERDICTS
    assert all({"en", "fr"} == set(one["says"]) == set(one["why"]) for one in rows)
    _, out, _ = aparte(capsys, "--only", "H4", "--set", "H4.base_low=0.017", "--language", "fr")
    assert "se vérifie" in out
    assert "1,67\u00a0%" in out
    assert "H5" not in out


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--only", "H99"], "H99: there is no such claim"), (["--set", "H4"], "--set: 'H4' sets nothing"),
     (["--set", "H4.base_low=two"], "'two' is not a number"),
     (["--set", "H4.base_low=3"], "H4.base_low: 3 is no share"),
     (["--set", "H4.nothing=3"], "H4.nothing: this claim has no such input")],
)  # fmt: skip
def test_the_command_refuses_in_one_line(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    code, out, err = aparte(capsys, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
