"""What each command does to the database, within the transaction that the writer has begun."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import msgspec
from msgspec.structs import astuple

from aparte.attribution.orders import first_told, told_again
from aparte.attribution.store import RecordOrder, RecordRefund
from aparte.backends.sqlite import colleagues, coupons, desk, library, outbox, outside, staff, targeting, work, wrapping
from aparte.backends.sqlite.alarms import HANDLERS as ALARMS
from aparte.backends.sqlite.contracts import HANDLERS as CONTRACTS
from aparte.backends.sqlite.report_mails import HANDLERS as REPORT_MAILS
from aparte.backends.sqlite.rows import (
    CONVERSATION,
    DECISION,
    ENTRY,
    ORDER,
    conversation_changes,
    conversation_of,
    conversation_row,
    decision_row,
    entry_of,
    order_of,
    order_row,
)
from aparte.backends.sqlite.scenarios import HANDLERS as SCENARIOS
from aparte.backends.sqlite.talking import Lines
from aparte.conversations.apply import CHANGES, append
from aparte.conversations.model import Conversation, Entry
from aparte.conversations.store import (
    Appended,
    AppendEntry,
    CloseConversation,
    OpenConversation,
    Refused,
)
from aparte.engagements.store import MoveInvitation, OfferInvitation, RecordDecision
from aparte.kit.money import to_millionths
from aparte.sessions.store import SaveCheckpoint
from aparte.sites.store import EndSignIn, SavePicture, SaveSignIn, SaveSite, SaveStaff
from aparte.tracking.store import AppendLog, CountMessages, KeepQuarantined, Logged

TOGETHER = 64
"""Rows of one INSERT at most: SQLite keeps as many of each statement as there are numbers of rows."""
LOOKED_AFTER = 256
"""Lines after which it is looked whether the trail is to be written on."""
BLOCK = 4096
"""Lines of the log after which the trail of visitors is written on."""
QUARANTINE_KEPT = 100
Tally = Counter[tuple[str, str, str]]
REFUSALS = {
    "conversation.site, conversation.visitor": "already_open",
    "slot.agent, slot.n": "slot_taken",
    "staff.email": "email_taken",
    "canned_reply.site, canned_reply.language, canned_reply.skill, canned_reply.shortcut": "shortcut_taken",
    "site.public_key": "key_taken",
    "coupon_code.code": "code_taken",
}


def inserting(table: str, columns: Sequence[str], rest: str = "") -> str:
    """INSERT of one row."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) {rest}"


def saving(table: str, key: Sequence[str], others: Sequence[str]) -> str:
    """INSERT of one row, or UPDATE of the one with its key; another row is never pushed out, as REPLACE would do."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    return inserting(table, (*key, *others), f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}")


@lru_cache(maxsize=256)
def updating(table: str, columns: tuple[str, ...]) -> str:
    """UPDATE of some columns of the row with this id."""
    return f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in columns)} WHERE id = ?"


@lru_cache(maxsize=256)
def times(statement: str, count: int) -> str:
    """An INSERT of one row as one of so many rows."""
    before, values, after = statement.partition("VALUES ")
    row, end, rest = after.partition(")")
    return f"{before}{values}{', '.join([row + end] * count)}{rest}"


ADD_LOG = inserting("log", Logged.__struct_fields__)
ADD_DECISION = inserting("decision", DECISION)
ADD_COUNT = inserting(
    "message_count",
    ("site", "what", "reason", "n"),
    "ON CONFLICT (site, what, reason) DO UPDATE SET n = n + excluded.n",
)
ADD_QUARANTINED = inserting("quarantine", KeepQuarantined.__struct_fields__)
TRIM_QUARANTINE = """DELETE FROM quarantine WHERE site = ?1 AND reason = ?2 AND id <= (
    SELECT id FROM quarantine WHERE site = ?1 AND reason = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)"""
ADD_INVITATION = inserting("invitation", (*OfferInvitation.__struct_fields__, "moved_at"))
MOVE_INVITATION = """UPDATE invitation SET state = ?2, moved_at = ?3, shown_at = iif(?2 = 'shown', ?3, shown_at)
    WHERE engagement = ?1 AND state <> ?2 AND ?2 <> 'offered'
    AND (state IN ('offered', 'shown') OR (state = 'revoked' AND ?2 = 'accepted'))"""
ADD_CONVERSATION = inserting("conversation", CONVERSATION)
GET_CONVERSATION = f"SELECT {', '.join(CONVERSATION)} FROM conversation WHERE id = ?"
ADD_ENTRY = inserting("entry", ENTRY)
GET_ENTRY = f"SELECT {', '.join(ENTRY)} FROM entry WHERE conv = ? AND author = ? AND cid = ? AND cid <> ''"
GET_ORDER = f"SELECT {', '.join(ORDER)}, 0 FROM shop_order WHERE site = ? AND order_id = ?"
SAVE_ORDER = saving("shop_order", ORDER[:2], ORDER[2:])
REFUND = ("site", "order_id", "message_id", "at", "amount", "confirmed")
ADD_REFUND = inserting("refund", REFUND, "ON CONFLICT (site, message_id) DO NOTHING")
SAVE_VISITOR = saving("visitor", ("site", "visitor"), ("seq", "summary", "session"))
SAVE_SITE_STATE = saving("site_state", ("site",), ("state",))
SAVE_CHECKPOINT = saving("checkpoint", ("one",), ("seq",))
SAVE_SITE = saving("site", ("id",), ("public_key", "data"))
SAVE_STAFF = saving("staff", ("id",), ("site", "email", "data"))
SAVE_SIGN_IN = saving("sign_in", ("token_hash",), ("staff", "created_at", "seen_at", "about"))
LAST_SEQ = "SELECT max(coalesce((SELECT max(seq) FROM log), 0), coalesce((SELECT seq FROM checkpoint), 0))"


class Execution:
    """The commands of one group. Counts of messages are summed here and written once, at the end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection, self.run = connection, connection.execute
        self.tally: Tally = Counter()
        self.looking = False
        self.rows = 0

    def one(self, command: object) -> Any:
        """Execute a command; its result, which may be Refused. Counts of messages are taken by `count`."""
        try:
            handler = HANDLERS[type(command)]
        except KeyError:
            raise TypeError(f"a store knows no {type(command).__name__}") from None
        self.rows += 1
        return handler(self, command)

    def insert(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows, many with each statement.

        The lock of the interpreter is let go and fought for again around every statement, and `executemany` is a
        statement for each row: on a busy loop that costs more than the rows.
        """
        for start in range(0, len(rows), TOGETHER):
            part = rows[start : start + TOGETHER]
            self.run(times(statement, len(part)), tuple(chain.from_iterable(part)))

    def append_log(self, command: AppendLog) -> Refused | None:
        """Append lines of the log."""
        return self.append_lines([command])

    def append_lines(self, commands: Sequence[AppendLog]) -> Refused | None:
        """Append the lines of several commands, in their order, at once."""
        before = last = int(self.run(LAST_SEQ).fetchall()[0][0])
        lines = [line for command in commands for line in command.rows]
        for command in commands:
            numbers = [line.seq for line in command.rows]
            if numbers and (numbers[0] <= last or numbers != list(range(numbers[0], numbers[0] + len(numbers)))):
                return Refused("out_of_order")
            last = numbers[-1] if numbers else last
        self.insert(ADD_LOG, [astuple(line) for line in lines])
        self.rows += len(lines)
        self.looking |= before // LOOKED_AFTER != last // LOOKED_AFTER
        return None

    def record_decision(self, command: RecordDecision) -> None:
        """Keep a decision."""
        self.record_decisions([command])

    def record_decisions(self, commands: Sequence[RecordDecision]) -> None:
        """Keep several decisions at once."""
        self.insert(ADD_DECISION, [decision_row(one) for one in commands])

    def count(self, commands: Sequence[object]) -> None:
        """Take the counts of a list that has been executed."""
        for command in commands:
            if type(command) is CountMessages:
                add_counts(self.tally, command)

    def finish(self) -> None:
        """Write what is written once a group."""
        if self.tally:
            self.insert(ADD_COUNT, [(*key, n) for key, n in sorted(self.tally.items())])
        if self.looking:
            self.extend_trail()

    def extend_trail(self) -> None:
        """Write the next block of the trail when enough lines have come."""
        [(done,)] = self.run("SELECT coalesce(max(last), 0) FROM trail_block").fetchall()
        [(last,)] = self.run("SELECT coalesce(max(seq), 0) FROM log").fetchall()
        if last - done < BLOCK:
            return
        self.run("INSERT INTO trail_block VALUES (?)", (last,))
        self.run(
            "INSERT INTO trail SELECT ?2, visitor, seq FROM log "
            "WHERE seq > ?1 AND seq <= ?2 AND visitor <> '' ORDER BY visitor, seq",
            (done, last),
        )

    def keep_quarantined(self, command: KeepQuarantined) -> None:
        """Keep an excerpt, and let the oldest of its kind go."""
        self.run(ADD_QUARANTINED, astuple(command))
        self.run(TRIM_QUARANTINE, (command.site, command.reason, QUARANTINE_KEPT))

    def offer_invitation(self, command: OfferInvitation) -> None:
        """An invitation begins."""
        self.run(ADD_INVITATION, (*astuple(command), command.at))

    def move_invitation(self, command: MoveInvitation) -> None:
        """An invitation goes on, unless it has ended."""
        self.run(MOVE_INVITATION, astuple(command))

    def record_order(self, command: RecordOrder) -> None:
        """Keep an order, or what a further telling makes of it."""
        found = self.run(GET_ORDER, (command.site, command.order_id)).fetchall()
        order = told_again(order_of(found[0]), command) if found else first_told(command)
        self.run(SAVE_ORDER, order_row(order))

    def record_refund(self, command: RecordRefund) -> None:
        """Keep a refund, once."""
        amount = None if command.amount is None else max(0, to_millionths(command.amount))
        head = (command.site, command.order_id, command.message_id, command.at)
        self.run(ADD_REFUND, (*head, amount, command.confirmed))

    def save_checkpoint(self, command: SaveCheckpoint) -> None:
        """Keep summaries of visitors and states of sites."""
        kept = sorted((one.site, one.visitor, one.seq, one.summary, one.session) for one in command.visitors)
        self.insert(SAVE_VISITOR, kept)
        self.insert(SAVE_SITE_STATE, sorted(command.sites.items()))
        self.run(SAVE_CHECKPOINT, (1, command.seq))
        self.rows += len(kept)

    def conversation(self, conv: str) -> Conversation | None:
        """As it stands in this transaction."""
        found = self.run(GET_CONVERSATION, (conv,)).fetchall()
        return conversation_of(found[0]) if found else None

    def change(self, command: Any, *more: str) -> Conversation | Refused:
        """Keep what a command makes of its conversation."""
        before = self.conversation(command.conv)
        if before is None:
            return Refused("unknown")
        after = CHANGES[type(command)](before, command, *more)
        if not isinstance(after, Refused) and after is not before:
            self.keep(before, after)
        return after

    def keep(self, before: Conversation, after: Conversation) -> None:
        """Write what has changed of a conversation."""
        changed = conversation_changes(before, after)
        if changed:
            self.run(updating("conversation", tuple(changed)), (*changed.values(), after.id))

    def open_conversation(self, command: OpenConversation) -> None:
        """A conversation begins."""
        self.run(ADD_CONVERSATION, conversation_row(command.conversation))

    def append_entry(self, command: AppendEntry) -> Appended | Refused:
        """A line of a transcript."""
        conversation = self.conversation(command.conv)
        if conversation is None:
            return Refused("unknown")
        grown = append(conversation, command, self.first_entry(command))
        if isinstance(grown, Appended | Refused):
            return grown
        after, entry = grown
        self.keep(conversation, after)
        self.run(ADD_ENTRY, astuple(entry))
        return Appended(entry)

    def append_entries(self, commands: Sequence[AppendEntry]) -> list[Appended | Refused]:
        """The lines of several lists, each a list of its own: what is refused of one leaves the others alone."""
        lines = Lines(self.connection, commands)
        results = [lines.add(command) for command in commands]
        self.insert(ADD_ENTRY, [astuple(entry) for entry in lines.entries])
        for statement, values in lines.heads():
            self.run(statement, values)
        self.rows += sum(isinstance(one, Appended) for one in results)
        return results

    def first_entry(self, command: AppendEntry) -> Entry | None:
        """What this author has already written with this cid."""
        found = command.cid and self.run(GET_ENTRY, (command.conv, command.author, command.cid)).fetchall()
        return entry_of(found[0]) if found else None

    def close_conversation(self, command: CloseConversation) -> Conversation | Refused:
        """Closed, and its slot free."""
        self.run("DELETE FROM slot WHERE conv = ?", (command.conv,))
        return self.change(command)

    def save_site(self, command: SaveSite) -> None:
        """Insert or change a site."""
        site = command.site
        self.run(SAVE_SITE, (site.id, site.public_key, msgspec.json.encode(site).decode()))

    def save_staff(self, command: SaveStaff) -> None:
        """Insert or change a member of staff."""
        one = command.staff
        self.run(SAVE_STAFF, (one.id, one.site, one.email.casefold(), msgspec.json.encode(one).decode()))

    def save_picture(self, command: SavePicture) -> None:
        """Keep a picture; its name says what is in it."""
        self.run("INSERT OR IGNORE INTO picture (hash, media, body) VALUES (?, ?, ?)", astuple(command.picture))

    def save_sign_in(self, command: SaveSignIn) -> None:
        """Insert or change a session of the console."""
        self.run(SAVE_SIGN_IN, astuple(command.sign_in))

    def end_sign_in(self, command: EndSignIn) -> None:
        """End a session of the console."""
        self.run("DELETE FROM sign_in WHERE token_hash = ?", (command.token_hash,))


def add_counts(tally: Tally, command: CountMessages) -> None:
    """Add one command to the sums."""
    site = command.site
    tally[site, "received", ""] += command.received
    tally[site, "accepted", ""] += command.accepted
    tally[site, "duplicate", ""] += command.duplicate
    for what, reasons in (("quarantined", command.quarantined), ("refused", command.refused)):
        for reason, n in reasons.items():
            tally[site, what, reason] += n


REFUSED = (sqlite3.IntegrityError, sqlite3.DataError, OverflowError, UnicodeEncodeError)
"""What is raised for a broken constraint, and for a value that no database holds; it concerns one list only."""


def refusal(error: Exception) -> Refused:
    """The word for it."""
    if not isinstance(error, sqlite3.IntegrityError):
        return Refused("unstorable")
    return Refused(REFUSALS.get(str(error).rpartition(": ")[2], "constraint"))


Handler = Callable[[Execution, Any], Any]
HANDLERS: dict[type, Handler] = {
    AppendLog: Execution.append_log,
    CountMessages: lambda execution, command: None,
    KeepQuarantined: Execution.keep_quarantined,
    RecordDecision: Execution.record_decision,
    OfferInvitation: Execution.offer_invitation,
    MoveInvitation: Execution.move_invitation,
    RecordOrder: Execution.record_order,
    RecordRefund: Execution.record_refund,
    SaveCheckpoint: Execution.save_checkpoint,
    OpenConversation: Execution.open_conversation,
    AppendEntry: Execution.append_entry,
    **dict.fromkeys(CHANGES, Execution.change),
    CloseConversation: Execution.close_conversation,
    SavePicture: Execution.save_picture,
    SaveSite: Execution.save_site,
    SaveStaff: Execution.save_staff,
    SaveSignIn: Execution.save_sign_in,
    EndSignIn: Execution.end_sign_in,
    **targeting.HANDLERS,
    **desk.HANDLERS,
    **outside.HANDLERS,
    **wrapping.HANDLERS,
    **colleagues.HANDLERS,
    **coupons.HANDLERS,
    **work.HANDLERS,
    **staff.HANDLERS,
    **outbox.HANDLERS,
    **library.HANDLERS,
    **CONTRACTS,
    **ALARMS,
    **REPORT_MAILS,
    **SCENARIOS,
}
