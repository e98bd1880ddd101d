"""The figures of the simulated shop: figures.toml, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

FILE = "figures.toml"


@lru_cache(maxsize=1)
def text() -> str:
    """The whole file."""
    return files("aparte.simulation").joinpath(FILE).read_text("utf-8")


@lru_cache(maxsize=1)
def tables() -> dict[str, dict[str, Any]]:
    """Each figure by its dotted name: its `value`, with a `source` or why it is `assumed`."""
    return dict(named("", tomllib.loads(text())))


def named(prefix: str, table: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The figures of a table and of those in it."""
    for name, inner in table.items():
        if not isinstance(inner, dict) or "value" in inner:
            yield prefix + name, inner
        else:
            yield from named(f"{prefix}{name}.", inner)


def digest() -> str:
    """SHA-256 of the file: two simulations with the same one had the same figures."""
    return sha256(text().encode()).hexdigest()


def value(name: str) -> Any:
    """A figure, whatever it is; KeyError when the file has none of this name."""
    return tables()[name]["value"]


def number(name: str) -> float:
    """A figure that is one number."""
    return float(value(name))


def numbers(name: str) -> tuple[float, ...]:
    """A figure that is several numbers."""
    return tuple(value(name))


def shares(name: str) -> dict[str, float]:
    """A figure that has a number for each of several things."""
    return dict(value(name))


def bounds(name: str, of: str) -> tuple[float, float]:
    """One of a figure's pairs of bounds."""
    low, high = value(name)[of]
    return low, high


def within(share: float, pair: Sequence[float]) -> float:
    """The place between two bounds, 0 to 1."""
    return pair[0] + share * (pair[1] - pair[0])
