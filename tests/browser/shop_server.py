"""The demo shop on a port of its own, beside a stub of the tag."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import uvicorn

from aparte.simulation.shop import shop_app

# Keeps what the shop pushes over page loads, as the tag would have sent it.
TAG = b"""(function () {
  const queue = window.aparte || [];
  const keep = (call) => {
    if (call[0] === "visitorId") return call[1]("0123456789abcdef0123456789abcdef");
    const told = JSON.parse(sessionStorage.getItem("told") || "[]");
    told.push(call);
    sessionStorage.setItem("told", JSON.stringify(told));
  };
  window.aparte = { push: keep };
  queue.forEach(keep);
})();"""


class Server:
    """The running shop: where it is, and what its server has confirmed."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.confirmed: list[dict[str, Any]] = []
        self.visitors = 25


@contextmanager
def served() -> Iterator[Server]:
    """The shop, for as long as it is needed."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    running = Server(f"http://127.0.0.1:{listener.getsockname()[1]}")

    async def confirm(order: dict[str, Any]) -> None:
        running.confirmed.append(order)

    shop = shop_app("demo", confirm)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/aparte.js":
            await answer(send, "text/javascript", TAG)
        elif scope["path"] == "/demo/simulation":
            if scope["method"] == "PUT":
                running.visitors = msgspec.json.decode((await receive())["body"])["visitors"]
            await answer(send, "application/json", msgspec.json.encode({"visitors": running.visitors}))
        else:
            await shop(scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        yield running
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


async def answer(send: Any, kind: str, body: bytes) -> None:
    """200."""
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
