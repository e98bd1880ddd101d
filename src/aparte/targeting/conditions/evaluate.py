"""One expression against facts given as JSON: what `aparte eval` prints."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from aparte.targeting.conditions.check import check
from aparte.targeting.conditions.compile import compile_value
from aparte.targeting.conditions.durations import MILLISECOND, parse_duration
from aparte.targeting.conditions.explain import plain
from aparte.targeting.conditions.model import (
    ANY,
    BOOL,
    DOUBLE,
    INT,
    INT_MAX,
    INT_MIN,
    NUMBER,
    STRING,
    ConditionError,
    Kind,
    Scope,
    Symbol,
    Type,
    list_of,
    names_in,
)
from aparte.targeting.conditions.parse import read_source
from aparte.targeting.conditions.runtime import EvaluationError, Value

_MISSING = object()
_CLASSES: Mapping[Kind, tuple[type, ...]] = {
    Kind.BOOL: (bool,),
    Kind.INT: (int,),
    Kind.DOUBLE: (int, float),
    Kind.NUMBER: (int, float),
    Kind.STRING: (str,),
    Kind.ANY: (bool, int, float, str),
}
_TYPES: Mapping[type, Type] = {bool: BOOL, int: INT, float: DOUBLE, str: STRING}


def evaluate(expression: str, facts: Mapping[str, object], scope: Scope | None = None) -> dict[str, Any]:
    """Evaluate any expression of the language against facts.

    `facts` are nested objects or dotted keys, or both. A name that the scope knows has the schema's type (a duration
    is a text such as "30s" or a number of seconds); any other takes the type of its value. The answer is
    `{"value": v}`, `{"error": text}` when evaluating fails, `{"unsupported": text}` when the expression is refused.
    """
    try:
        source = read_source(expression)
        known = {name: _symbol(name, facts, scope or Scope({})) for name in names_in(source.tree)}
        symbols = _offered(facts, scope) | {name: symbol for name, symbol in known.items() if symbol}
        checked = check(source, Scope(symbols, params=("facts",)), boolean=False)
    except ConditionError as error:
        return {"unsupported": str(error)}
    try:
        values = {name: _value(symbol, find(facts, name)) for name, symbol in known.items() if symbol}
        return {"value": plain(compile_value(checked)(values), checked.type)}
    except EvaluationError as error:
        return {"error": str(error)}


def find(facts: object, name: str) -> object:
    """The fact of a dotted name, through nested objects and dotted keys; a sentinel when there is none."""
    for head, rest in _splits(name):
        if not isinstance(facts, Mapping) or head not in facts:
            continue
        found = facts[head] if not rest else find(facts[head], rest)
        if found is not _MISSING:
            return found
    return _MISSING


def _splits(name: str) -> Iterator[tuple[str, str]]:
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        yield ".".join(parts[:count]), ".".join(parts[count:])


def _symbol(name: str, facts: Mapping[str, object], scope: Scope) -> Symbol | None:
    """The symbol of a name, read from the facts; None when neither the scope nor the facts know it."""
    if known := scope.find(name):
        return replace(known, presence="maybe", read="facts.get(key)", key=name)
    found = find(facts, name)
    if found is _MISSING and not _may_lack(name.rpartition(".")[0], facts, scope):
        return None
    kind = ANY if found is _MISSING or found is None else _inferred(name, found)
    return Symbol(name, kind, "maybe", "facts.get(key)", key=name)


def _may_lack(parent: str, facts: Mapping[str, object], scope: Scope) -> bool:
    """May a name be missing below this parent? Where the schema speaks about the parent, a missing name is a typo."""
    told = any(known.startswith(f"{parent}.") for known in scope.symbols)
    return bool(parent) and not told and isinstance(find(facts, parent), Mapping)


def _inferred(name: str, value: object) -> Type:
    if isinstance(value, list | tuple):
        return list_of(_joined({_inferred(name, item) for item in value}))
    if isinstance(value, Mapping):
        raise ConditionError(f"{name} is an object", hint="name one of its parts, after a dot")
    if type(value) not in _TYPES:
        raise ConditionError(f"{name} has a value that is no number, text, true or false")
    return _TYPES[type(value)]


def _joined(types: set[Type]) -> Type:
    if len(types) == 1:
        (only,) = types
        return ANY if only.kind is Kind.LIST else only
    return NUMBER if types == {INT, DOUBLE} else ANY


def _value(symbol: Symbol, found: object) -> object:
    """The fact as the generated code reads it: None when absent, durations in milliseconds."""
    if found is _MISSING or found is None:
        return None
    if symbol.type.kind is Kind.DURATION:
        return _milliseconds(symbol, found)
    if symbol.type.kind is Kind.LIST:
        return _items(symbol, found)
    return _scalar(symbol.name, symbol.type, found)


def _items(symbol: Symbol, found: object) -> tuple[object, ...]:
    if not isinstance(found, list | tuple):
        raise EvaluationError(f"{symbol.name} should be a list")
    return tuple(_scalar(symbol.name, symbol.type.element or ANY, item) for item in found)


def _scalar(name: str, wanted: Type, found: object) -> Value:
    if isinstance(found, int) and not INT_MIN <= found <= INT_MAX:
        raise EvaluationError(f"{name} does not fit into 64 bits")
    if type(found) not in _CLASSES[wanted.kind]:
        raise EvaluationError(f"{name} should be of type {wanted}")
    assert isinstance(found, bool | int | float | str), "one of the classes above"
    return float(found) if wanted.kind is Kind.DOUBLE else found


def _milliseconds(symbol: Symbol, found: object) -> int:
    """Whole milliseconds, as the engine measures time; anything finer is dropped."""
    length = parse_duration(found) if isinstance(found, str) else None
    if isinstance(found, int | float) and not isinstance(found, bool) and abs(found) < 1e11:
        length = round(found * 1e9)
    if length is None:
        raise EvaluationError(f'{symbol.name} should be a duration: "30s" or a number of seconds')
    return length // MILLISECOND


def _offered(facts: object, scope: Scope | None, prefix: str = "") -> dict[str, Symbol]:
    """The names that a suggestion may offer."""
    offered = dict(scope.symbols) if scope else {}
    for key, value in facts.items() if isinstance(facts, Mapping) else ():
        name = f"{prefix}{key}"
        inner = _offered(value, None, f"{name}.") if isinstance(value, Mapping) else {name: Symbol(name, ANY)}
        offered |= inner
    return offered
