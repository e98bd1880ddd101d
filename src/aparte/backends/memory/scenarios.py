"""Saved scenarios of the store in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aparte.contracts.scenarios import (
    Retirement,
    RetireScenario,
    SavedScenario,
    SaveScenario,
    listed,
    may_append,
    may_retire,
)
from aparte.conversations.store import Refused

if TYPE_CHECKING:
    from aparte.backends.memory.store import MemoryStore


class ScenarioTables:
    """ScenarioReader, and its tables."""

    def __init__(self) -> None:
        super().__init__()
        self._scenarios: dict[str, tuple[SavedScenario, ...]] = {}
        self._retired: dict[str, Retirement] = {}

    def scenarios(self, site: str) -> list[SavedScenario]:
        """See ScenarioReader."""
        current = [versions[-1] for id, versions in self._scenarios.items() if id not in self._retired]
        return sorted((one for one in current if one.site == site), key=listed)

    def scenario(self, site: str, id: str) -> list[SavedScenario]:
        """See ScenarioReader."""
        return [one for one in self._scenarios.get(id, ()) if one.site == site]

    def retirement(self, site: str, id: str) -> Retirement | None:
        """See ScenarioReader."""
        found = self._retired.get(id)
        return found if found is not None and found.site == site else None


def save(store: MemoryStore, command: SaveScenario) -> SavedScenario | Refused:
    """A version more."""
    one = command.scenario
    versions = store._scenarios.get(one.id, ())
    refused = may_append(versions[-1] if versions else None, store._retired.get(one.id), one)
    if refused is not None:
        return refused
    store._undo.put(store._scenarios, one.id, (*versions, one))
    return one


def retire(store: MemoryStore, command: RetireScenario) -> Refused | None:
    """Off the list."""
    one = command.retirement
    last = next(reversed(store._scenarios.get(one.id, ())), None)
    refused = may_retire(last, store._retired.get(one.id), one)
    if refused is not None:
        return refused
    store._undo.put(store._retired, one.id, one)
    return None


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {SaveScenario: save, RetireScenario: retire}
