"""Recorded events with what a catalogue says, as a server would have written them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from aparte.catalogue.enrich import ENRICHED, enrich
from aparte.catalogue.model import Catalogue
from aparte.catalogue.read import read_catalogue
from aparte.replay.read import Read
from aparte.tracking.model import Track


def bytes_text(path: Path) -> str:
    """A file's text; a byte that is not UTF-8 shows in its cell, which is then refused."""
    return path.read_bytes().decode("utf-8-sig", "replace")


def catalogue_of(path: Path) -> Catalogue:
    """A catalogue for a replay."""
    return {one.id: one for one in read_catalogue(bytes_text(path), path.name).products}


def enriched(stream: Iterable[Read], catalogue: Catalogue) -> Iterator[Read]:
    """The events with what the catalogue says, as a server would have written them."""
    for one in stream:
        if type(one) is Track and one.event in ENRICHED:
            enrich(one.properties, catalogue)
        yield one
