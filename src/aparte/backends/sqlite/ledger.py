"""Rates of exchange and sealed days, in rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aparte.attribution.rates import Rate
from aparte.attribution.store import SaveRates, SealDay, SealedDay

if TYPE_CHECKING:
    from aparte.backends.sqlite.execute import Execution

SAVE_RATE = """INSERT INTO currency_rate (site, day, currency, rate) VALUES (?, ?, ?, ?)
    ON CONFLICT (site, day, currency) DO UPDATE SET rate = excluded.rate"""
SEAL = """INSERT INTO sealed_day (site, day, sealed_at, totals) VALUES (?, ?, ?, ?)
    ON CONFLICT (site, day) DO NOTHING RETURNING 1"""
RATES = "SELECT day, currency, rate FROM currency_rate WHERE site = ? ORDER BY day, currency"
SEALED = "SELECT site, day, sealed_at, totals FROM sealed_day WHERE site = ? AND day >= ? AND day <= ? ORDER BY day"


def save_rates(execution: Execution, command: SaveRates) -> None:
    """Insert or change rates."""
    for one in command.rates:
        execution.run(SAVE_RATE, (command.site, one.day, one.currency, one.rate))
    execution.rows += len(command.rates)


def seal_day(execution: Execution, command: SealDay) -> bool:
    """Seal a day, once."""
    one = command.day
    return bool(execution.run(SEAL, (one.site, one.day, one.sealed_at, one.totals)).fetchall())


HANDLERS: dict[type, Any] = {SaveRates: save_rates, SealDay: seal_day}


class LedgerRows:
    """The readers of these tables; a part of SqliteReader."""

    _rows: Callable[..., list[tuple[Any, ...]]]
    """Given by the reader that this is a part of."""

    def rates(self, site: str) -> list[Rate]:
        """See LedgerReader."""
        return [Rate(*row) for row in self._rows(RATES, (site,))]

    def sealed_days(self, site: str, since: str = "", until: str = "9999") -> list[SealedDay]:
        """See LedgerReader."""
        return [SealedDay(*row) for row in self._rows(SEALED, (site, since, until))]
