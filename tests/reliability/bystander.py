"""Everything else that goes on at a shop while people write: pages, requests, new visitors, the console."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from client import KEY
from console import as_lines, staff_headers
from http_line import GONE, HttpLine
from shop import AGENT, cookie
from stories import Call

EVERY_S = 0.02
Trace = tuple[str, str]
TRACES = """SELECT 'log', message_id FROM log UNION ALL SELECT 'request', json_extract(data, '$.body') FROM request
    UNION ALL SELECT 'conversation', id FROM conversation"""


class Bystander:
    """One visitor and one agent, call after call, each made once. What was answered with 200 has to be there."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pausing = False
        self.promised: set[Trace] = set()
        self.token: str | None = None
        self._health, self._line = HttpLine(port, 5), HttpLine(port, 5)
        self._staff = as_lines(staff_headers(port, cookie(AGENT)))
        self._idle = asyncio.Event()

    def leave(self) -> None:
        """Nothing more is asked."""
        self._health.drop()
        self._line.drop()

    async def ready(self) -> bool:
        """What readiness says."""
        with suppress(*GONE):
            return (await self._health.call("GET", "/readyz"))[0] == 200
        return False

    async def run(self) -> None:
        """Call after call."""
        for number in range(1_000_000):
            await asyncio.sleep(EVERY_S)
            while self.pausing:
                self._idle.set()
                await asyncio.sleep(EVERY_S)
            self._idle.clear()
            for call, promised in self.calls(number):
                with suppress(*GONE):
                    await self.once(call, promised)

    async def once(self, call: Call, promised: Trace | None) -> None:
        """One call; what it promises if it is answered well."""
        status, found = await self._line.call(call.method, call.path, call.body, self._staff if call.staff else "")
        if status not in (200, 201):
            return
        if promised is not None:
            self.promised.add(promised)
        if call.path == "/v1/conversations":
            self.token = found["token"]
            self.promised.add(("conversation", found["conversation"]["id"]))

    def calls(self, number: int) -> Iterator[tuple[Call, Trace | None]]:
        """What is asked in one turn."""
        if self.token is None or number % 50 == 0:
            yield Call("POST", "/v1/conversations", {"key": KEY, "token": None, "language": "fr"}), None
            return
        said: dict[str, Any] = {"key": KEY, "token": self.token}
        yield self.page(number, said), ("log", f"page {number}")
        asked = {"cid": f"r{number}", "kind": "message", "email": "ann@mail.example", "body": f"request {number}"}
        yield Call("POST", "/v1/requests", {**said, **asked}), ("request", f"request {number}")
        yield Call("PUT", "/api/v1/me/status", {"status": "available"}, AGENT), None
        for path in ("conversations", "requests", "staff", "me"):
            yield Call("GET", f"/api/v1/{path}", None, AGENT), None

    def page(self, number: int, said: dict[str, Any]) -> Call:
        """A page is looked at."""
        place = {"url": "https://shop.example/sizes", "path": "/sizes"}
        event = {"type": "page", "messageId": f"page {number}", "properties": place, "context": {"page": place}}
        return Call("POST", "/v1/pulse", {**said, "consent": "full", "visible": True, "events": [event]})

    async def lies(self, reader: sqlite3.Connection) -> int:
        """How much of what was promised is not there; to be asked while `pausing`."""
        self._idle.clear()
        await self._idle.wait()
        there = set(reader.execute(TRACES).fetchall())
        return len(self.promised - there)
