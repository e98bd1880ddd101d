"""The data folder: made private, held by one process, with the secret that is never in the database."""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aparte.kit.errors import Unavailable

DATABASE = "aparte.db"
LOCK = "lock"
SECRET = "secret.key"
UNFINISHED = "unfinished"
"""Beside a database that is being made in bulk: until the end it is no whole one."""
SECRET_BYTES = 32
AGAIN_S = 0.01


@contextmanager
def told(path: Path) -> Iterator[None]:
    """An error of the system as one line that says where."""
    try:
        yield
    except PermissionError:
        hint = "give its owner the right to write, or name another folder"
        raise Unavailable("this folder or file may not be written", where=str(path), hint=hint) from None
    except (FileExistsError, NotADirectoryError):
        raise Unavailable("this is no folder", where=str(path), hint="name a folder for the data") from None
    except OSError as error:
        raise Unavailable(f"cannot be used: {error.strerror or error}", where=str(path)) from None


def make(directory: Path) -> None:
    """Make the folder, for its owner alone, when there is none."""
    with told(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)


def lock(directory: Path, wait: float = 0.0) -> int:
    """Hold the folder; gives the descriptor to close when it may go.

    Unavailable when another process holds it, and goes on to hold it for so many seconds.
    """
    path = directory / LOCK
    with told(path):
        held = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    until = time.monotonic() + wait
    try:
        while is_held(held) and time.monotonic() < until:
            time.sleep(AGAIN_S)
        take(held, directory)
    except BaseException:
        os.close(held)
        raise
    return held


def is_held(held: int) -> bool:
    """Whether another process has this lock; if none has, we have it now."""
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def take(held: int, directory: Path) -> None:
    """Lock this descriptor, and write down who has it."""
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(held, 20, 0).decode("ascii", "replace").strip() or "unknown"
        hint = "stop it, or name another folder"
        raise Unavailable(f"in use by process {holder}", where=str(directory), hint=hint) from None
    with told(directory / LOCK):
        os.ftruncate(held, 0)
        os.pwrite(held, f"{os.getpid()}\n".encode("ascii"), 0)


def begin(directory: Path) -> None:
    """Something whole begins in this folder, which is held: what one that was broken off has left goes away."""
    with told(directory):
        touch(directory / UNFINISHED)
        for suffix in ("", "-wal", "-shm", "-journal"):
            (directory / f"{DATABASE}{suffix}").unlink(missing_ok=True)


def finish(directory: Path) -> None:
    """It is whole."""
    with told(directory):
        (directory / UNFINISHED).unlink()
        sync(directory)


def is_unfinished(directory: Path) -> bool:
    """Whether something was begun here and has not ended."""
    return (directory / UNFINISHED).is_file()


def whole(directory: Path) -> None:
    """Unavailable for a folder in which something is being made, or was broken off."""
    if is_unfinished(directory):
        hint = "wait for its end; after a broken one run `aparte simulate` into it again, or delete it"
        raise Unavailable("the simulation in this folder has not ended", where=str(directory), hint=hint)


def touch(path: Path) -> None:
    """Make an empty file that its owner alone may read; SQLite gives the files beside it the same mode."""
    with told(path):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        sync(path.parent)


def sync(directory: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def visitor_secret(directory: Path) -> bytes:
    """The 32 bytes that sign visitors' tokens; made at first use, in a file of its own."""
    path = directory / SECRET
    with told(path):
        if not path.exists():
            make_secret(path)
        path.chmod(0o600)
        text = path.read_bytes()
    with suppress(ValueError):
        secret = bytes.fromhex(text.decode("ascii"))
        if len(secret) == SECRET_BYTES:
            return secret
    hint = "put the copy of it back; without it visitors lose their conversations"
    raise Unavailable(f"this is not {SECRET_BYTES} bytes in hexadecimal", where=str(path), hint=hint)


def make_secret(path: Path) -> None:
    """A new secret, whole or not at all, and never in the place of one that another process has just made."""
    part = path.with_name(f"{SECRET}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, f"{secrets.token_hex(SECRET_BYTES)}\n".encode("ascii"))
        os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        os.close(descriptor)
        part.unlink()
    sync(path.parent)
