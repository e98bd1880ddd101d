"""P29: frames made by hand, right and wrong, against the real server: each ends as RFC 6455 and the wire say."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from sockets_support import KEY, Server, conv_id, prepare, watched_server

OPEN = 0
"""The socket goes on."""
GONE = -1
"""Closed without a word: the frame that ended it was no frame."""
TEXT, BINARY, CONT, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
VISITORS = 40


class Case(NamedTuple):
    """Bytes after a hello that was believed, and the code of the close that follows."""

    name: str
    data: bytes
    code: int
    greeted: bool = True


def frame(
    opcode: int, payload: bytes = b"", *, fin: int = 1, rsv: int = 0, mask: bool = True, length: int = -1
) -> bytes:
    """One frame; `length`: as it claims to be."""
    size = len(payload) if length < 0 else length
    first, masked = fin << 7 | rsv << 4 | opcode, 0x80 if mask else 0
    if size < 126:
        head = bytes([first, masked | size])
    elif size < 65536:
        head = bytes([first, masked | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([first, masked | 127]) + size.to_bytes(8, "big")
    if not mask:
        return head + payload
    key = b"\x11\x22\x33\x44"
    return head + key + bytes(byte ^ key[n % 4] for n, byte in enumerate(payload))


def said(**members: Any) -> bytes:
    """A frame of the wire."""
    return frame(TEXT, json.dumps(members).encode())


def text(body: str | bytes) -> bytes:
    return frame(TEXT, body if isinstance(body, bytes) else body.encode())


def headers() -> Iterator[Case]:
    for rsv in range(1, 8):
        for name, opcode in (("text", TEXT), ("ping", PING), ("close", CLOSE)):
            yield Case(f"rsv {rsv} of {name}", frame(opcode, b"" if opcode == CLOSE else b"{}", rsv=rsv), 1002)
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        yield Case(f"opcode {opcode}", frame(opcode, b"{}"), 1002)
        yield Case(f"opcode {opcode} in pieces", frame(opcode, b"{}", fin=0), 1002)
    for name, opcode in (("text", TEXT), ("binary", BINARY), ("ping", PING), ("pong", PONG), ("close", CLOSE)):
        yield Case(f"unmasked {name}", frame(opcode, b"", mask=False), 1002)


def control() -> Iterator[Case]:
    for size in (0, 1, 124, 125):
        yield Case(f"ping of {size}", frame(PING, b"p" * size), OPEN)
        yield Case(f"pong of {size}", frame(PONG, b"p" * size), OPEN)
    for name, opcode in (("ping", PING), ("pong", PONG), ("close", CLOSE)):
        yield Case(f"{name} of 126", frame(opcode, b"\x03\xe8" + b"p" * 124), 1002)
        yield Case(f"{name} of 70,000", frame(opcode, b"\x03\xe8" + b"p" * 69_998), 1009)
        yield Case(f"{name} in pieces", frame(opcode, b"", fin=0), 1002)


def closes() -> Iterator[Case]:
    yield Case("close without a code", frame(CLOSE), 1005)
    yield Case("close of one byte", frame(CLOSE, b"\x03"), 1002)
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999):
        yield Case(f"close {code}", frame(CLOSE, code.to_bytes(2, "big") + b"bye"), code)
    for code in (0, 1, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535):
        yield Case(f"close {code}", frame(CLOSE, code.to_bytes(2, "big")), 1002)
    yield Case("close with a reason that is not UTF-8", frame(CLOSE, b"\x03\xe8\xff\xfe"), 1007)
    yield Case("close twice", frame(CLOSE, b"\x03\xe8") * 2, 1000)
    yield Case("words after a close", frame(CLOSE, b"\x03\xe8") + said(t="pong"), 1000)


def pieces() -> Iterator[Case]:
    yield Case("a continuation of nothing", frame(CONT, b"{}"), 1002)
    yield Case("a continuation of nothing, unfinished", frame(CONT, b"{}", fin=0), 1002)
    begun = frame(TEXT, b'{"t":', fin=0)
    yield Case("a message in two pieces", begun + frame(CONT, b'"pong"}'), OPEN)
    yield Case("in pieces of one byte", b"".join(
        frame(TEXT if n == 0 else CONT, bytes([byte]), fin=int(n == 11)) for n, byte in enumerate(b'{"t":"pong"}')
    ), OPEN)  # fmt: skip
    yield Case("with empty pieces", begun + frame(CONT, b"", fin=0) * 20 + frame(CONT, b'"pong"}'), OPEN)
    yield Case("with a ping between", begun + frame(PING, b"p") + frame(CONT, b'"pong"}'), OPEN)
    yield Case("with a pong between", begun + frame(PONG, b"p") + frame(CONT, b'"pong"}'), OPEN)
    yield Case("with a text between", begun + text("{}"), 1002)
    yield Case("with a binary between", begun + frame(BINARY, b"{}"), 1002)
    yield Case("with a close between: half a message", begun + frame(CLOSE, b"\x03\xe8"), 1002)
    yield Case("a letter cut by the pieces", frame(TEXT, b'{"t":"\xc3', fin=0) + frame(CONT, b'\xa9"}'), OPEN)


def letters() -> Iterator[Case]:
    wrong = {
        "a lone continuation": b"\x80", "an unfinished letter": b"\xc3", "too long a form": b"\xc0\xaf",
        "too long a form of three": b"\xe0\x80\xaf", "a surrogate": b"\xed\xa0\x80",
        "beyond the last": b"\xf4\x90\x80\x80",
        "five bytes": b"\xf8\x88\x80\x80\x80", "fe": b"\xfe", "ff": b"\xff", "latin 1": b"caf\xe9",
    }  # fmt: skip
    for name, data in wrong.items():
        yield Case(f"{name}, in a text", text(data), 1007)
        yield Case(f"{name}, in a string", text(b'{"t":"' + data + b'"}'), 1007)
        yield Case(f"{name}, in pieces", frame(TEXT, data, fin=0) + frame(CONT, b""), 1007)


def words() -> Iterator[Case]:
    """What is no frame of the wire."""
    unreadable = {
        "nothing": "", "a word": "hello", "null": "null", "a number": "1", "a list": "[]", "a string": '"t"',
        "no name": "{}", "a name that is a number": '{"t":1}', "a name that is null": '{"t":null}',
        "half": '{"t":"pong"',
        "a lone surrogate": '{"t":"\\ud800"}', "a lone low surrogate": '{"t":"\\udfff"}',
        "10,000 deep": "[" * 8_000, "deep objects": '{"a":' * 2_000, "deep and whole": "[" * 5_000 + "]" * 5_000,
        "NaN": '{"t":"read","seq":NaN}', "a comment": '{"t":"pong"}//', "two": '{"t":"pong"}{"t":"pong"}',
        "1e999": '{"t":"read","seq":1e999}', "a fraction": '{"t":"read","seq":1.5}',
        "less than nothing": '{"t":"read","seq":-1}',
        "2^64": '{"t":"read","seq":18446744073709551616}', "a string for a number": '{"t":"read","seq":"1"}',
        "a number for a flag": '{"t":"typing","on":1}', "csat 6": '{"t":"survey","csat":6}',
        "an offer without its name": '{"t":"offer_accept"}',
        "an offer that is a number": '{"t":"offer_shown","engagement_id":1}',
    }  # fmt: skip
    for name, body in unreadable.items():
        yield Case(f"words: {name}", text(body), 1007)
    for name, body in {
        "a name that nobody knows": '{"t":"dance"}', "a frame of the server": '{"t":"welcome"}',
        "twice the same": '{"t":"x","t":"pong"}',
        "a frame of a console": '{"t":"watch","conv":"x"}', "more than is known": '{"t":"pong","more":[1,2]}',
        "a read beyond the head": '{"t":"read","seq":9007199254740992}', "a second hello": '{"t":"hello","v":1}',
        "an offer of nobody": '{"t":"offer_accept","engagement_id":"x"}', "blanks": ' \n\t{"t":"pong"} ',
    }.items():  # fmt: skip
        yield Case(f"words: {name}", text(body), 1007 if name == "a second hello" else OPEN)
    yield Case("binary that is JSON", frame(BINARY, b'{"t":"pong"}'), OPEN)
    yield Case("binary that is not", frame(BINARY, bytes(range(256))), 1007)
    for size, code in ((16_384, OPEN), (16_385, 1009), (65_536, 1009), (65_537, 1009), (1 << 20, 1009)):
        yield Case(f"{size} bytes", text('{"t":"x","x":"' + "y" * (size - 16) + '"}'), code)
    yield Case("2^62 bytes, as it says", frame(TEXT, b"x", length=1 << 62), 1009)
    yield Case("the first bit of the length set", frame(TEXT, b"x", length=(1 << 63) + 1), 1009)


def order() -> Iterator[Case]:
    """What comes before the hello."""
    for name in ("send", "read", "dlv", "typing", "close", "survey", "pong", "offer_accept", "dance"):
        members = {"cid": "c", "kind": "text", "body": "x", "seq": 1, "on": True, "engagement_id": "e"}
        yield Case(f"{name} before the hello", said(t=name, **members), 4001, greeted=False)
    yield Case("a hello without a key", said(t="hello", v=1), 1007, greeted=False)
    yield Case(
        "a hello of a version that is a word", said(t="hello", v="one", key=KEY, token="", conv=""), 1007, greeted=False
    )
    yield Case("a hello of nobody", said(t="hello", v=1, key=KEY, token="x", conv=conv_id(0)), 4001, greeted=False)
    yield Case(
        "a hello with another key", said(t="hello", v=1, key="no", token="x", conv=conv_id(0)), 4001, greeted=False
    )


CASES = [*headers(), *control(), *closes(), *pieces(), *letters(), *words(), *order()]


def test_there_are_enough_of_them_and_none_twice() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[str]]]:
    data = tmp_path_factory.mktemp("raw") / "data"
    tokens = prepare(data, VISITORS)
    with watched_server(data) as server:
        yield server, tokens


def test_every_frame_ends_as_the_rules_say(corpus: tuple[Server, list[str]]) -> None:
    server, tokens = corpus
    ends = asyncio.run(all_of_them(server.port, tokens))
    wrong = {case.name: (case.code, ends[case.name]) for case in CASES if ends[case.name] != case.code}
    assert wrong == {}
    assert server.process.poll() is None
    assert server.ask("/test/open")["sockets"] == 0


async def all_of_them(port: int, tokens: list[str]) -> dict[str, int]:
    turns = asyncio.Semaphore(8)

    async def one(number: int, case: Case) -> tuple[str, int]:
        async with turns:
            visitor = number % VISITORS
            return case.name, await ended(port, visitor, tokens[visitor], case)

    return dict(await asyncio.gather(*(one(number, case) for number, case in enumerate(CASES))))


async def ended(port: int, visitor: int, token: str, case: Case) -> int:
    """The code of the server's close; OPEN when it still answers a ping."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET /v1/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Forwarded-For: 10.2.0."
        f"{visitor}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    async with asyncio.timeout(60):
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        if case.greeted:
            hello = {"v": 1, "key": KEY, "token": token, "conv": conv_id(visitor), "epoch": None, "last_seq": 0}
            writer.write(said(t="hello", **hello))
            while b'"welcome"' not in (await received(reader))[1]:
                pass
        writer.write(case.data)
        writer.write(frame(PING, b"still there?"))
        code = GONE
        try:
            while True:
                opcode, data = await received(reader)
                if opcode == CLOSE:
                    code = int.from_bytes(data[:2], "big") if data else 1005
                    break
                if (opcode, data) == (PONG, b"still there?"):
                    code = await settled(reader)
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.transport.abort()
    return code


async def settled(reader: asyncio.StreamReader) -> int:
    """A pong may be quicker than the close: what the wire refuses, the application closes a moment later."""
    try:
        async with asyncio.timeout(0.5):
            while True:
                opcode, data = await received(reader)
                if opcode == CLOSE:
                    return int.from_bytes(data[:2], "big")
    except TimeoutError:
        return OPEN
    except (asyncio.IncompleteReadError, ConnectionError):
        return GONE


async def received(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """One frame of the server."""
    first, size = await reader.readexactly(2)
    if size == 126:
        size = int.from_bytes(await reader.readexactly(2), "big")
    elif size == 127:
        size = int.from_bytes(await reader.readexactly(8), "big")
    return first & 15, await reader.readexactly(size)
