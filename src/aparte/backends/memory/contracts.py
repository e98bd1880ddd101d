"""Goals, contracts and statements of the store in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aparte.contracts.goals import Goal
from aparte.contracts.statements import Statement
from aparte.contracts.store import DropGoal, IssueStatement, SaveContract, SaveGoal, may_change, may_issue
from aparte.contracts.terms import Contract
from aparte.conversations.store import Refused

if TYPE_CHECKING:
    from aparte.backends.memory.store import MemoryStore


class ContractTables:
    """ContractReader, and its tables."""

    def __init__(self) -> None:
        super().__init__()
        self._goals: dict[str, Goal] = {}
        self._contracts: dict[str, tuple[Contract, ...]] = {}
        self._statements: dict[str, tuple[Statement, ...]] = {}

    def goals(self, site: str) -> list[Goal]:
        """See ContractReader."""
        of = [one for one in self._goals.values() if one.site == site]
        return sorted(of, key=lambda one: (one.kpi, one.name, one.id))

    def contracts(self, site: str) -> list[Contract]:
        """See ContractReader."""
        return [one for _, versions in sorted(self._contracts.items()) for one in versions if one.site == site]

    def statements(self, site: str, contract: str) -> list[Statement]:
        """See ContractReader."""
        return [one for one in self._statements.get(contract, ()) if one.site == site]


def save_goal(store: MemoryStore, command: SaveGoal) -> Goal | Refused:
    """Insert or change a goal."""
    one, known = command.goal, store._goals.get(command.goal.id)
    if known is not None and known.site != one.site:
        return Refused("unknown")
    store._undo.put(store._goals, one.id, one)
    return one


def drop_goal(store: MemoryStore, command: DropGoal) -> Refused | None:
    """Erase a goal."""
    known = store._goals.get(command.id)
    if known is None or known.site != command.site:
        return Refused("unknown")
    store._undo.drop(store._goals, command.id)
    return None


def last_of(store: MemoryStore, contract: str) -> Statement | None:
    """The last statement."""
    return next(reversed(store._statements.get(contract, ())), None)


def save_contract(store: MemoryStore, command: SaveContract) -> Contract | Refused:
    """A version more."""
    one = command.contract
    versions = store._contracts.get(one.id, ())
    refused = may_change(versions, last_of(store, one.id), one)
    if refused is not None:
        return refused
    store._undo.put(store._contracts, one.id, (*versions, one))
    return one


def issue(store: MemoryStore, command: IssueStatement) -> Statement | Refused:
    """A statement more."""
    one = command.statement
    issued = store._statements.get(one.contract, ())
    refused = may_issue(store._contracts.get(one.contract, ()), last_of(store, one.contract), one)
    if refused is not None:
        return refused
    store._undo.put(store._statements, one.contract, (*issued, one))
    return one


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {
    SaveGoal: save_goal,
    DropGoal: drop_goal,
    SaveContract: save_contract,
    IssueStatement: issue,
}
