"""What can be read: always as of the last commit, beside the writer and without waiting for it."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from aparte.attribution.store import Order
from aparte.backends.sqlite.alarms import AlarmRows
from aparte.backends.sqlite.colleagues import ColleagueRows
from aparte.backends.sqlite.contracts import ContractRows
from aparte.backends.sqlite.coupons import CouponRows
from aparte.backends.sqlite.desk import DeskReader
from aparte.backends.sqlite.execute import LAST_SEQ
from aparte.backends.sqlite.library import LibraryRows
from aparte.backends.sqlite.outbox import OutboxRows
from aparte.backends.sqlite.outside import OutsideReader
from aparte.backends.sqlite.report_mails import ReportMailRows
from aparte.backends.sqlite.rows import (
    CONVERSATION,
    DECISION,
    ENTRY,
    MOST_OF_A_LINE,
    ORDER,
    Row,
    conversation_of,
    decision_of,
    entry_of,
    invitation_of,
    order_of,
)
from aparte.backends.sqlite.scenarios import ScenarioRows
from aparte.backends.sqlite.schema import Connection, connect
from aparte.backends.sqlite.staff import StaffReader
from aparte.backends.sqlite.targeting import CampaignRows
from aparte.backends.sqlite.work import WorkReader
from aparte.backends.sqlite.wrapping import WrappingReader
from aparte.conversations.model import Conversation, Entry
from aparte.conversations.store import PastConversation, TakeSlot
from aparte.engagements.store import Invitation, RecordDecision
from aparte.kit.errors import Unavailable
from aparte.sessions.store import KeptVisitor
from aparte.sites.model import Picture, SignIn, Site, Staff
from aparte.tracking.store import CountMessages, KeepQuarantined, Logged

PAGE = 1000
"""Rows of an iterator that are read at once: no read lasts so long that SQLite's own log could not be emptied."""
BACK = 3_600_000
"""A clock may have been put back by so much while lines were written."""

LOG = f"SELECT {', '.join(Logged.__struct_fields__)} FROM log"
LOG_PAGE = f"{LOG} WHERE seq > :after AND (:site IS NULL OR site = :site) ORDER BY seq LIMIT :page"
LOG_OF_VISITOR = (
    f"{LOG} WHERE seq > :after AND visitor = :visitor AND (:site IS NULL OR site = :site) ORDER BY seq LIMIT :page"
)
TRAIL = f"""SELECT {", ".join(f"log.{name}" for name in Logged.__struct_fields__)} FROM trail_block
    CROSS JOIN trail ON trail.block = trail_block.last AND trail.visitor = :visitor AND trail.seq > :after
    CROSS JOIN log ON log.seq = trail.seq
    WHERE trail_block.last > :after AND (:site IS NULL OR log.site = :site)
    ORDER BY trail_block.last, trail.seq LIMIT :page"""
FIRST_FROM = "SELECT seq, received_at FROM log WHERE seq >= ? ORDER BY seq LIMIT 1"
IDS = """SELECT seq, site, message_id, received_at FROM log
    WHERE seq > ? ORDER BY seq LIMIT ?"""
DECISIONS = f"SELECT {', '.join(DECISION)} FROM decision"
CONVERSATIONS = f"SELECT {', '.join(CONVERSATION)} FROM conversation"
ENTRIES = f"SELECT {', '.join(ENTRY)} FROM entry"
VISITORS = "SELECT site, visitor, seq, summary, session FROM visitor"
ORDERS = f"""SELECT {", ".join(ORDER)}, min(total, cast((
        SELECT total(coalesce(refund.amount, shop_order.total)) FROM refund
        WHERE refund.site = shop_order.site AND refund.order_id = shop_order.order_id
        AND refund.confirmed >= shop_order.confirmed) AS INTEGER))
    FROM shop_order WHERE site = ? AND (at, order_id) > (?, ?) ORDER BY at, order_id LIMIT ?"""
INVITATIONS = "SELECT rowid, engagement, visitor, campaign, rule, at, state, shown_at, moved_at FROM invitation"
PAST_CONVERSATIONS = """SELECT rowid, id, visitor, opened_at,
        (SELECT min(ts) FROM entry WHERE conv = conversation.id AND by = 'agent' AND kind = 'text'),
        coalesce(closed_at, (SELECT max(ts) FROM entry WHERE conv = conversation.id), opened_at), crossover
    FROM conversation WHERE site = ? AND rowid > ? ORDER BY rowid LIMIT ?"""


class SqliteReader(
    CampaignRows,
    DeskReader,
    OutsideReader,
    WorkReader,
    WrappingReader,
    CouponRows,
    ColleagueRows,
    StaffReader,
    OutboxRows,
    LibraryRows,
    ContractRows,
    AlarmRows,
    ReportMailRows,
    ScenarioRows,
):
    """The readers of aparte.engine.ports.Store. Each thread reads through a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.local()
        self._all: weakref.WeakSet[Connection] = weakref.WeakSet()

    def close(self) -> None:
        """Let the file go; whoever still reads in another thread must have ended."""
        for connection in list(self._all):
            connection.close()
        self._own = threading.local()

    def _rows(self, sql: str, values: Any = ()) -> list[Row]:
        """All rows at once, so that no read stays open."""
        try:
            return self._connection().execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise Unavailable(f"the database cannot be read: {error}", where=str(self._path)) from None

    def _connection(self) -> Connection:
        own: Connection | None = getattr(self._own, "connection", None)
        if own is None:
            own = self._own.connection = connect(self._path, write=False)
            self._all.add(own)
        return own

    # the log

    def last_seq(self) -> int:
        """See LogReader."""
        return int(self._rows(LAST_SEQ)[0][0])

    def log(self, after: int = 0, site: str | None = None, visitor: str | None = None) -> Iterator[Logged]:
        """See LogReader."""
        if visitor is not None:
            [(indexed,)] = self._rows("SELECT coalesce(max(last), 0) FROM trail_block")
            for line in self._lines(TRAIL, after, site, visitor):
                after = line.seq
                yield line
            yield from self._lines(LOG_OF_VISITOR, max(after, indexed), site, visitor)
        else:
            yield from self._lines(LOG_PAGE, after, site, None)

    def _lines(self, sql: str, after: int, site: str | None, visitor: str | None) -> Iterator[Logged]:
        page = [Logged(after, "", 0, 0, "", "", "", "", b"")]
        while page:
            asked = {"after": page[-1].seq, "site": site, "visitor": visitor, "page": PAGE}
            page = [Logged(*row) for row in self._rows(sql, asked)]
            yield from page

    def recent_ids(self, since: int) -> Iterator[tuple[str, str, int]]:
        """See LogReader."""
        after = self._before(since - BACK)
        while page := self._rows(IDS, (after, PAGE)):
            after = page[-1][0]
            for _, site, message_id, received_at in page:
                if message_id and received_at > since:
                    yield site, message_id, received_at

    def _before(self, moment: int) -> int:
        """A place in the log before the lines that arrived at this moment, found by halving."""
        low, high = 0, self.last_seq()
        while low < high:
            middle = (low + high) // 2
            found = self._rows(FIRST_FROM, (middle + 1,))
            if found and found[0][1] <= moment:
                low = found[0][0]
            else:
                high = middle
        return low

    def counts(self, site: str) -> CountMessages:
        """See LogReader."""
        rows = self._rows("SELECT what, reason, n FROM message_count WHERE site = ?", (site,))
        sums = {what: n for what, reason, n in rows if not reason}
        quarantined, refused = (
            {reason: n for kind, reason, n in rows if kind == what and n} for what in ("quarantined", "refused")
        )
        return CountMessages(
            site, sums.get("received", 0), sums.get("accepted", 0), sums.get("duplicate", 0), quarantined, refused
        )

    def quarantined(self, site: str, limit: int = 1000) -> list[KeepQuarantined]:
        """Excerpts of what was not accepted, the youngest first."""
        sql = (
            "SELECT site, received_at, reason, detail, excerpt FROM quarantine WHERE site = ? ORDER BY id DESC LIMIT ?"
        )
        return [KeepQuarantined(*row) for row in self._rows(sql, (site, limit))]

    # visitors at rest

    def checkpoint(self) -> tuple[int, dict[str, bytes]]:
        """See CheckpointReader."""
        found = self._rows("SELECT seq FROM checkpoint")
        return (found[0][0] if found else 0), dict(self._rows("SELECT site, state FROM site_state ORDER BY site"))

    def open_visitors(self) -> Iterator[KeptVisitor]:
        """See CheckpointReader."""
        last = 0
        sql = (
            "SELECT rowid, site, visitor, seq, summary, session FROM visitor "
            "WHERE session IS NOT NULL AND rowid > ? ORDER BY rowid LIMIT ?"
        )
        while page := self._rows(sql, (last, PAGE)):
            last = page[-1][0]
            yield from (KeptVisitor(*row[1:]) for row in page)

    def visitor(self, site: str, visitor: str) -> KeptVisitor | None:
        """See CheckpointReader."""
        found = self._rows(f"{VISITORS} WHERE site = ? AND visitor = ?", (site, visitor))
        return KeptVisitor(*found[0]) if found else None

    # engagements

    def decisions(self, site: str | None = None, after: int = 0) -> Iterator[RecordDecision]:
        """See EngagementReader."""
        last = (after + 1) * MOST_OF_A_LINE - 1
        sql = f"{DECISIONS} WHERE place > :last AND (:site IS NULL OR site = :site) ORDER BY place LIMIT :page"
        while page := self._rows(sql, {"last": last, "site": site, "page": PAGE}):
            last = page[-1][0]
            yield from map(decision_of, page)

    def decisions_of(self, site: str, visitor: str, limit: int = 50) -> list[RecordDecision]:
        """See EngagementReader."""
        sql = f"{DECISIONS} WHERE site = ? AND visitor = ? ORDER BY place DESC LIMIT ?"
        return [decision_of(row) for row in self._rows(sql, (site, visitor, limit))]

    def invitations(self, site: str) -> Iterator[Invitation]:
        """See InvitationReader."""
        last = 0
        sql = f"{INVITATIONS} WHERE site = ? AND rowid > ? ORDER BY rowid LIMIT ?"
        while page := self._rows(sql, (site, last, PAGE)):
            last = page[-1][0]
            yield from (invitation_of(*row[1:]) for row in page)

    # conversations

    def past_conversations(self, site: str) -> Iterator[PastConversation]:
        """See ConversationHistory."""
        last = 0
        while page := self._rows(PAST_CONVERSATIONS, (site, last, PAGE)):
            last = page[-1][0]
            for _, id_, visitor, opened_at, answered_at, last_at, crossover in page:
                yield PastConversation(
                    id=id_,
                    visitor=visitor,
                    opened_at=opened_at,
                    answered_at=answered_at,
                    last_at=last_at,
                    crossover=bool(crossover),
                )

    def epoch(self) -> str:
        """See ConversationReader."""
        return str(self._rows("SELECT value FROM meta WHERE name = 'epoch'")[0][0])

    def conversation(self, conv: str) -> Conversation | None:
        """See ConversationReader."""
        found = self._rows(f"{CONVERSATIONS} WHERE id = ?", (conv,))
        return conversation_of(found[0]) if found else None

    def open_conversations(self, site: str) -> list[Conversation]:
        """See ConversationReader."""
        sql = f"{CONVERSATIONS} WHERE site = ? AND state <> 'closed' ORDER BY opened_at, rowid"
        return [conversation_of(row) for row in self._rows(sql, (site,))]

    def conversations_of(self, site: str, visitor: str, limit: int = 20) -> list[Conversation]:
        """See ConversationReader."""
        sql = f"{CONVERSATIONS} WHERE site = ? AND visitor = ? ORDER BY opened_at DESC, rowid DESC LIMIT ?"
        return [conversation_of(row) for row in self._rows(sql, (site, visitor, limit))]

    def entries(self, conv: str, after: int = 0, limit: int = 200) -> list[Entry]:
        """See ConversationReader."""
        sql = f"{ENTRIES} WHERE conv = ? AND seq > ? ORDER BY seq LIMIT ?"
        return [entry_of(row) for row in self._rows(sql, (conv, after, limit))]

    def last_entries(self, conv: str, before: int | None = None, limit: int = 200) -> list[Entry]:
        """See ConversationReader."""
        sql = f"{ENTRIES} WHERE conv = :conv AND (:before IS NULL OR seq < :before) ORDER BY seq DESC LIMIT :limit"
        rows = self._rows(sql, {"conv": conv, "before": before, "limit": limit})
        return [entry_of(row) for row in reversed(rows)]

    def slots(self, site: str) -> list[TakeSlot]:
        """See ConversationReader."""
        sql = (
            "SELECT slot.agent, slot.n, slot.conv FROM slot JOIN conversation ON conversation.id = slot.conv "
            "WHERE conversation.site = ? ORDER BY slot.agent, slot.n"
        )
        return [TakeSlot(*row) for row in self._rows(sql, (site,))]

    # orders

    def orders(self, site: str) -> Iterator[Order]:
        """See OrderReader."""
        last: tuple[int, str] = (-(1 << 62), "")
        while page := self._rows(ORDERS, (site, *last, PAGE)):
            last = page[-1][3], page[-1][1]
            yield from map(order_of, page)

    # sites

    def sites(self) -> list[Site]:
        """See SiteReader."""
        return [msgspec.json.decode(data, type=Site) for (data,) in self._rows("SELECT data FROM site ORDER BY id")]

    def staff(self, site: str) -> list[Staff]:
        """See SiteReader."""
        sql = "SELECT data FROM staff WHERE site = ? ORDER BY id"
        return [msgspec.json.decode(data, type=Staff) for (data,) in self._rows(sql, (site,))]

    def picture(self, hash_: str) -> Picture | None:
        """See SiteReader."""
        rows = self._rows("SELECT hash, media, body FROM picture WHERE hash = ?", (hash_,))
        return Picture(*rows[0]) if rows else None

    def sign_ins(self) -> list[SignIn]:
        """See SiteReader."""
        names = SignIn.__struct_fields__
        rows = self._rows(f"SELECT {', '.join(names)} FROM sign_in ORDER BY token_hash")
        return [SignIn(**dict(zip(names, row, strict=True))) for row in rows]
