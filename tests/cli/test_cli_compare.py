"""`aparte replay --compare`: two versions over one recording, each figure from a story that can be counted by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_world import Run, message, written

from aparte.experiments.sizing import days_to_detect

CART = """
[site]
holdout = {site}
[[campaigns]]
name = "cart"
holdout = {campaign}
[[campaigns.rules]]
name = "dear"
when = '{when}'
offer = {{ skill = "sales", message = "?", expires = "20s" }}
"""


def version(folder: Path, name: str, when: str = "cart.value >= 50", *, site: float = 0, campaign: float = 0) -> Path:
    file = folder / f"{name}.toml"
    file.write_text(CART.format(when=when, site=site, campaign=campaign), "utf-8")
    return file


def adds(second: int, visitor: str, price: int = 60) -> str:
    return message(second, "Product Added", visitor, product_id="p", price=price, quantity=1)


def fact(second: int, kind: str, **members: Any) -> str:
    return json.dumps({"type": kind, "at": 1_714_557_600_000 + second * 1000, **members})


def compared(run: Run, old: Path, new: Path, *more: object) -> Any:
    ran = run("replay", "--compare", old, new, *more, "--json")
    assert ran.code == 0, ran.err
    return ran.json


@pytest.mark.covers("S0-54")
def test_each_side_has_the_figures_of_a_replay_of_its_own(run: Run, root: Path, tmp_path: Path) -> None:
    events, old = root / "examples/ga360/events.jsonl.gz", root / "examples/ga360.toml"
    new = tmp_path / "new.toml"
    new.write_text(old.read_text("utf-8").replace("cart.value >= 50", "cart.value >= 20"), "utf-8")
    found = compared(run, old, new, events)
    for name, file in (("old", old), ("new", new)):
        alone, side = run("replay", events, "--campaigns", file, "--json").json, found["versions"][name]
        assert (found["events"], found["sessions"]) == (alone["events"], alone["sessions"])
        for key, rule in alone["rules"].items():
            same = {"eligible": rule["eligible_sessions"]} | {
                one: rule[one] for one in ("covered", "candidates", "invited", "held_out", "refrained")
            }
            assert {one: side["rules"][key][one] for one in same} == same
        assert side["invitations"] == sum(rule["invited"] for rule in alone["rules"].values())
    sides = found["versions"]
    assert (
        sides["new"]["rules"]["ga360/cart_value_50"]["eligible"]
        > sides["old"]["rules"]["ga360/cart_value_50"]["eligible"]
    )
    for name in ("old", "new"):
        assert sum(day[name] for day in found["by_day"]) == sides[name]["invitations"]


def test_accepted_invitations_are_chats_that_overlap_while_they_last(run: Run, tmp_path: Path) -> None:
    events = written(tmp_path / "e", [adds(second, f"v{second}") for second in (0, 60, 120, 700)])
    old, new = version(tmp_path, "old"), version(tmp_path, "new", "cart.value >= 500")
    found = compared(run, old, new, events, "--acceptance", 1, "--chat-seconds", 600, "--concurrency", 2)["versions"]
    assert (found["old"]["invitations"], found["old"]["accepted_expected"]) == (4, 4.0)
    assert (found["old"]["peak_concurrent_chats"], found["old"]["agents_needed"]) == (3, 2)
    assert (found["new"]["invitations"], found["new"]["peak_concurrent_chats"], found["new"]["agents_needed"]) == (
        0,
        0,
        0,
    )
    short = compared(run, old, new, events, "--acceptance", 1, "--chat-seconds", 60, "--concurrency", 2)["versions"]
    assert short["old"]["peak_concurrent_chats"] == 1  # a chat that ends as the next begins is no longer there
    none = compared(run, old, new, events, "--acceptance", 0)["versions"]["old"]
    assert (none["invitations"], none["peak_concurrent_chats"]) == (4, 0)


def test_an_invitation_while_every_slot_has_a_chat_is_over_capacity(run: Run, tmp_path: Path) -> None:
    events = written(tmp_path / "e", [adds(second, f"v{second}") for second in (0, 60, 120, 700)])
    old = version(tmp_path, "old")
    one = compared(run, old, old, events, "--acceptance", 1, "--capacity", 1)["versions"]["old"]
    # Nobody who accepts is turned away: the second and the third make the slot wait beyond the end of the first chat.
    assert one["over_capacity"] == {"refused": 0, "sent": 3, "accepted_without_slot": 3.0}
    three = compared(run, old, old, events, "--acceptance", 1, "--capacity", 3)["versions"]["old"]
    assert three["over_capacity"]["sent"] == 0
    unlimited = compared(run, old, old, events, "--acceptance", 1)["versions"]["old"]
    assert unlimited["over_capacity"]["sent"] == 0


def test_only_who_orders_after_the_rule_has_found_him_would_have_bought_anyway(run: Run, tmp_path: Path) -> None:
    def orders(second: int, visitor: str) -> str:
        return message(second, "Order Completed", visitor, order_id=f"o{second}", total=60)

    events = written(tmp_path / "e", [
        adds(0, "after"), adds(1, "never"), adds(2, "never2"),
        orders(3, "before"), adds(4, "before"), orders(9, "after"),
        adds(10, "cheap", 5), orders(11, "cheap"),
    ])  # fmt: skip
    old, new = version(tmp_path, "old", campaign=0.5), version(tmp_path, "new", "cart.items > 0", campaign=0.5)
    found = compared(run, old, new, events)["versions"]
    assert (found["old"]["candidates"], found["old"]["bought_without_help"]) == (4, 0.25)
    assert (found["new"]["candidates"], found["new"]["bought_without_help"]) == (5, 0.4)
    assert found["old"]["rules"]["cart/dear"]["bought_without_help"] == 0.25
    assert found["old"]["days_to_detect"] == {"effect_pp": 2.0, "days": days_to_detect(0.25, 0.02, 4, 0.5)}
    wide = compared(run, version(tmp_path, "site", site=0.2, campaign=0.5), new, events, "--effect", 10)["versions"]
    assert wide["old"]["days_to_detect"]["days"] == days_to_detect(0.25, 0.1, 4, 0.6)
    assert compared(run, version(tmp_path, "all"), new, events)["versions"]["old"]["days_to_detect"]["days"] is None


def recorded(folder: Path, *, free: int = 2) -> Path:
    """A log of the engine: capacity, a page that is alive, a shown invitation, and no timers."""
    alive = [fact(second, "VisitorReachable", visitor="v1") for second in (1, 10, 20, 30, 40, 50)]
    return written(folder / "log", [
        fact(0, "CapacityChanged", free={"sales": free, "": free}, busy={}, queue={}),
        message(1, visitor="v1", path="/cart"), *alive[:1], adds(2, "v1"), *alive[1:],
        fact(51, "InvitationShown", visitor="v1", engagement="x"),
        message(55, "Order Completed", "v1", order_id="o", total=60),
    ])  # fmt: skip


def test_what_time_alone_brings_is_found_by_the_new_rule_although_no_recorded_timer_tells_it(
    run: Run, tmp_path: Path
) -> None:
    old, new = (
        version(tmp_path, "old", "cart.value > 1000"),
        version(tmp_path, "new", 'page.dwell >= duration("25s") && cart.value > 50'),
    )
    found = compared(run, old, new, recorded(tmp_path), "--capacity", "recorded")["versions"]
    assert (found["old"]["invitations"], found["new"]["invitations"]) == (0, 1)


def test_recorded_agents_who_are_not_there_refuse_for_the_new_rule_too(run: Run, tmp_path: Path) -> None:
    old, new = version(tmp_path, "old", "cart.value > 1000"), version(tmp_path, "new")
    log = recorded(tmp_path, free=0)
    found = compared(run, old, new, log, "--capacity", "recorded")["versions"]["new"]
    assert (found["invitations"], found["over_capacity"]["refused"], found["eligible"]) == (0, 1, 1)
    assert found["refrained"] == {"not_covered": 1}


def test_a_session_that_the_recording_shows_helped_is_none_that_bought_without_help(run: Run, tmp_path: Path) -> None:
    old = version(tmp_path, "old")
    found = compared(run, old, old, recorded(tmp_path), "--capacity", "recorded")["versions"]["old"]
    assert (found["candidates"], found["bought_without_help"]) == (1, None)


def test_for_people_both_versions_stand_side_by_side(run: Run, tmp_path: Path) -> None:
    events = written(tmp_path / "e", [adds(0, "v1"), adds(60, "v2", 20)])
    out = run("replay", "--compare", version(tmp_path, "old"), version(tmp_path, "new", "cart.value >= 10"), events).out
    assert [line.split()[-2:] for line in out.splitlines() if line.startswith("invitations  ")] == [["1", "2"]]
    assert "days to detect 2 points" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--compare", "{old}", "{old}"], "needs EVENTS or --data"),
        (["--compare", "{old}", "{old}", "{old}", "--data", "x"], "needs EVENTS or --data"),
        (["--data", "x"], "goes with --compare"),
        (["--campaigns", "{old}"], "EVENTS"),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_line(
    run: Run, tmp_path: Path, words: list[str], said: str
) -> None:
    old = str(version(tmp_path, "old"))
    ran = run("replay", *(word.replace("{old}", old) for word in words))
    assert ran.code == 2
    assert said in ran.err


def test_a_comparison_in_the_background_ends_with_whoever_has_started_it(root: Path) -> None:
    rules, events = str(root / "examples/ga360.toml"), str(root / "examples/ga360/events.jsonl.gz")
    command = [sys.executable, "-m", "aparte", "replay", "--compare", rules, rules, events, "--background", "--json"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    said, _ = child.communicate()  # which closes its input at once, as a server that was killed does
    assert (child.returncode, said) == (3, b"")
