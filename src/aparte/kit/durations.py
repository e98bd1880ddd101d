"""Durations as people write them: "30s", "1m30s", "7d"; inside they are integer milliseconds."""

from __future__ import annotations

import re
from functools import lru_cache

from aparte.kit.errors import BadInput

_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_FORM = re.compile("".join(f"(?:([0-9]{{1,15}}){unit})?" for unit in _UNITS))
_LONGEST = 315_576_000_000_000
"""10,000 years, the limit of a CEL duration."""

_HINT = "write whole numbers with d, h, m, s, ms, largest first: 30s, 1m30s, 7d, 24h, 250ms"


@lru_cache(maxsize=1024)
def parse_duration(text: str, *, where: str = "") -> int:
    """The milliseconds of `text`; BadInput, with `where` and the accepted forms, for anything else."""
    match = _FORM.fullmatch(text)
    if not text or match is None:
        raise BadInput(f"{text!r} is not a duration", where=where, hint=_HINT)
    total = sum(int(count or 0) * size for count, size in zip(match.groups(), _UNITS.values(), strict=True))
    if total > _LONGEST:
        raise BadInput(f"{text!r} is longer than 10,000 years", where=where, hint=_HINT)
    return total


def format_duration(milliseconds: int) -> str:
    """The shortest text that `parse_duration` reads back: "31s", "1m30s", "1d"; "0s" for nothing.

    Raises ValueError below 0.
    """
    if milliseconds < 0:
        raise ValueError(f"a duration of {milliseconds} ms cannot be written")
    pieces, rest = [], milliseconds
    for unit, size in _UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            pieces.append(f"{count}{unit}")
    return "".join(pieces) or "0s"
