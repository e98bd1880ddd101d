"""What comes from outside the page, in rows: products, traits, identities, leads; and the ledger of what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from aparte.attribution.leads import first_lead, lead_again
from aparte.attribution.store import Lead, RecordLead
from aparte.backends.sqlite import ledger
from aparte.catalogue.model import Product
from aparte.catalogue.store import SaveProducts
from aparte.tracking.store import LinkIdentity, RecordMerge, SaveTraits

if TYPE_CHECKING:
    from aparte.backends.sqlite.execute import Execution

PAGE = 1000
SAVE_PRODUCT = """INSERT INTO product (site, product_id, data, refreshed_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (site, product_id) DO UPDATE SET data = excluded.data, refreshed_at = excluded.refreshed_at"""
SAVE_TRAIT = """INSERT INTO trait (site, user_id, data, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (site, user_id) DO UPDATE SET data = excluded.data, at = excluded.at"""
LINK = "INSERT INTO identity (site, user_id, visitor, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
MERGE = """INSERT INTO merged (site, visitor, root, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (site, visitor) DO UPDATE SET root = excluded.root, at = excluded.at"""
LEAD = ("site", "lead_id", "visitor", "at", "confirmed", "point_of_sale", "data")
GET_LEAD = f"SELECT {', '.join(LEAD)} FROM lead WHERE site = ? AND lead_id = ?"
SAVE_LEAD = f"""INSERT INTO lead ({", ".join(LEAD)}) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (site, lead_id) DO UPDATE SET visitor = excluded.visitor, confirmed = excluded.confirmed,
    point_of_sale = excluded.point_of_sale, data = excluded.data"""
LEADS = f"SELECT {', '.join(LEAD)} FROM lead WHERE site = ? AND (at, lead_id) > (?, ?) ORDER BY at, lead_id LIMIT ?"
PRODUCTS = "SELECT data, product_id FROM product WHERE site = ? AND product_id > ? ORDER BY product_id LIMIT ?"
TRAITS = "SELECT data FROM trait WHERE site = ? AND user_id = ?"
IDENTITIES = "SELECT visitor FROM identity WHERE site = ? AND user_id = ? ORDER BY at, visitor"
MERGES = "SELECT visitor, root FROM merged WHERE site = ?"


def text(value: Any) -> str:
    """As JSON."""
    return msgspec.json.encode(value).decode()


def save_products(execution: Execution, command: SaveProducts) -> None:
    """Insert or change products."""
    for one in command.products:
        execution.run(SAVE_PRODUCT, (command.site, one.id, text(one), command.at))
    execution.rows += len(command.products)


def save_traits(execution: Execution, command: SaveTraits) -> None:
    """Keep what is said of a customer."""
    execution.run(SAVE_TRAIT, (command.site, command.user_id, text(command.traits), command.at))


def link_identity(execution: Execution, command: LinkIdentity) -> None:
    """Keep that a visitor is a customer."""
    execution.run(LINK, (command.site, command.user_id, command.visitor, command.at))


def record_merge(execution: Execution, command: RecordMerge) -> None:
    """Keep that a visitor is part of a person."""
    execution.run(MERGE, (command.site, command.visitor, command.root, command.at))


def record_lead(execution: Execution, command: RecordLead) -> None:
    """Keep a lead, or what a further telling makes of it."""
    found = execution.run(GET_LEAD, (command.site, command.lead_id)).fetchall()
    lead = lead_again(lead_of(found[0]), command) if found else first_lead(command)
    row = (lead.site, lead.lead_id, lead.visitor, lead.at, lead.confirmed, lead.point_of_sale, text(lead.data))
    execution.run(SAVE_LEAD, row)


def lead_of(row: tuple[Any, ...]) -> Lead:
    """The lead in a row of LEAD."""
    site, lead_id, visitor, at, confirmed, point, data = row
    return Lead(site, lead_id, visitor, at, bool(confirmed), point, msgspec.json.decode(data))


HANDLERS: dict[type, Any] = {
    SaveProducts: save_products,
    SaveTraits: save_traits,
    LinkIdentity: link_identity,
    RecordMerge: record_merge,
    RecordLead: record_lead,
    **ledger.HANDLERS,
}


class OutsideReader(ledger.LedgerRows):
    """The readers of these tables; a part of SqliteReader."""

    _rows: Callable[..., list[tuple[Any, ...]]]
    """Given by the reader that this is a part of."""

    def products(self, site: str) -> Iterator[Product]:
        """See CatalogueReader."""
        last = ""
        while page := self._rows(PRODUCTS, (site, last, PAGE)):
            last = page[-1][1]
            for data, _ in page:
                yield msgspec.json.decode(data, type=Product)

    def traits(self, site: str, user_id: str) -> dict[str, Any] | None:
        """See IdentityReader."""
        found = self._rows(TRAITS, (site, user_id))
        return msgspec.json.decode(found[0][0]) if found else None

    def identities(self, site: str, user_id: str) -> list[str]:
        """See IdentityReader."""
        return [visitor for (visitor,) in self._rows(IDENTITIES, (site, user_id))]

    def merges(self, site: str) -> dict[str, str]:
        """See IdentityReader."""
        return dict(self._rows(MERGES, (site,)))

    def leads(self, site: str) -> Iterator[Lead]:
        """See LeadReader."""
        last: tuple[int, str] = (-(1 << 62), "")
        while page := self._rows(LEADS, (site, *last, PAGE)):
            last = page[-1][3], page[-1][1]
            yield from map(lead_of, page)
