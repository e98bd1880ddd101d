"""Nobody held out is ever contacted, nobody changes his arm, exposure counts once, arms are dealt as planned (P10).

Planted defects are seen: an arm by the session; arms lost at a restart; new shares that deal again; a merge that takes
the younger arm; a merge that leaves the invitation on the other device; another tab that shows somebody else's;
exposure that is counted twice, by the engine or by the report; arms that are not dealt as planned.

`APARTE_LONG=1` sends 200,000 visitors; otherwise it is 2,000.
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
from aparte.engine import live
from aparte.engine.invitations import Invitations, shown_now
from aparte.engine.ports import OfferShown
from aparte.engine.site import LiveSite, Visit
from aparte.experiments import assign as assigning
from aparte.experiments.assign import assign
from aparte.experiments.model import Split
from aparte.replay.run import quiet_collector
from aparte.sessions.store import KeptVisitor

LONG = bool(os.environ.get("APARTE_LONG"))
VISITORS = 200_000 if LONG else 2_000


def figure(text: str) -> None:
    """A figure for whoever asks with -s."""
    sys.stderr.write(f"\n{text}\n")


def lived(data: Path, visitors: int, seed: int = 2) -> World:
    """A world after all its visitors."""

    async def story() -> World:
        world = World(data, seed)
        await world.begin()
        await world.live(visitors, progress=figure if visitors > 10_000 else lambda text: None)
        await world.engine.stop()
        return world

    with quiet_collector():
        return asyncio.run(story())


@pytest.mark.covers("S1-69")
def test_nobody_held_out_is_contacted_and_nobody_changes_his_arm(tmp_path: Path) -> None:
    begun = time.process_time()
    world = lived(tmp_path, VISITORS)
    spent = time.process_time() - begun
    people, wrong, ratios = set(world.whole().values()), world.wrong(), dict(world.ratios())
    held, looked = sum(world.held_out().values()), time.process_time() - begun - spent
    figure(
        f"hold-out: {VISITORS:,} visitors, {len(people):,} persons, {world.visits:,} visits, {world.pulses:,} pulses, "
        f"{world.restarts} restarts, {len(world.joined):,} merges ({world.changed():,} of two arms), "
        f"{len(world.seen):,} times an invitation on a page, {held:,} hold-outs, {wrong}, "
        f"least p {min(ratios.values()):.4f} of {len(ratios)}, {spent:.0f} s CPU and {looked:.0f}"
    )
    assert world.restarts == 9
    assert world.store.campaigns_in_force("shop").version == 2  # type: ignore[union-attr]
    assert len(world.whole()) == VISITORS
    assert held > VISITORS / 5
    assert len(world.seen) > VISITORS
    assert len(world.joined) > VISITORS / 40
    assert world.changed() > VISITORS / 200
    assert not wrong.any(), wrong
    assert len(ratios) == 9  # the site and three campaigns by both versions, and the variants of one
    for candidates, mixed in world.reported().values():
        assert candidates > VISITORS / 5
        assert mixed <= world.changed()
    world.store.close()


# Planted defects: each must be seen.


def test_an_arm_by_the_session_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def by_session(case: decide.Case, split: Split) -> str:
        return assign(split, f"{case.visitor.id}/{case.session.number}", {}, case.now).arm

    monkeypatch.setattr(decide, "drawn", by_session)
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
    wrong = lived(tmp_path, 400).wrong()
    assert wrong.flips > 3
    assert wrong.contacts > 3


def test_new_shares_that_deal_again_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = decide.drawn

    def again(case: decide.Case, split: Split) -> str:
        known = (case.visitor.arms or {}).get(split.seed)
        if known is not None and known.version != split.version:
            case.visitor.arms = {seed: one for seed, one in (case.visitor.arms or {}).items() if seed != split.seed}
        return stored(case, split)

    monkeypatch.setattr(decide, "drawn", again)
    wrong = lived(tmp_path, 400).wrong()
    assert wrong.flips > 3
    assert wrong.contacts > 3


def test_another_tab_that_shows_what_somebody_else_was_offered_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_any_tab(site: LiveSite, visitor: str, language: str, now: int) -> OfferShown | None:
        found = shown_now(site, visitor, language, now)
        if found is None and language == "en":
            others = (shown_now(site, one.visitor, language, now) for one in reversed(site.pending.values()))
            return next((one for one in others if one is not None), None)
        return found

    monkeypatch.setattr(live, "shown_now", in_any_tab)
    assert lived(tmp_path, 250).wrong().contacts > 10


def test_a_merge_that_takes_the_younger_arm_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assigning, "_seniority", lambda one: (-one.at, one.arm))
    wrong = lived(tmp_path, 600).wrong()
    assert wrong.flips > 3
    assert wrong.contacts > 0


def test_an_invitation_left_on_a_device_of_somebody_held_out_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Invitations, "withhold", lambda self, batch, live, visitor: None)
    wrong = lived(tmp_path, 1_000).wrong()
    assert wrong.contacts > 0


def test_an_exposure_counted_twice_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = decide.arm
    monkeypatch.setattr(decide, "arm", lambda case, known: once(case, known | {"newly_candidate": True}))
    assert lived(tmp_path, 250).wrong().again > 10


def test_a_person_counted_once_for_each_device_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = lived(tmp_path, 400)
    assert world.wrong().again == 0
    monkeypatch.setattr(type(world.store), "merges", lambda self, site: {})
    assert world.wrong().again > 3


def test_arms_that_are_not_dealt_as_planned_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = decide.hold_out_split
    monkeypatch.setattr(decide, "hold_out_split", lambda seed, version, share: planned(seed, version, share * 0.7))
    assert lived(tmp_path, 1_000).wrong().uneven
