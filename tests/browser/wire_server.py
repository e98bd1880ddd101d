"""A small scripted server that speaks the wire of docs/reference/wire.md to a browser.

It answers as the test says (an offer, a conversation, a refusal), keeps every request, and can be nasty at will: cut a
socket after it has written a message and before it acknowledged it, let no socket up, answer 503.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import uvicorn

STATIC = Path(__file__).parents[2] / "src" / "aparte" / "static"
TOKEN = "v1.k1.0123456789abcdef0123456789abcdef.1700000000000.mac"
VISITOR = "0123456789abcdef0123456789abcdef"
CONFIG = {
    "site": "demo",
    "mode": "full",
    "language": "fr",
    "languages": ["fr", "en"],
    "button": True,
    "help": "chat",
    "query": ["utm_source", "utm_campaign"],
    "look": {
        "colour": "#20392F",
        "on_colour": "#FFFFFF",
        "position": "right",
        "radius": 18,
        "font": "inherit",
        "quote_font": "",
    },
    "words": {},
}
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class Request:
    """What the browser asked."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    text: str
    at: float = field(default_factory=time.monotonic)

    @property
    def json(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.text)
        return body


@dataclass
class Conversation:
    """The entries that are written, and what each cid became."""

    id: str = "c1"
    epoch: str = "e1"
    state: str = "queued"
    agent: dict[str, str] | None = None
    position: int | None = 1
    wait_s: int | None = 60
    form: bool = False
    preview: bool = False
    asks: tuple[str, ...] = ("csat", "solved", "ces", "nps")
    entries: list[dict[str, Any]] = field(default_factory=list)
    by_cid: dict[str, dict[str, Any]] = field(default_factory=dict)
    survey: dict[str, Any] | None = None

    @property
    def head(self) -> int:
        return len(self.entries)

    def write(self, by: str, kind: str, body: str, cid: str | None = None) -> dict[str, Any]:
        if cid and cid in self.by_cid:
            return self.by_cid[cid]
        seq = self.head + 1
        entry = {"seq": seq, "id": f"m{seq}", "by": by, "kind": kind, "body": body, "ts": 1_795_356_540_000 + seq}
        if cid:
            entry["cid"] = cid
            self.by_cid[cid] = entry
        if by == "agent":
            entry["name"] = "Camille"
        self.entries.append(entry)
        return entry

    def standing(self) -> dict[str, Any]:
        waits = self.state == "queued"
        return {
            "state": self.state,
            "position": self.position if waits else None,
            "wait_s": self.wait_s if waits else None,
            "agent": self.agent,
            "form": waits and self.form,
            "preview": self.preview,
            "asks": self.asks,
        }

    def page(self, after: int) -> dict[str, Any]:
        entries = [entry for entry in self.entries if entry["seq"] > after]
        return {"epoch": self.epoch, "head": self.head, "entries": entries, "more": False, **self.standing()}

    def outside(self) -> dict[str, Any]:
        return {"id": self.id, "epoch": self.epoch, "head": self.head, "survey": False, **self.standing()}


class WireServer:
    """One site, one visitor, at most one conversation; `port` is the system's choice."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        self.config: dict[str, Any] = json.loads(json.dumps(CONFIG))
        self.offer: dict[str, Any] | None = None
        self.offer_over = False
        self.answers_to_lose = 0
        self.conversation: Conversation | None = None
        self.help = "chat"
        self.asked: dict[str, dict[str, Any]] = {}
        self.requests_to_lose = 0
        self.button = True
        self.wake_in_ms: int | None = 300
        self.pulse_status = 200
        self.pulse_headers: dict[str, str] = {}
        self.sockets_allowed = True
        self.acks_to_lose = 0
        self.deaf = False
        self.sockets: dict[int, Send] = {}
        self.sockets_opened = 0
        self.frames: list[dict[str, Any]] = []
        self.loop: asyncio.AbstractEventLoop | None = None
        self.port = 0

    # What a test does and asks.

    def calls(self, path: str) -> list[Request]:
        return [request for request in list(self.requests) if request.path == path]

    def pulses(self) -> list[dict[str, Any]]:
        return [request.json for request in self.calls("/v1/pulse")]

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """Events as they arrived, each message id once; of one name when it is given (`page` for pages)."""
        seen: dict[str, dict[str, Any]] = {}
        for pulse in self.pulses():
            for event in pulse["events"]:
                seen.setdefault(event["messageId"], event)
        return [event for event in seen.values() if name in (None, event.get("event", event["type"]))]

    def invite(
        self, message: str = "Une question sur la taille ou la livraison de vos chemises ?", **more: Any
    ) -> None:
        self.offer = {
            "engagement": "g1",
            "channel": "chat",
            "message": message,
            "language": "fr",
            "appearance": None,
            "expires_in_ms": 29_000,
            "state": "offered",
            **more,
        }

    def say(self, body: str, *, by: str = "agent", kind: str = "text") -> None:
        """An entry of the other side, written and told to every socket."""
        assert self.conversation is not None
        self.tell({"t": "entry", **self.conversation.write(by, kind, body)})

    def joined(self, name: str = "Camille") -> None:
        """An agent takes the conversation."""
        assert self.conversation is not None
        self.conversation.state, self.conversation.agent = "open", {"name": name}
        self.tell({"t": "state", "state": "open", "agent": {"name": name}})

    def waits(self, position: int | None, wait_s: int | None, *, form: bool = False) -> None:
        """What the queue says of the one who waits."""
        talk = self.conversation
        assert talk is not None
        talk.position, talk.wait_s, talk.form = position, wait_s, form
        self.tell({"t": "queue", "position": position, "wait_s": wait_s, "form": form})

    def tell(self, frame: dict[str, Any]) -> None:
        for send in list(self.sockets.values()):
            self._run(_text(send, frame))

    def cut(self) -> None:
        """Every socket breaks."""
        for send in list(self.sockets.values()):
            self._run(_tell(send, {"type": "websocket.close", "code": 1012}))

    def _run(self, work: Any) -> None:
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    # The server's side.

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.loop = asyncio.get_running_loop()
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            part = await receive()
            if part["type"] == "http.disconnect":
                return
            body, more = body + part.get("body", b""), part.get("more_body", False)
        request = Request(
            scope["method"],
            scope["path"],
            parse_qs(scope["query_string"].decode()),
            {name.decode(): value.decode() for name, value in scope["headers"]},
            body.decode(),
        )
        self.requests.append(request)
        status, answer, headers = await self._answer(request)
        allowed = {
            "access-control-allow-origin": request.headers.get("origin", "*"),
            "access-control-allow-headers": "authorization, aparte-key, content-type",
            "cache-control": "no-store",
        }
        lines = [(name.encode(), value.encode()) for name, value in (allowed | headers).items()]
        await send({"type": "http.response.start", "status": status, "headers": lines})
        await send({"type": "http.response.body", "body": answer})

    async def _answer(self, request: Request) -> tuple[int, bytes, dict[str, str]]:
        path = request.path
        if request.method == "OPTIONS":
            return 204, b"", {}
        if path in self.pages:
            html, headers = self.pages[path]
            return 200, html.encode(), {"content-type": "text/html; charset=utf-8", **headers}
        if path in {"/aparte.js", "/aparte-widget.js", "/aparte-widget-chat.js"}:
            return 200, (STATIC / path[1:]).read_bytes(), {"content-type": "text/javascript; charset=utf-8"}
        status, answer = await self._api(request)
        more = self.pulse_headers if status >= 400 else {}
        exposed = {"content-type": "application/json", "access-control-expose-headers": "retry-after"}
        return status, json.dumps(answer).encode(), exposed | more

    async def _api(self, request: Request) -> tuple[int, Any]:
        path = request.path
        if path == "/v1/config":
            return 200, self.config | {"help": self.help}
        if path == "/v1/pulse":
            return self.pulse_status, self._pulse(request.json)
        if path.startswith("/v1/offers/"):
            return self._offer(path.rpartition("/")[2])
        if path == "/v1/requests":
            return await self._ask(request.json)
        if path == "/v1/conversations":
            self.conversation = self.conversation or Conversation()
            return 200, {"token": TOKEN, "conversation": self.conversation.outside()}
        if path.startswith("/v1/conv/") and self.conversation:
            return await self._conversation(request, self.conversation, path.rpartition("/")[2])
        return 404, {"error": {"code": "not_found", "what": path, "where": "", "hint": ""}}

    def _pulse(self, pulse: dict[str, Any]) -> dict[str, Any]:
        if pulse["consent"] == "denied":
            return {}
        talk = self.conversation
        answer: dict[str, Any] = {
            "visitor": VISITOR,
            "offer": self.offer,
            "conversation": talk and talk.state != "closed" and {"id": talk.id, "state": talk.state, "head": talk.head},
            "agents": self.help == "chat",
            "help": self.help,
            "button": self.button,
            "wake_in_ms": self.wake_in_ms,
        }
        return answer if pulse["token"] else answer | {"token": TOKEN}

    def _offer(self, what: str) -> tuple[int, Any]:
        if self.offer_over:
            return 410, {"error": {"code": "offer_over", "what": "", "where": "", "hint": ""}}
        if what == "shown":
            if self.offer:
                self.offer["state"] = "shown"
            return 200, {}
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            return 503, {}
        invited, self.offer = self.offer, None
        if what != "accept":
            return 200, {}
        if invited and invited["channel"] == "callback":
            self.asked[invited["engagement"]] = {"kind": "callback"}
            return 200, {"conversation": None, "request": {"id": invited["engagement"]}}
        if not self.conversation:
            self.conversation = Conversation()
            self.conversation.write("system", "offer", invited["message"] if invited else "")
        return 200, {"conversation": self.conversation.outside()}

    async def _ask(self, said: dict[str, Any]) -> tuple[int, Any]:
        """As the desk does it: one request for each cid or invitation, and whoever waits leaves the queue."""
        phone = said["kind"] == "callback"
        if phone and len(said["phone"]) < 6:
            return 400, {"error": {"code": "bad_phone"}}
        if not phone and "@" not in said["email"]:
            return 400, {"error": {"code": "bad_email"}}
        if not phone and not said["body"].strip():
            return 400, {"error": {"code": "empty"}}
        number = said["engagement"] if said["engagement"] in self.asked else said["cid"]
        words = {name: said[name] for name in ("kind", "name", "phone", "email", "body", "wanted") if said.get(name)}
        known = self.asked.get(number, {})
        if any(known[name] != words[name] for name in known.keys() & words.keys()):
            return 409, {"error": {"code": "cid_conflict"}}
        self.asked[number] = known | words
        if self.conversation and self.conversation.state == "queued":
            self.conversation.state = "closed"
            await self._broadcast({"t": "entry", **self.conversation.write("visitor", "close", "request")})
        if self.requests_to_lose:
            self.requests_to_lose -= 1
            return 503, {}
        return 200, {"token": TOKEN, "request": {"id": number}}

    async def _conversation(self, request: Request, talk: Conversation, what: str) -> tuple[int, Any]:
        if request.method == "GET":
            after, until = int(request.query["after"][0]), float(request.query["wait"][0])
            for _ in range(int(min(until, 2) / 0.05)):
                if talk.head > after:
                    break
                await asyncio.sleep(0.05)
            return 200, talk.page(after)
        if what == "entries":
            return 200, {
                "results": [
                    _ack(talk.write("visitor", "text", one["body"], one["cid"])) for one in request.json["entries"]
                ]
            }
        if what == "close":
            talk.state = "closed"
            await self._broadcast({"t": "entry", **talk.write("system", "close", "")})
        if what == "survey":
            talk.survey = request.json
        return 200, {}

    async def _broadcast(self, frame: dict[str, Any]) -> None:
        for send in list(self.sockets.values()):
            await _text(send, frame)

    async def _socket(self, receive: Receive, send: Send) -> None:
        await receive()
        if not self.sockets_allowed:
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "websocket.accept"})
        self.sockets_opened += 1
        me = self.sockets_opened
        try:
            while (message := await receive())["type"] == "websocket.receive":
                await self._frame(json.loads(message["text"]), send)
                self.sockets[me] = send  # nothing is told before the hello is answered
        finally:
            self.sockets.pop(me, None)

    async def _frame(self, frame: dict[str, Any], send: Send) -> None:
        self.frames.append(frame)
        talk = self.conversation
        if talk is None or self.deaf:
            return
        if frame["t"] == "hello":
            if frame["epoch"] not in (None, talk.epoch) or frame["last_seq"] > talk.head:
                await _text(send, {"t": "reset", "epoch": talk.epoch, "reason": "epoch"})
                frame["last_seq"] = 0
            await _text(send, {"t": "welcome", "limits": {}, "server_ts": 0, **talk.page(frame["last_seq"])})
        elif frame["t"] == "send":
            known = frame["cid"] in talk.by_cid
            entry = talk.write("visitor", "text", frame["body"], frame["cid"])
            if self.acks_to_lose:
                self.acks_to_lose -= 1
                await _tell(send, {"type": "websocket.close", "code": 1012})
                return
            if not known:
                await self._broadcast({"t": "entry", **entry})
            await _text(send, {"t": "ack", **_ack(entry)})


def _ack(entry: dict[str, Any]) -> dict[str, Any]:
    return {"cid": entry["cid"], "seq": entry["seq"], "ts": entry["ts"]}


async def _text(send: Send, frame: dict[str, Any]) -> None:
    await _tell(send, {"type": "websocket.send", "text": json.dumps(frame)})


async def _tell(send: Send, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # who has just left hears nothing, and that is no fault
        await send(message)


@contextlib.contextmanager
def serving(app: WireServer) -> Iterator[WireServer]:
    """Serve it from a thread, on a port of the system's choice, until the block is left."""
    settings = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_level="critical",
        lifespan="off",
        ws="websockets-sansio",
        timeout_graceful_shutdown=0,
    )
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the scripted server did not start"
    app.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield app
    finally:
        server.should_exit = True
        thread.join(10)
