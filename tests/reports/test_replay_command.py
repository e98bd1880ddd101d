"""`aparte replay --picture`, and its table in a narrow terminal."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from pictures import texts
from rich.console import Console

from aparte.cli.replay import FUNNEL, replay, rules_tables
from aparte.kit.errors import BadInput
from aparte.replay.model import RuleCounts, Summary


def test_the_picture_of_the_recorded_stream_says_what_the_figures_say(root: Path, tmp_path: Path) -> None:
    stream, campaigns = str(root / "examples/ga360/events.jsonl.gz"), str(root / "examples/ga360.toml")
    file = tmp_path / "new" / "a.svg"
    done = CliRunner().invoke(replay, [stream, "--campaigns", campaigns, "--json", "--picture", str(file)])
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    said = texts(file.read_bytes())
    rules = summary["rules"].values()
    invited, held_out = sum(rule["invited"] for rule in rules), sum(rule["held_out"] for rule in rules)
    assert said[0] == (
        f"In {summary['sessions']:,} sessions, 9 rules would have made {invited} invitations and held out {held_out}."
    )
    assert said[1].endswith("11,648 events of 1 Aug 2016 to 28 Feb 2017 (UTC).")
    for noun, key in (("eligible", "eligible_sessions"), ("invited", "invited"), ("held out", "held_out")):
        assert sorted(text for text in said if text.endswith(f" {noun}")) == sorted(
            f"{rule[key]:,} {noun}" for rule in rules
        )


def test_a_wrong_suffix_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent")
    done = CliRunner().invoke(replay, [absent, "--campaigns", absent, "--picture", str(tmp_path / "a.pdf")])
    assert isinstance(done.exception, BadInput)
    assert ".svg or .png" in str(done.exception)


def summary_of(name: str) -> Summary:
    counts = RuleCounts(eligible_sessions=1_234, covered=57, candidates=57, invited=53, held_out=4)
    counts.refrained.update({"frequency": 56, "already_engaged": 47})
    return Summary(rules={f"autumn/{name}": counts})


@pytest.mark.parametrize("width", [72, 80, 100, 120])
def test_no_heading_and_no_reason_is_broken_in_a_terminal(width: int) -> None:
    console = Console(width=width, highlight=False)
    with console.capture() as capture:
        for table in rules_tables(summary_of("basket_dwell_30s"), console):
            console.print(table)
    printed = capture.get()
    for word in (*FUNNEL, "1,234", "basket_dwell_30s", "frequency 56, already engaged 47"):
        assert word in printed, word
    assert len(rules_tables(summary_of("basket_dwell_30s"), console)) == (1 if width >= 100 else 2)


def test_a_rule_name_longer_than_the_terminal_is_folded_and_no_figure_is_lost() -> None:
    console = Console(width=80, highlight=False)
    with console.capture() as capture:
        console.print(rules_tables(summary_of("x" * 100), console)[0])
    assert capture.get().count("x") == 100
    assert {*FUNNEL[:4], "1,234"} <= set(capture.get().split())
