"""The words of experiments: how a population is split, and which arm a visitor has."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose

from msgspec import Struct

from aparte.kit.errors import BadInput

HOLDOUT = "holdout"
TREATED = "treated"


class Split(Struct, frozen=True):
    """How the visitors of `seed` are dealt among arms from `version` on.

    `shares` are (arm, share) in a fixed order and sum to 1. Arms are "holdout", "treated" or a variant's name.
    Raises BadInput when the shares cannot be dealt.
    """

    seed: str
    version: int
    shares: tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        arms = [arm for arm, _ in self.shares]
        if len(set(arms)) != len(arms):
            raise BadInput(f"an arm is named twice: {', '.join(arms)}", where=self.seed, hint="name each arm once")
        if not all(0 <= share <= 1 for _, share in self.shares):
            raise BadInput("a share is outside 0..1", where=self.seed, hint="write 10 % as 0.10")
        total = sum(share for _, share in self.shares)
        if not isclose(total, 1, abs_tol=1e-9):
            raise BadInput(f"the shares sum to {total:g}", where=self.seed, hint="make them sum to 1")


class Assignment(Struct, frozen=True, omit_defaults=True):
    """The arm of one visitor: dealt once, stored with the visitor, valid for ever.

    `at` is in milliseconds since 1970-01-01 UTC. `merged` marks an exposure that a merge of identities has put aside:
    it decides nothing and reports leave it out.
    """

    seed: str
    version: int
    arm: str
    at: int
    merged: bool = False


class Merged(Struct, frozen=True):
    """What a merge of two identities leaves: the assignments that rule, by seed, and those put aside."""

    ruling: Mapping[str, Assignment]
    aside: tuple[Assignment, ...]


def site_seed(site_id: str) -> str:
    """Seed of the hold-out of a whole site."""
    return f"site:{site_id}"


def campaign_seed(campaign_id: str) -> str:
    """Seed of the hold-out of one campaign. One seed for both hold-outs would nest them."""
    return f"campaign:{campaign_id}"


def experiment_seed(experiment_id: str) -> str:
    """Seed of the variants of one experiment."""
    return f"experiment:{experiment_id}"


def holdout_split(seed: str, version: int, holdout: float) -> Split:
    """A split into "holdout" and "treated"; `holdout` is a share, 0.10 for 10 %.

    The hold-out lies first, so the visitors held out at a small share are among those of a larger one.
    """
    return Split(seed, version, ((HOLDOUT, holdout), (TREATED, 1 - holdout)))
