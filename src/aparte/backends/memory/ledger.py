"""Rates of exchange and sealed days, in memory."""

from __future__ import annotations

from typing import Any

from aparte.attribution.rates import Rate
from aparte.attribution.store import SaveRates, SealDay, SealedDay
from aparte.backends.memory.tables import Undo


class LedgerTables:
    """The tables and their readers; a part of MemoryReader."""

    _undo: Undo

    def __init__(self) -> None:
        super().__init__()
        self._currency_rates: dict[tuple[str, str, str], Rate] = {}
        self._sealed: dict[tuple[str, str], SealedDay] = {}

    def rates(self, site: str) -> list[Rate]:
        """See LedgerReader."""
        return sorted(one for (of, *_), one in self._currency_rates.items() if of == site)

    def sealed_days(self, site: str, since: str = "", until: str = "9999") -> list[SealedDay]:
        """See LedgerReader."""
        of = [one for (own, day), one in self._sealed.items() if own == site and since <= day <= until]
        return sorted(of, key=lambda one: one.day)

    def save_rates(self, command: SaveRates) -> None:
        """Insert or change rates."""
        for one in command.rates:
            self._undo.put(self._currency_rates, (command.site, one.day, one.currency), one)

    def seal_day(self, command: SealDay) -> bool:
        """Seal a day, once."""
        key = command.day.site, command.day.day
        if key in self._sealed:
            return False
        self._undo.put(self._sealed, key, command.day)
        return True


HANDLERS: dict[type, Any] = {SaveRates: LedgerTables.save_rates, SealDay: LedgerTables.seal_day}
