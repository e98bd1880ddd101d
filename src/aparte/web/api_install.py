"""What a shop needs to begin, and whether anything has arrived."""

from __future__ import annotations

from html import escape
from typing import Any

from litestar import Request, Router, get
from litestar.di import NamedDependency

from aparte.web import words
from aparte.web.desk import Desk
from aparte.web.principal import Principal


@get("/install", summary="The snippet, and signs of life", right="read")
async def install(
    request: Request[Any, Any, Any], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> words.Install:
    """Keys, the snippet for the shop's pages, what the tag last sent, how many orders came and from whom."""
    site = desk.directory.site(me.site)
    host = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    source, key = escape(f"{host}/aparte.js"), escape(site.public_key)
    seen = desk.engine.last_seen(site.id)
    return words.Install(
        public_key=site.public_key,
        secret_key_hint=site.secret_key_hint,
        origins=list(site.origins),
        snippet=f'<script async src="{source}" data-key="{key}"></script>',
        last_seen={**seen, "tag": TAG if seen.get("tag") else None} if seen else None,
        counts=counts(site.id, desk),
        orders=order_counts(site.id, desk),
    )


@get("/ingest", summary="What became of the site's messages", right="read")
async def ingest(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> words.Ingest:
    """received = accepted + duplicate + quarantined + refused. With the secret key the door for events answers this."""
    return counts(me.site, desk)


def counts(site: str, desk: Desk) -> words.Ingest:
    """A site's counters."""
    return words.Ingest(**desk.counters(site))


def order_counts(site: str, desk: Desk) -> words.OrderCounts:
    """Orders that only a browser has told, and those that the shop's server has."""
    claimed = confirmed = 0
    for order in desk.store.orders(site):
        claimed += not order.confirmed
        confirmed += order.confirmed
    return words.OrderCounts(claimed, confirmed)


TAG = "aparte.js"
"""What the console shows when the last message came by our own tag."""
ROUTER = Router("/api/v1", route_handlers=[install, ingest], tags=["Install"])
