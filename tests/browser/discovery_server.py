"""The console's server with the discovery, answered by the very code of the real one, and what is kept of it."""

from __future__ import annotations

from typing import Any

import msgspec
from admin_server import AdminServer
from console_server import error

from aparte.kit.errors import BadInput
from aparte.planning.discovery import Drop
from aparte.sites.model import Site
from aparte.web.api_plan_discovery import answer, checked_objective
from aparte.web.words_discovery import DiscoveryBody
from aparte.web.words_goals import GoalBody

Json = dict[str, Any]
SITE = Site(id="demo", name="Maison Lin", public_key="k", secret_key_hash="")
NIGHT = (1.0,) * 24
MEASURED = [
    Drop(kind="cart", visitors=900, left=650, bought=150, hours=NIGHT),
    Drop(kind="checkout", path="/commande/paiement", visitors=300, left=120, bought=170, hours=NIGHT),
    Drop(kind="page", path="/chemises/lin-lave-coupe-droite", visitors=4_000, left=1_900, hours=NIGHT),
]


class DiscoveryServer(AdminServer):
    """What was measured is MEASURED: 10,000 visits, 200 of them with an order, baskets of 90; no margin is known."""

    def __init__(self, role: str = "admin") -> None:
        super().__init__(role)
        self.bodies: list[Json] = []
        self.scenarios: list[Json] = []
        self.goals: list[Json] = []
        self.drafts: list[Json] = []
        self.file: Json | None = None
        self.broken = False

    async def api(self, method: str, path: str, body: Json, headers: Json) -> tuple[int, Any]:
        door = f"{method} {path.partition('?')[0]}"
        if not self.signed_in or door not in KNOWN:
            return await super().api(method, path, body, headers)
        if self.broken:
            return 503, error("unavailable")
        try:
            return KNOWN[door](self, body)
        except BadInput as refused:
            told = {"code": "bad_input", "what": refused.what, "where": refused.where, "hint": refused.hint}
            return 400, {"error": told}

    def discover(self, body: Json) -> tuple[int, Any]:
        self.bodies.append(body)
        data = msgspec.convert(body, DiscoveryBody)
        for n, one in enumerate(data.objectives):
            checked_objective(one, "demo", f"objectives.{n}")
        if data.history is None:
            data.history, data.visits, data.orders = MEASURED, 10_000, 200
            data.basket = 90.0 if data.basket is None else data.basket
        return 200, msgspec.to_builtins(answer(SITE, 0, data, None))

    def save_scenario(self, body: Json) -> tuple[int, Any]:
        self.scenarios.append(body)
        return 201, {
            "saved": {"id": "s1", "version": 1, "name": body["scenario"]["name"]},
            "scenario": {},
            "versions": [],
        }

    def save_goal(self, body: Json) -> tuple[int, Any]:
        msgspec.convert(body, GoalBody)
        self.goals.append(body)
        return 200, body

    def draft(self, body: Json) -> tuple[int, Any]:
        if self.file is None:
            return 404, error("no_such_version")
        return 200, {"file": self.file, "revision": 7}

    def save_draft(self, body: Json) -> tuple[int, Any]:
        self.drafts.append(body)
        return 200, {"revision": 8, "text": "", "warnings": []}


KNOWN = {
    "POST plan/discovery": DiscoveryServer.discover,
    "POST plan/scenarios": DiscoveryServer.save_scenario,
    "PUT goals": DiscoveryServer.save_goal,
    "GET campaigns/file": DiscoveryServer.draft,
    "PUT campaigns/draft": DiscoveryServer.save_draft,
}
