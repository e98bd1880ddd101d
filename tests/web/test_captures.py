"""Every event request that the real SDKs of Segment and RudderStack were seen to send is accepted."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from door import Door, site

FILES = ("segment_browser", "segment_node", "segment_python", "segment_python_gzip", "rudder_browser", "rudder_node")


def key_of(captured: dict[str, Any]) -> str:
    headers = {name.lower(): value for name, value in captured["headers"].items()}
    if "authorization" in headers:
        return base64.b64decode(headers["authorization"].split()[1]).decode().rstrip(":")
    parts = urlsplit(captured["path"])
    return parse_qs(parts.query).get("writeKey", [parts.path.split("/")[3] if "/projects/" in parts.path else ""])[0]


def body_of(captured: dict[str, Any]) -> bytes:
    body = captured["body"]
    raw = body.encode() if isinstance(body, str) else json.dumps(body, separators=(",", ":")).encode()
    return gzip.compress(raw) if "gzip" in captured["encoding"] else raw


@pytest.mark.parametrize("name", FILES)
def test_every_captured_request_is_accepted(shared: Path, name: str) -> None:
    lines = (shared / "reference" / "captures" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    requests = [captured for captured in map(json.loads, lines) if captured["path"] != "/favicon.ico"]
    keys = sorted({key_of(captured) for captured in requests})
    door = Door(*(site(id=f"s{n}", public_key=key, secret_key_hash="") for n, key in enumerate(keys)))
    events = 0
    for captured in requests:
        door.now = int(captured["t"] * 1000)
        answer = door.knock(captured["method"], captured["path"], body_of(captured), captured["headers"])
        assert answer.status == 200, (captured["path"], answer.body)
        if captured["method"] == "POST":
            events += len(captured["body"].get("batch", [1]))
            assert answer.counts["accepted"] == answer.counts["received"] > 0, door.engine.reasons
    assert events == len(door.engine.events) > 0
    assert all(event.visitor and event.at for event in door.engine.events)


def test_the_library_of_a_browser_is_told_to_send_here_with_this_key(shared: Path) -> None:
    lines = (shared / "reference" / "captures" / "segment_browser.jsonl").read_text(encoding="utf-8").splitlines()
    asked = next(captured for captured in map(json.loads, lines) if captured["path"].endswith("/settings"))
    door = Door(site(public_key=key_of(asked)))
    found = door.knock("GET", asked["path"], headers=asked["headers"]).json["integrations"]["Segment.io"]
    assert (found["apiKey"], found["apiHost"]) == (key_of(asked), asked["headers"]["Host"] + "/v1")
