"""A durable message, its fan-out, and what an idle engaged socket takes: the delivery protocol.

    python benchmarks/chat.py

The server runs in a process of its own over FULL SQLite; CPU is the kernel's count for it, all threads. A peer for the
fan-out is `websockets.broadcast` of the same frame to as many bare sockets in the same run.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import uvloop
from _load import Used, used
from _sockets import Client, masked
from _sockets import opened as connect

from aparte.app import visitor_secret
from aparte.app.clock import wall_ms as now
from aparte.app.serve import opened, write
from aparte.conversations.model import Conversation
from aparte.conversations.store import OpenConversation, TakeSlot
from aparte.sites.model import SignIn, Site, Staff
from aparte.sites.store import SaveSignIn, SaveSite, SaveStaff
from aparte.sites.tokens import make, token_keys
from aparte.web.sign_in import token_hash

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "reliability"))
from sockets_support import KEY, Server, conv_id, prepare, watched_server

WRITERS, AGENTS, MESSAGES = 50, 10, 8_000
IDLE = 2_000
CROWD = 500
FRAMES = 60
ROUNDS = 3
PEER_US = 5_500.0
"""CPU of a message in Live Helper Chat (PHP, MariaDB) on a machine of the same kind."""


def report(name: str, value: float, bound: float | str | None, unit: str) -> None:
    """One figure."""
    print(json.dumps({"name": name, "value": round(value, 3), "bound": bound, "unit": unit}), flush=True)


def founded(data: Path) -> list[str]:
    """A data folder whose agents have WRITERS open conversations between them; the tokens of their visitors."""
    at = now()
    site = Site(id=KEY, name=KEY, public_key=KEY, secret_key_hash="", answer_s=86_400, queue_s=86_400)
    commands: list[Any] = [SaveSite(site)]
    for n in range(AGENTS):
        agent = f"agent{n}"
        staff = Staff(id=agent, site=KEY, email=f"{agent}@shop.test", name=agent, maximum=WRITERS // AGENTS)
        commands += [
            SaveStaff(staff),
            SaveSignIn(SignIn(token_hash=token_hash(agent), staff=agent, created_at=at, seen_at=at)),
        ]
    for n in range(WRITERS):
        agent, slot = f"agent{n % AGENTS}", n // AGENTS + 1
        one = Conversation(
            id=conv_id(n), site=KEY, visitor=f"{n:032x}", opened_at=at, waiting_since=at, state="open", agent=agent,
            assign_ver=1,
        )  # fmt: skip
        commands += [OpenConversation(one), TakeSlot(agent, slot, one.id)]
    with opened(data) as store:
        write(store, commands)
    keys = token_keys(visitor_secret(data))
    return [make(keys, f"{n:032x}", at) for n in range(WRITERS)]


async def console(port: int, number: int) -> None:
    """An agent who looks at all his conversations."""
    headers = {"Cookie": f"aparte=agent{number}", "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    one = await connect(port, "/api/v1/socket", headers, {"t": "hello", "v": 1}, lambda frame: None)
    for n in range(number, WRITERS, AGENTS):
        one.say(masked({"t": "watch", "conv": conv_id(n), "epoch": None, "last_seq": 0}))


class Visitor:
    """Writes the next message when the last one is acknowledged."""

    def __init__(self, number: int) -> None:
        self.number, self.sent = number, 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def heard(self, frame: bytes) -> bytes | None:
        """The next message after an ack; other frames are left alone."""
        if frame.startswith(b'{"t":"nack"'):
            raise SystemExit(f"refused: {frame!r}")
        return self.next() if frame.startswith(b'{"t":"ack"') else None

    def next(self) -> bytes | None:
        """The next message."""
        if self.sent == MESSAGES // WRITERS:
            self.done.set_result(None)
            return None
        self.sent += 1
        body = f"Is the blue one in stock? {self.sent}"
        return masked({"t": "send", "cid": f"{self.number}-{self.sent}", "kind": "text", "body": body})

    async def joined(self, port: int, token: str) -> Client:
        """His socket."""
        hello = {"t": "hello", "v": 1, "key": KEY, "token": token, "conv": conv_id(self.number)}
        headers = {"X-Forwarded-For": f"10.0.{self.number >> 8}.{self.number & 255}"}
        return await connect(port, "/v1/socket", headers, {**hello, "epoch": None, "last_seq": 0}, self.heard)


async def written(server: Server, tokens: list[str]) -> Used:
    """Everybody writes until he has written all; what the server used meanwhile."""
    visitors = [Visitor(n) for n in range(WRITERS)]
    clients = [await one.joined(server.port, token) for one, token in zip(visitors, tokens, strict=True)]
    for number in range(AGENTS):
        await console(server.port, number)
    await asyncio.sleep(1)
    before = used(server.process.pid)
    for one, client in zip(visitors, clients, strict=True):
        client.say(one.next() or b"")
    await asyncio.gather(*(one.done for one in visitors))
    after = used(server.process.pid)
    return Used(after.all - before.all, after.kernel - before.kernel)


def message_cost(folder: Path) -> None:
    """CPU of a durable message."""
    cpu, kernel = [], []
    for number in range(ROUNDS):
        tokens = founded(folder / f"m{number}")
        with watched_server(folder / f"m{number}", "--free") as server:
            spent = uvloop.run(written(server, tokens))
        cpu.append(spent.all / MESSAGES * 1e6)
        kernel.append(spent.kernel / MESSAGES * 1e6)
    raw = json.dumps({"t": "send", "cid": "0-0", "kind": "text", "body": "Is the blue one in stock?"})
    begun = time.process_time()
    for _ in range(20_000):
        json.loads(raw)
    loads = (time.process_time() - begun) / 20_000 * 1e6
    report("chat: json.loads of a message", loads, None, "us")
    report("chat: CPU of a durable message, socket to ack and console", median(cpu), None, "us")
    report("chat: of it in the kernel", median(kernel), None, "us")
    report("chat: CPU of a durable message / Live Helper Chat's 5.5 ms", median(cpu) / PEER_US, 1 / 50, "ratio")


async def joined(port: int, number: int, token: str) -> Client:
    """A visitor's socket that says nothing."""
    return await Visitor(number).joined(port, token)


async def idle(port: int, tokens: list[str], resident: Callable[[], int]) -> float:
    """Bytes of a socket that is open and says nothing."""
    warm = [await joined(port, n, tokens[n]) for n in range(100)]
    before = resident()
    sockets = [await joined(port, n, tokens[n]) for n in range(100, 100 + IDLE)]
    await asyncio.sleep(1)
    grown = (resident() - before) / IDLE
    for socket in warm + sockets:
        socket.transport.abort()
    return grown


def idle_cost(folder: Path) -> None:
    """Memory."""
    tokens = prepare(folder / "i", 100 + IDLE)
    with watched_server(folder / "i") as server:
        grown = uvloop.run(idle(server.port, tokens, server.resident))
    report("chat: resident bytes of an idle engaged socket", grown / 1024, 20, "KiB")


def fan_out() -> None:
    """Frames a second to a crowd: ours through Connection, the peer's `websockets.broadcast`, turn by turn."""
    program = str(Path(__file__).parent / "_fan_out.py")
    rounds = []
    for _ in range(ROUNDS):
        told = subprocess.run([sys.executable, program, str(CROWD), str(FRAMES)], stdout=subprocess.PIPE, check=True)
        rounds.append(json.loads(told.stdout))
    share = median(one["theirs_us"] / one["ours_us"] for one in rounds)
    report("chat: CPU of a frame to one of 500, ours", median(one["ours_us"] for one in rounds), None, "us")
    report(
        "chat: CPU of a frame to one of 500, websockets.broadcast",
        median(one["theirs_us"] for one in rounds),
        None,
        "us",
    )
    report("chat: fan-out to 500 against websockets.broadcast", share, ">= 0.7", "ratio")


def main() -> None:
    """All figures."""
    with tempfile.TemporaryDirectory() as name:
        message_cost(Path(name))
        idle_cost(Path(name))
    fan_out()


if __name__ == "__main__":
    main()
