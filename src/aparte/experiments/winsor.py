"""Revenue with its largest amounts cut, beside the raw: one order of a reseller must not decide. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, fsum

from aparte.experiments.statistics import Sample
from aparte.kit.errors import BadInput

SHARE = 0.999


def threshold(spent: Sequence[float], visitors: int, share: float = SHARE) -> float:
    """The least amount that at least `share` of all `visitors` did not exceed; of both arms together, before any cut.

    `spent` has what buyers spent; the other visitors spent 0. In the unit of the amounts. Raises BadInput for more
    buyers than visitors.
    """
    if visitors < max(len(spent), 1) or not 0 < share <= 1:
        raise BadInput("more have spent than there are", where="winsor")
    rank = ceil(share * visitors - 1e-9) - (visitors - len(spent))
    return sorted(spent)[rank - 1] if rank > 0 else 0.0


def winsorised(spent: Iterable[float], visitors: int, limit: float) -> Sample:
    """The sums of one arm with every amount cut at `limit`; nobody is left out, the arm keeps its visitors."""
    cut = [min(amount, limit) for amount in spent]
    return Sample(visitors, fsum(cut), fsum(amount * amount for amount in cut))
