"""One socket: a bounded queue of frames that go out, a reader of frames that come in, and the reason it was closed."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from aparte.web.limits import Buckets
from aparte.web.plain import Receive, Scope, Send, address_of, encode

MOST_FRAMES = 256
MOST_BYTES = 1024 * 1024
FRAMES_A_SECOND, FRAMES_AT_ONCE = 50.0, 200

AUTH, FORBIDDEN, SLOW, REPLACED, POSITION, RATE = 4001, 4003, 4008, 4009, 4010, 4029
TOO_BIG, UNREADABLE, RESTART, SILENT = 1009, 1007, 1012, 1001


class Connection:
    """Frames are put without waiting; whoever does not read them in time is closed, and resumes later."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, *, frame: int, grace: float) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._frame, self._grace = frame, grace
        self._queue: deque[tuple[str, int]] = deque()
        self._size = 0
        self._sending = False
        """A frame is on its way: later ones wait behind it."""
        self._at_once: Callable[[bytes], bool] | None = getattr(getattr(send, "__self__", None), "send_at_once", None)
        self._wake = asyncio.Event()
        self._close_asked = asyncio.Event()
        self._closing: tuple[int, str] | None = None
        self._incoming = Buckets(FRAMES_A_SECOND, FRAMES_AT_ONCE)
        self.address = address_of(scope)
        self.opened_at = self.heard_at = self.pinged_at = asyncio.get_running_loop().time()
        self.greeted = False
        """The first frame was a `hello` that was believed."""

    @property
    def closing(self) -> bool:
        """Nothing more is sent."""
        return self._closing is not None

    @property
    def backlog(self) -> int:
        """Frames that wait to be sent."""
        return len(self._queue)

    def put(self, frame: dict[str, Any]) -> None:
        """Queue a frame."""
        self.put_encoded(encode(frame))

    def put_encoded(self, frame: bytes) -> None:
        """Queue a frame that several sockets share."""
        if self._closing is not None:
            return
        if not self._queue and not self._sending and self._at_once is not None and self._at_once(frame):
            return
        if len(self._queue) >= MOST_FRAMES or self._size + len(frame) > MOST_BYTES:
            self._queue.clear()  # it resumes from the store
            self.close(SLOW, "slow")
            return
        self._queue.append((frame.decode(), len(frame)))
        self._size += len(frame)
        self._wake.set()

    def excused(self, late: float) -> None:
        """So many seconds of silence were not the client's."""
        self.heard_at += late
        self.opened_at += late

    def close(self, code: int, reason: str = "") -> None:
        """Close when what is queued has gone; only the first reason counts."""
        if self._closing is None:
            self._closing = (code, reason)
            self._close_asked.set()
            self._wake.set()

    async def run(self, on_frame: Callable[[bytes], Awaitable[None]]) -> None:
        """Accept, and serve until one side ends it."""
        if (await self._receive())["type"] != "websocket.connect":
            return
        await self._send({"type": "websocket.accept"})
        reader = asyncio.create_task(self._read(on_frame))
        writer = asyncio.create_task(self._write())
        closing = asyncio.create_task(self._closed())
        await asyncio.wait({reader, writer, closing}, return_when=asyncio.FIRST_COMPLETED)
        await self._finish(reader, writer, closing)

    async def _finish(
        self, reader: asyncio.Task[None], writer: asyncio.Task[None], closing: asyncio.Task[None]
    ) -> None:
        failed = reader.done() and not reader.cancelled() and reader.exception() is not None
        if self.closing and not writer.done():
            await asyncio.wait({writer}, timeout=self._grace)
            if not writer.done():
                self._hang_up()
        for task in (reader, writer, closing):
            task.cancel()
        await asyncio.wait({reader, writer, closing})
        if failed:
            with contextlib.suppress(RuntimeError, OSError):  # it may be gone already
                await self._send({"type": "websocket.close", "code": 1011})
            reader.result()

    async def _closed(self) -> None:
        await self._close_asked.wait()

    async def _read(self, on_frame: Callable[[bytes], Awaitable[None]]) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            self.heard_at = asyncio.get_running_loop().time()
            text = message.get("text")
            data = message.get("bytes") or b"" if text is None else text.encode("utf-8", "surrogatepass")
            if len(data) > self._frame:
                self.close(TOO_BIG, "too big")
            elif self._incoming.take("", self.heard_at):
                self.close(RATE, "rate")
            elif not self.closing:
                await on_frame(data)

    async def _write(self) -> None:
        while True:
            while self._queue:
                text, size = self._queue.popleft()
                self._size -= size
                self._sending = True
                await self._send({"type": "websocket.send", "text": text})
                self._sending = False
            if self._closing is not None:
                code, reason = self._closing
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
                return
            self._wake.clear()
            await self._wake.wait()

    def _hang_up(self) -> None:
        # It does not even read why it was closed: the transport would wait for it for ever.
        abort = (self._scope.get("extensions") or {}).get("aparte.abort")
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if callable(abort):
            abort()
        elif transport is not None:
            transport.abort()
