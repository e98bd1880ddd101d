"""The door of the real server before an engine that neither decides nor writes: the limit of what ingest can cost.

python benchmarks/_bare_server.py PORT
"""

from __future__ import annotations

import secrets
import sys
import time
from typing import Any

from aparte.engine.ports import Arriving, Counts, Pulse, PulseAnswer
from aparte.settings import Limits, Settings
from aparte.sites.model import Site
from aparte.sites.tokens import token_keys
from aparte.tracking.store import CountMessages
from aparte.web.connections import Connections
from aparte.web.health import Health
from aparte.web.ingest import Ingest
from aparte.web.keys import Keys
from aparte.web.main import Main
from aparte.web.server import run, serve

SITE = Site(id="demo", name="Demo", public_key="demo", secret_key_hash="")
FREE = Limits(visitor_rate=1e9, visitor_burst=1e9, address_rate=1e9, address_burst=1e9, site_rate=1e9, site_burst=1e9)


class Nothing:
    """Takes everything and does nothing with it."""

    async def take(self, arriving: Arriving) -> Counts:
        count = len(arriving.lines)
        return Counts(received=count, accepted=count)

    async def pulse(self, pulse: Pulse) -> PulseAnswer:
        return PulseAnswer(counts=await self.take(pulse.messages))

    def ready(self) -> str | None:
        return None


async def nothing_within(scope: Any, receive: Any, send: Any) -> None:
    """No pages; uvicorn goes on without a lifespan."""
    raise RuntimeError("there is nothing within")


def main(port: int) -> None:
    settings = Settings(port=port, trusted_proxies=("127.0.0.1",), limits=FREE)
    ingest = Ingest(
        Nothing(), Keys(lambda: [SITE], lambda: time.time_ns() // 1_000_000), settings,
        clock=lambda: time.time_ns() // 1_000_000, ticks=time.monotonic,
        counts=lambda site: CountMessages(site, 0, 0, 0, {}, {}), tokens=token_keys(b"0" * 32),
        new_id=lambda: secrets.token_hex(16),
    )  # fmt: skip
    connections = Connections(settings)
    health = Health(lambda: None, ingest, connections, settings)
    run(serve(Main(ingest, health, nothing_within, settings), settings, connections))


if __name__ == "__main__":
    main(int(sys.argv[1]))
