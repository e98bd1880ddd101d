"""A catalogue from a CSV file: any order of columns, French or English names, `;` or `,`, a decimal comma or point.

Each row becomes a product, or is refused with its line and the reason; nothing is dropped in silence. Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from aparte.catalogue.model import BadRow, Product, Table
from aparte.kit.errors import BadInput
from aparte.kit.tables import cells_of, heading

LONGEST_ID, LONGEST_TEXT, MOST_LISTED = 256, 2_000, 50
HIGHEST = 1e9
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "product_id", "sku", "reference", "ref", "identifiant", "id_produit", "code", "article"),
    "name": ("name", "title", "nom", "titre", "libelle", "designation", "produit", "product"),
    "price": ("price", "prix", "prix_ttc", "prix_de_vente", "tarif", "unit_price"),
    "margin": ("margin", "marge", "marge_unitaire", "unit_margin", "marge_brute"),
    "category": ("category", "categorie", "product_type", "rayon", "famille"),
    "complex": ("complex", "complexe", "produit_complexe"),
    "high_value": ("high_value", "haute_valeur", "forte_valeur", "forte_valeur_ajoutee", "premium"),
    "url": ("url", "link", "lien", "adresse", "page"),
    "image": ("image", "image_url", "image_link", "photo", "visuel"),
    "substitutes": ("substitutes", "substituts", "alternatives", "produits_similaires"),
    "in_stock": ("in_stock", "en_stock", "availability", "disponibilite"),
    "complements": ("complements", "accessories", "accessoires", "produits_complementaires", "cross_sell"),
}
"""Member -> headings that mean it, as `heading` writes them: lower case, no accents, `_` between words."""
MEMBER_OF = {name: member for member, names in COLUMNS.items() for name in names}
NUMBER = re.compile(r"[+-]?(\d{1,12}([.,]\d{0,6})?|[.,]\d{1,6})", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}([  \u202f.,'’]\d{3})+(?P<decimals>[.,]\d{1,2})?", re.ASCII)
YES = frozenset({"1", "true", "yes", "y", "x", "oui", "o", "vrai"})
NO = frozenset({"", "0", "false", "no", "n", "non", "faux"})

IN_STOCK = frozenset({"in_stock", "en_stock", "available", "disponible", "preorder", "backorder"})
OUT_OF_STOCK = frozenset({"out_of_stock", "rupture", "rupture_de_stock", "indisponible", "unavailable", "epuise"})


class Unreadable(Exception):
    """Why a cell cannot be taken."""


def read_catalogue(text: str, where: str = "catalogue") -> Table:
    """The products of a CSV file. BadInput when it has no heading line that names an id."""
    rows = cells_of(text, where)
    number, head = next(rows, (1, []))
    members = [MEMBER_OF.get(heading(one)) for one in head]
    if "id" not in members:
        hint = f"the first line names the columns; one of them is {', '.join(COLUMNS['id'][:3])}"
        raise BadInput("no column names the product's id", where=f"{where}:{number}", hint=hint)
    twice = next((one for one in members if one is not None and members.count(one) > 1), None)
    if twice is not None:
        raise BadInput(f"two columns mean {twice}", where=f"{where}:{number}", hint="keep one of them")
    ignored = tuple(name for name, member in zip(head, members, strict=True) if member is None and name)
    products: dict[str, Product] = {}
    refused: list[BadRow] = []
    for line, cells in rows:
        try:
            product = product_of(members, cells)
            if product.id in products:
                raise Unreadable(f"the id {product.id[:60]!r} stands in the file already")
            products[product.id] = product
        except Unreadable as error:
            refused.append(BadRow(line, str(error), ";".join(cells)[:200]))
    return Table(tuple(products.values()), tuple(refused), ignored)


def product_of(members: list[str | None], cells: list[str]) -> Product:
    """The product of one row; Unreadable says which cell is wrong."""
    if len(cells) > len(members) and any(cells[len(members) :]):
        raise Unreadable(f"{len(cells)} cells under {len(members)} headings")
    given = {one: cell.strip() for one, cell in zip(members, cells, strict=False) if one is not None}
    if not given.get("id"):
        raise Unreadable("there is no id")
    found: dict[str, Any] = {}
    for member, cell in given.items():
        if "\x00" in cell or "�" in cell:
            raise Unreadable(f"{member} is not UTF-8")
        found[member] = READERS.get(member, text)(member, cell)
    if len(found["id"]) > LONGEST_ID:
        raise Unreadable(f"an id of {len(found['id'])} characters, {LONGEST_ID} at most")
    if found.get("margin") is not None and found.get("price") is not None and found["margin"] > found["price"]:
        raise Unreadable("the margin is more than the price")
    return Product(**found)


def text(member: str, cell: str) -> str:
    """A text of bounded length."""
    if len(cell) > LONGEST_TEXT:
        raise Unreadable(f"{member} has {len(cell)} characters, {LONGEST_TEXT} at most")
    return cell


def amount(member: str, cell: str) -> float | None:
    """A price or a margin; empty is unknown. `1 234,50 €` and `1,234.50` are numbers, `1.234` is doubtful: refused."""
    bare = cell.replace("€", "").replace("$", "").replace("£", "").replace("EUR", "").strip()
    if not bare:
        return None
    grouped = GROUPED.fullmatch(bare)
    if NUMBER.fullmatch(bare) and not (grouped and not doubtless(bare)):
        value = float(bare.replace(",", "."))
    elif grouped:
        decimals = grouped["decimals"] or ""
        whole = re.sub(r"[^\d+-]", "", bare.removesuffix(decimals) if decimals else bare)
        if not decimals and not doubtless(bare):
            raise Unreadable(f"{member} {cell[:40]!r} may be thousands or thousandths; write it without separators")
        value = float(whole + decimals.replace(",", "."))
    else:
        raise Unreadable(f"{member} {cell[:40]!r} is not a number")
    if not math.isfinite(value) or abs(value) > HIGHEST or (member == "price" and value < 0):
        raise Unreadable(f"{member} {cell[:40]!r} is out of range")
    return value


def doubtless(bare: str) -> bool:
    """Whether a grouped number can be read one way only: `1.234` and `1,234` can be read two ways."""
    marks = re.findall(r"[.,]", bare)
    return len(marks) != 1 or bool(re.search(r"[  \u202f'’]", bare))


def flag(member: str, cell: str) -> bool:
    """Yes or no; empty is no."""
    word = cell.casefold()
    if word in YES or word in NO:
        return word in YES
    raise Unreadable(f"{member} {cell[:40]!r} is neither yes nor no")


def stock(member: str, cell: str) -> bool | None:
    """Whether there is some: yes or no, a number of pieces, or the words of a product feed; any other is unknown."""
    word = heading(cell)
    if word in IN_STOCK or word in YES:
        return True
    if word and (word in OUT_OF_STOCK or word in NO):
        return False
    return float(cell.replace(",", ".")) > 0 if NUMBER.fullmatch(cell) else None


def ids(member: str, cell: str) -> tuple[str, ...]:
    """Ids between `|`, blanks or commas."""
    found = tuple(dict.fromkeys(one for one in re.split(r"[|\s,]+", cell) if one))
    if len(found) > MOST_LISTED or any(len(one) > LONGEST_ID for one in found):
        raise Unreadable(f"{member} lists more than {MOST_LISTED} ids, or one that is too long")
    return found


READERS: Mapping[str, Callable[[str, str], Any]] = {
    "price": amount,
    "margin": amount,
    "complex": flag,
    "high_value": flag,
    "substitutes": ids,
    "complements": ids,
    "in_stock": stock,
}
