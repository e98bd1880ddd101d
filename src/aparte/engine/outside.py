"""What comes from outside the pages: the catalogue, what the shop knows of customers, and the sites themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aparte.catalogue.change import changes
from aparte.catalogue.model import Changes, Product
from aparte.catalogue.store import SaveProducts
from aparte.conversations.store import Refused
from aparte.engine.boot import take_over
from aparte.engine.looking import Looking
from aparte.engine.ports import Command
from aparte.engine.site import LiveSite
from aparte.kit.errors import BadInput, Unavailable
from aparte.sites.model import Site
from aparte.sites.store import SaveSite
from aparte.targeting.campaign import Campaigns, no_campaigns

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

    async def save_site(self, site: Site, beside: Sequence[Command] = ()) -> None:
        """A site that is there has other keys or settings: they hold from the next event on.

        `beside` is written in the same transaction.
        """
        _, seed = self.core.configured[site.id]
        await self._write_site(site, seed, beside)
        live = self.core.sites.get(site.id)
        if live is not None:
            live.site = site

    async def add_site(self, site: Site, seed: Campaigns) -> None:
        """A new site, served at once; `seed`: what its folder says, its first version. BadInput when it is there."""
        core = self.core
        if site.id in core.configured:
            raise BadInput(f"there is a site {site.id} already")
        await self._write_site(site, seed)
        if core.trouble is None and site.id not in core.sites:  # memory that is made again meanwhile has it from there
            live = core.sites[site.id] = LiveSite(site, no_campaigns(site.id), core.store, core.seen(), core.compiled)
            with core.folding() as batch:
                if take_over(core, batch, live):
                    self.checkpoints.join(batch)
            await core.commit(batch)

    async def _write_site(self, site: Site, seed: Campaigns, beside: Sequence[Command] = ()) -> None:
        if self.core.trouble is not None:
            raise Unavailable(self.core.trouble, hint="try again in a moment")
        with self.core.folding() as batch:
            batch.add(SaveSite(site), *beside)
        if any(isinstance(one, Refused) for one in await self.core.commit(batch)):
            raise BadInput("another site has this key", where=site.id)
        self.core.configured[site.id] = (site, seed)
