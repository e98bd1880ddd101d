"""A connection that is kept from one request to the next; any trouble with it is `GONE`, and means: ask again."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from typing import Any

from websockets.exceptions import WebSocketException

GONE = (OSError, EOFError, TimeoutError, WebSocketException)
BROWSER = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
"""Who calls himself nothing is taken for a robot, whom nobody invites."""
SEEN: Counter[int] = Counter()
"""Status of every answer, for whoever wants to know; he clears it."""
OPEN: set[asyncio.StreamWriter] = set()
"""Every connection that nobody has left yet; `all_left` at the end of a run."""
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class HttpLine:
    """One connection to the server's (or a proxy's) port."""

    def __init__(self, port: int, patience_s: float) -> None:
        self.port, self.patience_s = port, patience_s
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(
        self, method: str, path: str, said: Any = None, headers: str = "", wait: float = 0
    ) -> tuple[int, Any]:
        """Status and JSON of the answer; an error of GONE when there is none in time."""
        body = b"" if said is None else json.dumps(said).encode()
        kind = "Content-Type: application/json\r\n" if body else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Length: {len(body)}\r\n{BROWSER}"
        try:
            async with asyncio.timeout(self.patience_s + wait):
                reader, writer = await self._open()
                writer.write(f"{head}{kind}{headers}\r\n".encode() + body)
                return await answer(reader)
        except BaseException:  # also when the caller ends: the answer to come would be taken for another
            self.drop()
            raise

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None or self._streams[0].at_eof():
            self.drop()
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
            OPEN.add(self._streams[1])
        return self._streams

    def drop(self) -> None:
        """Leave at once."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            OPEN.discard(self._streams[1])
        self._streams = None


async def all_left() -> None:
    """What is still open ends too, while there is a loop to end it: a call that was given up at its last byte."""
    for writer in tuple(OPEN):
        writer.transport.abort()
    OPEN.clear()
    await asyncio.sleep(0)


async def answer(reader: asyncio.StreamReader) -> tuple[int, Any]:
    """The next answer of a connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    found = LENGTH.search(head)
    text = await reader.readexactly(int(found[1])) if found else b""
    status = int(head.split(b" ", 2)[1])
    SEEN[status] += 1
    return status, json.loads(text) if text else None


class Lines:
    """Connections to one port that are used again, as many as are needed at a time."""

    def __init__(self, port: int, patience_s: float = 10.0) -> None:
        self.port, self.patience_s = port, patience_s
        self._free: list[HttpLine] = []

    async def insist(self, method: str, path: str, said: Any = None, headers: str = "") -> tuple[int, Any]:
        """A call that is repeated until it is answered by something else than 429, 5xx and a message put off."""
        while True:
            line = self._free.pop() if self._free else HttpLine(self.port, self.patience_s)
            try:
                status, found = await line.call(method, path, said, headers)
            except GONE:
                status = 0
            self._free.append(line)
            if status not in (0, 429) and status < 500 and not put_off(found):
                return status, found
            await asyncio.sleep(0.03)

    def drop(self) -> None:
        """Leave."""
        for line in self._free:
            line.drop()


def put_off(found: Any) -> bool:
    """Whether one of the messages is to come again."""
    results = found.get("results", ()) if isinstance(found, dict) else ()
    return any("retry_after" in one for one in results)


async def insist(port: int, method: str, path: str, said: Any = None, headers: str = "") -> tuple[int, Any]:
    """One such call."""
    lines = Lines(port)
    try:
        return await lines.insist(method, path, said, headers)
    finally:
        lines.drop()
