"""What comes from outside the page, in memory: products, traits, identities, leads; and the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aparte.attribution.leads import first_lead, lead_again
from aparte.attribution.store import Lead, RecordLead
from aparte.backends.memory import ledger
from aparte.backends.memory.tables import Undo
from aparte.catalogue.model import Product
from aparte.catalogue.store import SaveProducts
from aparte.tracking.store import LinkIdentity, RecordMerge, SaveTraits


class OutsideTables(ledger.LedgerTables):
    """The tables and their readers; a part of MemoryReader."""

    _undo: Undo

    def __init__(self) -> None:
        super().__init__()
        self._products: dict[tuple[str, str], Product] = {}
        self._traits: dict[tuple[str, str], dict[str, Any]] = {}
        self._identities: dict[tuple[str, str, str], int] = {}
        self._merges: dict[tuple[str, str], str] = {}
        self._leads: dict[tuple[str, str], Lead] = {}

    def products(self, site: str) -> Iterator[Product]:
        """See CatalogueReader."""
        return iter([one for (of, _), one in sorted(self._products.items(), key=lambda item: item[0]) if of == site])

    def traits(self, site: str, user_id: str) -> dict[str, Any] | None:
        """See IdentityReader."""
        found = self._traits.get((site, user_id))
        return None if found is None else dict(found)

    def identities(self, site: str, user_id: str) -> list[str]:
        """See IdentityReader."""
        of = [(at, visitor) for (one, user, visitor), at in self._identities.items() if (one, user) == (site, user_id)]
        return [visitor for _, visitor in sorted(of)]

    def merges(self, site: str) -> dict[str, str]:
        """See IdentityReader."""
        return {visitor: root for (of, visitor), root in self._merges.items() if of == site}

    def leads(self, site: str) -> Iterator[Lead]:
        """See LeadReader."""
        of = [one for one in self._leads.values() if one.site == site]
        return iter(sorted(of, key=lambda one: (one.at, one.lead_id)))

    def save_products(self, command: SaveProducts) -> None:
        """Insert or change products."""
        for one in command.products:
            self._undo.put(self._products, (command.site, one.id), one)

    def save_traits(self, command: SaveTraits) -> None:
        """Keep what is said of a customer."""
        self._undo.put(self._traits, (command.site, command.user_id), dict(command.traits))

    def link_identity(self, command: LinkIdentity) -> None:
        """Keep that a visitor is a customer."""
        key = command.site, command.user_id, command.visitor
        if key not in self._identities:
            self._undo.put(self._identities, key, command.at)

    def record_merge(self, command: RecordMerge) -> None:
        """Keep that a visitor is part of a person."""
        self._undo.put(self._merges, (command.site, command.visitor), command.root)

    def record_lead(self, command: RecordLead) -> None:
        """Keep a lead, or what a further telling makes of it."""
        key = command.site, command.lead_id
        known = self._leads.get(key)
        self._undo.put(self._leads, key, lead_again(known, command) if known else first_lead(command))


HANDLERS: dict[type, Any] = {
    SaveProducts: OutsideTables.save_products,
    SaveTraits: OutsideTables.save_traits,
    LinkIdentity: OutsideTables.link_identity,
    RecordMerge: OutsideTables.record_merge,
    RecordLead: OutsideTables.record_lead,
    **ledger.HANDLERS,
}
