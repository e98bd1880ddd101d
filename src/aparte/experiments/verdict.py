"""What a comparison asks for: to stop a rule, keep it, widen it, change it, or to wait. Pure."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from aparte.experiments.sequential import LEAST_ORDERS
from aparte.experiments.sizing import days_needed
from aparte.experiments.statistics import SRM_ALARM

Word = Literal["stop", "keep", "widen", "change", "not_yet_known", "srm_alarm"]
Bounds = tuple[float, float]

LEAST_EXPECTED = 10
"""Orders expected in each arm if both were alike, below which the interval for one look is too narrow for its name."""


class Evidence(Struct, frozen=True, kw_only=True):
    """What is known of a rule when its verdict is asked for; of a pair the control comes first."""

    fixed: Bounds | None
    """The interval for a single look at the planned size; None while there is no spread to reckon with."""
    always_valid: Bounds | None
    """The one for looking every day."""
    visitors: tuple[int, int]
    """Compared so far."""
    orders: tuple[int, int]
    """Those of them who ordered."""
    planned: int | None
    """Visitors to hold out, fixed before the first look; None: no size can be told, there are no orders."""
    only_look: bool = False
    """Nobody has looked before and nobody will again: the interval for one look may decide now."""
    srm_p: float | None = None
    unused_capacity: bool = False
    per_day: float | None = None
    """Visitors held out a day; None: nobody knows."""


class Ruling(Struct, frozen=True):
    """The word, whole days still needed (None: not waiting, or nobody knows how fast visitors come), and why."""

    word: Word
    days: int | None
    why: str


def verdict(known: Evidence) -> Ruling:
    """The verdict on one rule.

    The sample-ratio alarm (p < 0.001) overrides everything. At the planned size the interval for one look decides:
    above 0 keep, or widen where agents are free; not above 0 stop; holding 0 change. Before it only the always-valid
    interval may decide, since looking daily at the other one finds effects that are none; else wait.
    """
    if known.srm_p is not None and known.srm_p < SRM_ALARM:
        return Ruling("srm_alarm", None, "the arms are not dealt as planned, so no figure of this comparison holds")
    reached = known.planned is not None and known.visitors[0] >= known.planned
    bounds = deciding(known, reached)
    if bounds is not None and bounds[0] > 0:
        return kept(known.unused_capacity)
    if bounds is not None and bounds[1] <= 0:
        return Ruling("stop", None, "the whole interval lies at or below 0")
    if reached and bounds is not None:
        return Ruling("change", None, "the planned size is reached and the interval holds 0")
    return waiting(known)


def deciding(known: Evidence, reached: bool) -> Bounds | None:
    """The interval that may decide now, if any."""
    if reached or known.only_look:
        expected = min(known.visitors) * sum(known.orders) / sum(known.visitors)
        return known.fixed if expected >= LEAST_EXPECTED else None
    return known.always_valid if min(known.orders) >= LEAST_ORDERS else None


def kept(unused_capacity: bool) -> Ruling:
    """It earns."""
    if unused_capacity:
        return Ruling("widen", None, "the whole interval lies above 0 and agents are free")
    return Ruling("keep", None, "the whole interval lies above 0")


def waiting(known: Evidence) -> Ruling:
    """Nothing can be said yet."""
    if known.planned is None or known.visitors[0] >= known.planned:
        return Ruling("not_yet_known", None, "there are too few orders to say anything")
    missing = known.planned - known.visitors[0]
    days = None if known.per_day is None else days_needed(missing, known.per_day)
    return Ruling("not_yet_known", days, f"{missing:,} more visitors have to be held out")
