"""Servers to measure beside the real one; all have the door of the real one.

python benchmarks/_server.py prepare FOLDER         a data folder: the site `demo`, 50 rules
python benchmarks/_server.py forgetting FOLDER PORT the real server, but its store is memory
python benchmarks/_server.py bare FOLDER PORT       the door before an engine that neither decides nor writes
"""

from __future__ import annotations

import secrets
import sys
import time
from pathlib import Path
from typing import Any

from aparte.app import memory_store, visitor_secret
from aparte.app.clock import wall_ms as now
from aparte.app.serve import Running, opened, write
from aparte.engine.ports import Arriving, Counts, Pulse, PulseAnswer
from aparte.settings import Settings, read_settings
from aparte.sites.model import Site
from aparte.sites.service import new_site
from aparte.sites.store import SaveSite
from aparte.sites.tokens import token_keys
from aparte.tracking.store import CountMessages
from aparte.web.connections import Connections
from aparte.web.health import Health
from aparte.web.ingest import Ingest
from aparte.web.keys import Keys
from aparte.web.main import Main
from aparte.web.server import bind, run, serve
from engine import campaign_file

SITE = "demo"
RULES = 50
RATES = ("visitor_rate", "visitor_burst", "address_rate", "address_burst", "site_rate", "site_burst")


def settings(folder: Path, port: int) -> Settings:
    """No allowance is used up, and the load's address is a trusted proxy's: all that is measured is let in."""
    free = {f"APARTE_LIMITS_{name.upper()}": "1e9" for name in RATES}
    return read_settings(folder, free, port=port, trusted_proxies=("127.0.0.1",))


def site() -> Site:
    """The site whose public key is `demo`."""
    return new_site(SITE, SITE, public_key=SITE)[0]


def prepare(folder: Path) -> None:
    """A data folder that `aparte serve` can begin with."""
    with opened(folder) as store:
        write(store, [SaveSite(site())])
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / f"{SITE}.toml").write_text(campaign_file(RULES, site=SITE), encoding="utf-8")
    visitor_secret(folder)


class Quiet:
    """No pages; uvicorn goes on without a lifespan."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Nothing is here."""
        raise RuntimeError("there is nothing within")


def forgetting(folder: Path, port: int) -> None:
    """Everything as in the real server but the disk."""
    store = memory_store()
    write(store, [SaveSite(site())])
    chosen = settings(folder, port)
    running = Running(folder, store, chosen)
    run(running.run(running.doors, bind(chosen), lambda url: None))


class Nothing:
    """Takes everything and does nothing with it."""

    async def take(self, arriving: Arriving) -> Counts:
        """As if all were accepted."""
        count = len(arriving.lines)
        return Counts(received=count, accepted=count)

    async def pulse(self, pulse: Pulse) -> PulseAnswer:
        """Nothing to show."""
        return PulseAnswer(counts=await self.take(pulse.messages))

    def ready(self) -> str | None:
        """At once."""
        return None


def bare(folder: Path, port: int) -> None:
    """The door alone."""
    chosen, one = settings(folder, port), site()
    ingest = Ingest(
        Nothing(), Keys(lambda: [one], now), chosen, clock=now, ticks=time.monotonic,
        counts=lambda site: CountMessages(site, 0, 0, 0, {}, {}), tokens=token_keys(visitor_secret(folder)),
        new_id=lambda: secrets.token_hex(16),
    )  # fmt: skip
    connections = Connections(chosen)
    health = Health(lambda: None, ingest, connections, chosen)
    run(serve(Main(ingest, health, Quiet(), chosen), chosen, connections))


if __name__ == "__main__":
    mode, data, *port = sys.argv[1:]
    if mode == "prepare":
        prepare(Path(data))
    else:
        {"forgetting": forgetting, "bare": bare}[mode](Path(data), int(port[0]))
