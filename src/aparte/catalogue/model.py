"""The words of the catalogue. Amounts are in the shop's currency; what is not known is None, never 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct


class Product(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A product as the shop's own file says it. `margin` is what one piece earns."""

    id: str
    name: str = ""
    price: float | None = None
    margin: float | None = None
    category: str = ""
    complex: bool = False
    """It needs explaining."""
    high_value: bool = False
    url: str = ""
    image: str = ""
    substitutes: tuple[str, ...] = ()
    """Ids of what may be bought in its place."""
    complements: tuple[str, ...] = ()
    """Ids of what goes with it."""
    in_stock: bool | None = None
    """None: the file does not say."""
    gone: bool = False
    """The last import no longer had it: visitors may still look at its page."""


Catalogue: TypeAlias = Mapping[str, Product]
"""Products by id."""


class BadRow(Struct, frozen=True):
    """A row that was not taken: its line in the file, from 1, and why."""

    line: int
    reason: str
    excerpt: str


class Table(Struct, frozen=True):
    """What a file holds: each row is either a product or refused."""

    products: tuple[Product, ...]
    refused: tuple[BadRow, ...]
    ignored: tuple[str, ...] = ()
    """Columns that mean nothing to us."""


class Changes(Struct, frozen=True):
    """What an import does to a catalogue."""

    added: tuple[Product, ...]
    changed: tuple[Product, ...]
    gone: tuple[Product, ...]
    same: int

    @property
    def to_write(self) -> tuple[Product, ...]:
        """Whatever is not as before."""
        return (*self.added, *self.changed, *self.gone)
