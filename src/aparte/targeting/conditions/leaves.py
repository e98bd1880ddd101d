"""Leaves that cannot raise, as plain Python: one comparison, one question about a text.

An absent value and a value of the wrong type are seen by a guard, `(t := read) is not None and t >= 5`; where there is
nothing to guard against, there is no guard.
"""

import ast
from collections.abc import Callable
from typing import NamedTuple

from aparte.targeting.conditions.check import NUMERIC, Checked
from aparte.targeting.conditions.durations import MILLISECOND, milliseconds_down, milliseconds_up
from aparte.targeting.conditions.model import (
    Arithmetic,
    Bool,
    Call,
    Compare,
    Constant,
    Double,
    Duration,
    Has,
    Int,
    Kind,
    ListOf,
    Name,
    Negate,
    Node,
    Size,
    Text,
)
from aparte.targeting.conditions.timing import against_constant
from aparte.targeting.conditions.values import OPERATORS, call, compared, name, nanoseconds, question, reading

_FLOATS: dict[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}
_NOTHING: tuple[ast.expr, ...] = ()


class Operand(NamedTuple):
    """A value that is safe to read once its guards are true."""

    guards: tuple[ast.expr, ...]
    value: ast.expr


class Leaves:
    """Writes the leaves of one condition."""

    def __init__(self, checked: Checked, fresh: Callable[[str], str], matching: Callable[[str], str]) -> None:
        self.checked, self.fresh, self.matching = checked, fresh, matching

    def plain(self, node: Node, *, wanted: bool) -> ast.expr | None:
        """The code for `node is wanted`, or None when the leaf may raise and needs the full semantics."""
        match node:
            case Has(symbol):
                present = compared(reading(self.checked.symbol(symbol)), ast.IsNot(), ast.Constant(None))
                return present if wanted else _negated(present)
            case Name():
                return self.flag(node, wanted=wanted)
            case Compare():
                return _answered(self.comparison(node), wanted=wanted)
            case Call():
                return _answered(self.question(node), wanted=wanted)
            case _:
                return None

    def flag(self, node: Name, *, wanted: bool) -> ast.expr:
        symbol = self.checked.symbol(node.name)
        read = reading(symbol)
        if symbol.presence == "maybe" or symbol.type.kind is Kind.ANY:
            return compared(read, ast.Is(), ast.Constant(wanted))
        return read if wanted else ast.UnaryOp(ast.Not(), read)

    def comparison(self, node: Compare) -> Operand | None:
        if node.op == "in":
            return self.membership(node)
        kinds = {self.kind(node.left), self.kind(node.right)}
        if Kind.LIST in kinds:
            return None
        if Kind.DURATION in kinds:
            return self.durations(node)
        left = self.operand(node.left, self.kind(node.right))
        right = self.operand(node.right, self.kind(node.left))
        if left is None or right is None or kinds == {Kind.ANY}:
            return None
        return Operand(left.guards + right.guards, compared(left.value, OPERATORS[node.op](), right.value))

    def durations(self, node: Compare) -> Operand | None:
        """Durations are read in whole milliseconds, so a constant is rounded once, here, and the rest is ints."""
        if found := against_constant(node):
            op, symbol, constant = found
            assert isinstance(constant, Duration), "the check compares durations with durations"
            guards, value = self.name(symbol, Kind.DURATION)
            return Operand(guards, _against(op, value, nanoseconds(constant)))
        if not isinstance(node.left, Name) or not isinstance(node.right, Name):
            return None
        left, right = self.name(node.left, Kind.DURATION), self.name(node.right, Kind.DURATION)
        return Operand(left.guards + right.guards, compared(left.value, OPERATORS[node.op](), right.value))

    def membership(self, node: Compare) -> Operand | None:
        element = self.checked.type_of(node.right).element
        if element is None or element.kind is Kind.ANY:
            return None
        left = self.operand(node.left, element.kind)
        right = self.elements(node.right)
        if left is None or right is None:
            return None
        return Operand(left.guards + right.guards, compared(left.value, ast.In(), right.value))

    def elements(self, node: Node) -> Operand | None:
        if isinstance(node, Name):
            element = self.checked.type_of(node).element
            # Python takes a not-a-number for equal to itself, CEL does not: such lists go the long way.
            exact = element is not None and element.kind in (Kind.STRING, Kind.INT)
            return self.name(node, Kind.LIST) if exact else None
        if not isinstance(node, ListOf):
            return None
        constants = [item for item in node.items if isinstance(item, Constant)]
        if len(constants) < len(node.items):
            return None
        return Operand(_NOTHING, _literal(_members(constants)))

    def operand(self, node: Node, beside: Kind) -> Operand | None:
        """A safe operand; `beside` is the kind that a value of unknown type is compared with."""
        match node:
            case Bool(value) | Int(value) | Double(value) | Text(value):
                return Operand(_NOTHING, ast.Constant(value))
            case Name():
                return self.name(node, beside)
            case Size(item):
                return self.size(item)
            case Negate(item) if self.kind(node) is Kind.DOUBLE:
                inner = self.operand(item, Kind.DOUBLE)
                return Operand(inner.guards, ast.UnaryOp(ast.USub(), inner.value)) if inner else None
            case Arithmetic(op) if self.kind(node) is Kind.DOUBLE and op in _FLOATS:
                return self.floats(node)
            case _:
                return None

    def floats(self, node: Arithmetic) -> Operand | None:
        if self.kind(node.left) is not Kind.DOUBLE or self.kind(node.right) is not Kind.DOUBLE:
            return None
        left, right = self.operand(node.left, Kind.DOUBLE), self.operand(node.right, Kind.DOUBLE)
        if left is None or right is None:
            return None
        return Operand(left.guards + right.guards, ast.BinOp(left.value, _FLOATS[node.op](), right.value))

    def size(self, item: Node) -> Operand | None:
        inner = self.operand(item, Kind.STRING)
        return Operand(inner.guards, call("len", inner.value)) if inner else None

    def question(self, node: Call) -> Operand | None:
        item, argument = self.operand(node.item, Kind.STRING), self.operand(node.argument, Kind.STRING)
        if item is None or argument is None:
            return None
        return Operand(item.guards + argument.guards, question(node, item.value, argument.value, self.matching))

    def name(self, node: Name, beside: Kind) -> Operand:
        symbol = self.checked.symbol(node.name)
        read = reading(symbol)
        if symbol.type.kind is Kind.ANY:
            label = self.fresh("t")
            return Operand((_of_kind(_bound(label, read), beside),), name(label))
        if symbol.presence == "always":
            return Operand(_NOTHING, read)
        label = self.fresh("t")
        present = compared(_bound(label, read), ast.IsNot(), ast.Constant(None))
        return Operand((present,), name(label))

    def kind(self, node: Node) -> Kind:
        return self.checked.type_of(node).kind


def _bound(label: str, read: ast.expr) -> ast.NamedExpr:
    return ast.NamedExpr(ast.Name(label, ast.Store()), read)


def _of_kind(value: ast.expr, kind: Kind) -> ast.expr:
    if kind in NUMERIC:
        # Not isinstance: a bool is an int there, never in a condition.
        return compared(ast.Attribute(value, "__class__", ast.Load()), ast.In(), name("_cel_numbers"))
    return call("isinstance", value, name("bool" if kind is Kind.BOOL else "str"))


def _against(op: str, value: ast.expr, constant: int) -> ast.expr:
    """`value op constant` for whole milliseconds against nanoseconds, which may lie between two milliseconds."""
    if op in ("==", "!=") and constant % MILLISECOND:
        return ast.Constant(op == "!=")
    rounded = milliseconds_up(constant) if op in (">=", "<") else milliseconds_down(constant)
    return compared(value, OPERATORS[op](), ast.Constant(rounded))


def _literal(members: frozenset[object]) -> ast.Constant:
    return ast.Constant(members)  # type: ignore[arg-type]  # Python's compiler takes a frozenset, typeshed has no word for it


def _members(constants: list[Constant]) -> frozenset[object]:
    found = [nanoseconds(item) if isinstance(item, Duration) else item.value for item in constants]
    if not any(isinstance(item, Duration) for item in constants):
        return frozenset(found)
    return frozenset(int(value) // MILLISECOND for value in found if int(value) % MILLISECOND == 0)


_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def _negated(answer: ast.expr) -> ast.expr:
    # Only these have an exact opposite: with a not-a-number, `not a < b` is not `a >= b`.
    if isinstance(answer, ast.Compare) and (opposite := _OPPOSITE.get(type(answer.ops[0]))):
        return ast.Compare(answer.left, [opposite()], answer.comparators)
    return ast.UnaryOp(ast.Not(), answer)


def _answered(operand: Operand | None, *, wanted: bool) -> ast.expr | None:
    if operand is None:
        return None
    answer = operand.value if wanted else _negated(operand.value)
    return ast.BoolOp(ast.And(), [*operand.guards, answer]) if operand.guards else answer
