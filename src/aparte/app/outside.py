"""What is brought in by hand: catalogue, traits, keys; through the server that runs, else into its folder."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from aparte.app import control
from aparte.app.campaigns import read_text
from aparte.app.enriched import bytes_text
from aparte.app.serve import Running, opened, write
from aparte.catalogue.model import Table
from aparte.catalogue.read import read_catalogue
from aparte.engine.live import Engine
from aparte.engine.ports import Store
from aparte.kit.errors import BadInput
from aparte.settings import read_settings
from aparte.sites.identity import check_public_key
from aparte.sites.model import Site
from aparte.sites.store import SaveSite, SiteReader
from aparte.tracking.sources.traits import Customers, read_traits

T = TypeVar("T")
Customer = tuple[str, dict[str, Any]]
CATALOGUE, TRAITS, JWT_KEY = "/api/v1/catalogue", "/api/v1/traits", "/api/v1/site/jwt-key"
PORTION = 1 << 20
"""Bytes of traits in one request."""


class Imported(msgspec.Struct, frozen=True):
    """What a catalogue has changed, in products."""

    table: Table
    """With what was refused."""
    added: int
    changed: int
    same: int
    gone: int


def import_catalogue(data: Path, path: Path, site: str | None, *, keep: bool) -> Imported:
    """A CSV file becomes the catalogue of a site."""
    table = read_catalogue(bytes_text(path), path.name)
    if not table.products and table.refused:
        first = table.refused[0]
        raise BadInput(
            f"no row can be taken: {first.reason}", where=f"{path.name}:{first.line}", hint="nothing was changed"
        )
    query = [("site", site)] * bool(site) + [("keep", "1")] * keep
    told = control.call(data, "POST", f"{CATALOGUE}?{urlencode(query)}", path.read_bytes())
    if told is not None:
        return Imported(table, **{name: told[name] for name in ("added", "changed", "same", "gone")})
    with opened(data) as store:
        name = site_of(store, site).id
        work = partial(Engine.import_catalogue, site=name, products=table.products, keep=keep)
        found = with_engine(data, store, work)
    return Imported(table, len(found.added), len(found.changed), found.same, len(found.gone))


def import_traits(data: Path, path: Path, site: str | None) -> tuple[Customers, int]:
    """What a CSV file says of customers; and how many visitors have it at once."""
    found = read_traits(bytes_text(path), path.name)
    reached = told_of(data, site, found)
    if reached is None:
        with opened(data) as store:
            name = site_of(store, site).id
            reached = with_engine(data, store, lambda engine: engine.import_traits(name, found.rows))
    return found, reached


def told_of(data: Path, site: str | None, found: Customers) -> int | None:
    """The visitors whom the running server has told of; None when there is none."""
    reached = 0
    for rows in portions(found.rows):
        said = {"traits": [{"user_id": user_id, "traits": traits} for user_id, traits in rows]}
        told = control.call(data, "POST", control.at_site(TRAITS, site), said)
        if told is None:
            return None  # also when it ends half way: what is said again is no harm
        reached += told["visitors"]
    return reached


def portions(rows: Sequence[Customer]) -> Iterator[list[Customer]]:
    """The customers, as many at a time as the server takes; at least one portion, so that it is asked."""
    portion: list[Customer] = []
    size = 0
    for row in rows:
        size += len(msgspec.json.encode(row))
        if size > PORTION and portion:
            yield portion
            portion, size = [], 0
        portion.append(row)
    yield portion


def with_engine(data: Path, store: Store, work: Callable[[Engine], Awaitable[T]]) -> T:
    """Do something with the engine of a folder that no server uses."""

    async def done() -> T:
        engine = Running(data, store, read_settings(data, os.environ)).engine
        await engine.boot()
        try:
            return await work(engine)
        finally:
            await engine.stop()

    return asyncio.run(done())


def site_of(store: SiteReader, wanted: str | None) -> Site:
    """The site of this name; without a name the only one."""
    sites = list(store.sites())
    found = [one for one in sites if wanted in (None, one.id)]
    if len(found) != 1:
        known = ", ".join(one.id for one in sites) or "none yet"
        raise BadInput("say which site" if wanted is None else f"there is no site {wanted}", hint=f"sites: {known}")
    return found[0]


def new_jwt_key(data: Path, site: str) -> str:
    """A new key that a shop's server signs identities with; tokens of the one before are refused from now on."""
    told = control.call(data, "PUT", control.at_site(JWT_KEY, site), {})
    if told is not None:
        return str(told["secret"])
    key = secrets.token_urlsafe(48)
    with opened(data) as store:
        write(store, [SaveSite(msgspec.structs.replace(site_of(store, site), jwt_secret=key, jwt_public_key=""))])
    return key


def set_public_key(data: Path, site: str, path: Path) -> None:
    """The public half of the key pair that a shop's server signs identities with."""
    pem = check_public_key(read_text(path), str(path))
    if control.call(data, "PUT", control.at_site(JWT_KEY, site), {"public_key": pem}) is not None:
        return
    with opened(data) as store:
        write(store, [SaveSite(msgspec.structs.replace(site_of(store, site), jwt_public_key=pem, jwt_secret=""))])
