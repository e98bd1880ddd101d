"""The doors for the shop's own server, asked over HTTP of a running application.

Mutant seen to fail here: the role of whoever is signed in not asked for.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from aparte.backends.memory.recent import RecentIds
from aparte.backends.memory.store import MemoryStore
from aparte.engine.live import Engine
from aparte.engine.ports import Arriving
from aparte.sites.service import new_site
from aparte.sites.store import SaveSite
from aparte.targeting.campaign import load
from aparte.tracking.store import WINDOW
from aparte.web.desk import Desk
from aparte.web.principal import Principal
from aparte.web.server_doors import ServerDoors

SECRET = "s" * 43
SITE, _ = new_site("shop", "Shop", secret_key=SECRET)
NOW = 1_705_320_000_000
CSV = "id;prix;marge;complexe\nlamp;49,90;12,50;oui\nlamp;1;1;\n;2;;\n"


class Tokens:
    def verify(self, token: str, now_ms: int) -> str | None:
        return None

    def make(self, visitor: str, now_ms: int) -> str:
        return visitor


class Door:
    """The doors over an engine; `role` is that of whoever is signed in, "" nobody."""

    def __init__(self, role: str = "") -> None:
        self.role, self.store = role, MemoryStore()

    async def started(self) -> Door:
        await self.store.submit([SaveSite(SITE)])
        sites = [(SITE, load("[site]\nid='shop'\n[[points_of_sale]]\nname='paris'\npostcodes=['75']\n", "x.toml"))]
        self.engine = Engine(self.store, sites, clock=lambda: NOW, seen=lambda: RecentIds(WINDOW))
        await self.engine.boot()
        desk = Desk(self.engine, self.store, Tokens(), lambda site: {}, now=lambda: NOW)
        who = Principal("shop", "kim", "agent", "s", self.role) if self.role else None
        self.app = ServerDoors(desk, lambda scope, site: who)
        return self

    async def asks(
        self, method: str, path: str, body: bytes = b"", *, key: str = SECRET, **headers: str
    ) -> tuple[int, Any]:
        path, _, query = path.partition("?")
        named = {"authorization": f"Bearer {key}"} if key else {}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        pairs = [(name.encode(), value.encode()) for name, value in named.items()]
        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": pairs}
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        kind = dict(sent[0]["headers"])[b"content-type"]
        told = sent[1]["body"]
        return sent[0]["status"], json.loads(told) if kind == b"application/json" else told


def tell(story: Any) -> None:
    asyncio.run(story())


@pytest.mark.covers("S0-38")
def test_the_shop_s_server_refreshes_the_catalogue_and_each_refused_row_is_told() -> None:
    async def story() -> None:
        door = await Door().started()
        status, told = await door.asks("POST", "/api/v1/catalogue", CSV.encode())
        assert (status, told["added"], told["refused"], [one["line"] for one in told["rows"]]) == (200, 1, 2, [3, 4])
        status, told = await door.asks("GET", "/api/v1/catalogue")
        assert [one["id"] for one in told["products"]] == ["lamp"]
        assert door.engine.core.sites["shop"].catalogue["lamp"].margin == 12.5
        assert (await door.asks("POST", "/api/v1/catalogue", b"nothing"))[0] == 400
        assert (await door.asks("POST", "/api/v1/catalogue", b"id;prix\nlamp;x\n"))[0] == 400
        assert (await door.asks("POST", "/api/v1/catalogue?keep=1", b"id\nsofa\n"))[1]["gone"] == 0
        assert (await door.asks("POST", "/api/v1/catalogue", b"id\nsofa\n"))[1]["gone"] == 1

    tell(story)


def test_nobody_else_changes_it() -> None:
    async def story() -> None:
        for role, headers, status in (
            ("", {}, 401), ("agent", {"aparte_console": "1", "sec_fetch_site": "same-origin"}, 403),
            ("admin", {}, 403), ("admin", {"aparte_console": "1", "sec_fetch_site": "cross-site"}, 403),
            ("admin", {"aparte_console": "1", "sec_fetch_site": "same-origin"}, 200),
        ):  # fmt: skip
            door = await Door(role).started()
            for path in ("/api/v1/catalogue", "/api/v1/traits"):
                body = b"user_id;id\nc1;x\n"
                found = await door.asks("POST", path, body, key="", content_type="text/csv", **headers)
                assert found[0] == status, (role, path)
        door = await Door().started()
        assert (await door.asks("POST", "/api/v1/traits", b"{}", key=SITE.public_key))[0] == 401
        assert (await door.asks("GET", "/api/v1/leads", key=""))[0] == 401
        assert (await door.asks("DELETE", "/api/v1/leads"))[0] == 405

    tell(story)


@pytest.mark.covers("S1-87")
def test_traits_come_as_json_or_csv() -> None:
    async def story() -> None:
        door = await Door().started()
        said = {"traits": [{"user_id": "c1", "traits": {"tier": "gold", "churn_risk": 0.4}}]}
        status, told = await door.asks("POST", "/api/v1/traits", json.dumps(said).encode())
        assert (status, told["customers"], told["visitors"]) == (200, 1, 0)
        csv = b"user_id;tier\nc2;iron\n;x\n"
        status, told = await door.asks("POST", "/api/v1/traits", csv, content_type="text/csv")
        assert (status, told["customers"], told["refused"]) == (200, 1, 1)
        assert door.store.traits("shop", "c1") == {"tier": "gold", "churn_risk": 0.4}
        assert door.store.traits("shop", "c2") == {"tier": "iron"}
        for bad in (b"[]", b"{}", b'{"traits": [{"user_id": "", "traits": {}}]}', b'{"traits": [{"user_id": "x"}]}'):
            assert (await door.asks("POST", "/api/v1/traits", bad))[0] == 400

    tell(story)


@pytest.mark.covers("S0-15")
def test_staff_read_leads_with_their_point_of_sale_and_no_cell_is_a_formula() -> None:
    async def story() -> None:
        door = await Door("agent").started()
        lead = {"lead_id": "l1", "postcode": "75011", "name": '=HYPERLINK("http://x")'}
        line = {"type": "track", "event": "Lead Submitted", "anonymousId": "ann", "messageId": "m", "properties": lead}
        await door.engine.take(Arriving(site="shop", lines=[json.dumps(line).encode()], received_at=NOW))
        [found] = (await door.asks("GET", "/api/v1/leads", key=""))[1]["leads"]
        assert (found["lead_id"], found["point_of_sale"], found["confirmed"]) == ("l1", "paris", False)
        status, table = await door.asks("GET", "/api/v1/leads.csv", key="")
        assert status == 200
        assert b"\"'=HYPERLINK(" in table
        assert b",=" not in table

    tell(story)
