"""Who comes to the shop: where from, with which device, in which language, and for what."""

from __future__ import annotations

from enum import StrEnum
from random import Random
from typing import Any

from msgspec import Struct

from aparte.simulation import figures
from aparte.simulation.shop.model import Language


class Persona(StrEnum):
    """Why somebody has come, and what will happen if nobody helps."""

    BUYER = "buyer"
    """Knows what he wants and buys it by himself."""
    HESITATES = "hesitates"
    """Fills the cart and comes back to it without deciding."""
    PRICE_HUNTER = "price_hunter"
    """Tries promo codes, most of which are none."""
    SEARCHES = "searches"
    """Searches for what the shop calls by another name."""
    PAYMENT = "payment"
    """Wants to pay, but the card is declined."""
    SIZES = "sizes"
    """Compares products and reads the size guide."""
    ASKS = "asks"
    """Opens a conversation by himself."""
    WINDOW = "window"
    """Looks, and goes."""


SHARES: dict[Persona, float] = {Persona(name): share for name, share in figures.shares("visits.personas").items()}

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36"
)
IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/604.1"
)
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"
)
MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Safari/605.1.15"
)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
EDGE = f"{WINDOWS} Edg/143.0.0.0"
BROWSERS = {
    "iphone": IPHONE, "android": ANDROID, "windows": WINDOWS, "mac": MAC, "firefox": FIREFOX, "edge": EDGE, "ipad": IPAD
}  # fmt: skip
AGENTS: dict[str, float] = {BROWSERS[name]: share for name, share in figures.shares("visits.user_agents").items()}


class Landing(Struct, frozen=True):
    """Where a visit comes from."""

    referrer: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None


CAME: dict[str, Landing] = {
    "google": Landing("https://www.google.com/"),
    "direct": Landing(),
    "google_ads": Landing("https://www.google.com/", "google", "cpc", "chemises-lin"),
    "newsletter": Landing(None, "lettre", "email", "nouveautes-novembre"),
    "instagram": Landing("https://www.instagram.com/"),
    "bing": Landing("https://www.bing.com/"),
    "facebook": Landing("https://www.facebook.com/"),
    "pinterest": Landing("https://www.pinterest.fr/"),
    "affiliate": Landing("https://blog-mode.example/", "blog-mode", "affiliate", "guide-automne"),
}
LANDINGS: dict[Landing, float] = {CAME[name]: share for name, share in figures.shares("visits.landings").items()}


def place(locale: str) -> tuple[Language, str, str]:
    """Language, locale and country: whoever does not read French reads English."""
    return "fr" if locale.startswith("fr") else "en", locale, locale[-2:]


PLACES: dict[tuple[Language, str, str], float] = {
    place(locale): share for locale, share in figures.shares("visits.places").items()
}
IPV6 = figures.number("visits.ipv6")


class Person(Struct, frozen=True):
    """One visitor: what his browser says of him, and his address among those reserved for documentation."""

    id: str
    language: Language
    locale: str
    country: str
    user_agent: str
    landing: Landing
    address: str


def chosen(rng: Random, shares: dict[Any, float]) -> Any:
    """One of the keys, by weight."""
    return rng.choices(list(shares), weights=list(shares.values()))[0]


def person(rng: Random) -> Person:
    """Somebody new."""
    language, locale, country = chosen(rng, PLACES)
    visitor = f"{rng.getrandbits(128):032x}"
    return Person(visitor, language, locale, country, chosen(rng, AGENTS), chosen(rng, LANDINGS), address(rng))


NETWORKS = ("192.0.2", "198.51.100", "203.0.113")


def address(rng: Random) -> str:
    """An address that belongs to nobody: RFC 5737 and RFC 3849."""
    if rng.random() < IPV6:
        return f"2001:db8:{rng.randrange(65536):x}:{rng.randrange(65536):x}::{rng.randrange(1, 65536):x}"
    return f"{rng.choice(NETWORKS)}.{rng.randrange(1, 255)}"


def persona(rng: Random) -> Persona:
    """What somebody has come for."""
    found: Persona = chosen(rng, SHARES)
    return found
