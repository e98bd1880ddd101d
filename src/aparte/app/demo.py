"""The demo: the server of `aparte serve` with a shop, four weeks of the past, visitors and agents."""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import Struct

from aparte.app.campaigns import campaigns_of, campaigns_path
from aparte.app.clock import wall_ms
from aparte.app.demo_library import library
from aparte.app.past import commands_of
from aparte.app.serve import Running, clock_of, opened, write
from aparte.catalogue.read import read_catalogue
from aparte.catalogue.store import SaveProducts
from aparte.conversations.model import Conversation
from aparte.conversations.store import SaveTags
from aparte.conversations.wrapping import Wrap
from aparte.engine.live import Engine
from aparte.engine.ports import Store
from aparte.routing.model import Team
from aparte.routing.store import SaveTeam
from aparte.settings import Settings, read_settings
from aparte.simulation.agents import AgentDoor, Said
from aparte.simulation.agents import Staff as SimulatedStaff
from aparte.simulation.client import Client, Unreachable
from aparte.simulation.driver import Driver
from aparte.simulation.history import history
from aparte.simulation.shop import shop_app
from aparte.sites.model import Look, Question, Staff
from aparte.sites.service import new_site
from aparte.sites.store import SaveSite, SaveStaff
from aparte.targeting.store import PublishVersion
from aparte.web import server
from aparte.web.answers import Receive, Scope, Send

SITE, SHOP, KEY, SECRET = "demo", "Maison Lin", "demo", "demo-secret"
HUMAN = "camille"
PEOPLE = {"Camille": HUMAN, "Inès": "ines", "Karim": "karim"}
TEAM = Team(id="boutique", site=SITE, name="Boutique", cost_per_hour=26.0)
SEED = 1
VISITS_A_DAY = 400
"""So many that one campaign of the past has a clear effect and another can be read and is not decided."""
PAST_MS = 28 * 86_400_000
TAGS = ("taille", "livraison", "retour", "paiement", "cadeau")
LOCAL = ("localhost", "127.0.0.1", "[::1]")
QUESTIONS: tuple[Question, ...] = ("csat", "solved", "ces", "nps")
LOOK = Look(colour="#20392F", on_colour="#FFFFFF", radius=14)
JSON = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


def demo(data: Path | None, port: int, visitors: int, *, simulation: bool, past: bool) -> None:
    """`aparte demo`: serve the demo of this folder until told to stop."""
    with folder(data) as where:
        settings = settings_of(where, port)
        bound = server.bind(settings)
        with opened(where) as store:
            prepare(where, store, past=past)
            door = Demo(where, store, settings, visitors if simulation else 0)
            work = [door.visitors, door.agents] if simulation else []
            server.run(door.running.run(door, bound, announce, *work))


def settings_of(data: Path, port: int) -> Settings:
    """Of this machine only; simulated visitors come through the door with addresses of their own."""
    given = {"host": "127.0.0.1", "port": port, "hosts": LOCAL, "trusted_proxies": ("127.0.0.1",)}
    return read_settings(data, os.environ, **given)


@contextmanager
def folder(data: Path | None) -> Iterator[Path]:
    """The folder asked for, or one that goes when the demo ends."""
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="aparte-demo-") as made:
        yield Path(made)


def announce(url: str) -> None:
    """Say where everything is."""
    places = (("shop", "shop"), ("console", "console"), ("report", "reports"))
    click.echo("\n".join([f"Aparté's demo is at {url}", *(f"  the {name:8}  {url}{path}" for name, path in places)]))


def prepare(data: Path, store: Store, *, past: bool) -> None:
    """Make the shop's site, staff, campaigns and past, unless this folder has them."""
    if store.sites():
        return
    path = campaigns_path(data, SITE)
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text(files("aparte.simulation").joinpath("demo.toml").read_text("utf-8"), "utf-8")
    site, _ = new_site(SITE, SHOP, public_key=KEY, secret_key=SECRET)
    staff = [
        Staff(
            id=id_,
            site=SITE,
            email=f"{id_}@maison-lin.example",
            name=name,
            role="supervisor" if id_ == HUMAN else "agent",  # who tries the demo may plan campaigns too
            simulated=id_ != HUMAN,
            team=TEAM.id,
        )
        for name, id_ in PEOPLE.items()
    ]
    write(
        store,
        [
            SaveSite(msgspec.structs.replace(site, look=LOOK, wrap_up="optional", survey=QUESTIONS)),
            SaveTeam(TEAM),
            *map(SaveStaff, staff),
            marks(),
            SaveTags(SITE, TAGS, free=True),
            *library(SITE, wall_ms()),
        ],
    )
    if past:
        click.echo("Four weeks of visits are being made, about ten seconds ...")
        asyncio.run(load_past(data, store))


def marks() -> SaveProducts:
    """What each product earns, needs, replaces and goes with: a catalogue such as shops import."""
    text = files("aparte.simulation.shop").joinpath("marks.csv").read_text("utf-8")
    return SaveProducts(SITE, read_catalogue(text, "marks.csv").products, wall_ms())


async def load_past(data: Path, store: Store) -> None:
    """The simulation's four weeks, through the engine, into the store."""
    moment = wall_ms()
    campaigns = campaigns_of(data, SITE)
    goods = {one.id: one for one in marks().products}
    past = history(SEED, moment, campaigns, visits_a_day=VISITS_A_DAY, catalogue=goods)
    lists = commands_of(SITE, past, moment, PEOPLE)
    first = PublishVersion(SITE, 1, campaigns.text, moment - PAST_MS, "demo", "four weeks ago")
    await asyncio.gather(store.submit([first]), *(store.submit(commands) for commands in lists))


class Wanted(Struct, forbid_unknown_fields=True):
    """How many visitors the banner's slider asks for."""

    visitors: int


class Demo:
    """The ASGI application: the shop, the banner's slider, and everything that a server has."""

    def __init__(self, data: Path, store: Store, settings: Settings, visitors: int) -> None:
        self.running = Running(data, store, settings, clock=clock_of(store), demo=True, on_human=self.human)
        self.shop = shop_app(KEY, self.confirm)
        self.wanted = visitors
        self.driver: Driver | None = None
        self.staff: SimulatedStaff | None = None
        self.handed_over = False
        self.leaving: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or serve a socket."""
        path = scope.get("path", "")
        if scope["type"] == "http" and (path == "/shop" or path.startswith("/shop/")):
            await self.shop(scope, receive, send)
        elif scope["type"] == "http" and path == "/demo/simulation":
            await self.simulation(scope, receive, send)
        else:
            await self.running.doors(scope, receive, send)

    async def simulation(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell, or change, how many simulated visitors there are."""
        status = 200
        if scope["method"] == "PUT":
            try:
                self.want(msgspec.json.decode((await receive()).get("body", b""), type=Wanted).visitors)
            except msgspec.MsgspecError:
                status = 400
        body = msgspec.json.encode({"visitors": self.wanted})
        await send({"type": "http.response.start", "status": status, "headers": JSON})
        await send({"type": "http.response.body", "body": body})

    def want(self, visitors: int) -> None:
        """So many visitors from now on; none without a simulation."""
        self.wanted = self.driver.set_visitors(visitors) if self.driver is not None else 0

    async def visitors(self, running: Running) -> None:
        """Simulated visitors, through the real door, until cancelled."""
        self.driver = Driver("127.0.0.1", running.port, key=KEY, secret=SECRET, seed=secrets.randbits(32))
        self.want(self.wanted)
        await self.driver.run()

    async def agents(self, running: Running) -> None:
        """Simulated agents, by the service that the console uses, until cancelled."""
        simulated = {name: id_ for name, id_ in PEOPLE.items() if id_ != HUMAN}
        doors: dict[str, AgentDoor] = {name: Door(running, id_) for name, id_ in simulated.items()}
        self.staff = SimulatedStaff(doors)
        for id_ in simulated.values():
            running.engine.connected(id_, 1)
            await running.engine.set_status(id_, "available")
        await self.staff.run()

    def human(self, staff: str) -> None:
        """Somebody has signed in: the simulated agents finish what they have begun and take nobody else."""
        if self.handed_over:
            return
        self.handed_over = True
        if self.staff is not None:
            self.staff.human = True
        task = asyncio.ensure_future(self.hand_over(staff))
        self.leaving.add(task)
        task.add_done_callback(self.leaving.discard)

    async def hand_over(self, staff: str) -> None:
        """The human is available, the simulated agents are away from now on."""
        await self.running.engine.set_status(staff, "available")
        for id_ in PEOPLE.values():
            if id_ != staff:
                await self.running.engine.set_status(id_, "away")

    async def confirm(self, order: dict[str, Any]) -> None:
        """What a shop's server does: it tells the order, with the secret key, by the real door."""
        client = Client("127.0.0.1", self.running.port, {"Authorization": f"Bearer {SECRET}"})
        try:
            await client.call("POST", "/v1/track", order, kind="application/json")
        except Unreachable as error:
            click.echo(f"an order could not be confirmed: {error}", err=True)
        finally:
            client.drop()


class Door:
    """One simulated agent's way to the engine; see AgentDoor."""

    def __init__(self, running: Running, staff: str) -> None:
        self.engine: Engine = running.engine
        self.store, self.staff = running.store, staff

    async def waiting(self) -> Sequence[str]:
        """See AgentDoor."""
        return [one.id for one in self.engine.open_conversations(SITE) if one.state == "queued"]

    async def take(self, conv: str) -> bool:
        """See AgentDoor."""
        return isinstance(await self.engine.take_conversation(SITE, self.staff, conv), Conversation)

    async def mine(self) -> Sequence[str]:
        """See AgentDoor."""
        return [one.id for one in self.engine.open_conversations(SITE) if one.agent == self.staff]

    async def say(self, conv: str, body: str) -> None:
        """See AgentDoor."""
        known = self.engine.conversation(conv)
        if known is not None:
            cid = secrets.token_hex(16)
            await self.engine.send(SITE, conv, "agent", self.staff, cid, "text", body, known.assign_ver)

    async def close(self, conv: str) -> None:
        """See AgentDoor."""
        known = self.engine.conversation(conv)
        if known is not None:
            await self.engine.close(SITE, conv, "agent", self.staff, known.assign_ver, self.code())

    def code(self) -> Wrap | None:
        """How it ended, so that a site may require it: that the visitor was helped, or the first code in use."""
        codes = [one.id for one in self.engine.vocabulary(SITE).codes if one.active]
        return Wrap("helped" if "helped" in codes else codes[0]) if codes else None

    async def entries(self, conv: str) -> Sequence[Said]:
        """See AgentDoor."""
        return [Said(one.seq, one.by, one.kind, one.body) for one in self.store.last_entries(conv)]
