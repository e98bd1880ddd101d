"""A process that has imported all of Aparté, and forks for each command: what a command does, without Python's start.

`python warm.py FD`: FD is a socket on which each command comes as JSON, with the ends of two pipes for what it says;
its exit code goes back as one line.
"""

from __future__ import annotations

import array
import json
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

MOST = 1 << 20


class Warm:
    """The side of whoever asks."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line

    def run(
        self, *command: str, env: dict[str, str] | None = None, room: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`aparte` with these words in a process of its own; `room`: no file grows beyond so many bytes."""
        told = {"command": command, "environment": dict(os.environ if env is None else env), "room": room}
        (out, its_out), (err, its_err) = os.pipe(), os.pipe()
        socket.send_fds(self.line, [json.dumps(told).encode()], [its_out, its_err])
        os.close(its_out)
        os.close(its_err)
        said: dict[int, str] = {}
        hearing = [threading.Thread(target=heard, args=(one, said)) for one in (out, err)]
        for one in hearing:
            one.start()
        code = int(self.line.recv(64))
        for one in hearing:
            one.join(60)
        return subprocess.CompletedProcess(command, code, said[out], said[err])


def heard(end: int, said: dict[int, str]) -> None:
    """All that comes out of a pipe."""
    with os.fdopen(end, encoding="utf-8") as file:
        said[end] = file.read()


@contextmanager
def warm() -> Iterator[Warm]:
    """A running one."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, its:
        ours.settimeout(60)
        line = [sys.executable, __file__, str(its.fileno())]
        mother = subprocess.Popen(line, pass_fds=[its.fileno()])
        its.close()
        try:
            yield Warm(ours)
        finally:
            mother.kill()
            mother.wait(30)


def serve(line: socket.socket) -> None:
    """Command after command, until nobody is there to ask."""
    while (asked := socket.recv_fds(line, MOST, 2))[0]:
        child = os.fork()
        if not child:
            live(json.loads(asked[0]), array.array("i", asked[1]))
        for end in asked[1]:
            os.close(end)
        line.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def live(told: dict[str, Any], ends: array.array[int]) -> None:
    """The command, in the child; it never comes back."""
    from aparte.cli import main  # noqa: PLC0415 - whoever asks has no need of it

    code: Any = 1
    try:
        for number, end in enumerate(ends, 1):
            os.dup2(end, number)
            os.close(end)
        os.environ.clear()
        os.environ.update(told["environment"])
        if told["room"] is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (told["room"], resource.RLIM_INFINITY))
        code = 0
        main(told["command"])
    except SystemExit as ended:
        code = ended.code
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    import aparte.app.demo
    import aparte.app.serve
    import aparte.cli  # noqa: F401

    serve(socket.socket(fileno=int(sys.argv[1])))
