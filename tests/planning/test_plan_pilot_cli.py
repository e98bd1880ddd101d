"""`aparte plan pilot` as a stranger meets it: one JSON object, a table in two languages, one line for a refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aparte.cli import main

BASE = ["--base-rate", "0.02", "--lift", "0.10"]
SHOP = ["--base-rate", "0.03", "--lift", "0.2", "--uptake", "0.1", "--per-day", "20000", "--agents", "3"]
MONEY = ["--conversations-per-agent-day", "40", "--margin-per-order", "600", "--agent-day-cost", "130"]
FIXED = ["--fixed-cost-per-day", "300"]


def aparte(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    try:
        main(["plan", "pilot", *words])
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def figures(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    code, out, err = aparte(capsys, *words, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_one_object_with_the_visitors_of_both_arms(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, *BASE, "--uptake", "1", "--holdout", "0.1", "--power", "0.8")
    assert (found["control"], found["treated"], found["phases"]) == (45_476, 409_284, None)
    assert figures(capsys, *BASE, "--holdout", "0.5", "--power", "0.9")["control"] == 108_009


def test_agents_bring_the_phases(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, *SHOP, *MONEY, *FIXED)
    assert [one["name"] for one in found["phases"]["phases"]] == ["pilot", "extension", "roll_out", "critical_mass"]
    assert found["phases"]["critical"]["agents"] == 22
    assert (found["limited_by"], found["per_day"]) == ("agents", pytest.approx(2_400))
    shared = figures(capsys, *SHOP, "--conversations-per-day", "120")
    assert shared["phases"]["phases"][0]["conversations_per_day"] == pytest.approx(120)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["looked at once, at the end", "critical mass", "go on when", "22 agents", "From 16 agents on"]),
     ("fr", ["regardé une fois, à la fin", "masse critique", "continuer si", "22 conseillers",
             "À partir de 16 conseillers"])],
)  # fmt: skip
def test_a_person_reads_it_in_his_language(capsys: pytest.CaptureFixture[str], language: str, words: list[str]) -> None:
    code, out, _ = aparte(capsys, *SHOP, *MONEY, *FIXED, "--language", language)
    assert code == 0
    for word in words:
        assert word in out
    assert "nan" not in out
    assert "None" not in out


@pytest.mark.parametrize(
    "extra", [[], ["--visitors", "2"], ["--lift", "-0.2"], [*SHOP[4:], "--conversations-per-day", "9"]]
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_cannot_be_told_is_a_word_or_a_dash(
    capsys: pytest.CaptureFixture[str], extra: list[str], language: str
) -> None:
    code, out, _ = aparte(capsys, *BASE, *extra, "--language", language)
    assert code == 0
    assert "None" not in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--base-rate", "0.02", "--lift", "0"], "aparte: --lift: no number of visitors shows an effect of nothing ("),
        (["--base-rate", "0", "--lift", "1"], "--base-rate: 0: where nobody buys"),
        (["--base-rate", "nan", "--lift", "1"], "--base-rate: 'nan' is not a number"),
        (["--base-rate", "two", "--lift", "1"], "--base-rate"),
        ([*BASE, "--uptake", "1.5"], "--uptake: 1.5 is no share"), ([*BASE, "--holdout", "1"], "--holdout: 1:"),
        ([*BASE, "--per-day", "-1"], "--per-day: -1 is not above 0"),
        ([*BASE, "--agents", "3"], "--agents: phases of what traffic? (say --per-day as well)"),
        ([*BASE, "--agents", "3", "--per-day", "9"], "--agents: how much can they take?"),
        ([*BASE, "--agents", "0", "--per-day", "9", "--conversations-per-day", "9"], "--agents: 0 is no whole number"),
        ([*BASE, "--per-day", "9", "--agents", "3", "--conversations-per-agent-day", "-4"],
         "--conversations-per-agent-day: -4 is not above 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_line(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    code, out, err = aparte(capsys, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
