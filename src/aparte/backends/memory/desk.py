"""Slots, requests, teams and hours of the store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from aparte.conversations.apply import ask, finish
from aparte.conversations.model import Request
from aparte.conversations.store import AskRequest, FinishRequest, FreeSlot, Refused, TakeSlot
from aparte.routing.model import Team, Work
from aparte.routing.store import RecordWork, SaveTeam

if TYPE_CHECKING:
    from collections.abc import Callable

    from aparte.backends.memory.store import MemoryStore


class DeskTables:
    """RequestReader and RoutingReader, and their tables."""

    def __init__(self) -> None:
        super().__init__()
        self._requests: dict[str, Request] = {}
        self._teams: dict[str, Team] = {}
        self._work: dict[int, Work] = {}

    def request(self, request: str) -> Request | None:
        """See RequestReader."""
        return self._requests.get(request)

    def requests(self, site: str, *, done: bool = False, limit: int = 500) -> list[Request]:
        """See RequestReader."""
        of = [one for one in self._requests.values() if one.site == site and (one.done_at is not None) == done]
        return sorted(of, key=lambda one: (-(one.done_at or 0) if done else one.created_at, one.id))[:limit]

    def teams(self, site: str) -> list[Team]:
        """See RoutingReader."""
        return sorted((one for one in self._teams.values() if one.site == site), key=lambda one: (one.name, one.id))

    def work(self, site: str, since: int, until: int) -> list[Work]:
        """See RoutingReader."""
        of = [one for one in self._work.values() if one.site == site and one.since < until]
        return sorted((one for one in of if one.until is None or one.until > since), key=lambda one: one.since)


def take_slot(store: MemoryStore, command: TakeSlot) -> Refused | None:
    """A slot is taken."""
    if any(conv == command.conv and agent != command.agent for (agent, _), conv in store._slots.items()):
        return Refused("has_slot")
    if (command.agent, command.n) in store._slots:
        return Refused("slot_taken")
    store._undo.put(store._slots, (command.agent, command.n), command.conv)
    return None


def free_slot(store: MemoryStore, command: FreeSlot) -> None:
    """Its slots are free again."""
    for key in [key for key, conv in store._slots.items() if conv == command.conv]:
        store._undo.drop(store._slots, key)


def ask_request(store: MemoryStore, command: AskRequest) -> Request | Refused:
    """A request, or more of one."""
    result = ask(store.request(command.request.id), command.request)
    if isinstance(result, Request):
        store._undo.put(store._requests, result.id, result)
    return result


def finish_request(store: MemoryStore, command: FinishRequest) -> Request | Refused:
    """A request is dealt with."""
    known = store.request(command.id)
    if known is None:
        return Refused("unknown")
    result = finish(known, command)
    store._undo.put(store._requests, result.id, result)
    return result


def save_team(store: MemoryStore, command: SaveTeam) -> None:
    """Insert or change a team."""
    store._undo.put(store._teams, command.team.id, command.team)


def record_work(store: MemoryStore, command: RecordWork) -> None:
    """One interval ends, another begins."""
    going_on = next(
        (pair for pair in store._work.items() if pair[1].staff == command.staff and pair[1].until is None), None
    )
    before = (going_on[1].status, going_on[1].reason) if going_on else None
    if before == ((command.status, command.reason) if command.status else None):
        return
    if going_on is not None:
        key, one = going_on
        store._undo.put(store._work, key, replace(one, until=max(one.since, command.at)))
    if command.status:
        new = Work(command.site, command.staff, command.status, command.reason, command.at)
        store._undo.put(store._work, len(store._work) + 1, new)


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {
    TakeSlot: take_slot,
    FreeSlot: free_slot,
    AskRequest: ask_request,
    FinishRequest: finish_request,
    SaveTeam: save_team,
    RecordWork: record_work,
}
