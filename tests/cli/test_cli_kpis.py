"""`aparte report --format` and `aparte site costs`: over a folder, and through the server that uses it.

A defect seen to fail here: a text that a spreadsheet runs.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aparte.app.simulate import Asked, simulate
from aparte.cli import cli
from aparte.kit.errors import BadInput
from aparte.reports.kpis.model import Row
from aparte.reports.kpis.registry import KPIS
from aparte.reports.kpis.report import KpiReport, Told, as_csv


def aparte(*words: object) -> Result:
    return CliRunner().invoke(cli, [*map(str, words)])


def says(*words: object) -> str:
    done = aparte(*words)
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated shop of a week."""
    data = tmp_path_factory.mktemp("kpis") / "data"
    simulate(data, Asked(visitors=300, seed=3, days=7, effect_pp=None, first_day=date(2026, 1, 5)))
    return data


def test_a_folder_is_reported_as_text_json_csv_and_html(folder: Path) -> None:
    figures = json.loads(says("report", "--data", folder, "--format", "json"))
    assert [one["kpi"] for one in figures["figures"]] == list(KPIS)
    assert (figures["since"], figures["until"], figures["empty"]) == ("2026-01-05", "2026-01-11", False)
    by_id = {one["kpi"]: one for one in figures["figures"]}
    assert by_id["conversion"]["parts"][1] == {"name": "visitors", "value": 300}
    table = list(csv.DictReader(io.StringIO(says("report", "--data", folder, "--format", "csv"))))
    rows = {row["kpi"]: row for row in table if not row["row"]}
    assert list(rows) == list(KPIS)
    assert float(rows["conversion"]["value"]) == by_id["conversion"]["value"]
    text = says("report", "--data", folder, "--format", "text", "--language", "fr", "--from", "2026-01-05")
    assert "Conversion des visiteurs" in text
    assert "Achats" in text
    page = says("report", "--data", folder, "--format", "html")
    assert page.startswith("<!doctype html>")


def test_days_without_data_say_so(folder: Path, tmp_path: Path) -> None:
    text = says("report", "--data", folder, "--format", "text", "--from", "2020-01-01", "--to", "2020-01-31")
    assert "There is no data of these days" in text
    assert "Conversion" not in text
    done = aparte("report", "--data", tmp_path, "--format", "text")
    assert done.exit_code != 0


def test_costs_are_told_one_by_one_and_taken_back(folder: Path) -> None:
    assert "software             29900" in says("site", "costs", "--data", folder, "--set", "software=29900")
    told = says(
        "site", "costs", "--data", folder, "--set", "shrinkage=0.3", "--set", "call=650", "--formula", "orders / 2"
    )
    assert "software             29900" in told
    assert "call                 650" in told
    assert "formula              orders / 2" in told
    assert "call                 -" in says("site", "costs", "--data", folder, "--set", "call=")
    for bad in ("calls=3", "call", "call=much", "shrinkage=2"):
        done = aparte("site", "costs", "--data", folder, "--set", bad)
        assert isinstance(done.exception, BadInput), bad
    done = aparte("site", "costs", "--data", folder, "--formula", "ordrs / 2")
    assert isinstance(done.exception, BadInput)
    assert done.exception.hint == "do you mean orders?"


def test_no_text_of_a_table_runs_in_a_spreadsheet() -> None:
    evil = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1")
    rows = tuple(Row(name=name, value=-3.5, n=1, low=-4.0) for name in evil)
    one = Told(
        kpi="page_abandonment", group="visiting", name="x", unit="share", better="down", causal=False,
        interval="wilson", value=0.5, n=1, low=None, high=None, why="", why_text="", parts=(), rows=rows, notes=(),
        notes_text=(), ignored=(),
    )  # fmt: skip
    report = KpiReport(
        site="s", currency="EUR", time_zone="UTC", since="", until="", now=0, horizon="7d", window="24h", orders="all",
        filters={}, language="en", empty=False, figures=[one],
    )  # fmt: skip
    table = list(csv.reader(io.StringIO(as_csv(report))))
    assert [line[2] for line in table[2:]] == [f"'{name}" for name in evil]
    assert table[2][4:6] == ["-3.5", "-4"]
