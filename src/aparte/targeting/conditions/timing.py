"""What passing time does to a condition: the moments when a comparison changes, without any further event."""

from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from aparte.targeting.conditions.check import Checked
from aparte.targeting.conditions.durations import MILLISECOND
from aparte.targeting.conditions.model import (
    Compare,
    Constant,
    Double,
    Duration,
    Int,
    Kind,
    ListOf,
    Name,
    Node,
    Symbol,
    walk,
)
from aparte.targeting.conditions.values import nanoseconds

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class Deadline(NamedTuple):
    """A comparison of `symbol` changes when it reaches `milliseconds`, or passes it when `strict`."""

    symbol: str
    milliseconds: int
    strict: bool

    @property
    def offset(self) -> int:
        """The first millisecond at which the comparison gives its new answer."""
        return self.milliseconds + self.strict


def against_constant(node: Compare) -> tuple[str, Name, Constant] | None:
    """`name op constant`, turned round when it was written the other way; None for anything else."""
    if node.op == "in":
        return None
    if isinstance(node.left, Name) and isinstance(node.right, Constant):
        return node.op, node.left, node.right
    if isinstance(node.right, Name) and isinstance(node.left, Constant):
        return MIRRORED[node.op], node.right, node.left
    return None


def deadlines(checked: Checked) -> list[Deadline]:
    """Each moment at which a comparison of a rising symbol with a constant changes, in the order of the text.

    `>= c` and `< c` change at c; `> c` and `<= c` one millisecond later; `==` and `!=` at both. Durations finer than
    a millisecond round up. A rising number changes at c times its `deadline` milliseconds; when its type is int it
    counts whole units, so `> c` changes when the next unit is full. Other uses of a rising symbol (arithmetic, a
    choice) give no deadline: such a condition is looked at with the next event.
    """
    found: list[Deadline] = []
    for node, _ in walk(checked.tree):
        for op, symbol, constant in _comparisons(node, checked):
            found.extend(_changes(op, symbol, constant))
    return list(dict.fromkeys(found))


def _comparisons(node: Node, checked: Checked) -> list[tuple[str, Symbol, Constant]]:
    if not isinstance(node, Compare):
        return []
    if isinstance(node.left, Name) and isinstance(node.right, ListOf):
        cases = [("==", node.left, item) for item in node.right.items if isinstance(item, Constant)]
    else:
        cases = [found] if (found := against_constant(node)) else []
    known = [(op, checked.symbol(name.name), constant) for op, name, constant in cases]
    return [case for case in known if case[1].flow == "rising" and case[1].deadline > 0]


def _changes(op: str, symbol: Symbol, constant: Constant) -> list[Deadline]:
    at = _milliseconds(symbol, constant)
    if at is None:
        return []
    reached = Deadline(symbol.name, ceil(at), strict=False)
    passed = Deadline(symbol.name, floor(at), strict=True)
    if symbol.type.kind is Kind.INT:
        passed = Deadline(symbol.name, ceil(at) + symbol.deadline, strict=False)
    match op:
        case ">=" | "<":
            return [reached]
        case ">" | "<=":
            return [passed]
        case _:
            return [reached, passed]


def _milliseconds(symbol: Symbol, constant: Constant) -> Fraction | None:
    match constant:
        case Duration():
            return Fraction(nanoseconds(constant), MILLISECOND)
        case Int(value) | Double(value):
            return Fraction(value) * symbol.deadline
        case _:
            return None
