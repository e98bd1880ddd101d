"""What an accepted invitation does to those who accept: CACE, when most who are invited do not. Pure.

It assumes that an invitation nobody accepts changes nothing (exclusion) and that nobody accepts because he was held out
(monotonicity). The first may fail, since invitations annoy and help; that is why ITT comes first.
"""

from __future__ import annotations

from math import inf, sqrt
from typing import Literal

from msgspec import Struct

from aparte.experiments.distributions import normal_reach
from aparte.experiments.pairs import Pair
from aparte.kit.errors import BadInput


class Arm(Struct, frozen=True, kw_only=True):
    """One arm as it was dealt: visitors, those who ordered, those who took the help up, those who did both.

    `both` is None when nobody has counted it; see `pair_of`.
    """

    n: int
    orders: int
    took_up: int = 0
    both: int | None = None


Shape = Literal["interval", "everything", "outside", "nothing"]


class Region(Struct, frozen=True):
    """The values that the data do not refuse.

    `interval` is [low, high]; `everything` the whole line; `outside` all but what lies between low and high, as when
    take-up hardly differs; `nothing` when orders differ although take-up does not: the assumptions are refuted.
    """

    shape: Shape
    low: float = -inf
    high: float = inf

    def holds(self, value: float) -> bool:
        """Whether this value is in it."""
        match self.shape:
            case "interval":
                return self.low <= value <= self.high
            case "outside":
                return value <= self.low or value >= self.high
            case _:
                return self.shape == "everything"


class Cace(Struct, frozen=True):
    """The effect on those who take up, in orders per such visitor; intervals of the delta method and of the test."""

    estimate: float
    se: float
    low: float
    high: float
    region: Region
    take_up: float
    """The share that the invitation made take the help up."""


def cace(control: Pair, treated: Pair, confidence: float = 0.95) -> Cace:
    """ITT / difference in take-up, from the pairs (outcome, take-up) of both arms; in the outcome's unit.

    se^2 = (v0(y - c d) / n0 + v1(y - c d) / n1) / take-up^2 with c the estimate: the delta method, which is two-stage
    least squares with HC0 errors (Imbens and Angrist, Econometrica 62, 1994). `region` is Anderson and Rubin's, right
    also when take-up is small; the delta interval is not, read it from some ten take-ups on.
    Raises BadInput when an arm is empty or take-up does not differ.
    """
    if control.n < 1 or treated.n < 1:
        raise BadInput("an arm is empty", where="cace")
    gap = treated.second.mean - control.second.mean
    if not gap:
        raise BadInput("take-up does not differ between the arms", where="cace", hint="nobody has accepted yet")
    estimate = (treated.first.mean - control.first.mean) / gap
    se = sqrt(sum(arm.spread(estimate) / arm.n for arm in (control, treated))) / abs(gap)
    reach = normal_reach(confidence) * se
    region = anderson_rubin(control, treated, confidence)
    return Cace(estimate, se, estimate - reach, estimate + reach, region, gap)


def anderson_rubin(control: Pair, treated: Pair, confidence: float = 0.95) -> Region:
    """All c for which y - c d does not differ between the arms, two-sided (Anderson and Rubin, 1949; Fieller, 1954).

    (itt - c gap)^2 <= z^2 (v0(y - c d) / n0 + v1(y - c d) / n1), a quadratic in c: a c^2 + 2 b c + e <= 0.
    """
    z2 = normal_reach(confidence) ** 2
    itt, gap = treated.first.mean - control.first.mean, treated.second.mean - control.second.mean
    arms = (control, treated)
    a = gap**2 - z2 * sum(arm.second.variance / arm.n for arm in arms)
    b = -itt * gap + z2 * sum(arm.covariance / arm.n for arm in arms)
    e = itt**2 - z2 * sum(arm.first.variance / arm.n for arm in arms)
    return region_of(a, b, e)


def region_of(a: float, b: float, e: float) -> Region:
    """Where a c^2 + 2 b c + e is not above 0."""
    root2 = b * b - a * e
    if not a and not b:
        return Region("everything" if e <= 0 else "nothing")
    if not a:
        return Region("interval", low=-inf, high=-e / (2 * b)) if b > 0 else Region("interval", low=-e / (2 * b))
    if root2 < 0:
        return Region("everything") if a < 0 else Region("nothing")
    ends = sorted(((-b - sqrt(root2)) / a, (-b + sqrt(root2)) / a))
    return Region("interval" if a > 0 else "outside", *ends)


def pairs_of(control: Arm, treated: Arm) -> tuple[Pair, Pair]:
    """Both arms as pairs (ordered, took up).

    Where nobody has counted those who did both, they are put at what they are if those who take up would have bought
    like all the others: took_up (orders / n + c (1 - q)), with c = ITT / take-up and q the arm's take-up. The standard
    error depends on it by some thousandths. Raises BadInput when counts contradict each other.
    """
    gap = treated.took_up / treated.n - control.took_up / control.n
    c = (treated.orders / treated.n - control.orders / control.n) / gap if gap else 0.0
    return pair_of(control, c), pair_of(treated, c)


def pair_of(arm: Arm, c: float) -> Pair:
    """One arm as pairs, see `pairs_of`."""
    fewest, most = max(0, arm.orders + arm.took_up - arm.n), min(arm.orders, arm.took_up)
    if min(arm.n, arm.orders, arm.took_up) < 0 or max(arm.orders, arm.took_up) > arm.n:
        raise BadInput("more have ordered or taken up than there are", where="cace")
    both: float
    if arm.both is None:
        likely = arm.took_up * (arm.orders / arm.n + c * (1 - arm.took_up / arm.n))
        both = min(max(likely, fewest), most)
    elif fewest <= arm.both <= most:
        both = arm.both
    else:
        raise BadInput("those who did both are none of those who did each", where="cace")
    return Pair(arm.n, arm.orders, arm.orders, arm.took_up, arm.took_up, both, binary=True)


class Naive(Struct, frozen=True):
    """Those who took up against those who declined, which is no effect: shown so that nobody believes it.

    `ratio` is None when no decliner bought. `claimed` are the orders it would claim.
    """

    takers: float
    decliners: float
    ratio: float | None
    claimed: float


def naive(treated: Arm) -> Naive:
    """The misleading comparison within the treated arm. Raises BadInput when one of the two groups is empty."""
    if treated.both is None or not 0 < treated.took_up < treated.n:
        raise BadInput("one of the two groups is empty or uncounted", where="naive")
    takers = treated.both / treated.took_up
    decliners = (treated.orders - treated.both) / (treated.n - treated.took_up)
    claimed = (takers - decliners) * treated.took_up
    return Naive(takers, decliners, takers / decliners if decliners else None, claimed)


def own_baseline(treated: Arm, estimate: float) -> float:
    """What those who took up would have bought without: their share of orders less CACE (one-sided take-up)."""
    if treated.both is None or not treated.took_up:
        raise BadInput("nobody has taken up, or nobody has counted", where="own_baseline")
    return treated.both / treated.took_up - estimate


def homoskedastic_se(control: Pair, treated: Pair) -> float:
    """The standard error of two-stage least squares with one variance for all; only to compare with libraries.

    sqrt(s^2 (1/n0 + 1/n1)) / take-up, s^2 the residuals' sum of squares by n - 2.
    """
    gap = treated.second.mean - control.second.mean
    estimate = (treated.first.mean - control.first.mean) / gap
    n = control.n + treated.n
    rest = sum(arm.spread(estimate) * arm.n for arm in (control, treated))
    return sqrt(rest / (n - 2) * (1 / control.n + 1 / treated.n)) / abs(gap)
