"""The shim of `disk.c`: built with the C compiler, preloaded into a process, told to fail; and the journal it keeps."""

from __future__ import annotations

import ctypes
import mmap
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sizes import RELIABILITY, SOAK

SOURCE = Path(__file__).with_name("disk.c")
WRITE, TRUNCATE, SYNC, SYNC_FAILED, SYNC_NAMES, CREATE, UNLINK, RENAME, LINK, MARK = range(1, 11)


class Head(ctypes.Structure):
    """What comes before the bytes of a record."""

    _fields_ = (
        ("what", ctypes.c_uint32),
        ("file", ctypes.c_uint32),
        ("at", ctypes.c_uint64),
        ("length", ctypes.c_uint64),
    )


class Record(NamedTuple):
    """One change of the folder."""

    what: int
    file: int
    at: int
    data: bytes


class Faults(ctypes.Structure):
    """What is to fail; see `disk.c`. Shared with the processes that the shim is in."""

    _fields_ = tuple(
        (name, ctypes.c_int64)
        for name in ("left", "error", "half", "lasting", "down", "limited", "room", "writes", "syncs", "failed")
    )

    @classmethod
    def shared(cls, path: Path) -> Faults:
        """Those of a new file."""
        path.write_bytes(bytes(ctypes.sizeof(cls)))
        with path.open("r+b") as file:
            return cls.from_buffer(mmap.mmap(file.fileno(), ctypes.sizeof(cls)))

    def arm(self, nth: int, error: int, *, half: bool = False, lasting: bool = True) -> None:
        """The n-th call from now fails, and with `lasting` all after it until `heal`; `half`: after half a write."""
        self.error, self.half, self.lasting = error, half, lasting
        self.left = nth

    def heal(self) -> None:
        """The disk is a good one again, and has room."""
        self.left = self.down = self.limited = 0


def built(folder: Path) -> Path:
    """The shim as a library. No compiler, nothing shown: skipped by default, else an error."""
    compiler = shutil.which(os.environ.get("CC", "cc")) or shutil.which("gcc")
    if compiler is None:
        if RELIABILITY or SOAK:
            pytest.fail("a C compiler is needed: install gcc")
        pytest.skip("there is no C compiler")
    library = folder / "disk.so"
    command = [compiler, "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-lpthread"]
    subprocess.run(command, check=True)
    return library


def preloaded(
    library: Path, folder: Path, *, journal: Path | None = None, faults: Path | None = None
) -> dict[str, str]:
    """The environment of a process whose folder is watched."""
    given = {"LD_PRELOAD": str(library), "DISK_FOLDER": str(folder)}
    given |= {"DISK_JOURNAL": str(journal)} if journal else {}
    given |= {"DISK_FAULTS": str(faults)} if faults else {}
    return os.environ | given


def records(journal: Path) -> Iterator[Record]:
    """All changes, in their order."""
    with journal.open("rb") as file:
        while head := file.read(ctypes.sizeof(Head)):
            one = Head.from_buffer_copy(head)
            sized = one.what in (WRITE, CREATE, UNLINK, RENAME, LINK, MARK)
            yield Record(one.what, one.file, one.at, file.read(one.length) if sized else b"")
