"""The agent's console as a client: it watches its conversations by a socket, and writes by the socket or by HTTP."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from client import SocketPage, Told, demand
from http_line import HttpLine
from unacknowledged import Item
from websockets.asyncio.client import ClientConnection


def staff_headers(port: int, cookie: str) -> dict[str, str]:
    """Those of a change that the console makes."""
    return {"Cookie": cookie, "Origin": f"http://127.0.0.1:{port}", "Aparte-Console": "1"}


def as_lines(headers: dict[str, str]) -> str:
    """The same as text."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


class Console(SocketPage):
    """One tab of an agent."""

    path = "/api/v1/socket"

    def __init__(self, cookie: str, by_http: bool, *words: Any) -> None:
        super().__init__(*words)
        self.headers = staff_headers(self.port, cookie)
        self.by_http = by_http
        self.version: dict[str, int] = {}
        self._ready = asyncio.Event()

    async def greet(self, socket: ClientConnection) -> None:
        """Inbox first: the snapshot tells whose the conversations are."""
        await socket.send(json.dumps({"t": "hello", "v": 1, "tab": self.name}))
        for conv, screen in self.screens.items():
            said = {"t": "watch", "conv": conv, "epoch": screen.epoch, "last_seq": screen.last}
            await socket.send(json.dumps(said))

    def conv_of(self, frame: Told) -> str:
        """Frames of conversations name theirs."""
        return str(frame["conv"])

    def frame(self, item: Item) -> Told:
        """With the number of the assignment."""
        return {**super().frame(item), "conv": item.conv, "assign_ver": self.version.get(item.conv, 0)}

    async def heard(self, socket: ClientConnection, frame: Told) -> None:
        """Whose a conversation is, beside what all pages hear."""
        if frame["t"] == "snapshot":
            self.version |= {one["id"]: one["assign_ver"] for one in frame["mine"]}
        elif frame["t"] == "conv":
            self.version[frame["conv"]["id"]] = frame["conv"]["assign_ver"]
        await super().heard(socket, frame)

    async def connection(self) -> None:
        """The socket, and a line beside it where it writes by HTTP."""
        if not self.by_http:
            await super().connection()
            return
        line = HttpLine(self.port, self.pace.ack)
        tasks = [asyncio.create_task(super().connection()), asyncio.create_task(self.deliver(line))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await next(task for task in tasks if task.done())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            line.drop()

    async def deliver(self, line: HttpLine) -> None:
        """Everything that waits in conversations that are welcomed, one conversation after the other."""
        while True:
            await self._ready.wait()
            self._ready.clear()
            for conv in tuple(self.live):
                while items := self.outbox.of(conv)[:50]:
                    await self.write_some(line, conv, items)

    async def write_some(self, line: HttpLine, conv: str, items: list[Item]) -> None:
        """One POST."""
        for item in items:
            self.sent(item.cid)
        said = {"entries": [one.wire() for one in items], "assign_ver": self.version.get(conv, 0)}
        status, found = await line.call("POST", f"/api/v1/conversations/{conv}/entries", said, as_lines(self.headers))
        demand(status, found)
        if False in [self.answered(one) for one in found["results"]]:
            await asyncio.sleep(self.pace.cap)

    def post(self, item: Item) -> None:
        """By the socket, or left to the writer."""
        if self.by_http:
            self._ready.set()
        else:
            super().post(item)
