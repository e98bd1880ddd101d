"""An arm is dealt once and never changes; draws are independent and the shares are reached."""

from itertools import pairwise, permutations
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.experiments.assign import assign, draw, merge
from aparte.experiments.model import (
    HOLDOUT,
    TREATED,
    Assignment,
    Split,
    campaign_seed,
    experiment_seed,
    holdout_split,
    site_seed,
)
from aparte.kit.errors import BadInput

SEEDS = (site_seed("1"), campaign_seed("1"), experiment_seed("1"))


def split_from(version: int, weights: list[int]) -> tuple[tuple[str, float], ...]:
    total = sum(weights)
    return tuple((f"arm{index}", weight / total) for index, weight in enumerate(weights))


weights = st.lists(st.integers(1, 9), min_size=1, max_size=5)
versions = st.lists(st.tuples(st.sampled_from(SEEDS), weights), min_size=1, max_size=12)
visitors = st.sampled_from(["v1", "v2", "v3", "v4"])
steps = st.lists(st.one_of(visitors, st.tuples(visitors, visitors), st.none()), max_size=40)


@given(versions, steps)
def test_no_arm_ever_changes(published: list[tuple[str, list[int]]], walk: list[object]) -> None:
    """Visits, merges (a pair) and publications (None) in any order: who is earliest keeps his arm."""
    identity = {name: name for name in ("v1", "v2", "v3", "v4")}
    stored: dict[str, dict[str, Assignment]] = {name: {} for name in identity}
    earliest: dict[tuple[str, str], Assignment] = {}
    current = 0
    for at, step in enumerate(walk):
        seed, shares = published[current]
        match step:
            case None:
                current = min(current + 1, len(published) - 1)
            case str(visitor):
                root = identity[visitor]
                got = assign(Split(seed, current, split_from(current, shares)), visitor, stored[root], at)
                stored[root][seed] = got
                assert got == earliest.setdefault((root, seed), got)
            case (str(one), str(other)) if identity[one] != identity[other]:
                older, younger = identity[one], identity[other]
                stored[older] = dict(merge(stored[older], stored[younger]).ruling)
                for mark in SEEDS:
                    both = [earliest.pop((root, mark), None) for root in (older, younger)]
                    known = [assignment for assignment in both if assignment is not None]
                    if known:
                        earliest[older, mark] = min(known, key=lambda assignment: assignment.at)
                identity = {name: older if root == younger else root for name, root in identity.items()}
    for (root, seed), assignment in earliest.items():
        assert stored[root][seed] == assignment


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([HOLDOUT, TREATED])), min_size=3, max_size=3))
def test_the_order_of_merges_does_not_matter(dealt: list[tuple[int, str]]) -> None:
    identities = [{"site:1": Assignment("site:1", 1, arm, at)} for at, arm in dealt]
    results = [merge(merge(a, b).ruling, c).ruling for a, b, c in permutations(identities)]
    results += [merge(a, merge(b, c).ruling).ruling for a, b, c in permutations(identities)]
    assert all(one == other for one, other in pairwise(results))


def test_the_younger_exposure_is_put_aside_and_marked() -> None:
    older = Assignment("campaign:c", 1, TREATED, 10)
    younger = Assignment("campaign:c", 2, HOLDOUT, 20)
    only = Assignment("site:s", 1, HOLDOUT, 30)
    merged = merge({"campaign:c": older}, {"campaign:c": younger, "site:s": only})
    assert merged.ruling == {"campaign:c": older, "site:s": only}
    assert merged.aside == (Assignment("campaign:c", 2, HOLDOUT, 20, merged=True),)


def test_at_the_same_millisecond_the_hold_out_rules() -> None:
    held = {"site:s": Assignment("site:s", 2, HOLDOUT, 5)}
    treated = {"site:s": Assignment("site:s", 1, TREATED, 5)}
    assert merge(treated, held).ruling == held == merge(held, treated).ruling


def test_changed_shares_deal_only_to_new_visitors() -> None:
    first = holdout_split("site:s", 1, 0.0)
    second = holdout_split("site:s", 2, 1.0)
    stored = assign(first, "v", {}, 1)
    assert assign(second, "v", {"site:s": stored}, 2) is stored
    assert assign(second, "w", {}, 2) == Assignment("site:s", 2, HOLDOUT, 2)


def test_a_raised_hold_out_contains_the_smaller_one() -> None:
    small, large = holdout_split("site:s", 1, 0.05), holdout_split("site:s", 2, 0.10)
    ids = [f"v{n}" for n in range(5_000)]
    held = {v for v in ids if draw(small, v) == HOLDOUT}
    assert held < {v for v in ids if draw(large, v) == HOLDOUT}


@pytest.mark.parametrize(
    ("shares", "text"),
    [
        ((("a", 0.5), ("a", 0.5)), "site:s: an arm is named twice: a, a (name each arm once)"),
        ((("a", 10.0), ("b", -9.0)), "site:s: a share is outside 0..1 (write 10 % as 0.10)"),
        ((("a", float("nan")), ("b", 1.0)), "site:s: a share is outside 0..1 (write 10 % as 0.10)"),
        ((("a", 0.5), ("b", 0.4)), "site:s: the shares sum to 0.9 (make them sum to 1)"),
        ((), "site:s: the shares sum to 0 (make them sum to 1)"),
    ],
)
def test_shares_that_cannot_be_dealt_are_refused(shares: tuple[tuple[str, float], ...], text: str) -> None:
    with pytest.raises(BadInput) as caught:
        Split("site:s", 1, shares)
    assert str(caught.value) == text


class TestShares:
    """Chi-square on 100,000 fixed ids; the limits are the 0.001 quantiles for the degrees of freedom."""

    LIMIT: ClassVar = {1: 10.828, 2: 13.816, 3: 16.266, 4: 18.467}
    IDS: ClassVar = [f"visitor-{n}" for n in range(100_000)]

    @pytest.mark.parametrize("holdout", [0.05, 0.10, 0.5])
    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_hold_out_gets_its_share(self, seed: str, holdout: float) -> None:
        split = holdout_split(seed, 1, holdout)
        held = sum(draw(split, visitor) == HOLDOUT for visitor in self.IDS)
        expected = holdout * len(self.IDS)
        assert (held - expected) ** 2 / expected / (1 - holdout) < self.LIMIT[1]

    def test_variants_get_their_shares(self) -> None:
        split = Split("experiment:2", 1, (("a", 0.2), ("b", 0.3), ("c", 0.5)))
        counts = dict.fromkeys("abc", 0)
        for visitor in self.IDS:
            counts[draw(split, visitor)] += 1
        chi2 = sum((counts[arm] - n * len(self.IDS)) ** 2 / (n * len(self.IDS)) for arm, n in split.shares)
        assert chi2 < self.LIMIT[2]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (site_seed("1"), campaign_seed("1")),
            (campaign_seed("1"), campaign_seed("2")),
            (campaign_seed("cart"), experiment_seed("cart")),
        ],
    )
    def test_two_seeds_draw_independently(self, one: str, other: str) -> None:
        first, second = holdout_split(one, 1, 0.10), holdout_split(other, 1, 0.10)
        table = {(a, b): 0 for a in (HOLDOUT, TREATED) for b in (HOLDOUT, TREATED)}
        for visitor in self.IDS:
            table[draw(first, visitor), draw(second, visitor)] += 1
        assert independence(table, len(self.IDS)) < self.LIMIT[1]


def independence(table: dict[tuple[str, str], int], total: int) -> float:
    """Pearson's chi-square of a contingency table."""
    chi2 = 0.0
    for (row, column), count in table.items():
        in_row = sum(n for (r, _), n in table.items() if r == row)
        in_column = sum(n for (_, c), n in table.items() if c == column)
        expected = in_row * in_column / total
        chi2 += (count - expected) ** 2 / expected
    return chi2
