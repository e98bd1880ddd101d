"""One socket: a bounded queue of frames that go out, a reader of frames that come in, and the reason it was closed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from aparte.web.plain import Receive, Scope, Send, address_of, encode

MOST_FRAMES = 256
MOST_BYTES = 1024 * 1024
FRAMES_A_SECOND, FRAMES_AT_ONCE = 50.0, 200

AUTH, FORBIDDEN, SLOW, REPLACED, POSITION, RATE = 4001, 4003, 4008, 4009, 4010, 4029
TOO_BIG, UNREADABLE, RESTART, SILENT, GONE = 1009, 1007, 1012, 1001, 1006

AtOnce: TypeAlias = Callable[[Sequence[bytes]], bool]
"""Writes whole frames without waiting; False, and nothing is done, where that cannot be."""


class Connection:
    """Frames are put without waiting; whoever does not read them in time is closed, and resumes later.

    One task serves a socket: it reads. Frames that are put in one turn of the loop leave together at its end; a task
    that writes is there only while the other side does not take them, and one more while the socket is closed.
    """

    __slots__ = (
        "_accepted", "_at_once", "_closer", "_closing", "_due", "_frame", "_grace", "_level", "_level_at", "_loop",
        "_queue", "_reader", "_receive", "_scope", "_send", "_size", "_writer", "address", "greeted", "heard_at",
        "opened_at", "pinged_at",
    )  # fmt: skip

    def __init__(self, scope: Scope, receive: Receive, send: Send, *, frame: int, grace: float) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._frame, self._grace = frame, grace
        self._queue: list[bytes] = []
        self._size = 0
        self._due = False
        """What is queued leaves at the end of this turn."""
        self._at_once: AtOnce | None = getattr(getattr(send, "__self__", None), "send_at_once", None)
        self._closing: tuple[int, str] | None = None
        self._reader: asyncio.Task[Any] | None = None
        self._writer: asyncio.Task[None] | None = None
        self._closer: asyncio.Task[None] | None = None
        self._accepted = False
        self._loop = asyncio.get_running_loop()
        self.address = address_of(scope)
        self.opened_at = self.heard_at = self.pinged_at = self._level_at = self._loop.time()
        self._level = float(FRAMES_AT_ONCE)
        """How many frames may come at once, at `_level_at`."""
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
        size = len(frame)
        if len(self._queue) >= MOST_FRAMES or self._size + size > MOST_BYTES:
            self._leave()  # it may have waited for the end of this turn only
            if len(self._queue) >= MOST_FRAMES or self._size + size > MOST_BYTES:
                self._queue.clear()  # it resumes from the store
                self.close(SLOW, "slow")
                return
        self._queue.append(frame)
        self._size += size
        if not self._due:
            self._due = True
            self._loop.call_soon(self._leave)

    def _leave(self) -> None:
        """Write what is queued in one piece, or have it written as the other side takes it."""
        self._due = False
        if self._writer is not None or self._closing is not None or not self._queue or not self._accepted:
            return
        if self._at_once is not None and self._at_once(self._queue):
            self._queue.clear()
            self._size = 0
        else:
            self._writer = self._loop.create_task(self._write())

    def excused(self, late: float) -> None:
        """So many seconds of silence were not the client's."""
        self.heard_at += late
        self.opened_at += late

    def close(self, code: int, reason: str = "") -> None:
        """Close when what is queued has gone; only the first reason counts."""
        if self._closing is None:
            self._closing = (code, reason)
            if self._accepted:
                self._closer = self._loop.create_task(self._close())

    async def run(self, on_frame: Callable[[bytes], Awaitable[None]]) -> None:
        """Accept, and serve until one side ends it."""
        if (await self._receive())["type"] != "websocket.connect":
            return
        await self._send({"type": "websocket.accept"})
        self._accepted = True
        if self._closing is not None:
            self._closer = self._loop.create_task(self._close())
        self._leave()
        reader = self._reader = asyncio.current_task()
        try:
            await self._read(on_frame)
        except asyncio.CancelledError:
            if self._reader is not None or reader is None:
                raise
            reader.uncancel()  # it was `_close`
        except Exception:
            with contextlib.suppress(RuntimeError, OSError):  # it may be gone already
                await self._send({"type": "websocket.close", "code": 1011})
            raise
        finally:
            await self._finish()

    async def _finish(self) -> None:
        self._reader = None
        self._closing = self._closing or (GONE, "gone")
        if self._closer is not None:
            await asyncio.wait({self._closer})
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.wait({self._writer})

    async def _close(self) -> None:
        """Say why when what is queued has gone, within the time of grace; then nobody reads any more."""
        writer = self._writer = self._writer or self._loop.create_task(self._write())
        await asyncio.wait({writer}, timeout=self._grace)
        if not writer.done():
            self._hang_up()
            writer.cancel()
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.cancel()

    async def _read(self, on_frame: Callable[[bytes], Awaitable[None]]) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            self.heard_at = self._loop.time()
            text = message.get("text")
            data = message.get("bytes") or b"" if text is None else text.encode("utf-8", "surrogatepass")
            if len(data) > self._frame:
                self.close(TOO_BIG, "too big")
            elif self._too_fast(self.heard_at):
                self.close(RATE, "rate")
            elif self._closing is None:
                await on_frame(data)

    def _too_fast(self, now: float) -> bool:
        """Whether more frames come than may; each one that is let in counts."""
        level = min(float(FRAMES_AT_ONCE), self._level + (now - self._level_at) * FRAMES_A_SECOND)
        self._level_at = now
        self._level = level - 1 if level >= 1 else level
        return level < 1

    async def _write(self) -> None:
        try:
            while self._queue:
                frame = self._queue.pop(0)
                self._size -= len(frame)
                await self._send({"type": "websocket.send", "text": frame.decode()})
            if self._closing is not None:
                code, reason = self._closing
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except (RuntimeError, OSError):
            self._queue.clear()  # it is gone; the reader hears of it
        finally:
            self._writer = None

    def _hang_up(self) -> None:
        # It does not even read why it was closed: the transport would wait for it for ever.
        abort = (self._scope.get("extensions") or {}).get("aparte.abort")
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if callable(abort):
            abort()
        elif transport is not None:
            transport.abort()
