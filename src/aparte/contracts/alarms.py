"""Alarms: what has gone wrong at a site, told once, and closed when it is well again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

from msgspec import Struct, field
from msgspec.structs import replace

from aparte.contracts.goals import Goal, Standing

AlarmKind: TypeAlias = Literal["floor", "goal_missed", "ingest_stopped", "sample_ratio"]
KINDS: tuple[AlarmKind, ...] = get_args(AlarmKind)
HOUR = 3_600_000
LEAST_SILENCE = HOUR // 2
"""Shorter ones sound no alarm, however busy the site is."""
MISSING = 10.0
"""Usual gaps without a visitor, after which ingest has stopped: by chance once in 22,000 such times."""
LEAST_HISTORY_WEEKS = 2
SLOT = HOUR // 2
UNEVEN = 0.001
"""The p-value below which arms were not dealt as planned."""
Subject: TypeAlias = tuple[AlarmKind, str]
"""Its kind, and what it is about."""


class Alarm(Struct, frozen=True, kw_only=True):
    """Something that somebody has to look at. Of each (site, kind, about) one is open at a time."""

    id: str
    site: str
    kind: AlarmKind
    about: str
    """A goal's id, a campaign's name; empty: the whole site."""
    name: str
    """Of the goal or the campaign, as the firm has written it."""
    opened_at: int
    closed_at: int | None = None
    seen_at: int | None = None
    seen_by: str = ""
    """The member of staff who has seen it; it stays open."""
    figures: dict[str, float] = field(default_factory=dict)
    """What was found when it was opened, by name; see docs/reference/alarms.md."""

    @property
    def subject(self) -> Subject:
        """What there is one open alarm of."""
        return self.kind, self.about


class Trouble(Struct, frozen=True, kw_only=True):
    """What a look has found wrong."""

    kind: AlarmKind
    about: str = ""
    name: str = ""
    figures: dict[str, float] = field(default_factory=dict)


class Look(Struct, frozen=True):
    """What was found wrong, and of what it could not be said: there, whatever is open stays open."""

    troubles: tuple[Trouble, ...] = ()
    unsaid: frozenset[Subject] = frozenset()
    kinds: frozenset[AlarmKind] = frozenset()
    """Kinds of which nothing at all could be said."""


class Turn(Struct, frozen=True):
    """What a look changes."""

    begun: tuple[Trouble, ...]
    ended: tuple[Alarm, ...]


def turned(open_alarms: Sequence[Alarm], look: Look) -> Turn:
    """Which alarms begin and which end: none that is open begins again, none ends that could not be judged."""
    known = {one.subject for one in open_alarms}
    wrong = {(one.kind, one.about): one for one in look.troubles}
    begun = tuple(one for subject, one in wrong.items() if subject not in known)
    ended = (one for one in open_alarms if one.subject not in wrong and one.kind not in look.kinds)
    return Turn(begun, tuple(one for one in ended if one.subject not in look.unsaid))


def closed(alarm: Alarm, at: int) -> Alarm:
    """The same, over."""
    return replace(alarm, closed_at=at)


def of_goals(stood: Iterable[tuple[Goal, Standing, Standing]]) -> Look:
    """What goals tell, with where each stood in the last window that has ended and in the one that has begun.

    A floor is broken in either; a target is missed in the window that has ended: the other one is not over. A goal of
    which nothing is known, or too little, in the window that has ended is not judged.
    """
    troubles: list[Trouble] = []
    unsaid: set[Subject] = set()
    for goal, standing, running in stood:
        broken = next((one for one in (standing, running) if one.alarm), None)
        if broken is not None:
            troubles.append(trouble("floor", goal, broken, goal.floor))
        elif blind(standing):
            unsaid.add(("floor", goal.id))
        if standing.state == "missed":
            troubles.append(trouble("goal_missed", goal, standing, standing.target))
        elif blind(standing):
            unsaid.add(("goal_missed", goal.id))
    return Look(tuple(troubles), frozenset(unsaid))


def blind(standing: Standing) -> bool:
    """Whether nothing can be said of a goal for sure."""
    return standing.state in ("unknown", "too_few", "point")


def trouble(kind: AlarmKind, goal: Goal, standing: Standing, bound: float | None) -> Trouble:
    """What is wrong with a goal, with its figures."""
    actual = standing.actual
    told = {} if actual is None else {"value": actual.value, "low": actual.low, "high": actual.high, "n": actual.n}
    figures = {name: value for name, value in {**told, "bound": bound}.items() if value is not None}
    return Trouble(kind=kind, about=goal.id, name=goal.name, figures=figures)


def of_arms(split: Mapping[str, float | None], called: Mapping[str, str] = MappingProxyType({})) -> Look:
    """What the arms of campaigns tell, by the p-value of how they were dealt; None: there is nothing to test.

    `called`: what people call them, by name.
    """
    wrong = [
        Trouble(kind="sample_ratio", about=name, name=called.get(name, name), figures={"p": p})
        for name, p in split.items() if p is not None and p < UNEVEN
    ]  # fmt: skip
    return Look(tuple(wrong), frozenset(("sample_ratio", name) for name, p in split.items() if p is None))


def of_silence(usual: Mapping[int, float], weeks: float, last: int | None, now: int) -> Look:
    """What it tells that no event was accepted since `last`.

    `usual` holds how many visitors a half-hour of the week has had on average, for each half-hour since `last`, by its
    first moment. The silence counts in usual gaps: one that lies in a half-hour with six visitors is six of them.
    """
    if last is None or weeks < LEAST_HISTORY_WEEKS:
        return Look(kinds=frozenset({"ingest_stopped"}))
    missed = sum(visitors * covered(start, last, now) for start, visitors in usual.items())
    if now - last < LEAST_SILENCE or missed < MISSING:
        return Look()
    figures = {"silent_ms": float(now - last), "last_at": float(last), "usual": round(missed, 1)}
    return Look((Trouble(kind="ingest_stopped", figures=figures),))


def covered(start: int, last: int, now: int) -> float:
    """Which part of a half-hour lies in the silence."""
    return max(0, min(start + SLOT, now) - max(start, last)) / SLOT


def together(*looks: Look) -> Look:
    """Several looks as one."""
    return Look(
        tuple(one for look in looks for one in look.troubles),
        frozenset().union(*(look.unsaid for look in looks)),
        frozenset().union(*(look.kinds for look in looks)),
    )
