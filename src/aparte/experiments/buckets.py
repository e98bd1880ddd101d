"""Ranges of [0, 1) and who falls into them, as GrowthBook's SDKs do it (packages/sdk-js/src/util.ts, MIT)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from aparte.experiments.hash import unit_hash

Range: TypeAlias = tuple[float, float]
"""Closed at its start, open at its end."""

Namespace: TypeAlias = tuple[str, float, float]
"""Id, start and end: experiments whose ranges of one namespace do not overlap never share a visitor."""


def equal_weights(count: int) -> tuple[float, ...]:
    """`count` weights that sum to 1; none when `count` is below 1."""
    return (1 / count,) * count if count > 0 else ()


def bucket_ranges(count: int, coverage: float = 1.0, weights: Sequence[float] | None = None) -> tuple[Range, ...]:
    """The range of each of `count` variations.

    `coverage` (a share, clamped to 0..1) shortens each range at its end, so raising it later moves nobody. Weights that
    are missing, of another number, or whose sum is outside 0.99..1.01 are replaced by equal ones.
    """
    coverage = min(max(coverage, 0.0), 1.0)
    if weights is None or len(weights) != count or not 0.99 <= sum(weights) <= 1.01:
        weights = equal_weights(count)
    ranges, start = [], 0.0
    for weight in weights:
        ranges.append((start, start + coverage * weight))
        start += weight
    return tuple(ranges)


def choose_variation(position: float, ranges: Sequence[Range]) -> int:
    """The index of the range that holds `position`, -1 when none does."""
    for index, (start, end) in enumerate(ranges):
        if start <= position < end:
            return index
    return -1


def in_namespace(visitor_id: str, namespace: Namespace) -> bool:
    """Whether the visitor belongs to this part of the namespace (hash version 1, seed `__<id>`)."""
    name, start, end = namespace
    position = unit_hash("__" + name, visitor_id, 1)
    return position is not None and start <= position < end
