"""The mother of servers: she has imported everything, and bears a process for each life, so that a life costs little.

    python life.py FOLDER < plans > births

Each line she reads is a plan (`Plan`, JSON); she waits for the end of the child before, and bears the next. The child
writes a line when it is born and another when it takes connections. When her input ends, so does she, and her child.
"""

from __future__ import annotations

import ctypes
import gc
import inspect
import os
import signal
import socket
import ssl
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

import msgspec
import msgspec.inspect
import planted
from argon2 import PasswordHasher
from msgspec import Struct

from aparte.app.serve import Running, clock_of, opened
from aparte.settings import Deadlines, Limits, Settings
from aparte.targeting.campaign import no_campaigns
from aparte.web import api, pages, server
from aparte.web.desk import Timing
from aparte.web.limits import Buckets

PLENTY = 1_000_000
LIMITS = Limits(
    visitor_rate=PLENTY, visitor_burst=PLENTY, address_rate=PLENTY, address_burst=PLENTY, site_rate=PLENTY,
    site_burst=PLENTY, new_visitors_per_minute=PLENTY, sockets_per_address=PLENTY, connections_per_address=PLENTY,
)  # fmt: skip
PARENT_DIES = 1
"""PR_SET_PDEATHSIG"""


class Plan(Struct, frozen=True, kw_only=True):
    """One life."""

    defect: str = ""
    """What is planted in it; see `planted.DEFECTS`."""
    strike: str = ""
    """When it kills itself: `written` (before the commit), `committed` (before the acknowledgement), `told`."""
    strike_at: int = 1
    """At which group with a message in it."""
    silence_s: float = 35.0
    ping_s: float = 25.0


class Birth(NamedTuple):
    """What a child says of itself."""

    pid: int
    ready: bool


def settings(port: int) -> Settings:
    """No limit of this server is what is to be shown here."""
    return Settings(host="127.0.0.1", port=port, limits=LIMITS, deadlines=Deadlines(drain=5))


def live(data: Path, port: int, plan: Plan) -> None:
    """A life of the real server, from the opening of the folder on."""
    planted.plant(plan.defect)
    planted.arm(plan.strike, plan.strike_at)
    chosen = settings(port)
    bound = server.bind(chosen)
    with opened(data) as store:
        running = Running(
            data, store, chosen, clock=clock_of(store), hasher=PasswordHasher(1, 8, 1),
            timing=Timing(ping=plan.ping_s, silence=plan.silence_s, agent_left=3_600, agent_away=3_600, tick=0.2),
            messages=Buckets(PLENTY, PLENTY), openings=Buckets(PLENTY, PLENTY),
        )  # fmt: skip
        server.run(running.run(running.doors, bound, lambda url: tell(Birth(os.getpid(), True))))


def prepare() -> None:
    """Do once what each life would do again: the routes of the console's API are registered, zones are listed, files
    compressed, certificates read, a campaign file is checked.

    The API is built around things that are still empty; a life fills them with its own.
    """
    build, hints = api.console_api, get_type_hints(api.console_api)
    empty = [hints[name].__new__(hints[name]) for name in inspect.signature(build).parameters]
    built = build(*empty)

    def filled(*things: Any) -> Any:
        for one, real in zip(empty, things, strict=True):
            one.__dict__ = real.__dict__
        return built

    api.console_api = filled
    pages.read_static = cache(pages.read_static)
    ssl.create_default_context = cache(ssl.create_default_context)
    msgspec.inspect.type_info = cache(msgspec.inspect.type_info)
    pages.read_static()
    ssl.create_default_context()
    no_campaigns("shop")
    gc.collect()
    gc.freeze()


def tell(birth: Birth) -> None:
    """One line, whole."""
    os.write(1, msgspec.json.encode(birth) + b"\n")


def bear(data: Path, port: int, plan: Plan) -> int:
    """Fork; the child never comes back from here."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        ctypes.CDLL(None).prctl(PARENT_DIES, signal.SIGKILL)
        tell(Birth(os.getpid(), False))
        live(data, port, plan)
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def reserved() -> socket.socket:
    """A port that nobody else is given; bound and never listened at, it lets children listen."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind(("127.0.0.1", 0))
    return one


def main(data: Path) -> None:
    """Bear one child after the other."""
    prepare()
    place = reserved()
    port = place.getsockname()[1]
    os.write(1, b"%d\n" % port)
    child = 0
    for line in sys.stdin.buffer:
        if child:
            os.waitpid(child, 0)
        child = bear(data, port, msgspec.json.decode(line, type=Plan))
    if child:
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
