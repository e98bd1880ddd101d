"""Addresses that agents send to visitors: which may be shown, and which are the shop's own. Pure.

Browsers read addresses more generously than any parser of ours: they drop tabs and line feeds, take `\\` for `/`, and
mend `https:/host`. Whatever could be read in two ways is therefore no address at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

LONGEST_URL = 1_000
DOUBTFUL = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
SCHEMES = ("http", "https")
PORTS = {"http": 80, "https": 443}


def parts_of(url: str) -> SplitResult | None:
    """The parts of an absolute web address without user name; None for anything that is not clearly one."""
    if len(url) > LONGEST_URL or DOUBTFUL.search(url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    plain = parts.scheme in SCHEMES and parts.hostname and "@" not in parts.netloc
    return parts if plain and url[len(parts.scheme) :].startswith("://") else None


def own_path(url: str) -> bool:
    """Whether it is a path on the page's own host: `/returns`, and not `//elsewhere`."""
    return url.startswith("/") and not url.startswith("//") and len(url) <= LONGEST_URL and not DOUBTFUL.search(url)


def origin_of(url: str) -> str | None:
    """Scheme, host and port in small letters, without the port that goes without saying; None for no address."""
    parts = parts_of(url)
    if parts is None:
        return None
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in (None, PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def link(url: str) -> str:
    """An address that may be followed: http, https, or a path on the shop itself; '' for any other."""
    return url if own_path(url) or parts_of(url) is not None else ""


def image(url: str, origins: Sequence[str]) -> str:
    """A picture that may be loaded: over https, or from the shop itself; '' for any other."""
    if own_path(url):
        return url
    origin = origin_of(url)
    if origin is None:
        return ""
    return url if origin.startswith("https://") or origin in own_origins(origins) else ""


def own_origins(origins: Sequence[str]) -> set[str]:
    """The origins of a site, as `origin_of` writes them."""
    return {found for one in origins if (found := origin_of(one)) is not None}


def page(url: str, origins: Sequence[str]) -> str:
    """An address among the shop's own pages, '' for any other; a path stays one: it holds on every page of the shop."""
    if own_path(url):
        return url
    origin = origin_of(url)
    return url if origin is not None and origin in own_origins(origins) else ""
