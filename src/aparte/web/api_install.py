"""What a shop needs to begin, and whether anything has arrived."""

from __future__ import annotations

import base64
import hashlib
import hmac
from html import escape
from typing import Any

from litestar import Request, Router, get
from litestar.di import NamedDependency

from aparte.web import words
from aparte.web.desk import Desk
from aparte.web.plain import Problem, Scope, bearer, header
from aparte.web.principal import Principal
from aparte.web.sign_in import Doorkeeper


@get("/install", summary="The snippet, and signs of life")
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


@get("/ingest", summary="What became of the site's messages")
async def ingest(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], doorkeeper: NamedDependency[Doorkeeper]
) -> words.Ingest:
    """received = accepted + duplicate + quarantined + refused; with the cookie, or the secret key as a bearer token."""
    scope: Any = request.scope
    if header(scope, b"authorization"):
        return counts(site_of_secret(secret_of(scope), desk), desk)
    who = doorkeeper.principal(scope)
    if who is None:
        raise Problem(401, "signed_out", "you are not signed in", hint="sign in, or send the secret key")
    return counts(who.site, desk)


def secret_of(scope: Scope) -> str:
    """The secret key of a request: a bearer token, or the user of Basic."""
    scheme, _, rest = header(scope, b"authorization").partition(" ")
    if scheme.lower() != "basic":
        return bearer(scope)
    try:
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[0]
    except ValueError:
        return ""


def counts(site: str, desk: Desk) -> words.Ingest:
    """A site's counters."""
    found = desk.store.counts(site)
    return words.Ingest(
        received=found.received,
        accepted=found.accepted,
        duplicate=found.duplicate,
        quarantined=sum(found.quarantined.values()),
        refused=sum(found.refused.values()),
        reasons={**found.quarantined, **found.refused},
    )


def order_counts(site: str, desk: Desk) -> words.OrderCounts:
    """Orders that only a browser has told, and those that the shop's server has."""
    claimed = confirmed = 0
    for order in desk.store.orders(site):
        claimed += not order.confirmed
        confirmed += order.confirmed
    return words.OrderCounts(claimed, confirmed)


def site_of_secret(key: str, desk: Desk) -> str:
    """The site of a secret key; Problem 401 for any other."""
    hash = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    for site in desk.directory.sites():
        if hmac.compare_digest(hash, site.secret_key_hash):
            return site.id
    raise Problem(401, "unknown_key", "no site has this secret key", where="key")


TAG = "aparte.js"
"""What the console shows when the last message came by our own tag."""
ROUTER = Router("/api/v1", route_handlers=[install, ingest], tags=["Install"])
