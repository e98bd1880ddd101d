"""A WebSocket of uvicorn's that is counted for its address, takes little memory, and little time for a text."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import apply_mask  # type: ignore[attr-defined]

MOST_UNHEARD = 4
"""Frames of a socket that wait for the application before its socket is read no further."""


def release(counter: Counter[str], key: str) -> None:
    """One less; nothing is remembered of nobody."""
    if counter[key] > 1:
        counter[key] -= 1
    else:
        counter.pop(key, None)


def head_of(size: int) -> bytes:
    """What stands before a text of so many bytes: a whole frame, as servers send them, without a mask."""
    if size < 126:
        return bytes((0x81, size))
    return b"\x81\x7e" + size.to_bytes(2, "big") if size < 65_536 else b"\x81\x7f" + size.to_bytes(8, "big")


def whole_text(data: bytes) -> bytes | None:
    """The text of exactly one whole frame with a mask, as browsers send them; None for anything else."""
    if len(data) < 6 or data[0] != 0x81 or not 0x80 <= data[1] < 0xFF:
        return None
    size, start = data[1] & 0x7F, 6
    if size == 126:
        size, start = int.from_bytes(data[2:4], "big"), 8
    return apply_mask(data[start:], data[start - 4 : start]) if len(data) == start + size else None


def innermost(parser: Any) -> str:
    """The name of the function in which a parser, a generator of generators, waits for more."""
    while (deeper := getattr(parser, "gi_yieldfrom", None)) is not None:
        parser = deeper
    return getattr(parser, "__name__", "")


class Unheard:
    """What has come and nobody has taken yet: as much of a queue as uvicorn uses, a sixth of its memory, one reader."""

    __slots__ = ("_reader", "items")

    def __init__(self) -> None:
        self.items: list[ASGIReceiveEvent] = []
        """The oldest first."""
        self._reader: asyncio.Future[None] | None = None

    def put_nowait(self, item: ASGIReceiveEvent) -> None:
        """One more."""
        self.items.append(item)
        reader, self._reader = self._reader, None
        if reader is not None and not reader.done():
            reader.set_result(None)

    async def get(self) -> ASGIReceiveEvent:
        """The oldest, when there is one."""
        while not self.items:
            await self.comes()
        return self.items.pop(0)

    def comes(self) -> asyncio.Future[None]:
        """Until there is one; to be awaited where nothing waits."""
        self._reader = asyncio.get_running_loop().create_future()
        return self._reader

    def empty(self) -> bool:
        """Nothing waits."""
        return not self.items

    def qsize(self) -> int:
        """How many wait."""
        return len(self.items)


class Writable:
    """Whether the other side takes what is written: an event that is only made while it does not."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event: asyncio.Event | None = None

    def is_set(self) -> bool:
        """It does."""
        return self._event is None

    def set(self) -> None:
        """It does from now on."""
        event, self._event = self._event, None
        if event is not None:
            event.set()

    def clear(self) -> None:
        """It does not."""
        self._event = self._event or asyncio.Event()

    async def wait(self) -> None:
        """Until it does."""
        if self._event is not None:
            await self._event.wait()


class GuardedSocket(WebSocketsSansIOProtocol):
    """A WebSocket that is counted for its address."""

    def __init__(self, *args: Any, sockets: Counter[str], owner: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sockets, self._owner = sockets, owner
        self._between = False
        """Nothing of a frame has come that is not whole."""
        sockets[owner] += 1
        self.unheard = Unheard()
        self.queue, self.writable = self.unheard, Writable()  # type: ignore[assignment]

    def send_at_once(self, texts: Sequence[bytes]) -> bool:
        """Write whole text frames in one piece, without waiting; False, and nothing is done, where that cannot be."""
        if not self.handshake_complete or self.close_sent or not self.writable.is_set() or self.transport.is_closing():
            return False
        if len(texts) == 1:
            self.transport.write(head_of(len(texts[0])) + texts[0])
        else:
            self.transport.write(b"".join([part for text in texts for part in (head_of(len(text)), text)]))
        return True

    def data_received(self, data: bytes) -> None:
        """A whole text in one piece, as nearly all are, is read here; all else by the protocol's own parser."""
        text = whole_text(data) if self._between and self.handshake_complete and not self.close_sent else None
        if text is not None and text.isascii():
            # What is UTF-8 beyond doubt is handed on as bytes: nobody decodes it here to encode it again there.
            self.unheard.put_nowait({"type": "websocket.receive", "bytes": text})
            if len(self.unheard.items) > MOST_UNHEARD and not self.read_paused:
                self.read_paused = True
                self.transport.pause_reading()
            return
        if text is not None:
            self.curr_msg_data_type, self.frames = "text", [text]
            self.send_receive_event_to_app()
            return
        super().data_received(data)
        # Only where it waits for the beginning of a frame, and of a message, is the next byte one.
        self._between = innermost(self.conn.parser) == "at_eof" and not self.frames

    def send_receive_event_to_app(self) -> None:
        """As uvicorn does it, but reading goes on while few frames wait: stopping it costs calls of the kernel."""
        goes_on = not self.read_paused and self.queue.qsize() < MOST_UNHEARD
        self.read_paused = self.read_paused or goes_on
        try:
            super().send_receive_event_to_app()
        finally:
            self.read_paused = self.read_paused and not goes_on

    async def receive(self) -> ASGIReceiveEvent:
        """As uvicorn does it, with one coroutine instead of two."""
        items = self.unheard.items
        while not items:
            await self.unheard.comes()
        message = items.pop(0)
        if self.read_paused and not items:
            self.read_paused = False
            self.transport.resume_reading()
        return message

    async def send(self, message: ASGISendEvent) -> None:
        """As uvicorn does it; what the handshake said is let go, it would stay as long as the socket."""
        await super().send(message)
        if message["type"] == "websocket.accept":
            self.scope["headers"].clear()  # type: ignore[attr-defined]
            del self.request, self.response

    def connection_lost(self, exc: Exception | None) -> None:
        """Count one less."""
        release(self._sockets, self._owner)
        super().connection_lost(exc)
