"""The words of the console's API about goals, contracts and statements; see docs/reference/contract.md."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from aparte.contracts.goals import Bands, Direction, Goal, Measure, Standing, Window
from aparte.contracts.statements import Statement
from aparte.contracts.terms import Base, Clause, Contract, Estimator, Fee
from aparte.contracts.windows import Period
from aparte.web.words_desk import Id
from aparte.web.words_library import Title

Amount = Annotated[int, Meta(ge=0, le=10**12)]
Kpi = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Days = Annotated[int, Meta(ge=0, le=366)]
Text = Annotated[str, Meta(max_length=500)]
Of = Annotated[str, Meta(max_length=200)]


class GoalBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new goal without `id`, a changed one with it."""

    id: Id | None = None
    kpi: Kpi
    name: Title
    target: float
    measure: Measure = "value"
    base: float | None = None
    direction: Direction = "at_least"
    window: Window = "month"
    definition: Text = ""
    about: Of = ""
    min_n: Annotated[int, Meta(ge=1, le=2**53)] = 1
    floor: float | None = None
    bands: Bands | None = None
    agreed_by: Annotated[tuple[Text, ...], Meta(max_length=20)] = ()
    owner: Text = ""
    sponsor: Text = ""


class GoalWords(Struct, frozen=True, kw_only=True):
    """A goal, and where it stands in the last window that has ended, and in the one that has begun."""

    goal: Goal
    period: Period
    standing: Standing
    running: Standing
    alarm: bool
    """The floor is broken, in either of them."""


class ContractBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new contract without `id`; with it, the next version: `version` is the one that its author has read."""

    id: Id | None = None
    version: Annotated[int, Meta(ge=0, le=10**6)] = 0
    name: Title
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
    first_day: date
    clauses: Annotated[list[Clause], Meta(min_length=1, max_length=20)]
    base: Base = "sales"
    fee_rate: Amount
    fee: Fee = "point"
    window: Literal["week", "fortnight", "month", "quarter"] = "month"
    horizon_days: Days = 7
    mature_days: Days = 30
    cap: Amount | None = None
    floor: Amount = 0
    estimator: Estimator = "itt_normal"
    confidence: float = 0.95
    about: Of = ""


class ContractWords(Struct, frozen=True, kw_only=True):
    """All versions of a contract, the last one last; how many statements there are, and what they come to."""

    id: str
    versions: list[Contract]
    statements: int
    total: int


class StatementBody(Struct, forbid_unknown_fields=True):
    """For which contract the next statement is to be made."""

    contract: Id


class Statements(Struct, frozen=True):
    """All statements of a contract; `fault` says which of them does not hold, empty when all do."""

    contract: str
    statements: list[Statement]
    fault: str
