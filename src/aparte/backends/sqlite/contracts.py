"""Goals, contracts and statements, in rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from aparte.backends.sqlite.rows import Row
from aparte.contracts.goals import Goal
from aparte.contracts.statements import Statement
from aparte.contracts.store import DropGoal, IssueStatement, SaveContract, SaveGoal, may_change, may_issue
from aparte.contracts.terms import Contract
from aparte.conversations.store import Refused

if TYPE_CHECKING:
    from aparte.backends.sqlite.execute import Execution

SAVE_GOAL = """INSERT INTO goal (id, site, data) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET data = excluded.data WHERE site = excluded.site"""
ADD_CONTRACT = "INSERT INTO contract (id, version, site, data) VALUES (?, ?, ?, ?)"
ADD_STATEMENT = "INSERT INTO statement (contract, n, site, data) VALUES (?, ?, ?, ?)"
VERSIONS = "SELECT data FROM contract WHERE id = ? ORDER BY version"
LAST = "SELECT data FROM statement WHERE contract = ? ORDER BY n DESC LIMIT 1"


def save_goal(execution: Execution, command: SaveGoal) -> Goal | Refused:
    """Insert or change a goal."""
    one = command.goal
    saved = execution.run(SAVE_GOAL, (one.id, one.site, msgspec.json.encode(one).decode()))
    return one if saved.rowcount else Refused("unknown")


def drop_goal(execution: Execution, command: DropGoal) -> Refused | None:
    """Erase a goal."""
    gone = execution.run("DELETE FROM goal WHERE id = ? AND site = ?", (command.id, command.site))
    return None if gone.rowcount else Refused("unknown")


def versions_of(execution: Execution, contract: str) -> list[Contract]:
    """All versions, the first one first."""
    rows = execution.run(VERSIONS, (contract,)).fetchall()
    return [msgspec.json.decode(data, type=Contract) for (data,) in rows]


def last_of(execution: Execution, contract: str) -> Statement | None:
    """The last statement."""
    rows = execution.run(LAST, (contract,)).fetchall()
    return msgspec.json.decode(rows[0][0], type=Statement) if rows else None


def save_contract(execution: Execution, command: SaveContract) -> Contract | Refused:
    """A version more."""
    one = command.contract
    refused = may_change(versions_of(execution, one.id), last_of(execution, one.id), one)
    if refused is not None:
        return refused
    execution.run(ADD_CONTRACT, (one.id, one.version, one.site, msgspec.json.encode(one).decode()))
    return one


def issue(execution: Execution, command: IssueStatement) -> Statement | Refused:
    """A statement more."""
    one = command.statement
    refused = may_issue(versions_of(execution, one.contract), last_of(execution, one.contract), one)
    if refused is not None:
        return refused
    execution.run(ADD_STATEMENT, (one.contract, one.n, one.site, msgspec.json.encode(one).decode()))
    return one


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {
    SaveGoal: save_goal,
    DropGoal: drop_goal,
    SaveContract: save_contract,
    IssueStatement: issue,
}


class ContractRows:
    """ContractReader; a part of SqliteReader."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def goals(self, site: str) -> list[Goal]:
        """See ContractReader."""
        rows = self._rows("SELECT data FROM goal WHERE site = ?", (site,))
        found = [msgspec.json.decode(data, type=Goal) for (data,) in rows]
        return sorted(found, key=lambda one: (one.kpi, one.name, one.id))

    def contracts(self, site: str) -> list[Contract]:
        """See ContractReader."""
        rows = self._rows("SELECT data FROM contract WHERE site = ? ORDER BY id, version", (site,))
        return [msgspec.json.decode(data, type=Contract) for (data,) in rows]

    def statements(self, site: str, contract: str) -> list[Statement]:
        """See ContractReader."""
        rows = self._rows("SELECT data FROM statement WHERE contract = ? AND site = ? ORDER BY n", (contract, site))
        return [msgspec.json.decode(data, type=Statement) for (data,) in rows]
