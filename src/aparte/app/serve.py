"""A running server put together: settings -> store -> engine -> doors."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from aparte.app import load_campaigns
from aparte.backends.memory.orders import MemoryOrders
from aparte.backends.memory.recent import RecentIds
from aparte.backends.sqlite.folder import visitor_secret
from aparte.backends.sqlite.store import SqliteStore
from aparte.engine.live import Engine
from aparte.kit.errors import BadInput
from aparte.settings import Settings
from aparte.sites.tokens import TokenKeys, token_keys
from aparte.targeting.campaign import Campaigns, load
from aparte.tracking.store import WINDOW
from aparte.web.connections import Connections
from aparte.web.ingest import Ingest
from aparte.web.keys import Keys

SWEEP_S = 0.25
FIRST_SITE = "default"


def now() -> int:
    """Milliseconds since 1970: the one clock of a server."""
    return time.time_ns() // 1_000_000


def campaigns_path(data: Path, site: str) -> Path:
    """Where a site's campaigns are."""
    return data / "campaigns" / f"{site}.toml"


def campaigns_of(data: Path, site: str) -> Campaigns:
    """A site's campaigns, checked; none when there is no file. BadInput when the file is for another site."""
    path = campaigns_path(data, site)
    if not path.exists():
        return load(f'[site]\nid = "{site}"\n', f"no campaigns of {site}")
    found = load_campaigns(path)
    if found.file.site.id != site:
        raise BadInput(f"this file is for the site {found.file.site.id}", where=str(path), hint=f'write id = "{site}"')
    return found


class Running:
    """The parts of a server that belong together, made in the order in which they need one another."""

    def __init__(self, data: Path, store: SqliteStore, settings: Settings) -> None:
        self.data, self.store, self.settings = data, store, settings
        self.tokens: TokenKeys = token_keys(visitor_secret(data))
        sites = [(site, campaigns_of(data, site.id)) for site in store.sites()]
        self.engine = Engine(store, sites, clock=now, orders=MemoryOrders, seen=lambda: RecentIds(WINDOW))
        self.connections = Connections(settings)
        self.keys = Keys(store.sites, now)
        self.ingest = Ingest(
            self.engine,
            self.keys,
            settings,
            clock=now,
            ticks=time.monotonic,
            counts=store.counts,
            tokens=self.tokens,
            new_id=lambda: secrets.token_hex(16),
        )
