"""Ready-made segments, messages and campaigns: read from the package, checked like any campaign file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TypeAlias

import msgspec
from msgspec import Struct

from aparte.targeting.campaign import load
from aparte.targeting.model import Behaviour, CampaignFile, Segment

Both: TypeAlias = dict[str, str]
"""A text in French and in English."""


class SegmentTemplate(Struct, frozen=True):
    """A segment to begin with; `toml` is what goes into a campaign file."""

    name: str
    label: Both
    doc: Both
    when: str
    value: float | None
    needs: tuple[str, ...]
    """What the shop or its CRM must tell for it."""
    behaviours: dict[str, Behaviour]
    """The measures that the condition reads; they go into the campaign file with it."""
    toml: str


class MessageTemplate(Struct, frozen=True):
    """What to say in a situation of a sector."""

    sector: str
    situation: str
    text: Both


class CampaignTemplate(Struct, frozen=True):
    """A campaign to begin with, as a piece of a campaign file."""

    name: str
    sector: str
    label: Both
    doc: Both
    file: CampaignFile
    toml: str


class Written(Struct, frozen=True, forbid_unknown_fields=True):
    """A template as the package's files have it."""

    label: Both
    doc: Both
    toml: str
    sector: str = ""
    needs: tuple[str, ...] = ()


class Messages(Struct, frozen=True, forbid_unknown_fields=True):
    """The file of messages."""

    messages: tuple[MessageTemplate, ...]


@cache
def segment_templates() -> tuple[SegmentTemplate, ...]:
    """Every ready-made segment, in the order of the file."""
    return tuple(segment_template(name, one) for name, one in written("segments.toml").items())


def segment_template(name: str, one: Written) -> SegmentTemplate:
    """One, after the check of a campaign file."""
    file = load(one.toml, f"template {name}").file
    segment: Segment = file.segments[name]
    return SegmentTemplate(
        name, one.label, one.doc, segment.when, segment.value, one.needs, file.behaviours, one.toml.lstrip()
    )


@cache
def message_templates() -> tuple[MessageTemplate, ...]:
    """Every ready-made message."""
    return msgspec.toml.decode(content("messages.toml"), type=Messages).messages


@cache
def campaign_templates() -> tuple[CampaignTemplate, ...]:
    """Every ready-made campaign, in the order of the file."""
    return tuple(
        CampaignTemplate(
            name, one.sector, one.label, one.doc, load(one.toml, f"template {name}").file, one.toml.lstrip()
        )
        for name, one in written("campaigns.toml").items()
    )


def written(file: str) -> dict[str, Written]:
    """The templates of a file by their names."""
    return msgspec.toml.decode(content(file), type=dict[str, Written])


def content(file: str) -> bytes:
    """A file of the package."""
    return files("aparte.targeting").joinpath("ready", file).read_bytes()
