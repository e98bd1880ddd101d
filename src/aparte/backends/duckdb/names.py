"""Whole numbers for the names of events: comparing one is quicker than comparing a text, over millions of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from aparte.backends.duckdb.columns import insert
from aparte.backends.duckdb.connection import Connection

NOBODYS = -1
"""Stands for a name that no event has."""


def codes_of(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """What stands for each of these names in `event.code`; those that no event ever had are not in it."""
    asked = "SELECT name, code FROM event_name SEMI JOIN (SELECT unnest(?::VARCHAR[]) AS name) USING (name)"
    return dict(connection.execute(asked, [list(names)]).fetchall())


def coded(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """What stands for each of these names from now on.

    New ones get the next numbers, in the order in which they are told, so that the same log gives the same numbers.
    """
    known = codes_of(connection, names)
    [(count,)] = connection.execute("SELECT count(*) FROM event_name").fetchall()
    fresh = {name: code for code, name in enumerate((one for one in names if one not in known), count)}
    if fresh:
        insert(connection, "event_name", [(code, name) for name, code in fresh.items()])
    return known | fresh
