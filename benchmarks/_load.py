"""A client that is cheaper than any server: requests made beforehand, one at a time on each keep-alive connection."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

CONNECTIONS = 64
EVENTS_A_VISIT = 12
TICK = os.sysconf("SC_CLK_TCK")
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
KINDS = ("page", "page", "Product Viewed", "page", "Product Viewed", "page", "Product Added", "Cart Viewed")
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Used(NamedTuple):
    """CPU seconds of a process, all its threads, and how much of it in the kernel."""

    all: float
    kernel: float


def used(pid: int) -> Used:
    """As the kernel counts it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    user, kernel = int(fields[11]) / TICK, int(fields[12]) / TICK
    return Used(user + kernel, kernel)


def message(number: int, visitor: str) -> dict[str, object]:
    """An event of a visit to a shop."""
    kind, article = KINDS[number % len(KINDS)], number % 97
    url = f"https://shop.test/p/{article}"
    common = {
        "messageId": f"bench-{os.getpid()}-{number}", "anonymousId": visitor,
        "timestamp": "2026-01-01T00:00:00.000Z", "sentAt": "2026-01-01T00:00:00.000Z",
        "context": {"page": {"url": url, "path": f"/p/{article}", "title": "A shirt", "referrer": ""},
                    "locale": "fr-FR", "userAgent": BROWSER},
    }  # fmt: skip
    if kind == "page":
        return {"type": "page", **common, "properties": {"url": url, "path": f"/p/{article}", "title": "A shirt"}}
    product = {"product_id": f"p{article}", "name": "A shirt", "price": 39.9, "quantity": 1, "currency": "EUR"}
    return {"type": "track", "event": kind, **common, "properties": product if kind != "Cart Viewed" else {}}


def post(path: str, body: object) -> bytes:
    """A request as a browser's would be, but for the headers that nobody reads."""
    data = json.dumps(body, separators=(",", ":")).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {BROWSER}\r\nOrigin: https://shop.test\r\n"
        "Content-Type: text/plain;charset=UTF-8\r\nAuthorization: Basic ZGVtbzo=\r\n"
        f"Content-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


class _Visitor(asyncio.Protocol):
    """One connection: the next request as soon as the answer to the last one is whole."""

    def __init__(self, requests: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self.requests, self.done = requests, done
        self.answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast(asyncio.WriteTransport, transport)  # uvloop's is none by its class
        self.go_on()

    def data_received(self, data: bytes) -> None:
        """An answer, or a part of it."""
        self.answer += data
        head, end, body = self.answer.partition(b"\r\n\r\n")
        if not end:
            return
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 204")):
            self.fail(f"the server answered {self.answer[:300]!r}")
            return
        length = _LENGTH.search(head)
        if length is None or len(body) >= int(length[1]):
            self.answer = b""
            self.go_on()

    def go_on(self) -> None:
        """The next one, or the end."""
        request = next(self.requests, None)
        if request is not None:
            self.transport.write(request)
        elif not self.done.done():
            self.done.set_result(None)

    def fail(self, why: str) -> None:
        """This benchmark measures nothing."""
        if not self.done.done():
            self.done.set_exception(SystemExit(f"ingest: {why}"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Too early, unless all is done."""
        self.fail(f"the server closed the connection: {exc}")


async def send(port: int, requests: list[bytes], connections: int = CONNECTIONS) -> None:
    """All requests, shared by all connections; returns when all are answered."""
    loop, shared = asyncio.get_running_loop(), iter(requests)
    made = []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        transport, _ = await loop.create_connection(lambda done=done: _Visitor(shared, done), "127.0.0.1", port)
        made.append((transport, done))
    await asyncio.gather(*(done for _, done in made))
    for transport, _ in made:
        transport.close()
