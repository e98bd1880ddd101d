"""Saved scenarios, in rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from aparte.backends.sqlite.rows import Row
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
    from aparte.backends.sqlite.execute import Execution

ADD = "INSERT INTO scenario (id, version, site, data) VALUES (?, ?, ?, ?)"
RETIRE = "INSERT INTO scenario_retired (id, site, data) VALUES (?, ?, ?)"
LAST = "SELECT data FROM scenario WHERE id = ? ORDER BY version DESC LIMIT 1"
RETIRED = "SELECT data FROM scenario_retired WHERE id = ?"
CURRENT = """SELECT data FROM scenario AS one WHERE site = ? AND id NOT IN (SELECT id FROM scenario_retired)
    AND version = (SELECT max(version) FROM scenario WHERE id = one.id)"""
VERSIONS = "SELECT data FROM scenario WHERE id = ? AND site = ? ORDER BY version"


def last_of(execution: Execution, id: str) -> SavedScenario | None:
    """The last version."""
    rows = execution.run(LAST, (id,)).fetchall()
    return msgspec.json.decode(rows[0][0], type=SavedScenario) if rows else None


def retired(execution: Execution, id: str) -> Retirement | None:
    """Whether it is off the list."""
    rows = execution.run(RETIRED, (id,)).fetchall()
    return msgspec.json.decode(rows[0][0], type=Retirement) if rows else None


def save(execution: Execution, command: SaveScenario) -> SavedScenario | Refused:
    """A version more."""
    one = command.scenario
    refused = may_append(last_of(execution, one.id), retired(execution, one.id), one)
    if refused is not None:
        return refused
    execution.run(ADD, (one.id, one.version, one.site, msgspec.json.encode(one).decode()))
    return one


def retire(execution: Execution, command: RetireScenario) -> Refused | None:
    """Off the list."""
    one = command.retirement
    refused = may_retire(last_of(execution, one.id), retired(execution, one.id), one)
    if refused is not None:
        return refused
    execution.run(RETIRE, (one.id, one.site, msgspec.json.encode(one).decode()))
    return None


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {SaveScenario: save, RetireScenario: retire}


class ScenarioRows:
    """ScenarioReader; a part of SqliteReader."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def scenarios(self, site: str) -> list[SavedScenario]:
        """See ScenarioReader."""
        found = [msgspec.json.decode(data, type=SavedScenario) for (data,) in self._rows(CURRENT, (site,))]
        return sorted(found, key=listed)

    def scenario(self, site: str, id: str) -> list[SavedScenario]:
        """See ScenarioReader."""
        return [msgspec.json.decode(data, type=SavedScenario) for (data,) in self._rows(VERSIONS, (id, site))]

    def retirement(self, site: str, id: str) -> Retirement | None:
        """See ScenarioReader."""
        rows = self._rows(f"{RETIRED} AND site = ?", (id, site))
        return msgspec.json.decode(rows[0][0], type=Retirement) if rows else None
