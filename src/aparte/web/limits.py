"""How often somebody may do something: buckets that fill with time, and failures that are remembered for a while."""

from __future__ import annotations

from collections import OrderedDict
from math import ceil

MOST_KEYS = 50_000
"""Callers remembered at a time; the one not seen for longest is forgotten first."""


class Buckets:
    """A token bucket for each caller: `rate` a second, `burst` at once. Times are seconds of any one clock."""

    def __init__(self, rate: float, burst: int) -> None:
        self.rate, self.burst = rate, burst
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float) -> int:
        """Take one: 0 when allowed, else after how many whole seconds it is worth trying again."""
        level, at = self._levels.pop(key, (float(self.burst), now))
        if now > at:
            level += (now - at) * self.rate
        if level > self.burst:
            level = float(self.burst)
        allowed = level >= 1
        self._levels[key] = (level - 1 if allowed else level, now)
        if len(self._levels) > MOST_KEYS:
            self._levels.popitem(last=False)
        return 0 if allowed else max(1, ceil((1 - level) / self.rate))


class Attempts:
    """At most `most` attempts within `window` seconds; each counts until it is forgiven."""

    def __init__(self, most: int, window: float) -> None:
        self.most, self.window = most, window
        self._times: OrderedDict[tuple[str, ...], list[float]] = OrderedDict()

    def begin(self, key: tuple[str, ...], now: float) -> int:
        """Count an attempt before its outcome is known: 0, or the seconds to wait; then it is not counted."""
        times = [at for at in self._times.pop(key, []) if now - at < self.window]
        wait = 0
        if len(times) >= self.most:
            wait = max(1, ceil(times[0] + self.window - now))
        else:
            times.append(now)
        self._times[key] = times
        if len(self._times) > MOST_KEYS:
            self._times.popitem(last=False)
        return wait

    def forgive(self, key: tuple[str, ...]) -> None:
        """It was the right one: nothing is held against this caller."""
        self._times.pop(key, None)
