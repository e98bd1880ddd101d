"""What may be asked of the queues: each input within its bounds, or refused by the name that the user wrote."""

from __future__ import annotations

from fractions import Fraction

from aparte.kit.errors import BadInput

MOST_AGENTS = 100_000
MOST_PER_HOUR = 10_000_000.0
LEAST_SECONDS, MOST_SECONDS = 0.001, 10_000_000.0
"""A thousandth of a second, and nearly four months."""
MOST_ERLANGS = 100_000.0
FAR = 10**15
MOST_CHATS = 50
"""Conversations at a time of one agent."""
LEAST_TURNS, MOST_TURNS = 0.01, 10_000.0


def whole(name: str, value: object, most: int, what: str, least: int = 1) -> int:
    """A whole number from `least` to `most`; BadInput else."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(f"{shown(value)} is no whole number", where=name, hint=f"{what}: {least} to {most:,}")
    if not least <= value <= most:
        raise BadInput(f"{shown(value)} is out of reach", where=name, hint=f"{what}: {least} to {most:,}")
    return value


def agents_of(value: object) -> int:
    """At least one agent."""
    return whole("agents", value, MOST_AGENTS, "agents at work at the same time")


def number(name: str, value: object, most: float, what: str, least: float = 0.0) -> float:
    """A number from `least` to `most`; BadInput else, also for nan and inf."""
    hint = f"{what}: {least:g} to {most:,.0f}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{shown(value)} is no number", where=name, hint=hint)
    if not least <= value <= most:
        raise BadInput(f"{shown(value)} is out of reach", where=name, hint=hint)
    return float(value)


def seconds(name: str, value: object, what: str, *, above_zero: bool = True) -> float:
    """A duration in seconds; where 0 makes no sense, a thousandth of a second at least."""
    return number(name, value, MOST_SECONDS, f"{what}, in seconds", LEAST_SECONDS if above_zero else 0.0)


def per_hour(name: str, value: object) -> float:
    """Arrivals an hour."""
    return number(name, value, MOST_PER_HOUR, "how many come in an hour")


def share(name: str, value: object, *, whole_too: bool = True) -> float:
    """A share from 0 to 1; 1 itself only with `whole_too`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{shown(value)} is no share", where=name, hint="a share of 1, 0.8 is 80 %")
    if not 0 <= value <= 1 or (value == 1 and not whole_too):
        raise BadInput(f"{shown(value)} is out of reach", where=name, hint=share_hint(value, whole_too=whole_too))
    return float(value)


def share_hint(value: float | Fraction, *, whole_too: bool = True) -> str:
    """What to write instead; whoever wrote percents is told how they are written."""
    if 1 < value <= 100:
        return f"a share of 1: {float(value):g} % is written {float(value) / 100:g}"
    return f"a share from 0 {'to' if whole_too else 'up to, not including,'} 1"


def shown(value: object) -> str:
    """What was given, for a message: whatever its size, in a few characters."""
    if isinstance(value, int) and abs(value) >= FAR:  # Python refuses to write very long ones
        return f"{'-' if value < 0 else ''}{FAR:g} or more"
    text = str(value) if isinstance(value, int | float) else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
