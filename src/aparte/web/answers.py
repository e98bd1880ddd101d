"""What goes back: answers, and refusals with their status."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Header: TypeAlias = tuple[bytes, bytes]
Answer: TypeAlias = tuple[int, bytes, list[Header]]
"""Status, body, headers beyond those that every answer has."""

JSON = (b"content-type", b"application/json")
SECURITY: list[Header] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
]
ALWAYS = [JSON, *SECURITY]
NO_STORE = (b"cache-control", b"no-store")
AT_ONCE = "aparte.answer"
"""In the scope of our own server: (status, lines of headers, body) -> whether the answer was written, in one piece."""

# Printable, so that no client can write a header of ours.
_ORIGIN = re.compile(rb"null|[a-z][a-z0-9+.-]{0,30}://[0-9A-Za-z._~:\[\]-]{1,260}")
_EXPOSED = (b"access-control-expose-headers", b"Aparte-Counts, Retry-After")
_VARY = (b"vary", b"Origin")

PREFLIGHT: Answer = (
    204,
    b"",
    [
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (
            b"access-control-allow-headers",
            b"Authorization, Content-Type, AnonymousId, SentAt, Aparte-Key, Idempotency-Key",
        ),
        (b"access-control-max-age", b"86400"),
    ],
)
"""The answer to OPTIONS, but for the origin."""


class Refusal(Exception):
    """A request that is not served; becomes an answer at the door. No error of the program."""

    def __init__(
        self,
        status: int,
        code: str,
        what: str,
        *,
        hint: str = "",
        retry_after: float = 0,
        headers: Iterable[Header] = (),
    ) -> None:
        self.status, self.code, self.what, self.hint = status, code, what, hint
        self.retry_after, self.headers = retry_after, list(headers)
        super().__init__(what)

    def answer(self) -> Answer:
        """Status, body and headers."""
        headers = [NO_STORE, *self.headers]
        if self.retry_after:
            headers.append((b"retry-after", b"%d" % max(1, math.ceil(self.retry_after))))
        if self.status == 413:
            headers.append((b"connection", b"close"))
        return self.status, error_body(self.code, self.what, hint=self.hint), headers


class Disconnected(Exception):
    """The client is gone before its request was whole."""


def error_body(code: str, what: str, *, where: str = "", hint: str = "") -> bytes:
    """The JSON of an error, as the wire says."""
    return msgspec.json.encode({"error": {"code": code, "what": what, "where": where, "hint": hint}})


def cors(origin: bytes | None) -> list[Header]:
    """The headers by which a page of this origin may read the answer; no credentials."""
    if origin is None:
        return []
    if not _ORIGIN.fullmatch(origin):
        return [_VARY]
    return [(b"access-control-allow-origin", origin), _VARY, _EXPOSED]


async def respond(send: Send, answer: Answer, also: list[Header]) -> None:
    """Send a whole answer."""
    status, body, headers = answer
    length = [(b"content-length", b"%d" % len(body))] if status != 204 else []
    await send({"type": "http.response.start", "status": status, "headers": ALWAYS + length + headers + also})
    await send({"type": "http.response.body", "body": body})


async def respond_at_once(scope: Scope, send: Send, answer: Answer, origin: bytes | None) -> None:
    """Send a whole answer that a page of this origin may read, the short way where the server has one.

    The general way looks at each header again and writes twice, which costs more than finding the answer.
    """
    status, body, headers = answer
    write = scope.get(AT_ONCE)
    if write is not None and status == 200:
        lines = b"".join([b"%b: %b\r\n" % one for one in headers])
        if write(200, b"%bcontent-length: %d\r\n%b" % (_usual(origin), len(body), lines), body):
            return
    await respond(send, answer, cors(origin))


@lru_cache(maxsize=1_024)
def _usual(origin: bytes | None) -> bytes:
    return b"".join(b"%b: %b\r\n" % one for one in ALWAYS + cors(origin))


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of this name (lower case)."""
    for found, value in scope["headers"]:
        if found == name:
            return bytes(value)
    return None
