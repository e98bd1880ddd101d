"""A shop's own server at the console's API: it comes with the secret key, and may read."""

from __future__ import annotations

from aparte.sites.model import Site
from aparte.web.desk import Desk
from aparte.web.keys import Keys, key_of_headers
from aparte.web.plain import Scope, header


class SecretKeys:
    """Which site a secret key is of."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._keys: Keys | None = None

    def site_of(self, scope: Scope) -> Site | None:
        """The site whose secret key came in `Authorization`; None without one. A public key opens nothing here."""
        key = key_of_headers(header(scope, b"authorization").encode("latin-1"), b"")
        if key is None:
            return None
        if self._keys is None:
            self._keys = Keys(self._desk.store.sites, self._desk.now)
            self._desk.on_sites.append(self._keys.refresh)
        found = self._keys.find(key)
        return found[0] if found is not None and found[1] else None
