"""How much of a promise is shown in one run: a little by default, its figure with `make test-reliability`, more by far
with `make soak`."""

from __future__ import annotations

import os
import sys

import pytest

RELIABILITY = os.environ.get("APARTE_RELIABILITY") == "1"
SOAK = os.environ.get("APARTE_SOAK") == "1"
FULL = RELIABILITY or SOAK
LATER = pytest.mark.skipif(not FULL, reason="make test-reliability")


def size(default: int, reliability: int, soak: int) -> int:
    """The size of this run."""
    if SOAK:
        return soak
    return reliability if RELIABILITY else default


def said(text: str) -> None:
    """Something that was measured; seen with `pytest -s`, and when the test fails."""
    sys.stdout.write(f"\n{text}\n")
