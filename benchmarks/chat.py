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
import websockets
from _load import used

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "reliability"))
from sockets_support import KEY, conv_id, prepare, watched_server

WRITERS, MESSAGES = 50, 4_000
IDLE = 500
CROWD = 500
FRAMES = 60
ROUNDS = 3
PEER_US = 5_500.0
"""CPU of a message in Live Helper Chat (PHP, MariaDB) on a machine of the same kind."""


def report(name: str, value: float, bound: float | str | None, unit: str) -> None:
    """One figure."""
    print(json.dumps({"name": name, "value": round(value, 3), "bound": bound, "unit": unit}), flush=True)


async def joined(port: int, number: int, token: str, chat: int | None = None) -> Any:
    """A socket that has heard its welcome."""
    socket = await websockets.connect(
        f"ws://127.0.0.1:{port}/v1/socket", compression=None, ping_interval=None, max_queue=None,
        additional_headers={"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"},
    )  # fmt: skip
    hello = {"t": "hello", "v": 1, "key": KEY, "token": token, "conv": conv_id(number if chat is None else chat)}
    await socket.send(json.dumps({**hello, "epoch": None, "last_seq": 0}))
    while json.loads(await socket.recv())["t"] != "welcome":
        pass
    return socket


async def written(port: int, tokens: list[str]) -> int:
    """Everybody writes as fast as his allowance lets him; how many messages were acknowledged."""
    sockets = [await joined(port, n, tokens[n]) for n in range(WRITERS)]
    acked = 0

    async def one(n: int) -> None:
        nonlocal acked
        for k in range(MESSAGES // WRITERS):
            message = {"t": "send", "cid": f"{n}-{k}", "kind": "text", "body": f"Is the blue one in stock? {k}"}
            await sockets[n].send(json.dumps(message))
            while (frame := json.loads(await sockets[n].recv()))["t"] not in ("ack", "nack"):
                pass
            assert frame["t"] == "ack", frame
            acked += 1

    await asyncio.gather(*(one(n) for n in range(WRITERS)))
    for socket in sockets:
        socket.transport.abort()
    return acked


def message_cost(folder: Path) -> None:
    """CPU of a durable message."""
    tokens = prepare(folder / "m", WRITERS)
    with watched_server(folder / "m", "--free") as server:
        before = used(server.process.pid)
        acked = uvloop.run(written(server.port, tokens))
        cpu = (used(server.process.pid).all - before.all) / acked * 1e6
    raw = json.dumps({"t": "send", "cid": "0-0", "kind": "text", "body": "Is the blue one in stock?"})
    begun = time.process_time()
    for _ in range(20_000):
        json.loads(raw)
    loads = (time.process_time() - begun) / 20_000 * 1e6
    report("chat: json.loads of a message", loads, None, "us")
    report("chat: CPU of a durable message, socket to ack", cpu, None, "us")
    report("chat: CPU of a durable message / Live Helper Chat's 5.5 ms", cpu / PEER_US, 1 / 50, "ratio")


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
