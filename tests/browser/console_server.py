"""A server that speaks the console's side of docs/reference/wire.md: it says and loses what the tests tell it to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import mimetypes
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import desk_doors
import library_doors
import uvicorn
import work_doors

STATIC = Path(__file__).parents[2] / "src" / "aparte" / "static"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)
Json = dict[str, Any]
Scope = Json
Receive = Callable[[], Awaitable[Json]]
Send = Callable[[Json], Awaitable[None]]


def now() -> int:
    return int(time.time() * 1000)


class Socket:
    """One console that is connected: what it watches, and whether it wants the live table."""

    def __init__(self, send: Send) -> None:
        self.out = send
        self.watched: set[str] = set()
        self.live = False
        self.open = True

    async def put(self, frame: Json) -> None:
        if self.open:
            await self.tells({"type": "websocket.send", "text": json.dumps(frame)})

    async def cut(self, code: int = 1012) -> None:
        if self.open:
            self.open = False
            await self.tells({"type": "websocket.close", "code": code})

    async def tells(self, message: Json) -> None:
        with contextlib.suppress(OSError):  # who has just left hears nothing, and that is no fault
            await self.out(message)


class ConsoleServer:
    """The state of a site with one agent, and the doors that the console knocks at."""

    def __init__(self, demo: bool = True) -> None:
        self.demo, self.signed_in, self.failures = demo, False, 0
        self.password, self.setup_token = "correct horse", "t0k3n"
        self.epoch, self.inbox_epoch, self.pos = "e1", "i1", 0
        self.me: Json = {
            "id": "a1",
            "name": "Camille Durand",
            "email": "camille@maison-lin.example",
            "role": "agent",
            "status": "away",
            "reason": "",
            "since": 0,
            "language": "fr",
            "maximum": 4,
            "load": 0,
            "demo": demo,
            "csrf": None,
            "site": {"id": "demo", "name": "Maison Lin", "currency": "EUR", "time_zone": "Europe/Paris"},
        }
        self.convs: dict[str, Json] = {}
        self.entries: dict[str, list[Json]] = {}
        self.visitors: list[Json] = []
        self.journeys: dict[str, Json] = {}
        self.figures: Json = {"online": 0, "eligible": 0, "held_out": 0, "free": 1}
        self.install: Json = {}
        self.staff: list[Json] = []
        self.teams: list[Json] = []
        self.requests: list[Json] = []
        self.work: list[Json] = []
        self.codes: Json = {"wrap_up": "off", "codes": [], "reasons": []}
        self.tags: list[str] = []
        self.products: list[Json] = []
        self.coupons: list[Json] = []
        self.related: dict[str, Json] = {}
        self.done: list[Json] = []
        self.library = library_doors.Shelves()
        self.sockets: list[Socket] = []
        self.frames: list[Json] = []
        self.lose_acks = 0
        self.refuse_sockets = False
        self.nack: str | None = None

    # -- running

    def __enter__(self) -> ConsoleServer:
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        config = uvicorn.Config(self, log_level="error", ws="websockets-sansio", lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.ready = threading.Event()
        self.thread.start()
        self.ready.wait(10)
        return self

    def run(self) -> None:
        async def main() -> None:
            self.loop = asyncio.get_running_loop()
            self.ready.set()
            await self.server.serve(sockets=[self.socket])

        asyncio.run(main())

    def __exit__(self, *_: object) -> None:
        self.call(self.cut_all(1012))
        self.server.should_exit = True
        self.thread.join(10)

    def call(self, work: Any) -> Any:
        """Runs a coroutine in the server's loop and gives its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    # -- what a test says

    def say(self, conv: str, by: str, body: str, kind: str = "text", **more: Any) -> None:
        """Writes an entry, as the visitor or the server would, and tells whoever watches."""
        self.call(self.write(conv, by, body, kind, **more))

    def change(self, conv: str, **members: Any) -> None:
        self.convs[conv].update(members)
        self.call(self.tell("conv", conv=self.convs[conv]))

    def lose(self, conv: str) -> None:
        """Gives the conversation to somebody else."""
        self.convs.pop(conv)
        self.call(self.tell("gone", id=conv))

    def broadcast(self, **frame: Any) -> None:
        self.call(self.to_all(frame))

    def show_live(self) -> None:
        self.broadcast(t="live", visitors=self.visitors, **self.figures)

    def cut(self, code: int = 1012) -> None:
        self.call(self.cut_all(code))

    def texts(self, conv: str) -> list[str]:
        return [entry["body"] for entry in self.entries[conv]]

    # -- what the server does

    async def to_all(self, frame: Json) -> None:
        for one in [one for one in self.sockets if one.open]:
            if frame["t"] != "live" or one.live:
                await one.put(frame)

    async def tell(self, kind: str, **members: Any) -> None:
        self.pos += 1
        await self.to_all({"t": kind, "pos": self.pos, **members})

    async def cut_all(self, code: int) -> None:
        for one in list(self.sockets):
            await one.cut(code)
        self.sockets = []

    async def write(
        self, conv: str, by: str, body: str, kind: str = "text", cid: str | None = None, **more: Any
    ) -> Json:
        known = next((one for one in self.entries[conv] if cid and one["cid"] == cid), None)
        if known:
            return known
        seq = len(self.entries[conv]) + 1
        entry = {
            "seq": seq,
            "id": f"{conv}-{seq}",
            "by": by,
            "kind": kind,
            "body": body,
            "ts": now(),
            "cid": cid,
            "name": None,
        }
        entry |= more
        self.entries[conv].append(entry)
        if conv in self.convs:
            self.convs[conv]["head"] = seq
        for one in self.sockets:
            if conv in one.watched:
                await one.put({"t": "entry", "conv": conv, **entry})
        return entry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.talk(receive, send)
        elif scope["type"] == "http":
            await self.answer(scope, receive, send)

    async def talk(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        one = Socket(send)
        if self.refuse_sockets or not self.signed_in:
            return await one.cut(1012 if self.signed_in else 4001)
        self.sockets.append(one)
        while (message := await receive())["type"] == "websocket.receive":
            frame = json.loads(message["text"])
            self.frames.append(frame)
            await self.heard(one, frame)
        one.open = False
        return None

    def mine(self) -> list[Json]:
        return [conv for conv in self.convs.values() if conv["state"] == "open" and self.own(conv)]

    def own(self, conv: Json) -> bool:
        return conv["agent"] is not None and conv["agent"]["id"] == self.me["id"]

    def beside(self) -> Json:
        """The lists of the snapshot that hold what is not his to answer."""
        of = [one for one in self.convs.values() if one["agent"] and one["state"] != "queued"]
        others = [one for one in of if not self.own(one) and one["state"] == "open"]
        joined = [one for one in others if self.me["id"] in [guest["id"] for guest in one["guests"]]]
        return {
            "wrap": [one for one in of if self.own(one) and one["wrap"] == "due"],
            "help": [one for one in others if one["assistance_at"] is not None and one not in joined],
            "guest": joined,
        }

    def queue(self) -> list[Json]:
        return [conv for conv in self.convs.values() if conv["state"] == "queued"]

    async def heard(self, one: Socket, frame: Json) -> None:
        kind, conv = frame["t"], frame.get("conv", "")
        if kind == "hello":
            if (frame["epoch"], frame["pos"]) != (self.inbox_epoch, self.pos):
                inbox = {"epoch": self.inbox_epoch, "pos": self.pos, "me": self.me}
                await one.put({"t": "snapshot", **inbox, "mine": self.mine(), "queue": self.queue(), **self.beside()})
        elif kind == "watch":
            one.watched.add(conv)
            after = frame["last_seq"] if frame["epoch"] == self.epoch else 0
            page = [entry for entry in self.entries[conv] if entry["seq"] > after]
            head = len(self.entries[conv])
            await one.put(
                {"t": "welcome", "conv": conv, "epoch": self.epoch, "head": head, "entries": page, "more": False}
            )
        elif kind == "live":
            one.live = frame["on"]
            if one.live:
                await one.put({"t": "live", "visitors": self.visitors, **self.figures})
        elif kind == "send":
            await self.sent(one, frame)

    async def sent(self, one: Socket, frame: Json) -> None:
        conv, cid = frame["conv"], frame["cid"]
        if self.nack:
            return await one.put({"t": "nack", "conv": conv, "cid": cid, "code": self.nack, "fatal": True})
        if self.lose_acks:
            # Committed, but neither the entry nor the acknowledgement arrives: the wire breaks in between.
            self.lose_acks -= 1
            one.watched.clear()
            await self.write(conv, "agent", frame["body"], frame["kind"], cid, name=self.me["name"])
            return await one.cut()
        entry = await self.write(conv, "agent", frame["body"], frame["kind"], cid, name=self.me["name"])
        return await one.put({"t": "ack", "conv": conv, "cid": cid, "seq": entry["seq"], "ts": entry["ts"]})

    # -- over HTTP

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        query = scope["query_string"].decode()
        path, method = scope["path"] + (f"?{query}" if query else ""), scope["method"]
        if path.startswith("/api/v1/"):
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            status, read = await self.api(method, path.removeprefix("/api/v1/"), json.loads(body or b"{}"), headers)
            return await reply(send, status, json.dumps(read).encode(), "application/json")
        file = STATIC / ("console.html" if path == "/console" else path.removeprefix("/static/"))
        if not file.is_file():
            return await reply(send, 404, b"", "text/plain")
        kind = "font/woff2" if file.suffix == ".woff2" else mimetypes.guess_type(file.name)[0] or "text/plain"
        return await reply(send, 200, file.read_bytes(), kind)

    async def api(self, method: str, path: str, body: Json, headers: Json) -> tuple[int, Any]:
        if method != "GET" and headers.get("aparte-console") != "1":
            return 403, error("forbidden")
        if path in {"session", "setup"}:
            return await self.session(method, path, body)
        if not self.signed_in:
            return 401, error("signed_out")
        if path.startswith("me/"):
            return await desk_doors.change_me(self, path, body)
        for doors in (work_doors, library_doors):
            found = await doors.answer(self, method, path, body)
            if found is not None:
                return found
        if path.partition("?")[0].split("/")[0] in desk_doors.DOORS or path.endswith("/transfer"):
            return await desk_doors.answer(self, method, path, body)
        if path.startswith("visitors?") or path == "visitors":
            return 200, {"visitors": self.visitors, **self.figures}
        if path.startswith("visitors/"):
            journey = self.journeys.get(path.removeprefix("visitors/"))
            return (200, journey) if journey else (404, error("unknown_visitor"))
        if path == "install":
            return 200, self.install
        if path.startswith("alarms"):
            return 200, []
        return await self.conversation(method, path.partition("?")[0].split("/"), body)

    async def session(self, method: str, path: str, body: Json) -> tuple[int, Json]:
        if path == "setup":
            if body["token"] != self.setup_token:
                return 404, error("done")
            self.me |= {"name": body["name"], "email": body["email"]}
        elif method == "GET" and not self.signed_in:
            return 401, error("signed_out") | {"demo": self.demo, "setup": False}
        elif method == "DELETE":
            self.signed_in = False
            await self.cut_all(4001)
            return 200, {}
        elif method == "POST" and not body.get("demo") and body.get("password") != self.password:
            self.failures += 1
            return (429, error("too_many")) if self.failures > 3 else (401, error("wrong_credentials"))
        self.signed_in = True
        return 200, self.me

    async def conversation(self, method: str, path: list[str], body: Json) -> tuple[int, Json]:
        if len(path) < 2:
            return 404, error("not_found")  # what a test has no use for
        chosen, verb = path[1], path[-1]
        if verb == "take":
            waiting = [conv for conv in self.queue() if chosen in ("next", conv["id"])]
            if not waiting:
                return 404, error("nobody_waits")
            if len(self.mine()) >= self.me["maximum"]:
                return 409, error("no_slot")
            conv = waiting[0]
            conv |= {
                "state": "open",
                "agent": {"id": "a1", "name": self.me["name"]},
                "assign_ver": conv["assign_ver"] + 1,
            }
            await self.tell("conv", conv=conv)
            return 200, conv
        if method == "POST":
            written = [
                await self.write(chosen, "agent", one["body"], one["kind"], one["cid"]) for one in body["entries"]
            ]
            return 200, {"results": [{"cid": one["cid"], "seq": one["seq"], "ts": one["ts"]} for one in written]}
        return 200, {
            "epoch": self.epoch,
            "head": len(self.entries[chosen]),
            "entries": self.entries[chosen],
            "more": False,
        }


def error(code: str) -> Json:
    return {"error": {"code": code, "what": code, "where": "", "hint": ""}}


async def reply(send: Send, status: int, body: bytes, kind: str) -> None:
    headers = {"content-type": kind, "content-security-policy": POLICY, "cache-control": "no-store"}
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": b"" if status == 204 else body})
