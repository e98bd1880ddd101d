"""Alarms of the store in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from aparte.contracts.alarm_store import CloseAlarm, OpenAlarm, SeeAlarm
from aparte.contracts.alarms import Alarm, closed
from aparte.conversations.store import Refused

if TYPE_CHECKING:
    from aparte.backends.memory.store import MemoryStore


class AlarmTable:
    """AlarmReader, and its table."""

    def __init__(self) -> None:
        super().__init__()
        self._alarms: dict[str, Alarm] = {}

    def alarms(self, site: str, *, open_only: bool = False, limit: int = 100) -> list[Alarm]:
        """See AlarmReader."""
        of = [one for one in self._alarms.values() if one.site == site and not (open_only and one.closed_at)]
        return sorted(of, key=lambda one: (one.closed_at is not None, -one.opened_at, one.id))[:limit]


def open_alarm(store: MemoryStore, command: OpenAlarm) -> Alarm | Refused:
    """One more, unless it is there."""
    one = command.alarm
    there = (known for known in store._alarms.values() if known.site == one.site and known.closed_at is None)
    if one.id in store._alarms or any(known.subject == one.subject for known in there):
        return Refused("open_already")
    store._undo.put(store._alarms, one.id, one)
    return one


def close_alarm(store: MemoryStore, command: CloseAlarm) -> Alarm | Refused:
    """It ends."""
    known = store._alarms.get(command.id)
    if known is None or known.site != command.site or known.closed_at is not None:
        return Refused("unknown")
    return saved(store, closed(known, command.at))


def see_alarm(store: MemoryStore, command: SeeAlarm) -> Alarm | Refused:
    """It was seen."""
    known = store._alarms.get(command.id)
    if known is None or known.site != command.site:
        return Refused("unknown")
    return known if known.seen_at else saved(store, replace(known, seen_at=command.at, seen_by=command.by))


def saved(store: MemoryStore, alarm: Alarm) -> Alarm:
    """As it is now."""
    store._undo.put(store._alarms, alarm.id, alarm)
    return alarm


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {
    OpenAlarm: open_alarm,
    CloseAlarm: close_alarm,
    SeeAlarm: see_alarm,
}
