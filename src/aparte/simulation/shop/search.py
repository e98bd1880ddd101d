"""Looking for products."""

from __future__ import annotations

import unicodedata

from aparte.simulation.shop.catalogue import CATEGORIES, PRODUCTS
from aparte.simulation.shop.model import Product

MOST_LETTERS = 80


def plain(text: str) -> str:
    """Lower case without accents, so that "echarpe" finds "Écharpe"."""
    split = unicodedata.normalize("NFD", text.replace("’", " ").casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def search(query: str) -> tuple[Product, ...]:
    """Products in whose texts, in either language, every word of the query begins a word; none for an empty query."""
    words = plain(query[:MOST_LETTERS]).replace(",", " ").split()
    return tuple(one for one in PRODUCTS if words and all(_says(one, word.rstrip("s") or word) for word in words))


def _says(product: Product, word: str) -> bool:
    texts = (product.name, product.cut, CATEGORIES[product.category])
    said = plain(" ".join(part for text in texts for part in (text.fr, text.en)) + f" {product.material}")
    return any(one.startswith(word) for one in said.replace(",", " ").replace("-", " ").split())
