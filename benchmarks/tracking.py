"""What reading a message costs, as multiples of `json.loads` of the same lines in the same run.

    python benchmarks/tracking.py [EVENTS.jsonl[.gz]]

Prints one JSON line a figure: {"name", "value", "bound", "unit"}; bound null: for information. The rounds of all
candidates are interleaved and the fastest round of each counts, because machines are shared. The collector is frozen
and switched off here, in the caller: otherwise it would walk through the recorded lines and be charged to whoever
allocates at that moment. A server should do the same after start (`gc.freeze()`).
"""

from __future__ import annotations

import gc
import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from aparte.tracking.model import ClientEvent
from aparte.tracking.normalise import Normaliser

ROUNDS = 15
BOUNDS: dict[str, float] = {}
"""None is promised yet; the goal for a typed decode with its checks is 0.25."""
STREAM = Path(__file__).resolve().parents[1] / "examples" / "ga360" / "events.jsonl.gz"


def lines_of(path: Path) -> list[bytes]:
    """The lines of a file, unpacked if need be."""
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()


def fastest(candidates: dict[str, Callable[[bytes], Any]], lines: list[bytes]) -> dict[str, float]:
    """CPU seconds of the fastest round of each candidate."""
    best = dict.fromkeys(candidates, float("inf"))
    for _ in range(ROUNDS):
        for name, read in candidates.items():
            started = time.process_time()
            for line in lines:
                read(line)
            best[name] = min(best[name], time.process_time() - started)
    return best


def main(path: Path) -> None:
    """Measure and print."""
    lines = lines_of(path)
    ga4 = [
        line.replace(b'"Product Viewed"', b'"view_item"').replace(b'"Product Added"', b'"add_to_cart"')
        for line in lines
    ]
    gc.collect()
    gc.freeze()
    gc.disable()
    normaliser = Normaliser()
    reference = fastest({"json.loads": json.loads}, lines)  # warm up the caches of the machine
    best = fastest(
        {
            "json.loads": json.loads,
            "typed_decode": msgspec.json.Decoder(ClientEvent).decode,
            "read": normaliser.read,
            "read_by_the_steps": normaliser.read_thoroughly,
        },
        lines,
    )
    best["read_ga4"] = fastest({"read_ga4": normaliser.read}, ga4)["read_ga4"]
    anchor = min(best.pop("json.loads"), reference["json.loads"])
    print_figure("json.loads", anchor / len(lines) * 1e6, None, "µs CPU a line")
    for name, seconds in best.items():
        print_figure(name, seconds / anchor, BOUNDS.get(name), "× json.loads")


def print_figure(name: str, value: float, bound: float | None, unit: str) -> None:
    """One line of the report."""
    print(
        json.dumps(
            {"name": f"tracking.{name}", "value": round(value, 3), "bound": bound, "unit": unit}, ensure_ascii=False
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else STREAM)
