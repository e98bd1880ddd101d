"""The morning of `console_scene` with what the agents' work needs: codes, tags, products, somebody who wants help."""

from __future__ import annotations

from typing import Any

from console_scene import conv, fill, live
from console_server import ConsoleServer, now

Json = dict[str, Any]


def code(key: str, fr: str, en: str, outcome: str, reasons: bool = False, active: bool = True) -> Json:
    return {
        "id": key,
        "label": {"fr": fr, "en": en},
        "outcome": outcome,
        "reasons": reasons,
        "active": active,
    }


def product(key: str, name: str, price: float, in_stock: bool = True) -> Json:
    url = f"https://shop.example/p/{key}"
    return {"id": key, "name": name, "price": price, "currency": "EUR", "url": url, "image": None, "in_stock": in_stock}


def offer(key: str, fr: str, en: str, **members: Any) -> Json:
    base = {"percent": 0, "amount": 0, "currency": "", "valid_days": 7, "budget": 100, "min_cart": 0, "active": True}
    return {"id": key, "label": {"fr": fr, "en": en}, "minted": 0, "redeemed": 0, "given": 0, **base, **members}


def fill_work(server: ConsoleServer, rule: str = "required") -> None:
    """Codes are asked for by `rule`; Inès wants help with visitor 4806, and 4799 has closed his conversation."""
    fill(server)
    server.me["site"]["critical_s"] = 90
    server.codes = {
        "wrap_up": rule,
        "codes": [
            code("sold", "Vendu", "Sold", "sold"),
            code("helped", "Renseigné", "Helped", "helped"),
            code("not_bought", "Pas acheté", "Not bought", "not_bought", reasons=True),
            code("old", "Ancien code", "Old code", "other", active=False),
        ],
        "reasons": [
            {"id": "price", "label": {"fr": "Le prix", "en": "The price"}},
            {"id": "size", "label": {"fr": "La taille", "en": "The size"}},
        ],
    }
    server.tags = ["taille", "livraison"]
    server.products = [
        product("oxford", "Chemise Oxford", 39.9),
        product("lin", "Chemise lin lavé", 64.8),
        product("popeline", "Chemise popeline", 45.0, in_stock=False),
        product("ceinture", "Ceinture tressée", 29.0),
    ]
    server.coupons = [
        offer("ten", "Dix pour cent", "Ten percent", percent=10, minted=58),
        offer("five", "Cinq euros", "Five euros", amount=500, currency="EUR", min_cart=4_000),
        offer("spent", "Vingt pour cent", "Twenty percent", percent=20, minted=100),
        offer("old", "Soldes d’été", "Summer sale", percent=30, active=False),
    ]
    server.related = {
        "oxford": {"substitutes": [server.products[2]], "complements": [server.products[3]]},
    }
    server.convs["c1"]["form"] = {"name": "Léa", "question": "Quelle taille ?"}
    server.convs["h1"] = conv("h1", "4806", 15, agent={"id": "a2", "name": "Inès Roy"}, assistance_at=now() - 30_000)
    server.convs["w1"] = conv("w1", "4799", state="closed", wrap="due")
    server.entries |= {"h1": [], "w1": []}
    server.call(server.write("h1", "visitor", "Double débit sur ma commande"))
    server.visitors = [
        live("4841", "/paiement", "eligible", ago=52, why="not_covered"),
        live("4838", "/panier", "invited", ago=33),
        live("4829", "/panier", "held_out", ago=31, why="campaign_hold_out", locked=True),
        live("4850", "/chemises", ago=5, barred="no_slot"),
        *(live(f"50{n:02}", "/chemises", ago=n) for n in range(40)),
    ]
