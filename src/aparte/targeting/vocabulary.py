"""What the rule builder shows: attributes with their words in French and English, and the operators of each type.

Made from the same schema that the compiler reads; `vocabulary.toml` adds only what people read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import get_args

import msgspec
from msgspec import Struct

from aparte.sessions.apply import FOLDS
from aparte.targeting.behaviours import EVERY_EVENT, Measure
from aparte.targeting.conditions import Flow, Presence
from aparte.targeting.model import Behaviour, CampaignFile
from aparte.targeting.schema import Attribute, attributes
from aparte.tracking.model import VisitorFact

ORDERED = ("==", "!=", ">=", ">", "<=", "<")
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "bool": ("is",),
    "int": (*ORDERED, "in"),
    "number": (*ORDERED, "in"),
    "duration": ORDERED,
    "string": ("==", "!=", "in", "contains", "startsWith", "endsWith", "matches"),
    "any": ("==", "!=", ">=", ">", "<=", "<", "in", "contains", "startsWith", "endsWith", "matches", "is"),
}
"""By the type of what is compared; those of `conditions.rows`."""
BEHAVIOURS = "behaviours"
NOT_OF_CLIENTS = frozenset({EVERY_EVENT, *(one.__name__ for one in get_args(VisitorFact))})


class Words(Struct, frozen=True):
    """The same in both languages."""

    fr: str
    en: str


class Described(Struct, frozen=True):
    """A name that a condition may read. A name that ends with `.*` stands for every name below it."""

    name: str
    type: str
    unit: str
    presence: Presence
    values: tuple[str, ...] | None
    flow: Flow
    doc: Words
    label: Words
    group: str
    """`page`, `session`, `cart`, `visitor`, `time`, `capacity`, `scores`, or `behaviours`."""


@cache
def vocabulary() -> dict[str, tuple[str, str, str]]:
    """Label in French, label in English, explanation in French, by the name of the attribute."""
    text = files("aparte.targeting").joinpath("vocabulary.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, tuple[str, str, str]])


def described(measures: Iterable[Measure], file: CampaignFile) -> list[Described]:
    """Everything that a rule of this file may read: the schema, its behaviours, its segments."""
    return [
        *(of_schema(name, one) for name, one in attributes().items()),
        *(of_behaviour(one, file.behaviours[one.name]) for one in measures),
        *of_segments(file),
    ]


def of_schema(name: str, attribute: Attribute) -> Described:
    """An attribute of the schema; one that nobody has named is called by its own name."""
    fr, en, doc = vocabulary().get(name, (name, name, attribute.doc))
    return Described(
        name=name,
        type=attribute.type,
        unit=attribute.unit or ("s" if attribute.type == "duration" else ""),
        presence=attribute.presence,
        values=attribute.values,
        flow="rising" if attribute.since else attribute.flow,
        doc=Words(doc, attribute.doc),
        label=Words(fr, en),
        group=name.partition(".")[0],
    )


KINDS: Mapping[str, Words] = {
    "count": Words("Nombre de « {} »", "How many {}"),
    "sum": Words("Somme de {of} dans « {} »", "Sum of {of} of {}"),
    "distinct": Words("Nombre de {of} différents dans « {} »", "How many different {of} of {}"),
    "last": Words("{of} du dernier « {} »", "{of} of the last {}"),
    "dwell": Words("Temps sur la page depuis « {} »", "Time on the page since {}"),
    "elapsed": Words("Temps depuis le dernier « {} »", "Time since the last {}"),
    "idle": Words("Temps sans « {} »", "Time without {}"),
    "sequence": Words("Combien de fois, dans cet ordre : {}", "How often, in this order: {}"),
}


def of_behaviour(measure: Measure, said: Behaviour) -> Described:
    """A behaviour of the file, told from what it says."""
    what = getattr(said, measure.kind)
    events, of = (" → ".join(what) if isinstance(what, tuple) else str(what)), said.of or ""
    told = KINDS[measure.kind]
    doc = Words(
        told.fr.format(events, of=of) + limits(said, french=True),
        told.en.format(events, of=of) + limits(said, french=False),
    )
    label = measure.name.replace("_", " ")
    unit = "s" if measure.type == "duration" else ""
    return Described(
        measure.name, measure.type, unit, measure.presence, None, measure.flow, doc, Words(label, label), BEHAVIOURS
    )


def limits(said: Behaviour, *, french: bool) -> str:
    """What else a behaviour asks for."""
    told = {
        "within": ("dans les {}", "within {}"),
        "since": ("depuis « {} »", "since {}"),
        "without": ("sans « {} »", "without {}"),
        "where": ("où {}", "where {}"),
    }
    found = [(words, getattr(said, name)) for name, words in told.items()]
    return "".join(", " + words[0 if french else 1].format(value) for words, value in found if value is not None)


def of_segments(file: CampaignFile) -> Iterator[Described]:
    """The named conditions of the file."""
    for name, one in file.segments.items():
        doc = one.description or one.when
        yield Described(
            f"segment.{name}", "bool", "", "always", None, "free", Words(doc, doc), Words(name, name), "segments"
        )


def known_events() -> list[str]:
    """The names of events that the engine itself understands, sorted."""
    listened = {event for one in attributes().values() for event in one.changed_by}
    return sorted((FOLDS.keys() | listened) - NOT_OF_CLIENTS)


def events_of_file(file: CampaignFile) -> set[str]:
    """The names of events that the file's behaviours listen to."""
    found: set[str] = set()
    for one in file.behaviours.values():
        for name in ("count", "sum", "distinct", "last", "dwell", "elapsed", "idle", "since", "without"):
            found.add(getattr(one, name) or "")
        found.update(one.sequence or ())
    return found - {"", EVERY_EVENT}


def skills_of_file(file: CampaignFile) -> set[str]:
    """The skills that the file's offers ask for."""
    return {rule.offer.skill for campaign in file.campaigns for rule in campaign.rules if rule.offer.skill}
