"""The server: uvicorn in this process, with our deadlines, our way to bind and our way to end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import gc
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any, TypeVar

import uvicorn
import uvloop

from aparte.kit.errors import Unavailable
from aparte.settings import Settings
from aparte.web.answers import App
from aparte.web.connections import Connections, GuardedHttp

T = TypeVar("T")
FRAME = 64 * 1024
"""The longest frame of a WebSocket; visitors may send less, their door sees to it."""
YOUNG = (20_000, 20, 20)
"""Objects that come before the collector looks for cycles among the young ones, and how seldom among the older."""
SIGNALS = (signal.SIGINT, signal.SIGTERM)
DRAINING, REST = 0.8, 0.1
"""Shares of `deadlines.drain`: for `on_drain`, and for whatever is still open after it."""
logger = logging.getLogger("aparte.web")

Drain = Callable[[], Awaitable[None]]
Started = Callable[[str, int], None]


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a program on uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def bind(settings: Settings) -> socket.socket:
    """A bound socket; Unavailable, in one line, when the port is taken or the address is not ours."""
    where = f"{settings.host}:{settings.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise Unavailable(f"there is no such host: {error.strerror}", where=where, hint="--host 127.0.0.1") from None
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise Unavailable(_why(error), where=where, hint="choose another with --port or --host") from None
    return bound


def _why(error: OSError) -> str:
    known = {
        errno.EADDRINUSE: "the port is taken by another program",
        errno.EACCES: "this user may not listen on this port",
        errno.EADDRNOTAVAIL: "this machine has no such address",
    }
    return known.get(error.errno or 0, f"cannot listen: {error.strerror}")


async def serve(
    app: App,
    settings: Settings,
    connections: Connections,
    *,
    bound: socket.socket | None = None,
    on_started: Started | None = None,
    on_drain: Drain | None = None,
    ending: asyncio.Event | None = None,
) -> None:
    """Serve until SIGTERM, SIGINT or `ending`, then drain and return, within `deadlines.drain` seconds.

    The order of the end: readiness red, no new connections, `on_drain` (tell sockets, have the requests under way
    answered, finish the writer's queue, let the folder go), what is left closed. `on_started` is told host and port
    once connections are taken. Unavailable when the port is taken. `bound`: a socket of `bind` or `inherited`, when the
    caller wants the port before all else.
    """
    taken = bound or bind(settings)
    server = _Server(app, settings, connections, on_started, on_drain, ending)
    try:
        with rarely_collected():
            await server.serve(sockets=[taken])
    finally:
        connections.stop()
        taken.close()


@contextlib.contextmanager
def rarely_collected() -> Iterator[None]:
    """While serving, the collector looks for cycles more rarely, and never again at what is there when it begins.

    Requests make next to no cycles, but thousands of objects that stay (visits); as Python has it by default, looking
    through them again and again costs as much as deciding does.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*YOUNG)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class _Server(uvicorn.Server):
    def __init__(
        self,
        app: App,
        settings: Settings,
        connections: Connections,
        started: Started | None,
        drain: Drain | None,
        ending: asyncio.Event | None,
    ) -> None:
        self.all, self.on_started, self.on_drain, self.ending = connections, started, drain, ending
        self.patience = settings.deadlines.drain
        uvicorns = logging.getLogger("uvicorn.error")
        uvicorns.setLevel(logging.ERROR)
        uvicorns.addFilter(of_ours)
        super().__init__(_config(app, settings, connections))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.all.start(asyncio.get_running_loop())
        await super().startup(sockets)
        if self.started and self.on_started is not None and sockets:
            host, port = sockets[0].getsockname()[:2]
            self.on_started(host, port)

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or (self.ending is not None and self.ending.is_set())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.all.draining = True
        for server in self.servers:
            server.close()
        if self.on_drain is not None:
            try:
                await asyncio.wait_for(self.on_drain(), self.patience * DRAINING)
            except TimeoutError:
                logger.error("draining took too long and was cut short")
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn raises the signal again at the end, and the process would seem to have been killed.
        loop = asyncio.get_running_loop()
        try:
            for one in SIGNALS:
                loop.add_signal_handler(one, self.handle_exit, one, None)
        except (ValueError, RuntimeError):  # not the main thread: whoever runs us sets should_exit
            yield
            return
        try:
            yield
        finally:
            for one in SIGNALS:
                loop.remove_signal_handler(one)


def of_ours(record: logging.LogRecord) -> bool:
    """Whether a line of uvicorn's is about this server: a client's bad letters are not, and leave no traces of code."""
    return not str(record.msg).startswith("Invalid UTF-8")


def _config(app: App, settings: Settings, connections: Connections) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=functools.partial(GuardedHttp, connections_=connections),  # type: ignore[arg-type]
        ws="websockets-sansio",
        ws_max_size=FRAME,
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        lifespan="auto",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=max(1, int(settings.deadlines.drain * REST)),
    )
