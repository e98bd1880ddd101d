"""The keys of sites: which site a request is for, and whether it comes from the shop's own server."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

import msgspec
from msgspec import Struct

from aparte.sites.model import Site
from aparte.web.answers import Refusal

LONGEST = 256
FRESH_MS = 5_000


class Keys:
    """Sites by their keys, read again every five seconds, or at once after `refresh`."""

    def __init__(self, sites: Callable[[], Sequence[Site]], clock: Callable[[], int]) -> None:
        self._sites, self._clock = sites, clock
        self.refresh()

    def refresh(self) -> None:
        """Read the sites again: one was changed."""
        self._until = self._clock() + FRESH_MS
        self.all = list(self._sites())
        self._public = {site.public_key: site for site in self.all}

    def find(self, key: str) -> tuple[Site, bool] | None:
        """The site of a key, and whether the key is the secret one; None for an unknown key."""
        if self._clock() >= self._until:
            self.refresh()
        site = self._public.get(key)
        if site is not None:
            return site, False
        return self._by_secret(key)

    def _by_secret(self, key: str) -> tuple[Site, bool] | None:
        digest, found = sha256(key.encode("utf-8", "surrogatepass")).hexdigest(), None
        for site in self.all:
            if site.secret_key_hash and hmac.compare_digest(site.secret_key_hash.encode(), digest.encode()):
                found = site
        return (found, True) if found else None


def key_of_headers(authorization: bytes | None, query: bytes) -> str | None:
    """The key of Basic's user, of Bearer, or of `?writeKey=`; None when there is none."""
    if authorization:
        scheme, _, value = authorization.partition(b" ")
        kind = scheme.lower()
        if kind == b"basic":
            return _basic_user(value) or _query_key(query)
        if kind == b"bearer":
            return value.strip().decode("latin-1")[:LONGEST] or None
    return _query_key(query)


@lru_cache(maxsize=1_024)
def _basic_user(value: bytes) -> str | None:
    try:
        return base64.b64decode(value.strip()).partition(b":")[0].decode("utf-8")[:LONGEST] or None
    except (binascii.Error, ValueError):
        return None


def _query_key(query: bytes) -> str | None:
    if b"=" not in query:
        return None
    try:
        found = parse_qs(query.decode("latin-1"), max_num_fields=50)
    except ValueError:
        return None
    for name in ("writeKey", "api_key", "key"):
        if found.get(name):
            return found[name][0][:LONGEST]
    return None


class _KeyMembers(Struct):
    writeKey: Any = None  # noqa: N815  # these are names of the wire
    api_key: Any = None
    token: Any = None


_decode = msgspec.json.Decoder(_KeyMembers).decode


def key_of_body(body: bytes, members: dict[bytes, bytes]) -> str | None:
    """The key in a body, or among the members of its form; None when there is none."""
    for name in (b"writeKey", b"api_key", b"token"):
        if members.get(name):
            return members[name].decode("latin-1")[:LONGEST]
    try:
        found = _decode(body)
    except (ValueError, RecursionError):
        found = _leniently(body)
    for value in (found.writeKey, found.api_key, found.token):
        if isinstance(value, str) and value:
            return value[:LONGEST]
    return None


def _leniently(body: bytes) -> _KeyMembers:
    try:
        found = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return _KeyMembers()
    if not isinstance(found, dict):
        return _KeyMembers()
    return _KeyMembers(found.get("writeKey"), found.get("api_key"), found.get("token"))


def allowed_origin(site: Site, origin: bytes | None) -> None:
    """Refusal when a page of this origin may not use the site's public key; no origin: not a page."""
    if origin is not None and site.origins and origin.decode("latin-1") not in site.origins:
        raise Refusal(403, "origin_not_allowed", "this page may not use this key", hint="add its origin to the site")
