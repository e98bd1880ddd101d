"""What this stage writes and reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from aparte.catalogue.model import Product


class SaveProducts(Struct, frozen=True):
    """Insert or replace products of a site; others stay as they are."""

    site: str
    products: Sequence[Product]
    at: int


class CatalogueReader(Protocol):
    """Reads as of the last commit."""

    def products(self, site: str) -> Iterator[Product]:
        """All products of a site, by id; those that are gone too."""
        ...
