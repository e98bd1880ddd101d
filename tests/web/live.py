"""A real server in a process of its own, and sockets to talk to it by hand."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from aparte.settings import Settings

HERE = Path(__file__).parent
LINE_S = 60


class Server:
    """A running server."""

    def __init__(self, process: subprocess.Popen[str], port: int, drained: Path) -> None:
        self.process, self.port, self.drained = process, port, drained

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def say(self, data: bytes) -> bytes:
        """Send bytes, hear everything until the server closes."""
        with self.connect() as connection:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may close before it has all
                connection.sendall(data)
            return heard(connection)

    def resident_bytes(self) -> int:
        """Memory of the process."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]) * 4096


def heard(connection: socket.socket) -> bytes:
    """All until the other side closes."""
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def seconds_until_closed(connections: list[socket.socket], most: float) -> list[float]:
    """How long each took to be closed by the server; `most` for one that was not."""
    begun, open_, took = time.monotonic(), {one.fileno(): one for one in connections}, []
    while open_ and time.monotonic() - begun < most:
        for number in select.select(list(open_), [], [], 0.1)[0]:
            try:
                if open_[number].recv(65_536):
                    continue
            except ConnectionResetError:
                pass
            del open_[number]
            took.append(time.monotonic() - begun)
    return took + [most] * len(open_)


@contextmanager
def serving(folder: Path, settings: Settings) -> Iterator[Server]:
    """A server with these settings on a port of the system's choice."""
    drained = folder / "drained"
    given = msgspec.json.encode(msgspec.structs.replace(settings, port=0)).decode()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    process = subprocess.Popen(
        [sys.executable, str(HERE / "live_app.py"), given, str(drained)],
        stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        ready = select.select([process.stdout], [], [], LINE_S)[0]
        line = process.stdout.readline() if ready else ""
        assert line.startswith("ready "), f"the server did not start: {line!r}"
        yield Server(process, int(line.split()[1]), drained)
    finally:
        process.kill()
        process.wait(30)
        process.stdout.close()
