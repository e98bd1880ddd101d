"""The listening socket goes from one process to the next: nobody who knocks meanwhile is refused, he waits.

Two ways. The system holds the socket (socket activation: LISTEN_FDS), or the running server gives it away: it listens
on DIR/upgrade.sock, and whoever may write there gets the socket, whereupon the server drains and ends. The new process
opens the data when the old one has let it go; connections wait in the socket's own queue until then. Two processes with
sockets of their own on one port (SO_REUSEPORT) would lose what waits in the queue of the one that ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import stat
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from aparte.kit.errors import BadInput, Unavailable

NAME = "upgrade.sock"
FIRST_FD = 3
GREETING = b"aparte 1\n"
PATIENCE_S = 10.0
NOT_OURS = "the socket handed to this process is no listening TCP socket"


def inherited(environment: MutableMapping[str, str]) -> socket.socket | None:
    """The socket that systemd has opened for this process; None without one. BadInput when it is of another kind.

    The environment is told no more of it, so that no child believes to have inherited it too.
    """
    named, count = environment.pop("LISTEN_PID", ""), environment.pop("LISTEN_FDS", "")
    environment.pop("LISTEN_FDNAMES", None)
    if not count or named != str(os.getpid()):
        return None
    if count != "1":
        raise BadInput(f"{count} sockets were handed to this process", hint="one socket unit with one ListenStream")
    try:
        return listening(socket.socket(fileno=FIRST_FD))
    except OSError:
        raise BadInput(NOT_OURS, where="LISTEN_FDS", hint="ListenStream=127.0.0.1:8080") from None


def listening(found: socket.socket) -> socket.socket:
    """The same, when it takes TCP connections; BadInput."""
    tcp = found.family in (socket.AF_INET, socket.AF_INET6) and found.type == socket.SOCK_STREAM
    if not tcp or not found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        found.detach()
        raise BadInput(NOT_OURS, hint="ListenStream=127.0.0.1:8080")
    os.set_inheritable(found.fileno(), False)
    return found


@contextmanager
def near(data: Path) -> Iterator[str]:
    """The address of the socket in a folder: short, however long the folder's own name is."""
    folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        by_number = Path(f"/proc/self/fd/{folder}")
        yield str((by_number if by_number.is_dir() else data) / NAME)
    finally:
        os.close(folder)


def asked(data: Path) -> socket.socket | None:
    """The listening socket of the server of this folder, which drains and ends thereupon; None when none runs."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(PATIENCE_S)
        try:
            with near(data) as address:
                door.connect(address)
            told, descriptors, _, _ = socket.recv_fds(door, len(GREETING), 1)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except OSError as error:
            hint = "stop the server, then start it again"
            raise Unavailable(f"the running server does not answer: {error}", where=str(data), hint=hint) from None
    if told != GREETING or not descriptors:
        raise Unavailable("the running server gave no socket", where=str(data), hint="stop it, then start it again")
    return listening(socket.socket(fileno=descriptors[0]))


class Giver:
    """Gives the listening socket to the process that follows; once, and then `ended` is called."""

    def __init__(self, data: Path, bound: socket.socket, ended: Callable[[], None]) -> None:
        self._data, self._ended = data, ended
        self._given = bound.dup()
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        path = data / NAME
        path.unlink(missing_ok=True)
        with near(data) as address:
            self._door.bind(address)
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)  # before it listens: nobody else ever gets in
        self._door.listen(1)
        self._door.setblocking(False)
        asyncio.get_running_loop().add_reader(self._door.fileno(), self._knocked)

    def _knocked(self) -> None:
        with contextlib.suppress(OSError):
            guest, _ = self._door.accept()
            with guest:
                guest.setblocking(True)
                guest.settimeout(1.0)
                socket.send_fds(guest, [GREETING], [self._given.fileno()])
            self._ended()

    def close(self) -> None:
        """Give nothing any more, and hold the socket no longer than the server does."""
        if self._door.fileno() < 0:
            return
        asyncio.get_running_loop().remove_reader(self._door.fileno())
        self._door.close()
        self._given.close()
        (self._data / NAME).unlink(missing_ok=True)
