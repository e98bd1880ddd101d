"""Durations: the text of CEL, int64 nanoseconds in between."""

import re

NANOSECONDS = {"h": 3_600_000_000_000, "m": 60_000_000_000, "s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
MILLISECOND = NANOSECONDS["ms"]
# CEL keeps a literal within protobuf's ten thousand years and checks sums against int64 nanoseconds.
LONGEST = 315_576_000_000 * NANOSECONDS["s"]

_PART = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<fraction>[0-9]*))?(?P<unit>h|ms|us|ns|m|s)")


def parse_duration(text: str) -> int | None:
    """Nanoseconds of `1h30m`, `-1.5s`, `0`; None when it is no duration or too long."""
    sign, body = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    total = 0 if body == "0" else _sum_of_parts(body)
    return sign * total if total is not None and total <= LONGEST else None


def _sum_of_parts(body: str) -> int | None:
    total, at = 0, 0
    while at < len(body) and (part := _PART.match(body, at)):
        digits, fraction = part["whole"], part["fraction"] or ""
        if not (digits or fraction) or len(part[0]) > 40:
            return None
        unit = NANOSECONDS[part["unit"]]
        total += int(digits or "0") * unit + int(fraction or "0") * unit // 10 ** len(fraction)
        at = part.end()
    return total if body and at == len(body) else None


def format_duration(nanoseconds: int) -> str:
    """`31s`, `1.5s`, `-0.25s`: seconds, as CEL writes them."""
    whole, rest = divmod(abs(nanoseconds), NANOSECONDS["s"])
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{'-' if nanoseconds < 0 else ''}{whole}{fraction}s"


def milliseconds_up(nanoseconds: int) -> int:
    """Milliseconds, rounded up: the first whole millisecond that is not before."""
    return -(-nanoseconds // MILLISECOND)


def milliseconds_down(nanoseconds: int) -> int:
    """Milliseconds, rounded down."""
    return nanoseconds // MILLISECOND
