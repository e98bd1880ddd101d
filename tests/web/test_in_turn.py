"""What was put off comes before what was written after it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from aparte.web import in_turn, transcript
from aparte.web.in_turn import InTurn

PUT_OFF = {"t": "nack", "code": "unavailable", "retry_after": 2}


class Line:
    """A connection; `answers` are what the conversation says of each message that reaches it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.turn, self.reached = InTurn(), [""]
        self.answers: dict[str, Any] = {}
        self.now = 0.0
        monkeypatch.setattr(transcript, "send", self._send)
        monkeypatch.setattr(in_turn, "time", SimpleNamespace(monotonic=lambda: self.now))

    async def _send(self, who: Any, conv: str, item: transcript.Item, assign_ver: Any, desk: Any) -> dict[str, Any]:
        self.reached.append(item.cid)
        return {"cid": item.cid, **self.answers.get(item.cid, {"t": "ack"})}

    def send(self, cid: str, conv: str = "c1") -> str:
        """What the sender hears."""
        nothing: Any = None
        item = transcript.Item(cid, "text", "Hello")
        told = asyncio.run(self.turn.send(nothing, conv, item, None, nothing))
        assert told["cid"] == cid
        return str(told["t"])


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(monkeypatch)


def test_what_was_written_after_a_message_that_is_put_off_waits_for_it(line: Line) -> None:
    line.answers = {"m1": PUT_OFF}
    assert [line.send(cid) for cid in ("m1", "m2", "m3")] == ["nack"] * 3
    line.answers = {}
    assert [line.send(cid) for cid in ("m2", "m1", "m2", "m3", "m4")] == ["nack", *["ack"] * 4]
    assert line.reached[1:] == ["m1", "m1", "m2", "m3", "m4"]


def test_put_off_again_it_keeps_its_place(line: Line) -> None:
    line.answers = {"m1": PUT_OFF}
    assert [line.send(cid) for cid in ("m1", "m2", "m1", "m2")] == ["nack"] * 4
    assert line.reached[1:] == ["m1", "m1"]


def test_other_conversations_do_not_wait_nor_does_anybody_for_what_is_refused_for_good(line: Line) -> None:
    line.answers = {"m1": PUT_OFF, "bad": {"t": "nack", "code": "bad_text", "fatal": True}}
    assert [line.send("m1"), line.send("m2", "c2")] == ["nack", "ack"]
    assert [line.send("bad", "c2"), line.send("m3", "c2")] == ["nack", "ack"]


def test_what_is_never_sent_again_is_waited_for_no_longer_than_ten_seconds(line: Line) -> None:
    line.answers = {"m1": PUT_OFF}
    assert [line.send("m1"), line.send("m2")] == ["nack", "nack"]
    line.now = 10.5
    assert line.send("m3") == "ack"
