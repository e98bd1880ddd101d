"""The identities that a claim is held against: each right by itself, whatever the firm. Worked values: science.md, 2.

They take floats or numpy arrays; shares are from 0 to 1, ratios are against what is named in the docstring.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Figure = TypeVar("Figure", float, NDArray[np.float64])


def sales_ratio(e: float, s: float) -> float:
    """m x b that an assisted share `s` of the sales implies when a share `e` of visitors is engaged: the orders (and
    baskets) of the engaged against those of the others."""
    return (s / e) / ((1 - s) / (1 - e))


def assisted_share(e: float, m: float, b: float = 1.0) -> float:
    """The engaged visitors' part of the sales: e their share, m their conversion and b their basket against others'."""
    return e * m * b / (e * m * b + 1 - e)


def engaged_share(s: float, m: float, b: float = 1.0) -> float:
    """The share of visitors who must be engaged for an assisted share `s`; undoes `assisted_share`."""
    return s / (m * b * (1 - s) + s)


def lift_if_all_causal(e: float, m: float, b: float = 1.0) -> float:
    """The relative lift of all sales, were the whole ratio caused by the help: e (m b - 1)."""
    return e * (m * b - 1)


def engaged_share_for_lift(lift: float, m: float, b: float = 1.0) -> float:
    """The share of visitors to engage for a relative lift of all sales, were the whole ratio caused by the help."""
    return lift / (m * b - 1)


def lift_of_share(s: float, q: float) -> float:
    """The relative lift of all sales when a share `q` of the assisted sales, themselves a share `s`, is incremental."""
    return s * q / (1 - s * q)


def causal_multiplier(q: float) -> float:
    """Assisted sales against what the same visitors would have bought without help, when a share `q` is incremental."""
    return 1 / (1 - q)


def intrinsic_ratio(e: float, s: float, q: float) -> float:
    """The engaged visitors' own sales ratio without help: what is left of m b when the incremental share is off."""
    return (1 - q) * sales_ratio(e, s)


def relative_lift(base: float, points: float) -> float:
    """A lift in points (0.005 is half a point) relative to the base conversion."""
    return points / base


def base_for_relative_lift(points: float, relative: float) -> float:
    """The base conversion at which a lift in points is this relative lift."""
    return points / relative


def busy_share(agent_seconds: Figure, customer_seconds: Figure, concurrency: int) -> Figure:
    """U_k: how much of the time an agent with k conversations is at work on one (machine-repairman, science.md 3)."""
    ratio = agent_seconds / customer_seconds
    weights, term = 1.0 + 0 * ratio, 1.0 + 0 * ratio
    for j in range(concurrency):
        term = term * (concurrency - j) * ratio
        weights = weights + term
    return 1 - 1 / weights


def throughput_gain(agent_seconds: Figure, customer_seconds: Figure, concurrency: int) -> Figure:
    """Conversations an agent finishes with k at once against one at a time."""
    alone = agent_seconds / (agent_seconds + customer_seconds)
    return busy_share(agent_seconds, customer_seconds, concurrency) / alone


def cost_ratio(seconds: float, other_seconds: float, gain: float) -> float:
    """A contact's cost against another channel's, at equal wage and occupancy: the handling times, and how many more
    the agent finishes by holding several at once."""
    return seconds / (gain * other_seconds)


def gain_for_cost_ratio(seconds: float, other_seconds: float, ratio: float) -> float:
    """The throughput gain at which a contact costs `ratio` of the other channel's."""
    return seconds / (ratio * other_seconds)


def staff_saved(before: float, after: float) -> float:
    """The share of the staff that is saved when the same work takes `after` people instead of `before`."""
    return 1 - after / before


def productivity(before: float, after: float) -> float:
    """How many times as much each does when the same work takes `after` people instead of `before`."""
    return before / after


def saving_per_chat(mails_per_chat: float, cost_per_mail: float, cost_per_chat: float) -> float:
    """What a chat saves when it takes the place of so many mails."""
    return mails_per_chat * cost_per_mail - cost_per_chat


def break_even_cost_ratio(mails_per_chat: float) -> float:
    """The cost of a mail against a chat's from which on the chat saves."""
    return 1 / mails_per_chat


def contacts_behind(deflected: float, *shares: float) -> float:
    """The contacts there must be in all when, after these shares one after the other, `deflected` are left."""
    for share in shares:
        deflected /= share
    return deflected


def deflection_saving(chats: float, true_deflection: float, cost_per_call: float, cost_per_chat: float) -> float:
    """Calls that truly do not come, less the chats, which are all paid."""
    return chats * true_deflection * cost_per_call - chats * cost_per_chat


def discounted_revenue(conversion_lift: float, discount: float) -> float:
    """Revenue against before when every buyer uses the discount and conversion rises by `conversion_lift`."""
    return (1 + conversion_lift) * (1 - discount)


def discount_break_even(discount: float) -> float:
    """The relative rise of conversion that leaves revenue as it was when every buyer uses the discount."""
    return 1 / (1 - discount) - 1


def discounted_profit(conversion_lift: float, discount: float, gross_margin: float) -> float:
    """Gross profit against before when every buyer uses the discount."""
    return (1 + conversion_lift) * (gross_margin - discount) / gross_margin
