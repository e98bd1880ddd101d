"""Runs every benchmark and tells which bounds hold.

A file benchmarks/*.py is a program that prints one JSON object a line: {"name", "value", "bound", "unit"}. `bound` is a
number (the value may be at most that), a string such as ">= 0.7" or "< 2.5", or null for a figure without a promise.
Other members are welcome. Exit code 1 when a bound is broken or a benchmark fails.
"""

import json
import operator
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMPARE = {"<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt}


def holds(value: float, bound: float | str | None) -> bool | None:
    """Whether the value keeps its bound; None when there is none."""
    if bound is None:
        return None
    if isinstance(bound, str):
        sign, limit = bound.split()
        return bool(COMPARE[sign](value, float(limit)))
    return value <= bound


def figures(file: Path) -> tuple[list[dict[str, Any]], int]:
    """What one benchmark printed, echoed as it comes, and its exit code."""
    found = []
    with subprocess.Popen([sys.executable, str(file)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if line.startswith("{"):
                found.append(json.loads(line))
    return found, process.returncode


def verdict(figure: dict[str, Any]) -> str:
    kept = holds(figure["value"], figure.get("bound"))
    word = {True: "holds ", False: "BROKEN", None: "      "}[kept]
    bound = "" if kept is None else f"  bound {figure['bound']}"
    return f"{word}  {figure['name']}: {figure['value']:g} {figure.get('unit') or ''}{bound}".rstrip()


def main() -> int:
    files = sorted(file for file in (ROOT / "benchmarks").glob("*.py") if not file.name.startswith("_"))
    if not files:
        print("bench: there is no benchmark in benchmarks/", file=sys.stderr)
        return 1
    measured, failed = [], []
    for file in files:
        found, code = figures(file)
        measured += found
        if code or not found:
            failed.append(f"FAILED  {file.name}: exit code {code}, {len(found)} figures")
    print("\n" + "\n".join([*(verdict(figure) for figure in measured), *failed]))
    broken = [figure for figure in measured if holds(figure["value"], figure.get("bound")) is False]
    return 1 if broken or failed else 0


if __name__ == "__main__":
    sys.exit(main())
