"""GrowthBook's public assignment hash: FNV-1a, 32 bit, over the UTF-16 code units of a text.

Source: growthbook/growthbook, packages/sdk-js/src/util.ts (MIT), function `hash`. Anybody can recompute an arm from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

BUCKETS = 10_000
"""Distinct values of version 2: the finest share that can be dealt is 0.0001."""

_OFFSET_BASIS = 2166136261
_PRIME = 16777619
_MASK = 0xFFFFFFFF


def unit_hash(seed: str, value: str, version: int = 2) -> float | None:
    """Where `value` falls in [0, 1); None for a version that is not known.

    Version 2 hashes seed then value, then the decimal text of that hash, to four decimals. Version 1 hashes value then
    seed, to three decimals; its draws for similar seeds depend on one another, so it serves only namespaces.
    """
    if version == 2:
        return position(seed, value)
    if version == 1:
        return _fnv1a_32(_code_units(value + seed), _OFFSET_BASIS) % 1000 / 1000
    return None


def position(seed: str, value: str) -> float:
    """`unit_hash` of version 2, which deals every arm of ours."""
    first = _fnv1a_32(_code_units(value), _state_after(seed))
    return _fnv1a_32(b"%d" % first, _OFFSET_BASIS) % BUCKETS / BUCKETS


@lru_cache(maxsize=4096)
def _state_after(seed: str) -> int:
    # The seed comes first and all visitors share it: its part of the hash is computed once.
    return _fnv1a_32(_code_units(seed), _OFFSET_BASIS)


def _fnv1a_32(units: Sequence[int], state: int) -> int:
    for unit in units:
        state = ((state ^ unit) * _PRIME) & _MASK
    return state


def _code_units(text: str) -> Sequence[int]:
    """What JavaScript's charCodeAt gives: UTF-16 code units; a lone surrogate stays itself."""
    if text.isascii():
        return text.encode("ascii")
    raw = text.encode("utf-16-le", "surrogatepass")
    return [low | high << 8 for low, high in zip(raw[::2], raw[1::2], strict=True)]
