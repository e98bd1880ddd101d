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

from memory_disk import Disk
from memory_talks import Talking
from msgspec import structs

from aparte.attribution.store import Order, RecordOrder, RecordRefund
from aparte.conversations.model import Conversation, Entry, Request
from aparte.conversations.store import (
    AppendEntry,
    AskAssistance,
    AskRequest,
    AssignConversation,
    Handled,
    JoinConversation,
    OpenConversation,
    Refused,
    TakeSlot,
)
from aparte.conversations.vocabulary import Vocabulary
from aparte.engagements.store import (
    Block,
    MoveInvitation,
    OfferInvitation,
    RecordDecision,
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


class MemoryStore(Talking):
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

    def goals(self, site: str) -> list[Any]:
        return []

    def alarms(self, site: str, *, open_only: bool = False, limit: int = 100) -> list[Any]:
        return []

    def report_mails(self) -> list[Any]:
        return []

    def scenarios(self, site: str) -> list[Any]:
        return []

    def scenario(self, site: str, id: str) -> list[Any]:
        return []

    def retirement(self, site: str, id: str) -> None:
        return None

    def contracts(self, site: str) -> list[Any]:
        return []

    def statements(self, site: str, contract: str) -> list[Any]:
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
