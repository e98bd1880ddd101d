"""What records say now: invitations, conversations, staff. Few beside the events: they are written anew each time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from aparte.attribution.facts import Records
from aparte.attribution.reading import visitor_key
from aparte.backends.duckdb.columns import insert
from aparte.backends.duckdb.connection import Connection
from aparte.backends.duckdb.taking import Row
from aparte.conversations.model import Conversation, Entry
from aparte.kit.days import Calendar

TABLES = ("merged", "invitation", "talk", "agent", "lead_told", "request_told")


def rows_of(records: Records, calendar: Calendar) -> dict[str, list[Row]]:
    """What the records of one site say, in the rows of TABLES."""
    talks = [talk_row(one, calendar) for one in records.conversations]
    found: tuple[Iterable[Row], ...] = (
        merge_rows(records), invitation_rows(records), talks, agent_rows(records), lead_rows(records, calendar),
        request_rows(records, calendar),
    )  # fmt: skip
    return {table: list(rows) for table, rows in zip(TABLES, found, strict=True)}


def replace(connection: Connection, site: str, rows: dict[str, list[Row]]) -> None:
    """They take the place of what the records said."""
    for table, told in rows.items():
        connection.execute(f"DELETE FROM {table} WHERE site = ?", [site])
        insert(connection, table, told)


def merge_rows(records: Records) -> Iterable[Row]:
    """Rows of `merged`."""
    site = records.site.id
    return [(site, visitor_key(site, one), visitor_key(site, root)) for one, root in records.merges.items()]


def invitation_rows(records: Records) -> Iterable[Row]:
    """Rows of `invitation`."""
    site = records.site.id
    for one in records.invitations:
        visitor = visitor_key(site, one.visitor)
        yield site, one.engagement, visitor, one.at, one.state, one.shown_at, one.ended_at


def talk_row(one: Conversation, calendar: Calendar) -> Row:
    """A row of `talk`."""
    tags = msgspec.json.encode(one.tags).decode()
    visitor = visitor_key(one.site, one.visitor)
    who = (one.site, one.id, visitor, one.engagement, one.campaign, one.skill, one.agent or one.wrap_agent, one.channel)
    when = (one.language, one.state, one.opened_at, one.closed_at, one.wrapped_at)
    survey = (one.csat, one.nps, one.ces, one.solved)
    end = (one.wrap_code or None, one.wrap_reason or None, tags, one.crossover)
    return (*who, *when, *survey, *end, calendar.day_of(one.opened_at), one.head)


def agent_rows(records: Records) -> Iterable[Row]:
    """Rows of `agent`: what an hour of each costs, by his team."""
    costs = {one.id: one.cost_per_hour for one in records.teams}
    for one in records.staff:
        yield records.site.id, one.id, one.team or None, costs.get(one.team) or None


def lead_rows(records: Records, calendar: Calendar) -> Iterable[Row]:
    """Rows of `lead_told`."""
    site = records.site.id
    for one in records.leads:
        visitor = visitor_key(site, one.visitor) if one.visitor else None
        yield site, one.lead_id, visitor, one.at, calendar.day_of(one.at), one.confirmed


def request_rows(records: Records, calendar: Calendar) -> Iterable[Row]:
    """Rows of `request_told`."""
    site = records.site.id
    for one in records.requests:
        visitor = visitor_key(site, one.visitor)
        yield site, one.id, visitor, one.kind, one.created_at, one.done_at, calendar.day_of(one.created_at)


def missing(connection: Connection, site: str) -> dict[str, int]:
    """Conversations of which some entries are not here yet, with the last one that is."""
    sql = """SELECT talk.conversation, coalesce(max(seq), 0) AS last FROM talk LEFT JOIN entry USING (conversation)
        WHERE site = ? GROUP BY talk.conversation, head HAVING last < head ORDER BY talk.conversation"""
    return dict(connection.execute(sql, [site]).fetchall())


def entry_row(one: Entry) -> Row:
    """A row of `entry`; what was written is not in it."""
    return (one.conv, one.seq, one.by, one.kind, one.ts)


def add_entries(connection: Connection, entries: Iterable[Entry]) -> int:
    """Entries, each once; how many were told."""
    told: Any = "ANTI JOIN entry known ON told.conversation = known.conversation AND told.seq = known.seq"
    rows = {(one.conv, one.seq): entry_row(one) for one in entries}
    return insert(connection, "entry", rows.values(), told)


OF_A_VISITOR = (
    "event",
    "order_told",
    "decision",
    "by_hand",
    "invitation",
    "talk",
    "lead_told",
    "request_told",
    "merged",
)


def forget(connection: Connection, site: str, visitor: str, stand_in: str) -> None:
    """The facts of a visitor become those of a stand-in: the sums stay, and nothing leads back to him."""
    old, new = visitor_key(site, visitor), visitor_key(site, stand_in)
    for table in OF_A_VISITOR:
        connection.execute(f"UPDATE {table} SET visitor = ? WHERE site = ? AND visitor = ?", [new, site, old])
    connection.execute("UPDATE merged SET person = ? WHERE site = ? AND person = ?", [new, site, old])
    connection.execute("DELETE FROM session_kept WHERE site = ? AND visitor = ?", [site, old])
    connection.execute("DELETE FROM visitor WHERE site = ? AND visitor = ?", [site, old])
    connection.execute("INSERT INTO touched_visitor VALUES (?, ?)", [site, new])
    orders = "SELECT DISTINCT site, order_id FROM order_told WHERE site = ? AND visitor = ?"
    connection.execute(f"INSERT INTO touched_order {orders}", [site, new])
