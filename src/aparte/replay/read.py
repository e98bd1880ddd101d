"""Recorded streams: files of JSON lines, plain or gzip, one or several merged by time."""

from __future__ import annotations

import heapq
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from aparte.kit.errors import Unavailable
from aparte.tracking.model import Event
from aparte.tracking.quarantine import Quarantined

try:
    from isal import igzip as gzip
except ImportError:  # isal has wheels for the usual machines only; the standard library reads the same, slower
    import gzip  # type: ignore[no-redef]

Read: TypeAlias = "Event | Quarantined"
GZIP_MAGIC = b"\x1f\x8b"
BUFFER = 1 << 20


def lines(path: Path, progress: Callable[[int], None] | None = None) -> Iterator[bytes]:
    """The lines of a file, unpacked when it is gzip.

    `progress` is told how many bytes of the file have been read. Raises Unavailable, in one clear line, for a file that
    is missing, a directory, empty or truncated.
    """
    if path.is_dir():
        raise Unavailable("this is a directory", where=str(path), hint="name the files in it")
    try:
        with path.open("rb") as raw:
            yield from _lines(raw, path, progress)
    except FileNotFoundError:
        raise Unavailable("there is no such file", where=str(path)) from None
    except PermissionError:
        raise Unavailable("this file may not be read", where=str(path), hint="check its permissions") from None


def unpacked(raw: BinaryIO) -> Any:
    """What a gzip file holds."""
    open_gzip: Any = gzip.GzipFile  # isal's has no types
    return open_gzip(fileobj=raw)


def _lines(raw: BinaryIO, path: Path, progress: Callable[[int], None] | None) -> Iterator[bytes]:
    magic = raw.read(2)
    raw.seek(0)
    if not magic:
        raise Unavailable("the file is empty", where=str(path))
    packed = magic == GZIP_MAGIC
    stream: Iterable[bytes] = io.BufferedReader(unpacked(raw), BUFFER) if packed else raw
    count = 0
    try:
        for line in stream:
            count += 1
            if progress is not None and not count & 4095:
                progress(raw.tell())
            yield line
    except (EOFError, zlib.error, OSError, gzip.BadGzipFile) as error:
        raise Unavailable(
            f"the file is truncated or damaged after line {count}", where=str(path), hint=f"copy it again ({error})"
        ) from None
    if progress is not None:
        progress(raw.tell())


def merged(streams: list[Iterator[Read]]) -> Iterator[Read]:
    """One stream, by time; ties in the order of the streams, then of the lines. One stream passes as it is.

    What was quarantined has no time and keeps its place behind the line before it.
    """
    if len(streams) == 1:
        return streams[0]
    return (read for _, read in heapq.merge(*map(stamped, streams), key=lambda pair: pair[0]))


def stamped(stream: Iterator[Read]) -> Iterator[tuple[int, Read]]:
    """Each event with the largest time so far, so that a late one does not hold the other streams up."""
    at = 0
    for read in stream:
        if not isinstance(read, Quarantined):
            at = max(at, read.at)
        yield at, read
