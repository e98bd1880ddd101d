"""What is given, looked at before anything is reckoned with it: no share above 1, nothing negative, no text. Pure."""

from __future__ import annotations

from math import ceil, isfinite
from typing import Any

from aparte.kit.errors import BadInput

SHARE = "a share between 0 and 1: 0.02 is 2 %"
MOST = 1e12
"""Beyond it a figure of a shop is a slip of the keyboard."""
LEAST = 1e-9
"""Below it a figure of a shop is one too; nothing is divided by less."""


def ceiling(value: float) -> int:
    """The whole number above; what binary fractions add in the thirteenth digit makes no further one."""
    return ceil(value * (1 - 1e-12))


def number(value: Any, where: str) -> float:
    """A number; BadInput for a text, for what is not finite, and beyond MOST."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise BadInput(f"{str(value)[:40]!r} is not a number", where=where, hint="write digits, with a point")
    if abs(value) > MOST:
        raise BadInput("this is beyond all shops", where=where, hint=f"at most {MOST:,.0f}")
    return float(value)


def positive(value: Any, where: str) -> float:
    """A number above 0."""
    found = number(value, where)
    if found < LEAST:
        raise BadInput(f"{found:g} is not above 0", where=where, hint="write how many there are, a billionth at least")
    return found


def not_negative(value: Any, where: str) -> float:
    """A number from 0 on."""
    found = number(value, where)
    if found < 0:
        raise BadInput(f"{found:g} is negative", where=where, hint="write 0 or more")
    return found


def proper(value: Any, where: str, why: str) -> float:
    """A share that is neither 0 nor 1; `why` says what such an end would mean."""
    found = number(value, where)
    if not LEAST <= found <= 1 - LEAST:
        raise BadInput(f"{found:g}: {why}", where=where, hint=SHARE)
    return found


def whole(value: Any, where: str, most: int) -> int:
    """A whole number from 1 to `most`."""
    found = number(value, where)
    if found != int(found) or not 1 <= found <= most:
        raise BadInput(f"{found:g} is no whole number from 1 to {most:,}", where=where, hint="write such a number")
    return int(found)
