"""Connections with deadlines and caps: what stock uvicorn does not have (promises P17, P18).

Nothing here costs a timer per request: each connection holds the moment by which it must have got further, and one
sweep looks at all of them.
"""

from __future__ import annotations

import asyncio
import functools
from collections import Counter
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from aparte.kit.addresses import Networks, client_address, is_loopback, source
from aparte.settings import Settings
from aparte.web.answers import AT_ONCE, error_body
from aparte.web.guarded_socket import GuardedSocket, release

NEVER = float("inf")
SPOKEN = ("1.1", "1.0")
GRACE = 1.0
"""Seconds between a polite end and a hard one."""
SWEEP = 0.25
UNSAID = 0.5
"""Seconds for which a server that ends waits for the first request of a connection that it has taken."""
WINDING = 0.02
STATUS = {
    400: b"400 Bad Request",
    408: b"408 Request Timeout",
    414: b"414 URI Too Long",
    429: b"429 Too Many Requests",
    431: b"431 Request Header Fields Too Large",
    503: b"503 Service Unavailable",
}
WHAT = {
    400: ("bad_request", "this is not HTTP"),
    408: ("too_slow", "the request did not come in time"),
    414: ("address_too_long", "the requested address is too long"),
    429: ("too_many_connections", "too many connections from this address"),
    431: ("headers_too_large", "the headers are too many or too long"),
    503: ("overloaded", "the server has as many connections as it may have"),
}


class Connections:
    """All connections of the server: how many, whose, and by when each must have got further."""

    def __init__(self, settings: Settings) -> None:
        self.limits, self.deadlines = settings.limits, settings.deadlines
        self.trusted = Networks(settings.trusted_proxies)
        self.http: set[GuardedHttp] = set()
        self.by_address: Counter[str] = Counter()
        self.sockets: Counter[str] = Counter()
        self.refused: Counter[int] = Counter()
        """Requests refused before any application saw them, by status."""
        self.draining = False
        self.now = 0.0
        self._sweep: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to look after the deadlines."""
        self.now = loop.time()
        self._sweep = loop.call_later(SWEEP, self._tick, loop)

    def stop(self) -> None:
        """Look no more."""
        if self._sweep is not None:
            self._sweep.cancel()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        self.now = loop.time()
        for connection in [one for one in self.http if one.deadline < self.now]:
            connection.expire()
        self._sweep = loop.call_later(SWEEP, self._tick, loop)

    async def wound_down(self, within: float) -> None:
        """Until all requests that have come are answered and their connections closed; at most so many seconds."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while self.http and loop.time() < begun + within:
            for connection in tuple(self.http):
                connection.wind_down(patient=loop.time() < begun + UNSAID)
            await asyncio.sleep(WINDING)

    def exempt(self, peer: str) -> bool:
        """Whether the cap per address is not for this peer: all the world may stand behind it."""
        return peer in self.trusted or is_loopback(peer)

    def admit(self, connection: GuardedHttp, peer: str) -> int:
        """0, or the status with which the connection is refused."""
        if len(self.http) >= self.limits.connections:
            return 503
        connection.address = "" if self.exempt(peer) else source(peer)
        if connection.address and self.by_address[connection.address] >= self.limits.connections_per_address:
            connection.address = ""
            return 429
        self.http.add(connection)
        if connection.address:
            self.by_address[connection.address] += 1
        return 0

    def leave(self, connection: GuardedHttp) -> None:
        """The connection is closed, or has become a socket."""
        if connection in self.http:
            self.http.discard(connection)
            release(self.by_address, connection.address)

    def socket_owner(self, peer: str, headers: list[tuple[bytes, bytes]]) -> str:
        """Whose socket it is: the client's address, seen through trusted proxies."""
        forwarded = b",".join(value for name, value in headers if name == b"x-forwarded-for")
        return source(client_address(peer, forwarded.decode("latin-1"), self.trusted))


class GuardedHttp(HttpToolsProtocol):
    """uvicorn's HTTP protocol with deadlines, caps on connections, and limits of what stands before the body."""

    def __init__(self, *args: Any, connections_: Connections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.all, self.deadline, self.address = connections_, NEVER, ""
        self._spoken = False
        self._refusal, self._in_head, self._head_bytes, self._headers, self._ended = 400, False, 0, 0, False

    # The life of a connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Admit it, or answer and close."""
        super().connection_made(transport)
        self.deadline = self.all.now + self.all.deadlines.header
        refusal = self.all.admit(self, self.client[0] if self.client else "")
        if refusal:
            self._end(refusal)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.all.leave(self)
        super().connection_lost(exc)

    def expire(self) -> None:
        """The deadline is over: say so if nothing was said yet and close; if that does not help, cut."""
        if self._ended or self.transport.is_closing():
            self.transport.abort()
            return
        cycle = self._pending()
        if (self._in_head or cycle is not None) and not (cycle is not None and cycle.response_started):
            self._end(408)
        else:
            self._close()

    def wind_down(self, *, patient: bool) -> None:
        """Take no further request. Whoever was taken and has not spoken yet is waited for: he was not refused."""
        cycle = self._pending()
        if cycle is not None:
            cycle.keep_alive = False
        elif not (patient and (not self._spoken or self._in_head)) and not self.transport.is_closing():
            self._close()

    def _pending(self) -> RequestResponseCycle | None:
        """The request that is not answered yet."""
        cycle: RequestResponseCycle | None = self.cycle
        return None if cycle is None or cycle.response_complete else cycle

    def _close(self) -> None:
        self._ended = True
        self.deadline = self.all.now + GRACE
        self.transport.close()

    def _end(self, status: int) -> None:
        self.all.refused[status] += 1
        body = error_body(*WHAT[status])
        retry = b"retry-after: 5\r\n" if status in {429, 503} else b""
        self.transport.write(
            b"HTTP/1.1 %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\n"
            b"x-content-type-options: nosniff\r\nconnection: close\r\n%b\r\n%b"
            % (STATUS[status], len(body), retry, body)
        )
        self._close()

    # Reading

    def data_received(self, data: bytes) -> None:
        """Bytes have come; those before a body are limited."""
        if self._ended:
            return
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self._most_head:
                self._end(431)
                return
        super().data_received(data)

    @property
    def _most_head(self) -> int:
        return 2 * (self.all.limits.header_bytes + self.all.limits.address_bytes)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._spoken = True
        self._in_head, self._head_bytes, self._headers = True, 0, 0
        if self._pending() is None:
            self.deadline = self.all.now + self.all.deadlines.header

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        super().on_url(url)
        if len(self.url) > self.all.limits.address_bytes:
            self._refuse(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header."""
        self._headers += len(name) + len(value)
        if self._headers > self.all.limits.header_bytes or len(self.headers) >= self.all.limits.headers:
            self._refuse(431)
        # As uvicorn does it, without one more call for each header.
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def _refuse(self, status: int) -> None:
        self._refusal = status
        raise ValueError(STATUS[status].decode())  # the parser turns it into its own error, and that into `_end`

    def on_headers_complete(self) -> None:
        """What stands before the body is whole."""
        if self.parser.get_http_version() not in SPOKEN:
            self._refuse(400)
        self._in_head = False
        if self._pending() is None:
            self.deadline = self.all.now + self.all.deadlines.body
        super().on_headers_complete()
        if self.all.draining and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """The request is whole: from here on the time is the application's."""
        super().on_message_complete()
        if self._pending() is not None:
            self.deadline = NEVER

    def send_400_response(self, msg: str) -> None:
        """The parser could not read it, or we refused it in one of its callbacks."""
        if not self.transport.is_closing():
            self._end(self._refusal)

    # Answering

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """As uvicorn does it; the application may also answer at once."""
        cycle.scope[AT_ONCE] = functools.partial(self._answer_at_once, cycle)  # type: ignore[literal-required]
        super()._start_asgi_task(cycle, app)

    def _answer_at_once(self, cycle: RequestResponseCycle, status: int, headers: bytes, body: bytes) -> bool:
        """Write a whole answer in one piece; False, and nothing is done, where it takes more than that."""
        if cycle.disconnected or cycle.flow.write_paused or cycle.scope["method"] == "HEAD":
            return False
        end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        self.transport.write(b"".join((STATUS_LINE[status], headers, end, body)))
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True

    def on_response_complete(self) -> None:
        """As uvicorn does it, without its timer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            self.deadline = self.all.now + self.all.deadlines.write
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self.deadline = self.all.now + self.all.deadlines.body if cycle.more_body else NEVER
            self._start_asgi_task(cycle, app)
        else:
            self.deadline = self.all.now + self.all.deadlines.idle

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self.deadline = self.all.now + self.all.deadlines.write

    def resume_writing(self) -> None:
        """It reads again."""
        super().resume_writing()
        self.deadline = NEVER if self._pending() is not None else self.all.now + self.all.deadlines.idle

    # Sockets

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection to a WebSocket, unless its address has enough of them."""
        owner = self.all.socket_owner(self.client[0] if self.client else "", self.headers)
        if self.all.sockets[owner] >= self.all.limits.sockets_per_address:
            self._end(429)
            return
        self.all.leave(self)
        self.deadline = NEVER
        self.ws_protocol_class = functools.partial(GuardedSocket, sockets=self.all.sockets, owner=owner)  # type: ignore[assignment]
        super().handle_websocket_upgrade()
