"""Alarms as pure rules: what begins, what ends, and what stays because nothing could be said of it.

Mutants seen to fail here: an alarm that is open begins again; an alarm ends when nothing could be counted; silence is
told at night, when nobody comes anyway.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.contracts.alarm_words import SUBJECTS, TEXTS, subject_and_text
from aparte.contracts.alarms import (
    KINDS,
    SLOT,
    Alarm,
    Look,
    Trouble,
    closed,
    of_arms,
    of_goals,
    of_silence,
    together,
    turned,
)
from aparte.contracts.goals import Actual, Goal, judged

GOAL = Goal(id="g1", site="shop", kpi="csat", name="Happy", target=0.8, floor=0.7, min_n=50)
HOUR = 2 * SLOT


def alarm(kind: Any = "floor", about: str = "g1") -> Alarm:
    return Alarm(id=f"{kind}-{about}", site="shop", kind=kind, about=about, name="Happy", opened_at=1)


def stood(ended: Actual | None, running: Actual | None = None) -> Look:
    return of_goals([(GOAL, judged(GOAL, ended), judged(GOAL, running))])


@pytest.mark.covers("S1-64")
def test_a_broken_floor_sounds_and_noise_does_not() -> None:
    broken = stood(Actual(0.6, 0.55, 0.65, 400))
    assert [one.kind for one in broken.troubles] == ["floor", "goal_missed"]
    assert broken.troubles[0].figures == {"value": 0.6, "low": 0.55, "high": 0.65, "n": 400, "bound": 0.7}
    assert stood(Actual(0.68, 0.6, 0.9, 20_000)).troubles == ()
    assert [one.kind for one in stood(None, Actual(0.6, 0.55, 0.65, 400)).troubles] == ["floor"]


def test_a_target_is_missed_only_in_a_window_that_has_ended() -> None:
    assert [one.kind for one in stood(Actual(0.75, 0.72, 0.78, 900)).troubles] == ["goal_missed"]
    assert stood(Actual(0.9, 0.85, 0.95, 900), Actual(0.75, 0.72, 0.78, 900)).troubles == ()


@pytest.mark.parametrize("found", [None, Actual(0.1, 0.0, 0.2, 5)])
def test_of_what_is_not_counted_nothing_ends(found: Actual | None) -> None:
    open_alarms = [alarm("floor"), alarm("goal_missed")]
    assert turned(open_alarms, stood(found)).ended == ()
    assert turned(open_alarms, stood(Actual(0.9, 0.85, 0.95, 400))).ended == tuple(open_alarms)
    assert turned(open_alarms, Look(kinds=frozenset({"floor", "goal_missed"}))).ended == ()


def test_a_goal_that_was_erased_keeps_no_alarm() -> None:
    assert turned([alarm()], of_goals([])).ended == (alarm(),)


SUBJECTS_OF = st.tuples(st.sampled_from(KINDS), st.sampled_from(["", "a", "b"]))


@given(st.sets(SUBJECTS_OF), st.sets(SUBJECTS_OF), st.sets(SUBJECTS_OF))
def test_after_a_look_what_is_wrong_is_open_once_and_a_second_look_changes_nothing(
    open_: set[Any], wrong: set[Any], unsaid: set[Any]
) -> None:
    look = Look(tuple(Trouble(kind=kind, about=about) for kind, about in wrong), frozenset(unsaid))
    before = [alarm(kind, about) for kind, about in sorted(open_)]
    turn = turned(before, look)
    after = [one for one in before if one not in turn.ended] + [alarm(one.kind, one.about) for one in turn.begun]
    subjects = [one.subject for one in after]
    assert len(set(subjects)) == len(subjects)
    assert set(subjects) == wrong | (open_ & unsaid)
    again = turned(after, look)
    assert (again.begun, again.ended) == ((), ())
    assert closed(before[0], 5).closed_at == 5 if before else True


def test_arms_that_were_not_dealt_as_planned_sound_by_their_campaign() -> None:
    look = of_arms({"": 0.4, "cart": 0.0002, "new": None})
    assert [(one.kind, one.about, one.figures) for one in look.troubles] == [("sample_ratio", "cart", {"p": 0.0002})]
    assert look.unsaid == {("sample_ratio", "new")}


@pytest.mark.parametrize(
    ("silent", "visitors", "weeks", "sounds"),
    [
        (29 * 60_000, 100.0, 4.0, False), (31 * 60_000, 100.0, 4.0, True), (12 * HOUR, 0.0, 4.0, False),
        (3 * HOUR, 1.5, 4.0, False), (4 * HOUR, 1.5, 4.0, True), (12 * HOUR, 100.0, 1.0, False),
    ],
)  # fmt: skip
def test_silence_sounds_by_how_many_would_have_come(silent: int, visitors: float, weeks: float, sounds: bool) -> None:
    usual = dict.fromkeys(range(0, silent, SLOT), visitors)
    assert bool(of_silence(usual, weeks, 0, silent).troubles) == sounds


def test_a_site_that_never_had_a_visitor_sounds_no_alarm_and_ends_none() -> None:
    assert turned([alarm("ingest_stopped", "")], of_silence({}, 0.0, None, HOUR)).ended == ()


def test_several_looks_are_one() -> None:
    both = together(of_arms({"cart": 0.0}), stood(None), Look(kinds=frozenset({"ingest_stopped"})))
    assert len(both.troubles) == 1
    assert both.unsaid == {("floor", "g1"), ("goal_missed", "g1")}
    assert both.kinds == {"ingest_stopped"}


@pytest.mark.parametrize("language", ["fr", "en", "de"])
@pytest.mark.parametrize("kind", KINDS)
def test_mails_say_what_is_wrong_without_a_place_left(language: str, kind: Any) -> None:
    told = Alarm(
        id="x", site="shop", kind=kind, about="g1", name="{bound} & {site}", opened_at=1,
        figures={"value": 0.61, "low": 0.5, "high": 0.7, "n": 400.0, "bound": 0.75, "p": 0.0004,
                 "silent_ms": 3_600_000.0, "usual": 12.0},
    )  # fmt: skip
    subject, text = subject_and_text(told, "Maison A", told.name, "https://shop.example/reports/goals", language)
    assert "Maison A" in subject
    assert "\n" not in subject
    assert "https://shop.example/reports/goals" in text
    assert "–" not in text
    for place in ("{value}", "{name}", "{p}", "{link}", "{minutes}", "{usual}"):
        assert place not in text
    assert set(SUBJECTS["fr"]) == set(TEXTS["en"]) == set(KINDS)
