"""A scenario as a file or a program hands it over: read, refused where it is impossible, written again. Pure."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import tomli_w
from msgspec import NODEFAULT, Struct, structs

from aparte.kit.errors import BadInput
from aparte.planning.checking import check
from aparte.planning.inputs import (
    WITHIN,
    WITHIN_MEASURED,
    Estimate,
    Scenario,
    Source,
    exactly,
    inputs,
    replaced,
)
from aparte.planning.units import unit_of

__all__ = [
    "Estimate",
    "Scenario",
    "as_data",
    "exactly",
    "inputs",
    "read_scenario",
    "replaced",
    "scenario_of",
    "write_scenario",
]

SOURCES = get_args(Source)
OF_ESTIMATE = ("low", "value", "high", "source", "within")


def read_scenario(text: str, where: str = "scenario") -> Scenario:
    """The scenario in this TOML text. Raises BadInput that names the input, what is wrong with it and what to do."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a ValueError too: a number of thousands of digits
        raise BadInput(f"this is not TOML: {error}", where=where, hint="see examples/business-case.toml") from None
    return scenario_of(data, where)


def scenario_of(data: Any, where: str = "scenario") -> Scenario:
    """The scenario in tables and numbers, as TOML or JSON give them. Raises BadInput, `where` being `where: path`."""
    return check(group_of(Scenario, data, where, ""), where)


def group_of(kind: Any, data: Any, where: str, path: str) -> Any:
    """A part of the scenario; a field that nobody would read is refused."""
    here = f"{where}: {path}" if path else where
    if not isinstance(data, dict):
        raise BadInput("expected a table", where=here, hint=f"with {', '.join(structs_of(kind))}")
    known = structs_of(kind)
    for name in data:
        if name not in known:
            raise BadInput(f"there is no input {str(name)[:60]!r}", where=here, hint=f"known: {', '.join(known)}")
    found = {}
    for name, (wanted, needed) in known.items():
        inside = f"{path}.{name}" if path else name
        if data.get(name) is not None:
            found[name] = field_of(wanted, data[name], where, inside)
        elif needed:
            raise BadInput("this input is missing", where=f"{where}: {inside}", hint=hint_of(inside, wanted))
    return kind(**found)


@cache
def structs_of(kind: type[Struct]) -> dict[str, tuple[Any, bool]]:
    """The fields of a part: what each holds, and whether it must be given."""
    hints = get_type_hints(kind)
    return {
        field.name: (hints[field.name], field.default is NODEFAULT and field.default_factory is NODEFAULT)
        for field in structs.fields(kind)
    }


def hint_of(path: str, wanted: Any) -> str:
    """How to give what is missing."""
    if wanted is Estimate:
        return unit_of(path).hint
    return "give this table" if isinstance(wanted, type) and issubclass(wanted, Struct) else "give it"


def field_of(wanted: Any, value: Any, where: str, path: str) -> Any:
    """What a field holds: an estimate, a part, several parts, a word or a whole number."""
    if get_origin(wanted) is not tuple and get_args(wanted) and type(None) in get_args(wanted):
        wanted = next(one for one in get_args(wanted) if one is not type(None))
    if wanted is Estimate:
        return estimate_of(value, where, path)
    if get_origin(wanted) is tuple:
        return parts_of(get_args(wanted)[0], value, where, path)
    if isinstance(wanted, type) and issubclass(wanted, Struct):
        return group_of(wanted, value, where, path)
    return plain_of(wanted, value, f"{where}: {path}")


def parts_of(kind: type[Struct], value: Any, where: str, path: str) -> tuple[Any, ...]:
    """Teams, phases, channels, intangibles."""
    if not isinstance(value, list | tuple):
        raise BadInput("expected a list of tables", where=f"{where}: {path}", hint=f"begin each with [[{path}]]")
    return tuple(group_of(kind, one, where, f"{path}.{name_of(one, at)}") for at, one in enumerate(value, start=1))


def name_of(part: Any, at: int) -> str:
    """The name of a part, or which one it is."""
    name = part.get("name") if isinstance(part, dict) else None
    return name[:80] if isinstance(name, str) else str(at)


def plain_of(wanted: Any, value: Any, where: str) -> Any:
    """A word, one of several words, or a whole number."""
    try:
        return msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        hint = (
            f"one of {', '.join(get_args(wanted))}"
            if get_args(wanted)
            else "text"
            if wanted is str
            else "a whole number"
        )
        raise BadInput(f"{shown(value)}: {error}", where=where, hint=hint) from None


def estimate_of(value: Any, where: str, path: str) -> Estimate:
    """An estimate: a bare number, or a table with value and, if there is a range, low and high."""
    here, hint = f"{where}: {path}", unit_of(path).hint
    if isinstance(value, Estimate):
        return value
    if not isinstance(value, dict):
        return exactly(number_of(value, here, hint))
    for name in value:
        if name not in OF_ESTIMATE:
            raise BadInput(f"there is no field {str(name)[:60]!r}", where=here, hint=f"known: {', '.join(OF_ESTIMATE)}")
    if value.get("value") is None:
        raise BadInput("the value is missing", where=here, hint="{ low = 1, value = 2, high = 3 }")
    retained, source = number_of(value["value"], here, hint), value.get("source", "entered")
    if source not in SOURCES:
        raise BadInput(f"{shown(source)} is no source", where=here, hint=f"one of {', '.join(SOURCES)}")
    within = WITHIN_MEASURED if source == "measured" else WITHIN
    low, high, within = (
        number_of(value.get(name, other), here, hint)
        for name, other in (("low", retained), ("high", retained), ("within", within))
    )
    return Estimate(low, retained, high, source, within)


def number_of(value: Any, where: str, hint: str) -> float:
    """A number; what is not finite is found by `check`. true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{shown(value)} is no number", where=where, hint=hint)
    try:
        return float(value)
    except OverflowError:
        raise BadInput(f"{shown(value)} is too large", where=where, hint=hint) from None


def shown(value: Any) -> str:
    """What was given, cut to a length that one line bears."""
    return json.dumps(value, default=str, ensure_ascii=False)[:24]


def as_data(scenario: Scenario) -> dict[str, Any]:
    """The scenario as tables and numbers, for JSON and TOML; `scenario_of` gives the same scenario back."""
    return data_of(scenario)


def data_of(group: Struct) -> dict[str, Any]:
    """A part without what is not given."""
    found: dict[str, Any] = {}
    for name in group.__struct_fields__:
        inside = getattr(group, name)
        if isinstance(inside, tuple):
            if inside:
                found[name] = [data_of(one) for one in inside]
        elif isinstance(inside, Struct):
            found[name] = structs.asdict(inside) if isinstance(inside, Estimate) else data_of(inside)
        elif inside is not None:
            found[name] = inside
    return found


def write_scenario(scenario: Scenario) -> str:
    """The scenario as TOML; `read_scenario` gives the same scenario back."""
    return tomli_w.dumps(as_data(scenario))
