"""Why a condition holds or not: each clause with its answer and the values that it read."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isfinite
from typing import Literal

from msgspec import Struct

from aparte.targeting.conditions.check import Checked
from aparte.targeting.conditions.compile import Compiler, compile_value
from aparte.targeting.conditions.durations import MILLISECOND, format_duration
from aparte.targeting.conditions.model import And, Kind, Node, Symbol, Type, names_in
from aparte.targeting.conditions.runtime import EvaluationError, Value
from aparte.targeting.conditions.text import to_text
from aparte.targeting.conditions.values import reading

Answer = Literal["true", "false", "unknown"]
ABSENT = "absent"


class Clause(Struct, frozen=True):
    """One clause: its text, its answer, what it read (name and value as shown), why it is unknown."""

    text: str
    answer: Answer
    values: tuple[tuple[str, str], ...]
    reason: str = ""


def explain(checked: Checked, args: Sequence[object]) -> tuple[Clause, ...]:
    """The clauses of the top-level conjunction, judged for the arguments of the scope's parameters."""
    items = checked.tree.items if isinstance(checked.tree, And) else (checked.tree,)
    return tuple(_clause(checked, item, args) for item in items)


def _clause(checked: Checked, item: Node, args: Sequence[object]) -> Clause:
    values = tuple((name, _shown(checked.symbol(name), args, checked)) for name in sorted(names_in(item)))
    try:
        value = compile_value(replace(checked, tree=item))(*args)
    except EvaluationError as error:
        return Clause(to_text(item), "unknown", values, str(error))
    if value is True:
        return Clause(to_text(item), "true", values)
    if value is False:
        return Clause(to_text(item), "false", values)
    return Clause(to_text(item), "unknown", values, "neither true nor false")


def _shown(symbol: Symbol, args: Sequence[object], checked: Checked) -> str:
    read: Callable[..., object] = Compiler(checked.scope).function("read", reading(symbol))
    value = read(*args)
    if value is None:
        return ABSENT
    if symbol.type.kind is Kind.DURATION and isinstance(value, int):
        return format_duration(value * MILLISECOND)
    return shown(value)


def shown(value: object) -> str:
    """A value as CEL would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return f"[{', '.join(map(shown, items))}]"
    return repr(value) if isinstance(value, float) else str(value)


def plain(value: Value, found: Type) -> object:
    """A value for JSON: durations as text, infinite and not-a-number as text, lists as lists."""
    if found.kind is Kind.DURATION and isinstance(value, int):
        return format_duration(value)
    if isinstance(value, float) and not isfinite(value):
        return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")
    if isinstance(value, tuple):
        return [plain(item, found.element or found) for item in value]
    return value
