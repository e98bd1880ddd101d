"""CPU of a durable, decided event at the door: against nginx, against the same door without decision or write, and
against the same server without a disk; and sockets of visitors who only browse.

    python benchmarks/ingest.py

nginx is measured when it is installed (Debian: `apt-get install nginx-light`). The real server is `aparte serve` with
50 rules over FULL SQLite. CPU is read from /proc/PID/stat, all threads; the load comes from this process. Rounds are
interleaved; the cheapest of each counts for CPU, the median of the pairs for rates, because machines are shared: every
bound is a ratio within this run.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import uvloop
from _load import CONNECTIONS, EVENTS_A_VISIT, message, post, send, used
from _server import RATES, RULES

from aparte.app import visitor_secret
from aparte.backends.memory.orders import MemoryOrders
from aparte.engagements.model import SiteState
from aparte.engine import State, on_client_event
from aparte.routing.model import UNLIMITED
from aparte.sessions.model import VisitorState
from aparte.sites import tokens
from aparte.tracking.model import Message
from aparte.tracking.normalise import Normaliser
from engine import campaigns

REQUESTS, BATCH = 4_000, 50
ROUNDS = 5
START_S = 90
BROWSING = 200
IDLE_S = 5.0
"""How long a keep-alive connection may be without a request (settings, `deadlines.idle`)."""
HERE = Path(__file__).parent
NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 10000000; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; location / {{ return 204; }} }} }}
"""
FREE = {f"APARTE_LIMITS_{name.upper()}": "1e9" for name in RATES} | {"APARTE_TRUSTED_PROXIES": "127.0.0.1"}


class Server:
    """A started server, and what was measured of it: the cheapest round of each kind of request."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid, self.port = pid, port
        self.cpu: dict[str, float] = {}
        self.kernel: dict[str, float] = {}
        self.rates: dict[str, list[float]] = {}

    def measure(self, kind: str, requests: list[bytes], events: int) -> None:
        """Send these; microseconds of CPU for each event, and events a second."""
        before, begun = used(self.pid), time.perf_counter()
        uvloop.run(send(self.port, requests))
        took, after = time.perf_counter() - begun, used(self.pid)
        cpu = (after.all - before.all) / events * 1e6
        if cpu < self.cpu.get(kind, float("inf")):
            self.cpu[kind], self.kernel[kind] = cpu, (after.kernel - before.kernel) / events * 1e6
        self.rates.setdefault(kind, []).append(events / took)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, path: str) -> Iterator[Server]:
    """A started server; SystemExit when it does not become ready."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("APARTE_")} | FREE
    words = [word.replace("{port}", str(port)) for word in command]
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if not ready(process, f"http://127.0.0.1:{port}{path}"):
            raise SystemExit(f"ingest: the server did not start: {' '.join(words)}")
        yield Server(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def ready(process: subprocess.Popen[bytes], url: str) -> bool:
    """Whether it answers in time."""
    begun = time.monotonic()
    while process.poll() is None and time.monotonic() - begun < START_S:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


def visitor(number: int) -> str:
    """Whose event this is: visits of some events, several at a time."""
    lane, turn = number % CONNECTIONS, number // CONNECTIONS
    return f"{os.getpid() % 65536:04x}{turn // EVENTS_A_VISIT:012x}{lane:016x}"


def singles(first: int) -> list[bytes]:
    """An event a request, as an SDK sends it."""
    made = [message(n, visitor(n)) for n in range(first, first + REQUESTS)]
    return [post(f"/v1/{one['type']}", one) for one in made]


def pulses(first: int, keys: tokens.TokenKeys) -> list[bytes]:
    """An event with a pulse of our own tag: the visitor is whom his token says, the answer may be an offer."""
    at = time.time_ns() // 1_000_000
    common = {"key": "demo", "consent": "full", "visible": True, "sentAt": "2026-01-01T00:00:00.000Z"}
    found = [(visitor(n), message(n, "-")) for n in range(first, first + REQUESTS)]
    return [post("/v1/pulse", {**common, "token": tokens.make(keys, who, at), "events": [one]}) for who, one in found]


def batches(first: int) -> list[bytes]:
    """Many events a request."""
    starts = range(first, first + REQUESTS, BATCH)
    return [post("/v1/batch", {"batch": [message(n, visitor(n)) for n in range(s, s + BATCH)]}) for s in starts]


def decided(first: int) -> float:
    """Microseconds of CPU that an event's folding and deciding takes, here, of the same events and rules."""
    known, read = campaigns(RULES), Normaliser().read
    site, orders = SiteState(known.file.site, everybody_reachable=True), MemoryOrders()
    states: dict[str, State] = {}
    lines = [json.dumps(message(n, visitor(n))).encode() for n in range(first, first + REQUESTS)]
    events = [found for line in lines if isinstance(found := read(line), Message)]
    for _ in range(2):  # a rule is compiled when it is first looked at: the first time warms up
        gc.collect()
        states, begun = {}, time.process_time()
        for event in events:
            state = states.get(event.visitor)
            if state is None:
                state = states[event.visitor] = State(site, VisitorState(event.visitor), orders)
            on_client_event(state, event, known, UNLIMITED)
    return (time.process_time() - begun) / len(events) * 1e6


def rounds(servers: dict[str, Server], keys: tokens.TokenKeys) -> float:
    """Measure all servers in turn; the first round warms up. Returns what deciding takes."""
    deciding = float("inf")
    for turn in range(ROUNDS + 1):
        first = turn * 3 * REQUESTS
        loads = {
            "event": singles(first),
            "pulse": pulses(first + REQUESTS, keys),
            "batch": batches(first + 2 * REQUESTS),
        }
        for kind, requests in loads.items():
            for name, server in servers.items():
                if kind == "event" or name != "nginx_204":
                    server.measure(kind, requests, REQUESTS)
        deciding = min(deciding, decided(first))
        if not turn:
            for server in servers.values():
                server.cpu, server.kernel, server.rates = {}, {}, {}
    return deciding


def held(port: int) -> int:
    """Connections to this port that the kernel still knows as established."""
    rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return sum(row.split()[3] == "01" and row.split()[1].endswith(f":{port:04X}") for row in rows)


def browsing(server: Server) -> tuple[int, int]:
    """Connections while visitors browse, each after one event, and when the time for the next request has passed."""
    requests = [post("/v1/page", message(10**9 + n, f"browsing-{n}")) for n in range(BROWSING)]
    sockets = [socket.create_connection(("127.0.0.1", server.port)) for _ in requests]
    for one, request in zip(sockets, requests, strict=True):
        one.sendall(request)
    for one in sockets:
        if not one.recv(65536).startswith(b"HTTP/1.1 200"):
            raise SystemExit("ingest: a browsing visitor was refused")
    begun, before = time.monotonic(), held(server.port)
    while held(server.port) and time.monotonic() - begun < 2 * IDLE_S:
        time.sleep(0.1)
    after = held(server.port)
    for one in sockets:
        one.close()
    return before, after


def figure(name: str, value: float, bound: float | str | None, unit: str) -> None:
    """One line of the report."""
    print(json.dumps({"name": f"ingest.{name}", "value": round(value, 3), "bound": bound, "unit": unit}), flush=True)


def report(servers: dict[str, Server], deciding: float) -> None:
    """Absolute figures, then the ratios with their bounds."""
    for name, server in servers.items():
        for kind, cpu in server.cpu.items():
            figure(f"{name}.{kind}", cpu, None, "us CPU an event")
            figure(f"{name}.{kind}.kernel", server.kernel[kind], None, "us of it in the kernel")
            figure(f"{name}.{kind}.rate", max(server.rates[kind]), None, "events/s, with the load on the same machine")
    real, bare, forgetting = servers["durable"], servers["bare"], servers["forgetting"]
    either(real, bare, servers.get("nginx_204"))
    for kind in ("event", "pulse", "batch"):
        pairs = zip(real.rates[kind], forgetting.rates[kind], strict=True)  # one after the other: the same weather
        figure(f"durable_rate.{kind}", median(one / other for one, other in pairs), ">= 0.9", "x without a disk")
    figure("engine_share", deciding / real.cpu["event"], "<= 0.1", "of an event's CPU: session and 50 rules")


def either(real: Server, bare: Server, nginx: Server | None) -> None:
    """The one bound that is kept or not by either of two ratios: the nearer one has it."""
    ratios = {"bare": (real.cpu["event"] / bare.cpu["event"], 2.5, "the door without decision or write")}
    if nginx is not None:
        ratios["nginx"] = (real.cpu["event"] / nginx.cpu["event"], 9.0, "an nginx 204")
    nearest = min(ratios, key=lambda name: ratios[name][0] / ratios[name][1])
    for name, (value, bound, what) in ratios.items():
        told = "" if name == nearest else f"; {bound} or the other one"
        figure(f"event_against_{name}", value, f"<= {bound}" if name == nearest else None, f"x {what}{told}")


def main() -> int:
    """Start the servers, measure, print."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aparte-bench-")))
        data, helper = str(folder / "data"), [sys.executable, str(HERE / "_server.py")]
        subprocess.run([*helper, "prepare", data], check=True)
        wanted = {
            "durable": ([sys.executable, "-m", "aparte", "serve", "--data", data, "--port", "{port}"], "/readyz"),
            "forgetting": ([*helper, "forgetting", data, "{port}"], "/readyz"),
            "bare": ([*helper, "bare", data, "{port}"], "/readyz"),
        }
        if nginx := shutil.which("nginx") or shutil.which("/usr/sbin/nginx"):
            wanted["nginx_204"] = ([nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder)], "/")
        else:
            print("ingest: nginx is not installed, so the ratio against it is skipped", flush=True)
        servers = {}
        for name, (command, path) in wanted.items():
            port = free_port()
            (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
            servers[name] = stack.enter_context(running(command, port, path))
        report(servers, rounds(servers, tokens.token_keys(visitor_secret(folder / "data"))))
        before, after = browsing(servers["durable"])
        figure("browsing.sockets", before, None, f"open, {BROWSING} visitors having just sent an event")
        figure(
            "browsing.sockets_at_rest", after, 0, f"open, of {BROWSING} browsing visitors, after the keep-alive time"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
