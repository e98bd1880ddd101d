"""Qini: does a score rank visitors by what an invitation changes? On randomised data only. Pure.

Definitions of Qini differ between libraries; this is the one of scikit-uplift 0.5 (`qini_auc_score`): area between the
curve and chance, by the same area of the perfect ranking, negative effects allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from aparte.kit.errors import BadInput

DEFINITION = "sklift"

Point = tuple[float, float]


def qini_curve(outcome: Sequence[int], score: Sequence[float], treated: Sequence[int]) -> list[Point]:
    """Points (visitors taken, extra orders among the treated) from the highest score on; equal scores are one point.

    Extra = orders of treated - orders of control x treated / control, 0 for the second term without control.
    Raises BadInput unless all three have the same length and outcome and treated are 0 or 1.
    """
    check(outcome, score, treated)
    order = sorted(range(len(score)), key=lambda i: -score[i])
    taken, bought, points = [0, 0], [0, 0], [(0.0, 0.0)]
    for place, i in enumerate(order):
        taken[treated[i]] += 1
        bought[treated[i]] += outcome[i]
        if place + 1 == len(order) or score[order[place + 1]] != score[i]:
            others = bought[0] * taken[1] / taken[0] if taken[0] else 0.0
            points.append((place + 1.0, bought[1] - others))
    return points


def qini(outcome: Sequence[int], score: Sequence[float], treated: Sequence[int]) -> float:
    """1 for a perfect ranking, 0 for chance, below 0 for worse. Raises BadInput when every ranking is as good."""
    curve = qini_curve(outcome, score, treated)
    ideal = qini_curve(outcome, [y if t else -y for y, t in zip(outcome, treated, strict=True)], treated)
    chance = area([ideal[0], ideal[-1]])
    best = area(ideal) - chance
    if not best:
        raise BadInput("nobody ordered, or one arm is empty", where="qini", hint="wait for orders in both arms")
    return (area(curve) - area([curve[0], curve[-1]])) / best


def area(points: Sequence[Point]) -> float:
    """Under the line through these points."""
    return sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in pairwise(points))


def check(outcome: Sequence[int], score: Sequence[float], treated: Sequence[int]) -> None:
    """Refuse what is no randomised data."""
    if not len(outcome) == len(score) == len(treated):
        raise BadInput("outcome, score and arm have different lengths", where="qini")
    if not set(outcome) | set(treated) <= {0, 1}:
        raise BadInput("outcome and arm are 0 or 1", where="qini")
