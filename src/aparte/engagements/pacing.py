"""Pacing: whether one more invitation may go out while others still wait for an answer.

An invitation holds no slot. With A the acceptances still to come, S the free slots and F the slots freed meanwhile, one
more is sent iff P(A >= S + F) <= epsilon: the newsvendor rule (own derivation). Proof: the
expectation of v min(A, S) - c (A - S)+ grows with one more invitation of acceptance p by p (v P(A < S) - c P(A >= S)),
which is positive while P(A >= S) < v / (v + c).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from math import exp, expm1, floor, fsum, lgamma, log, log1p
from typing import TypeAlias

from aparte.kit.errors import BadInput

Distribution: TypeAlias = tuple[float, ...]
"""Probabilities of 0, 1, 2, ..."""

DEFAULT_EPSILON = 0.05
"""About 2.7 % of the acceptances then find no slot."""

_CHECK_EVERY = 16
_NEGLIGIBLE = 1e-12


def exponential_delay(mean_s: float, cut_s: float) -> Callable[[float], float]:
    """The cdf of the time to accept, in seconds: exponential, cut at `cut_s` where an invitation expires.

    0 before 0: an event that comes late is decided at its own time, before invitations that are already out.
    """
    whole = -expm1(-cut_s / mean_s)
    return lambda elapsed_s: min(-expm1(-max(elapsed_s, 0.0) / mean_s) / whole, 1.0)


def residual_acceptance(p: float, elapsed_s: float, cdf: Callable[[float], float]) -> float:
    """The probability that an invitation shown `elapsed_s` seconds ago and not yet answered will be accepted.

    `p` is its acceptance probability when shown, `cdf` the distribution of the delay of those who accept. By Bayes,
    r(t) = p (1 - G(t)) / (1 - p G(t)); 0 once nothing can come any more.
    """
    answered = cdf(elapsed_s)
    return p * (1 - answered) / (1 - p * answered) if answered < 1 else 0.0


def acceptance_distribution(rs: Sequence[float]) -> Distribution:
    """How many of independent invitations with residuals `rs` will be accepted: Poisson-binomial, by convolution."""
    return _accepted_up_to(rs, len(rs))


def freed_slots_distribution(busy: int, horizon_s: float, mean_chat_s: float) -> Distribution:
    """How many of `busy` slots become free within `horizon_s` seconds: Binomial(busy, 1 - exp(-h/M)).

    It ends where less than 1e-12 is left, and that rest counts for the last number kept: never too many freed slots.
    """
    return _shortened(_binomial(busy, -expm1(-horizon_s / mean_chat_s)))


def tail(rs: Sequence[float], free: int, freed: Distribution = (1.0,)) -> float:
    """P(A >= free + F): the probability that one more acceptance would find no slot. `free` may be negative."""
    accepted = _at_least(_accepted_up_to(rs, max(free + len(freed) - 1, 0)))
    return _mixed(accepted, free, freed)


def may_send_one_more(
    outstanding: Sequence[float],
    free: int,
    freed: Distribution = (1.0,),
    epsilon: float = DEFAULT_EPSILON,
    *,
    reserve: int = 0,
) -> bool:
    """Whether P(A >= S + F) <= epsilon, where S is `free` less the slots kept in `reserve` for reactive chats.

    `outstanding` are the residual acceptances of the invitations not yet answered. The answer is exactly that of
    `tail`; bounds spare the convolution in the clear cases.
    """
    slots = free - reserve
    mean = sum(outstanding)
    if epsilon < 0.5 and floor(mean) >= max(slots + len(freed) - 1, 0):
        return False  # A's median is at least floor(mean) (Jogdeo & Samuels 1968): A >= S + F in half of the cases.
    if slots > 0 and _upper_bound(mean, slots, freed) <= epsilon:
        return True
    return _exact(outstanding, slots, freed, epsilon)


def newsvendor_epsilon(value: float, cost: float) -> float:
    """The epsilon that maximises the expectation: value of a filled slot, cost of an accepted visitor without one."""
    return value / (value + cost)


def marginal(p: float, value: float, cost: float, full: float) -> float:
    """What one more invitation with acceptance `p` brings when P(A >= S + F) = `full`: p (v (1 - full) - c full)."""
    return p * (value * (1 - full) - cost * full)


def static_maximum(p: float, slots: int, epsilon: float) -> int:
    """The most invitations m, all sent at once, for which P(A > slots) <= epsilon."""
    return _first(p, slots + 1, epsilon) - 1


def newsvendor_maximum(p: float, slots: int, ratio: float) -> int:
    """The fewest invitations m, all sent at once, for which P(A >= slots) > ratio: one more would cost."""
    return _first(p, slots, ratio)


def _first(p: float, k: int, limit: float) -> int:
    """The smallest m with P(Binomial(m, p) >= k) > limit."""
    if not (0 < p <= 1 and 0 <= limit < 1):
        raise BadInput(
            f"no maximum for acceptance {p:g} and limit {limit:g}", hint="0 < acceptance <= 1, 0 <= limit < 1"
        )
    sent, accepted = 0, _empty(k)
    while accepted[k] <= limit:
        accepted = _one_more(accepted, p)
        sent += 1
    return sent


def _exact(outstanding: Sequence[float], slots: int, freed: Distribution, epsilon: float) -> bool:
    # The tail only grows with each invitation, so the likeliest come first and a refusal is known early.
    accepted = _empty(max(slots + len(freed) - 1, 0))
    for done, r in enumerate(sorted(outstanding, reverse=True), 1):
        accepted = _one_more(accepted, r)
        if done % _CHECK_EVERY == 0 and _mixed(_at_least(accepted), slots, freed) > epsilon:
            return False
    return _mixed(_at_least(accepted), slots, freed) <= epsilon


def _empty(limit: int) -> list[float]:
    return [1.0] + [0.0] * limit


def _accepted_up_to(rs: Sequence[float], limit: int) -> Distribution:
    """P(A = 0), ..., P(A = limit - 1) and, last, P(A >= limit)."""
    accepted = _empty(limit)
    for r in rs:
        accepted = _one_more(accepted, r)
    return tuple(accepted)


def _one_more(accepted: list[float], r: float) -> list[float]:
    """Convolution with one Bernoulli(r); the last cell means "this many or more" and loses nothing."""
    stay = 1 - r
    moved = [here * stay + below * r for here, below in zip(accepted, [0.0, *accepted], strict=False)]
    moved[-1] += accepted[-1] * r
    return moved


def _at_least(accepted: Sequence[float]) -> list[float]:
    """P(A >= 0), P(A >= 1), ...; summed from the small end, so a small tail keeps its digits."""
    return list(accumulate(reversed(accepted)))[::-1]


def _mixed(at_least: Sequence[float], slots: int, freed: Distribution) -> float:
    """The sum over f of P(F = f) P(A >= slots + f); what `freed` leaves out of 1 counts as nothing freed."""
    return fsum(p * at_least[max(slots + f, 0)] for f, p in enumerate(freed))


def _upper_bound(mean: float, slots: int, freed: Distribution) -> float:
    """At least P(A >= slots + F); 1 where it is of no use.

    For k >= mean + 1, P(A >= k) is at most the binomial's (Hoeffding 1956) and that at most Poisson's (Anderson &
    Samuels 1967), whose tail is below a geometric series.
    """
    if slots < mean + 1:
        return 1.0
    term = exp(-mean + slots * log(mean) - lgamma(slots + 1)) if mean > 0 else 0.0
    total = 0.0
    for k, p in enumerate(freed, slots):
        total += p * term / (1 - mean / (k + 1))
        term *= mean / (k + 1)
    return total


def _shortened(distribution: Distribution) -> Distribution:
    last, rest = len(distribution) - 1, 0.0
    while last > 0 and rest + distribution[last] < _NEGLIGIBLE:
        rest += distribution[last]
        last -= 1
    return (*distribution[:last], distribution[last] + rest)


@lru_cache(maxsize=1024)
def _binomial(n: int, p: float) -> Distribution:
    if p <= 0:
        return (1.0, *(0.0,) * n)
    if p >= 1:
        return (*(0.0,) * n, 1.0)
    constant = lgamma(n + 1)
    return tuple(
        exp(constant - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p)) for k in range(n + 1)
    )
