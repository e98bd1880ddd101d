"""The report against shops whose truth is known: intervals hold it, and who looks daily is not deceived.

Fixed seeds; APARTE_LONG=1, which is what `make truth` sets, takes more of them and other hold-outs.
Defects seen to fail here: chatters alone analysed; the interval for one look drawn as the band; something else taken
for take-up; candidates counted whose horizon is not over.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from effect_world import BASKET, BY_DAY, FIRST, shops, truth

from aparte.app import report_data
from aparte.app.facts import folder_facts
from aparte.app.simulate import Asked, simulate
from aparte.attribution.facts import Answer, Facts
from aparte.reports.first import report
from aparte.reports.incrementality.model import Comparison, Curve, Incrementality
from aparte.reports.incrementality.report import incrementality
from aparte.reports.numbers import day_of
from aparte.reports.scope import Scope

LONG = bool(os.environ.get("APARTE_LONG"))
SEEDS = 1_000 if LONG else 200
AT_ONCE = 100
LOOKED_AT = 200 if LONG else 100
HOLDOUTS = (0.5, 0.1) if LONG else (0.5,)
VISITORS = 12_000 if LONG else 3_500


@pytest.mark.covers("S1-108")
@pytest.mark.parametrize("holdout", HOLDOUTS)
@pytest.mark.parametrize("effect", [0.0, 0.05, 0.20])
def test_intervals_hold_the_true_itt_and_cace_in_ninety_two_to_ninety_eight_of_a_hundred_runs(
    effect: float, holdout: float
) -> None:
    per_day, seeds = (150, SEEDS) if holdout == 0.5 else (450, SEEDS // 2)
    read: list[Comparison] = []
    for first in range(0, seeds, AT_ONCE):
        with shops(AT_ONCE, days=10, per_day=per_day, effect=effect, holdout=holdout, first=first) as world:
            read += [one for one in world.report().campaigns if one.state == "read"]
    itt, cace = truth(effect)
    assert len(read) >= 0.99 * seeds  # one in a thousand alarms by chance
    held = {
        "itt": share(read, lambda one: one.conversion.effect.low <= itt <= one.conversion.effect.high),
        "cace": share(read, lambda one: one.cace.region.holds(cace)),
        "earned": share(
            read, lambda one: one.earned.orders.low <= itt * one.treated.visitors <= one.earned.orders.high
        ),
        "revenue": share(read, lambda one: one.revenue.effect.low <= itt * BASKET <= one.revenue.effect.high),
    }
    least = dict.fromkeys(held, 0.92) | ({} if holdout == 0.5 else {"revenue": 0.88})  # a dozen buyers, skewed amounts
    assert {name: least[name] <= found <= 0.98 for name, found in held.items()} == dict.fromkeys(held, True), held
    most = 5 if holdout == 0.5 else 5 * (1 + effect)
    assert 3 <= sum(one.naive_ratio for one in read) / len(read) <= most  # and with no effect at all, too


def share(read: list[Comparison], holds) -> float:  # type: ignore[no-untyped-def]
    """The part of the runs of which this holds."""
    return sum(map(holds, read)) / len(read)


def test_without_any_effect_who_looks_daily_for_sixty_days_is_deceived_in_at_most_five_of_a_hundred_runs() -> None:
    with shops(LOOKED_AT, days=60, per_day=40, effect=0.0) as world:
        found = world.report(BY_DAY)
        assert all(len(curve.points) == 60 for curve in found.curves)
        assert sum(map(deceived, found.curves)) / LOOKED_AT <= 0.05
        assert sum(map(deceived_by_revenue, found.curves)) / LOOKED_AT <= 0.05
        for day in (40,):  # a point of the curve is what the report said on that day
            looked = world.report(looked_at=day)
            assert [said(one) for one in looked.campaigns] == [
                said_by(found, one.campaign, day - 7) for one in looked.campaigns
            ]


def deceived(curve: Curve) -> bool:
    """Whether conversion ever seemed to change."""
    bands = [point.conversion for point in curve.points if point.conversion is not None]
    return any(not band.low <= 0 <= band.high for band in bands)


def deceived_by_revenue(curve: Curve) -> bool:
    """Whether something ever seemed to be earned or lost."""
    bands = [point.revenue for point in curve.points if point.revenue is not None]
    return any(not band.low <= 0 <= band.high for band in bands)


def said(one: Comparison) -> tuple[int, int, float | None]:
    """What a report says of both arms."""
    always = one.conversion.always if one.conversion is not None else None
    return one.control.visitors, one.treated.visitors, always and always.low


def said_by(found: Incrementality, campaign: str, place: int) -> tuple[int, int, float | None]:
    """What the curve says."""
    [curve] = [one for one in found.curves if one.campaign == campaign]
    point = curve.points[place]
    return point.control, point.treated, point.conversion and point.conversion.low


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real engine over visitors of whom is known what they would have done in both worlds."""
    data = tmp_path_factory.mktemp("truth") / "data"
    simulate(data, Asked(visitors=VISITORS, seed=8, days=14, effect_pp=20.0, first_day=FIRST))
    return data


@pytest.mark.covers("S1-70")
def test_from_the_log_over_the_facts_to_the_report_the_truth_is_found(folder: Path) -> None:
    known = json.loads((folder / "truth.json").read_text("utf-8"))
    with report_data(folder) as (sites, sources):
        site, plan = sites[0], sources.campaigns(sites[0].id)
        first = report(site, known["start"], known["until"], known["now"], sources)
    with folder_facts(folder) as (_, facts):
        asked = TimedFacts(facts)
        begun = process_time()
        found = incrementality(asked, site, scope_of(site.id, site.time_zone, known), plan)
        assert process_time() - begun <= 10 * asked.seconds
    read = [one for one in found.campaigns if one.state == "read"]
    assert read
    for one in read:
        true = known["campaigns"][one.campaign]
        assert one.conversion.effect.low <= true["itt_pp"] / 100 <= one.conversion.effect.high
        assert one.cace.region.holds(true["cace_pp"] / 100)
        assert one.naive_ratio > 1.5
        aided = one.cannibal.aided.effect.estimate
        assert one.cannibal.unaided.effect.estimate + aided == pytest.approx(
            one.treated.orders / one.treated.visitors - one.control.orders / one.control.visitors
        )
    sides = [
        (first.whole, found.whole),
        *((a.comparison, b) for a, b in zip(first.campaigns, found.campaigns, strict=True)),
    ]
    for old, new in sides:
        assert (old.treated.visitors, old.holdout.visitors) == (new.treated.visitors, new.control.visitors)
        assert (old.young, old.returning, old.merged) == (new.notes.young, new.notes.returning, new.notes.merged)
        assert (old.crossover, old.invited_by_others) == (new.notes.crossover, new.notes.invited_by_others)
        assert (old.split_p, old.first_reading, old.full_size) == (new.srm_p, new.first_reading, new.planned)
        if old.conversion is not None:
            assert old.conversion == new.conversion.effect
            assert 100 * old.incremental.low == pytest.approx(new.earned.revenue.low)
    [last] = [one for one in found.attributed if (one.touch, one.window) == ("last", "24h")]
    assert (last.orders, last.revenue) == (first.attributed.orders, round(100 * first.attributed.revenue))


class TimedFacts:
    """Facts that say how long what is asked of them took."""

    def __init__(self, facts: Facts) -> None:
        self._facts, self.seconds = facts, 0.0

    def ask(self, sql: str, values: Any = ()) -> Answer:
        begun = process_time()
        try:
            return self._facts.ask(sql, values)
        finally:
            self.seconds += process_time() - begun


def scope_of(site: str, time_zone: str, known: dict[str, int]) -> Scope:
    """All days of the simulation, at its end."""
    since, until = (day_of(at, time_zone) for at in (known["start"], known["until"] - 1))
    assert isinstance(since, date)
    return Scope(site=site, since=since, until=until, now=known["now"])
