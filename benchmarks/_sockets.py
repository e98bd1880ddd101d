"""Clients of sockets that are cheaper than any server: they frame, count and throw away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

ZERO = bytes(4)
"""A mask that leaves everything as it is."""


def masked(frame: dict[str, Any]) -> bytes:
    """A text frame as a browser sends it."""
    text = json.dumps(frame).encode()
    size = len(text)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + ZERO + text


class Client(asyncio.Protocol):
    """One socket: its hello, and whatever `heard` says to each frame of the server; None says nothing."""

    def __init__(
        self, path: str, headers: dict[str, str], hello: dict[str, Any], heard: Callable[[bytes], bytes | None]
    ) -> None:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{lines}\r\n"
        ).encode()
        self.hello, self.heard = hello, heard
        self.upgraded, self.data = False, b""
        self.welcomed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        self.transport = cast(asyncio.WriteTransport, transport)
        self.transport.write(self.request)

    def say(self, frame: bytes) -> None:
        """Send."""
        self.transport.write(frame)

    def data_received(self, data: bytes) -> None:
        """Frames, whole or in parts."""
        self.data += data
        if not self.upgraded:
            head, end, rest = self.data.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise SystemExit(f"the server answered {head[:200]!r}")
            self.upgraded, self.data = True, rest
            self.say(masked(self.hello))
        while (frame := self.frame()) is not None:
            self.take(frame)

    def frame(self) -> bytes | None:
        """The next whole frame."""
        data = self.data
        if len(data) < 2:
            return None
        size, start = data[1], 2
        if size == 126:
            size, start = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10], "big"), 10
        if len(data) < start + size:
            return None
        self.data = data[start + size :]
        return data[start : start + size] if data[0] == 0x81 else b""

    def take(self, frame: bytes) -> None:
        """One frame."""
        if frame.startswith((b'{"t":"welcome"', b'{"t":"snapshot"')) and not self.welcomed.done():
            self.welcomed.set_result(None)
        answer = self.heard(frame)
        if answer is not None:
            self.say(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Too early, unless all is done."""
        if not self.welcomed.done():
            self.welcomed.set_exception(SystemExit("the server closed the socket"))


async def opened(
    port: int, path: str, headers: dict[str, str], hello: dict[str, Any], heard: Callable[[bytes], bytes | None]
) -> Client:
    """A socket that has heard its welcome."""
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(lambda: Client(path, headers, hello, heard), "127.0.0.1", port)
    await client.welcomed
    return client
