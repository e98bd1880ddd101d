"""What a command makes of a conversation. Pure, so that every back end decides alike."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import UNSET
from msgspec.structs import replace

from aparte.conversations.model import Conversation, Entry, Request
from aparte.conversations.store import (
    Appended,
    AppendEntry,
    AssignConversation,
    CallPerson,
    FillForm,
    FinishRequest,
    MoveWatermark,
    RecordSurvey,
    Refused,
)
from aparte.kit.ids import stable_id

Grown: TypeAlias = tuple[Conversation, Entry]


def append(conversation: Conversation, command: AppendEntry, first: Entry | None) -> Grown | Appended | Refused:
    """The conversation with one line more, and that line; or why there is none.

    `first` is the entry that this author has already written with this cid. It is looked at before anything else: who
    asks again gets the same answer, even when the conversation has been closed or handed on meanwhile.
    """
    if first is not None:
        return Appended(first, again=True) if first.body == command.body else Refused("cid_conflict")
    if conversation.state == "closed" and command.kind != "survey":
        return Refused("closed")
    if command.by == "agent" and command.assign_ver != conversation.assign_ver:
        return Refused("not_assigned")
    entry = entry_of(command, conversation.head + 1)
    return replace(conversation, head=entry.seq, waiting_since=waiting(conversation, entry)), entry


def entry_of(command: AppendEntry, seq: int) -> Entry:
    """The line at this place; its id is made from the place, so that both can be told from one another's copy."""
    return Entry(
        conv=command.conv,
        seq=seq,
        id=stable_id("ent", command.conv, str(seq)),
        by=command.by,
        author=command.author,
        kind=command.kind,
        body=command.body,
        ts=command.at,
        cid=command.cid,
    )


def waiting(conversation: Conversation, entry: Entry) -> int | None:
    """Since when the visitor waits for an answer, once this line stands there."""
    since = conversation.waiting_since
    if entry.kind != "text" or entry.by == "system":
        return since
    if entry.by == "agent":
        return None
    return entry.ts if since is None else since


def assign(conversation: Conversation, command: AssignConversation) -> Conversation | Refused:
    """Give it to an agent, or back to the queue."""
    if conversation.state == "closed":
        return Refused("closed")
    state = "open" if command.agent else "queued"
    skill = conversation.skill if command.skill is UNSET else command.skill
    ver = conversation.assign_ver + 1
    sticky = bool(command.agent) and command.sticky
    return replace(conversation, state=state, agent=command.agent, assign_ver=ver, sticky=sticky, skill=skill)


def close(conversation: Conversation, at: int) -> Conversation:
    """Close it; one that is closed stays as it is."""
    return conversation if conversation.state == "closed" else replace(conversation, state="closed", closed_at=at)


def move(conversation: Conversation, command: MoveWatermark) -> Conversation:
    """Move one side's watermarks forward, up to the head."""
    if command.by == "system":
        return conversation
    names = (f"{command.by}_delivered", f"{command.by}_read")
    wanted = zip(names, (command.delivered, command.read), strict=True)
    return replace(
        conversation, **{name: max(getattr(conversation, name), min(to, conversation.head)) for name, to in wanted}
    )


def survey(conversation: Conversation, command: RecordSurvey) -> Conversation:
    """The visitor's last word on it."""
    return replace(conversation, csat=command.csat, nps=command.nps, solved=command.solved, comment=command.comment)


def fill(conversation: Conversation, command: FillForm) -> Conversation:
    """The form as it was first filled."""
    return conversation if conversation.form else replace(conversation, form=command.form)


def call_person(conversation: Conversation, command: CallPerson) -> Conversation | Refused:
    """No bot answers any more."""
    return Refused("closed") if conversation.state == "closed" else replace(conversation, bot=False)


FILLED = ("name", "phone", "email", "body", "wanted", "conv", "skill")
"""What a request may say later than its first telling: who accepts a call back gives his number afterwards."""


def ask(known: Request | None, told: Request) -> Request | Refused:
    """The request as it stands once it has been told (again)."""
    if known is None:
        return told
    if (known.site, known.visitor, known.kind) != (told.site, told.visitor, told.kind):
        return Refused("cid_conflict")
    changes = {}
    for name in FILLED:
        before, now = getattr(known, name), getattr(told, name)
        if before and now and before != now:
            return Refused("cid_conflict")
        changes[name] = before or now
    return replace(known, **changes)


def finish(known: Request, command: FinishRequest) -> Request:
    """Dealt with, once."""
    if known.done_at is not None:
        return known
    return replace(known, done_at=command.at, done_by=command.by, note=command.note)
