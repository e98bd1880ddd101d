"""Days sealed into totals without ids, so that they are known when their events are gone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec

from aparte.attribution.facts import SEALED_AFTER_MS, Total
from aparte.attribution.store import SealedDay
from aparte.kit.days import Day

Part = tuple[str, dict[str, Any], dict[str, int]]
parts_of = msgspec.json.Decoder(list[Part]).decode


def may_seal(day: Day, now: int) -> bool:
    """Whether a day has been over for so long that nothing changes it any more."""
    return now >= day.ends_at + SEALED_AFTER_MS


def sealed(site: str, totals: Iterable[Total], now: int) -> Iterator[SealedDay]:
    """Each day of these totals, which are in the order of days, as it is kept."""
    for day, of in groupby(totals, key=lambda one: one.day):
        parts = [(one.what, one.cut, one.sums) for one in of]
        yield SealedDay(site, day, now, msgspec.json.encode(parts).decode())


def unsealed(day: SealedDay) -> list[Total]:
    """The totals of a day that was sealed."""
    return [Total(day.day, what, cut, sums) for what, cut, sums in parts_of(day.totals)]


def all_totals(kept: Sequence[SealedDay], computed: Iterable[Total]) -> list[Total]:
    """Sealed days as they were sealed, all others as they are computed now; by day."""
    days = {one.day for one in kept}
    found = [one for day in kept for one in unsealed(day)] + [one for one in computed if one.day not in days]
    return sorted(found, key=lambda one: one.day)
