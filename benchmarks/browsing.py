"""10,000 browsing visitors, each with a pulse every ten seconds: latency beside nginx that answers 204 to the same.

    python benchmarks/browsing.py

The server is `aparte serve` with 100 rules over FULL SQLite, on one core. The load comes from a process of its own on
the other cores, an open loop: 1,000 requests a second whether or not earlier ones were answered, each over a connection
that is closed at once, as a browser's that has gone quiet. Latency counts from when a request was due. In the first
round every visitor sees a page; from then on each pulse only says that the page is alive, which is a line of the log.
Both peers in turn, in one run.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import uvloop
from _load import message, post, used
from ingest import NGINX, free_port, held, ready, running

from aparte.app import visitor_secret
from aparte.app.serve import opened, write
from aparte.sites import tokens
from aparte.sites.service import new_site
from aparte.sites.store import SaveSite
from engine import campaign_file

VISITORS, EVERY_S, RULES = 10_000, 10, 100
RATE = VISITORS // EVERY_S
SECONDS = int(os.environ.get("APARTE_BENCH_SECONDS", "10"))
ROUNDS = 3
BOUND = 20.0
SITE = "demo"


def pulses(keys: tokens.TokenKeys, count: int, *, arriving: bool) -> list[bytes]:
    """Pulses, each of the next visitor: with the page that he sees first, or without news."""
    at = time.time_ns() // 1_000_000
    common = {"key": SITE, "consent": "full", "visible": True, "sentAt": "2026-01-01T00:00:00.000Z"}
    made = [tokens.make(keys, f"{n:032x}", at) for n in range(min(count, VISITORS))]
    return [
        post(
            "/v1/pulse",
            {**common, "token": made[n % VISITORS], "events": [message(8 * n, "-")] if arriving else []},
        ).replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        for n in range(count)
    ]


async def one(port: int, request: bytes, due: float, taken: list[float]) -> None:
    """A request at its time; the seconds until its whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 204")):
        raise SystemExit(f"browsing: the server answered {answer[:200]!r}")
    taken.append(time.perf_counter() - due)


async def load(port: int, requests: list[bytes], rate: int) -> list[float]:
    """Send each at its time, whatever became of those before."""
    taken: list[float] = []
    begun = time.perf_counter() + 0.1
    async with asyncio.TaskGroup() as group:
        for number, request in enumerate(requests):
            due = begun + number / rate
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            group.create_task(one(port, request, due, taken))
    return taken


def client(folder: Path, port: int, count: int, *, arriving: bool) -> None:
    """The process that loads: prints its latencies, in milliseconds."""
    keys = tokens.token_keys(visitor_secret(folder))
    taken = sorted(uvloop.run(load(port, pulses(keys, count, arriving=arriving), RATE)))
    quantiles = {name: 1000 * taken[int(share * (len(taken) - 1))] for name, share in (("p50", 0.5), ("p99", 0.99))}
    print(json.dumps(quantiles), flush=True)


def measured(folder: Path, pid: int, port: int, *, arriving: bool = False) -> dict[str, float]:
    """One round: latencies, and CPU of a pulse in microseconds."""
    count = VISITORS if arriving else RATE * SECONDS
    before = used(pid)
    command = [sys.executable, __file__, "client", str(folder), str(port), str(count), "arriving" * arriving]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = used(pid)
    return {**json.loads(printed), "cpu": (after.all - before.all) / count * 1e6}


def prepare(folder: Path) -> None:
    """A data folder with 100 rules."""
    with opened(folder) as store:
        write(store, [SaveSite(new_site(SITE, SITE, public_key=SITE)[0])])
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / f"{SITE}.toml").write_text(campaign_file(RULES, site=SITE), encoding="utf-8")


@contextmanager
def nginx() -> Iterator[tuple[int, int]]:
    """Its process and its port; SystemExit where it is not installed, because the bound is against it."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        raise SystemExit("browsing: nginx is not installed (Debian: apt-get install nginx-light)")
    with tempfile.TemporaryDirectory() as name:
        port, folder = free_port(), Path(name)
        (folder / "conf").write_text(NGINX.format(folder=folder, port=port), encoding="ascii")
        process = subprocess.Popen([program, "-c", str(folder / "conf")], stderr=subprocess.DEVNULL)
        try:
            if not ready(process, f"http://127.0.0.1:{port}/"):
                raise SystemExit("browsing: nginx did not start")
            yield process.pid, port
        finally:
            process.terminate()
            process.wait()


def on_one_core(pid: int) -> None:
    """All threads of a server on the first core; the load runs on the others, where there are any."""
    cores = sorted(os.sched_getaffinity(0))
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores[:1])


def figure(name: str, value: float, bound: float | None, unit: str) -> None:
    """One line of the report."""
    print(json.dumps({"name": f"browsing.{name}", "value": round(value, 3), "bound": bound, "unit": unit}), flush=True)


def main() -> None:
    """Both peers in turn; the median of the rounds after the first."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        prepare(folder)
        port = free_port()
        server = stack.enter_context(
            running(
                [sys.executable, "-m", "aparte", "serve", "--data", str(folder), "--port", "{port}"], port, "/readyz"
            )
        )
        peers = {"aparte": (server.pid, port), "nginx_204": stack.enter_context(nginx())}
        for pid, _ in peers.values():
            on_one_core(pid)
        for peer in peers.values():
            measured(folder, *peer, arriving=True)
        rounds = [{name: measured(folder, *peer) for name, peer in peers.items()} for _ in range(ROUNDS)]
        after = held(port)
    for name in peers:
        for what, unit in (("p50", "ms"), ("p99", "ms"), ("cpu", "us CPU a pulse")):
            figure(f"{name}.{what}", median(one[name][what] for one in rounds), None, unit)
    ratios = [one["aparte"]["p99"] / one["nginx_204"]["p99"] for one in rounds]
    figure("p99_against_nginx", median(ratios), BOUND, "times")
    figure("sockets_held", after, 0, "connections after the load")


if __name__ == "__main__":
    if sys.argv[1:2] == ["client"]:
        client(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), arriving=sys.argv[5] == "arriving")
    else:
        main()
