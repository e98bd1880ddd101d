"""Requests and answers without a framework: types, reading a body within its bounds, answers, errors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeAlias

import msgspec

from aparte.kit.addresses import source
from aparte.kit.errors import AparteError

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers: TypeAlias = list[tuple[bytes, bytes]]

BODY_WITHIN_S = 15.0
NO_STORE = (b"cache-control", b"no-store")
NO_SNIFF = (b"x-content-type-options", b"nosniff")

encode = msgspec.json.Encoder().encode


class Problem(AparteError):
    """An answer that is not what the caller hoped for, in the wire's form."""

    def __init__(
        self,
        status: int,
        code: str,
        what: str,
        *,
        where: str = "",
        hint: str = "",
        retry_after: int | None = None,
        beside: dict[str, Any] | None = None,
    ) -> None:
        self.status, self.code, self.what, self.where, self.hint = status, code, what, where, hint
        self.retry_after, self.beside = retry_after, beside or {}
        super().__init__(what)

    def body(self) -> dict[str, Any]:
        """The wire's form."""
        error = {"code": self.code, "what": self.what, "where": self.where, "hint": self.hint}
        return {"error": error, **self.beside}

    def headers(self) -> dict[str, str]:
        """`Retry-After`, when it is worth trying again."""
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


def unknown_conversation() -> Problem:
    """The same answer whether it does not exist or is somebody else's."""
    return Problem(404, "no_such_conversation", "there is no such conversation", where="conversation")


def header(scope: Scope, name: bytes) -> str:
    """A header's value, empty without one; `name` in lower case."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return ""


def cookie(scope: Scope, name: str) -> str:
    """A cookie's value, empty without one."""
    try:
        found = SimpleCookie(header(scope, b"cookie")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def bearer(scope: Scope) -> str:
    """The token of an `Authorization: Bearer` header, or nothing."""
    scheme, _, token = header(scope, b"authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def address_of(scope: Scope) -> str:
    """Where the request comes from; of IPv6 the network that one household has (/64)."""
    client = scope.get("client")
    return source(str(client[0])) if client else ""


def host_of(origin: str) -> str:
    """Host and port of an origin or a Host header, without the port that goes without saying."""
    scheme, mark, rest = origin.lower().rpartition("://")
    host = rest if mark else origin.lower()
    return host.removesuffix(":443" if scheme == "https" else ":80" if scheme == "http" else "")


def same_origin(scope: Scope) -> bool:
    """Whether a page of this very host has sent it, as the browser says."""
    site = header(scope, b"sec-fetch-site")
    if site and site != "same-origin":
        return False
    origin, host = header(scope, b"origin"), header(scope, b"host").lower()
    if not origin:
        return site == "same-origin"
    return "://" in origin and host_of(origin) in {host, host_of(f"http://{host}"), host_of(f"https://{host}")}


def from_the_console(scope: Scope) -> bool:
    """Whether a change comes from a page of the console: no foreign page can send its header."""
    return header(scope, b"aparte-console") == "1" and same_origin(scope)


async def read_body(receive: Receive, limit: int) -> bytes:
    """The whole body; Problem 413 above `limit` bytes, 408 when it takes too long."""
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            return await _read_body(receive, limit)
    except TimeoutError:
        raise Problem(408, "too_slow", "the body did not arrive in time") from None


async def _read_body(receive: Receive, limit: int) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Problem(400, "gone", "the caller has gone")
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise Problem(413, "too_large", f"the body is larger than {limit} bytes", hint="send less at a time")
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def answer(
    send: Send, status: int, body: bytes, kind: bytes = b"application/json", headers: Headers | None = None
) -> None:
    """Send a whole answer."""
    fixed = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), NO_SNIFF]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})


async def answer_problem(send: Send, problem: Problem, headers: Headers | None = None) -> None:
    """Send an error in the wire's form."""
    extra = [(name.lower().encode(), value.encode()) for name, value in problem.headers().items()]
    await answer(send, problem.status, encode(problem.body()), headers=[NO_STORE, *extra, *(headers or [])])
