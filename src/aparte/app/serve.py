"""A running server put together: settings -> store -> engine -> doors."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import click
from argon2 import PasswordHasher
from msgspec import structs

from aparte.app import control, handover, open_store, visitor_secret
from aparte.app.alarming import Watch
from aparte.app.beside import minded
from aparte.app.campaigns import campaigns_in_force, campaigns_of
from aparte.app.clock import SteadyClock, wall_ms
from aparte.app.facts import Analytics
from aparte.app.post import Post
from aparte.app.report_mails import ReportMails
from aparte.app.reporting import Reporting
from aparte.app.sources import Sources
from aparte.backends.memory.recent import RecentIds
from aparte.backends.sqlite import store as sqlite
from aparte.backends.sqlite.reader import SqliteReader
from aparte.conversations.store import Refused
from aparte.engine.gauges import Gauges
from aparte.engine.live import Engine
from aparte.engine.ports import Store
from aparte.kit.errors import BadInput, Unavailable
from aparte.reports.first import report as figures
from aparte.reports.incrementality.report import incrementality
from aparte.reports.kpis.causal import added
from aparte.reports.measuring import SiteMeasures
from aparte.reports.planned import NO_CUTS
from aparte.routing.model import Help
from aparte.settings import Settings, read_settings
from aparte.sites import tokens
from aparte.sites.audit import RecordAudit
from aparte.sites.model import Role, Site, Staff
from aparte.sites.service import new_site, new_staff
from aparte.sites.settings import Change, changed
from aparte.sites.store import SaveSite, SaveStaff
from aparte.targeting.campaign import Campaigns
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
from aparte.web.principal import COMMAND
from aparte.web.sign_in import password_hash

SWEEP_S = 0.25
TAKEN_OVER_S = 60.0
"""How long the process before may take to let the folder go."""
LEAVING, ANSWERING = 2 / 3, 0.2
"""Shares of `deadlines.drain`: until the last socket has left, and for the requests under way."""
FIRST_SITE = "default"
Work = Callable[["Running"], Coroutine[Any, Any, None]]


def clock_of(store: Store) -> SteadyClock:
    """The clock of a server that goes on with this store; a log that cannot be believed is said aloud."""
    last = next((one.received_at for one in store.log(after=store.last_seq() - 1)), 0)
    clock = SteadyClock(last)
    if clock.distrusts_log:
        hours = clock.ahead_ms // 3_600_000
        click.echo(f"aparte: the log ends {hours} h after this machine's date; is the date right?", err=True)
    return clock


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
        clock: Callable[[], int] = wall_ms,
        hasher: PasswordHasher | None = None,
        **of_desk: Any,
    ) -> None:
        self.data, self.store, self.settings = data, store, settings
        self.port = settings.port
        self.clock = clock
        self.ending = asyncio.Event()
        """Set, it ends the server as SIGTERM does."""
        self.giver: handover.Giver | None = None
        self.tasks: list[asyncio.Task[None]] = []
        sites = [(site, campaigns_in_force(store, data, site.id)) for site in store.sites()]
        self.sites = [site.id for site, _ in sites]
        self.engine = Engine(store, sites, clock=clock, seen=partial(RecentIds, WINDOW))
        visitors = VisitorTokens(data)
        self.keys = Keys(store.sites, clock)
        self.ingest = Ingest(
            self.engine,
            self.keys,
            settings,
            clock=clock,
            ticks=time.monotonic,
            counts=store.counts,
            tokens=visitors.keys,
            new_id=partial(secrets.token_hex, 16),
            help=self.help,
        )
        sources = Sources(store, self.engine.campaigns)
        reporting = Reporting(store, self.engine.campaigns, clock)
        self.comparisons = Comparisons(data)
        self.desk = Desk(
            self.engine, store, visitors, self.ingest.counters, self.campaigns, reporting, self.comparisons, now=clock,
            figures=partial(figures, sources=sources),
            **{"measures": SiteMeasures(sources, clock, lambda: self.analytics.feeding().catch_up(), reporting.beside)}
            | of_desk,
        )  # fmt: skip
        self.desk.add_site = self.add_site
        self.desk.added = lambda facts, site, scope: added(facts, site, scope, sources.campaigns(site.id))
        self.desk.compared = lambda facts, site, scope: incrementality(
            facts, site, scope, sources.campaigns(site.id), NO_CUTS
        )
        self.analytics = Analytics(data, store)
        self.desk.facts = self.analytics.fresh
        self.post = Post(store, self.engine.leaving, settings, clock)
        self.desk.post = self.post
        self.watch = Watch(
            store, self.engine.leaving, clock, facts=self.analytics.fresh, measures=self.desk.measures,
            plan=sources.campaigns, url=lambda: self.desk.url,
        )  # fmt: skip
        self.report_mails = ReportMails(
            store, self.engine.leaving, clock, reporting, facts=self.analytics.fresh, url=lambda: self.desk.url,
        )  # fmt: skip
        self.desk.on_sites.append(self.keys.refresh)
        self.doors = Doors(self.desk, hasher=hasher)
        self.connections = Connections(settings)
        self.health = Health(
            self.ready, self.ingest, self.connections, settings, gauges=self.gauges, queue=lambda: store.status().queued
        )

    def campaigns(self, site: str) -> Campaigns | None:
        """The campaigns in force at a site; None for a site that is not served."""
        return self.engine.campaigns(site) if site in self.sites else None

    async def add_site(self, site: Site) -> None:
        """Serve a new site from now on, with the campaigns of its folder; BadInput."""
        await self.engine.add_site(site, campaigns_of(self.data, site.id))
        self.sites.append(site.id)

    def ready(self) -> str | None:
        """Why nothing can be taken now."""
        return self.engine.ready() or self.store.status().failed or None

    def help(self, site: str) -> Help:
        """What a visitor can have now; while nothing can be taken, he can leave nothing either, and is asked to."""
        return "form" if self.engine.ready() else self.engine.help(site)

    def gauges(self) -> Gauges:
        """Those of all sites together."""
        of = [self.engine.gauges(site) for site in self.sites]
        events: dict[str, int] = {}
        for one in of:
            for name, count in one.events.items():
                events[name] = events.get(name, 0) + count
        waiting = self.store.outbox_counts()
        return Gauges(
            outbox_pending=sum(one.pending for one in waiting),
            outbox_dead=sum(one.dead for one in waiting),
            visitors=sum(one.visitors for one in of),
            conversations=sum(one.conversations for one in of),
            queued=sum(one.queued for one in of),
            agents=sum(one.agents for one in of),
            accepted=sum(one.accepted for one in of),
            overruns=sum(one.overruns for one in of),
            epsilon=max((one.epsilon for one in of), default=0.0),
            events=events,
        )

    async def sweep(self) -> None:
        """Timers, ends of sessions, checkpoints, and the refusals of the door; until cancelled."""
        while True:
            # While the engine recovers there is nothing to do; /readyz tells why.
            with suppress(Unavailable):
                await self.engine.sweep()
                await self.keep_refusals()
            await asyncio.sleep(SWEEP_S)

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
        """The end: sockets are told, requests answered, what is queued is written, the folder let go.

        Sockets are not cut: each client leaves at a moment of its own within the time that it is told, so that the next
        process is not run down. It may open the folder long before the last one has left.
        """
        loop, hub, patience = asyncio.get_running_loop(), self.doors.hub, self.settings.deadlines.drain
        ends = loop.time() + min(hub.drain() / 1000, patience * LEAVING)
        self.close_doors()
        await self.comparisons.close()
        await self.connections.wound_down(patience * ANSWERING)
        await self.cancel_tasks()
        with suppress(Unavailable):  # a disk that takes nothing keeps nobody from ending
            await self.keep_refusals()
        await self.engine.stop()
        hub.rest()
        await asyncio.to_thread(self.analytics.close)
        await asyncio.to_thread(self.store.close)
        await hub.emptied(ends)
        hub.close()

    def close_doors(self) -> None:
        """Those of this machine, which are the next process's from now on."""
        if self.giver is not None:
            self.giver.close()
            self.giver = None
            control.close_door(self.data)

    async def cancel_tasks(self) -> None:
        """All that goes on beside serving."""
        tasks, self.tasks = self.tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def run(self, inner: App, bound: Any, started: Callable[[str], None], *work: Work) -> None:
        """Serve until told to stop; `work` goes on beside it, once connections are taken."""
        await self.engine.boot()
        work_beside: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "sweeping": self.sweep, "posting": self.post.run, "watching": self.watch.run,
            "sealing": partial(self.analytics.keep_sealed, self.clock), "mailing reports": self.report_mails.run,
        }  # fmt: skip
        self.tasks = [asyncio.create_task(minded(*one)) for one in work_beside.items()]

        def on_started(host: str, port: int) -> None:
            self.port = port
            self.desk.url = self.settings.url or control.address(host, port)
            self.desk.control_token = control.open_door(self.data, host, port, self.settings.hosts)
            self.giver = handover.Giver(self.data, bound, self.ending.set)
            started(f"http://{host}:{port}/")
            self.tasks.extend(asyncio.create_task(one(self)) for one in work)

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
            self.close_doors()
            await self.cancel_tasks()


@contextmanager
def opened(data: Path, wait: float = 0.0) -> Iterator[Store]:
    """The store of a data folder, closed afterwards; `wait`: seconds in which another process may let it go."""
    store = open_store(data, wait)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def looked_at(data: Path) -> Iterator[SqliteReader]:
    """The records of a data folder, also beside a running server."""
    reader = sqlite.open_reader(data)
    try:
        yield reader
    finally:
        reader.close()


def write(store: Store, commands: Sequence[Any]) -> None:
    """Write a few records; BadInput when the database refuses one."""

    async def submitted() -> list[Any]:
        return await store.submit(commands)

    for result in asyncio.run(submitted()):
        if isinstance(result, Refused):
            raise BadInput(f"refused: {result.code}", hint="the name, the key or the e-mail is there already")


def serve(data: Path, host: str | None, port: int | None, *, upgrade: bool = False) -> None:
    """`aparte serve`. With `upgrade` the running server of this folder hands its listening socket over and ends."""
    taken = handover.inherited(os.environ)
    settings = read_settings(data if data.is_dir() else None, os.environ, host=host, port=port)
    if taken is None and upgrade and data.is_dir():
        taken = handover.asked(data)
    bound = taken or server.bind(settings)
    with opened(data, TAKEN_OVER_S if taken else 0.0) as store:
        if not store.sites():
            first_site(store)
        running = Running(data, store, settings, clock=clock_of(store))
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
    site, secret = new_site(site_id, name)
    site = changed(site, Change(name=name, origins=origins))
    said = {"id": site_id, "name": name, "origins": list(origins)}
    told = control.call(data, "POST", "/api/v1/sites", said)
    if told is not None:
        return structs.replace(site, public_key=told["public_key"]), told["secret_key"]
    with opened(data) as store:
        if any(one.id == site.id for one in store.sites()):
            raise BadInput(f"there is a site {site.id} already", where=str(data))
        write(store, [SaveSite(site)])
    return site, secret


def sites_of(data: Path) -> Sequence[Site]:
    """All sites of a data folder."""
    with looked_at(data) as reader:
        return reader.sites()


def add_staff(data: Path, site_id: str, email: str, name: str, role: Role, password: str) -> Staff:
    """Somebody who may sign in."""
    staff = new_staff(site_id, email, name, role)
    said = {"email": email, "name": staff.name, "role": role, "password": password}
    if control.call(data, "PUT", control.at_site("/api/v1/staff", site_id), said) is not None:
        return staff
    staff = structs.replace(staff, password_hash=password_hash(password))
    with opened(data) as store:
        if all(one.id != site_id for one in store.sites()):
            raise BadInput(f"there is no site {site_id}", where=str(data), hint="aparte site list names them")
        write(store, [SaveStaff(staff), RecordAudit(site_id, wall_ms(), COMMAND, "add_staff", staff.id, role)])
    return staff
