"""A Store in memory that keeps its promises: lists whole or not at all, in order, done after a "commit" that can fail.

`disk` survives a crash: `MemoryStore(disk)` is the next process. What was submitted and not yet committed is lost.
"""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from msgspec import Struct, field, structs

from aparte.attribution.store import Order, RecordOrder, RecordRefund
from aparte.conversations.apply import ask, assign, assist, finish, join, leave, may_write
from aparte.conversations.model import Conversation, Entry, Request
from aparte.conversations.store import (
    SURVEY,
    Appended,
    AppendEntry,
    AskAssistance,
    AskRequest,
    AssignConversation,
    CallPerson,
    CloseConversation,
    FillForm,
    FinishRequest,
    FreeSlot,
    Handled,
    JoinConversation,
    LeaveConversation,
    MoveWatermark,
    OpenConversation,
    RecordSurvey,
    Refused,
    TagConversation,
    TakeSlot,
    WrapConversation,
    survey_cid,
)
from aparte.conversations.vocabulary import Vocabulary
from aparte.engagements.store import (
    Block,
    LiftBlock,
    MoveInvitation,
    OfferInvitation,
    RecordDecision,
    SaveBlock,
    may_move,
)
from aparte.kit.errors import Unavailable
from aparte.routing.model import Work
from aparte.routing.store import RecordWork
from aparte.sessions.store import KeptVisitor, SaveCheckpoint
from aparte.sites.model import Staff
from aparte.sites.store import SaveStaff
from aparte.targeting.store import CampaignVersion, PublishVersion
from aparte.targeting.versions import published
from aparte.tracking.store import AppendLog, CountMessages, KeepQuarantined, Logged


class Disk(Struct):
    """What has been committed."""

    log: list[Logged] = field(default_factory=list)
    counts: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    quarantined: list[KeepQuarantined] = field(default_factory=list)
    decisions: list[RecordDecision] = field(default_factory=list)
    invitations: dict[str, list[str]] = field(default_factory=dict)
    orders: list[RecordOrder] = field(default_factory=list)
    refunds: list[RecordRefund] = field(default_factory=list)
    place: int = 0
    sites: dict[str, bytes] = field(default_factory=dict)
    visitors: dict[tuple[str, str], KeptVisitor] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    slots: dict[tuple[str, int], str] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    versions: list[PublishVersion] = field(default_factory=list)
    requests: dict[str, Request] = field(default_factory=dict)
    work: list[Work] = field(default_factory=list)
    traits: dict[str, dict[str, Any]] = field(default_factory=dict)
    identities: dict[str, list[str]] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    most_taken: Counter[str] = field(default_factory=Counter)


class MemoryStore:
    """See the module. `fail_next`: the disk breaks at the next commit; `broken`: it stays broken until mended."""

    def __init__(self, disk: Disk | None = None) -> None:
        self.disk = disk or Disk()
        self.queue: list[tuple[Sequence[Any], Future[list[Any]]]] = []
        self.broken = self.fail_next = self.held = self.refusing = False
        self.commits = 0
        self.scheduled = False

    # From outside the page

    def products(self, site: str) -> Iterator[Any]:
        return iter(())

    def traits(self, site: str, user_id: str) -> dict[str, Any] | None:
        return self.disk.traits.get(user_id)

    def identities(self, site: str, user_id: str) -> list[str]:
        return list(self.disk.identities.get(user_id, ()))

    # Writing

    def submit(self, commands: Sequence[Any]) -> Future[list[Any]]:
        if self.refusing:
            raise Unavailable("the disk has failed")
        future: Future[list[Any]] = asyncio.get_running_loop().create_future()
        self.queue.append((list(commands), future))
        self.wake()
        return future

    def wake(self) -> None:
        if not self.scheduled and not self.held:
            self.scheduled = True
            asyncio.get_running_loop().call_soon(self.commit)

    def release(self) -> None:
        """Commit what was held back."""
        self.held = False
        self.wake()

    def commit(self) -> None:
        self.scheduled = False
        queue, self.queue = self.queue, []
        if self.broken or self.fail_next:
            self.fail_next, self.refusing = False, True
            for _, future in queue:
                if not future.cancelled():
                    future.set_exception(Unavailable("the disk has failed"))
            return
        for commands, future in queue:
            results = self.executed(commands)
            self.commits += 1
            if not future.cancelled():
                future.set_result(results)

    def executed(self, commands: Sequence[Any]) -> list[Any]:
        before = self.snapshot() if any(may_refuse(one) for one in commands) else None
        results = [self.execute(one) for one in commands]
        if before is not None and any(isinstance(one, Refused) for one in results):
            self.disk = before
        return results

    def snapshot(self) -> Disk:
        """Enough of a copy: what is replaced is shared, what is changed in place is copied."""
        one = structs.replace(self.disk)
        for name in one.__struct_fields__:
            value = getattr(one, name)
            if isinstance(value, list | dict):
                setattr(one, name, value.copy())
        one.entries = {conv: list(found) for conv, found in one.entries.items()}
        one.counts = deepcopy(one.counts)
        return one

    def do_SaveTraits(self, command: Any) -> None:  # noqa: N802
        self.disk.traits[command.user_id] = command.traits

    def do_LinkIdentity(self, command: Any) -> None:  # noqa: N802
        self.disk.identities.setdefault(command.user_id, []).append(command.visitor)

    def do_RecordMerge(self, command: Any) -> None:  # noqa: N802
        pass

    def execute(self, command: Any) -> Any:
        return getattr(self, "do_" + type(command).__name__)(command)

    def do_AppendLog(self, one: AppendLog) -> None:  # noqa: N802
        last = self.last_seq()
        assert [row.seq for row in one.rows] == list(range(last + 1, last + 1 + len(one.rows)))
        self.disk.log += one.rows

    def do_CountMessages(self, one: CountMessages) -> None:  # noqa: N802
        assert one.received == one.accepted + one.duplicate + sum(one.quarantined.values()) + sum(one.refused.values())
        kept = self.disk.counts.setdefault(one.site, defaultdict(Counter))
        kept["sums"].update(received=one.received, accepted=one.accepted, duplicate=one.duplicate)
        kept["quarantined"].update(one.quarantined)
        kept["refused"].update(one.refused)

    def do_KeepQuarantined(self, one: KeepQuarantined) -> None:  # noqa: N802
        self.disk.quarantined.append(one)

    def do_RecordDecision(self, one: RecordDecision) -> None:  # noqa: N802
        assert (one.seq, one.n) not in {(kept.seq, kept.n) for kept in self.disk.decisions[-5:]}
        self.disk.decisions.append(one)

    def do_OfferInvitation(self, one: OfferInvitation) -> None:  # noqa: N802
        assert one.engagement not in self.disk.invitations
        self.disk.invitations[one.engagement] = ["offered"]

    def do_MoveInvitation(self, one: MoveInvitation) -> None:  # noqa: N802
        states = self.disk.invitations[one.engagement]
        assert may_move(states[-1], one.state), (states, one)
        self.disk.invitations[one.engagement] = [*states, one.state]

    def do_RecordOrder(self, one: RecordOrder) -> None:  # noqa: N802
        self.disk.orders.append(one)

    def do_RecordRefund(self, one: RecordRefund) -> None:  # noqa: N802
        self.disk.refunds.append(one)

    def do_SaveCheckpoint(self, one: SaveCheckpoint) -> None:  # noqa: N802
        assert one.seq >= self.disk.place
        self.disk.place = one.seq
        self.disk.sites |= one.sites
        self.disk.visitors |= {(row.site, row.visitor): row for row in one.visitors}

    def do_OpenConversation(self, one: OpenConversation) -> Refused | None:  # noqa: N802
        new = one.conversation
        for kept in self.disk.conversations.values():
            if (kept.site, kept.visitor) == (new.site, new.visitor) and kept.state != "closed":
                return Refused("open_already")
        self.disk.conversations[new.id] = new
        return None

    def do_AppendEntry(self, one: AppendEntry) -> Appended | Refused:  # noqa: N802
        kept = self.disk.conversations.get(one.conv)
        if kept is None:
            return Refused("unknown")
        entries = self.disk.entries.setdefault(one.conv, [])
        for entry in entries:
            if (entry.author, entry.cid) == (one.author, one.cid):
                return Appended(entry, again=True) if entry.body == one.body else Refused("cid_conflict")
        if kept.state == "closed" and one.kind != "survey":
            return Refused("closed")
        if one.by == "agent" and not may_write(kept, one):
            return Refused("not_assigned")
        entry = Entry(
            conv=one.conv,
            seq=kept.head + 1,
            id=f"{one.conv}-{kept.head + 1}",
            by=one.by,
            author=one.author,
            kind=one.kind,
            body=one.body,
            ts=one.at,
            cid=one.cid,
        )
        entries.append(entry)
        since = kept.waiting_since
        if one.kind == "text":
            since = None if one.by == "agent" else one.at if since is None else since
        self.change(one.conv, head=entry.seq, waiting_since=since)
        return Appended(entry)

    def change(self, conv: str, **changes: Any) -> Conversation:
        found = self.disk.conversations[conv] = structs.replace(self.disk.conversations[conv], **changes)
        return found

    def do_AssignConversation(self, one: AssignConversation) -> Conversation | Refused:  # noqa: N802
        return self.changed(assign(self.disk.conversations[one.conv], one))

    def changed(self, result: Conversation | Refused) -> Conversation | Refused:
        if isinstance(result, Conversation):
            self.disk.conversations[result.id] = result
        return result

    def do_JoinConversation(self, one: JoinConversation) -> Conversation | Refused:  # noqa: N802
        return self.changed(join(self.disk.conversations[one.conv], one))

    def do_LeaveConversation(self, one: LeaveConversation) -> Conversation | Refused:  # noqa: N802
        return self.changed(leave(self.disk.conversations[one.conv], one))

    def do_AskAssistance(self, one: AskAssistance) -> Conversation | Refused:  # noqa: N802
        return self.changed(assist(self.disk.conversations[one.conv], one))

    def do_SaveBlock(self, one: SaveBlock) -> None:  # noqa: N802
        self.disk.blocks[one.block.visitor] = one.block

    def do_LiftBlock(self, one: LiftBlock) -> None:  # noqa: N802
        self.disk.blocks.pop(one.visitor, None)

    def do_CloseConversation(self, one: CloseConversation) -> Conversation:  # noqa: N802
        self.do_FreeSlot(FreeSlot(one.conv))
        if self.disk.conversations[one.conv].state == "closed":
            return self.disk.conversations[one.conv]
        owes = self.disk.conversations[one.conv].agent if one.owed else ""
        return self.change(one.conv, state="closed", closed_at=one.at, wrap_agent=owes)

    def do_WrapConversation(self, one: WrapConversation) -> Conversation | Refused:  # noqa: N802
        kept = self.disk.conversations[one.conv]
        if kept.state != "closed":
            return Refused("not_closed")
        done = one.at if kept.wrapped_at is None else kept.wrapped_at
        given = {"wrap_code": one.code, "wrap_reason": one.reason, "wrap_note": one.note, "wrapped_at": done}
        return self.change(one.conv, wrap_agent=kept.wrap_agent or kept.agent or one.by, **given)

    def do_TagConversation(self, one: TagConversation) -> Conversation:  # noqa: N802
        return self.change(one.conv, tags=one.tags)

    def do_MoveWatermark(self, one: MoveWatermark) -> Conversation:  # noqa: N802
        kept = self.disk.conversations[one.conv]
        part = "visitor" if one.by == "visitor" else "agent"
        read, delivered = f"{part}_read", f"{part}_delivered"
        changes = {
            read: max(getattr(kept, read), min(one.read, kept.head)),
            delivered: max(getattr(kept, delivered), min(one.delivered, kept.head)),
        }
        return self.change(one.conv, **changes)

    def do_RecordSurvey(self, one: RecordSurvey) -> Conversation | Refused:  # noqa: N802
        last = max(
            (line.cid for line in self.disk.entries.get(one.conv, []) if line.cid.startswith(SURVEY)), default=""
        )
        if one.number and survey_cid(one.number) <= last:
            return Refused("older")
        return self.change(one.conv, csat=one.csat, nps=one.nps, solved=one.solved, comment=one.comment)

    def do_FillForm(self, one: FillForm) -> Conversation:  # noqa: N802
        kept = self.disk.conversations[one.conv]
        return self.change(one.conv, form=kept.form or one.form)

    def do_CallPerson(self, one: CallPerson) -> Conversation | Refused:  # noqa: N802
        kept = self.disk.conversations[one.conv]
        return Refused("closed") if kept.state == "closed" else self.change(one.conv, bot=False)

    def do_TakeSlot(self, one: TakeSlot) -> Refused | None:  # noqa: N802
        others = [agent for (agent, _), conv in self.disk.slots.items() if conv == one.conv and agent != one.agent]
        if (one.agent, one.n) in self.disk.slots or others:
            return Refused("slot_taken")
        self.disk.slots[one.agent, one.n] = one.conv
        taken = sum(1 for agent, _ in self.disk.slots if agent == one.agent)
        self.disk.most_taken[one.agent] = max(self.disk.most_taken[one.agent], taken)
        return None

    def do_FreeSlot(self, one: FreeSlot) -> None:  # noqa: N802
        self.disk.slots = {slot: conv for slot, conv in self.disk.slots.items() if conv != one.conv}

    def do_AskRequest(self, one: AskRequest) -> Request | Refused:  # noqa: N802
        result = ask(self.disk.requests.get(one.request.id), one.request)
        if isinstance(result, Request):
            self.disk.requests[result.id] = result
        return result

    def do_FinishRequest(self, one: FinishRequest) -> Request | Refused:  # noqa: N802
        if one.id not in self.disk.requests:
            return Refused("unknown")
        result = self.disk.requests[one.id] = finish(self.disk.requests[one.id], one)
        return result

    def do_RecordWork(self, one: RecordWork) -> None:  # noqa: N802
        going_on = next((work for work in self.disk.work if work.staff == one.staff and work.until is None), None)
        if going_on is None and not one.status:
            return
        if going_on is not None:
            if (going_on.status, going_on.reason) == (one.status, one.reason):
                return
            ended = structs.replace(going_on, until=max(going_on.since, one.at))
            self.disk.work[self.disk.work.index(going_on)] = ended
        if one.status:
            self.disk.work.append(Work(one.site, one.staff, one.status, one.reason, one.at))

    def do_SaveStaff(self, one: SaveStaff) -> None:  # noqa: N802
        self.disk.staff[one.staff.id] = one.staff

    def do_PublishVersion(self, one: PublishVersion) -> Refused | None:  # noqa: N802
        if one.version != len(self.disk.versions) + 1:
            return Refused("version_taken")
        self.disk.versions.append(one)
        return None

    def recover(self) -> None:
        if self.broken:
            raise Unavailable("the disk still fails")
        self.refusing = False

    def close(self) -> None:
        pass

    # Reading

    def last_seq(self) -> int:
        return self.disk.log[-1].seq if self.disk.log else 0

    def log(self, after: int = 0, site: str | None = None, visitor: str | None = None) -> Iterator[Logged]:
        for row in self.disk.log:
            if row.seq > after and site in (None, row.site) and visitor in (None, row.visitor):
                yield row

    def recent_ids(self, since: int) -> Iterator[tuple[str, str, int]]:
        for row in self.disk.log:
            if row.message_id and row.received_at > since:
                yield row.site, row.message_id, row.received_at

    def counts(self, site: str) -> CountMessages:
        kept = self.disk.counts.get(site, defaultdict(Counter))
        sums = kept["sums"]
        return CountMessages(
            site,
            sums["received"],
            sums["accepted"],
            sums["duplicate"],
            dict(kept["quarantined"]),
            dict(kept["refused"]),
        )

    def checkpoint(self) -> tuple[int, dict[str, bytes]]:
        return self.disk.place, dict(self.disk.sites)

    def open_visitors(self) -> Iterator[KeptVisitor]:
        return iter([one for one in self.disk.visitors.values() if one.session is not None])

    def visitor(self, site: str, visitor: str) -> KeptVisitor | None:
        return self.disk.visitors.get((site, visitor))

    def decisions(self, site: str | None = None, after: int = 0) -> Iterator[RecordDecision]:
        return iter([one for one in self.disk.decisions if one.seq > after and site in (None, one.site)])

    def decisions_of(self, site: str, visitor: str, limit: int = 50) -> list[RecordDecision]:
        return [one for one in reversed(self.disk.decisions) if (one.site, one.visitor) == (site, visitor)][:limit]

    def epoch(self) -> str:
        return "0" * 16

    def blocks(self, site: str) -> list[Block]:
        return list(self.disk.blocks.values())

    def handled(self, site: str, since: int) -> list[Handled]:
        return []

    def conversation(self, conv: str) -> Conversation | None:
        return self.disk.conversations.get(conv)

    def open_conversations(self, site: str) -> list[Conversation]:
        return [one for one in self.disk.conversations.values() if one.site == site and one.state != "closed"]

    def conversations_of(self, site: str, visitor: str, limit: int = 20) -> list[Conversation]:
        found = [one for one in self.disk.conversations.values() if (one.site, one.visitor) == (site, visitor)]
        return found[::-1][:limit]

    def entries(self, conv: str, after: int = 0, limit: int = 200) -> list[Entry]:
        return [one for one in self.disk.entries.get(conv, []) if one.seq > after][:limit]

    def last_entries(self, conv: str, before: int | None = None, limit: int = 200) -> list[Entry]:
        return [one for one in self.disk.entries.get(conv, []) if before is None or one.seq < before][-limit:]

    def slots(self, site: str) -> list[TakeSlot]:
        return [TakeSlot(agent, n, conv) for (agent, n), conv in self.disk.slots.items()]

    def wraps_due(self, site: str) -> list[Conversation]:
        return [one for one in self.disk.conversations.values() if one.wrap_agent and one.wrapped_at is None]

    def entry_with(self, conv: str, author: str, cid: str) -> Entry | None:
        found = self.disk.entries.get(conv, [])
        return next((one for one in found if cid and (one.author, one.cid) == (author, cid)), None)

    def conversation_with(self, site: str, author: str, cid: str, since: int) -> str | None:
        return next((conv for conv in self.disk.conversations if self.entry_with(conv, author, cid)), None)

    def vocabulary(self, site: str) -> Vocabulary:
        return Vocabulary()

    def orders(self, site: str) -> Iterator[Order]:
        return iter(())

    def campaign_versions(self, site: str) -> list[CampaignVersion]:
        return [published(one, None) for one in reversed(self.disk.versions) if one.site == site]

    def campaigns_in_force(self, site: str) -> CampaignVersion | None:
        return next(iter(self.campaign_versions(site)), None)

    def campaign_draft(self, site: str) -> None:
        return None

    def request(self, request: str) -> Request | None:
        return self.disk.requests.get(request)

    def requests(self, site: str, *, done: bool = False, limit: int = 500) -> list[Request]:
        return [one for one in self.disk.requests.values() if one.site == site and (one.done_at is not None) == done]

    def teams(self, site: str) -> list[Any]:
        return []

    def work(self, site: str, since: int, until: int) -> list[Work]:
        return [one for one in self.disk.work if one.since < until and (one.until is None or one.until > since)]

    def webhooks(self) -> list[Any]:
        return []

    def sites(self) -> list[Any]:
        return []

    def staff(self, site: str) -> list[Staff]:
        return [one for one in self.disk.staff.values() if one.site == site]

    def picture(self, hash_: str) -> None:
        return None

    def sign_ins(self) -> list[Any]:
        return []


def may_refuse(command: Any) -> bool:
    return isinstance(
        command,
        OpenConversation | AppendEntry | AssignConversation | TakeSlot | AskRequest | JoinConversation | AskAssistance,
    )
