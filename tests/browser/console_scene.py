"""A morning at Maison Lin: conversations, a queue and visitors to look at the console with."""

from __future__ import annotations

from typing import Any

from console_server import ConsoleServer, now

Json = dict[str, Any]
INVITED = "Une question sur la taille ou la livraison de vos chemises ?"
WHEN = "cart.views_since_add >= 2 && cart.value > 80.0 && page.dwell >= duration('30s')"


def conv(key: str, label: str, ago_s: float | None = None, **members: Any) -> Json:
    """A conversation of the wire; `ago_s` is how long the visitor has waited for an answer."""
    waiting = None if ago_s is None else now() - int(ago_s * 1000)
    base = {
        "id": key,
        "visitor": f"v{key}",
        "label": label,
        "state": "open",
        "skill": "fr",
        "agent": {"id": "a1", "name": "Camille Durand"},
        "assign_ver": 1,
        "opened_at": now() - 300_000,
        "head": 0,
        "unread": 0,
        "last": None,
        "waiting_since": waiting,
        "campaign": None,
        "cart": {"value": 0, "items": 0},
        "position": None,
        "visitor_online": True,
        "wm": {"dlv": 0, "read": 0},
        "channel": "chat",
        "sticky": False,
        "guests": [],
        "assistance_at": None,
        "tags": [],
        "wrap": "",
        "form": {},
    }
    return base | members


def live(label: str, path: str, state: str = "browsing", **members: Any) -> Json:
    """A row of the live table; `ago` is how many seconds the visitor has been on the page."""
    since = now() - 1000 * members.pop("ago", 30)
    base = {
        "visitor": f"v{label}",
        "label": label,
        "page": {"url": f"https://shop.example{path}", "path": path, "title": path, "at": since},
        "referrer": None,
        "channel": "email",
        "since": since,
        "cart": {"value": 0, "items": 0},
        "device": "desktop",
        "country": "FR",
        "visits": 1,
        "state": state,
        "rule": None,
        "state_at": since,
        "reachable": True,
        "verified": False,
    }
    return base | members


def journey(visitor: str, label: str) -> Json:
    at = now() - 492_000
    told = [
        ("track", "Products Searched", "« chemise oxford homme »", 0),
        ("page", "Chemise Oxford", None, 8),
        ("track", "Product Added", "39,90 €", 110),
        ("page", "Panier", None, 180),
        ("page", "Livraison et retours", None, 240),
        ("track", "Cart Viewed", "104,70 €", 390),
        ("fact", "InvitationShown", None, 425),
        ("fact", "InvitationAccepted", "en 6 s", 431),
    ]
    return {
        "visitor": visitor,
        "label": label,
        "visits": 3,
        "first_visit_at": at - 9 * 86_400_000,
        "orders": 1,
        "spend": 59.9,
        "claimed": {"email": "lea@example.org"},
        "traits": {},
        "verified": False,
        "device": "desktop",
        "browser": "firefox",
        "country": "FR",
        "language": "fr",
        "referrer": "https://news.example/lettre",
        "channel": "email",
        "session": {"started_at": at, "pages": 5},
        "cart": {
            "value": 104.7,
            "items": 2,
            "lines": [
                {"name": "Chemise Oxford, M", "quantity": 1, "price": 39.9},
                {"name": "Chemise lin lavé, M", "quantity": 1, "price": 64.8},
            ],
        },
        "steps": [
            {
                "at": at + s * 1000,
                "kind": kind,
                "name": name,
                "detail": detail,
                "url": "https://shop.example/panier" if kind == "page" else None,
            }
            for kind, name, detail, s in told
        ],
        "why": {
            "campaign": "panier-hesitant",
            "rule": "panier-revu",
            "when": WHEN,
            "version": 6,
            "variant": "B",
            "at": at + 420_000,
            "decision": "invite",
            "reason": None,
            "level": None,
            "values": {"cart.views_since_add": 2, "cart.value": 104.7, "page.dwell": 47},
        },
        "earlier": [
            {
                "id": "old",
                "opened_at": at - 4 * 86_400_000,
                "closed_at": at - 4 * 86_400_000 + 400_000,
                "agent": "Inès",
                "csat": 5,
            }
        ],
    }


def fill(server: ConsoleServer) -> None:
    """Three conversations, two visitors waiting, five on the site, of whom one is held out."""
    last = {"by": "visitor", "body": "c’est fabriqué où ?", "ts": now()}
    server.convs = {
        "c1": conv("c1", "4812", 21, campaign="panier-hesitant", cart={"value": 104.7, "items": 2}, last=last),
        "c2": conv("c2", "4790", 125, cart={"value": 212, "items": 1}, last=last | {"body": "Ça marche avec ma box ?"}),
        "c3": conv("c3", "4777", last={"by": "agent", "body": "D’accord, merci !", "ts": now()}),
        "q1": conv(
            "q1", "4831", 34, state="queued", agent=None, position=1, last=last | {"body": "Retours, « colis abîmé »"}
        ),
        "q2": conv(
            "q2", "4835", 8, state="queued", agent=None, position=2, last=last | {"body": "Paiement, carte refusée"}
        ),
    }
    server.entries = {key: [] for key in [*server.convs, "old"]}
    server.call(talk(server))
    server.convs["c1"]["wm"] = {"dlv": 4, "read": 4}
    server.journeys = {one["visitor"]: journey(one["visitor"], one["label"]) for one in server.convs.values()}
    server.journeys["v4829"] = journey("v4829", "4829")
    server.journeys["v4829"]["why"] |= {"decision": "hold_out", "reason": "campaign_hold_out", "level": "campaign"}
    server.visitors = [
        live("4841", "/paiement", "eligible", ago=52, channel="paid", cart={"value": 212, "items": 3}, visits=2),
        live("4838", "/panier", "invited", ago=33, cart={"value": 64, "items": 1}),
        live("4829", "/panier", "held_out", ago=31, channel="direct", cart={"value": 89.9, "items": 1}),
        live("4844", "/pulls/merinos", "chatting", ago=74, channel="organic", device="mobile"),
        live("4850", "/chemises", ago=5, device="tablet"),
    ]
    server.figures = {"online": 148, "eligible": 12, "held_out": 9, "free": 1}
    server.install = {
        "public_key": "ml_7Qd2",
        "secret_key_hint": "…x9Kd",
        "origins": ["https://maison-lin.example"],
        "last_seen": None,
        "snippet": f'<script async src="{server.url}/aparte.js"\n  data-key="ml_7Qd2"></script>',
        "counts": {"received": 0, "accepted": 0, "duplicate": 0, "quarantined": 0, "refused": 0},
        "orders": {"claimed": 0, "confirmed": 0},
    }


async def talk(server: ConsoleServer) -> None:
    for by, kind, body, name in [
        ("system", "offer", INVITED, None),
        ("visitor", "text", "Oui, le M taille petit ?", None),
        ("agent", "join", "Camille", None),
        (
            "agent",
            "text",
            "Bonjour, c’est Camille. La coupe Oxford est ajustée : entre deux tailles, prenez le L.",
            "Camille Durand",
        ),
        ("agent", "note", "Hésite aussi sur la livraison, a ouvert la FAQ deux fois.", "Inès"),
        ("visitor", "text", "ok. c’est fabriqué où ?", None),
    ]:
        await server.write("c1", by, body, kind, name=name)
    await server.write("c2", "visitor", "Ça marche avec ma box ?")
    await server.write("old", "visitor", "Avez-vous du lin ?")
    server.convs["c1"]["unread"] = 1
