"""Nobody held out is ever contacted, nobody changes his arm, exposure counts once, arms are dealt as planned (P10).

`APARTE_LONG=1` sends 200,000 visitors; otherwise it is 2,500.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest
from hold_out_world import World

from aparte.engagements import decide
from aparte.engine.site import LiveSite, Visit
from aparte.experiments.assign import assign
from aparte.experiments.model import Split
from aparte.replay.run import quiet_collector
from aparte.sessions.store import KeptVisitor
from aparte.tracking import model

LONG = bool(os.environ.get("APARTE_LONG"))
VISITORS = 200_000 if LONG else 2_500
merges = pytest.mark.skipif(
    not hasattr(model, "VisitorsMerged"),
    reason="waits for VisitorsMerged: identities are not merged yet",
)


def figure(text: str) -> None:
    """A figure for whoever asks with -s."""
    sys.stderr.write(f"\n{text}\n")


def lived(data: Path, visitors: int, seed: int = 1) -> World:
    """A world after all its visitors."""

    async def story() -> World:
        world = World(data, seed)
        await world.begin()
        await world.live(visitors)
        await world.engine.stop()
        return world

    with quiet_collector():
        return asyncio.run(story())


@pytest.mark.covers("S1-69")
def test_nobody_held_out_is_contacted_and_nobody_changes_his_arm(tmp_path: Path) -> None:
    begun = time.process_time()
    world = lived(tmp_path, VISITORS)
    arms = world.arms()
    held = sum("holdout" in kinds for mine in arms.values() for kinds in mine.values())
    figure(
        f"hold-out: {len(arms):,} visitors, {world.pulses:,} pulses, {world.restarts} restarts, {len(world.seen):,} "
        f"invitations shown, {held:,} hold-outs, {world.wrong()}, least p {min(p for _, p in world.ratios()):.3f}, "
        f"{time.process_time() - begun:.0f} s CPU"
    )
    assert world.restarts == 9
    assert len(arms) == VISITORS
    assert held > VISITORS / 5
    assert len(world.seen) > VISITORS
    assert not world.wrong().any(), world.wrong()
    assert len(list(world.ratios())) == 8  # the site and three campaigns, by both versions
    for candidates, mixed in world.reported().values():
        assert candidates > VISITORS / 5
        assert mixed == 0
    world.store.close()


# Planted defects: each must be seen.


def drawn_by_session(case: decide.Case, split: Split) -> str:
    """The arm by the session instead of the visitor."""
    return assign(split, f"{case.visitor.id}/{case.session.number}", {}, case.now).arm


def test_an_arm_by_the_session_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide, "drawn", drawn_by_session)
    wrong = lived(tmp_path, 250).wrong()
    assert wrong.flips > 10
    assert wrong.contacts > 10


def test_an_arm_drawn_again_after_a_restart_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = LiveSite.woken

    def forgetful(self: LiveSite, kept: KeptVisitor) -> Visit:
        visit = whole(self, kept)
        visit.visitor.arms = None
        return visit

    monkeypatch.setattr(LiveSite, "woken", forgetful)
    wrong = lived(tmp_path, 500).wrong()
    assert wrong.flips > 3
    assert wrong.contacts > 3


def test_arms_that_are_not_dealt_as_planned_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = decide.hold_out_split
    monkeypatch.setattr(decide, "hold_out_split", lambda seed, version, share: planned(seed, version, share * 0.7))
    assert lived(tmp_path, 1_000).wrong().uneven


# Two identities of one person


async def merged(world: World, pairs: int) -> dict[str, list[tuple[str, str]]]:
    """Pairs of visitors, each with arms of his own; then they are proven to be one. Both come again, after a restart.

    Returns by campaign the pairs whose arms were different before.
    """
    people = [(f"a{n:031x}", f"b{n:031x}") for n in range(pairs)]
    for older, younger in people:
        await world.visit(older)
        await world.visit(younger)
    before = world.arms()
    different: dict[str, list[tuple[str, str]]] = {}
    for older, younger in people:
        for name in ("site", "cart", "search", "payment"):
            if before[older][name] and before[younger][name] and before[older][name] != before[younger][name]:
                different.setdefault(name, []).append((older, younger))
        await world.proves(older, f"customer-{older}")
        await world.proves(younger, f"customer-{older}")
    await world.restart(2)
    world.seen.clear()
    await world.passes(2 * 3_600_000)
    for older, younger in people:
        world.person[younger] = older
        await world.visit(younger)
        await world.visit(older)
    await world.engine.stop()
    return different


def contacted_against_the_older(world: World, pairs: int) -> int:
    """Invitations after the merge, to persons whose earlier arm is a hold-out."""

    async def story() -> int:
        await world.begin()
        different = await merged(world, pairs)
        assert all(len(different[name]) > pairs / 50 for name in ("site", "search"))
        first: dict[tuple[str, str], str] = {}
        for one in world.store.decisions("shop"):
            if one.decision == "refrain":
                continue
            who = world.person.get(one.visitor, one.visitor)
            at_site = one.decision == "hold_out" and one.detail == "site"
            first.setdefault((who, "site"), "holdout" if at_site else "treated")
            if not at_site:
                first.setdefault((who, one.campaign), one.decision)
        return sum(
            first[world.person.get(who, who), "site"] == "holdout"
            or first[world.person.get(who, who), campaign] == "hold_out"
            for who, campaign in world.seen
        )

    return asyncio.run(story())


@merges
def test_two_identities_of_one_person_have_the_earlier_arm_from_then_on(tmp_path: Path) -> None:
    world = World(tmp_path, 5)
    assert contacted_against_the_older(world, 400) == 0
    assert len(world.seen) > 200


@merges
def test_a_merge_that_takes_the_younger_arm_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aparte.experiments import assign as module  # noqa: PLC0415

    monkeypatch.setattr(module, "_seniority", lambda one: (-one.at, one.arm))
    assert contacted_against_the_older(World(tmp_path, 5), 400) > 5
