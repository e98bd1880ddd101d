"""`aparte replay`: its figures, its decisions, and what it makes of odd recordings.

Mutants tried: files merged against the order of time; quarantined lines not counted; the rules of the JSON sorted;
HoldOut counted as invited (found by the tutorial); each fails.
"""

import gzip
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from cli_world import JOURNEY, Run, message, written

from aparte.engagements.model import Reason

MEMBERS = [
    "events", "visitors", "sessions", "bot_sessions", "orders", "revenue", "received", "duplicates", "quarantined",
    "quarantine", "timers", "decisions", "rules",
]  # fmt: skip
RULE_MEMBERS = ["eligible_sessions", "covered", "candidates", "invited", "held_out", "refrained"]

EXPECTED = {
    "affiliate": 23,
    "basket_dwell_30s": 113,
    "basket_dwell_50s": 97,
    "cart_value_100": 15,
    "cart_value_50": 38,
    "cart_viewed_twice_without_add": 99,
    "checkout_idle_60s": 43,
    "ten_pages_no_add": 325,
    "three_products_in_5_min_no_add": 60,
}
"""What a correct engine finds in examples/ga360, computed independently (examples/ga360/README.md)."""


@pytest.mark.covers("S0-30")
def test_its_json_has_the_figures_that_the_reference_names(run: Run, events: Path, campaigns: Path) -> None:
    ran = run("replay", events, "--campaigns", campaigns, "--json")
    assert (ran.code, ran.err) == (0, "")
    found = ran.json
    assert list(found) == MEMBERS
    assert (found["events"], found["visitors"], found["sessions"], found["orders"]) == (6, 1, 1, 0)
    assert list(found["rules"]) == ["cart/two-views", "cart/idle"]
    assert all(list(rule) == RULE_MEMBERS for rule in found["rules"].values())
    views, idle = found["rules"].values()
    assert (views["eligible_sessions"], idle["eligible_sessions"]) == (1, 1)
    assert all(set(rule["refrained"]) <= {reason.value for reason in Reason} for rule in found["rules"].values())


def test_the_same_input_gives_the_same_output_byte_for_byte(
    run: Run, events: Path, campaigns: Path, tmp_path: Path
) -> None:
    outs = []
    for name in ("a", "b"):
        ran = run("replay", events, "--campaigns", campaigns, "--json", "--decisions-out", tmp_path / name)
        outs.append((ran.out, (tmp_path / name).read_bytes()))
    assert outs[0] == outs[1]
    assert outs[0][1]


def test_plain_and_gzip_give_the_same(run: Run, events: Path, campaigns: Path, tmp_path: Path) -> None:
    packed, parts = tmp_path / "e.jsonl.gz", tmp_path / "parts.gz"
    packed.write_bytes(gzip.compress(events.read_bytes()))
    parts.write_bytes(b"".join(gzip.compress(line) for line in events.read_bytes().splitlines(keepends=True)))
    outs = {run("replay", file, "--campaigns", campaigns, "--json").out for file in (events, packed, parts)}
    assert len(outs) == 1


@pytest.mark.parametrize("cut", range(7))
def test_one_stream_in_two_files_is_one_stream(
    run: Run, events: Path, campaigns: Path, tmp_path: Path, cut: int
) -> None:
    """Ties of time keep the order of the files: a page is in the first, its `Cart Viewed` in the second."""
    first = [line for n, line in enumerate(JOURNEY) if n < cut or n % 2 == 0]
    second = [line for line in JOURNEY if line not in first]
    files = [written(tmp_path / "1", first)] + ([written(tmp_path / "2", second)] if second else [])
    whole = run("replay", events, "--campaigns", campaigns, "--json").out
    assert run("replay", *files, "--campaigns", campaigns, "--json").out == whole


def test_ties_of_two_files_follow_the_command_line(run: Run, tmp_path: Path) -> None:
    campaign = tmp_path / "c.toml"
    campaign.write_text(
        "[behaviours.run]\nsequence = ['A', 'B']\n[[campaigns]]\nname = 'c'\n"
        "[[campaigns.rules]]\nname = 'r'\nwhen = 'run >= 1'\n",
        "utf-8",
    )
    a, b = written(tmp_path / "a", [message(3, "A")]), written(tmp_path / "b", [message(3, "B")])
    found = [
        run("replay", *files, "--campaigns", campaign, "--json").json["rules"]["c/r"]["eligible_sessions"]
        for files in ((a, b), (b, a))
    ]
    assert found == [1, 0]


def test_broken_lines_in_the_middle_are_counted_with_their_reason(
    run: Run, events: Path, campaigns: Path, tmp_path: Path
) -> None:
    broken = ["{", "", '["a"]', '{"type": "page"}', '{"type": "dance", "anonymousId": "v1"}']
    mixed = [line for pair in zip(JOURNEY, [*broken, "\x00\xff"], strict=True) for line in pair]
    odd = written(tmp_path / "odd", mixed)
    found = run("replay", odd, "--campaigns", campaigns, "--json").json
    whole = run("replay", events, "--campaigns", campaigns, "--json").json
    assert found["quarantined"] == 6 == sum(found["quarantine"].values())
    assert found["received"] == 12 == found["events"] + found["duplicates"] + found["quarantined"]
    assert found["rules"] == whole["rules"]
    text = run("replay", odd, "--campaigns", campaigns)
    assert text.code == 0
    assert "6 lines quarantined: " in text.out


def test_what_was_sent_twice_counts_once(run: Run, campaigns: Path, tmp_path: Path) -> None:
    twice = written(tmp_path / "twice", [line for line in JOURNEY for _ in range(2)])
    found = run("replay", twice, "--campaigns", campaigns, "--json").json
    assert (found["events"], found["duplicates"], found["received"]) == (6, 6, 12)
    assert "6 sent twice, counted once" in run("replay", twice, "--campaigns", campaigns).out


def test_decisions_are_lines_of_json_that_join_by_engagement(
    run: Run, events: Path, campaigns: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "decisions.jsonl"
    found = run("replay", events, "--campaigns", campaigns, "--json", "--decisions-out", out).json
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(lines) == found["decisions"]
    for line in lines:
        assert line["decision"] in {"invite", "hold_out", "refrain"}
        assert line["engagement"].startswith("eng_")
        assert (line["visitor"], line["session"]) == ("v1", 1)
        assert f"{line['campaign']}/{line['rule']}" in found["rules"]
    [invited] = [line for line in lines if line["decision"] == "invite"]
    assert invited["values"] == {"cart.value": 60, "cart_views": 2}
    assert invited["offer"]["message"] == {"fr": "Une question ?", "en": "A question?"}
    assert invited["expires_at"] == invited["at"] + 30_000
    refused = [line for line in lines if line["decision"] == "refrain"]
    assert {line["reason"] for line in refused} <= {reason.value for reason in Reason}
    assert len({line["engagement"] for line in lines}) >= 2


@pytest.mark.parametrize(("capacity", "covered"), [("unlimited", 1), ("0", 0), ("3", 1)])
def test_capacity_is_a_what_if(run: Run, events: Path, campaigns: Path, capacity: str, covered: int) -> None:
    found = run("replay", events, "--campaigns", campaigns, "--capacity", capacity, "--json").json
    rule = found["rules"]["cart/two-views"]
    assert (rule["eligible_sessions"], rule["covered"]) == (1, covered)
    assert rule["refrained"] == ({} if covered else {"not_covered": 1})


def test_a_campaign_file_without_rules_replays_and_finds_nothing(run: Run, events: Path, tmp_path: Path) -> None:
    (tmp_path / "none.toml").touch()
    ran = run("replay", events, "--campaigns", tmp_path / "none.toml", "--json")
    assert (ran.code, ran.json["events"], ran.json["rules"]) == (0, 6, {})


def test_for_people_it_is_a_table(run: Run, events: Path, campaigns: Path) -> None:
    ran = run("replay", events, "--campaigns", campaigns)
    assert ran.err == ""  # no bar: standard error is no terminal
    lines = ran.out.splitlines()
    assert lines[0] == "6 events of 1 visitor in 1 session; 0 orders, revenue 0.00"
    assert lines[1].split() == ["rule", "eligible", "covered", "candidates", "invited", "held", "out", "refrained"]
    assert lines[2].split()[:6] == ["two-views", "1", "1", "1", "1", "0"]


def test_a_bar_is_shown_on_a_terminal_only(events: Path, campaigns: Path) -> None:
    words = [sys.executable, "-m", "aparte", "replay", str(events), "--campaigns", str(campaigns)]
    shown = {}
    for more in ((), ("--json",)):
        ours, theirs = pty.openpty()
        ran = subprocess.run(
            [*words, *more], stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm"}, check=True
        )
        os.close(theirs)
        try:
            shown[more] = os.read(ours, 65536)
        except OSError:
            shown[more] = b""
        os.close(ours)
        assert b"reading" not in ran.stdout
    assert b"reading" in shown[()]
    assert shown[("--json",)] == b""


def check_ga360(run: Run, root: Path, expected: dict[str, int]) -> dict[str, object]:
    stream, rules = root / "examples/ga360/events.jsonl.gz", root / "examples/ga360.toml"
    found = run("replay", stream, "--campaigns", rules, "--capacity", "unlimited", "--json").json
    assert {key.removeprefix("ga360/"): one["eligible_sessions"] for key, one in found["rules"].items()} == expected
    return {name: found[name] for name in ("events", "visitors", "sessions", "orders", "revenue")}


@pytest.mark.covers("S0-30", "S0-31")
def test_the_recorded_stream_of_a_lone_clone_gives_the_expected_figures(run: Run, root: Path) -> None:
    assert check_ga360(run, root, EXPECTED) == {
        "events": 11_648, "visitors": 1_541, "sessions": 1_577, "orders": 28, "revenue": 2976.19,
    }  # fmt: skip


def test_the_expected_figures_are_those_of_the_reference_data(run: Run, root: Path, shared: Path) -> None:
    known = json.loads((shared / "data/ga360/expected.json").read_text("utf-8"))
    assert known["eligible_sessions"] == EXPECTED
    totals = check_ga360(run, root, EXPECTED)
    assert totals == {name: known[name] for name in totals}
    ours = gzip.decompress((root / "examples/ga360/events.jsonl.gz").read_bytes())
    assert ours == gzip.decompress((shared / "data/ga360/events.jsonl.gz").read_bytes())
