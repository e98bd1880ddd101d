"""CPU of a durable, decided event at the door, against the same door without decision and write, and against nginx.

    python benchmarks/ingest.py [COMMAND OF A SERVER ...]

The server must have a site with the public key `demo` and listen at the port in place of `{port}`; without a command
it is `aparte demo --no-simulation` with a data folder of its own. nginx is measured when it is installed (Debian:
`apt-get install nginx-light`). CPU is read from /proc/PID/stat, rounds are interleaved, the cheapest round of each
counts, because machines are shared. Requests are single messages, keep-alive, 32 connections.
Prints one JSON line a figure: {"name", "value", "bound", "unit"}.
"""

from __future__ import annotations

import asyncio
import base64
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

import uvloop

CONNECTIONS = 32
REQUESTS = 8_000
ROUNDS = 5
VISITORS = 2_000
START_S = 60
TICK = os.sysconf("SC_CLK_TCK")
BARE = Path(__file__).with_name("_bare_server.py")
BASIC = base64.b64encode(b"demo:").decode()
NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 10000000; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; location / {{ return 204; }} }} }}
"""
FREE = {
    f"APARTE_LIMITS_{name}": "1000000000"
    for name in ("VISITOR_RATE", "VISITOR_BURST", "ADDRESS_RATE", "ADDRESS_BURST", "SITE_RATE", "SITE_BURST")
}


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def request(number: int) -> bytes:
    """One event: every third a product, else a page, of one of many visitors."""
    kind = "track" if number % 3 == 0 else "page"
    url = f"https://shop.test/p/{number % 97}"
    message = {
        "type": kind, "messageId": f"bench-{os.getpid()}-{number}", "anonymousId": f"v{number % VISITORS}",
        "timestamp": "2026-01-01T00:00:00.000Z", "sentAt": "2026-01-01T00:00:00.000Z",
        "properties": {"url": url, "product_id": f"p{number % 97}", "price": 39.9},
        "context": {"page": {"url": url, "path": f"/p/{number % 97}"}, "locale": "fr-FR",
                    "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"},
    } | ({"event": "Product Viewed"} if kind == "track" else {})  # fmt: skip
    body = json.dumps(message, separators=(",", ":")).encode()
    head = f"POST /v1/{kind} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {BASIC}\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


async def worker(port: int, requests: Iterator[bytes]) -> None:
    """Send requests one after another on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for one in requests:
        writer.write(one)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 204")):
            raise SystemExit(f"ingest: the server answered {head[:200]!r}")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if length:
            await reader.readexactly(int(length))
    writer.close()
    await writer.wait_closed()


async def load(port: int, requests: list[bytes]) -> None:
    """All requests, over all connections."""
    shared = iter(requests)
    await asyncio.gather(*(worker(port, shared) for _ in range(CONNECTIONS)))


def cpu(pid: int) -> float:
    """Seconds that a process has used, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@contextmanager
def running(command: list[str], port: int, path: str) -> Iterator[int | None]:
    """The pid of a started server; None when it does not start."""
    environment = os.environ | FREE | {"APARTE_TRUSTED_PROXIES": "127.0.0.1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process.pid if answers(process, port, path) else None
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(process: subprocess.Popen[bytes], port: int, path: str) -> bool:
    """Whether it becomes ready in time."""
    begun = time.monotonic()
    while process.poll() is None and time.monotonic() - begun < START_S:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


def measured(servers: dict[str, tuple[int, int]]) -> dict[str, float]:
    """Microseconds of CPU a request, of the cheapest round of each server (name: pid, port)."""
    best = dict.fromkeys(servers, float("inf"))
    for turn in range(ROUNDS + 1):  # the first warms up
        requests = [request(turn * REQUESTS + n) for n in range(REQUESTS)]
        for name, (pid, port) in servers.items():
            begun = cpu(pid)
            uvloop.run(load(port, requests))
            if turn:
                best[name] = min(best[name], (cpu(pid) - begun) / REQUESTS * 1e6)
    return best


def figure(name: str, value: float, bound: str | None, unit: str) -> None:
    """One line of the report."""
    print(json.dumps({"name": name, "value": round(value, 3), "bound": bound, "unit": unit}), flush=True)


def report(best: dict[str, float]) -> None:
    """Absolute figures, then the ratios with their bounds."""
    for name, value in best.items():
        figure(f"ingest.{name}", value, None, "µs CPU a request")
    if "decided_and_durable" in best:
        whole = best["decided_and_durable"]
        figure("ingest.against_bare", whole / best["bare"], "<= 2.5", "× the door without decision or write")
        if "nginx_204" in best:
            figure("ingest.against_nginx", whole / best["nginx_204"], "<= 9", "× nginx 204")


def main(given: list[str]) -> int:
    """Start the servers, measure, print; 1 when the real one does not start."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aparte-bench-")))
        command = given or [sys.executable, "-m", "aparte", "demo", "--no-simulation", "--port", "{port}",
                            "--data", str(folder / "data")]  # fmt: skip
        wanted = {
            "decided_and_durable": (command, "/readyz"),
            "bare": ([sys.executable, str(BARE), "{port}"], "/readyz"),
        }
        if nginx := shutil.which("nginx") or shutil.which("/usr/sbin/nginx"):
            wanted["nginx_204"] = ([nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder)], "/")
        servers = {}
        for name, (words, path) in wanted.items():
            port = free_port()
            (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
            started = stack.enter_context(running([word.replace("{port}", str(port)) for word in words], port, path))
            if started is not None:
                servers[name] = (started, port)
        report(measured(servers))
    if "decided_and_durable" not in servers:
        print(f"ingest: the server did not start: {' '.join(command)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
