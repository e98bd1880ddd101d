"""Products that an agent looks for, and what goes with one: by the catalogue's own columns first. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

from aparte.catalogue.model import Catalogue, Product
from aparte.kit import spelling

MOST = 50
RELATED = 8


bare = lru_cache(maxsize=1 << 17)(spelling.bare)
"""Names are asked for at each letter that an agent writes."""


def search(products: Iterable[Product], query: str, limit: int = 20) -> list[Product]:
    """Products that are sold and hold all words in id, name or category; the best first: an id, a beginning, a name."""
    words = bare(query).split()
    ranked: list[tuple[tuple[object, ...], Product]] = []
    for one in products:
        name = bare(one.name)
        if one.gone or any(word not in f"{bare(one.id)} {name} {bare(one.category)}" for word in words):
            continue
        whole = " ".join(words)
        rank = 0 if bare(one.id) == whole else 1 if name.startswith(whole) else 2 if whole in name else 3
        ranked.append(((rank, one.in_stock is False, name, one.id), one))
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])[:limit]]


def listed(ids: Sequence[str], catalogue: Catalogue, but: str) -> list[Product]:
    """The products of a column, those that are sold, in its order; those out of stock last."""
    found = [catalogue[one] for one in ids if one in catalogue and one != but]
    return sorted((one for one in found if not one.gone), key=lambda one: one.in_stock is False)


def distance(one: Product, other: Product) -> float:
    """How far apart two prices are, as a ratio; what has no price is the farthest."""
    if not one.price or not other.price or one.price <= 0 or other.price <= 0:
        return math.inf
    return abs(math.log(one.price / other.price))


def substitutes(product: Product, catalogue: Catalogue, limit: int = RELATED) -> list[Product]:
    """What may be bought in its place: as the catalogue says, then the same category, the nearest price first."""
    own = listed(product.substitutes, catalogue, product.id)
    known = {product.id, *product.substitutes, *product.complements}
    near = [
        one
        for one in catalogue.values()
        if product.category and one.category == product.category and one.id not in known and not one.gone
    ]
    near.sort(key=lambda one: (one.in_stock is False, distance(product, one), one.id))
    return [*own, *near][:limit]


def complements(product: Product, catalogue: Catalogue, limit: int = RELATED) -> list[Product]:
    """What goes with it, as the catalogue says, and nothing else: stored orders hold no lines to learn it from."""
    return listed(product.complements, catalogue, product.id)[:limit]
