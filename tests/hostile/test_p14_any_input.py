"""P14: no input makes a 5xx, a hang or a leak. Every route, every door and every frame with every hostile value.

A part of them by default, 200,000 with `make test-reliability`, a million with `make soak`. Seen to fail on the defect
planted at the end: a handler that fails.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")

from inputs import DOORS, LEFT_OUT, SERVERS, Frame, Input, Made, chosen, doors, requests, sent_frames
from planting import HASHER, PASSWORD, World, free, replace, token_of, vid
from sizes import said, size
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from aparte.sites.store import SaveStaff
from aparte.web import frames
from aparte.web.limits import Buckets

REQUESTS, FRAMES = size(2_200, 150_000, 750_000), size(1_000, 50_000, 250_000)
LINES = 4
MOST_S, MOST_BYTES = 1.0, 50_000_000
FINE_CODES = {1000, 1001, 1003, 1005, 1007, 1009, 1012}
"""And all of 4000 to 4999, which are ours; 1006 and 1011 are defects."""


class Knocker:
    """One connection that is kept, and what it was told."""

    def __init__(self, world: World, cookie: str) -> None:
        self.world, self.cookie = world, cookie
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None
        self.statuses: Counter[int] = Counter()
        self.wrong: list[str] = []
        self.slow: list[Input] = []

    async def ask(self, one: Input) -> float:
        """One request; the seconds it took."""
        begun = time.perf_counter()
        status, body = await asyncio.wait_for(self._ask(one), 30)
        self.statuses[status] += 1
        if status >= 500 or (
            status >= 400 and b'"code"' not in body and one.method != "HEAD" and not one.path.startswith("/v1/confirm")
        ):
            self.wrong.append(f"{status} {one.method} {one.path[:200]} {(one.body or b'')[:300]!r} {body[:300]!r}")
        return time.perf_counter() - begun

    async def _ask(self, one: Input) -> tuple[int, bytes]:
        if self.writer is None or self.reader is None or self.reader.at_eof():
            self.leave()
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.world.port)
        body = one.body or b""
        head = (
            f"{one.method} {one.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.world.port}\r\nContent-Length: {len(body)}\r\n"
            f"Cookie: aparte={self.cookie}\r\nAparte-Console: 1\r\nContent-Type: application/json\r\n"
            f"Authorization-Visitor: x\r\nOrigin: {self.world.http}\r\n{secret_for(one.path)}\r\n"
        )
        self.writer.write(head.encode("utf-8", "replace") + body)
        told = await self.reader.readuntil(b"\r\n\r\n")
        status = int(told.split(b" ", 2)[1])
        length = next(
            (int(line.split(b":")[1]) for line in told.lower().split(b"\r\n") if line.startswith(b"content-length")), 0
        )
        found = await self.reader.readexactly(length if one.method != "HEAD" else 0)
        if b"connection: close" in told.lower():
            self.leave()
        return status, found

    def leave(self) -> None:
        """The connection, if there is one, ends."""
        if self.writer is not None:
            self.writer.transport.abort()
        self.writer = None


def secret_for(path: str) -> str:
    """The secret key of the site, for the doors of its server."""
    return "Authorization: Bearer secret of a\r\n" if path.partition("?")[0] in SERVERS else ""


class Faults(logging.Handler):
    """What the server itself holds for a defect."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


@pytest.fixture
def faults() -> Iterator[Faults]:
    handler = Faults()
    logging.getLogger("aparte").addHandler(handler)
    yield handler
    logging.getLogger("aparte").removeHandler(handler)


class Asked:
    """A server, an admin who is signed in, and a conversation that visitors and agents may write in."""

    def __init__(self, world: World) -> None:
        self.world = world
        admin = replace(world.call(lambda: world.doors.desk.directory.staff("camille")), role="admin", maximum=50)
        world.do(submit(world, [SaveStaff(replace(admin, password_hash=HASHER.hash(PASSWORD)))]))
        world.call(world.doors.desk.directory.forget)
        world.doors.desk.messages = Buckets(1e9, 1e9)
        self.conv = world.conversation("v1", agent="camille")
        world.says(self.conv, "v1", "bonjour")
        self.client = world.console("camille@a.example")
        self.known = {
            "conv": self.conv,
            "visitor": vid("v1"),
            "staff": "alex",
            "engagement": "none",
            "closing": world.conversation("v2", agent="camille"),
        }
        self.document = self.client.get("/api/v1/openapi.json").json()

    def inputs(self) -> list[Made]:
        """All of the matrix."""
        return [*requests(self.document, self.known), *doors(self.known, token_of("v1"))]

    def frames(self) -> list[Made]:
        """All of the frames."""
        return list(sent_frames(self.known, token_of("v1")))

    async def knock(self, inputs: list[Input]) -> list[Knocker]:
        """All of these, some at a time; what was slow is asked again, alone."""
        knockers = [Knocker(self.world, self.client.cookies["aparte"]) for _ in range(LINES)]

        async def one(knocker: Knocker, part: list[Input]) -> None:
            for given in part:
                if await knocker.ask(given) > MOST_S:
                    knocker.slow.append(given)

        try:
            await asyncio.gather(*(one(knocker, inputs[at::LINES]) for at, knocker in enumerate(knockers)))
            for knocker in knockers:
                knocker.slow = [given for given in knocker.slow if await knocker.ask(given) > MOST_S]
        finally:
            for knocker in knockers:
                knocker.leave()
            await asyncio.sleep(0)  # the loop lets go of what was aborted
        return knockers


async def submit(world: World, commands: list[Any]) -> Any:
    return await world.store.submit(commands)


def resident() -> int:
    """Bytes of memory of this process, in which the server is."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    import threading  # noqa: PLC0415

    world, ready = World(tmp_path / "data", "sqlite", settings={"limits": free()}), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(world.serve(ready)))
    thread.start()
    assert ready.wait(20)
    yield Asked(world)
    world.stop()
    thread.join(30)
    assert not thread.is_alive()


def test_every_route_door_and_frame_is_in_the_matrix(asked: Asked) -> None:
    one_each = [make(values[0]) for make, values in asked.inputs()]
    told = {(method.upper(), path) for path, verbs in asked.document["paths"].items() for method in verbs}
    assert LEFT_OUT.keys() <= told
    reading = {(method, path) for method, path in told if method == "GET" and "{" not in path}
    for method, path in told - LEFT_OUT.keys() - reading:
        shape = re.compile(re.sub(r"\\{[^}]*\\}", "[^/]*", re.escape(path)))
        assert any(one.method == method and shape.fullmatch(one.path.partition("?")[0]) for one in one_each) or not (
            "{" in path or told_body(asked, method, path)
        ), (method, path)
    asked_for = {(one.method, one.path.partition("?")[0]) for one in one_each}
    assert {(verb, path) for path in SERVERS for verb in ("GET", "POST")} <= asked_for
    web = Path(frames.__file__).parent
    served = {path for file in web.glob("*_doors.py") for path in re.findall(r'^PATH = "(.+)"', file.read_text(), re.M)}
    assert served == SERVERS.keys(), "put it into tests/hostile/inputs.py and tests/web/test_p16_matrix.py"
    source = Path(frames.__file__).with_name("visitor_doors.py").read_text(encoding="utf-8")
    verbs = set(re.findall(r'case \["conv", conv, "(\w+)"\]', source))
    assert verbs <= {path.rsplit("/", 1)[1] for path in DOORS}
    known = {
        (one.side, json.loads(one.text)["t"])
        for one in (make("1") for make, _ in asked.frames())
        if b'"t":"' in one.text
    }
    tables = {"visitor": frames.VISITOR.kinds, "agent": frames.AGENT.kinds}
    assert {(side, name) for side, table in tables.items() for name in table} - known == {("visitor", "close")}


def told_body(asked: Asked, method: str, path: str) -> bool:
    return bool(asked.document["paths"][path][method.lower()].get("requestBody"))


def test_p14_no_request_makes_a_5xx_a_hang_or_a_leak(asked: Asked, faults: Faults) -> None:
    everything = asked.inputs()
    inputs = list(chosen(everything, REQUESTS))
    asyncio.run(asked.knock(inputs[: REQUESTS // 4]))
    before, begun = resident(), time.perf_counter()
    knockers = asyncio.run(asked.knock(inputs))
    grown, took = resident() - before, time.perf_counter() - begun
    statuses: Counter[int] = sum((one.statuses for one in knockers), Counter())
    number = sum(len(values) for _, values in everything)
    said(f"P14: {len(inputs)} of {number} requests in {took:.0f} s, {dict(statuses)}, {grown / 1e6:.0f} MB")
    assert [line for one in knockers for line in one.wrong][:5] == []
    assert [line for one in knockers for line in one.slow][:5] == []
    assert faults.told == []
    assert grown <= MOST_BYTES
    assert statuses[200] > 0
    assert asked.client.get("/api/v1/session").json()["role"] == "admin", "the rest was refused for another reason"
    whole(asked)


def whole(asked: Asked) -> None:
    """Nothing is lost, and the server is well."""
    lines = asked.world.transcript(asked.conv)
    assert [one.seq for one in lines] == list(range(1, len(lines) + 1))
    assert lines[0].body == "bonjour" or any(one.body == "bonjour" for one in lines)
    assert asked.client.get("/readyz").status_code == 200


async def speak(asked: Asked, given: list[Frame]) -> tuple[Counter[int], list[str]]:
    """All frames, over as few sockets as the server lets live."""
    codes: Counter[int] = Counter()
    for side in ("visitor", "agent"):
        rest = [one for one in given if one.side == side]
        while rest:
            rest = await spoken(asked, side, rest, codes)
    return codes, [f"{code}" for code in codes if code not in FINE_CODES and not 4000 <= code < 5000]


async def spoken(asked: Asked, side: str, given: list[Frame], codes: Counter[int]) -> list[Frame]:
    """One socket until it is closed; what it did not get to."""
    world = asked.world
    path, headers = ("/v1/socket", {}) if side == "visitor" else ("/api/v1/socket", world.cookie(asked.client))
    url = f"ws://127.0.0.1:{world.port}{path}"
    origin: Any = world.http
    done = 0
    try:
        async with connect(url, compression=None, ping_interval=None, additional_headers=headers, origin=origin) as ws:
            if not given[0].first:
                await ws.send(greeting(side, asked))
            for one in given:
                if one.first and done:
                    break
                await ws.send(one.text.decode("utf-8", "replace") if done % 5 else one.text)
                done += 1
                if done % 50 == 0 or one.first:
                    await asyncio.wait_for(drained(ws), 5)
                if one.first:
                    break
            await asyncio.wait_for(drained(ws), 5)
            await ws.close()
            codes[1000] += 1
    except ConnectionClosed as end:
        codes[end.rcvd.code if end.rcvd else 1006] += 1
    return given[max(done, 1) :]


async def drained(ws: Any) -> None:
    """Hear what is there."""
    while True:
        try:
            async with asyncio.timeout(0.005):
                await ws.recv()
        except TimeoutError:
            return


def greeting(side: str, asked: Asked) -> str:
    """A good hello."""
    if side == "agent":
        return json.dumps({"t": "hello", "v": 1, "epoch": None, "pos": None, "tab": "t"})
    return json.dumps(
        {
            "t": "hello",
            "v": 1,
            "key": "key-a",
            "token": token_of("v1"),
            "conv": asked.conv,
            "epoch": None,
            "last_seq": 0,
        }
    )


def test_p14_no_frame_makes_a_failure_or_a_leak(asked: Asked, faults: Faults) -> None:
    everything = asked.frames()
    given = list(chosen(everything, FRAMES))
    before = resident()
    codes, wrong = asyncio.run(speak(asked, given))
    grown = (resident() - before) / 1e6
    said(f"P14: {len(given)} of {len(everything)} kinds of frames, closed with {dict(codes)}, {grown:.0f} MB")
    assert wrong == []
    assert faults.told == []
    assert resident() - before <= MOST_BYTES
    whole(asked)


def test_p14_a_handler_that_fails_is_found(asked: Asked, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    """The defect planted: a name that cannot be written in UTF-8 is written."""
    from aparte.web import transcript  # noqa: PLC0415

    def fails(*said: Any) -> Any:
        raise ValueError(said)

    monkeypatch.setattr(transcript, "survey", fails)
    inputs = [one for one in chosen(asked.inputs(), 3_000) if one.path.endswith("/survey")][:40]
    knockers = asyncio.run(asked.knock(inputs))
    assert any(one.wrong for one in knockers)
