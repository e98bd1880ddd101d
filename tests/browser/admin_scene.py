"""What the doors of `admin_server` show: people, sessions, tokens, webhooks, what could not be delivered, a log."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from admin_server import AdminServer

Json = dict[str, Any]
DAY_MS = 86_400_000


def now() -> int:
    return int(time.time() * 1000)


def session(key: str, about: str, current: bool = False) -> Json:
    return {"id": key, "created_at": now() - 2 * DAY_MS, "seen_at": now() - 60_000, "about": about, "current": current}


def person(key: str, name: str, **members: Any) -> Json:
    """Somebody of the staff, as branch `staff` says it."""
    base = {
        "id": key,
        "name": name,
        "email": f"{key}@maison-lin.example",
        "role": "agent",
        "team": "",
        "skills": {},
        "maximum": 4,
        "shifts": [],
        "status": "away",
        "reason": "",
        "since": 0,
        "present": True,
        "load": 0,
        "sites": [],
        "left_at": None,
        "totp": False,
        "link": None,
    }
    return base | members


def code(key: str, fr: str, en: str, outcome: str = "sold", reasons: bool = False) -> Json:
    return {"id": key, "label": {"fr": fr, "en": en}, "outcome": outcome, "reasons": reasons, "active": True}


def sent(number: int, event: str, state: str, lane: str = "wh_1", **members: Any) -> Json:
    """Something of the outbox."""
    base = {
        "id": number,
        "event_id": f"e{number}",
        "kind": "webhook",
        "event": event,
        "state": state,
        "created_at": now() - DAY_MS,
        "attempts": 1,
        "due_at": now(),
        "ended_at": now() - 60_000,
        "answer": "",
        "to": "crm.maison-lin.example",
        "lane": lane,
    }
    return base | members


def shown(one: Json) -> Json:
    return {name: value for name, value in one.items() if name != "lane"}


CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile Safari/604.1"
NOT_BOUGHT = code("not_bought", "N’a pas acheté", "Did not buy", "not_bought", reasons=True)
REASONS = [
    {"id": "price", "label": {"fr": "Prix", "en": "Price"}},
    {"id": "stock", "label": {"fr": "Rupture", "en": "Out of stock"}},
]


def fill_admin(server: AdminServer) -> None:
    """Seven people, a token, two webhooks of which one fails, two deliveries that were given up, and a log."""
    here = {"status": "available", "since": now() - 3_600_000}
    server.staff = [
        person("a1", "Camille Durand", role=server.me["role"], totp=True, **here),
        person("a2", "Inès Roy", totp=True, load=2, **here),
        person("a3", "Thomas Mercier", **here),
        person("a4", "Nadia Kaci", sites=["demo"]),
        person("a5", "Jules Petit", left_at=now() - 40 * DAY_MS, present=False),
    ]
    server.of_staff["a2"] = [session("x1", CHROME), session("x2", IPHONE)]
    server.api_tokens = [
        {
            "id": "t1",
            "name": "Entrepôt de données",
            "scopes": ["read", "analyse"],
            "made_by": "a2",
            "made_at": now() - 9 * DAY_MS,
            "expires_at": now() + 80 * DAY_MS,
            "hint": "x4Kd",
        },
    ]
    server.hooks = [
        {
            "id": "wh_1",
            "url": "https://crm.maison-lin.example/aparte",
            "events": ["request.created", "lead.recorded"],
            "active": True,
            "created_at": now(),
            "secret_hint": "p0Wq",
            "waiting": 3,
            "failing": "timeout",
        },
        {
            "id": "wh_2",
            "url": "https://hooks.maison-lin.example/canal",
            "events": ["conversation.opened"],
            "active": True,
            "created_at": now(),
            "secret_hint": "aa11",
            "waiting": 0,
            "failing": "",
        },
    ]
    server.left = [
        sent(1, "lead.recorded", "dead", attempts=41, answer="503"),
        sent(2, "transcript", "dead", kind="mail", lane="", to="", attempts=39, answer="421 busy"),
        sent(3, "request.created", "pending", answer="timeout", ended_at=None),
    ]
    for count in range(70):
        server.log(
            "sign_in" if count % 2 else "read", "a1" if count % 2 else f"c{count}", who="a1" if count % 2 else "a2"
        )
