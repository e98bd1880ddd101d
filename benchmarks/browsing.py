"""10,000 browsing visitors, each with a pulse every ten seconds: latency beside nginx that answers 204 to the same load.

    python benchmarks/browsing.py

The server is `aparte serve` with 100 rules over FULL SQLite. The load comes from a process of its own, an open loop:
1,000 requests a second whether or not earlier ones were answered, each over a connection that is closed at once, as a
browser's that has gone quiet; latency counts from the moment at which a request was due. Both peers in turn, in one run.
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
from _load import post, used
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


def pulses(keys: tokens.TokenKeys, count: int) -> list[bytes]:
    """Pulses without news, each of the next visitor."""
    at = time.time_ns() // 1_000_000
    common = {"key": SITE, "consent": "full", "visible": True, "events": [], "sentAt": "2026-01-01T00:00:00.000Z"}
    made = [tokens.make(keys, f"{n:032x}", at) for n in range(min(count, VISITORS))]
    return [
        post("/v1/pulse", {**common, "token": made[n % VISITORS]}).replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
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


def client(folder: Path, port: int) -> None:
    """The process that loads: prints its latencies, in milliseconds."""
    keys = tokens.token_keys(visitor_secret(folder))
    taken = sorted(uvloop.run(load(port, pulses(keys, RATE * SECONDS), RATE)))
    quantiles = {name: 1000 * taken[int(share * (len(taken) - 1))] for name, share in (("p50", 0.5), ("p99", 0.99))}
    print(json.dumps(quantiles), flush=True)


def measured(folder: Path, pid: int, port: int) -> dict[str, float]:
    """One round: latencies, and CPU of a pulse in microseconds."""
    before = used(pid)
    command = [sys.executable, __file__, "client", str(folder), str(port)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = used(pid)
    return {**json.loads(printed), "cpu": (after.all - before.all) / (RATE * SECONDS) * 1e6}


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


def figure(name: str, value: float, bound: float | None, unit: str) -> None:
    """One line of the report."""
    print(json.dumps({"name": f"browsing.{name}", "value": round(value, 3), "bound": bound, "unit": unit}), flush=True)


def main() -> None:
    """Both peers in turn; the median of the rounds, the first of which warms up."""
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
        rounds = [{name: measured(folder, *peer) for name, peer in peers.items()} for _ in range(ROUNDS + 1)][1:]
        after = held(port)
    for name in peers:
        for what, unit in (("p50", "ms"), ("p99", "ms"), ("cpu", "us CPU a pulse")):
            figure(f"{name}.{what}", median(one[name][what] for one in rounds), None, unit)
    ratios = [one["aparte"]["p99"] / one["nginx_204"]["p99"] for one in rounds]
    figure("p99_against_nginx", median(ratios), BOUND, "times")
    figure("sockets_held", after, 0, "connections after the load")


if __name__ == "__main__":
    if sys.argv[1:2] == ["client"]:
        client(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
