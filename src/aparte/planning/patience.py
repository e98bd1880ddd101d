"""Those who find everybody busy, when each waits as long as his patience lasts.

All that is asked of them comes from one density. With s the rate at which busy agents become free, l the arrivals a
second and 1/p the mean patience, the wait that a customer of endless patience would have has the density

    v(t) = s P(all busy, nobody waits) exp(-s t + (l / p)(1 - exp(-p t))),     t > 0

(Baccelli and Hebuterne 1981). It is log-concave, so Gauss-Legendre panels around its peak integrate it to the last
digits, for any load, where a sum over the places of the queue would be long and a difference of sums inexact.
"""

from __future__ import annotations

from math import exp, expm1, inf, log

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
PANELS = 32
"""On each side of the peak."""
TURN = 40.0
DROP = 45.0
"""Where the density has fallen by e^-45 from its peak, nothing is left that a double could see."""
MOST_EXPONENT = 700.0


class Patient(Struct, frozen=True):
    """What becomes of arrivals; shares of all of them."""

    a: float
    """Arrivals in the time of a patience."""
    c: float
    """Agents who become free in the time of a patience, while all are busy."""
    patience: float
    p_wait: float
    p_abandon: float
    asa_s: float
    """Mean wait of those who are served."""

    def within(self, threshold: float) -> Within:
        """How far they are after so many seconds."""
        until = threshold / self.patience
        whole, early, late = (piece(self.a, self.c, *ends) for ends in ((0, inf), (0, until), (until, inf)))
        by_then = early.against(whole, np.exp(-early.at))
        left = early.against(whole, -np.expm1(-early.at))
        waiting = late.against(whole) * exp(-until)
        left += late.against(whole) * -expm1(-until)
        served = 1 - self.p_wait + self.p_wait * by_then
        return Within(served, self.p_wait * waiting, self.p_wait * left)


class Within(Struct, frozen=True):
    """Shares of all arrivals when a time has passed: they add up to 1."""

    served: float
    waiting: float
    left: float


class Piece(Struct, frozen=True):
    """The integral of a part of the density: its nodes, their weights, and the logarithm of what these are short of."""

    log_scale: float
    at: Floats
    weight: Floats

    def total(self, of: Floats | float = 1.0) -> float:
        """The integral of the density times `of`, as a multiple of e^log_scale."""
        return float(np.sum(self.weight * of))

    def against(self, whole: Piece, of: Floats | float = 1.0) -> float:
        """The mean of `of` in this part, where the whole counts as 1."""
        short = self.log_scale - whole.log_scale
        return self.total(of) / whole.total() * exp(short) if short > -MOST_EXPONENT else 0.0


def patient(service_rate: float, arrival_rate: float, patience: float, full: float) -> Patient:
    """Rates a second. `full`: the probability of `all busy, nobody waits` among all states in which nobody waits."""
    a, c = arrival_rate * patience, service_rate * patience
    whole = piece(a, c, 0.0, inf)
    left = whole.against(whole, -np.expm1(-whole.at))
    p_wait = waiting(full, log(c * whole.total()) + whole.log_scale)
    p_abandon = p_wait * left
    served_wait = whole.against(whole, whole.at * np.exp(-whole.at)) * patience
    return Patient(a, c, patience, p_wait, p_abandon, p_wait * served_wait / (1 - p_abandon))


def waiting(full: float, log_states: float) -> float:
    """P(all busy): `log_states` is the logarithm of P(all busy) / P(all busy, nobody waits)."""
    if full <= 0:
        return 0.0
    odds = log(full) - log(1 - full) + log_states if full < 1 else inf
    return 1 / (1 + exp(-odds)) if odds > -MOST_EXPONENT else 0.0


def piece(a: float, c: float, since: float, until: float) -> Piece:
    """The integral of exp(a (1 - e^-u) - c u) from `since` to `until`; u is the time by the mean patience."""
    peak = min(max(log(a / c) if a > c else 0.0, since), until)
    slope = a * exp(-peak)
    low = max(since - peak, -reach(slope, c, -1.0)) if peak > since else 0.0
    high = min(until - peak, reach(slope, c, 1.0)) if peak < until else 0.0
    edges = panels(low, high)
    half = np.diff(edges)[:, None] / 2
    off = (edges[:-1, None] + half + half * NODES).ravel()
    weight = (half * WEIGHTS).ravel() * np.exp(-c * off - slope * np.expm1(-off))
    return Piece(-a * expm1(-peak) - c * peak, peak + off, weight)


def panels(low: float, high: float) -> Floats:
    """The ends of panels on both sides of a peak at 0.

    e^-u falls in a length of 1, the whole in one of 1 / c, which is far longer where patience is short: from where
    nothing is left of e^-u, panels of their own.
    """
    turn = min(high, TURN)
    parts = [np.linspace(low, 0.0, PANELS + 1)[:-1], np.linspace(0.0, turn, PANELS + 1)]
    return np.concatenate([*parts, np.linspace(turn, high, PANELS + 1)[1:]] if high > turn else parts)


def reach(slope: float, c: float, way: float) -> float:
    """How far from the peak, in this direction, nothing is left; at most twice as far as that."""
    off = 1e-12
    while -c * way * off - slope * expm1(-way * off) > -DROP:
        off *= 2
    return off
