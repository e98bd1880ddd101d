"""A client of HTTP/1.1 on asyncio streams, just enough for the simulation: one kept connection, JSON both ways."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from msgspec import Struct

LIMIT = 1 << 20
TIMEOUT_S = 40.0


class Answer(Struct, frozen=True):
    """Status and decoded body; an empty dict when the body is no JSON object."""

    status: int
    body: dict[str, Any]


class Unreachable(Exception):
    """The server does not answer, or not in HTTP."""


class Client:
    """One browser: requests go one after the other over one connection, which is opened again when it has gone."""

    def __init__(self, host: str, port: int, headers: dict[str, str]) -> None:
        self.host, self.port = host, port
        self.headers = {"Host": f"{host}:{port}", "Accept": "application/json", **headers}
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, kind: str = "text/plain"
    ) -> Answer:
        """One request; a kept connection that has meanwhile been closed is tried once more. Raises Unreachable."""
        raw = b"" if body is None else msgspec.json.encode(body)
        told = {**self.headers, **(headers or {}), "Content-Length": str(len(raw))}
        if body is not None:
            told["Content-Type"] = kind
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
        request = "\r\n".join(lines).encode("latin-1") + raw
        for again in (self.streams is not None, False):
            try:
                async with asyncio.timeout(TIMEOUT_S):  # wait_for of Python 3.11 may swallow a cancellation
                    return await self.exchange(request)
            except (OSError, EOFError, ValueError, asyncio.LimitOverrunError, TimeoutError) as error:
                self.drop()
                if not again:
                    raise Unreachable(str(error) or type(error).__name__) from error
        raise Unreachable("closed twice")

    async def exchange(self, request: bytes) -> Answer:
        """Send, and read what comes."""
        if self.streams is None:
            self.streams = await asyncio.open_connection(self.host, self.port, limit=LIMIT)
        reader, writer = self.streams
        writer.write(request)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *rest = head.split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        raw = await read_body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            self.drop()
        return Answer(int(first.split()[1]), decoded(raw))

    def drop(self) -> None:
        """Close the connection."""
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


async def read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    """The body, by its length or in chunks."""
    if headers.get("transfer-encoding", "").lower() != "chunked":
        length = int(headers.get("content-length", 0))
        if not 0 <= length <= LIMIT:
            raise ValueError("the answer is too large")
        return await reader.readexactly(length)
    parts: list[bytes] = []
    total = 0
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        total += size
        if not 0 <= total <= LIMIT:
            raise ValueError("the answer is too large")
        part = await reader.readexactly(size + 2)
        if not size:
            return b"".join(parts)
        parts.append(part[:-2])


def decoded(raw: bytes) -> dict[str, Any]:
    """A JSON object, or nothing."""
    try:
        found = msgspec.json.decode(raw) if raw else {}
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}
