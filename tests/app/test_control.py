"""How a command finds the server that runs on its folder, and how it knows that none does.

Mutants seen to fail here: a 401 told as a refusal; a file for everybody; a table sent as JSON; a closed port.
"""

from __future__ import annotations

import http.server
import json
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from aparte.app import control

FULL = {"error": {"code": "full", "what": "no room", "where": "table:3", "hint": "come again"}, "more": [1]}


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers each request as it is told, and remembers it."""

    status, body = 200, b"{}"
    asked: list[tuple[str, str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append((self.command, self.path, dict(self.headers), said))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_GET = do_PUT = do_POST  # noqa: N815  # names of the standard library

    def log_message(self, *told: Any) -> None:
        """Nothing."""


@contextmanager
def answering(status: int, body: bytes) -> Iterator[tuple[int, list[Any]]]:
    """A server on this machine: its port, and what it was asked."""
    asked: list[Any] = []
    kind = type("Kind", (Answering,), {"status": status, "body": body, "asked": asked})
    with http.server.HTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port, asked
        finally:
            server.shutdown()
            thread.join()


def asked_of(data: Path, status: int, body: bytes) -> Any:
    with answering(status, body) as (port, _):
        control.open_door(data, "127.0.0.1", port, ())
        return control.call(data, "GET", "/api/v1/x")


def test_the_file_is_for_its_owner_only_and_goes_with_the_server(tmp_path: Path) -> None:
    first, second = (control.open_door(tmp_path, "127.0.0.1", 80, ()) for _ in range(2))
    assert first != second
    assert stat.S_IMODE((tmp_path / "server.json").stat().st_mode) == 0o600
    known = control.running(tmp_path)
    assert known is not None
    assert (known.url, known.token, len(known.token) >= 43) == ("http://127.0.0.1:80", second, True)
    control.close_door(tmp_path)
    control.close_door(tmp_path)  # a second time is no harm
    assert control.running(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("host", "hosts", "url", "name"),
    [
        ("0.0.0.0", (), "http://127.0.0.1:8", ""),
        ("::", (), "http://[::1]:8", ""),
        ("::1", (), "http://[::1]:8", ""),
        ("127.0.0.1", ("shop.example",), "http://127.0.0.1:8", "shop.example"),
        ("127.0.0.1", ("shop.example", "127.0.0.1"), "http://127.0.0.1:8", ""),
    ],
)
def test_a_server_that_listens_everywhere_is_reached_on_this_machine(
    tmp_path: Path, host: str, hosts: tuple[str, ...], url: str, name: str
) -> None:
    control.open_door(tmp_path, host, 8, hosts)
    known = control.running(tmp_path)
    assert known is not None
    assert (known.url, known.host) == (url, name)


def test_a_call_brings_the_token_and_json_or_a_table_as_it_is(tmp_path: Path) -> None:
    with answering(200, b'{"done": 1}') as (port, asked):
        token = control.open_door(tmp_path, "127.0.0.1", port, ("shop.example",))
        assert control.call(tmp_path, "PUT", control.at_site("/api/v1/a", "x/é"), {"b": 1}) == {"done": 1}
        assert control.call(tmp_path, "POST", control.at_site("/api/v1/t", None), b"id\nlamp\n") == {"done": 1}
    put, post = asked
    assert (put[0], put[1], json.loads(put[3])) == ("PUT", "/api/v1/a?site=x%2F%C3%A9", {"b": 1})
    assert (post[1], post[3]) == ("/api/v1/t", b"id\nlamp\n")
    assert [one[2]["Content-Type"] for one in asked] == ["application/json", "text/csv"]
    assert {one[2]["Authorization"] for one in asked} == {f"Bearer {token}"}
    assert {one[2]["Host"] for one in asked} == {f"shop.example:{port}"}


def test_no_content_is_an_empty_answer(tmp_path: Path) -> None:
    assert asked_of(tmp_path, 200, b"") == {}
    assert asked_of(tmp_path, 200, b"[]") == []


def test_what_a_killed_server_has_left_is_no_server(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    control.open_door(tmp_path, "127.0.0.1", port, ())
    assert control.running(tmp_path) is not None
    assert control.call(tmp_path, "GET", "/api/v1/x") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": 1, "token": "x"}', '{"url": "http://127.0.0.1:1"}'])
def test_a_file_that_says_nothing_is_no_server(tmp_path: Path, text: str) -> None:
    (tmp_path / "server.json").write_text(text, "utf-8")
    assert control.call(tmp_path, "GET", "/api/v1/x") is None
    assert control.call(tmp_path / "nowhere", "GET", "/api/v1/x") is None
    assert control.call(tmp_path / "server.json", "GET", "/api/v1/x") is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, json.dumps(FULL).encode()),  # the port is another Aparté's now, and our token is none there
        (200, b"<html>"), (404, b"<html>"), (404, b"[]"), (404, b'{"detail": "x"}'), (302, b""), (500, b'"error"'),
        (400, b'{"error": "no"}'), (400, b'{"error": {"what": "x"}}'), (400, b'{"error": []}'),
    ],
)  # fmt: skip
def test_somebody_else_s_server_on_the_port_is_none(tmp_path: Path, status: int, body: bytes) -> None:
    assert asked_of(tmp_path, status, body) is None


def test_a_refusal_is_told_in_the_server_s_words(tmp_path: Path) -> None:
    with pytest.raises(control.Refused) as refused:
        asked_of(tmp_path, 409, json.dumps(FULL).encode())
    assert (refused.value.status, refused.value.code, refused.value.body) == (409, "full", FULL)
    assert (refused.value.what, refused.value.where, refused.value.hint) == ("no room", "table:3", "come again")
