"""The campaigns of Maison Lin: a file in force, 148 people on the site, and what four weeks have shown."""

from __future__ import annotations

from typing import Any

from console_server import now

Json = dict[str, Any]
FILE = """
[site]
id = "demo"
time_zone = "Europe/Paris"
languages = ["fr", "en"]

[[campaigns]]
name = "cart-hesitation"
label = { fr = "Panier hésitant", en = "Cart hesitation" }
holdout = 0.10

[[campaigns.rules]]
name = "two-views"
when = 'cart.views_since_add >= 2 && page.dwell >= duration("30s") && cart.value >= 60.0'
priority = 20
[campaigns.rules.offer]
skill = "textile"
message = { fr = "Puis-je vous aider à choisir ?", en = "May I help you choose?" }

[[campaigns.rules]]
name = "large-cart"
when = 'cart.value >= 200.0 || cart.items >= 6'
priority = 10
offer = { channel = "call", message = { fr = "Un conseil au téléphone ?", en = "Advice by phone?" } }

[[campaigns.experiment.variants]]
name = "A"
share = 0.5
delay = "50s"

[[campaigns.experiment.variants]]
name = "B"
share = 0.5
message = { fr = "Une question sur la taille ou la livraison ?", en = "A question on size or delivery?" }

[campaigns.frequency]
after_decline = "24h"

[campaigns.schedule]
hours = [{ start = "09:00", end = "19:00", days = ["mon", "tue", "wed", "thu", "fri", "sat"] }]

[[campaigns]]
name = "dead-end-search"
label = { fr = "Recherche sans issue", en = "Dead-end search" }

[[campaigns.rules]]
name = "nothing"
when = "session.zero_results >= 2"
offer = { message = { fr = "On cherche ensemble ?", en = "Shall we look together?" } }

[[campaigns]]
name = "home-page"
label = { fr = "Accueil, 30 secondes", en = "Home page, 30 seconds" }

[[campaigns.rules]]
name = "home"
when = 'page.path == "/" && page.dwell >= duration("30s")'
offer = { message = { fr = "Bonjour !", en = "Hello!" } }

[[campaigns]]
name = "winter"
label = { fr = "Soldes d’hiver", en = "Winter sale" }
state = "draft"
holdout = 0.2

[[campaigns.rules]]
name = "sale"
when = "session.pages >= 3"
offer = { message = { fr = "Les soldes !", en = "The sale!" } }
"""


def people() -> list[Json]:
    """148 visitors; each narrowing of a condition leaves fewer of them."""
    states = ["browsing", "browsing", "browsing", "held_out", "browsing", "invited"]
    return [
        {
            "visitor": f"v{4800 + place}",
            "label": str(4800 + place),
            "state": states[place % 6],
            "page.path": "/panier" if place < 40 else "/chemises",
            "page.dwell": max(4, 90 - 3 * place),
            "cart.value": float(max(0, 200 - 10 * place)),
            "cart.items": max(0, 4 - place // 15),
            "cart.views_since_add": 3 if place < 12 else 2 if place < 36 else 0,
            "session.pages": 1 + place % 7,
            "session.zero_results": 0,
        }
        for place in range(148)
    ]


def shown() -> dict[str, Json]:
    """Four weeks of figures, by campaign."""
    since = now() - 27 * 86_400_000
    return {
        "cart-hesitation": counted(since, 23_120, 0.141, (1.6, 0.5, 2.7), "keep"),
        "dead-end-search": counted(since, 8_940, 0.075, (0.7, -0.5, 1.9), "wait"),
        "home-page": counted(since, 25_970, 0.041, (-0.1, -0.5, 0.4), "stop"),
    }


def counted(since: int, invited: int, rate: float, effect: tuple[float, float, float], verdict: str) -> Json:
    """The figures of one campaign; the effect in points, with its interval."""
    return {
        "since": since, "eligible": invited * 2, "candidates": round(invited / 0.9), "invited": invited,
        "shown": invited, "accepted": round(invited * rate), "verdict": verdict,
        "effect": dict(zip(("estimate_pp", "low_pp", "high_pp"), effect, strict=True)),
    }  # fmt: skip
