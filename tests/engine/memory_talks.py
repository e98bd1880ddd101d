"""What a MemoryStore makes of conversations, their slots, and what visitors leave when nobody answers."""

from __future__ import annotations

from typing import Any

from memory_disk import Disk
from msgspec import structs

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
from aparte.engagements.store import (
    LiftBlock,
    SaveBlock,
)


class Talking:
    """The part of a MemoryStore that concerns conversations."""

    disk: Disk

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
        numbered = [line.cid for line in self.disk.entries.get(one.conv, []) if line.cid.startswith(SURVEY)]
        if one.number and survey_cid(one.number) <= max(numbered, default=""):
            return Refused("older")
        return self.change(one.conv, csat=one.csat, nps=one.nps, ces=one.ces, solved=one.solved, comment=one.comment)

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
