"""Statements of what is owed: one after the other, none ever changed, each bound to the one before by its hash. Pure.

A statement says all windows of the contract as they are known now, and what is due on top of the statements before:
returns that have come in meanwhile make that less, even negative. Once a window is mature its sums are taken as last
stated, whatever is found later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct
from msgspec.structs import replace

from aparte.contracts.canonical import digest
from aparte.contracts.estimate import NOTHING, Additional, Sums, additional, priced
from aparte.contracts.goals import Actual, bounds, worse
from aparte.contracts.terms import Clause, Contract
from aparte.contracts.windows import Period
from aparte.kit.errors import BadInput

FIRST = "0" * 64
"""What the first statement has before it."""
UNEVEN = 0.001
"""Arms that chance deals so rarely were not dealt as planned: then there is nothing to be paid by."""


class Found(Struct, frozen=True, kw_only=True):
    """What was found for a window, by the server that both parties look at."""

    control: Sums
    treated: Sums
    kpis: Mapping[str, Actual]
    attributed: int = 0
    """Sales or minor units after a conversation, which proves nothing: said beside, never paid."""
    split_p: float | None = None
    """P-value of the arms having been dealt as planned; None when it was not looked at."""


class Gate(Struct, frozen=True, kw_only=True):
    """A clause in a window. `why` is empty where it holds: else `unmeasured`, `too_few`, `missed`, `not_proven`."""

    kpi: str
    target: float
    actual: Actual | None
    why: str = ""


class Line(Struct, frozen=True, kw_only=True):
    """A window as it is stated. Amounts are fees in minor units of the contract's currency, rounded once."""

    period: Period
    version: int
    mature: bool
    found: Found
    gates: tuple[Gate, ...]
    point: int
    low: int
    high: int
    attributed: int
    brought: int
    """Carried over from the window before: 0 or less."""
    fee: int
    carried: int
    """To the next window: 0 or less."""
    held: str = ""
    """Why nothing could be estimated: `too_few`, `uneven`; empty when it could."""


class Statement(Struct, frozen=True, kw_only=True):
    """Number `n` of a contract. `due` is `total` less what the statement before had as `total`."""

    contract: str
    site: str
    n: int
    at: int
    by: str
    today: date
    currency: str
    terms: tuple[tuple[int, str], ...]
    """Each version that rules a line, and the hash of its text."""
    lines: tuple[Line, ...]
    total: int
    before: int
    due: int
    previous: str = FIRST
    hash: str = ""


class Stated(Struct, frozen=True, kw_only=True):
    """A window and what was found for it, to be settled."""

    period: Period
    version: int
    mature: bool
    found: Found


def settled(versions: Sequence[Contract], windows: Sequence[Stated]) -> list[Line]:
    """The lines of these windows, which follow one another; what is negative goes on to the next one."""
    terms = {one.version: one for one in versions}
    lines: list[Line] = []
    for one in windows:
        lines.append(line_of(terms[one.version], one, lines[-1].carried if lines else 0))
    return lines


def line_of(contract: Contract, one: Stated, brought: int) -> Line:
    """One window, with what the one before has left to be made up for."""
    gates = tuple(gate_of(clause, one.found.kpis.get(clause.kpi)) for clause in contract.clauses)
    held, found = estimate_of(contract, one.found)
    point, low, high = (priced(contract, value) for value in (found.point, found.low, found.high))
    paid = round(point) if contract.fee == "point" else floor(low)
    open_ = not held and not any(gate.why for gate in gates)
    return Line(
        period=one.period,
        version=one.version,
        mature=one.mature,
        found=one.found,
        gates=gates,
        point=round(point),
        low=floor(low),
        high=ceil(high),
        attributed=round(priced(contract, Fraction(one.found.attributed))),
        brought=brought,
        fee=fee_of(contract, paid + brought) if open_ else 0,
        carried=min(0, brought + round(point)),
        held=held,
    )


def estimate_of(contract: Contract, found: Found) -> tuple[str, Additional]:
    """Why there is no estimate, or the estimate."""
    if found.split_p is not None and found.split_p < UNEVEN:
        return "uneven", NOTHING
    estimate = additional(contract, found.control, found.treated)
    return ("", estimate) if estimate is not None else ("too_few", NOTHING)


def fee_of(contract: Contract, amount: int) -> int:
    """What a window earns in which every clause holds: never negative, within floor and cap."""
    fee = max(contract.floor, amount, 0)
    return fee if contract.cap is None else min(fee, contract.cap)


def gate_of(clause: Clause, actual: Actual | None) -> Gate:
    """Whether a clause holds."""
    told = Gate(kpi=clause.kpi, target=clause.target, actual=actual)
    if actual is None or actual.n < clause.min_n:
        return replace(told, why="unmeasured" if actual is None else "too_few")
    if worse(actual.value, clause.target, clause.direction):
        return replace(told, why="missed")
    ends = bounds(actual, clause.direction)
    proven = ends is not None and not worse(ends[0], clause.target, clause.direction)
    return replace(told, why="not_proven") if clause.proof and not proven else told


def closed_windows(last: Statement | None) -> list[Stated]:
    """The windows that the last statement has closed for good, as it has them."""
    of = () if last is None else last.lines
    return [Stated(period=a.period, version=a.version, mature=True, found=a.found) for a in of if a.mature]


def next_statement(
    versions: Sequence[Contract], last: Statement | None, windows: Sequence[Stated], *, at: int, by: str, today: date
) -> Statement:
    """The statement after the last one: the closed windows as they were, then these as they are known now.

    BadInput when a window that the last one states is in neither.
    """
    closed = closed_windows(last)
    told = {one.period for one in windows} | {one.period for one in closed}
    if last is not None and not {one.period for one in last.lines} <= told:
        raise BadInput("a window that has been stated is missing", where="windows", hint="state all that are due")
    open_ = [one for one in windows if one.period not in {other.period for other in closed}]
    lines = settled(versions, sorted([*closed, *open_], key=lambda one: one.period))
    total, before = sum(line.fee for line in lines), 0 if last is None else last.total
    used = {line.version for line in lines}
    made = Statement(
        contract=versions[0].id,
        site=versions[0].site,
        n=1 if last is None else last.n + 1,
        at=at,
        by=by,
        today=today,
        currency=versions[0].currency,
        terms=tuple((one.version, text_hash(one)) for one in versions if one.version in used),
        lines=tuple(lines),
        total=total,
        before=before,
        due=total - before,
        previous=FIRST if last is None else last.hash,
    )
    return replace(made, hash=bound(made))


def text_hash(contract: Contract) -> str:
    """The hash of a version, which each statement that uses it names."""
    return digest(contract)


def bound(statement: Statement) -> str:
    """The hash of a statement with that of the one before in it."""
    return digest(replace(statement, hash=""))


def first_fault(versions: Sequence[Contract], statements: Iterable[Statement]) -> str:
    """What is wrong with the first statement that does not hold: empty when all do.

    Each is bound to the one before and to the terms it names, and its amounts follow from its sums.
    """
    texts, last = {one.version: text_hash(one) for one in versions}, None
    for one in statements:
        if one.n != (1 if last is None else last.n + 1):
            return f"a statement before number {one.n} is missing"
        if bound(one) != one.hash or one.previous != (FIRST if last is None else last.hash):
            return f"number {one.n} is not what was written, or the one before it is not"
        if any(texts.get(version) != told for version, told in one.terms):
            return f"the terms that number {one.n} names are not those that were written"
        windows = [Stated(period=a.period, version=a.version, mature=a.mature, found=a.found) for a in one.lines]
        if settled(versions, windows) != list(one.lines) or one.total != sum(line.fee for line in one.lines):
            return f"the amounts of number {one.n} do not follow from its sums"
        if (one.before, one.due) != (before_of(last), one.total - one.before):
            return f"what number {one.n} says is due does not follow from the one before"
        last = one
    return ""


def before_of(last: Statement | None) -> int:
    """What had been stated until then."""
    return 0 if last is None else last.total
