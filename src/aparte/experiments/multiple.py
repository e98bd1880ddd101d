"""Several comparisons at once: p-values that say so. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aparte.kit.errors import BadInput

__all__ = ["benjamini_hochberg", "holm"]


def holm(ps: Sequence[float]) -> list[float]:
    """Adjusted p-values, in the order given: below alpha, the chance of even one false finding is at most alpha.

    The i-th smallest of m times m - i + 1, never below its predecessor, at most 1 (Holm, Scand. J. Statist. 6, 1979).
    Raises BadInput for what is no p-value.
    """
    m, found, least = len(ps), [0.0] * len(ps), 0.0
    for rank, i in enumerate(ordered(ps)):
        least = max(least, min(ps[i] * (m - rank), 1.0))
        found[i] = least
    return found


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """Adjusted p-values, in the order given: below alpha, at most alpha of the findings are false in the mean.

    The i-th smallest of m times m / i, never above its successor (Benjamini and Hochberg, JRSS B 57, 1995).
    Raises BadInput for what is no p-value.
    """
    m, found, most = len(ps), [0.0] * len(ps), 1.0
    for rank, i in reversed(list(enumerate(ordered(ps)))):
        most = min(most, ps[i] * m / (rank + 1))
        found[i] = most
    return found


def ordered(ps: Sequence[float]) -> list[int]:
    """Where the smallest stands, then the next. Raises BadInput for what is not between 0 and 1."""
    if not all(0 <= p <= 1 for p in ps):
        raise BadInput("a p-value is between 0 and 1", where="multiple")
    return sorted(range(len(ps)), key=ps.__getitem__)
