"""The rows of the visual builder: a condition as a list that people edit, and back, without loss.

    tree --rows_of--> rows --tree_of--> tree (the same one)

A row is one clause of the top-level conjunction. What no row can show keeps its exact CEL text, so a condition that was
written by hand goes through the builder unharmed. Values are those that JSON and a browser keep: a whole number beyond
2^53 and the negative zero stay text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import copysign, isfinite
from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.targeting.conditions.durations import NANOSECONDS, format_duration, parse_duration
from aparte.targeting.conditions.model import (
    MAX_DEPTH,
    MAX_NODES,
    And,
    Bool,
    Call,
    Compare,
    ConditionError,
    Double,
    Duration,
    Int,
    ListOf,
    Name,
    Node,
    Not,
    Or,
    Text,
)
from aparte.targeting.conditions.parse import parse
from aparte.targeting.conditions.text import to_text

RowOp = Literal["==", "!=", "<", "<=", ">", ">=", "in", "contains", "startsWith", "endsWith", "matches", "is"]
Plain: TypeAlias = bool | int | float | str
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
METHODS = ("contains", "startsWith", "endsWith", "matches")
EXACT = 2**53
"""Beyond it a browser's numbers have gaps."""
SECONDS = "s"


class CompareRow(Struct, frozen=True, tag_field="kind", tag="compare", omit_defaults=True, forbid_unknown_fields=True):
    """`name op value`.

    `unit` is "s" for a length of time, whose value is in seconds. `decimal` says that a whole number was written with a
    decimal point, `written` how a length of time was written; both only keep the text as it was and may be left out.
    """

    name: str
    op: RowOp
    value: Plain | list[Plain]
    unit: str = ""
    decimal: bool = False
    written: str = ""


class AnyRow(Struct, frozen=True, tag_field="kind", tag="any", forbid_unknown_fields=True):
    """At least one of the rows holds."""

    rows: tuple[CompareRow | AnyRow | TextRow, ...]


class TextRow(Struct, frozen=True, tag_field="kind", tag="text", forbid_unknown_fields=True):
    """Anything else, as exact CEL."""

    text: str


Row: TypeAlias = CompareRow | AnyRow | TextRow


# From the tree


def rows_of(tree: Node) -> list[Row]:
    """The rows of a condition, one for each clause of its top-level conjunction."""
    return [row_of(item) for item in (tree.items if isinstance(tree, And) else (tree,))]


def row_of(node: Node) -> Row:
    """The row that shows this clause; its text when no other does."""
    match node:
        case Or(items):
            return AnyRow(tuple(map(row_of, items)))
        case Name(name):
            return CompareRow(name, "is", True)
        case Not(Name(name)):
            return CompareRow(name, "is", False)
        case Compare("in", Name(name), ListOf(items)):
            return listed(name, items) or TextRow(to_text(node))
        case Compare(op, Name(name), constant) if op in COMPARISONS:
            return compared(name, op, constant) or TextRow(to_text(node))
        case Call(method, Name(name), Text(value)):
            return CompareRow(name, method, value)
        case _:
            return TextRow(to_text(node))


def compared(name: str, op: RowOp, constant: Node) -> CompareRow | None:
    """A comparison with a constant; None when JSON could not keep the constant."""
    match constant:
        case Text(value) | Bool(value):
            return CompareRow(name, op, value)
        case Int(value) if abs(value) <= EXACT:
            return CompareRow(name, op, value)
        case Double(value) if kept(value):
            return CompareRow(name, op, value, decimal=value.is_integer())
        case Duration(text):
            return lasting(name, op, text)
        case _:
            return None


def lasting(name: str, op: RowOp, text: str) -> CompareRow | None:
    """A comparison with a length of time, in seconds."""
    length = parse_duration(text)
    seconds = None if length is None else in_seconds(length)
    if length is None or seconds is None:
        return None
    return CompareRow(name, op, seconds, SECONDS, written="" if text == format_duration(length) else text)


def in_seconds(length: int) -> int | float | None:
    """Nanoseconds as seconds; None when a number of JSON is not exact enough."""
    whole, rest = divmod(length, NANOSECONDS["s"])
    seconds = whole if not rest else length / NANOSECONDS["s"]
    return seconds if nanoseconds(seconds) == length and abs(seconds) <= EXACT else None


def nanoseconds(seconds: float) -> int:
    """Seconds as whole nanoseconds; the way back of `in_seconds`."""
    return seconds * NANOSECONDS["s"] if isinstance(seconds, int) else round(seconds * NANOSECONDS["s"])


def kept(value: float) -> bool:
    """Whether a browser writes the same number again."""
    return isfinite(value) and not (value == 0 and copysign(1, value) < 0) and not (value.is_integer() and big(value))


def big(value: float) -> bool:
    """Beyond what a browser takes for a whole number."""
    return abs(value) > EXACT


def listed(name: str, items: Sequence[Node]) -> CompareRow | None:
    """`name in [...]` for constants of one kind."""
    rows = [compared(name, "==", item) for item in items]
    if not rows or len({type(item) for item in items}) > 1 or any(isinstance(item, Duration) for item in items):
        return None
    values = [row.value for row in rows if row is not None and not isinstance(row.value, list)]
    if len(values) != len(items):
        return None
    return CompareRow(name, "in", list(values), decimal=isinstance(items[0], Double))


# To the tree


def tree_of(rows: Iterable[Row]) -> Node:
    """The condition of rows that all have to hold; ConditionError when one of them says nothing that can be meant."""
    return joined([node_of(row, 1) for row in rows], And)


def node_of(row: Row, depth: int = 1) -> Node:
    """The clause of one row."""
    if depth > MAX_DEPTH:
        raise ConditionError(f"the rows are nested more than {MAX_DEPTH} deep")
    match row:
        case TextRow(text):
            return parse(text)
        case AnyRow(rows):
            return joined([node_of(one, depth + 1) for one in rows], Or)
        case CompareRow():
            return comparison(row)


def joined(nodes: list[Node], join: type[And] | type[Or]) -> Node:
    """One node of several."""
    if not nodes:
        raise ConditionError("there is no condition", hint="add a row")
    if len(nodes) > MAX_NODES:
        raise ConditionError(f"there are more than {MAX_NODES:,} rows")
    return nodes[0] if len(nodes) == 1 else join(tuple(nodes))


def comparison(row: CompareRow) -> Node:
    """`name op value` as a tree."""
    name = named(row.name)
    if row.op == "is":
        if not isinstance(row.value, bool):
            raise ConditionError(f"{row.name} is either true or false", hint="write true or false")
        return name if row.value else Not(name)
    if row.op == "in":
        values = row.value if isinstance(row.value, list) else [row.value]
        return Compare("in", name, ListOf(tuple(constant(value, decimal=row.decimal) for value in values)))
    if isinstance(row.value, list):
        raise ConditionError(f"{row.op} takes one value, not a list", hint="use in")
    if row.op in METHODS:
        if not isinstance(row.value, str):
            raise ConditionError(f"{row.op} takes a text", hint="write a text")
        return Call(row.op, name, Text(row.value))  # type: ignore[arg-type]  # one of METHODS
    if row.unit == SECONDS:
        return Compare(row.op, name, duration(row))  # type: ignore[arg-type]  # one of COMPARISONS
    return Compare(row.op, name, constant(row.value, decimal=row.decimal))  # type: ignore[arg-type]


def named(text: str) -> Name:
    """A name, and nothing else that could be written in its place."""
    found = parse(text)
    if not isinstance(found, Name):
        raise ConditionError(f"{text[:80]!r} is not a name", hint="choose an attribute")
    return found


def constant(value: Plain, *, decimal: bool) -> Node:
    """A value of JSON as a constant."""
    match value:
        case bool():
            return Bool(value)
        case int() if abs(value) > EXACT:
            raise ConditionError(f"{value} is too large to be edited as a number", hint="write it as text")
        case int():
            return Double(float(value)) if decimal else Int(value)
        case float():
            if not isfinite(value):
                raise ConditionError("a number must be finite")
            return Double(value)
        case str():
            return Text(value)


def duration(row: CompareRow) -> Duration:
    """A length of time; as it was written while the number of seconds is still that of the text."""
    if isinstance(row.value, bool | str | list) or abs(row.value) > EXACT:
        raise ConditionError(f"{row.name} is compared with a number of seconds", hint="write a number, such as 30")
    length = nanoseconds(row.value)
    if row.written and parse_duration(row.written) == length:
        return Duration(row.written)
    return Duration(format_duration(length))
