"""A page of the documentation that a tool makes: written, or compared with `--check`."""

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def made(target: Path, text: str, arguments: Sequence[str]) -> int:
    """Write the page; with `--check` write nothing, and say on standard error when it is not up to date. Exit code."""
    if "--check" not in arguments:
        target.write_text(text, encoding="utf-8")
        return 0
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        return 0
    tool = Path(sys.argv[0]).stem
    print(f"{tool}: {target.relative_to(ROOT)} is not up to date; run make reference", file=sys.stderr)
    return 1
