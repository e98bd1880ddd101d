"""Windows are (t - d, t].

Mutants tried: `bisect_left` for `bisect_right`; KEEP not applied; `changes_at` of the youngest.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.targeting.windows import KEEP, Window

SPAN = 1000


def window(*entries: tuple[int, object]) -> Window:
    found = Window(SPAN)
    for at, value in entries:
        found.add(at, value)
    return found


def test_what_is_exactly_as_old_as_the_window_is_out() -> None:
    one = window((0, 5))
    assert [one.count(at) for at in (0, 999, 1000, 5000)] == [1, 1, 0, 0]


def test_several_at_one_instant_all_count_and_leave_together() -> None:
    one = window((0, 5), (0, 5), (400, 7))
    assert (one.count(400), one.sum(400), one.distinct(400)) == (3, 17, 2)
    assert (one.count(1000), one.sum(1000), one.distinct(1000)) == (1, 7, 1)


def test_it_tells_when_its_oldest_entry_will_leave() -> None:
    one = window((0, 1), (400, 1))
    assert [one.changes_at(at) for at in (0, 400, 999, 1000, 1399, 1400)] == [1000, 1000, 1000, 1400, 1400, None]
    assert Window(SPAN).changes_at(0) is None


def test_no_visitor_makes_it_grow_without_end() -> None:
    one = window(*((0, n) for n in range(KEEP + 50)))
    assert (len(one.times), len(one.values), one.count(0)) == (KEEP, KEEP, KEEP)
    assert one.values[0] == 50


def test_sums_of_tenths_are_exact() -> None:
    assert window((0, 0.1), (1, 0.1), (2, 0.1)).sum(2) == 0.3


@pytest.mark.parametrize("probe", [0, 1, 250])
@given(entries=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 5)), max_size=60))
def test_it_is_what_counting_by_hand_gives(probe: int, entries: list[tuple[int, int]]) -> None:
    times = sorted(at * 10 for at, _ in entries)
    pairs = list(zip(times, (value for _, value in entries), strict=True))
    now = (times[-1] if times else 0) + probe * 10
    inside = [value for at, value in pairs if now - SPAN < at <= now]
    one = window(*pairs)
    assert (one.count(now), one.sum(now), one.distinct(now)) == (len(inside), sum(inside), len(set(inside)))
