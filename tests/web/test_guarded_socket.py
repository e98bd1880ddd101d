"""What makes sockets cheap: a whole text is read in one step, frames of one turn leave in one piece."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from aparte.web.connection import MOST_FRAMES, Connection
from aparte.web.guarded_socket import Unheard, innermost, whole_text

HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
frames = st.builds(
    lambda kind, text, fin: Frame(kind, text, fin=fin).serialize(mask=True),
    st.sampled_from([Opcode.TEXT, Opcode.TEXT, Opcode.BINARY]), st.binary(max_size=300), st.booleans(),
)  # fmt: skip


@given(st.binary(max_size=70_000))
def test_a_whole_text_is_read_as_the_protocols_own_parser_reads_it(text: bytes) -> None:
    frame = Frame(Opcode.TEXT, text).serialize(mask=True)
    assert whole_text(frame) == (text if len(text) < 65_536 else None)
    assert whole_text(frame[:-1]) is None
    assert whole_text(frame + b"\x81") is None


@given(st.binary(max_size=40))
def test_what_is_no_whole_text_with_a_mask_is_left_to_the_parser(text: bytes) -> None:
    assert whole_text(Frame(Opcode.BINARY, text).serialize(mask=True)) is None
    assert whole_text(Frame(Opcode.TEXT, text, fin=False).serialize(mask=True)) is None
    assert whole_text(Frame(Opcode.TEXT, text).serialize(mask=False)) is None


@given(frames)
def test_only_between_two_frames_the_parser_waits_for_a_beginning(frame: bytes) -> None:
    server = ServerProtocol()
    server.receive_data(HANDSHAKE)
    [request] = server.events_received()
    server.send_response(server.accept(request))  # type: ignore[arg-type]
    for byte in frame[:-1]:
        server.receive_data(bytes([byte]))
        assert innermost(server.parser) != "at_eof"
    server.receive_data(frame[-1:])
    assert innermost(server.parser) == "at_eof"


class Wire:
    """The other side of a Connection: takes frames at once, or not; each write is one list."""

    def __init__(self) -> None:
        self.written: list[list[bytes]] = []
        self.slowly: list[str] = []
        self.taking = True
        self.unheard = Unheard()
        self.unheard.put_nowait({"type": "websocket.connect"})

    def send_at_once(self, texts: Sequence[bytes]) -> bool:
        if self.taking:
            self.written.append(list(texts))
        return self.taking

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.send":
            await asyncio.sleep(0.005)
            self.slowly.append(message["text"])

    async def opened(self) -> tuple[Connection, asyncio.Task[None]]:
        receive: Any = self.unheard.get
        one = Connection({"headers": []}, receive, self.send, frame=100, grace=0.1)

        async def heard(data: bytes) -> None:
            one.put_encoded(data)

        serving = asyncio.create_task(one.run(heard))
        await asyncio.sleep(0)
        return one, serving

    async def ended(self, serving: asyncio.Task[None]) -> None:
        self.unheard.put_nowait({"type": "websocket.disconnect", "code": 1005})
        await serving


def test_frames_of_one_turn_leave_in_one_piece_and_in_their_order() -> None:
    async def story() -> None:
        wire = Wire()
        one, serving = await wire.opened()
        for n in range(3):
            one.put_encoded(b"%d" % n)
        await asyncio.sleep(0)
        assert wire.written == [[b"0", b"1", b"2"]]
        await wire.ended(serving)

    asyncio.run(story())


def test_whoever_reads_is_not_cut_for_what_comes_in_one_turn() -> None:
    async def story() -> None:
        wire = Wire()
        one, serving = await wire.opened()
        for n in range(3 * MOST_FRAMES):
            one.put_encoded(b"%d" % n)
        await asyncio.sleep(0)
        assert not one.closing
        assert [frame for piece in wire.written for frame in piece] == [b"%d" % n for n in range(3 * MOST_FRAMES)]
        await wire.ended(serving)

    asyncio.run(story())


def test_frames_that_cannot_leave_at_once_are_not_overtaken() -> None:
    async def story() -> None:
        wire = Wire()
        one, serving = await wire.opened()
        wire.taking = False
        one.put_encoded(b"first")
        await asyncio.sleep(0)
        wire.taking = True
        one.put_encoded(b"second")
        await asyncio.sleep(0.05)
        assert (wire.slowly, wire.written) == (["first", "second"], [])
        await wire.ended(serving)

    asyncio.run(story())


def test_nothing_of_a_connection_goes_on_when_it_has_ended() -> None:
    async def story() -> None:
        wire = Wire()
        one, serving = await wire.opened()
        one.close(4001, "sign in")
        await serving
        assert one.closing
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(story())
