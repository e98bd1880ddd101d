"""What a CRM says of customers, from a CSV file: one column names the customer, every other one is a trait. Pure."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.kit.tables import cells_of, heading

IDS = ("user_id", "userid", "customer_id", "client_id", "identifiant", "id_client", "id")
NAMES = {
    "niveau": "tier", "valeur_vie": "lifetime_value", "ltv": "lifetime_value", "clv": "lifetime_value",
    "risque_attrition": "churn_risk", "risque_de_depart": "churn_risk", "reclamation": "complaint",
    "portee_sociale": "social_reach", "abonnes": "social_reach",
}  # fmt: skip
"""Headings -> the names that conditions read; any other heading is the trait's own name."""
WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})", re.ASCII)
BROKEN = re.compile(r"-?(0|[1-9]\d{0,14})[.,]\d{1,9}", re.ASCII)
WORDS = {"true": True, "yes": True, "oui": True, "vrai": True, "false": False, "no": False, "non": False, "faux": False}
MOST_TRAITS, LONGEST, LONGEST_ID = 100, 1_000, 256


class RefusedRow(Struct, frozen=True):
    """A row that was not taken: its line, from 1, and why."""

    line: int
    reason: str


class Customers(Struct, frozen=True):
    """What a file holds."""

    rows: tuple[tuple[str, dict[str, Any]], ...]
    """(user id, traits)."""
    refused: tuple[RefusedRow, ...]


def read_traits(text: str, where: str = "traits") -> Customers:
    """The customers of a CSV file. BadInput when its first line does not name them."""
    rows = cells_of(text, where)
    number, head = next(rows, (1, []))
    names = [NAMES.get(heading(one), heading(one)) for one in head]
    key = next((names.index(one) for one in IDS if one in names), None)
    if key is None:
        raise BadInput("no column names the customer", where=f"{where}:{number}", hint="call it user_id")
    if len(set(names)) != len(names) or "" in names:
        raise BadInput("two columns have one name, or one has none", where=f"{where}:{number}", hint="name each once")
    if len(names) > MOST_TRAITS:
        raise BadInput(f"{len(names)} columns, {MOST_TRAITS} at most", where=f"{where}:{number}")
    found: dict[str, dict[str, Any]] = {}
    refused = []
    for line, cells in rows:
        reason = fault(cells, names, key, found)
        if reason:
            refused.append(RefusedRow(line, reason))
            continue
        traits = {name: value_of(cell) for name, cell in zip(names, cells, strict=False) if cell.strip()}
        found[cells[key].strip()] = {name: value for name, value in traits.items() if name != names[key]}
    return Customers(tuple(found.items()), tuple(refused))


def fault(cells: list[str], names: list[str], key: int, found: dict[str, dict[str, Any]]) -> str:
    """Why a row cannot be taken; empty when it can."""
    if len(cells) > len(names) and any(one.strip() for one in cells[len(names) :]):
        return f"{len(cells)} cells under {len(names)} headings"
    user = cells[key].strip() if key < len(cells) else ""
    if not user or len(user) > LONGEST_ID:
        return "there is no user id" if not user else "the user id is too long"
    if user in found:
        return f"{user[:60]!r} stands in the file already"
    if any(len(one) > LONGEST or "\x00" in one or "\ufffd" in one for one in cells):
        return f"a cell of more than {LONGEST} characters, or one that is not UTF-8"
    return ""


def value_of(cell: str) -> Any:
    """A number, true or false, else the text; what begins with 0, as postcodes and telephones do, stays a text."""
    bare = cell.strip()
    if WHOLE.fullmatch(bare):
        return int(bare)
    if BROKEN.fullmatch(bare):
        return float(bare.replace(",", "."))
    return WORDS.get(bare.casefold(), bare)
