"""Bytes and time of an id in SeenIds; one JSON line per figure. The time is a ratio to Python's own set in one run."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from aparte.backends.memory.seen import SeenIds

IDS = 1_000_000
HOURS_72 = 72 * 3_600_000
PAGE = 4096
KEPT: list[object] = []
"""Every set measured: memory that one gives back would hide the growth of the next."""


class PlainSet(set[str]):
    """The limit to be compared with: the same interface over a set of the ids themselves."""

    def add(self, key: str, at: int) -> bool:  # type: ignore[override]
        if key in self:
            return False
        set.add(self, key)
        return True


def message_id(n: int) -> str:
    return f"message-{n:032d}"


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE


def measure(make: Callable[[], SeenIds | PlainSet], ids: int) -> tuple[float, float]:
    """Resident bytes and CPU seconds per new id; the making of the id is taken off."""
    before, begun = resident_bytes(), time.process_time()
    for n in range(ids):
        message_id(n)
    making = time.process_time() - begun
    held, begun = make(), time.process_time()
    for n in range(ids):
        held.add(message_id(n), n)
    KEPT.append(held)
    return (resident_bytes() - before) / ids, (time.process_time() - begun - making) / ids


def figure(name: str, value: float, bound: float | None, unit: str) -> None:
    sys.stdout.write(json.dumps({"name": name, "value": round(value, 3), "bound": bound, "unit": unit}) + "\n")


def main(ids: int = IDS) -> None:
    forever_bytes, forever = measure(lambda: SeenIds(None), ids)
    within_bytes, within = measure(lambda: SeenIds(HOURS_72), ids)
    set_bytes, plain = measure(PlainSet, ids)
    figure("seen.forever.memory", forever_bytes, 16, "bytes/id")
    figure("seen.within.memory", within_bytes, 16, "bytes/id")
    figure("seen.set.memory", set_bytes, None, "bytes/id")
    figure("seen.forever.add", forever / plain, 5, "x set")
    figure("seen.within.add", within / plain, 6, "x set")
    figure("seen.set.add", plain * 1e6, None, "us")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
