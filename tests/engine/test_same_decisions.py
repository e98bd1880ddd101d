"""What changes nothing: cutting a stream, writing states down, watching, other rules, other visitors."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from streams import CONDITIONS, VISITORS, campaigns, campaigns_text, lines_of, messages, replayed, told

from aparte.backends.memory.orders import MemoryOrders
from aparte.backends.memory.seen import SeenIds
from aparte.backends.sqlite.visitors import SpillingVisitors
from aparte.engagements.model import Decision, HoldOut, Invite, SiteState
from aparte.experiments.assign import draw
from aparte.experiments.model import HOLDOUT, Split
from aparte.replay.run import Replay, Visit
from aparte.routing.model import UNLIMITED, Capacity
from aparte.sessions.model import SessionState, VisitorState
from aparte.targeting.campaign import Campaigns
from aparte.targeting.windows import Progress, Window
from aparte.tracking.normalise import Normaliser
from aparte.tracking.store import WINDOW

RULES = campaigns()
CHANGED = campaigns(holdout=0.9, site_holdout=0.9, version=2)
AHEAD = campaigns(ahead=500)


def run_of(rules: Campaigns, decisions: list[Decision], capacity: Capacity = UNLIMITED) -> Replay:
    return Replay(
        rules,
        capacity,
        seen=SeenIds(WINDOW),
        visitors_seen=SeenIds(None),
        orders=MemoryOrders(),
        visitors=SpillingVisitors(in_memory=1),
        on_decision=decisions.append,
    )


def written_and_read(run: Replay) -> None:
    """Every state of a run leaves the process as bytes and comes back."""
    run.site = again(run.site, SiteState)
    for visit in run.open.values():
        visit.site, visit.visitor = run.site, again(visit.visitor, VisitorState)
        revive(visit, run.campaigns)


def again(value: Any, type_: Any) -> Any:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=type_)


def revive(visit: Visit, rules: Campaigns) -> None:
    if visit.session is None:
        return
    session = visit.session = again(visit.session, SessionState)
    for one in rules.measures.values():
        state = session.measures[one.slot]
        if isinstance(state, dict) and "starts" in state:
            session.measures[one.slot] = msgspec.convert(state, Progress)
        elif isinstance(state, dict) and "span_ms" in state:
            session.measures[one.slot] = msgspec.convert(state, Window)


@settings(max_examples=80, deadline=None)
@given(messages(), st.sets(st.integers(0, 30)), st.sampled_from([UNLIMITED, Capacity(everywhere=1)]))
def test_batches_and_states_that_are_written_and_read_again(
    stream: list[dict[str, Any]], cuts: set[int], capacity: Capacity
) -> None:
    decisions: list[Decision] = []
    run = run_of(RULES, decisions, capacity)
    for number, line in enumerate(lines_of(stream)):
        run.feed([Normaliser().read(line)])
        if number in cuts:
            written_and_read(run)
    assert told((decisions, run.finish())) == told(replayed(RULES, stream, capacity))


@settings(max_examples=40, deadline=None)
@given(messages())
def test_a_watcher_changes_nothing_and_twice_is_the_same(stream: list[dict[str, Any]]) -> None:
    once = told(replayed(RULES, stream))
    assert told(replayed(RULES, stream, on_step=lambda *_: None)) == once
    assert told(replayed(RULES, stream)) == once


@settings(max_examples=30, deadline=None)
@given(messages())
def test_five_hundred_rules_ahead_change_nothing(stream: list[dict[str, Any]]) -> None:
    ours, summary = replayed(RULES, stream)
    beside, crowded = replayed(AHEAD, stream)
    assert [msgspec.json.encode(one) for one in beside] == [msgspec.json.encode(one) for one in ours]
    assert {key: crowded.rules[key] for key in summary.rules} == summary.rules
    assert not any(counts.eligible_sessions for key, counts in crowded.rules.items() if key.startswith("ahead/"))


@settings(max_examples=60, deadline=None)
@given(messages(late=False))
def test_with_slots_enough_visitors_do_not_touch_one_another(stream: list[dict[str, Any]]) -> None:
    # An order id counts once for the whole site, so orders do touch.
    stream = [message for message in stream if message.get("event") != "Order Completed"]
    together, _ = replayed(RULES, stream)
    for visitor in VISITORS:
        alone, _ = replayed(RULES, [message for message in stream if message["anonymousId"] == visitor])
        assert [one for one in together if one.visitor == visitor] == alone


class Arms:
    """The arm of each visitor for each seed, which never changes."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], str] = {}

    def see(self, state: Any, event: Any, decisions: list[Decision], capacity: Capacity) -> None:
        for seed, assignment in (state.visitor.arms or {}).items():
            assert self.seen.setdefault((state.visitor.id, seed), assignment.arm) == assignment.arm


@settings(max_examples=80, deadline=None)
@given(messages(), st.integers(0, 30))
def test_no_arm_ever_changes_whatever_is_published(stream: list[dict[str, Any]], published_at: int) -> None:
    arms, decisions = Arms(), []
    run = run_of(RULES, decisions)
    run.on_step = arms.see
    for number, line in enumerate(lines_of(stream)):
        if number == published_at:
            run.campaigns, run.site.rules = CHANGED, CHANGED.file.site
        run.feed([Normaliser().read(line)])
    run.finish()
    assert_arms_are_kept(decisions)


def assert_arms_are_kept(decisions: list[Decision]) -> None:
    """Nobody is treated in one session and held out in another."""
    invited = {(one.visitor, one.campaign) for one in decisions if isinstance(one, Invite)}
    held_out = {(one.visitor, one.campaign) for one in decisions if isinstance(one, HoldOut)}
    assert not invited & held_out
    by_site = {one.visitor for one in decisions if isinstance(one, HoldOut) and one.level == "site"}
    assert not by_site & {visitor for visitor, _ in invited}
    variants = {(one.visitor, one.campaign, one.variant) for one in decisions if isinstance(one, Invite)}
    assert len({(visitor, campaign) for visitor, campaign, _ in variants}) == len(variants)


@settings(max_examples=60, deadline=None)
@given(messages(), st.randoms(use_true_random=False))
def test_an_arm_depends_on_the_visitor_and_the_seed_alone(stream: list[dict[str, Any]], random: Any) -> None:
    one, other = Arms(), Arms()
    replayed(RULES, stream, on_step=one.see)
    random.shuffle(stream)
    replayed(RULES, stream, on_step=other.see)
    both = one.seen.keys() & other.seen.keys()
    assert {key: one.seen[key] for key in both} == {key: other.seen[key] for key in both}
    for (visitor, seed), arm in one.seen.items():
        if not seed.startswith("experiment:"):
            share = 0.2 if seed.startswith("site:") else 0.3
            assert arm == draw(Split(seed, 1, ((HOLDOUT, share), ("treated", 1 - share))), visitor)


def test_hold_outs_of_two_campaigns_and_of_the_site_are_not_nested() -> None:
    seeds = {"site:s": 0.2, "campaign:dwell": 0.3, "campaign:idle": 0.3}
    drawn = {
        seed: {n for n in range(1000) if draw(Split(seed, 1, ((HOLDOUT, s), ("treated", 1 - s))), f"v{n}") == HOLDOUT}
        for seed, s in seeds.items()
    }
    stream = [
        {"messageId": f"{n}-{k}", "anonymousId": f"v{n}", "timestamp": f"2024-01-15T12:0{k}:00Z", "type": "page"}
        for k in range(2)
        for n in range(1000)
    ]
    found = replayed(RULES, [message | {"properties": {"path": "/cart"}} for message in stream])[0]
    site = {int(one.visitor[1:]) for one in found if isinstance(one, HoldOut) and one.level == "site"}
    mine = {
        name: {int(one.visitor[1:]) for one in found if isinstance(one, HoldOut) and one.campaign == name} - site
        for name in ("dwell", "idle")
    }
    assert site == drawn["site:s"]
    assert mine["dwell"] == drawn["campaign:dwell"] - site
    assert mine["idle"] == drawn["campaign:idle"] - site
    assert 0.2 < len(mine["dwell"] & mine["idle"]) / len(mine["dwell"]) < 0.4


def test_decisions_are_the_same_bytes_whatever_the_hash_seed(tmp_path: Path, root: Path) -> None:
    (tmp_path / "rules.toml").write_text(campaigns_text(holdout=0.3, site_holdout=0.1), encoding="utf-8")
    stream = [
        message | {"anonymousId": f"{message['anonymousId']}{n}"} for n in range(12) for message in fixed_stream()
    ]
    for number, message in enumerate(stream):
        message["messageId"] = f"m{number}"
    (tmp_path / "events.jsonl").write_bytes(b"\n".join(lines_of(stream)) + b"\n")
    outputs = {replay_in_a_process(tmp_path, root, seed) for seed in ("0", "4242")}
    assert len(outputs) == 1
    assert outputs.pop().count(b"\n") > len(CONDITIONS)


def fixed_stream() -> list[dict[str, Any]]:
    bodies: list[dict[str, Any]] = [
        {"type": "page", "properties": {"path": "/cart"}},
        {"type": "track", "event": "Product Viewed", "properties": {"product_id": "A"}},
        {"type": "track", "event": "Product Added", "properties": {"product_id": "A", "price": 60}},
        {"type": "track", "event": "Cart Viewed"},
        {"type": "track", "event": "Product Viewed", "properties": {"product_id": "B"}},
        {"type": "track", "event": "Cart Viewed"},
    ]
    return [
        {"anonymousId": visitor, "timestamp": f"2024-01-15T12:{number:02}:0{place}Z", **body}
        for place, visitor in enumerate(VISITORS)
        for number, body in enumerate(bodies)
    ]


def replay_in_a_process(folder: Path, root: Path, seed: str) -> bytes:
    out = folder / f"decisions-{seed}.jsonl"
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root / "src")}
    arguments = ["replay", "events.jsonl", "--campaigns", "rules.toml", "--json", "--decisions-out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "aparte", *arguments], cwd=folder, env=environment, capture_output=True, check=True
    )
    return out.read_bytes() + done.stdout
