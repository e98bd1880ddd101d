"""P3: a disk that fails or is full makes refusals, not lies.

The real server, with a shim that lets the n-th write or sync fail (EIO, ENOSPC, half a write), once or until it is
healed, under visitors and agents who write all the time. Nothing acknowledged is lost, nothing but 503 and
`retry_after` is answered, readiness says it, and the server goes on by itself.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from failing import Scene, failed_at, failed_long, filled
from shop import Transport
from sizes import LATER, said, size

POINTS = size(12, 300, 5_000)
ROUNDS = size(2, 20, 100)
MIB = 1 << 20


@pytest.mark.parametrize("transport", ["socket", pytest.param("poll", marks=LATER)])
def test_a_failing_disk_is_refused_said_and_survived(tmp_path: Path, transport: Transport) -> None:
    failed = asyncio.run(failed_at(tmp_path, transport, POINTS))
    said(failed.line(f"P3 {transport}"))
    assert failed.found == 0, failed
    assert failed.points == POINTS
    assert min(failed.put_off, failed.refused) > 0


def test_a_full_disk_is_survived_when_it_has_room_again(tmp_path: Path) -> None:
    def fill(scene: Scene, left: int) -> None:
        scene.faults.room, scene.faults.limited = left, 1

    failed = asyncio.run(filled(tmp_path, ROUNDS, fill, lambda scene: scene.faults.heal()))
    said(failed.line("P3 files that may not grow"))
    assert failed.found == 0, failed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MiB of its own."""
    place = tmp_path / "small"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=64m", "aparte-test", str(place)]
    if subprocess.run(mounting, check=False, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@LATER
def test_a_file_system_that_is_really_full_is_survived(tmp_path: Path, small_disk: Path) -> None:
    ballast = small_disk / "ballast"

    def fill(scene: Scene, left: int) -> None:
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(MIB))
            except OSError:
                file.truncate(max(0, file.tell() - left))

    failed = asyncio.run(filled(tmp_path, ROUNDS, fill, lambda scene: ballast.unlink(), small_disk / "data"))
    said(failed.line("P3 a full file system"))
    assert failed.found == 0, failed


@LATER
def test_a_disk_that_fails_for_long_is_survived_as_soon(tmp_path: Path) -> None:
    failed = asyncio.run(failed_long(tmp_path, 7))
    said(failed.line("P3 seven seconds"))
    assert failed.found == 0, failed


def test_a_writer_that_swallows_the_error_is_caught(tmp_path: Path) -> None:
    failed = asyncio.run(failed_at(tmp_path, "socket", 60, defect="swallow_errors", sought="lost", looks=6, patience=1))
    said(failed.line("P3 with swallow_errors"))
    assert failed.judged.lost > 0, failed
