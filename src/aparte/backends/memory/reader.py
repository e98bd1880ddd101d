"""What a store in memory can tell. Iterators go over a copy of the keys, so writing meanwhile does no harm."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from msgspec.structs import replace

from aparte.attribution.store import Order, RecordRefund
from aparte.backends.memory.alarms import AlarmTable
from aparte.backends.memory.colleagues import ColleagueTables
from aparte.backends.memory.contracts import ContractTables
from aparte.backends.memory.coupons import CouponTables
from aparte.backends.memory.desk import DeskTables
from aparte.backends.memory.library import LibraryTables
from aparte.backends.memory.outbox import OutboxTables
from aparte.backends.memory.outside import OutsideTables
from aparte.backends.memory.report_mails import ReportMailTable
from aparte.backends.memory.scenarios import ScenarioTables
from aparte.backends.memory.staff import StaffTables
from aparte.backends.memory.tables import Undo
from aparte.backends.memory.targeting import CampaignTable
from aparte.backends.memory.work import WorkTables
from aparte.backends.memory.wrapping import WrappingTables
from aparte.conversations.model import Conversation, Entry
from aparte.conversations.store import PastConversation, TakeSlot
from aparte.engagements.store import Invitation, RecordDecision
from aparte.kit.money import from_millionths, to_millionths
from aparte.sessions.store import KeptVisitor
from aparte.sites.model import Picture, SignIn, Site, Staff
from aparte.tracking.store import CountMessages, KeepQuarantined, Logged


class MemoryReader(
    CampaignTable,
    DeskTables,
    OutsideTables,
    WorkTables,
    WrappingTables,
    ColleagueTables,
    CouponTables,
    StaffTables,
    OutboxTables,
    LibraryTables,
    ContractTables,
    AlarmTable,
    ReportMailTable,
    ScenarioTables,
):
    """The readers of aparte.engine.ports.Store, and the tables that they read."""

    def __init__(self, epoch: str) -> None:
        super().__init__()
        self._epoch = epoch
        self._undo = Undo()
        self._arrived = 0
        self._meta: dict[str, int] = {}
        self._log: dict[int, Logged] = {}
        self._counts: dict[str, CountMessages] = {}
        self._quarantine: dict[tuple[str, str], tuple[tuple[int, KeepQuarantined], ...]] = {}
        self._decisions: dict[tuple[int, int], RecordDecision] = {}
        self._invitations: dict[str, tuple[str, Invitation]] = {}
        """Site and invitation."""
        self._orders: dict[tuple[str, str], Order] = {}
        self._refunds: dict[tuple[str, str], tuple[RecordRefund, int | None]] = {}
        self._visitors: dict[tuple[str, str], KeptVisitor] = {}
        self._site_states: dict[str, bytes] = {}
        self._conversations: dict[str, Conversation] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._cids: dict[tuple[str, str, str], Entry] = {}
        self._slots: dict[tuple[str, int], str] = {}
        self._sites: dict[str, Site] = {}
        self._staff: dict[str, Staff] = {}
        self._pictures: dict[str, Picture] = {}
        self._sign_ins: dict[str, SignIn] = {}
        self._campaigns = {}

    def last_seq(self) -> int:
        """See LogReader."""
        return max(next(reversed(self._log), 0), self._meta.get("checkpoint", 0))

    def log(self, after: int = 0, site: str | None = None, visitor: str | None = None) -> Iterator[Logged]:
        """See LogReader."""
        lines = list(self._log.values())
        for line in lines[bisect_right(lines, after, key=lambda line: line.seq) :]:
            if site in {None, line.site} and visitor in {None, line.visitor}:
                yield line

    def recent_ids(self, since: int) -> Iterator[tuple[str, str, int]]:
        """See LogReader."""
        for line in list(self._log.values()):
            if line.message_id and line.received_at > since:
                yield line.site, line.message_id, line.received_at

    def counts(self, site: str) -> CountMessages:
        """See LogReader."""
        return self._counts.get(site) or CountMessages(site, 0, 0, 0, {}, {})

    def quarantined(self, site: str, limit: int = 1000) -> list[KeepQuarantined]:
        """Excerpts of what was not accepted, the youngest first."""
        kept = [pair for (of, _), pairs in self._quarantine.items() if of == site for pair in pairs]
        return [one for _, one in sorted(kept, key=lambda pair: -pair[0])][:limit]

    def checkpoint(self) -> tuple[int, dict[str, bytes]]:
        """See CheckpointReader."""
        return self._meta.get("checkpoint", 0), dict(sorted(self._site_states.items()))

    def open_visitors(self) -> Iterator[KeptVisitor]:
        """See CheckpointReader."""
        return iter([kept for kept in self._visitors.values() if kept.session is not None])

    def visitor(self, site: str, visitor: str) -> KeptVisitor | None:
        """See CheckpointReader."""
        return self._visitors.get((site, visitor))

    def decisions(self, site: str | None = None, after: int = 0) -> Iterator[RecordDecision]:
        """See EngagementReader."""
        for (seq, _), decision in sorted(self._decisions.items(), key=lambda pair: pair[0]):
            if seq > after and site in {None, decision.site}:
                yield decision

    def decisions_of(self, site: str, visitor: str, limit: int = 50) -> list[RecordDecision]:
        """See EngagementReader."""
        of = [decision for decision in self.decisions(site) if decision.visitor == visitor]
        return of[::-1][:limit]

    def invitations(self, site: str) -> Iterator[Invitation]:
        """See InvitationReader."""
        return iter([one for of, one in self._invitations.values() if of == site])

    def past_conversations(self, site: str) -> Iterator[PastConversation]:
        """See ConversationHistory."""
        return iter([self._past(one) for one in self._conversations.values() if one.site == site])

    def _past(self, one: Conversation) -> PastConversation:
        entries = self._entries.get(one.id, ())
        texts = [entry.ts for entry in entries if (entry.by, entry.kind) == ("agent", "text")]
        last_at = one.closed_at or (entries[-1].ts if entries else one.opened_at)
        return PastConversation(
            id=one.id,
            visitor=one.visitor,
            opened_at=one.opened_at,
            answered_at=min(texts, default=None),
            last_at=last_at,
            crossover=one.crossover,
        )

    def epoch(self) -> str:
        """See ConversationReader."""
        return self._epoch

    def conversation(self, conv: str) -> Conversation | None:
        """See ConversationReader."""
        return self._conversations.get(conv)

    def open_conversations(self, site: str) -> list[Conversation]:
        """See ConversationReader."""
        of = [one for one in self._conversations.values() if one.site == site and one.state != "closed"]
        return sorted(of, key=lambda one: one.opened_at)

    def conversations_of(self, site: str, visitor: str, limit: int = 20) -> list[Conversation]:
        """See ConversationReader."""
        of = [one for one in self._conversations.values() if (one.site, one.visitor) == (site, visitor)]
        return sorted(of, key=lambda one: one.opened_at)[::-1][:limit]

    def entries(self, conv: str, after: int = 0, limit: int = 200) -> list[Entry]:
        """See ConversationReader."""
        return [entry for entry in self._entries.get(conv, ()) if entry.seq > after][:limit]

    def last_entries(self, conv: str, before: int | None = None, limit: int = 200) -> list[Entry]:
        """See ConversationReader."""
        of = [entry for entry in self._entries.get(conv, ()) if before is None or entry.seq < before]
        return of[max(0, len(of) - limit) :]

    def slots(self, site: str) -> list[TakeSlot]:
        """See ConversationReader."""
        taken = [TakeSlot(agent, n, conv) for (agent, n), conv in sorted(self._slots.items())]
        return [one for one in taken if (of := self.conversation(one.conv)) and of.site == site]

    def orders(self, site: str) -> Iterator[Order]:
        """See OrderReader."""
        of = sorted((one for one in self._orders.values() if one.site == site), key=lambda one: (one.at, one.order_id))
        return iter([replace(one, refunded=self._refunded(one)) for one in of])

    def _refunded(self, order: Order) -> float:
        total = to_millionths(order.total)
        amounts = [
            total if amount is None else amount
            for refund, amount in self._refunds.values()
            if (refund.site, refund.order_id) == (order.site, order.order_id) and refund.confirmed >= order.confirmed
        ]
        return from_millionths(min(total, sum(amounts)))

    def sites(self) -> list[Site]:
        """See SiteReader."""
        return [site for _, site in sorted(self._sites.items())]

    def staff(self, site: str) -> list[Staff]:
        """See SiteReader."""
        return [one for _, one in sorted(self._staff.items()) if one.site == site]

    def picture(self, hash_: str) -> Picture | None:
        """See SiteReader."""
        return self._pictures.get(hash_)

    def sign_ins(self) -> list[SignIn]:
        """See SiteReader."""
        return [one for _, one in sorted(self._sign_ins.items())]
