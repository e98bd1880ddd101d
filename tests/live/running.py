"""A real server in a process of its own, and the plainest of clients."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

READY = re.compile(rb"http://127\.0\.0\.1:(\d+)/")


class Server:
    """`aparte serve` or `aparte demo`; `port` stays the same when it is started again, `said` is what it printed."""

    def __init__(self, command: list[str], port: int = 0, until: bytes = b"") -> None:
        """It is ready when it has said where it is and then `until`."""
        self.command, self.port, self.until, self.said = command, port, until, b""
        self.start()

    def start(self) -> None:
        """Start it, and wait for the line that says where it is."""
        line = [sys.executable, "-m", "aparte", *self.command, "--port", str(self.port)]
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, env=os.environ | {"PYTHONUNBUFFERED": "1"})
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


@contextmanager
def running(*command: str, until: bytes = b"") -> Iterator[Server]:
    """A server that is gone afterwards, whatever happens."""
    server = Server(list(command), until=until)
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


def exported(data: Path, what: str) -> bytes:
    """What `aparte export` writes."""
    run = subprocess.run(
        [sys.executable, "-m", "aparte", "export", what, "--data", str(data)], capture_output=True, check=True
    )
    return run.stdout


def lines(text: bytes) -> list[dict[str, Any]]:
    """JSON lines."""
    return [json.loads(line) for line in text.splitlines()]
