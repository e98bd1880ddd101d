"""Every input that a scenario may have, for whoever draws a form: its path, its unit, whether it must be given."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Struct, structs

from aparte.planning.inputs import Estimate, Scenario
from aparte.planning.units import Unit, unit_of


class Input(Struct, frozen=True):
    """One input; in several parts of a kind (`teams.*.wage_per_hour`) the part's name stands where the path has `*`."""

    path: str
    unit: Unit
    needed: bool


@cache
def known_inputs() -> tuple[Input, ...]:
    """All of them, in the order of the scenario."""
    return tuple(walk(Scenario, ""))


def walk(kind: type[Struct], path: str) -> Iterator[Input]:
    """The inputs of a part."""
    hints = get_type_hints(kind)
    for field in structs.fields(kind):
        wanted, here = hints[field.name], path + field.name
        if inner := part_of(wanted):
            yield from walk(inner, f"{here}.*." if get_origin(wanted) is tuple else f"{here}.")
        elif wanted is Estimate or Estimate in get_args(wanted):
            yield Input(here, unit_of(here), field.default is NODEFAULT and field.default_factory is NODEFAULT)


def part_of(wanted: Any) -> type[Struct] | None:
    """The part that a field holds, one or several of them."""
    inner = get_args(wanted)[0] if get_origin(wanted) is tuple else wanted
    found = isinstance(inner, type) and issubclass(inner, Struct) and inner is not Estimate
    return inner if found else None
