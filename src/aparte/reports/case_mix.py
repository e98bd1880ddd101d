"""What would have come of an agent's conversations with anybody: a logistic model of what was known before. Pure.

Ridge-penalised logistic regression by Newton's steps (iteratively reweighted least squares), in plain Python: cases
that look alike are counted together, and only what is not 0 of a row is reckoned with.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import exp, isfinite, log1p, sqrt
from typing import TypeAlias

from msgspec import Struct, field

from aparte.kit.errors import BadInput

Feature: TypeAlias = str | float
RIDGE = 1.0
"""Penalty on each coefficient but the intercept, its column having variance 1."""
LEAST_OF_A_LEVEL = 20
"""Cases of a level of a word, below which it is pooled with the other rare ones."""
MOST_COLUMNS = 40
FAR = 1e100
STEPS = 50
STEEPEST = 30.0
"""Beyond it a logistic curve is 0 or 1 to thirteen digits."""
Vector: TypeAlias = list[float]
Row: TypeAlias = tuple[tuple[int, float], ...]
"""What is not 0 of a case, by column."""


class Case(Struct, frozen=True):
    """One conversation: whose, whether it came to what is asked for, and what was known before its first word."""

    agent: str
    good: bool
    before: Mapping[str, Feature] = field(default_factory=dict)
    """Words (page, device, "proactive") and numbers (propensity, cart); a number that is missing counts as the mean."""


def expected(cases: Sequence[Case], ridge: float = RIDGE) -> Vector:
    """For each case how likely it was to come to it, whoever had it; their sum is the number that did.

    Raises BadInput without cases, and for a number that is none.
    """
    if not cases:
        raise BadInput("nobody to compare", where="cases")
    rows = designed(cases)
    told: dict[Row, list[int]] = defaultdict(lambda: [0, 0])
    for row, case in zip(rows, cases, strict=True):
        told[row][0] += 1
        told[row][1] += case.good
    size = 1 + max(place for row in told for place, _ in row)
    fitted = fit(size, list(told), [n for n, _ in told.values()], [good for _, good in told.values()], ridge)
    known = {row: logistic(dot(fitted, row)) for row in told}
    return [known[row] for row in rows]


def designed(cases: Sequence[Case]) -> list[Row]:
    """The columns: 1, each number at mean 0 and variance 1, each level of a word but the most frequent one."""
    names = sorted({name for case in cases for name in case.before})
    columns: list[Vector] = []
    for name in names:
        values = [case.before.get(name) for case in cases]
        if all(value is None or isinstance(value, int | float) for value in values):
            columns.append(standardised([None if v is None else float(v) for v in values], name))
        else:
            columns += levels(["" if value is None else str(value) for value in values])
    wanted = [column for column in columns if any(column)][:MOST_COLUMNS]
    whole = zip([1.0] * len(cases), *wanted, strict=True)
    return [tuple((place, value) for place, value in enumerate(row) if value) for row in whole]


def standardised(values: Sequence[float | None], name: str) -> Vector:
    """A number at mean 0 and variance 1, rounded so that cases that look alike are alike."""
    known = [value for value in values if value is not None]
    if not all(isfinite(value) and abs(value) < FAR for value in known):
        raise BadInput("this is no number", where=name)
    mean = sum(known) / len(known)
    spread = sqrt(sum((value - mean) ** 2 for value in known) / len(known))
    return [0.0 if value is None or not spread else round((value - mean) / spread, 1) for value in values]


def levels(words: Sequence[str]) -> list[Vector]:
    """A column of 0 and 1 for each level but the most frequent; rare ones are one level together."""
    counts = Counter(words)
    kept = [word for word, n in sorted(counts.items(), key=lambda one: (-one[1], one[0])) if n >= LEAST_OF_A_LEVEL]
    rare = [float(word not in kept) for word in words]
    return [[float(one == word) for one in words] for word in kept[1:]] + ([rare] if kept else [])


def fit(size: int, rows: Sequence[Row], counts: Sequence[int], goods: Sequence[int], ridge: float) -> Vector:
    """The coefficients. A step that makes the penalised likelihood smaller is halved."""
    now = [0.0] * size
    height = likelihood(rows, counts, goods, now, ridge)
    for _ in range(STEPS):
        step = newton(rows, counts, goods, now, ridge)
        while True:
            then = [a + b for a, b in zip(now, step, strict=True)]
            reached = likelihood(rows, counts, goods, then, ridge)
            if reached >= height - 1e-9 or max(map(abs, step)) < 1e-9:
                break
            step = [value / 2 for value in step]
        now, gained, height = then, reached - height, reached
        if gained < 1e-10 and max(map(abs, step)) < 1e-8:
            break
    return now


def likelihood(rows: Sequence[Row], counts: Sequence[int], goods: Sequence[int], now: Vector, ridge: float) -> float:
    """The penalised logarithm of the likelihood, which has one summit."""
    told = 0.0
    for row, n, good in zip(rows, counts, goods, strict=True):
        slope = dot(now, row)
        told += good * slope - n * (slope + log1p(exp(-slope)) if slope > 0 else log1p(exp(slope)))
    return told - ridge / 2 * sum(value * value for value in now[1:])


def newton(rows: Sequence[Row], counts: Sequence[int], goods: Sequence[int], now: Vector, ridge: float) -> Vector:
    """Newton's step."""
    size = len(now)
    gradient = [0.0] + [-ridge * value for value in now[1:]]
    curve = [[0.0] * size for _ in range(size)]
    for row, n, good in zip(rows, counts, goods, strict=True):
        share = logistic(dot(now, row))
        weight, rest = n * share * (1 - share), good - n * share
        for i, value in row:
            gradient[i] += rest * value
            for j, other in row:
                if j > i:
                    break
                curve[i][j] += weight * value * other
    for i in range(size):
        curve[i][i] += ridge if i else 1e-9
    return solved(curve, gradient)


def solved(lower: Sequence[Vector], right: Vector) -> Vector:
    """The solution for a symmetric positive matrix of which the lower half is given, by Cholesky's factors."""
    size = len(right)
    root = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = lower[i][j] - sum(root[i][k] * root[j][k] for k in range(j))
            root[i][j] = sqrt(max(rest, 1e-12)) if i == j else rest / root[j][j]
    half = [0.0] * size
    for i in range(size):
        half[i] = (right[i] - sum(root[i][k] * half[k] for k in range(i))) / root[i][i]
    found = [0.0] * size
    for i in reversed(range(size)):
        found[i] = (half[i] - sum(root[k][i] * found[k] for k in range(i + 1, size))) / root[i][i]
    return found


def dot(now: Vector, row: Row) -> float:
    """What the coefficients make of a case."""
    return sum(now[place] * value for place, value in row)


def logistic(slope: float) -> float:
    """1 / (1 + e^-slope)."""
    return 1 / (1 + exp(-max(-STEEPEST, min(STEEPEST, slope))))
