"""The real server: slow, idle and oversized clients are ended, the others do not feel them (P17, P18, P20)."""

from __future__ import annotations

import base64
import gc
import gzip
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from door import PUBLIC, track
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from aparte.kit.errors import Unavailable
from aparte.settings import Deadlines, Limits, Settings
from aparte.web.server import YOUNG, bind, rarely_collected
from live import Server, heard, seconds_until_closed, serving

SHORT = Settings(
    trusted_proxies=("127.0.0.1",),
    deadlines=Deadlines(header=1, body=1.5, idle=1, write=1, drain=8),
    limits=Limits(sockets_per_address=5),
    metrics_token="let me see",
)
BASIC = PUBLIC["authorization"].encode()
HEAD = b"POST /v1/track HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + BASIC + b"\r\nContent-Length: 400\r\n"
LATE = 4.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server"), SHORT) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers=PUBLIC, timeout=20) as found:
        yield found


def test_an_event_is_delivered_and_counted(client: httpx.Client) -> None:
    answer = client.post("/v1/track", json=track(messageId="live", anonymousId="live"))
    assert (answer.status_code, answer.content) == (200, b'{"success":true}')
    assert "accepted=1" in answer.headers["aparte-counts"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers


def slow_header(connection: socket.socket) -> None:
    connection.sendall(b"POST /v1/track HTTP/1.1\r\nHost: loc")


def slow_body(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n" + b'{"type":')


def says_nothing(connection: socket.socket) -> None:
    pass


def blank_lines(connection: socket.socket) -> None:
    connection.sendall(b"\r\n\r\n")


def idle_after_an_answer(connection: socket.socket) -> None:
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")


def does_not_read(connection: socket.socket) -> None:
    connection.sendall(b"GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n")


@pytest.mark.parametrize("habit", [slow_header, slow_body, says_nothing, blank_lines, idle_after_an_answer])
def test_slow_clients_are_closed_in_time_while_others_are_answered(
    server: Server, client: httpx.Client, habit: Callable[[socket.socket], None]
) -> None:
    slow = [server.connect() for _ in range(60)]
    try:
        for connection in slow:
            habit(connection)
        for n in range(50):
            assert (
                client.post("/v1/track", json=track(messageId=f"{habit}{n}", anonymousId=f"{habit}{n}")).status_code
                == 200
            )
        took = seconds_until_closed(slow, LATE)
        assert max(took) < LATE
    finally:
        for connection in slow:
            connection.close()


def test_a_client_that_trickles_is_closed_though_it_never_pauses(server: Server) -> None:
    for begin in (b"GET / HTTP/1.1\r\nX-Long: ", HEAD + b"\r\n"):
        begun = time.monotonic()
        with server.connect() as connection:
            connection.sendall(begin)
            try:
                while time.monotonic() - begun < LATE:
                    connection.sendall(b"x")
                    time.sleep(0.05)
            except (BrokenPipeError, ConnectionResetError):
                pass
        assert time.monotonic() - begun < LATE


def test_a_slow_request_is_told_why(server: Server) -> None:
    with server.connect() as connection:
        slow_body(connection)
        assert heard(connection).startswith(b"HTTP/1.1 408 ")


def test_a_client_that_does_not_read_is_cut(server: Server) -> None:
    with server.connect() as connection:
        does_not_read(connection)
        assert wait_for(lambda: metric(server, "aparte_http_connections") >= 2, LATE)
        assert wait_for(lambda: metric(server, "aparte_http_connections") == 1, LATE)
        assert len(heard(connection)) < 30_000_000


def test_an_ordinary_connection_is_kept_between_requests(server: Server) -> None:
    with server.connect() as connection:
        for _ in range(3):
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = b""
            while b"ok" not in answer:
                answer += connection.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200")
            time.sleep(0.6)  # together longer than the idle deadline


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    first = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /wait HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = server.say(first + b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200") == 3
    assert answer.index(b'ok"}') < answer.index(b"\r\n\r\nok")


def event(message_id: str, version: str, *more: bytes) -> bytes:
    body = json.dumps(track(messageId=message_id, anonymousId="raw")).encode()
    lines = (b"Host: localhost", b"Authorization: " + BASIC, b"Content-Length: %d" % len(body), *more)
    return b"POST /v1/track HTTP/%b\r\n" % version.encode() + b"\r\n".join(lines) + b"\r\n\r\n" + body


def test_events_that_are_sent_without_waiting_are_answered_in_order_and_whole(server: Server) -> None:
    last = event("p3", "1.1", b"Origin: https://shop.test", b"Connection: close")
    answer = server.say(event("p1", "1.1") + event("p1", "1.1") + last)
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == answer.count(b'\r\n\r\n{"success":true}') == 3
    fates = [b"accepted=1 duplicate=0", b"accepted=0 duplicate=1", b"accepted=1 duplicate=0"]
    assert [piece[:22] for piece in answer.split(b"aparte-counts: received=1 ")[1:]] == fates
    assert answer.count(b"connection: close") == answer.count(b"allow-origin: https://shop.test\r\n") == 1


def test_an_old_client_is_answered_and_its_connection_closed(server: Server) -> None:
    answer = server.say(event("old", "1.0"))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b'\r\n\r\n{"success":true}')
    assert b"\r\nconnection: close\r\n" in answer
    assert b"\r\ncontent-length: 16\r\n" in answer


def test_the_collector_is_left_as_it_was_after_serving() -> None:
    before = gc.get_threshold()
    with rarely_collected():
        assert gc.get_threshold() == YOUNG
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


REQUESTS = {
    "10,000 headers": (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * 10_000 + b"\r\n", 431),
    "a cookie of 1 MB": (b"GET / HTTP/1.1\r\nHost: a\r\nCookie: " + b"x" * 1_000_000 + b"\r\n\r\n", 431),
    "a name of 1 MB": (b"GET / HTTP/1.1\r\n" + b"x" * 1_000_000 + b": a\r\n\r\n", 431),
    "an address of 1 MB": (b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    "an address of 9 kB": (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    "two lengths": (HEAD + b"Content-Length: 3\r\n\r\n" + b"x" * 400, 400),
    "length and chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "HTTP/0.9": (b"GET /healthz\r\n\r\n", 400),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "no path": (b"GET http://x.test HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "a wrong chunk": (HEAD.replace(b"Content-Length: 400", b"Transfer-Encoding: chunked") + b"\r\nzz\r\n", 400),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_what_is_too_much_or_no_http_is_refused(server: Server, name: str) -> None:
    data, status = REQUESTS[name]
    before = server.resident_bytes()
    answer = server.say(data)
    # What was refused in the middle may end in a reset, before the answer was heard.
    assert answer.startswith(b"HTTP/1.1 %d " % status) or (not answer and len(data) > 500_000)
    assert b"HTTP/1.1 5" not in answer
    assert server.resident_bytes() - before < 20_000_000
    assert httpx.get(server.url + "/healthz").status_code == 200


def test_a_body_in_chunks_and_an_absolute_address_are_read(server: Server) -> None:
    body = json.dumps(track(messageId="chunks")).encode()
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(body[at : at + 9]), body[at : at + 9]) for at in range(0, len(body), 9))
    head = b"POST http://localhost/v1/track HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: " + BASIC
    answer = server.say(
        head + b"\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n" + chunks + b"0\r\n\r\n"
    )
    assert b"HTTP/1.1 200" in answer
    assert b"accepted=1" in answer


def test_bombs_cost_no_memory(server: Server, client: httpx.Client) -> None:
    bomb = gzip.compress(b"\x00" * 200_000_000, 6)
    gigabyte = gzip.compress(b"\x00" * 10_000_000) * 100
    client.post("/v1/batch", content=bomb)
    before = server.resident_bytes()
    for _ in range(10):
        assert client.post("/v1/batch", content=bomb).status_code == 413
        assert client.post("/v1/pulse", content=bomb).status_code == 413
    assert 900_000 < len(gigabyte) < 1_100_000
    head = HEAD.replace(b"400", str(len(gigabyte)).encode()) + b"\r\n"
    assert server.say(head).startswith(b"HTTP/1.1 413")
    assert server.resident_bytes() - before < 16_000_000


def test_an_abuser_does_not_slow_a_normal_visitor(server: Server, client: httpx.Client) -> None:
    done = threading.Event()
    statuses: list[int] = []

    def flood() -> None:
        with httpx.Client(base_url=server.url, headers=PUBLIC | {"x-forwarded-for": "6.6.6.6"}) as abuser:
            while not done.is_set():
                body = {"batch": [track(messageId=f"f{len(statuses)}-{n}") for n in range(100)]}
                statuses.append(abuser.post("/v1/batch", json=body).status_code)

    abusing = threading.Thread(target=flood)
    abusing.start()
    try:
        assert wait_for(lambda: 429 in statuses, 10)
        for n in range(100):
            headers = {"x-forwarded-for": f"82.64.1.{n}"}
            answer = client.post("/v1/track", json=track(messageId=f"p20-{n}", anonymousId=f"v{n}"), headers=headers)
            assert answer.status_code == 200
    finally:
        done.set()
        abusing.join()
    assert statuses.count(200) < 60
    secret = {"authorization": "Basic " + base64.b64encode(b"demo-secret:").decode()}
    found = client.get("/api/v1/ingest", headers=secret).json()
    assert found["reasons"]["refused"]["address_rate"] == 100 * statuses.count(429)
    assert found["received"] == sum(found[fate] for fate in ("accepted", "duplicate", "quarantined", "refused"))


def test_an_address_has_so_many_sockets_and_no_more(server: Server) -> None:
    address = server.url.replace("http", "ws") + "/v1/socket"
    with ExitStack() as open_:
        sockets = [
            open_.enter_context(connect(address, additional_headers={"x-forwarded-for": "1.2.3.4"})) for _ in range(5)
        ]
        sockets[0].send("hello")
        assert sockets[0].recv() == "hello"
        with (
            pytest.raises(InvalidStatus) as refused,
            connect(address, additional_headers={"x-forwarded-for": "1.2.3.4"}),
        ):
            pass
        assert refused.value.response.status_code == 429
        assert metric(server, "aparte_sockets") == 5
        with connect(address, additional_headers={"x-forwarded-for": "1.2.3.5"}) as other:
            other.send("x" * 60_000)
            assert len(other.recv()) == 60_000
            other.send("x" * 70_000)
            with pytest.raises(ConnectionClosed) as closed:
                other.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009
        time.sleep(2)  # longer than every deadline of HTTP
        sockets[0].send("still here")
        assert sockets[0].recv() == "still here"
    assert wait_for(lambda: metric(server, "aparte_sockets") == 0, 5)


def test_health_and_metrics(server: Server, client: httpx.Client) -> None:
    assert client.get("/readyz").status_code == 200
    text = client.get("/metrics").text
    for name in ("aparte_messages_total", "aparte_requests_refused_total", "aparte_sockets", "aparte_body_bytes 0.0"):
        assert name in text
    outside = {"x-forwarded-for": "1.2.3.4"}
    assert client.get("/metrics", headers=outside).status_code == 403
    assert client.get("/metrics", headers=outside | {"authorization": "Bearer let me see"}).status_code == 200
    assert client.get("/metrics", headers=outside | {"authorization": "Bearer no"}).status_code == 403
    assert client.post("/healthz").status_code == 405


def test_answers_of_the_application_within_have_the_headers_of_the_door(client: httpx.Client) -> None:
    answer = client.get("/v1/conv/x/entries", headers={"origin": "https://shop.test"})
    assert answer.headers["access-control-allow-origin"] == "https://shop.test"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in client.get("/console", headers={"origin": "https://x.test"}).headers


def test_a_server_that_is_called_by_a_foreign_name_does_not_answer(tmp_path: Path) -> None:
    with serving(tmp_path, Settings(hosts=("localhost", "127.0.0.1", "[::1]"))) as demo:
        for host, status in (
            ("localhost", 200),
            ("127.0.0.1:80", 200),
            ("[::1]:1", 200),
            ("evil.test", 421),
            ("", 421),
        ):
            answer = httpx.get(demo.url + "/healthz", headers={"host": host})
            assert answer.status_code == status, host
        with pytest.raises(InvalidStatus), connect(f"ws://evil.test:{demo.port}/", sock=demo.connect()):
            pass


def test_the_end_is_orderly(tmp_path: Path) -> None:
    with serving(tmp_path, SHORT) as ending:
        with ending.connect() as waiting, connect(ending.url.replace("http", "ws")) as open_socket:
            waiting.sendall(b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
            open_socket.send("x")
            assert open_socket.recv() == "x"
            begun = time.monotonic()
            os.kill(ending.process.pid, signal.SIGTERM)
            assert heard(waiting).startswith(b"HTTP/1.1 200"), "a request under way is answered"
            with pytest.raises(ConnectionClosed) as closed:
                open_socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012
        assert ending.process.wait(15) == 0
        assert time.monotonic() - begun < 8
        assert ending.drained.read_text(encoding="utf-8") == "drained"


def test_a_port_that_is_taken_is_one_clear_line(server: Server) -> None:
    with pytest.raises(Unavailable) as taken:
        bind(Settings(port=server.port))
    assert str(taken.value) == (
        f"127.0.0.1:{server.port}: the port is taken by another program (choose another with --port or --host)"
    )
    with pytest.raises(Unavailable, match="no such address"):
        bind(Settings(host="203.0.113.7", port=0))


def metric(server: Server, name: str) -> float:
    text = httpx.get(server.url + "/metrics").text
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(name + " "))


def wait_for(holds: Callable[[], bool], most: float) -> bool:
    begun = time.monotonic()
    while time.monotonic() - begun < most:
        if holds():
            return True
        time.sleep(0.05)
    return False
