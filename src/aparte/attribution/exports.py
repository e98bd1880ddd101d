"""Facts as files: which tables and columns, and CSV that no spreadsheet executes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias, get_args

from aparte.kit.errors import BadInput
from aparte.kit.tables import written_row

Table: TypeAlias = Literal[
    "engagement", "orders", "order_line", "refund", "left_out", "session", "event", "conversation", "lead", "request",
    "day",
]  # fmt: skip
Format: TypeAlias = Literal["parquet", "csv"]
TABLES: tuple[Table, ...] = get_args(Table)
FORMATS: tuple[Format, ...] = get_args(Format)
KINDS: Mapping[Format, str] = {"parquet": "application/vnd.apache.parquet", "csv": "text/csv"}
COLUMNS: Mapping[str, str] = {"event": "site, visitor, session_at, happened_at, place, day, name, path, bot, detail"}
"""Where not all columns are told."""
FIRST, LAST = date(1971, 1, 1), date(9000, 12, 31)
MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""


def question(site: str, table: Table, since: date, until: date) -> tuple[str, list[Any]]:
    """SELECT and its values: the rows of these days, both included, in an order of their own.

    Lines of orders are those of the orders of these days. No table that holds ids of visitors can be asked for: numbers
    stand for them.
    """
    values = [site, since, until]
    if table == "order_line":
        told = "SELECT l.* FROM order_line l SEMI JOIN (FROM orders WHERE site = ? AND day BETWEEN ? AND ?) o"
        return f"{told} ON l.site = o.site AND l.order_id = o.order_id ORDER BY ALL", values
    columns = COLUMNS.get(table, "*")
    return f"SELECT {columns} FROM {table} WHERE site = ? AND day BETWEEN ? AND ? ORDER BY ALL", values


def table_of(name: str) -> Table:
    """A table that may be exported; BadInput."""
    for known in TABLES:
        if known == name:
            return known
    raise BadInput(f"{name[:40]!r} is no table of facts", where="table", hint=f"choose one of {', '.join(TABLES)}")


def csv_pieces(columns: Sequence[str], portions: Iterable[Sequence[tuple[Any, ...]]]) -> Iterator[bytes]:
    """The file, portion by portion: times as milliseconds, booleans as true and false, unknown as nothing."""
    yield (MARK + written_row(columns)).encode()
    for rows in portions:
        yield "".join(written_row([plain(cell) for cell in row]) for row in rows).encode()


def plain(cell: Any) -> Any:
    """A value as a cell of CSV; texts are made harmless where they are written."""
    return ("true" if cell else "false") if isinstance(cell, bool) else cell
