"""A running server put together: settings -> store -> engine -> doors."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from argon2 import PasswordHasher

from aparte.app import open_store, visitor_secret
from aparte.app.campaigns import campaigns_of
from aparte.app.reporting import Reporting
from aparte.app.sources import Sources
from aparte.backends.memory.recent import RecentIds
from aparte.conversations.store import Refused
from aparte.engine.live import Engine
from aparte.engine.ports import Gauges, Store
from aparte.kit.errors import BadInput, Unavailable
from aparte.settings import Settings, read_settings
from aparte.sites import tokens
from aparte.sites.model import Role, Site, Staff
from aparte.sites.service import new_site, new_staff
from aparte.sites.store import SaveSite, SaveStaff
from aparte.tracking.store import WINDOW
from aparte.web import server
from aparte.web.answers import App
from aparte.web.api import Doors
from aparte.web.comparisons import Comparisons
from aparte.web.connections import Connections
from aparte.web.desk import Desk
from aparte.web.health import Health
from aparte.web.ingest import Ingest
from aparte.web.keys import Keys
from aparte.web.main import Main
from aparte.web.sign_in import password_hash

SWEEP_S = 0.25
FIRST_SITE = "default"
Work = Callable[["Running"], Coroutine[Any, Any, None]]


def now() -> int:
    """Milliseconds since 1970: the one clock of a server."""
    return time.time_ns() // 1_000_000


class VisitorTokens:
    """Tokens of visitors under the secret of this data folder."""

    def __init__(self, data: Path) -> None:
        self.keys = tokens.token_keys(visitor_secret(data))

    def verify(self, token: str, now_ms: int) -> str | None:
        """The visitor, or None."""
        return tokens.verify(self.keys, token, now_ms)

    def make(self, visitor: str, now_ms: int) -> str:
        """A token for this visitor."""
        return tokens.make(self.keys, visitor, now_ms)


class Running:
    """The parts of a server, made in the order in which they need one another."""

    def __init__(
        self,
        data: Path,
        store: Store,
        settings: Settings,
        *,
        clock: Callable[[], int] = now,
        hasher: PasswordHasher | None = None,
        **of_desk: Any,
    ) -> None:
        self.data, self.store, self.settings = data, store, settings
        self.port = settings.port
        self.ending = asyncio.Event()
        """Set, it ends the server as SIGTERM does."""
        self.campaigns = {site.id: campaigns_of(data, site.id) for site in store.sites()}
        sites = [(site, self.campaigns[site.id]) for site in store.sites()]
        self.engine = Engine(store, sites, clock=clock, seen=partial(RecentIds, WINDOW))
        visitors = VisitorTokens(data)
        self.ingest = Ingest(
            self.engine,
            Keys(store.sites, clock),
            settings,
            clock=clock,
            ticks=time.monotonic,
            counts=store.counts,
            tokens=visitors.keys,
            new_id=partial(secrets.token_hex, 16),
        )
        report = Reporting(Sources(store, self.campaigns.__getitem__), clock)
        self.comparisons = Comparisons(data)
        self.desk = Desk(
            self.engine,
            store,
            visitors,
            self.ingest.counters,
            self.campaigns.get,
            report,
            self.comparisons,
            now=clock,
            **of_desk,
        )
        self.doors = Doors(self.desk, hasher=hasher)
        self.connections = Connections(settings)
        self.health = Health(
            self.ready, self.ingest, self.connections, settings, gauges=self.gauges, queue=lambda: store.status().queued
        )

    def ready(self) -> str | None:
        """Why nothing can be taken now."""
        return self.engine.ready() or self.store.status().failed or None

    def gauges(self) -> Gauges:
        """Those of all sites together."""
        of = [self.engine.gauges(site) for site in self.campaigns]
        events: dict[str, int] = {}
        for one in of:
            for name, count in one.events.items():
                events[name] = events.get(name, 0) + count
        return Gauges(
            visitors=sum(one.visitors for one in of),
            conversations=sum(one.conversations for one in of),
            queued=sum(one.queued for one in of),
            agents=sum(one.agents for one in of),
            events=events,
        )

    async def sweep(self) -> None:
        """Timers, ends of sessions, checkpoints, and the refusals of the door; until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_S)
            try:
                await self.engine.sweep()
                await self.keep_refusals()
            except Unavailable:
                continue  # the engine is recovering; /readyz tells why

    async def keep_refusals(self) -> None:
        """What the door has refused becomes part of the durable counters."""
        counters = self.ingest.tally.take_out()
        if counters:
            try:
                await self.store.submit(counters)
            except Unavailable:
                self.ingest.tally.put_back(counters)
                raise

    async def drain(self) -> None:
        """The end: sockets are told, what is queued is written."""
        self.doors.hub.drain()
        self.doors.hub.close()
        await self.comparisons.close()
        await self.keep_refusals()
        await self.engine.stop()

    async def run(self, inner: App, bound: Any, started: Callable[[str], None], *work: Work) -> None:
        """Serve until told to stop; `work` goes on beside it, once connections are taken."""
        await self.engine.boot()
        tasks = [asyncio.create_task(self.sweep())]

        def on_started(host: str, port: int) -> None:
            self.port = port
            started(f"http://{host}:{port}/")
            tasks.extend(asyncio.create_task(one(self)) for one in work)

        app = Main(self.ingest, self.health, inner, self.settings)
        try:
            await server.serve(
                app,
                self.settings,
                self.connections,
                bound=bound,
                on_started=on_started,
                on_drain=self.drain,
                ending=self.ending,
            )
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def opened(data: Path) -> Iterator[Store]:
    """The store of a data folder, closed afterwards."""
    store = open_store(data)
    try:
        yield store
    finally:
        store.close()


def write(store: Store, commands: Sequence[Any]) -> None:
    """Write a few records; BadInput when the database refuses one."""

    async def submitted() -> list[Any]:
        return await store.submit(commands)

    for result in asyncio.run(submitted()):
        if isinstance(result, Refused):
            raise BadInput(f"refused: {result.code}", hint="the name, the key or the e-mail is there already")


def serve(data: Path, host: str | None, port: int | None) -> None:
    """`aparte serve`."""
    settings = read_settings(data if data.is_dir() else None, os.environ, host=host, port=port)
    bound = server.bind(settings)
    with opened(data) as store:
        if not store.sites():
            first_site(store)
        running = Running(data, store, settings)
        server.run(running.run(running.doors, bound, partial(announce, running)))


def first_site(store: Store) -> None:
    """A site to begin with; its secret key is shown this once."""
    site, secret = new_site(FIRST_SITE, FIRST_SITE)
    write(store, [SaveSite(site)])
    click.echo(f"A site was made: {site.id}\n  public key  {site.public_key}\n  secret key  {secret}  (shown only now)")


def announce(running: Running, url: str) -> None:
    """Say where the server is, and how the first member of staff gets in."""
    click.echo(f"Aparté is at {url}")
    token = running.doors.setup_token()
    if token is not None:
        click.echo(f"The first member of staff signs up at {url}console#setup={token}")


def add_site(data: Path, site_id: str, name: str, origins: tuple[str, ...]) -> tuple[Site, str]:
    """A new site and its secret key."""
    site, secret = new_site(site_id, name, origins)
    with opened(data) as store:
        if any(one.id == site.id for one in store.sites()):
            raise BadInput(f"there is a site {site.id} already", where=str(data))
        write(store, [SaveSite(site)])
    return site, secret


def sites_of(data: Path) -> Sequence[Site]:
    """All sites of a data folder."""
    with opened(data) as store:
        return store.sites()


def add_staff(data: Path, site_id: str, email: str, name: str, role: Role, password: str) -> Staff:
    """Somebody who may sign in."""
    staff = new_staff(site_id, email, name, role, password_hash(password))
    with opened(data) as store:
        if all(one.id != site_id for one in store.sites()):
            raise BadInput(f"there is no site {site_id}", where=str(data), hint="aparte site list names them")
        write(store, [SaveStaff(staff)])
    return staff
