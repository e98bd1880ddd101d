"""`aparte explain`: a journey, each clause with its value, each gate, the arms.

Mutants tried: `--at` ignored; a passing gate named as shut; `unknown` shown as false; each fails here.
"""

from pathlib import Path

import pytest
from cli_world import JOURNEY, Run, message, written


def explained(run: Run, events: Path, campaigns: Path, *more: str) -> dict:
    return run("explain", events, "--campaigns", campaigns, "--visitor", "v1", "--json", *more).json


def test_its_json_holds_the_journey_and_every_rule(run: Run, events: Path, campaigns: Path) -> None:
    found = explained(run, events, campaigns)
    assert list(found) == ["visitor", "journey", "at", "rules", "capacity", "contacts"]
    assert [one["event"] for one in found["journey"]][:6] == [
        "page", "Product Added", "page", "Cart Viewed", "page", "Cart Viewed",
    ]  # fmt: skip
    assert [one["rule"] for one in found["rules"]] == ["cart/two-views", "cart/idle"]
    members = ["rule", "when", "holds", "clauses", "eligible", "gates", "arms", "next_look", "pacing"]
    assert list(found["rules"][0]) == members
    assert found["rules"][0]["clauses"][0] == {
        "text": "cart_views >= 2", "answer": "true", "values": [["cart_views", "2"]], "reason": "",
    }  # fmt: skip


def test_the_numbers_of_pacing_are_told_where_there_are_slots(run: Run, events: Path, campaigns: Path) -> None:
    assert explained(run, events, campaigns)["rules"][0]["pacing"] is None  # without a limit
    found = explained(run, events, campaigns, "--capacity", "2")["rules"][0]["pacing"]
    known = {name: found[name] for name in ("acceptance", "delay_s", "chat_s", "free", "epsilon", "price")}
    assert known == {"acceptance": 0.1, "delay_s": 10.0, "chat_s": 600.0, "free": 2, "epsilon": 0.05, "price": 0.0}
    told = run("explain", events, "--campaigns", campaigns, "--visitor", "v1", "--capacity", "2").out
    assert "P(A >= S + F)" in told


@pytest.mark.covers("S0-39")
def test_a_timer_belongs_to_the_journey(run: Run, events: Path, campaigns: Path) -> None:
    journey = explained(run, events, campaigns)["journey"]
    assert [(one["event"], one["at"] - journey[5]["at"]) for one in journey[6:]] == [("TimerElapsed", 30_000)]
    [refused] = journey[6]["decisions"]
    assert (refused["rule"], refused["reason"], refused["values"]["page.dwell"]) == ("idle", "frequency", 30_000)


def test_at_a_moment_the_rules_are_as_they_were_then(run: Run, events: Path, campaigns: Path) -> None:
    found = explained(run, events, campaigns, "--at", "2024-05-01T10:00:10Z")
    assert len(found["journey"]) == 4
    assert [rule["holds"] for rule in found["rules"]] == [False, False]
    assert found["rules"][0]["clauses"][0]["values"] == [["cart_views", "1"]]
    assert found["rules"][1]["next_look"] == found["at"] + 30_000


def test_one_rule_may_be_asked_for(run: Run, events: Path, campaigns: Path) -> None:
    found = explained(run, events, campaigns, "--rule", "cart/idle")
    assert [rule["rule"] for rule in found["rules"]] == ["cart/idle"]


def test_an_absent_value_is_unknown_and_says_so(run: Run, campaigns: Path, tmp_path: Path) -> None:
    events = written(tmp_path / "e", [message(0, "Product Added", product_id="p", price=60)])
    idle = explained(run, events, campaigns)["rules"][1]
    assert [clause["answer"] for clause in idle["clauses"]] == ["false", "unknown", "true"]
    assert idle["clauses"][1]["reason"] == "page.dwell is absent"


def test_for_people_each_clause_gate_and_arm_is_a_line(run: Run, events: Path, campaigns: Path) -> None:
    out = run("explain", events, "--campaigns", campaigns, "--visitor", "v1").out
    for line in (
        "visitor v1",
        "session 1",
        "  2024-05-01 10:00:20.000  Cart Viewed  /cart",
        "      -> invite   cart/two-views  chat  (cart.value = 60.0, cart_views = 2)",
        "      -> refrain  cart/idle  frequency (once_per_session)  (cart.items = 1, page.dwell = 30s)",
        "rules at 2024-05-01 10:00:50.000",
        "  cart/two-views: holds, was eligible in this session",
        "      true     cart_views >= 2   (cart_views = 2)",
        "      gates    often_enough: frequency (once_per_session)",
        "      arms     site:default = treated, campaign:cart = treated",
    ):
        assert line in out.splitlines()


def test_others_do_not_appear(run: Run, campaigns: Path, tmp_path: Path) -> None:
    events = written(tmp_path / "e", [line for n in (1, 2) for line in (x.replace("v1", f"v{n}") for x in JOURNEY)])
    assert len(explained(run, events, campaigns)["journey"]) == 7


@pytest.mark.parametrize("capacity", ["0", "unlimited"])
def test_capacity_is_a_gate(run: Run, events: Path, campaigns: Path, capacity: str) -> None:
    found = explained(run, events, campaigns, "--capacity", capacity, "--at", "2024-05-01T10:00:10Z")
    gates = {gate["gate"]: gate["answer"] for gate in found["rules"][0]["gates"]}
    assert gates["covered"] == ("not_covered" if capacity == "0" else "passes")
    assert all(answer == "passes" for gate, answer in gates.items() if gate not in {"covered", "paced"})
