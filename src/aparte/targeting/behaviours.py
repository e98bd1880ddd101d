"""Behaviours: named incremental measures of a session, `[behaviours.NAME]` of a campaign file.

A behaviour becomes up to three updates, each bound to the event that it listens to: advance (its own event), reset
(`since`) and void (`without`). Its state is one slot of `SessionState.measures`; conditions see it as a plain value.

| kind | value | with time |
|---|---|---|
| count | how many such events | shrinks, with `within` |
| sum | sum of property `of` | changes, with `within` |
| distinct | number of different values of `of` | shrinks, with `within` |
| last | value of `of` in the last such event; absent before | |
| dwell | time since such an event with no other page since; absent else | grows |
| elapsed | time since the last such event; absent before | grows |
| idle | time since the last such event; absent before | grows |
| sequence | how often the events came in this order | |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from msgspec import Struct

from aparte.kit.durations import parse_duration
from aparte.sessions.model import SessionState
from aparte.targeting.conditions import Flow, Presence
from aparte.targeting.model import Behaviour
from aparte.targeting.windows import Progress, Window
from aparte.tracking.model import ClientEvent

Update: TypeAlias = Callable[[SessionState, ClientEvent], None]
Where: TypeAlias = Callable[[ClientEvent], bool]

EVERY_EVENT = "*"
KINDS = ("count", "sum", "distinct", "last", "dwell", "elapsed", "idle", "sequence")
NEED_PROPERTY = ("sum", "distinct", "last")
WITH_WINDOW = ("count", "sum", "distinct", "sequence")
ANCHORED = ("dwell", "elapsed", "idle")
MOST_DISTINCT = 1000


class Measure(Struct, frozen=True):
    """One compiled behaviour: where its state is, what it starts with, how conditions read it."""

    name: str
    kind: str
    slot: int
    type: str
    presence: Presence
    flow: Flow
    read: str
    empty: Any
    updates: tuple[tuple[str, Update], ...]
    """Which event makes which update; `*` is every event."""

    @property
    def listens_to(self) -> tuple[str, ...]:
        """The events that can change it."""
        return tuple(event for event, _ in self.updates)


def kind_of(behaviour: Behaviour) -> str:
    """The one kind that a behaviour names; `check` refuses none and several."""
    return next(kind for kind in KINDS if getattr(behaviour, kind) is not None)


def events_of(behaviour: Behaviour) -> tuple[str, ...]:
    """The events that advance a behaviour."""
    named = getattr(behaviour, kind_of(behaviour))
    return tuple(dict.fromkeys(named)) if isinstance(named, tuple) else (named,)


def measure(name: str, behaviour: Behaviour, slot: int, where: Where | None) -> Measure:
    """Compile a checked behaviour; `where` is its compiled condition over the event."""
    kind = kind_of(behaviour)
    span = parse_duration(behaviour.within) if behaviour.within else None
    type_, presence, flow, read, empty = value_of(kind, slot, span)
    return Measure(name, kind, slot, type_, presence, flow, read, empty, tuple(updates(behaviour, slot, span, where)))


def value_of(kind: str, slot: int, span: int | None) -> tuple[str, Presence, Flow, str, Any]:
    """Type, presence, flow, read expression and empty state of a kind of behaviour."""
    state = f"s.measures[{slot}]"
    if kind in ANCHORED:
        return "duration", "maybe", "rising", f"(now - {state} if {state} is not None else None)", None
    if kind == "last":
        return "any", "maybe", "steady", state, None
    if kind == "sequence":
        return "int", "always", "steady", f"({state}.completed if {state} is not None else 0)", None
    type_ = "number" if kind == "sum" else "int"
    if span is not None:
        # A number below 0 that leaves makes a sum larger, so a sum may go either way.
        flow: Flow = "free" if kind == "sum" else "falling"
        return type_, "always", flow, f"({state}.{kind}(now) if {state} is not None else 0)", None
    if kind == "distinct":
        return type_, "always", "steady", f"(len({state}) if {state} is not None else 0)", None
    return type_, "always", "steady", state, 0


def updates(behaviour: Behaviour, slot: int, span: int | None, where: Where | None) -> Iterator[tuple[str, Update]]:
    """The updates of a behaviour; resets come first, so that an event that resets and counts counts as one."""
    kind = kind_of(behaviour)
    empty = value_of(kind, slot, span)[-1]
    for event in (behaviour.since, behaviour.without if kind != "sequence" else None):
        if event is not None:
            yield event, reset(slot, empty)
    if kind == "sequence":
        yield from sequence_updates(behaviour, slot, span, where)
        return
    if kind == "dwell":
        yield from dwell_updates(behaviour, slot, where)
        return
    advance = {
        "count": counter(slot) if span is None else windowed(slot, span, None),
        "sum": summer(slot, behaviour.of or "") if span is None else windowed(slot, span, behaviour.of, numbers=True),
        "distinct": collector(slot, behaviour.of or "") if span is None else windowed(slot, span, behaviour.of),
        "last": keeper(slot, behaviour.of or ""),
        "elapsed": anchor(slot),
        "idle": anchor(slot),
    }[kind]
    for event in events_of(behaviour):
        yield event, guarded(advance, where)


def guarded(update: Update, where: Where | None) -> Update:
    """The update, made only for events for which the condition holds."""
    if where is None:
        return update

    def guard(session: SessionState, event: ClientEvent) -> None:
        if where(event):
            update(session, event)

    return guard


def reset(slot: int, empty: Any) -> Update:
    """Back to the beginning."""

    def back(session: SessionState, event: ClientEvent) -> None:
        session.measures[slot] = empty

    return back


def counter(slot: int) -> Update:
    """One more."""

    def count(session: SessionState, event: ClientEvent) -> None:
        session.measures[slot] += 1

    return count


def summer(slot: int, of: str) -> Update:
    """The property's number is added; anything but a number adds nothing."""

    def add(session: SessionState, event: ClientEvent) -> None:
        value = number(event.properties.get(of))
        if value is not None:
            session.measures[slot] = round(session.measures[slot] + value, 6)

    return add


def collector(slot: int, of: str) -> Update:
    """The property's value is remembered once."""

    def collect(session: SessionState, event: ClientEvent) -> None:
        value = scalar(event.properties.get(of))
        known = session.measures[slot]
        if known is None:
            known = session.measures[slot] = {}
        if value is not None and len(known) < MOST_DISTINCT:
            known[value] = None

    return collect


def keeper(slot: int, of: str) -> Update:
    """The property's value replaces the one before; an event without it changes nothing."""

    def keep(session: SessionState, event: ClientEvent) -> None:
        value = scalar(event.properties.get(of))
        if value is not None:
            session.measures[slot] = value

    return keep


def anchor(slot: int) -> Update:
    """Time counts from here."""

    def start(session: SessionState, event: ClientEvent) -> None:
        session.measures[slot] = session.at

    return start


def windowed(slot: int, span: int, of: str | None, *, numbers: bool = False) -> Update:
    """One more entry of a window; without the property nothing is entered."""
    read = number if numbers else scalar

    def enter(session: SessionState, event: ClientEvent) -> None:
        value = True if of is None else read(event.properties.get(of))
        if value is None:
            return
        window = session.measures[slot]
        if window is None:
            window = session.measures[slot] = Window(span)
        window.add(session.at, value)

    return enter


def dwell_updates(behaviour: Behaviour, slot: int, where: Where | None) -> Iterator[tuple[str, Update]]:
    """A page ends a dwell, the named event begins one; a page older than the open one does neither."""

    def page_opened(session: SessionState, event: ClientEvent) -> None:
        if event.at >= session.page.stamp:
            session.measures[slot] = None

    yield "page", page_opened
    start = guarded(anchor(slot), where)
    if behaviour.dwell != "page":
        yield behaviour.dwell or "", start
        return

    def page_dwelt(session: SessionState, event: ClientEvent) -> None:
        if event.at >= session.page.stamp:
            start(session, event)

    yield "page", page_dwelt


def sequence_updates(
    behaviour: Behaviour, slot: int, span: int | None, where: Where | None
) -> Iterator[tuple[str, Update]]:
    """The events in their order, others may lie between; `without` breaks a run, `within` bounds it.

    For each step the latest possible start is kept, so that no run is missed when a step repeats.
    """
    steps = behaviour.sequence or ()
    last = len(steps) - 1

    def advance_on(name: str) -> Update:
        places = tuple(place for place in range(last, -1, -1) if steps[place] == name)

        def advance(session: SessionState, event: ClientEvent) -> None:
            progress = session.measures[slot]
            if progress is None:
                progress = session.measures[slot] = Progress([None] * len(steps))
            for place in places:
                start = session.at if place == 0 else progress.starts[place - 1]
                if start is None or (span is not None and session.at - start >= span):
                    continue
                progress.starts[place] = start
            if progress.starts[last] is not None:
                progress.completed += 1
                progress.starts = [None] * len(steps)

        return advance

    def broken(session: SessionState, event: ClientEvent) -> None:
        if session.measures[slot] is not None:
            session.measures[slot].starts = [None] * len(steps)

    if behaviour.without is not None:
        yield behaviour.without, broken
    for name in events_of(behaviour):
        yield name, guarded(advance_on(name), where)


def number(value: Any) -> float | int | None:
    """A number, or none; true is not one."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def scalar(value: Any) -> str | int | float | bool | None:
    """Text, number or truth value; lists and objects are not compared."""
    return value if isinstance(value, str | int | float | bool) else None
