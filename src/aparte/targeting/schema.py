"""The attribute schema: what conditions can read, as `attributes.toml` in this package says it.

Documentation, rule builder, static check and compiler are made from the same file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from aparte.targeting.behaviours import Measure
from aparte.targeting.conditions import Flow, Kind, Limits, Presence, Scope, Symbol, Type

PREFIX_MARK = ".*"


class Attribute(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the schema; the members are explained at the top of the file."""

    type: Literal["bool", "int", "number", "string", "duration", "any"]
    presence: Presence
    read: str
    changed_by: tuple[str, ...]
    doc: str
    unit: str = ""
    since: str | None = None
    flow: Flow = "steady"
    values: tuple[str, ...] | None = None
    least: float | None = None
    most: float | None = None


@cache
def attributes() -> dict[str, Attribute]:
    """Every attribute by its dotted name; a name that ends with `.*` stands for all names below it."""
    tables = msgspec.toml.decode(files("aparte.targeting").joinpath("attributes.toml").read_bytes())
    return {name: msgspec.convert(table, Attribute) for name, table in flattened(tables)}


def flattened(tables: dict[str, dict[str, object]]) -> Iterable[tuple[str, object]]:
    """The tables of the file under their dotted names."""
    for name, table in tables.items():
        if name.endswith(PREFIX_MARK):
            yield name, table
        else:
            yield from ((f"{name}.{member}", content) for member, content in table.items())


def scope(measures: Iterable[Measure] = ()) -> Scope:
    """All that the condition of a rule may read: the schema, and the behaviours of its campaign file."""
    symbols, prefixes = {}, {}
    for name, attribute in attributes().items():
        if name.endswith(PREFIX_MARK):
            prefixes[name.removesuffix("*")] = symbol(name, attribute)
        else:
            symbols[name] = symbol(name, attribute)
    for one in measures:
        kind = Type(Kind(one.type))
        symbols[one.name] = Symbol(one.name, kind, one.presence, one.read, None, one.flow)
    return Scope(symbols, prefixes)


def symbol(name: str, attribute: Attribute) -> Symbol:
    """An attribute as the condition language knows it."""
    flow: Flow = "rising" if attribute.since else attribute.flow
    return Symbol(name, Type(Kind(attribute.type)), attribute.presence, attribute.read, attribute.values, flow)


def attribute_of(name: str) -> Attribute | None:
    """The attribute that a dotted name belongs to."""
    known = attributes().get(name)
    if known is not None:
        return known
    return next(
        (one for key, one in attributes().items() if key.endswith(PREFIX_MARK) and name.startswith(key[:-1])), None
    )


def limits(measures: Mapping[str, Measure]) -> Limits:
    """Least and most possible value of each name that a rule may read; durations in seconds."""

    def of(name: str) -> tuple[float | None, float | None]:
        if name in measures:
            return (None if measures[name].kind in ("sum", "last") else 0), None
        attribute = attribute_of(name)
        if attribute is None:
            return None, None
        return (0 if attribute.since else attribute.least), attribute.most

    return of


def inside(part: str, member: str) -> str:
    """The read expression of a member of `context.page`, `context.campaign`, ..."""
    return f"(e.context.{part}.{member} if e.context and e.context.{part} else None)"


def of_page(member: str) -> str:
    """What the event itself says of its page, else what surrounds it."""
    said = f"(said if isinstance(said := e.properties.get({member!r}), str) else None)"
    return f"({said} or {inside('page', member)})"


EVENT_READS = {
    "event.name": "e.label",
    "event.event": "(e.event if e.kind == 'track' else None)",
    "event.type": "e.kind",
    **{f"event.{member}": of_page(member) for member in ("path", "url", "title", "referrer")},
    **{f"event.context.page.{member}": inside("page", member) for member in ("path", "url", "title", "referrer")},
    **{
        f"event.context.campaign.{member}": inside("campaign", member)
        for member in ("source", "medium", "name", "term", "content")
    },
    "event.context.device.type": inside("device", "type"),
    "event.context.userAgent": "(e.context.user_agent if e.context else None)",
    "event.context.locale": "(e.context.locale if e.context else None)",
}
EVENT_SCOPE = Scope(
    symbols={name: Symbol(name, Type(Kind.STRING), "maybe", read) for name, read in EVENT_READS.items()},
    prefixes={"event.properties.": Symbol("event.properties.*", Type(Kind.ANY), "maybe", "e.properties.get(key)")},
    params=("e",),
)
"""What the `where` of a behaviour may read."""
