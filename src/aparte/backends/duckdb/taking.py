"""What is taken from the log: lines and decisions into rows, each once, whatever the order in which they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from aparte.attribution.ledger import Line, Return, Telling
from aparte.attribution.reading import digest, event_row, line_key, order_of, visitor_key
from aparte.backends.duckdb.columns import insert
from aparte.backends.duckdb.connection import Connection
from aparte.backends.duckdb.names import coded
from aparte.engagements.store import RecordDecision
from aparte.kit.days import Calendar
from aparte.tracking.store import Logged

NEW = "ANTI JOIN {table} known ON told.site = known.site AND told.key = known.key"
Row = tuple[Any, ...]


class Kept(Struct, frozen=True):
    """What is known of a site while its lines are read."""

    currency: str
    calendar: Calendar


class OfferOf(Struct):
    """The part of an invitation's offer that facts are made of."""

    skill: str | None = None
    channel: str | None = None


class Decided(Struct):
    """The part of a decision's line that facts are made of."""

    merged: bool = False
    offer: OfferOf | None = None


class OfferedByHand(Struct):
    """The part of an invitation by hand that facts are made of."""

    engagement: str
    skill: str | None = None
    channel: str = "chat"


class Published(Struct):
    """The part of a publication that facts are made of."""

    version: int


decided = msgspec.json.Decoder(Decided).decode
offered = msgspec.json.Decoder(OfferedByHand).decode
published = msgspec.json.Decoder(Published).decode


def take_lines(connection: Connection, lines: Sequence[Logged], sites: Mapping[str, Kept]) -> None:
    """Events, orders, publications and invitations by hand, as far as they are new; and who is touched by them."""
    ours = [one for one in once(lines) if one.site in sites]
    events = [row for one in ours if (row := event_row(one)) is not None]
    codes = coded(connection, dict.fromkeys(row[5] for row in events))
    keep_new(connection, "event", [event_values(row, codes, sites[row[0]]) for row in events], TOUCH_VISITOR)
    remember(connection, {(row[0], row[1]) for row in events})
    orders = [row for one in ours if (row := order_values(one, sites[one.site])) is not None]
    keep_new(connection, "order_told", orders, TOUCH_ORDER)
    by_hand = [by_hand_values(one) for one in ours if one.kind == "InvitationOffered"]
    keep_new(connection, "by_hand", by_hand)
    remember(connection, {(one.site, one.visitor) for one in ours if one.kind == "InvitationOffered"})
    versions = [publication_values(one) for one in ours if one.kind == "CampaignPublished"]
    keep_new(connection, "publication", versions)


TOUCH_VISITOR = "INSERT INTO touched_visitor SELECT DISTINCT site, visitor FROM fresh"
TOUCH_ORDER = "INSERT INTO touched_order SELECT DISTINCT site, order_id FROM fresh"


def once(lines: Iterable[Logged]) -> Iterator[Logged]:
    """The lines, without those that say again what one before them has said."""
    seen: set[int] = set()
    for line in lines:
        key = line_key(line)
        if key not in seen:
            seen.add(key)
            yield line


def keep_new(connection: Connection, table: str, rows: Sequence[Row], then: str = "") -> None:
    """Insert the rows whose key the table does not know yet; `then` may look at them as `fresh`."""
    if not rows:
        return
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS FROM {table} LIMIT 0")
    insert(connection, "fresh", rows, NEW.format(table=table))
    connection.execute(f"INSERT INTO {table} FROM fresh")
    if then:
        connection.execute(then)
    connection.execute("DROP TABLE fresh")


def remember(connection: Connection, visitors: set[tuple[str, str]]) -> None:
    """Which number is which visitor."""
    rows = [(site, visitor_key(site, visitor), visitor) for site, visitor in visitors]
    if rows:
        insert(
            connection, "visitor", rows,
            "ANTI JOIN visitor known ON told.site = known.site AND told.visitor = known.visitor",
        )  # fmt: skip


def event_values(row: Row, codes: Mapping[str, int], kept: Kept) -> Row:
    """A row of `event`."""
    site, visitor, at, place, key, name, path, bot, detail, *where = row
    day = kept.calendar.day_of(at)
    return (
        site,
        visitor_key(site, visitor),
        None,
        None,
        None,
        at,
        place,
        day,
        name,
        codes[name],
        path,
        bot,
        detail,
        key,
        *where,
    )


def order_values(line: Logged, kept: Kept) -> Row | None:
    """A row of `order_told`."""
    one = order_of(line, kept.currency)
    if one is None:
        return None
    if isinstance(one, Return):
        told: Row = (None, one.at, one.received_at, one.confirmed, one.amount, None, None, None, None, True)
    else:
        lines = msgspec.json.encode(one.lines).decode()
        sums = (one.total, one.revenue, one.currency, one.discount)
        told = (one.visitor, one.at, one.received_at, one.confirmed, *sums, lines, False)
    return (line.site, one.order_id, one.key, *told)


def telling_of(row: Row) -> Telling | Return:
    """The telling in a row of `order_told`, but for its site."""
    order_id, key, visitor, at, received_at, confirmed, total, revenue, currency, discount, lines, returned = row
    known = {"order_id": order_id, "key": key, "at": at, "received_at": received_at, "confirmed": confirmed}
    if returned:
        return Return(**known, amount=total)
    found = msgspec.json.decode(lines, type=tuple[Line, ...])
    sums = {"total": total, "revenue": revenue, "currency": currency, "discount": discount}
    return Telling(**known, visitor=visitor, **sums, lines=found)


def by_hand_values(line: Logged) -> Row:
    """A row of `by_hand`."""
    one = offered(line.line)
    visitor = visitor_key(line.site, line.visitor)
    return (line.site, line_key(line), visitor, line.at, one.engagement, one.skill, one.channel)


def publication_values(line: Logged) -> Row:
    """A row of `publication`."""
    return (line.site, line_key(line), line.at, published(line.line).version)


def take_decisions(connection: Connection, decisions: Sequence[RecordDecision], sites: Mapping[str, Kept]) -> None:
    """Decisions, as far as they are new."""
    rows: dict[tuple[str, int], Row] = {}
    for one in decisions:
        if one.site in sites:
            row = decision_values(one)
            rows.setdefault((row[0], row[1]), row)
    keep_new(connection, "decision", list(rows.values()))
    remember(connection, {(one.site, one.visitor) for one in decisions if one.site in sites})


def decision_values(one: RecordDecision) -> Row:
    """A row of `decision`."""
    said = decided(one.line)
    offer = said.offer or OfferOf()
    key = digest(b"%b\0%b\0%b" % (one.engagement.encode(), one.rule.encode(), one.line))
    place = one.seq * 65_536 + one.n
    flags = (one.newly_eligible, one.newly_covered, one.newly_candidate, said.merged)
    return (
        one.site, key, visitor_key(one.site, one.visitor), one.at, place, one.session, one.engagement, one.campaign,
        one.rule, one.decision, one.detail, *flags, offer.skill, offer.channel,
    )  # fmt: skip
