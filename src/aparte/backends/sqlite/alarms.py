"""Alarms, in rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from aparte.backends.sqlite.rows import Row
from aparte.contracts.alarm_store import CloseAlarm, OpenAlarm, SeeAlarm
from aparte.contracts.alarms import Alarm, closed
from aparte.conversations.store import Refused

if TYPE_CHECKING:
    from aparte.backends.sqlite.execute import Execution

OPEN = """INSERT INTO alarm (id, site, kind, about, opened_at, data) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING"""
SAVE = "UPDATE alarm SET closed_at = ?, data = ? WHERE id = ?"
ONE = "SELECT data FROM alarm WHERE id = ? AND site = ?"
ALL = """SELECT data FROM alarm WHERE site = ? AND (closed_at IS NULL OR NOT ?)
    ORDER BY closed_at IS NOT NULL, opened_at DESC, id LIMIT ?"""


def open_alarm(execution: Execution, command: OpenAlarm) -> Alarm | Refused:
    """One more, unless it is there."""
    one = command.alarm
    row = (one.id, one.site, one.kind, one.about, one.opened_at, msgspec.json.encode(one).decode())
    return one if execution.run(OPEN, row).rowcount else Refused("open_already")


def close_alarm(execution: Execution, command: CloseAlarm) -> Alarm | Refused:
    """It ends."""
    known = alarm_of(execution, command.site, command.id)
    if known is None or known.closed_at is not None:
        return Refused("unknown")
    return saved(execution, closed(known, command.at))


def see_alarm(execution: Execution, command: SeeAlarm) -> Alarm | Refused:
    """It was seen."""
    known = alarm_of(execution, command.site, command.id)
    if known is None:
        return Refused("unknown")
    return known if known.seen_at else saved(execution, replace(known, seen_at=command.at, seen_by=command.by))


def alarm_of(execution: Execution, site: str, id: str) -> Alarm | None:
    """One of a site."""
    rows = execution.run(ONE, (id, site)).fetchall()
    return msgspec.json.decode(rows[0][0], type=Alarm) if rows else None


def saved(execution: Execution, alarm: Alarm) -> Alarm:
    """As it is now."""
    execution.run(SAVE, (alarm.closed_at, msgspec.json.encode(alarm).decode(), alarm.id))
    return alarm


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {
    OpenAlarm: open_alarm,
    CloseAlarm: close_alarm,
    SeeAlarm: see_alarm,
}


class AlarmRows:
    """AlarmReader; a part of SqliteReader."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def alarms(self, site: str, *, open_only: bool = False, limit: int = 100) -> list[Alarm]:
        """See AlarmReader."""
        rows = self._rows(ALL, (site, open_only, limit))
        return [msgspec.json.decode(data, type=Alarm) for (data,) in rows]
