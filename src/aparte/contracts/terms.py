"""A contract that pays by result: its terms, and whether they can be settled. Pure; money is in whole minor units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import isfinite
from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.contracts.goals import FAR, KPI, LONGEST_TEXT, Direction, Window
from aparte.contracts.windows import Period, window_of, windows_between
from aparte.kit.errors import BadInput

Base: TypeAlias = Literal["sales", "revenue", "margin"]
"""What is paid for: sales, revenue or margin that the hold-out shows to be additional."""
Fee: TypeAlias = Literal["point", "proof"]
"""By the estimate, or by the lower bound of its interval."""
Estimator: TypeAlias = Literal["itt_normal", "itt_welch", "itt_always_valid"]
"""Difference of all assigned visitors, treated less held out; see estimate."""
PPM = 1_000_000
MOST_CLAUSES, MOST_MONEY = 20, 10**12
MOST_PERIODS = 600


class Clause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A KPI that has to be reached, else nothing is paid. `proof`: by the worse end of its interval."""

    kpi: str
    target: float
    direction: Direction = "at_least"
    min_n: int = 1
    proof: bool = False


class Contract(Struct, frozen=True, kw_only=True):
    """One version of a contract. A later version rules the windows that begin on or after its `first_day`."""

    id: str
    site: str
    version: int
    name: str
    currency: str
    first_day: date
    clauses: tuple[Clause, ...]
    base: Base = "sales"
    fee_rate: int
    """Of `sales` minor units for one sale; else millionths of the additional money."""
    fee: Fee = "point"
    window: Window = "month"
    horizon_days: int = 7
    """A visitor's time to buy, from when he became eligible."""
    mature_days: int = 30
    """After it, until returns have come in: so long a window is stated anew, then it is closed for good."""
    cap: int | None = None
    """Of one window, in minor units."""
    floor: int = 0
    """Paid at least for a window in which every clause holds, in minor units."""
    estimator: Estimator = "itt_normal"
    confidence: float = 0.95
    about: str = ""
    """A campaign's name and its hold-out; empty: the whole site and its hold-out."""
    changed_at: int = 0
    changed_by: str = ""


class Due(Struct, frozen=True):
    """A window that is to be stated, under which version, and whether for the last time."""

    period: Period
    version: int
    mature: bool


def checked_contract(contract: Contract) -> Contract:
    """The contract, when it can be settled; BadInput with the member that is wrong."""
    checked_money(contract)
    if not (contract.name.strip() and len(contract.name) <= LONGEST_TEXT):
        raise BadInput(f"a name has 1 to {LONGEST_TEXT} characters", where="name")
    if not (len(contract.currency) == 3 and contract.currency.isascii() and contract.currency.isupper()):
        raise BadInput(f"{contract.currency[:10]!r} is no currency", where="currency", hint="EUR, USD, JPY")
    if contract.window == "day":
        raise BadInput("a day is too short to be settled", where="window", hint="week, fortnight, month, quarter")
    if window_of(contract.first_day, contract.window).since != contract.first_day:
        hint = f"{window_of(contract.first_day, contract.window).since} does"
        raise BadInput(f"no {contract.window} begins on {contract.first_day}", where="first_day", hint=hint)
    if not 0.5 <= contract.confidence < 1:
        raise BadInput("a confidence is from 0.5 to below 1", where="confidence", hint="0.95")
    for where, days in {"horizon_days": contract.horizon_days, "mature_days": contract.mature_days}.items():
        if not 0 <= days <= 366:
            raise BadInput("this is from 0 to 366 days", where=where)
    return checked_clauses(contract)


def checked_money(contract: Contract) -> None:
    """BadInput for amounts that no contract has."""
    if not 0 < contract.fee_rate <= (MOST_MONEY if contract.base == "sales" else PPM):
        hint = "minor units for one sale" if contract.base == "sales" else f"millionths: 10 % is {PPM // 10:,}"
        raise BadInput("this rate is not payable", where="fee_rate", hint=hint)
    if not 0 <= contract.floor <= MOST_MONEY:
        raise BadInput("a floor is 0 or more", where="floor")
    if contract.cap is not None and not contract.floor <= contract.cap <= MOST_MONEY:
        raise BadInput("the cap is below the floor, or out of reach", where="cap")


def checked_clauses(contract: Contract) -> Contract:
    """The contract; BadInput for a clause that cannot be judged."""
    if not 1 <= len(contract.clauses) <= MOST_CLAUSES:
        raise BadInput(f"a contract has 1 to {MOST_CLAUSES} clauses", where="clauses")
    for n, clause in enumerate(contract.clauses):
        if not KPI.fullmatch(clause.kpi):
            raise BadInput(f"{clause.kpi[:60]!r} is no KPI", where=f"clauses[{n}].kpi")
        if not (isfinite(clause.target) and abs(clause.target) < FAR):
            raise BadInput("this is no figure of a KPI", where=f"clauses[{n}].target")
        if clause.min_n < 1:
            raise BadInput("nothing is judged of nobody", where=f"clauses[{n}].min_n", hint="1 or more")
    return contract


def due_windows(versions: Sequence[Contract], closed: Sequence[Period], today: date) -> list[Due]:
    """The windows that a statement of today states, in order, but for those that are closed for good.

    A window can be stated when the time to buy of its last visitor is over. BadInput beyond `MOST_PERIODS`.
    """
    found = []
    for one in windows_of(versions, today):
        contract = ruling(versions, one.since)
        ended = one.until + timedelta(days=contract.horizon_days)
        if ended <= today and one not in closed:
            found.append(Due(one, contract.version, ended + timedelta(days=contract.mature_days) <= today))
        if len(found) > MOST_PERIODS:
            raise BadInput(f"more than {MOST_PERIODS} windows", where="first_day", hint="begin a new contract")
    return found


def windows_of(versions: Sequence[Contract], today: date) -> Iterator[Period]:
    """All windows of a contract that have ended; a version may cut them anew from its first day on."""
    ordered = sorted(versions, key=lambda one: one.version)
    for n, contract in enumerate(ordered):
        until = min([today, *(later.first_day for later in ordered[n + 1 :])])
        yield from windows_between(contract.first_day, until, contract.window)


def ruling(versions: Sequence[Contract], since: date) -> Contract:
    """The version that rules a window; the latest of those that have begun by then."""
    return max((one for one in versions if one.first_day <= since), key=lambda one: one.version)
