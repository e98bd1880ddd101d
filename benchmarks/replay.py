"""A whole replay from gzip: what an event costs with 50 rules, and what a visitor and a message cost in memory.

One JSON line a figure. `json.loads` of the same lines, in the same run, is the measure of the machine.
"""

from __future__ import annotations

import gc
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from aparte.app import read_events, read_lines, replay
from aparte.routing.model import UNLIMITED
from engine import ROOT, STREAM, campaigns, report

COPIES = 6
ROUNDS = 3
FEW, MANY = 60_000, 360_000
PAGE = (
    '{"type":"page","anonymousId":"visitor-%d","messageId":"message-%d","timestamp":"2025-01-01T%02d:%02d:%02d.%03dZ",'
    '"properties":{"path":"/p/%d","url":"https://shop.example/p/%d","title":"P"}}'
)


def copies(count: int) -> Iterator[bytes]:
    """The recorded stream again and again, each time with other visitors, later by some years."""
    for number in range(count):
        for line in read_lines(STREAM):
            other = line.replace(b'"anonymousId":"', b'"anonymousId":"%d-' % number, 1)
            other = other.replace(b'"messageId":"', b'"messageId":"%d-' % number, 1)
            yield other.replace(b'"timestamp":"201', b'"timestamp":"20%d' % (1 + number), 1)


def strangers(count: int) -> Iterator[bytes]:
    """So many visitors, ten a second, each with one page: as many sessions are open early as late."""
    for number in range(count):
        seconds, milliseconds = divmod(number * 100, 1000)
        at = seconds // 3600, seconds // 60 % 60, seconds % 60, milliseconds
        yield (PAGE % (number, number, *at, number % 500, number % 500)).encode() + b"\n"


def written(path: Path, stream: Iterator[bytes]) -> Path:
    """The stream as a gzip file."""
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.writelines(stream)
    return path


def run(path: Path) -> int:
    """Replay the file with 50 rules; the number of its events."""
    return replay(campaigns(50), read_events([path], trusted=False), UNLIMITED).events


def per_event(function: Callable[[], int]) -> float:
    """CPU microseconds an event, the best of some rounds."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        count = function()
        times.append((time.process_time() - started) / count * 1e6)
    return min(times)


def loads(path: Path) -> int:
    """`json.loads` of every line."""
    count = 0
    for line in read_lines(path):
        json.loads(line)
        count += 1
    return count


def peak_bytes(path: Path) -> int:
    """Greatest resident size of a process of its own that replays the file."""
    command = [sys.executable, __file__, str(path)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def main() -> None:
    """All figures."""
    gc.disable()
    with tempfile.TemporaryDirectory() as folder:
        recorded = written(Path(folder, "recorded.gz"), copies(COPIES))
        json_us, replay_us = per_event(lambda: loads(recorded)), per_event(lambda: run(recorded))
        few, many = (written(Path(folder, f"{n}.gz"), strangers(n)) for n in (FEW, MANY))
        grown = (peak_bytes(many) - peak_bytes(few)) / (MANY - FEW)
    report("json.loads of one event", json_us, None, "us")
    report("replay from gz with 50 rules, one event", replay_us, None, "us")
    report("replay from gz with 50 rules", 1e6 / replay_us, ">= 100000", "events/s")
    report("replay / json.loads of the same lines", replay_us / json_us, None, "ratio")
    report("memory of one visitor and one message", grown, 32, "bytes")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(Path(sys.argv[1]))
        sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))
    else:
        main()
