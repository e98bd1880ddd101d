"""Slots, requests, teams and hours: their SQL, and how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import astuple

from aparte.backends.sqlite.rows import Row
from aparte.conversations.apply import ask, finish
from aparte.conversations.model import Request
from aparte.conversations.store import AskRequest, FinishRequest, FreeSlot, Refused, TakeSlot
from aparte.routing.model import Team, Work
from aparte.routing.store import RecordWork, SaveTeam

if TYPE_CHECKING:
    from collections.abc import Callable

    from aparte.backends.sqlite.execute import Execution

SAVE_TEAM = """INSERT INTO team (id, site, data) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET site = excluded.site, data = excluded.data"""
SAVE_REQUEST = """INSERT INTO request
    (id, site, visitor, engagement, conv, kind, skill, data, created_at, done_at, done_by)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET conv = excluded.conv, skill = excluded.skill, data = excluded.data,
        done_at = excluded.done_at, done_by = excluded.done_by"""
GOING_ON = "SELECT status, reason FROM work WHERE staff = ? AND until IS NULL"
END_WORK = "UPDATE work SET until = max(since, ?) WHERE staff = ? AND until IS NULL"
BEGIN_WORK = "INSERT INTO work (site, staff, status, reason, since) VALUES (?, ?, ?, ?, ?)"
WORK = """SELECT site, staff, status, reason, since, until FROM work
    WHERE site = ? AND since < ? AND (until IS NULL OR until > ?) ORDER BY since, id"""


def take_slot(execution: Execution, command: TakeSlot) -> Refused | None:
    """A slot is taken; that nobody else has it is the table's key."""
    others = execution.run("SELECT 1 FROM slot WHERE conv = ? AND agent <> ?", (command.conv, command.agent)).fetchall()
    if others:
        return Refused("has_slot")
    execution.run("INSERT INTO slot (agent, n, conv) VALUES (?, ?, ?)", astuple(command))
    return None


def free_slot(execution: Execution, command: FreeSlot) -> None:
    """Its slots are free again."""
    execution.run("DELETE FROM slot WHERE conv = ?", (command.conv,))


def ask_request(execution: Execution, command: AskRequest) -> Request | Refused:
    """A request, or more of one."""
    found = execution.run("SELECT data FROM request WHERE id = ?", (command.request.id,)).fetchall()
    result = ask(request_of(found[0]) if found else None, command.request)
    if isinstance(result, Request):
        save_request(execution, result)
    return result


def finish_request(execution: Execution, command: FinishRequest) -> Request | Refused:
    """A request is dealt with."""
    found = execution.run("SELECT data FROM request WHERE id = ?", (command.id,)).fetchall()
    if not found:
        return Refused("unknown")
    result = finish(request_of(found[0]), command)
    save_request(execution, result)
    return result


def save_request(execution: Execution, one: Request) -> None:
    """Write a request over the one before."""
    data = msgspec.json.encode(one).decode()
    head = (one.id, one.site, one.visitor, one.engagement, one.conv, one.kind, one.skill)
    execution.run(SAVE_REQUEST, (*head, data, one.created_at, one.done_at, one.done_by))


def save_team(execution: Execution, command: SaveTeam) -> None:
    """Insert or change a team."""
    team = command.team
    execution.run(SAVE_TEAM, (team.id, team.site, msgspec.json.encode(team).decode()))


def record_work(execution: Execution, command: RecordWork) -> None:
    """One interval ends, another begins."""
    going_on = execution.run(GOING_ON, (command.staff,)).fetchall()
    if going_on == ([(command.status, command.reason)] if command.status else []):
        return
    execution.run(END_WORK, (command.at, command.staff))
    if command.status:
        execution.run(BEGIN_WORK, (command.site, command.staff, command.status, command.reason, command.at))


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {
    TakeSlot: take_slot,
    FreeSlot: free_slot,
    AskRequest: ask_request,
    FinishRequest: finish_request,
    SaveTeam: save_team,
    RecordWork: record_work,
}


def request_of(row: Row) -> Request:
    """The request in this row."""
    return msgspec.json.decode(row[0], type=Request)


class DeskReader:
    """RequestReader and RoutingReader."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def request(self, request: str) -> Request | None:
        """See RequestReader."""
        found = self._rows("SELECT data FROM request WHERE id = ?", (request,))
        return request_of(found[0]) if found else None

    def requests(self, site: str, *, done: bool = False, limit: int = 500) -> list[Request]:
        """See RequestReader."""
        which = "done_at IS NOT NULL ORDER BY done_at DESC, id" if done else "done_at IS NULL ORDER BY created_at, id"
        rows = self._rows(f"SELECT data FROM request WHERE site = ? AND {which} LIMIT ?", (site, limit))
        return [request_of(row) for row in rows]

    def teams(self, site: str) -> list[Team]:
        """See RoutingReader."""
        rows = self._rows("SELECT data FROM team WHERE site = ?", (site,))
        return sorted((msgspec.json.decode(data, type=Team) for (data,) in rows), key=lambda one: (one.name, one.id))

    def work(self, site: str, since: int, until: int) -> list[Work]:
        """See RoutingReader."""
        return [Work(*row) for row in self._rows(WORK, (site, until, since))]
