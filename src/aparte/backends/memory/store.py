"""A store in memory, for tests, simulations and a server that shall forget: all guarantees but durability."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from aparte.attribution.orders import first_told, told_again
from aparte.attribution.store import RecordOrder, RecordRefund
from aparte.backends.memory import colleagues, coupons, desk, library, outbox, outside, staff, targeting, work, wrapping
from aparte.backends.memory.alarms import HANDLERS as ALARMS
from aparte.backends.memory.contracts import HANDLERS as CONTRACTS
from aparte.backends.memory.reader import MemoryReader
from aparte.backends.memory.report_mails import HANDLERS as REPORT_MAILS
from aparte.backends.memory.scenarios import HANDLERS as SCENARIOS
from aparte.conversations.apply import CHANGES, append
from aparte.conversations.model import Conversation
from aparte.conversations.store import (
    SURVEY,
    Appended,
    AppendEntry,
    CloseConversation,
    FreeSlot,
    OpenConversation,
    RecordSurvey,
    Refused,
)
from aparte.engagements.store import Invitation, MoveInvitation, OfferInvitation, RecordDecision, may_move
from aparte.kit.errors import Unavailable
from aparte.kit.money import to_millionths
from aparte.kit.status import WriterStatus
from aparte.sessions.store import SaveCheckpoint
from aparte.sites.store import EndSignIn, SavePicture, SaveSignIn, SaveSite, SaveStaff
from aparte.tracking.store import AppendLog, CountMessages, KeepQuarantined

QUARANTINE_KEPT = 100
MOST_OF_A_LINE = 1 << 16


class MemoryStore(MemoryReader):
    """A Store of aparte.engine.ports. A list is executed at once; its future is done when `submit` returns."""

    def __init__(self) -> None:
        super().__init__(secrets.token_hex(8))
        self._failed = ""
        self._groups = self._rows = self._refused = self._failures = 0

    def submit(self, commands: Sequence[object]) -> asyncio.Future[list[Any]]:
        """See Store."""
        future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        if self._failed:
            future.set_exception(Unavailable(self._failed, where="memory", hint="nothing was written; try again later"))
            return future
        try:
            future.set_result(self._list(commands))
        except (TypeError, AttributeError, ValueError, LookupError) as error:
            self._undo.back()
            self._refused += 1
            future.set_exception(error)
        return future

    def fail(self, why: str = "the disk is full") -> None:
        """Behave from now on, until `recover`, as a store whose disk fails."""
        self._failed = why
        self._failures += 1

    def recover(self) -> None:
        """See Store."""
        self._failed = ""

    def close(self) -> None:
        """See Store."""
        self._failed = self._failed or "the store is closed"

    def status(self) -> WriterStatus:
        """How it is doing."""
        return WriterStatus(
            groups=self._groups,
            lists=self._groups,
            rows=self._rows,
            refused=self._refused,
            failures=self._failures,
            failed=self._failed,
        )

    def _list(self, commands: Sequence[object]) -> list[Any]:
        self._undo.begin()
        results: list[Any] = []
        for command in commands:
            results.append(self._one(command))
            if isinstance(results[-1], Refused):
                self._undo.back()
                self._refused += 1
                return results
        self._groups += 1
        self._rows += len(commands)
        return results

    def _one(self, command: object) -> Any:
        try:
            handler = HANDLERS[type(command)]
        except KeyError:
            raise TypeError(f"a store knows no {type(command).__name__}") from None
        return handler(self, command)

    def append_log(self, command: AppendLog) -> Refused | None:
        """Append lines of the log."""
        numbers = [line.seq for line in command.rows]
        if numbers and (numbers[0] <= self.last_seq() or numbers != list(range(numbers[0], numbers[0] + len(numbers)))):
            return Refused("out_of_order")
        for line in command.rows:
            self._undo.put(self._log, line.seq, line)
        return None

    def count_messages(self, command: CountMessages) -> None:
        """Add to the counters."""
        before = self.counts(command.site)
        self._undo.put(
            self._counts,
            command.site,
            CountMessages(
                command.site,
                before.received + command.received,
                before.accepted + command.accepted,
                before.duplicate + command.duplicate,
                dict(Counter(before.quarantined) + Counter(command.quarantined)),
                dict(Counter(before.refused) + Counter(command.refused)),
            ),
        )

    def keep_quarantined(self, command: KeepQuarantined) -> None:
        """Keep an excerpt, and let the oldest of its kind go."""
        key = command.site, command.reason
        kept = deque(self._quarantine.get(key, ()), QUARANTINE_KEPT)
        self._arrived += 1
        kept.append((self._arrived, command))
        self._undo.put(self._quarantine, key, tuple(kept))

    def record_decision(self, command: RecordDecision) -> Refused | None:
        """Keep a decision."""
        if not 0 <= command.n < MOST_OF_A_LINE:
            return Refused("unstorable")
        return self._new(self._decisions, (command.seq, command.n), command)

    def offer_invitation(self, command: OfferInvitation) -> Refused | None:
        """An invitation begins."""
        new = Invitation(
            engagement=command.engagement,
            visitor=command.visitor,
            campaign=command.campaign,
            rule=command.rule,
            at=command.at,
        )
        return self._new(self._invitations, command.engagement, (command.site, new))

    def move_invitation(self, command: MoveInvitation) -> None:
        """An invitation goes on, unless it has ended."""
        site, known = self._invitations.get(command.engagement, ("", None))
        if known is None or not may_move(known.state, command.state):
            return
        when = {"shown_at": command.at} if command.state == "shown" else {"ended_at": command.at}
        moved = replace(known, state=command.state, **when)
        self._undo.put(self._invitations, command.engagement, (site, moved))

    def record_order(self, command: RecordOrder) -> None:
        """Keep an order, or what a further telling makes of it."""
        key = command.site, command.order_id
        known = self._orders.get(key)
        self._undo.put(self._orders, key, told_again(known, command) if known else first_told(command))

    def record_refund(self, command: RecordRefund) -> None:
        """Keep a refund, once."""
        key = command.site, command.message_id
        if key not in self._refunds:
            amount = None if command.amount is None else max(0, to_millionths(command.amount))
            self._undo.put(self._refunds, key, (command, amount))

    def save_checkpoint(self, command: SaveCheckpoint) -> None:
        """Keep summaries of visitors and states of sites."""
        for kept in command.visitors:
            self._undo.put(self._visitors, (kept.site, kept.visitor), kept)
        for site, state in command.sites.items():
            self._undo.put(self._site_states, site, state)
        self._undo.put(self._meta, "checkpoint", command.seq)

    def open_conversation(self, command: OpenConversation) -> Refused | None:
        """A conversation begins."""
        new = command.conversation
        if new.state != "closed" and any(one.visitor == new.visitor for one in self.open_conversations(new.site)):
            return Refused("already_open")
        if new.id in self._conversations:
            return Refused("constraint")
        self._undo.put(self._conversations, new.id, new)
        self._undo.put(self._entries, new.id, ())
        return None

    def append_entry(self, command: AppendEntry) -> Appended | Refused:
        """A line of a transcript."""
        conversation = self.conversation(command.conv)
        if conversation is None:
            return Refused("unknown")
        key = command.conv, command.author, command.cid
        grown = append(conversation, command, self._cids.get(key) if command.cid else None)
        if isinstance(grown, Appended | Refused):
            return grown
        conversation, entry = grown
        self._undo.put(self._conversations, conversation.id, conversation)
        self._undo.put(self._entries, conversation.id, (*self._entries[conversation.id], entry))
        if command.cid:
            self._undo.put(self._cids, key, entry)
        return Appended(entry)

    def close_conversation(self, command: CloseConversation) -> Conversation | Refused:
        """Closed, and its slot free."""
        desk.free_slot(self, FreeSlot(command.conv))
        return self.change(command)

    def record_survey(self, command: RecordSurvey) -> Conversation | Refused:
        """What the visitor said of it."""
        last = max((cid for conv, _, cid in self._cids if conv == command.conv and cid.startswith(SURVEY)), default="")
        return self.change(command, last)

    def save_site(self, command: SaveSite) -> Refused | None:
        """Insert or change a site."""
        site = command.site
        if any(one.public_key == site.public_key and one.id != site.id for one in self._sites.values()):
            return Refused("key_taken")
        self._undo.put(self._sites, site.id, site)
        return None

    def save_staff(self, command: SaveStaff) -> Refused | None:
        """Insert or change a member of staff."""
        new = command.staff
        if any(one.email.casefold() == new.email.casefold() and one.id != new.id for one in self._staff.values()):
            return Refused("email_taken")
        self._undo.put(self._staff, new.id, new)
        return None

    def save_picture(self, command: SavePicture) -> None:
        """Keep a picture; its name says what is in it."""
        self._undo.put(self._pictures, command.picture.hash, command.picture)

    def save_sign_in(self, command: SaveSignIn) -> None:
        """Insert or change a session of the console."""
        self._undo.put(self._sign_ins, command.sign_in.token_hash, command.sign_in)

    def end_sign_in(self, command: EndSignIn) -> None:
        """End a session of the console."""
        self._undo.drop(self._sign_ins, command.token_hash)

    def _new(self, table: dict[Any, Any], key: object, value: object) -> Refused | None:
        if key in table:
            return Refused("constraint")
        self._undo.put(table, key, value)
        return None

    def change(self, command: Any, *more: str) -> Conversation | Refused:
        """Keep what a command makes of its conversation."""
        before = self.conversation(command.conv)
        after = Refused("unknown") if before is None else CHANGES[type(command)](before, command, *more)
        if not isinstance(after, Refused):
            self._undo.put(self._conversations, command.conv, after)
        return after


Handler = Callable[[MemoryStore, Any], Any]
HANDLERS: dict[type, Handler] = {
    AppendLog: MemoryStore.append_log,
    CountMessages: MemoryStore.count_messages,
    KeepQuarantined: MemoryStore.keep_quarantined,
    RecordDecision: MemoryStore.record_decision,
    OfferInvitation: MemoryStore.offer_invitation,
    MoveInvitation: MemoryStore.move_invitation,
    RecordOrder: MemoryStore.record_order,
    RecordRefund: MemoryStore.record_refund,
    SaveCheckpoint: MemoryStore.save_checkpoint,
    OpenConversation: MemoryStore.open_conversation,
    AppendEntry: MemoryStore.append_entry,
    **dict.fromkeys(CHANGES, MemoryStore.change),
    CloseConversation: MemoryStore.close_conversation,
    RecordSurvey: MemoryStore.record_survey,
    SavePicture: MemoryStore.save_picture,
    SaveSite: MemoryStore.save_site,
    SaveStaff: MemoryStore.save_staff,
    SaveSignIn: MemoryStore.save_sign_in,
    EndSignIn: MemoryStore.end_sign_in,
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
