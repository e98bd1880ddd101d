"""Whatever becomes of the machine's date, the server's clock goes on evenly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.app.clock import MOST_AHEAD_MS, SteadyClock

START, HOUR = 1_790_000_000_000, 3_600_000


class Machine:
    """A machine whose date can be set."""

    def __init__(self, date: int = START) -> None:
        self.date, self.up = date, 5_000

    def passes(self, ms: int) -> None:
        self.date += ms
        self.up += ms

    def clock(self, last_ms: int = 0) -> SteadyClock:
        return SteadyClock(last_ms, wall=lambda: self.date, uptime=lambda: self.up)


def test_it_tells_the_wall_clocks_time() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.passes(86_400_000)
    assert clock() == machine.date


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_date_that_is_set_by_an_hour_moves_a_timer_of_30_seconds_by_a_third_of_one(step: int) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.date += step
    machine.passes(30_000)
    assert abs(clock() - (START + 30_000)) <= 300
    for _ in range(101):
        machine.passes(HOUR)
        clock()
    assert clock() == machine.date  # by and by it agrees again


def test_a_server_that_comes_back_under_an_earlier_date_goes_on_where_the_log_ends() -> None:
    machine = Machine(START - HOUR)
    clock = machine.clock(last_ms=START)
    machine.passes(10_000)
    assert 9_900 <= clock() - START <= 10_000
    assert not clock.distrusts_log


def test_a_log_of_another_century_is_not_believed() -> None:
    machine = Machine()
    clock = machine.clock(last_ms=START + MOST_AHEAD_MS + 1)
    assert clock.distrusts_log
    assert clock() == START


@given(st.lists(st.tuples(st.integers(0, 100_000), st.integers(-10 * HOUR, 10 * HOUR)), max_size=30))
def test_it_never_goes_back_and_never_jumps(steps: list[tuple[int, int]]) -> None:
    machine = Machine()
    clock = machine.clock()
    before = clock()
    for passed, step in steps:
        machine.passes(passed)
        machine.date += step
        now = clock()
        assert 0.99 * passed - 1 <= now - before <= 1.01 * passed + 1
        before = now
