"""What the door reads of a request, in one pass over its headers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from msgspec import Struct

from aparte.web.answers import Scope

MAX_USER_AGENT = 512
_HOST = re.compile(r"[0-9A-Za-z.-]{1,253}(:[0-9]{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:[0-9]{1,5})?", re.ASCII)


@lru_cache(maxsize=4_096)
def _speakable(user_agent: bytes) -> str | None:
    text = user_agent.decode("utf-8", "replace")[:MAX_USER_AGENT]
    return "".join(c for c in text if c.isprintable()) or None


class Request(Struct):
    """A request without its body. Texts are Latin-1, as HTTP has them."""

    method: str
    path: str
    query: bytes
    peer: str
    scheme: str
    found: dict[bytes, bytes]
    country: str = ""

    @property
    def origin(self) -> bytes | None:
        """Of the page that asks; None when it is no page of another origin."""
        return self.found.get(b"origin")

    @property
    def authorization(self) -> bytes | None:
        """The header `Authorization`."""
        return self.found.get(b"authorization")

    @property
    def encoding(self) -> bytes | None:
        """The header `Content-Encoding`."""
        return self.found.get(b"content-encoding")

    @property
    def anonymous_id(self) -> bytes | None:
        """RudderStack's header."""
        return self.found.get(b"anonymousid")

    @property
    def sent_at(self) -> bytes | None:
        """RudderStack's header."""
        return self.found.get(b"sentat")

    @property
    def forwarded(self) -> str:
        """`X-Forwarded-For`; believe it only from a trusted proxy."""
        return self.found.get(b"x-forwarded-for", b"").decode("latin-1")

    @property
    def forwarded_scheme(self) -> str:
        """`X-Forwarded-Proto`; believe it only from a trusted proxy."""
        return self.found.get(b"x-forwarded-proto", b"").decode("latin-1").strip().lower()

    @property
    def length(self) -> int:
        """What the client says that its body has; 0 when it says nothing to be believed."""
        text = self.found.get(b"content-length", b"")
        return int(text) if text.isdigit() and len(text) < 19 else 0

    @property
    def user_agent(self) -> str | None:
        """The user agent, cut, with nothing in it that is not printable."""
        found = self.found.get(b"user-agent")
        return _speakable(found[: 2 * MAX_USER_AGENT]) if found else None

    @property
    def own_host(self) -> str:
        """By which name the server was called."""
        host = self.found.get(b"host", b"").decode("latin-1")
        return host if _HOST.fullmatch(host) else "localhost"


def read_request(scope: Scope, country_header: bytes) -> Request:
    """The request of a scope; of headers that come twice, X-Forwarded-For is joined and of others the first counts."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name not in found:
            found[name] = value
        elif name == b"x-forwarded-for":
            found[name] += b"," + value
    client: Any = scope.get("client")
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope.get("query_string", b""),
        peer=client[0] if client else "",
        scheme=scope.get("scheme", "http"),
        found=found,
        country=found.get(country_header, b"").decode("latin-1").strip() if country_header else "",
    )
