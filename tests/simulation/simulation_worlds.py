"""Four weeks of the demo's past, made once, and what a report would compute from them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from math import sqrt

from msgspec import Struct

from aparte.engagements.model import HoldOut, Invite
from aparte.simulation.history import history
from aparte.simulation.model import Past, PastVisit, Recorded
from aparte.targeting.campaign import Campaigns, load

NOW = 1_795_300_000_000
SEED = 1


@lru_cache(maxsize=1)
def campaigns() -> Campaigns:
    """The campaign file of the demo."""
    text = files("aparte.simulation").joinpath("demo.toml").read_text(encoding="utf-8")
    return load(text, "demo.toml")


@lru_cache(maxsize=1)
def four_weeks() -> tuple[Past, ...]:
    """The history that the demo has."""
    return tuple(history(SEED, NOW, campaigns()))


def visits(past: Iterable[Past]) -> list[PastVisit]:
    """The visits alone."""
    return [one for one in past if isinstance(one, PastVisit)]


def lines(past: Iterable[Past]) -> list[Recorded]:
    """The log, in its one order."""
    return sorted((line for one in past for line in one.lines), key=lambda line: line.seq)


class Estimate(Struct, frozen=True):
    """Difference of the share that buys, invited less held out, among candidates; each visitor counts once."""

    effect: float
    error: float
    people: int


def estimate(past: Iterable[Past], campaign: str) -> Estimate:
    """What a report finds for one campaign."""
    arms: dict[str, tuple[bool, bool]] = {}
    for visit in visits(past):
        for one in visit.decisions:
            if one.campaign == campaign and isinstance(one, Invite | HoldOut):
                bought = any(order.at >= one.at for order in visit.orders)
                arms.setdefault(one.visitor, (isinstance(one, Invite), bought))
    return difference(arms.values())


def difference(outcomes: Iterable[tuple[bool, bool]]) -> Estimate:
    """Of (invited, bought) pairs."""
    groups: dict[bool, list[bool]] = {True: [], False: []}
    for invited, bought in outcomes:
        groups[invited].append(bought)
    share = {arm: sum(group) / len(group) for arm, group in groups.items()}
    error = sqrt(sum(share[arm] * (1 - share[arm]) / len(group) for arm, group in groups.items()))
    return Estimate(share[True] - share[False], error, sum(map(len, groups.values())))
