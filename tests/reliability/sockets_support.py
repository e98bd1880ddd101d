"""Chats that come and go by the hundred: a data folder with open conversations, servers over it, and clients that keep
the rules of delivery.md, section 5.

As a program it is the real server with three doors more, for tests: `/test/reads` (how often the database was read),
`/test/flood?conv=&n=&size=` (so many long lines in a conversation) and `/test/open` (sockets that are open).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import websockets

from aparte.app import visitor_secret
from aparte.app.clock import wall_ms as now
from aparte.app.serve import Running, opened, write
from aparte.conversations.model import Conversation
from aparte.conversations.store import OpenConversation
from aparte.settings import read_settings
from aparte.sites.service import new_site
from aparte.sites.store import SaveSite
from aparte.sites.tokens import make, token_keys
from aparte.web.limits import Buckets
from aparte.web.server import bind, run

KEY = "demo"
START_S = 90.0
BACK_S = 1.0
"""A client whose socket was cut comes back within so many seconds, at random."""
UNACKED_S = 10.0


def conv_id(number: int) -> str:
    """Of a chat."""
    return f"{number:032x}"


def prepare(data: Path, chats: int) -> list[str]:
    """A data folder with so many open conversations; the tokens of their visitors."""
    site = new_site(KEY, KEY, public_key=KEY)[0]
    with opened(data) as store:
        write(store, [SaveSite(site)])
        at = now()
        write(
            store,
            [
                OpenConversation(
                    Conversation(
                        id=conv_id(n), site=site.id, visitor=f"{n:032x}", opened_at=at, waiting_since=at, head=0
                    )
                )
                for n in range(chats)
            ],
        )  # fmt: skip
    keys = token_keys(visitor_secret(data))
    return [make(keys, f"{n:032x}", now()) for n in range(chats)]


def stored_texts(data: Path, chats: int) -> list[list[str]]:
    """What visitors have said, as the database has it; no server runs."""
    with opened(data) as store:
        entries = [store.entries(conv_id(number), limit=100_000) for number in range(chats)]
    return [[one.body for one in all_of_it if one.kind == "text"] for all_of_it in entries]


class Server:
    """A process."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def resident(self) -> int:
        """Bytes of memory."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]) * 4096

    def ask(self, path: str) -> Any:
        """One of the doors for tests."""
        answer = httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=120)
        assert answer.status_code == 200, (answer.status_code, path[:100])
        return answer.json()


def started(arguments: Sequence[str], pass_fds: Sequence[int] = (), **environment: str) -> Server:
    """A server in a process of its own, once it says where it is."""
    ours = {
        **os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8",
        "APARTE_TRUSTED_PROXIES": "127.0.0.1", **environment,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, text=True, env=ours, pass_fds=pass_fds
    )  # fmt: skip
    assert process.stdout is not None
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        if select.select([process.stdout], [], [], 0.2)[0]:
            line = process.stdout.readline()
            if " is at http" in line:
                return Server(process, int(line.rstrip("/\n").rpartition(":")[2]))
    process.kill()
    process.wait(30)
    raise AssertionError("the server did not start")


@contextmanager
def watched_server(data: Path, *more: str) -> Iterator[Server]:
    """The server with the doors for tests; `--free`: nobody is told to write more slowly."""
    server = started([__file__, str(data), *more])
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait(30)
        assert server.process.stdout is not None
        server.process.stdout.close()


class Chat:
    """A visitor's widget over a socket: an outbox, a screen, and the way back (C1 to C4)."""

    def __init__(self, number: int, token: str, port: int) -> None:
        self.number, self.token, self.port, self.conv = number, token, port, conv_id(number)
        self.outbox: dict[str, str] = {}
        self.sent: list[str] = []
        self.acked: dict[str, float] = {}
        self.epoch: str | None = None
        self.shown: list[tuple[int, str]] = []
        self.head = 0
        self.refused = self.drained = 0
        self.codes: list[int] = []
        self.away: list[float] = []
        """Seconds without a socket, each time until the welcome."""
        self.unfit: list[str] = []
        self.here = asyncio.Event()
        self._left_at: float | None = None
        self._socket: Any = None
        self._sent_at: dict[str, float] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._once()
            except ConnectionRefusedError:
                self.refused += 1
            except (OSError, websockets.WebSocketException, TimeoutError, EOFError):
                pass
            self.here.clear()
            if self._left_at is None:
                self._left_at = time.monotonic()
                await asyncio.sleep(random.uniform(0, BACK_S))
            self._socket = None

    async def _once(self) -> None:
        address = f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"
        async with websockets.connect(
            f"ws://127.0.0.1:{self.port}/v1/socket", compression=None, ping_interval=None, open_timeout=60,
            additional_headers={"X-Forwarded-For": address}, close_timeout=2,
        ) as socket:  # fmt: skip
            self._socket = socket
            last = self.shown[-1][0] if self.shown else 0
            hello = {"v": 1, "key": KEY, "token": self.token, "conv": self.conv, "epoch": self.epoch, "last_seq": last}
            await self._put("hello", **hello)
            leaving: asyncio.TimerHandle | None = None
            try:
                async for text in socket:
                    frame = json.loads(text)
                    if frame["t"] == "drain":
                        self.drained += 1
                        moment = random.uniform(0, frame["within_ms"] / 1000)
                        leaving = asyncio.get_running_loop().call_later(moment, self.leave)
                    else:
                        await self._heard(frame)
            finally:
                if leaving is not None:
                    leaving.cancel()
                if socket.close_code is not None:
                    self.codes.append(socket.close_code)

    def leave(self) -> None:
        """Away from a server that drains; back at once."""
        if self._socket is not None:
            self._left_at = time.monotonic()
            self._socket.transport.close()

    def cut(self) -> None:
        """The network is gone."""
        self._left_at = None
        if self._socket is not None:
            self._socket.transport.abort()

    async def _put(self, t: str, **members: Any) -> None:
        await self._socket.send(json.dumps({"t": t, **members}))

    async def _heard(self, frame: dict[str, Any]) -> None:
        match frame["t"]:
            case "ping":
                await self._put("pong")
            case "reset":
                self.shown = []
            case "welcome":
                await self._welcomed(frame)
            case "entry":
                self._show(frame)
            case "ack":
                if self.outbox.pop(frame["cid"], None) is not None:
                    self.acked[frame["cid"]] = time.monotonic() - self._sent_at[frame["cid"]]

    async def _welcomed(self, frame: dict[str, Any]) -> None:
        self.epoch, self.head = frame["epoch"], frame["head"]
        for entry in frame["entries"]:
            self._show(entry)
        if self._left_at is not None:
            self.away.append(time.monotonic() - self._left_at)
        self._left_at = None
        self.here.set()
        for cid, body in list(self.outbox.items()):
            await self._put("send", cid=cid, kind="text", body=body)

    def _show(self, entry: dict[str, Any]) -> None:
        last = self.shown[-1][0] if self.shown else 0
        if entry["seq"] == last + 1:
            self.shown.append((entry["seq"], entry.get("body", "")))
        elif entry["seq"] > last + 1:
            self.unfit.append(f"{entry['seq']} after {last}")

    async def say(self, body: str) -> None:
        """Into the outbox, then on the way."""
        cid = f"{self.number}-{len(self.sent)}"
        self.sent.append(body)
        self.outbox[cid], self._sent_at[cid] = body, time.monotonic()
        if self.here.is_set():
            with suppress(OSError, websockets.WebSocketException):
                await self._put("send", cid=cid, kind="text", body=body)


def quantile(values: Sequence[float], share: float) -> float:
    """Of sorted values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Tested:
    """The server's application with the doors for tests before it."""

    def __init__(self, running: Running, reads: list[int]) -> None:
        self._running, self._reads = running, reads

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One connection."""
        if scope["type"] != "http" or not scope["path"].startswith("/test/"):
            await self._running.doors(scope, receive, send)
            return
        found = await self._answer(scope["path"], parse_qs(scope["query_string"].decode()))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(found).encode()})

    async def _answer(self, path: str, asked: dict[str, list[str]]) -> Any:
        if path == "/test/reads":
            return self._reads[0]
        if path == "/test/flood":
            n, size = int(asked["n"][0]), int(asked["size"][0])
            return sum(await asyncio.gather(*(self._flood(one, n, size) for one in asked["conv"][0].split(","))))
        return self._running.doors.hub.counts()

    async def _flood(self, conv: str, n: int, size: int) -> int:
        engine, body = self._running.engine, "漢" * size if size > 1000 else "x" * size
        found = engine.conversation(conv)
        assert found is not None
        stamp = time.monotonic_ns()
        for start in range(0, n, 25):
            await asyncio.gather(*(
                engine.send(KEY, conv, "visitor", found.visitor, f"flood-{stamp}-{k}", "text", body)
                for k in range(start, min(n, start + 25))
            ))  # fmt: skip
        return n


def main(data: Path) -> None:
    """The server."""
    settings = read_settings(data, os.environ, port=0)
    with opened(data) as store:
        reads = [0]
        rows = store._rows  # type: ignore[attr-defined]

        def counted(*given: Any) -> Any:
            reads[0] += 1
            return rows(*given)

        store._rows = counted  # type: ignore[attr-defined]
        free = {"messages": Buckets(1e9, 1_000_000_000)} if "--free" in sys.argv else {}
        running = Running(data, store, settings, **free)

        def told(url: str) -> None:
            sys.stdout.write(f"Aparte is at {url}\n")
            sys.stdout.flush()

        run(running.run(Tested(running, reads), bind(settings), told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
