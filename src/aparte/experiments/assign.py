"""Which arm a visitor has. No dice: the same visitor and the same split give the same arm on every machine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec.structs import replace

from aparte.experiments.buckets import Range, bucket_ranges, choose_variation
from aparte.experiments.hash import position
from aparte.experiments.model import HOLDOUT, Assignment, Merged, Split


def assign(split: Split, visitor_id: str, stored: Mapping[str, Assignment], at: int) -> Assignment:
    """The visitor's assignment for `split.seed`; the caller stores it, under its seed, when it is new.

    `stored` holds what this visitor was assigned before, by seed. What is stored wins for ever, whatever the version:
    a visitor keeps even an arm that a later version has dropped. `at` is in milliseconds since 1970-01-01 UTC.
    """
    first = stored.get(split.seed)
    if first is not None:
        return first
    return Assignment(split.seed, split.version, draw(split, visitor_id), at)


def draw(split: Split, visitor_id: str) -> str:
    """The arm that the hash deals, ignoring what is stored (GrowthBook's hash, version 2, full coverage)."""
    # Always found: the shares sum to 1 within 1e-9 and no position is above 0.9999.
    return split.shares[choose_variation(position(split.seed, visitor_id), _ranges(split.shares))][0]


def merge(older: Mapping[str, Assignment], younger: Mapping[str, Assignment]) -> Merged:
    """The assignments of two identities, by seed, that have turned out to be one visitor.

    Of two assignments for one seed the earlier rules, whichever identity held it; the other is put aside, marked
    `merged`. The order of the arguments and of several merges does not matter.
    """
    ruling, aside = dict(older), []
    for seed, candidate in younger.items():
        rival = ruling.get(seed)
        if rival is None:
            ruling[seed] = candidate
        else:
            ruling[seed], loser = sorted((rival, candidate), key=_seniority)
            aside.append(replace(loser, merged=True))
    return Merged(ruling, tuple(aside))


def _seniority(assignment: Assignment) -> tuple[int, bool, int, str]:
    # At the same millisecond a hold-out rules, so that nobody held out is contacted; the rest makes the order total.
    return assignment.at, assignment.arm != HOLDOUT, assignment.version, assignment.arm


@lru_cache(maxsize=4096)
def _ranges(shares: tuple[tuple[str, float], ...]) -> tuple[Range, ...]:
    return bucket_ranges(len(shares), 1.0, [share for _, share in shares])
