"""What is brought into a data folder by hand: catalogue, traits, keys; no server may use the folder meanwhile."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from aparte.app.campaigns import read_text
from aparte.app.enriched import bytes_text
from aparte.app.serve import Running, opened, write
from aparte.catalogue.model import Changes, Table
from aparte.catalogue.read import read_catalogue
from aparte.engine.live import Engine
from aparte.engine.ports import Store
from aparte.kit.errors import BadInput
from aparte.settings import read_settings
from aparte.sites.model import Site
from aparte.sites.store import SaveSite
from aparte.tracking.sources.traits import Customers, read_traits

T = TypeVar("T")


def import_catalogue(data: Path, path: Path, site: str | None, *, keep: bool) -> tuple[Table, Changes]:
    """A CSV file becomes the catalogue of a site."""
    table = read_catalogue(bytes_text(path), path.name)
    if not table.products and table.refused:
        first = table.refused[0]
        raise BadInput(
            f"no row can be taken: {first.reason}", where=f"{path.name}:{first.line}", hint="nothing was changed"
        )
    with opened(data) as store:
        name = site_of(store, site).id
        return table, with_engine(data, store, lambda engine: engine.import_catalogue(name, table.products, keep=keep))


def import_traits(data: Path, path: Path, site: str | None) -> tuple[Customers, int]:
    """What a CSV file says of customers; and how many visitors have it at once."""
    found = read_traits(bytes_text(path), path.name)
    with opened(data) as store:
        name = site_of(store, site).id
        return found, with_engine(data, store, lambda engine: engine.import_traits(name, found.rows))


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


def site_of(store: Store, wanted: str | None) -> Site:
    """The site of this name; without a name the only one."""
    sites = list(store.sites())
    found = [one for one in sites if wanted in (None, one.id)]
    if len(found) != 1:
        known = ", ".join(one.id for one in sites) or "none yet"
        raise BadInput("say which site" if wanted is None else f"there is no site {wanted}", hint=f"sites: {known}")
    return found[0]


def new_jwt_key(data: Path, site: str) -> str:
    """A new key that a shop's server signs identities with; tokens of the one before are refused from now on."""
    key = secrets.token_urlsafe(48)
    with opened(data) as store:
        write(store, [SaveSite(msgspec.structs.replace(site_of(store, site), jwt_secret=key, jwt_public_key=""))])
    return key


def set_public_key(data: Path, site: str, path: Path) -> None:
    """The public half of the key pair that a shop's server signs identities with."""
    pem = read_text(path)
    if "PUBLIC KEY" not in pem or "PRIVATE" in pem:
        raise BadInput("this is no public key in PEM", where=str(path), hint="openssl rsa -in key.pem -pubout")
    with opened(data) as store:
        write(store, [SaveSite(msgspec.structs.replace(site_of(store, site), jwt_public_key=pem, jwt_secret=""))])
