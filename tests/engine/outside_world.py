"""A running engine over the store in memory of the package: what comes from outside the page, told as visits."""

from __future__ import annotations

import json
from typing import Any

import jwt
import msgspec

from aparte.backends.memory.orders import MemoryOrders
from aparte.backends.memory.recent import RecentIds
from aparte.backends.memory.seen import SeenIds
from aparte.backends.memory.store import MemoryStore
from aparte.backends.sqlite.visitors import SpillingVisitors
from aparte.catalogue.read import read_catalogue
from aparte.engine.live import Engine
from aparte.engine.ports import Arriving, Counts, Pulse
from aparte.replay.run import Replay
from aparte.routing.model import NOBODY
from aparte.sessions.model import SessionState, VisitorState
from aparte.sites.model import Site, Staff
from aparte.sites.store import SaveStaff
from aparte.targeting.campaign import load
from aparte.tracking.normalise import Normaliser
from aparte.tracking.store import WINDOW
from aparte.tracking.timestamps import iso

T0 = 1_705_320_000_000
KEY = "k" * 64
SITE = Site(id="shop", name="Shop", public_key="p", secret_key_hash="s", jwt_secret=KEY)
KIM = Staff(id="kim", site="shop", email="kim@shop.example", name="Kim", maximum=2, skills=("sales",))


class Outside:
    """A shop with its engine."""

    def __init__(self, campaigns: str, site: Site = SITE) -> None:
        self.campaigns, self.site = load(campaigns, "outside.toml"), site
        self.now, self.sent = T0, 0
        self.store = MemoryStore()

    async def started(self) -> Outside:
        await self.store.submit([SaveStaff(KIM)])
        await self.again()
        return self

    async def again(self) -> None:
        """The process dies, and the next one begins from what was committed."""
        self.engine = Engine(
            self.store, [(self.site, self.campaigns)], clock=lambda: self.now, seen=lambda: RecentIds(WINDOW)
        )
        await self.engine.boot()
        self.engine.connected("kim", 1)
        await self.engine.set_status("kim", "available")

    def arriving(self, who: str, messages: tuple[dict[str, Any], ...], **more: Any) -> Arriving:
        lines = []
        for one in messages:
            self.sent += 1
            whole = {"messageId": f"m{self.sent}", "timestamp": iso(self.now), "anonymousId": who, **one}
            lines.append(json.dumps(whole).encode())
        return Arriving(site="shop", lines=lines, received_at=self.now, **more)

    async def sends(self, visitor: str, *messages: dict[str, Any]) -> Counts:
        """Our tag, on a page that is looked at."""
        self.now += 1000
        arriving = self.arriving(visitor, messages, visitor=visitor)
        answer = await self.engine.pulse(Pulse(messages=arriving, visitor=visitor, visible=True, language="fr"))
        return answer.counts

    async def shows(self, visitor: str) -> str | None:
        """The invitation on another page of the visitor's."""
        self.now += 1000
        arriving = self.arriving(visitor, (), visitor=visitor)
        answer = await self.engine.pulse(Pulse(messages=arriving, visitor=visitor, visible=True, language="fr"))
        return None if answer.offer is None else answer.offer.engagement

    async def serves(self, visitor: str, *messages: dict[str, Any]) -> Counts:
        """The shop's server, with the secret key."""
        self.now += 1000
        return await self.engine.take(self.arriving(visitor, messages, trusted=True))

    async def imports(self, csv: str, *, keep: bool = False) -> Any:
        return await self.engine.import_catalogue("shop", read_catalogue(csv).products, keep=keep)

    def visitor(self, visitor: str) -> VisitorState:
        found = self.engine.visit("shop", visitor)
        assert found is not None
        return found.visitor

    def session(self, visitor: str) -> SessionState:
        found = self.engine.visit("shop", visitor)
        assert found is not None
        assert found.session is not None
        return found.session

    def reads(self, condition: str, visitor: str) -> bool:
        """Whether a condition holds for a visitor now."""
        text = f"[[campaigns]]\nname = 'x'\n[[campaigns.rules]]\nname = 'x'\nwhen = '''{condition}'''\n"
        rule = load(text, "x.toml").rules[0]
        state = self.engine.visit("shop", visitor)
        assert state is not None
        return bool(rule.holds(state.session, state.visitor, state.site, self.now))

    def quarantined(self) -> dict[str, int]:
        return self.store.counts("shop").quarantined

    def decided(self) -> bytes:
        return b"\n".join(one.line for one in self.store.decisions("shop"))

    def replayed(self) -> bytes:
        """The decisions of a replay of the log."""
        found: list[bytes] = []
        visitors = SpillingVisitors(in_memory=1)
        replay = Replay(
            self.campaigns,
            NOBODY,
            seen=RecentIds(WINDOW),
            visitors_seen=SeenIds(None),
            orders=MemoryOrders(),
            visitors=visitors,
            recorded=True,
            on_decision=lambda one: found.append(msgspec.json.encode(one)),
        )
        replay.run(map(Normaliser(trusted=True).read, [row.line for row in self.store.log()]))
        visitors.close()
        return b"\n".join(found)


def page(path: str, **properties: Any) -> dict[str, Any]:
    return {"type": "page", "properties": {"path": path, "url": f"https://shop.example{path}", **properties}}


def track(event: str, **properties: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "properties": properties}


def signed(world: Outside, user_id: str, key: str = KEY, **claims: Any) -> dict[str, Any]:
    """An identify with a token of the shop's server."""
    now = world.now // 1000
    said = {"sub": user_id, "aud": "shop", "exp": now + 600, **claims}
    return {"type": "identify", "jwt": jwt.encode(said, key, algorithm="HS256")}
