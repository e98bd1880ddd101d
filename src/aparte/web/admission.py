"""Who may send how much: allowances per visitor, per address, per site, and of new visitors per address.

An allowance is one number a key: the moment until which it is used up, if it flowed back evenly. A request is admitted
while anything is left, whatever its size, and its size is taken off then, so that a large batch is paid for afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aparte.settings import Limits

LONG_AGO = float("-inf")


class Allowance:
    """Allowances of many keys; those that were not asked for longest are forgotten (and then whole again).

    `rate` a second flows back, up to `burst`.
    """

    def __init__(self, rate: float, burst: float, most: int) -> None:
        self._cost, self._room, self._half = 1 / rate, burst / rate, max(1, most // 2)
        self._young: dict[str, float] = {}
        self._old: dict[str, float] = {}

    def wait(self, key: str, now: float) -> float:
        """Seconds until something is left; 0: now."""
        used = self._young.get(key) or self._old.get(key, LONG_AGO)
        # The room is given with a hair's breadth: sums of fractions do not meet exactly.
        return max(0.0, used - now - self._room + self._cost) if used - now > self._room - 1e-6 else 0.0

    def take(self, key: str, count: float, now: float) -> None:
        """Take this many off."""
        used = self._young.get(key) or self._old.get(key, LONG_AGO)
        if len(self._young) >= self._half and key not in self._young:
            self._old, self._young = self._young, {}
        self._young[key] = max(used, now) + count * self._cost

    def __len__(self) -> int:
        return len(self._young) + len(self._old)


class Admission:
    """The door's decision. `clock` is in seconds and never goes back."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._clock, self._start = clock, clock()  # small numbers, so that fractions keep their precision
        self.visitors = Allowance(limits.visitor_rate, limits.visitor_burst, limits.remembered)
        self.addresses = Allowance(limits.address_rate, limits.address_burst, limits.remembered)
        self.sites = Allowance(limits.site_rate, limits.site_burst, 10_000)
        new = limits.new_visitors_per_minute
        self.newcomers = Allowance(new / 60, new, limits.remembered)

    def wait(self, site: str, address: str, visitor: str | None, count: int) -> tuple[float, str]:
        """(0, "") and the count is taken off, or the seconds to wait and whose allowance is used up.

        An empty address or no visitor: not limited by it. What is not admitted costs nobody anything.
        """
        now = self._clock() - self._start
        keys: Sequence[tuple[str, Allowance, str]] = (
            ("visitor", self.visitors, f"{site} {visitor}" if visitor else ""),
            ("address", self.addresses, address),
            ("site", self.sites, site),
        )
        for whose, allowance, key in keys:
            if key and (wait := allowance.wait(key, now)):
                return wait, whose
        for _, allowance, key in keys:
            if key:
                allowance.take(key, count, now)
        return 0.0, ""

    def newcomer(self, address: str) -> float:
        """0 and one more new visitor of this address is counted, or the seconds to wait."""
        if not address:
            return 0.0
        now = self._clock() - self._start
        wait = self.newcomers.wait(address, now)
        if not wait:
            self.newcomers.take(address, 1, now)
        return wait
