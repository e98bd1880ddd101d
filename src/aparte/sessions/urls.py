"""Reading addresses. Whatever is not one is absent, never an error."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit


@lru_cache(maxsize=4096)
def referrer_domain(referrer: str | None, url: str | None) -> str | None:
    """Host of the referrer without `www.`; none when it is the site itself, with `www.` or without."""
    host, own = host_of(referrer), host_of(url)
    if host is None or (own is not None and host.removeprefix("www.") == own.removeprefix("www.")):
        return None
    return host.removeprefix("www.")


def host_of(url: str | None) -> str | None:
    """Host name of a URL, in lower case; none when there is none."""
    if not url:
        return None
    try:
        return urlsplit(url).hostname
    except ValueError:  # "http://[": a URL in name only
        return None


@lru_cache(maxsize=4096)
def query_parameter(url: str | None, name: str) -> str | None:
    """First value of a parameter in a URL's query."""
    if not url or "?" not in url:
        return None
    query = url.split("?", 1)[1].split("#", 1)[0]
    try:
        return next((value for key, value in parse_qsl(query, keep_blank_values=True) if key == name), None)
    except ValueError:  # more fields than the standard library reads
        return None
