"""Two values of each visitor: ratios of sums, values adjusted by their past, outcome and take-up. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from msgspec import Struct

from aparte.experiments.statistics import Effect, Sample, base_of, effect, errors_of, freedom, welch
from aparte.kit.errors import BadInput


class Pair(Struct, frozen=True):
    """What is kept of the pairs (y, x) of one arm: number, sums, sums of squares, sum of the products.

    `binary` says that both are 0 or 1; then variances and covariance are divided by n, else by n - 1.
    """

    n: int
    y: float
    yy: float
    x: float
    xx: float
    xy: float
    binary: bool = False

    @property
    def first(self) -> Sample:
        """The y alone."""
        return Sample(self.n, self.y, self.yy, self.binary)

    @property
    def second(self) -> Sample:
        """The x alone."""
        return Sample(self.n, self.x, self.xx, self.binary)

    @property
    def covariance(self) -> float:
        """Of y and x."""
        return (self.xy - self.y * self.x / self.n) / (self.n if self.binary else self.n - 1)

    def spread(self, slope: float) -> float:
        """The variance of y - slope x."""
        found = self.first.variance + slope**2 * self.second.variance - 2 * slope * self.covariance
        return max(found, 0.0)


class Figure(Struct, frozen=True):
    """A figure of one arm that is no plain mean: number, value, variance of one visitor's part in it."""

    n: int
    mean: float
    variance: float


def ratio(pair: Pair) -> Figure:
    """Sum of y by sum of x, where chance dealt visitors and not x: orders per session, revenue per order.

    Delta method: v = (v_y + R^2 v_x - 2 R cov) / mean(x)^2 (Deng, Knoblich and Lu, KDD 2018). The difference of two is
    `welch` of both figures, the change `relative`. Raises BadInput when the denominator's sum is 0 or n below 2.
    """
    if pair.n < 2 or not pair.x:
        raise BadInput("a ratio of nothing", where="ratio", hint="wait until there is something to divide by")
    value = pair.y / pair.x
    return Figure(pair.n, value, pair.spread(value) / (pair.x / pair.n) ** 2)


def theta(pairs: Sequence[Pair]) -> float:
    """CUPED's slope of y on its past x, over all arms together: cov(y, x) / v(x); 0 where the past does not vary.

    Deng, Xu, Kohavi and Walker, WSDM 2013.
    """
    whole = Pair(
        sum(p.n for p in pairs), *(sum(getattr(p, name) for p in pairs) for name in ("y", "yy", "x", "xx", "xy"))
    )
    spread = whole.second.variance if whole.n > 1 else 0.0
    return whole.covariance / spread if spread else 0.0


def adjusted(pair: Pair, slope: float) -> Figure:
    """The arm's mean of y - slope x: what it would be but for the luck of the draw."""
    return Figure(pair.n, pair.first.mean - slope * pair.second.mean, pair.spread(slope))


def cuped(control: Pair, treated: Pair, confidence: float = 0.95) -> Effect:
    """The difference of means adjusted by what is known from before the assignment; absolute scale, unit of y.

    Raises BadInput when an arm has fewer than two values.
    """
    slope = theta((control, treated))
    return welch(adjusted(control, slope), adjusted(treated, slope), confidence)


def cuped_relative(control: Pair, treated: Pair, confidence: float = 0.95) -> Effect:
    """The adjusted difference as a share of the control's plain mean, as gbstats has it.

    Delta method on (y1 - s x1 - y0 + s x0) / y0: the control counts with the slopes -y1 / y0^2 and s / y0.
    Raises BadInput when an arm has fewer than two values, or the control's mean is not above 0.
    """
    slope = theta((control, treated))
    before, after = adjusted(control, slope), adjusted(treated, slope)
    errors_of(before, after, "cuped_relative")
    base = base_of(control.first.mean)
    by_y, by_x = -treated.first.mean / base**2, slope / base
    own = by_y**2 * control.first.variance + by_x**2 * control.second.variance + 2 * by_y * by_x * control.covariance
    se = sqrt(after.variance / after.n / base**2 + max(own, 0.0) / before.n)
    return effect((after.mean - before.mean) / base, se, freedom(before, after), confidence)


class RatioWithPast(Struct, frozen=True):
    """What is kept of one arm's visitors for a ratio and the same ratio before: numerator, denominator, both before.

    `sums` has four numbers; `products[i][j]` is the sum over visitors of the product of values i and j.
    """

    n: int
    sums: tuple[float, float, float, float]
    products: tuple[tuple[float, ...], ...]

    def mean(self, i: int) -> float:
        """Of value i."""
        return self.sums[i] / self.n

    def covariance(self, i: int, j: int) -> float:
        """Of values i and j."""
        return (self.products[i][j] - self.sums[i] * self.sums[j] / self.n) / (self.n - 1)

    def between(self, a: Sequence[float], b: Sequence[float]) -> float:
        """The covariance of two weighted sums of the four values."""
        return sum(a[i] * b[j] * self.covariance(i, j) for i in range(4) if a[i] for j in range(4) if b[j])


def slopes(arm: RatioWithPast, at: int) -> tuple[float, ...]:
    """How the ratio of values `at` and `at + 1` moves with each of the four values."""
    below = arm.mean(at + 1)
    if arm.n < 2 or not below:
        raise BadInput("a ratio of nothing", where="cuped_ratio", hint="leave the past out, or wait")
    part = (1 / below, -arm.mean(at) / below**2)
    return (*part, 0.0, 0.0) if not at else (0.0, 0.0, *part)


def cuped_ratio(control: RatioWithPast, treated: RatioWithPast, confidence: float = 0.95) -> tuple[Effect, float]:
    """The difference of two ratios adjusted by the same ratios before the assignment, and the slope.

    Both ratios are linearised by the delta method (`slopes`); slope = sum of the arms' covariances of now and before by
    the sum of their variances before. Raises BadInput for a denominator of 0 or an arm of fewer than two.
    """
    arms = [(arm, slopes(arm, 0), slopes(arm, 2)) for arm in (control, treated)]
    spread = sum(arm.between(past, past) for arm, _, past in arms)
    slope = sum(arm.between(now, past) for arm, now, past in arms) / spread if spread else 0.0
    before, after = (
        Figure(
            arm.n,
            arm.mean(0) / arm.mean(1) - slope * arm.mean(2) / arm.mean(3),
            max(arm.between(now, now) + slope**2 * arm.between(past, past) - 2 * slope * arm.between(now, past), 0.0),
        )
        for arm, now, past in arms
    )
    return welch(before, after, confidence), slope
