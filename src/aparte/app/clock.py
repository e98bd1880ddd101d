"""The one clock of a server. It never goes back and never jumps: timers must not fire an hour early, nor wait for an
hour, because somebody has set the machine's date.

It begins at the wall clock, or at the last line of the log where that is later, and runs on the machine's uptime.
Where the two differ, it goes at most 1 % faster or slower until they agree: a timer of 30 s is then 0.3 s off.
"""

from __future__ import annotations

import time
from collections.abc import Callable

SLEW = 0.01
MOST_AHEAD_MS = 25 * 60 * 60 * 1000
"""A log that is further ahead of the wall clock was written under a wrong one."""


def wall_ms() -> int:
    """The machine's date, in milliseconds since 1970-01-01 UTC; it can be set."""
    return time.time_ns() // 1_000_000


def uptime_ms() -> int:
    """Milliseconds since the machine was started, sleep included where the system counts it; nobody can set it."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(clock) // 1_000_000


class SteadyClock:
    """Milliseconds since 1970-01-01 UTC, at each call at least as many as before."""

    def __init__(
        self,
        last_ms: int = 0,
        *,
        wall: Callable[[], int] = wall_ms,
        uptime: Callable[[], int] = uptime_ms,
    ) -> None:
        """`last_ms`: the last moment that the log knows."""
        self._wall, self._uptime = wall, uptime
        self._then, now = uptime(), wall()
        self.ahead_ms = max(0, last_ms - now)
        """How much later than the wall clock the log was when this clock began."""
        self._now = float(last_ms if 0 < self.ahead_ms <= MOST_AHEAD_MS else now)

    @property
    def distrusts_log(self) -> bool:
        """The log is so far ahead that it was not believed."""
        return self.ahead_ms > MOST_AHEAD_MS

    def __call__(self) -> int:
        """Now."""
        then, self._then = self._then, self._uptime()
        passed = self._then - then
        missing = self._wall() - self._now - passed
        correction = max(-SLEW * passed, min(SLEW * passed, missing))
        self._now += passed + correction
        return int(self._now)
