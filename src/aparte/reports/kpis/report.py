"""The figures of a scope as they are told: by the API, by the command, as JSON, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from msgspec import Struct

from aparte.attribution.facts import Facts
from aparte.reports.kpis.asked import WINDOW
from aparte.reports.kpis.model import Beside, Figure, Part, Row
from aparte.reports.kpis.registry import KPIS, figures
from aparte.reports.kpis.words import note_words, why_words
from aparte.reports.scope import FILTERS, Scope, settled
from aparte.sites.model import Site

COLUMNS = ("kpi", "name", "row", "unit", "value", "low", "high", "n", "why", "numerator", "denominator", "notes")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell must not begin with: spreadsheets take it for a formula."""


class Told(Struct, kw_only=True):
    """A figure with its name; amounts in minor units, shares as fractions, times in milliseconds."""

    kpi: str
    group: str
    name: str
    unit: str
    better: str
    causal: bool
    interval: str
    value: float | None
    n: int
    low: float | None
    high: float | None
    why: str
    """A code; `why_text` says it."""
    why_text: str
    parts: tuple[Part, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    notes_text: tuple[str, ...]
    ignored: tuple[str, ...]


class KpiReport(Struct, kw_only=True):
    """All figures of a scope."""

    site: str
    currency: str
    time_zone: str
    since: str
    until: str
    now: int
    horizon: str
    window: str
    orders: str
    """`confirmed`: only what the shop's server has confirmed counts; `all`: what browsers claim, too."""
    filters: dict[str, str]
    language: str
    empty: bool
    """Whether the days hold no session, conversation or order at all."""
    figures: list[Told]


def kpi_report(
    facts: Facts, scope: Scope, site: Site, beside: Beside, *, language: str = "en", window: str = WINDOW,
    only: tuple[str, ...] = (),
) -> KpiReport:  # fmt: skip
    """The figures of a scope with their texts; in a worker thread."""
    scope = settled(facts, scope)
    found = figures(facts, scope, site, beside, window=window, only=only)
    return KpiReport(
        site=site.id, currency=site.currency, time_zone=site.time_zone, since=scope.since.isoformat(),
        until=scope.until.isoformat(), now=scope.now, horizon=scope.horizon, window=window, orders=str(scope.orders),
        filters={one: getattr(scope, one) for one in FILTERS if getattr(scope, one) is not None}, language=language,
        empty=is_empty(facts, scope), figures=[told(one, language) for one in found],
    )  # fmt: skip


def is_empty(facts: Facts, scope: Scope) -> bool:
    """Whether nothing at all happened in these days."""
    asks = " + ".join(
        f"(SELECT count(*) FROM {one} WHERE site = ? AND day BETWEEN ? AND ?)"
        for one in ("session", "conversation", "orders")
    )
    return not facts.ask(f"SELECT {asks}", [scope.site, scope.since, scope.until] * 3).rows[0][0]


def told(found: Figure, language: str) -> Told:
    """A figure with its texts."""
    kpi = KPIS[found.kpi]
    return Told(
        kpi=kpi.id, group=kpi.group, name=kpi.name[language], unit=kpi.unit, better=kpi.better, causal=kpi.causal,
        interval=kpi.interval, value=found.value, n=found.n, low=found.low, high=found.high, why=found.why,
        why_text=why_words(found.why, language), parts=found.parts, rows=found.rows, notes=found.notes,
        notes_text=tuple(note_words(one, language) for one in found.notes), ignored=found.ignored,
    )  # fmt: skip


def lines(report: KpiReport) -> Iterator[tuple[str, ...]]:
    """The rows of a table, its head first: each figure, then its rows."""
    yield COLUMNS
    for one in report.figures:
        yield cells(one, "", one)
        yield from (cells(one, row.name, row) for row in one.rows)


def cells(of: Told, name: str, found: Told | Row) -> tuple[str, ...]:
    """One row."""
    numbers = (plain(found.value), plain(found.low), plain(found.high), str(found.n))
    why = why_words(found.why, "en") if isinstance(found, Row) else found.why_text
    above, below = (*(plain(one.value) for one in found.parts[:2]), "", "")[:2]
    return (of.kpi, of.name, name, of.unit, *numbers, why, above, below, " ".join(of.notes_text) if not name else "")


def plain(value: float | None) -> str:
    """A number as programs read it; nothing for none."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def as_csv(report: KpiReport) -> str:
    """The table as CSV (RFC 4180); texts that a spreadsheet would run as a formula begin with an apostrophe."""
    out = io.StringIO()
    csv.writer(out).writerows([[harmless(cell) for cell in line] for line in lines(report)])
    return out.getvalue()


def harmless(cell: str) -> str:
    """The same; with an apostrophe before what may be taken for a formula and is no number."""
    return f"'{cell}" if cell.startswith(DANGEROUS) and not is_number(cell) else cell


def is_number(cell: str) -> bool:
    """Whether a cell is a plain number: `-3.5` runs nothing."""
    try:
        float(cell)
    except ValueError:
        return False
    return cell.isascii() and cell == cell.strip() and "_" not in cell


def groups(report: KpiReport) -> Iterator[tuple[str, Sequence[Told]]]:
    """The figures by group, in order."""
    for group in dict.fromkeys(one.group for one in report.figures):
        yield group, [one for one in report.figures if one.group == group]
