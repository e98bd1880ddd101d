"""What this stage writes and reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct

from aparte.contracts.goals import Goal
from aparte.contracts.scenarios import ScenarioCommand, ScenarioReader
from aparte.contracts.statements import FIRST, Statement, bound
from aparte.contracts.terms import Contract
from aparte.contracts.windows import window_of
from aparte.conversations.store import Refused

MOST_GOALS, MOST_CONTRACTS = 200, 50
"""Of one site."""


class SaveGoal(Struct, frozen=True):
    """Insert or change a goal. Result: the Goal. Refused `unknown` when another site has this id."""

    goal: Goal


class DropGoal(Struct, frozen=True):
    """Erase a goal. Refused `unknown` when the site has none with this id."""

    site: str
    id: str


class SaveContract(Struct, frozen=True):
    """Append a version of a contract; see `may_change` for what is refused. Result: the Contract."""

    contract: Contract


class IssueStatement(Struct, frozen=True):
    """Append a statement; see `may_issue` for what is refused. Result: the Statement."""

    statement: Statement


ContractCommand: TypeAlias = SaveGoal | DropGoal | SaveContract | IssueStatement | ScenarioCommand


class ContractReader(ScenarioReader, Protocol):
    """Reads as of the last commit."""

    def goals(self, site: str) -> Sequence[Goal]:
        """All, by KPI, name and id."""
        ...

    def contracts(self, site: str) -> Sequence[Contract]:
        """All versions of all contracts, by id and version."""
        ...

    def statements(self, site: str, contract: str) -> Sequence[Statement]:
        """All of a contract, the oldest first."""
        ...


def may_change(versions: Sequence[Contract], last: Statement | None, new: Contract) -> Refused | None:
    """Why a version may not be appended to those that there are; None when it may.

    `unknown`: another site's. `changed_meanwhile`: somebody else has written this version. `currency`: it stays.
    `already_stated`: it would rule a window that has been stated. `no_boundary`: it would cut a window in two.
    """
    if not versions:
        return None if new.version == 1 else Refused("changed_meanwhile")
    first, now = versions[0], versions[-1]
    if first.site != new.site:
        return Refused("unknown")
    if new.version != now.version + 1:
        return Refused("changed_meanwhile")
    if new.currency != first.currency:
        return Refused("currency")
    if last is not None and last.lines and new.first_day < last.lines[-1].period.until:
        return Refused("already_stated")
    whole = window_of(new.first_day, now.window).since == new.first_day
    return None if whole and new.first_day >= first.first_day else Refused("no_boundary")


def may_issue(versions: Sequence[Contract], last: Statement | None, new: Statement) -> Refused | None:
    """Why a statement may not be appended; None when it may.

    `unknown`: the site has no such contract. `changed_meanwhile`: another was issued after the one it follows.
    `unbound`: its hash is not its own.
    """
    if not versions or versions[0].site != new.site:
        return Refused("unknown")
    expected = (1, FIRST, 0) if last is None else (last.n + 1, last.hash, last.total)
    if (new.n, new.previous, new.before) != expected:
        return Refused("changed_meanwhile")
    return None if bound(new) == new.hash else Refused("unbound")
