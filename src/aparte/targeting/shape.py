"""The shape of a campaign file: which member takes what, made from the structs of `model.py`; every fault at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, TypeAlias

from msgspec import inspect

from aparte.targeting.locate import Path
from aparte.targeting.model import CampaignFile

Fault: TypeAlias = tuple[Path, str, str]

DURATIONS = frozenset({"delay", "expires", "within", "after_decline", "after_chat", "per"})
BARE = (int, float, date, datetime, time)
SCALARS: dict[type[inspect.Type], tuple[type, ...]] = {
    inspect.StrType: (str,),
    inspect.BoolType: (bool,),
    inspect.IntType: (int,),
    inspect.FloatType: (int, float),
}


def shape_faults(tables: dict[str, Any]) -> Iterator[Fault]:
    """Every member that is unknown, missing or of the wrong type."""
    yield from faults(tables, inspect.type_info(CampaignFile), ())
    yield from of_each_campaign(tables)


def of_each_campaign(tables: dict[str, Any]) -> Iterator[Fault]:
    """What is a campaign's own and means nothing for all of them together."""
    site = tables.get("site")
    frequency = site.get("frequency") if isinstance(site, dict) else None
    if isinstance(frequency, dict) and "once_per_session" in frequency:
        hint = "leave it out here; [campaigns.frequency] has it"
        yield ("site", "frequency", "once_per_session"), "once per session is each campaign's own", hint


def faults(value: Any, wanted: inspect.Type, path: Path) -> Iterator[Fault]:
    """What is wrong with a value in this place."""
    match wanted:
        case inspect.StructType() if isinstance(value, dict):
            yield from member_faults(value, wanted, path)
        case inspect.DictType() if isinstance(value, dict):
            for name, item in value.items():
                yield from faults(item, wanted.value_type, (*path, name))
        case inspect.VarTupleType() if isinstance(value, list):
            for index, item in enumerate(value):
                yield from faults(item, wanted.item_type, (*path, index))
        case inspect.UnionType():
            yield from choice_faults(value, wanted, path)
        case inspect.LiteralType():
            if value not in wanted.values:
                yield path, f"{name_of(path)} cannot be {quoted(value)}", literal_hint(value, wanted.values)
        case _:
            if not is_scalar(value, wanted):
                yield path, f"{name_of(path)} takes {kind(wanted)}, this is {said(value)}", how(path, value, wanted)


def member_faults(table: dict[str, Any], wanted: inspect.StructType, path: Path) -> Iterator[Fault]:
    """Unknown members, missing ones, and what is wrong inside the others."""
    fields = {field.encode_name: field for field in wanted.fields}
    for name, value in table.items():
        if name in fields:
            yield from faults(value, fields[name].type, (*path, name))
        else:
            hint = f"{near(name, fields)}it may hold {', '.join(fields)}"
            yield (*path, name), f"unknown member {name!r}", hint
    for name, field in fields.items():
        if field.required and name not in table:
            yield path, f"{name!r} is missing", adding((*path, name), field.type)


def adding(path: Path, wanted: inspect.Type) -> str:
    """How to write a member that is missing."""
    if isinstance(wanted, inspect.VarTupleType) and isinstance(wanted.item_type, inspect.StructType):
        return f"add a [[{'.'.join(piece for piece in path if isinstance(piece, str))}]] table"
    return f"add {path[-1]} = {example(wanted)}"


def choice_faults(value: Any, wanted: inspect.UnionType, path: Path) -> Iterator[Fault]:
    """A value that may be of several kinds: the one that it resembles tells what is wrong."""
    tables = [one for one in wanted.types if isinstance(one, inspect.StructType | inspect.DictType)]
    lists = [one for one in wanted.types if isinstance(one, inspect.VarTupleType)]
    alike = tables if isinstance(value, dict) else lists if isinstance(value, list) else []
    if alike:
        yield from faults(value, alike[0], path)
        return
    kinds = [one for one in wanted.types if kind(one)]
    found = [list(faults(value, one, path)) for one in kinds]
    if all(found):
        what = " or ".join(map(kind, kinds))
        only = found[0][0] if len(kinds) == 1 else None
        yield only or (path, f"{name_of(path)} takes {what}, this is {said(value)}", how(path, value, kinds[0]))


def is_scalar(value: Any, wanted: inspect.Type) -> bool:
    """Whether a single value is of the kind; true is no number."""
    classes = SCALARS.get(type(wanted), ())
    return isinstance(value, classes) and (bool in classes or not isinstance(value, bool))


def kind(wanted: inspect.Type) -> str:
    """What a member takes, in words; empty for what no file can say, such as nothing at all."""
    match wanted:
        case inspect.StructType() | inspect.DictType():
            return "a table"
        case inspect.VarTupleType():
            return "a list"
        case inspect.StrType():
            return "a text"
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return "a whole number"
        case inspect.FloatType():
            return "a number"
        case inspect.LiteralType():
            return f"one of {', '.join(map(str, wanted.values))}"
        case _:
            return ""


def said(value: Any) -> str:
    """What was written, in words."""
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return str(value).lower() if isinstance(value, bool) else str(value)[:40]


def quoted(value: Any) -> str:
    """A text in quotes, cut short; anything else in words."""
    return repr(value[:40]) if isinstance(value, str) else said(value)


def how(path: Path, value: Any, wanted: inspect.Type) -> str:
    """How to write it instead."""
    if path and path[-1] in DURATIONS:
        return 'write a duration in quotes, such as "30s"'
    if isinstance(wanted, inspect.StrType) and isinstance(value, BARE) and not isinstance(value, bool):
        return f'put it in quotes: "{value}"'
    return f"write {example(wanted)}"


def example(wanted: inspect.Type) -> str:
    """A value of this kind, as it is written."""
    match wanted:
        case inspect.StructType() | inspect.DictType():
            return "{ ... }"
        case inspect.VarTupleType():
            return f"[{example(wanted.item_type)}]"
        case inspect.BoolType():
            return "true"
        case inspect.IntType():
            return "1"
        case inspect.FloatType():
            return "0.5"
        case inspect.LiteralType():
            return f'"{wanted.values[0]}"'
        case _:
            return '"..."'


def literal_hint(value: Any, values: tuple[Any, ...]) -> str:
    """The nearest word, else all of them."""
    return (near(value, values) if isinstance(value, str) else "") or f"one of {', '.join(map(str, values))}"


def name_of(path: Path) -> str:
    """What a member is called in a message."""
    names = [piece for piece in path if isinstance(piece, str)]
    return names[-1] if names else "the file"


def near(word: str, known: Iterable[Any]) -> str:
    """`did you mean ...?` for the nearest known word."""
    found = difflib.get_close_matches(word, [str(one) for one in known], n=1)
    return f"did you mean {found[0]!r}? " if found else ""
