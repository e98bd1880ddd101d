"""Every message is counted once, and counted as what became of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.tracking.counters import Conservation, NotConserved
from aparte.tracking.dedupe import RecentIds, is_duplicate
from aparte.tracking.model import Page
from aparte.tracking.quarantine import Reason

HOUR = 3_600_000


def page(id: str, at: int) -> Page:
    return Page(message_id=id, at=at, visitor="a")


def test_a_message_sent_again_within_72_hours_is_a_duplicate() -> None:
    seen = RecentIds()
    assert not is_duplicate(page("m", 0), seen)
    assert is_duplicate(page("m", 0), seen)
    assert is_duplicate(page("m", 72 * HOUR - 1), seen)
    assert not is_duplicate(page("m", 72 * HOUR), seen)


def test_an_event_that_waited_offline_for_weeks_is_known_again_by_its_arrival() -> None:
    seen = RecentIds()
    now = 10_000 * HOUR
    assert not is_duplicate(page("late", 5), seen, now)
    assert not is_duplicate(page("other", now), seen, now + 1)
    assert is_duplicate(page("late", 5), seen, now + HOUR)


def test_ids_that_are_too_old_are_forgotten() -> None:
    seen = RecentIds()
    for n in range(1_000):
        assert seen.add(str(n), n * HOUR)
    assert len(seen) == 72


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 10)), max_size=60))
def test_the_window_is_that_of_a_model_that_remembers_everything(deltas: list[tuple[str, int]]) -> None:
    seen, model, at = RecentIds(), dict[str, int](), 0
    for id, delta in deltas:
        at += delta * 12 * HOUR
        expected = id not in model or at - model[id] >= 72 * HOUR
        assert seen.add(id, at) is expected
        if expected:
            model[id] = at


def counted() -> Conservation:
    count = Conservation()
    count.received, count.accepted, count.duplicate = 7, 3, 1
    count.quarantined[Reason.BAD_TEXT] += 2
    count.refused["rate"] += 1
    return count


def test_the_law_holds_when_every_message_has_its_fate() -> None:
    counted().check()
    total = counted()
    total.add(counted())
    total.check()
    assert total.as_dict() == {
        "received": 14,
        "accepted": 6,
        "duplicate": 2,
        "quarantined": {"bad_text": 4},
        "refused": {"rate": 2},
    }


@pytest.mark.parametrize("fate", ["received", "accepted", "duplicate"])
@pytest.mark.parametrize("error", [-1, 1])
def test_a_lost_or_doubled_message_is_noticed(fate: str, error: int) -> None:
    count = counted()
    setattr(count, fate, getattr(count, fate) + error)
    with pytest.raises(NotConserved, match="received"):
        count.check()
