"""A real server in a process of its own, and the plainest of clients."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

READY = re.compile(rb"http://127\.0\.0\.1:(\d+)/")


LONG = os.environ.get("APARTE_LONG") == "1"
"""Whether the whole figures of the promises are asked for, which takes many minutes."""


class Server:
    """`aparte serve` or `aparte demo`; `port` stays the same when it is started again, `said` is what it printed."""

    def __init__(self, command: list[str], settings: dict[str, str], until: bytes = b"") -> None:
        """It is ready when it has said where it is and then `until`."""
        self.command, self.port, self.until, self.said = command, 0, until, b""
        self.environment = os.environ | settings | {"PYTHONUNBUFFERED": "1"}
        self.start()

    def start(self) -> None:
        """Start it, and wait for the line that says where it is."""
        line = [sys.executable, "-m", "aparte", *self.command, "--port", str(self.port)]
        self.said = b""
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, env=self.environment)
        assert self.process.stdout is not None
        for told in self.process.stdout:
            self.said += told
            found = READY.search(self.said)
            if found and self.until in self.said:
                self.port = int(found[1])
                return
        raise AssertionError(f"the server did not start: {self.process.wait()}")

    def kill(self) -> None:
        """As if the power of the process had been cut."""
        self.process.send_signal(signal.SIGKILL)
        self.ended()

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.ended(20)

    def ended(self, within: float | None = None) -> int:
        """Wait for its end; its exit code."""
        code = self.process.wait(within)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def memory(self) -> int:
        """Bytes of memory that the process holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]

    def connections(self) -> int:
        """Connections that are open at the server's port, as the system counts them."""
        rows = Path(f"/proc/{self.process.pid}/net/tcp").read_text(encoding="ascii").splitlines()[1:]
        local, established = f"0100007F:{self.port:04X}", "01"
        return sum(1 for row in rows if row.split()[1] == local and row.split()[3] == established)


@contextmanager
def running(*command: str, until: bytes = b"", **settings: object) -> Iterator[Server]:
    """A server that is gone afterwards, whatever happens; `settings` by their names in the environment, in small."""
    named = {f"APARTE_{name.upper()}": str(value) for name, value in settings.items()}
    server = Server(list(command), named, until)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


async def post(port: int, path: str, body: bytes, headers: str = "") -> tuple[int, bytes]:
    """One request on a connection of its own; OSError or EOFError when the server is not there or goes away."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        writer.write(head.encode() + body)
        return await answer(reader)
    finally:
        writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of the next answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    assert length is not None, head
    return int(head.split(b" ", 2)[1]), await reader.readexactly(int(length[1]))


class NotNow(Exception):
    """The server asks to come again: 429 or 503."""


class Line:
    """A connection that is kept from one request to the next, as a browser keeps it."""

    def __init__(self, server: Server, address: str = "") -> None:
        self.server, self.address = server, address
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def call(self, method: str, path: str, body: bytes = b"", headers: str = "") -> tuple[int, bytes]:
        """One request; the connection is made anew when it is gone."""
        if self.writer is None or self.reader is None or self.reader.at_eof():
            self.drop()
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        forwarded = f"X-Forwarded-For: {self.address}\r\n" if self.address else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nContent-Length: {len(body)}\r\n"
        try:
            self.writer.write(f"{head}{forwarded}{headers}\r\n".encode() + body)
            return await answer(self.reader)
        except BaseException:  # also when the caller's patience ends: the answer to come would be taken for another
            self.drop()
            raise

    async def json(self, method: str, path: str, said: Any = None, headers: str = "") -> Any:
        """One request that has to be answered with 200, or NotNow."""
        status, body = await self.call(method, path, b"" if said is None else json.dumps(said).encode(), headers)
        if status in (429, 503):
            raise NotNow(body)
        assert status == 200, (status, body)
        return json.loads(body)

    def drop(self) -> None:
        """Leave."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


class Shopper:
    """A page with the tag in it: pulses, with a token once it has one, from an address of its own."""

    def __init__(self, server: Server, number: int, key: str = "demo") -> None:
        self.key = key
        self.line = Line(server, f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
        self.token: str | None = None
        self.id = ""
        self.number, self.sent = number, 0

    def event(self, kind: str, name: str = "", *, ago_ms: int = 0, **properties: Any) -> dict[str, Any]:
        """Something that happened so long ago."""
        self.sent += 1
        told = {"type": kind, "messageId": f"{self.number}-{self.sent}", "timestamp": instant(ago_ms)}
        return told | ({"event": name} if name else {}) | {"properties": properties}

    async def pulse(self, *events: dict[str, Any]) -> dict[str, Any]:
        """One pulse; its answer."""
        said = {"key": self.key, "token": self.token, "consent": "full", "visible": True, "sentAt": instant(0)}
        found: dict[str, Any] = await self.line.json("POST", "/v1/pulse", said | {"events": events})
        self.token, self.id = found.get("token") or self.token, found["visitor"]
        return found


def instant(ago_ms: int) -> str:
    """A moment in the past, as browsers write it."""
    return (datetime.now(UTC) - timedelta(milliseconds=ago_ms)).isoformat(timespec="milliseconds")


async def call(server: Server, method: str, path: str, said: Any = None, headers: str = "") -> Any:
    """A call that is repeated until the server answers."""
    while True:
        line = Line(server)
        try:
            async with asyncio.timeout(20):
                return await line.json(method, path, said, headers)
        except (OSError, EOFError, TimeoutError, NotNow):
            await asyncio.sleep(0.05)
        finally:
            line.drop()


async def signed_in(server: Server, who: dict[str, Any] | None = None) -> str:
    """The cookie of an agent (the demo's, when nobody is named), who is available from now on."""
    body = json.dumps(who or {"demo": True}).encode()
    async with asyncio.timeout(20):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        host = f"Host: 127.0.0.1:{server.port}\r\nOrigin: {server.url}\r\nAparte-Console: 1\r\n"
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"POST /api/v1/session HTTP/1.1\r\n{host}{kind}\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        writer.close()
    cookie = next(
        one.split(": ")[1].split(";")[0] for one in head.split("\r\n") if one.lower().startswith("set-cookie")
    )
    await call(server, "PUT", "/api/v1/me/status", {"status": "available"}, as_staff(server, cookie))
    return cookie


def as_staff(server: Server, cookie: str) -> str:
    """The headers of a change that the console makes."""
    return f"Cookie: {cookie}\r\nOrigin: {server.url}\r\nAparte-Console: 1\r\nContent-Type: application/json\r\n"


async def metric(server: Server, name: str) -> float:
    """A figure of /metrics."""
    line = Line(server)
    _, body = await line.call("GET", "/metrics", headers="Connection: close\r\n")
    line.drop()
    found = re.search(rf"^{re.escape(name)} (\S+)$".encode(), body, re.MULTILINE)
    assert found is not None, name
    return float(found[1])


@asynccontextmanager
async def standstill() -> AsyncIterator[list[float]]:
    """For how many seconds at most this machine lets nobody go on, as a task sees it that looks often."""
    worst, loop = [0.0], asyncio.get_running_loop()

    async def watch() -> None:
        while True:
            before = loop.time()
            await asyncio.sleep(0.05)
            worst[0] = max(worst[0], loop.time() - before - 0.05)

    watching = asyncio.create_task(watch())
    try:
        yield worst
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def figure(text: str) -> None:
    """Something that was measured; seen with `pytest -s`."""
    sys.stdout.write(f"\n{text}\n")


def exported(data: Path, what: str) -> bytes:
    """What `aparte export` writes."""
    run = subprocess.run(
        [sys.executable, "-m", "aparte", "export", what, "--data", str(data)], capture_output=True, check=True
    )
    return run.stdout


def lines(text: bytes) -> list[dict[str, Any]]:
    """JSON lines."""
    return [json.loads(line) for line in text.splitlines()]
