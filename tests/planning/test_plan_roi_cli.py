"""`aparte plan roi` as a stranger meets it: the sentence first, one JSON object, one line for a refusal."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from plan_world import EXAMPLES

from aparte.cli import main
from aparte.planning.futures import futures
from aparte.planning.roi import business_case
from aparte.planning.scenario import read_scenario
from aparte.planning.units import UNITS
from aparte.reports.plan_words import headline, input_name, input_value, words

EXAMPLE, FULL = EXAMPLES / "business-case.toml", EXAMPLES / "business-case-full.toml"


def aparte(capsys: pytest.CaptureFixture[str], *given: object) -> tuple[int, str, str]:
    capsys.readouterr()
    try:
        main(["plan", "roi", *(str(one) for one in given)])
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def told(capsys: pytest.CaptureFixture[str], *given: object) -> dict[str, Any]:
    code, out, err = aparte(capsys, *given, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.mark.covers("S1-71", "S1-138")
def test_the_sentence_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    _, french, _ = aparte(capsys, EXAMPLE, "--language", "fr")
    name, sentence, winning = french.splitlines()[:3]
    assert name == "Plan 2027"
    assert sentence == (
        "Un gain net attendu de 63\u00a0500\u00a0€ par an. "
        "Huit fois sur dix, il tombe entre \u221212\u00a0600\u00a0€ et 144\u00a0300\u00a0€."
    )
    assert winning.startswith("43 futurs sur 50 sont gagnants.")
    assert "L’effet est rentable à partir de +0,60\u00a0pt." in french
    code, english, err = aparte(capsys, EXAMPLE)
    assert (code, err) == (0, "")
    assert english.splitlines()[1] == (
        "An expected net gain of €63,500 a year. Eight times in ten it falls between \u2212€12,600 and €144,300."
    )
    assert "The effect pays from +0.60\u00a0pp." in english


def test_one_object_with_the_figures_of_the_case(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, FULL, "--seed", "4", "--draws", "500")
    scenario = read_scenario(FULL.read_text("utf-8"))
    case = business_case(scenario)
    for part in ("month", "horizon", "year"):
        for name in ("incremental_orders", "revenue", "margin", "savings", "cost", "roi", "net_gain"):
            assert found[part][name] == getattr(getattr(case, part), name)
    assert (found["pay_back_months"], found["currency"]) == (case.pay_back_months, "EUR")
    assert found["futures"]["dots"] == list(futures(scenario, 4, 500).dots)
    assert found["tornado"][0]["input"] == "customers.badly_helped_share"
    assert found["contradictions"] == []
    assert {one["name"] for one in found["channels"]} == set(found["channel_ranges"])
    assert found["strategy"]["model"] == "low volume, high margin"
    assert len(found["months"]) == 18
    assert found == told(capsys, FULL, "--seed", "4", "--draws", "500")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_part_is_said_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Path, language: str) -> None:
    text = FULL.read_text("utf-8").replace("discount = 0.05", "discount = 0.4").replace("value = 34", "value = 34.5")
    file = tmp_path / "plan.toml"
    file.write_text(text + "value_per_point_and_month = 100\n", "utf-8")
    code, out, err = aparte(capsys, file, "--language", language)
    assert (code, err) == (0, "")
    for name in ("contradictions", "channels", "strategy", "intangibles"):
        assert words()["sentences"][name][language == "en"] in out
    assert "orders.discount, orders.gross_margin" in out
    assert "NPS: 30 → 34.5" in out
    assert not re.search(r"\b(nan|inf|None)\b", out)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("gross_margin = 1.4 #", "orders.gross_margin: 1.4 is impossible (a share is from 0 to 1"),
        ("margin = 0.4 #", "orders: there is no input 'margin'"),
        ("gross_margin = nan #", "orders.gross_margin: this is no finite number"),
    ],
)
def test_what_is_impossible_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, change: str, refusal: str
) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(EXAMPLE.read_text("utf-8").replace("gross_margin = ", change), "utf-8")
    code, out, err = aparte(capsys, file, "--json")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert refusal in err


@pytest.mark.parametrize("given", [["--draws", "5"], ["--seed", "-1"], ["--language", "de"], ["--draws", "many"]])
def test_an_option_out_of_reach_is_refused(capsys: pytest.CaptureFixture[str], given: list[str]) -> None:
    code, out, err = aparte(capsys, EXAMPLE, *given)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_a_loss_is_called_a_loss() -> None:
    text = EXAMPLE.read_text("utf-8").replace("fixed_per_month = 1_500", "fixed_per_month = 15_000")
    found = futures(read_scenario(text), 1, 500)
    assert headline(found, "EUR", "fr").startswith("Une perte nette attendue de ")
    assert "the result falls between" in headline(found, "EUR", "en")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_input_has_a_name_and_is_written_by_its_unit(language: str) -> None:
    for name in UNITS:
        assert input_name(name, language)
        assert input_value(name, 0.5, "EUR", language)
    assert input_name("teams.house.wage_per_hour", language).endswith("(house)")
