"""A server that knows the wire just as far as one simulated visitor needs it, and writes down what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

OFFER = {"engagement": "eng_1", "channel": "chat", "message": "?", "expires_in_ms": 45_000}
CONVERSATION = {"id": "conv_1", "epoch": "e", "state": "open", "head": 0, "agent": {"name": "Camille"}}


class ScriptedServer:
    """Offers at the second pulse; its agent answers each line. `hang_up` closes every connection."""

    def __init__(self, *, hang_up: bool = False) -> None:
        self.hang_up = hang_up
        self.calls: list[tuple[str, str, dict[str, str], Any]] = []
        self.entries: list[dict[str, Any]] = []
        self.pulses = 0
        self.port = 0

    def paths(self) -> list[str]:
        """Which doors were used, pulses left out."""
        return [path.split("?")[0] for _, path, _, _ in self.calls if path != "/v1/pulse"]

    def bodies(self, path: str) -> list[Any]:
        """What was sent to one of them."""
        return [body for _, one, _, body in self.calls if one == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while asked := (await reader.readuntil(b"\r\n\r\n")).decode():
                first, *lines = asked.split("\r\n")
                headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines)}
                raw = await reader.readexactly(int(headers.get("content-length", 0)))
                method, path, _ = first.split()
                body = msgspec.json.decode(raw) if raw else None
                self.calls.append((method, path, headers, body))
                told = msgspec.json.encode(self.answer(path, body))
                writer.write(
                    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(told), told)
                )
                await writer.drain()
                if self.hang_up:
                    break
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    def answer(self, path: str, body: Any) -> dict[str, Any]:
        """What the wire says."""
        if path == "/v1/pulse":
            self.pulses += 1
            offer = OFFER if self.pulses == 2 else None
            token = "v1.token" if body["token"] is None else None
            return {"token": token, "visitor": "0" * 32, "offer": offer, "conversation": None, "wake_in_ms": 250}
        if path.endswith("/accept"):
            self.says("agent", "Bonjour, je suis Camille.")
            return {"conversation": CONVERSATION}
        if path.endswith("/entries") and body:
            self.says("visitor", body["entries"][0]["body"])
            self.says("agent", "Voici la réponse.")
            return {"results": []}
        if "/entries?" in path:
            after = int(path.partition("after=")[2].partition("&")[0])
            return {"entries": [one for one in self.entries if one["seq"] > after], "state": "open"}
        return {}

    def says(self, by: str, body: str) -> None:
        """One more entry."""
        self.entries.append({"seq": len(self.entries) + 1, "by": by, "kind": "text", "body": body})


@asynccontextmanager
async def scripted(*, hang_up: bool = False) -> AsyncIterator[ScriptedServer]:
    """A running one."""
    server = ScriptedServer(hang_up=hang_up)
    running = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = running.sockets[0].getsockname()[1]
    async with running:
        yield server
