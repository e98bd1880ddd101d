"""The server is killed in the middle of two conversations: what was acknowledged is there, nothing is there twice, and
every screen shows what the database holds.

One visitor writes over HTTP, another over a WebSocket, the agent over the console's socket; others only read.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

from running import Server, call, running, signed_in
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from aparte.backends.sqlite.store import open_reader

MESSAGES, KILLS = 200, 5
KEY = "demo"
GONE = (OSError, EOFError, TimeoutError, WebSocketException)
Told = dict[str, Any]


class Screen:
    """What one reader has on his screen. Anything shown twice, or with a hole before it, fails at once."""

    def __init__(self) -> None:
        self.entries: list[Told] = []
        self.epoch: str | None = None

    @property
    def last(self) -> int:
        """The number of the last entry."""
        return self.entries[-1]["seq"] if self.entries else 0

    def show(self, entry: Told) -> None:
        """One more."""
        assert entry["seq"] == self.last + 1, (self.last, entry)
        self.entries.append(entry)

    def take(self, frame: Told) -> None:
        """What a frame says of the entries."""
        match frame["t"]:
            case "welcome":
                self.epoch = frame["epoch"]
                assert not frame["more"]
                for entry in frame["entries"]:
                    self.show(entry)
            case "entry":
                self.show(frame)
            case "reset":
                raise AssertionError(frame)
            case _:
                pass  # of presence, watermarks and the queue nothing is kept


class Outbox:
    """Messages that wait for their acknowledgement, one at a time, as the widget sends them."""

    def __init__(self, who: str, count: int) -> None:
        self.todo = [(f"{who}-{n}", f"{who} says {n}") for n in range(count)]
        self.acked: dict[str, int] = {}

    async def deliver(self, send: Callable[[str, str], Awaitable[Told]]) -> None:
        """Everything that is left, each again until it is acknowledged; ends with the connection."""
        while self.todo:
            cid, body = self.todo[0]
            async with asyncio.timeout(60):  # a server that starts again on a busy machine
                result = await send(cid, body)
            assert result["cid"] == cid
            if result["t"] == "ack":
                self.acked[cid] = result["seq"]
                del self.todo[0]
            else:
                assert result["code"] in ("rate", "unavailable"), result
                await asyncio.sleep(min(0.3, result["retry_after"]))


class Talker:
    """One page with a socket: reads all the time, and writes what its outbox holds."""

    def __init__(self, server: Server, path: str, headers: dict[str, str], outboxes: dict[str, Outbox]) -> None:
        self.server, self.path, self.headers, self.outboxes = server, path, headers, outboxes
        self.screens: dict[str, Screen] = {}
        self.answers: asyncio.Queue[Told] = asyncio.Queue()
        self.done = False

    async def run(self) -> None:
        """Until told that it is done: connect, resume, go on."""
        while not self.done:
            try:
                uri = f"ws://127.0.0.1:{self.server.port}{self.path}"
                more = {"additional_headers": self.headers, "compression": None, "proxy": None}
                async with connect(uri, **more) as socket:  # type: ignore[arg-type]
                    await self.talk(socket)
            except GONE:
                await asyncio.sleep(0.05)

    async def talk(self, socket: ClientConnection) -> None:
        """One connection, from its hello to its end."""
        self.answers = asyncio.Queue()
        await self.greet(socket)
        writing = [asyncio.create_task(self.write(socket, *one)) for one in self.outboxes.items()]
        try:
            async for text in socket:
                frame = json.loads(text)
                if frame["t"] in ("ack", "nack"):
                    self.answers.put_nowait(frame)
                elif frame["t"] == "ping":
                    await socket.send('{"t":"pong"}')
                else:
                    await self.heard(socket, frame)
        finally:
            for task in writing:
                task.cancel()
            for found in await asyncio.gather(*writing, return_exceptions=True):
                if isinstance(found, Exception):
                    raise found

    async def write(self, socket: ClientConnection, conv: str, outbox: Outbox) -> None:
        """Deliver one outbox."""

        async def send(cid: str, body: str) -> Told:
            frame = {"t": "send", "cid": cid, "kind": "text", "body": body} | await self.about(conv)
            await socket.send(json.dumps(frame))
            return await self.answers.get()

        try:
            await outbox.deliver(send)
        except GONE:
            return

    async def about(self, conv: str) -> Told:
        """What a message says beside its text, once it may be said."""
        return {}

    async def greet(self, socket: ClientConnection) -> None:
        """The first frame."""

    async def heard(self, socket: ClientConnection, frame: Told) -> None:
        """Another frame."""
        next(iter(self.screens.values())).take(frame)


class VisitorTab(Talker):
    """A tab of a visitor who is engaged."""

    def __init__(self, server: Server, conv: str, token: str, outbox: Outbox | None = None) -> None:
        super().__init__(server, "/v1/socket", {}, {conv: outbox} if outbox else {})
        self.conv, self.token = conv, token
        self.screens = {conv: Screen()}

    async def greet(self, socket: ClientConnection) -> None:
        """With what the tab has already."""
        screen = self.screens[self.conv]
        said = {"t": "hello", "v": 1, "key": KEY, "token": self.token, "conv": self.conv}
        await socket.send(json.dumps(said | {"epoch": screen.epoch, "last_seq": screen.last}))


class Console(Talker):
    """The agent's console, which watches both conversations and writes in the first."""

    def __init__(self, server: Server, cookie: str, convs: list[str], outbox: Outbox) -> None:
        headers = {"Cookie": cookie, "Origin": server.url}
        super().__init__(server, "/api/v1/socket", headers, {convs[0]: outbox})
        self.screens = {conv: Screen() for conv in convs}
        self.version: dict[str, int] = {}
        self.given = asyncio.Event()

    async def greet(self, socket: ClientConnection) -> None:
        """Snapshot first: it tells whose the conversations are."""
        await socket.send('{"t":"hello","v":1,"tab":"a"}')
        snapshot = json.loads(await socket.recv())
        self.version = {one["id"]: one["assign_ver"] for one in snapshot["mine"]}
        self.given = asyncio.Event()
        for conv, screen in self.screens.items():
            watch = {"t": "watch", "conv": conv, "epoch": screen.epoch, "last_seq": screen.last}
            await socket.send(json.dumps(watch))

    async def about(self, conv: str) -> Told:
        """Which conversation, and that it is his; nobody writes in one that still waits in the queue."""
        while conv not in self.version:
            self.given.clear()
            await self.given.wait()
        return {"conv": conv, "assign_ver": self.version[conv]}

    async def heard(self, socket: ClientConnection, frame: Told) -> None:
        """Frames of conversations name theirs."""
        if frame["t"] == "conv":
            if frame["conv"]["agent"] is not None:
                self.version[frame["conv"]["id"]] = frame["conv"]["assign_ver"]
                self.given.set()
        elif frame["t"] in ("welcome", "entry", "reset"):
            self.screens[frame["conv"]].take(frame)


async def write_by_http(server: Server, conv: str, token: str, outbox: Outbox) -> None:
    """A visitor whose network lets no sockets through."""

    async def send(cid: str, body: str) -> Told:
        said = {"key": KEY, "token": token, "entries": [{"cid": cid, "kind": "text", "body": body}]}
        return cast(Told, (await call(server, "POST", f"/v1/conv/{conv}/entries", said))["results"][0])

    await outbox.deliver(send)


async def read_by_http(server: Server, conv: str, token: str, screen: Screen, until: Callable[[], bool]) -> None:
    """The long poll."""
    headers = f"Authorization: Bearer {token}\r\nAparte-Key: {KEY}\r\n"
    while not until():
        found = await call(server, "GET", f"/v1/conv/{conv}/entries?after={screen.last}&wait=1", headers=headers)
        for entry in found["entries"]:
            screen.show(entry)


async def opened(server: Server) -> tuple[str, str]:
    """A conversation and its visitor's token."""
    said = {"key": KEY, "token": None, "language": "fr", "url": "/shop"}
    begun = await call(server, "POST", "/v1/conversations", said)
    return begun["conversation"]["id"], begun["token"]


async def killed(server: Server, outboxes: list[Outbox]) -> None:
    """Kill the server each time another share of the messages is acknowledged."""
    whole = len(outboxes) * MESSAGES
    for n in range(KILLS):
        while sum(len(one.acked) for one in outboxes) < whole * (n + 1) // (KILLS + 1):  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)


def head(data: Path, conv: str) -> int:
    """The number of the last entry that the database holds."""
    reader = open_reader(data)
    try:
        return reader.last_entries(conv, limit=1)[-1].seq
    finally:
        reader.close()


def test_no_acknowledged_message_is_lost_none_is_there_twice_and_all_screens_agree(tmp_path: Path) -> None:
    boxes = {who: Outbox(who, MESSAGES) for who in ("http", "socket", "agent")}
    screens: dict[str, list[Screen]] = {}

    async def story(server: Server) -> None:
        cookie = await signed_in(server)
        (first, his), (second, hers) = await opened(server), await opened(server)
        polled = Screen()
        console = Console(server, cookie, [first, second], boxes["agent"])
        tabs = [VisitorTab(server, first, his), VisitorTab(server, second, hers, boxes["socket"])]
        tabs.append(VisitorTab(server, second, hers))
        talkers = [console, *tabs]
        running_ = [asyncio.create_task(one.run()) for one in talkers]
        screens[first] = [console.screens[first], tabs[0].screens[first], polled]
        screens[second] = [console.screens[second], *(tab.screens[second] for tab in tabs[1:])]

        def finished() -> bool:
            for task in running_:
                if task.done():
                    task.result()
            if any(box.todo for box in boxes.values()):
                return False
            return all(screen.last == head(tmp_path, conv) for conv, shown in screens.items() for screen in shown)

        async with asyncio.timeout(240):
            await asyncio.gather(
                killed(server, list(boxes.values())),
                write_by_http(server, first, his, boxes["http"]),
                read_by_http(server, first, his, polled, finished),
            )
        for talker, task in zip(talkers, running_, strict=True):
            talker.done = True
            task.cancel()
        await asyncio.gather(*running_, return_exceptions=True)

    with running("demo", "--data", str(tmp_path), "--no-simulation", "--no-history") as server:
        asyncio.run(story(server))
    reader = open_reader(tmp_path)
    kept = {conv: reader.entries(conv, after=0, limit=10 * MESSAGES) for conv in screens}
    reader.close()
    for conv, entries in kept.items():
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        for screen in screens[conv]:
            assert [(one["seq"], one["id"], one["kind"], one["body"]) for one in screen.entries] == [
                (one.seq, one.id, one.kind, one.body) for one in entries
            ]
    for who, box in boxes.items():
        mine = [one for entries in kept.values() for one in entries if one.body.startswith(f"{who} says")]
        assert [one.body for one in mine] == [f"{who} says {n}" for n in range(MESSAGES)]
        assert {one.cid: one.seq for one in mine} == box.acked
