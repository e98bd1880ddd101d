"""What the shop says beside its pages: the catalogue, and what it knows of customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aparte.catalogue.change import changes
from aparte.catalogue.model import Changes, Product
from aparte.catalogue.store import SaveProducts
from aparte.conversations.store import Refused
from aparte.engine.looking import Looking
from aparte.kit.errors import Unavailable

MOST_AT_ONCE = 500
"""Customers of one transaction."""


class Outside(Looking):
    """The imports of `Engine`."""

    async def import_catalogue(self, site: str, products: Sequence[Product], *, keep: bool) -> Changes:
        """Take a catalogue in the place of the one before; events that come from now on carry what it says."""
        live = self.core.site(site)
        found = changes(live.catalogue, products, keep=keep)
        if found.to_write:
            with self.core.folding() as batch:
                batch.add(SaveProducts(site, found.to_write, batch.now))
            if any(isinstance(one, Refused) for one in await self.core.commit(batch)):
                raise Unavailable("the database has refused the catalogue", hint="nothing was changed")
            live = self.core.site(site)
            live.catalogue = {**live.catalogue, **{one.id: one for one in found.to_write}}
        return found

    async def import_traits(self, site: str, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> int:
        """What the shop says of customers, now and when they are identified later; how many visitors have it now."""
        reached = 0
        for begin in range(0, len(rows), MOST_AT_ONCE):
            live = self.core.site(site)
            with self.core.folding() as batch:
                for user_id, traits in rows[begin : begin + MOST_AT_ONCE]:
                    reached += self.ingest.identities.imported(batch, live, user_id, traits)
            await self.core.commit(batch)
        return reached
