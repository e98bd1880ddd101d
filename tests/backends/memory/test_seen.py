"""SeenIds behaves as a dict with a clock would, in at most 16 bytes an id."""

import tracemalloc
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.backends.memory import seen
from aparte.backends.memory.recent import RecentIds
from aparte.backends.memory.seen import SeenIds

HOURS_72 = 72 * 3_600_000


class Crafted(str):
    """An id with a hash of our choice: bytes of few kinds, so that neighbours in a bucket often look alike."""

    __slots__ = ()

    def __hash__(self) -> int:
        return int.from_bytes(bytes(int(digit) for digit in self), "little", signed=True)


class Model:
    """What SeenIds promises, written with a dict."""

    def __init__(self, window: int | None) -> None:
        self.window, self.clock, self.at = window, 0, dict[str, int]()

    def add(self, key: str, at: int) -> bool:
        self.clock = max(self.clock, at)
        if key in self:
            return False
        self.at[key] = self.clock
        return True

    def __contains__(self, key: str) -> bool:
        return key in self.at and (self.window is None or self.clock - self.at[key] < self.window)


crafted = st.text(alphabet="01", min_size=8, max_size=8).map(Crafted)
times = st.one_of(st.integers(0, 60), st.sampled_from([2**32 - 1, 2**32, 2**32 + 20, 2**33, 2**40]))


@given(
    st.sampled_from([None, 1, 5, 20]), st.sampled_from([0, 1, 20]), st.lists(st.tuples(crafted, times), max_size=120)
)
def test_it_behaves_as_the_model(window: int | None, fill: int, adds: list[tuple[str, int]]) -> None:
    with patch.object(seen, "_FILL", fill):
        ids, model = SeenIds(window), Model(window)
        for key, at in adds:
            assert ids.add(key, at) is model.add(key, at)
            assert key in ids
        assert all((key in ids) is (key in model) for key, _ in adds)
        live = sum(key in model for key in model.at)
        assert live <= len(ids) <= len(model.at)
        assert window is not None or len(ids) == live


@pytest.mark.parametrize("window", [None, 3_000])
def test_a_long_walk_behaves_as_the_model(window: int | None) -> None:
    dice, ids, model = Random(7), SeenIds(window), Model(window)
    for step in range(60_000):
        key, at = f"id-{dice.randrange(20_000)}", 1_700_000_000_000 + step - dice.randrange(50)
        assert ids.add(key, at) is model.add(key, at)


@pytest.mark.parametrize("kind", [SeenIds, RecentIds])
def test_an_id_seen_exactly_72_hours_ago_is_new(kind: type[SeenIds] | type[RecentIds]) -> None:
    ids = kind(HOURS_72)
    assert ids.add("m", 1_000)
    assert not ids.add("m", 1_000 + HOURS_72 - 1)
    assert ids.add("m", 1_000 + HOURS_72)
    assert not ids.add("m", 1_000 + 2 * HOURS_72 - 1)


@given(st.sampled_from([1, 5, 20]), st.sampled_from([2, 3, 8]), st.lists(st.tuples(crafted, times), max_size=120))
def test_recent_ids_behave_as_the_model(window: int, most: int, adds: list[tuple[str, int]]) -> None:
    ids, model = RecentIds(window, most), Model(window)
    for key, at in adds:
        assert ids.add(key, at) is model.add(key, at)
    assert len(ids) <= most + len(model.at)


def test_recent_ids_on_a_long_walk() -> None:
    dice, ids, model = Random(7), RecentIds(3_000, 500), Model(3_000)
    for step in range(60_000):
        key, at = f"id-{dice.randrange(20_000)}", 1_700_000_000_000 + step - dice.randrange(50)
        assert ids.add(key, at) is model.add(key, at)


@pytest.mark.parametrize("window", [-1, 0, 2**31 + 1])
def test_a_window_that_cannot_be_held_is_refused(window: int) -> None:
    with pytest.raises(ValueError, match="is not within"):
        SeenIds(window)


def grown(window: int | None, counts: list[int], step_ms: int = 1) -> list[int]:
    """Traced bytes of one set after so many distinct ids, and the peak at the end."""
    sizes = []
    tracemalloc.start()
    try:
        ids, done = SeenIds(window), 0
        for count in counts:
            for n in range(done, count):
                ids.add(f"message-{n}", n * step_ms)
            done = count
            sizes.append(tracemalloc.get_traced_memory()[0])
        sizes.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    return sizes


@pytest.mark.parametrize("window", [None, HOURS_72])
def test_an_id_costs_at_most_16_bytes_while_the_set_grows(window: int | None) -> None:
    counts = [50_000, 70_000, 100_000, 140_000]
    *sizes, peak = grown(window, counts)
    assert all(size <= 16 * count for size, count in zip(sizes, counts, strict=True))
    assert peak <= 16 * counts[-1]


def test_ids_older_than_the_window_cost_nothing() -> None:
    """Twenty windows of ids need hardly more than three."""
    early, late, _ = grown(5_000, [15_000, 100_000])
    assert late <= 1.25 * early
    assert late <= 24 * 5_000
