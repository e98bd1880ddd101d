"""The facts of a data folder; see `aparte.attribution.facts.Facts`."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from aparte.attribution.facts import Answer, Fed, Records, Step, Total
from aparte.attribution.rates import Rate, RateTable, table_of
from aparte.attribution.reading import digest
from aparte.backends.duckdb import deriving, funnel, records, taking
from aparte.backends.duckdb.columns import insert
from aparte.backends.duckdb.connection import Connection, discard, opened, transaction, within
from aparte.backends.duckdb.exporting import Exported, exported, sweep
from aparte.backends.duckdb.names import codes_of
from aparte.backends.duckdb.taking import Kept
from aparte.backends.duckdb.totals import totals
from aparte.conversations.model import Entry
from aparte.engagements.store import RecordDecision
from aparte.kit.days import Calendar
from aparte.kit.errors import BadInput
from aparte.kit.money import minor_digits
from aparte.sites.model import Site
from aparte.tracking.store import Logged

QUESTION = re.compile(r"\s*(SELECT|WITH|FROM)\b", re.IGNORECASE)
SITES = "SELECT site, currency, time_zone, minor FROM site_kept ORDER BY site"
ORDERS_TOUCHED = "INSERT INTO touched_order SELECT DISTINCT site, order_id FROM order_told WHERE site = ?"
TAKING_S = 3_600.0


def one_select(sql: str) -> None:
    """Refuse whatever could change something."""
    if not QUESTION.match(sql) or len(duckdb.extract_statements(sql)) != 1:
        raise BadInput("the facts answer one SELECT", where="facts", hint="begin with SELECT, WITH or FROM")


class DuckFacts:
    """The facts in one file, or in memory. One thing at a time: the calls of several threads wait for one another."""

    def __init__(self, directory: Path | None = None, *, memory: str = "512MB", threads: int = 2) -> None:
        self._directory, self._memory, self._threads = directory, memory, threads
        self._lock = threading.RLock()
        self._connection: Connection = opened(directory, memory, threads)
        if directory is not None:
            sweep(directory)
        self._sites: dict[str, Kept] = {}
        self._rates: dict[str, RateTable] = {}
        self._rated: dict[str, tuple[Rate, ...]] = {}
        self._said: dict[str, int] = {}
        self._dirty = True
        self._known()

    def _known(self) -> None:
        rows = self._connection.execute(SITES).fetchall()
        self._sites = {site: Kept(currency, Calendar(zone)) for site, currency, zone, _ in rows}

    # asking

    def ask(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = (), *, seconds: float = 30.0) -> Answer:
        """See Facts."""
        with self._lock, within(self._connection, seconds):
            found = self._question(sql, values)
            return Answer(tuple(one[0] for one in found.description or ()), found.fetchall())

    def arrays(
        self, sql: str, values: Sequence[Any] | Mapping[str, Any] = (), *, seconds: float = 30.0
    ) -> dict[str, Any]:
        """See Facts."""
        with self._lock, within(self._connection, seconds):
            return dict(self._question(sql, values).fetchnumpy())

    def funnel(self, site: str, steps: Sequence[Step], since: str, until: str, *, seconds: float = 30.0) -> list[int]:
        """See Facts."""
        with self._lock:
            codes = codes_of(self._connection, {one.name for one in steps if one.name})
            sql, values = funnel.question(site, steps, since, until, codes)
            return list(self.ask(sql, values, seconds=seconds).rows[0]) if steps else []

    def export(self, sql: str, values: Sequence[Any] = (), *, seconds: float = 600.0) -> Exported:
        """See Facts."""
        one_select(sql)
        with self._lock, within(self._connection, seconds):
            return exported(self._connection, self._directory, sql, values)

    def _question(self, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> Connection:
        one_select(sql)
        given: Any = dict(values) if isinstance(values, Mapping) else list(values)
        return self._connection.execute(sql, given)

    def totals(self, site: str, since: str, until: str) -> list[Total]:
        """See Facts."""
        with self._lock, within(self._connection, TAKING_S):
            return totals(self._connection, site, since, until)

    # feeding

    def fed(self) -> Fed:
        """See Facts."""
        with self._lock:
            rows = self._connection.execute("SELECT name, value FROM meta WHERE name <> 'shape'").fetchall()
        return Fed(**{name: int(value) for name, value in rows})

    def describe(self, sites: Sequence[Site]) -> None:
        """See Facts."""
        wanted = sorted((one.id, one.currency, one.time_zone, float(10 ** minor_digits(one.currency))) for one in sites)
        with self._lock:
            kept = self._connection.execute(SITES).fetchall()
            if not set(kept) <= set(wanted):
                self.clear()
                kept = []
            if kept != wanted:
                with transaction(self._connection):
                    self._connection.execute("DELETE FROM site_kept")
                    insert(self._connection, "site_kept", wanted)
                self._dirty = True
            self._known()

    def clear(self) -> None:
        """Begin again with nothing."""
        with self._lock:
            self._connection.close()
            if self._directory is not None:
                discard(self._directory)
            self._connection = opened(self._directory, self._memory, self._threads)
            self._sites, self._rated, self._rates, self._said, self._dirty = {}, {}, {}, {}, True

    def take(self, lines: Sequence[Logged], decisions: Sequence[RecordDecision], fed: Fed) -> None:
        """See Facts."""
        with self._lock, within(self._connection, TAKING_S), transaction(self._connection):
            taking.take_lines(self._connection, lines, self._sites)
            taking.take_decisions(self._connection, decisions, self._sites)
            for name, value in (("log", fed.log), ("decisions", fed.decisions)):
                self._connection.execute("UPDATE meta SET value = ? WHERE name = ?", [str(value), name])
            self._dirty = self._dirty or bool(lines) or bool(decisions)

    def replace(self, told: Records) -> Mapping[str, int]:
        """See Facts."""
        site = told.site.id
        with self._lock, within(self._connection, TAKING_S):
            rows = records.rows_of(told, self._sites[site].calendar)
            said = digest(repr((rows, tuple(told.rates))).encode("utf-8", "surrogatepass"))
            if self._said.get(site) != said:
                rates = tuple(told.rates)
                with transaction(self._connection):
                    if self._rated.get(site) != rates:  # or nothing is known of them since this process began
                        self._connection.execute(ORDERS_TOUCHED, [site])
                    records.replace(self._connection, site, rows)
                self._rated[site], self._rates[site] = rates, table_of(rates)
                self._said[site], self._dirty = said, True
            return records.missing(self._connection, site)

    def add_entries(self, entries: Iterable[Entry]) -> None:
        """See Facts."""
        with self._lock, within(self._connection, TAKING_S), transaction(self._connection):
            self._dirty = records.add_entries(self._connection, entries) > 0 or self._dirty

    def derive(self) -> None:
        """See Facts."""
        with self._lock:
            if not self._dirty:
                return
            with within(self._connection, TAKING_S), transaction(self._connection):
                deriving.derive(self._connection, self._sites, self._rates)
            self._dirty = False

    def forget(self, site: str, visitor: str, stand_in: str) -> None:
        """See Facts."""
        with self._lock, within(self._connection, TAKING_S), transaction(self._connection):
            records.forget(self._connection, site, visitor, stand_in)
            self._said.pop(site, None)
            self._dirty = True

    def close(self) -> None:
        """See Facts."""
        with suppress(duckdb.Error):
            self._connection.interrupt()
        with self._lock:
            self._connection.close()
