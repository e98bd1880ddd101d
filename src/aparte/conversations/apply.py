"""What a command makes of a conversation. Pure, so that every back end decides alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import UNSET
from msgspec.structs import replace

from aparte.conversations.model import Conversation, Entry, Request
from aparte.conversations.store import (
    Appended,
    AppendEntry,
    AskAssistance,
    AssignConversation,
    CallPerson,
    CloseConversation,
    FillForm,
    FinishRequest,
    JoinConversation,
    LeaveConversation,
    MoveWatermark,
    RecordSurvey,
    Refused,
    TagConversation,
    WrapConversation,
    survey_cid,
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
    if command.by == "agent" and not may_write(conversation, command):
        return Refused("not_assigned")
    entry = entry_of(command, conversation.head + 1)
    return replace(conversation, head=entry.seq, waiting_since=waiting(conversation, entry)), entry


def may_write(conversation: Conversation, command: AppendEntry) -> bool:
    """Whether this member of staff may: its agent, a guest, and whispering whoever supervises."""
    whispers = command.kind == "whisper" and command.supervises
    return whispers or command.author in conversation.guests or command.assign_ver == conversation.assign_ver


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
    guests = tuple(one for one in conversation.guests if one != command.agent)
    given = {"agent": command.agent, "assign_ver": ver, "guests": guests, "assistance_at": None}
    return replace(conversation, state=state, sticky=sticky, skill=skill, **given)


def join(conversation: Conversation, command: JoinConversation) -> Conversation | Refused:
    """One more beside its agent, who is helped thereby."""
    if conversation.state == "closed":
        return Refused("closed")
    if command.staff == conversation.agent or not conversation.agent:
        return Refused("not_open")
    guests = conversation.guests if command.staff in conversation.guests else (*conversation.guests, command.staff)
    return replace(conversation, guests=guests, assistance_at=None)


def leave(conversation: Conversation, command: LeaveConversation) -> Conversation:
    """One less; whoever is not there has left already."""
    guests = tuple(one for one in conversation.guests if one != command.staff)
    return replace(conversation, guests=guests)


def assist(conversation: Conversation, command: AskAssistance) -> Conversation | Refused:
    """Its agent asks for help, or needs none any more; asking again does not make the wait shorter."""
    if conversation.state == "closed":
        return Refused("closed")
    since = command.at if conversation.assistance_at is None else conversation.assistance_at
    return replace(conversation, assistance_at=since if command.on else None)


def close(conversation: Conversation, command: CloseConversation) -> Conversation:
    """Close it; one that is closed stays as it is."""
    if conversation.state == "closed":
        return conversation
    owes = conversation.agent if command.owed else ""
    return replace(conversation, state="closed", closed_at=command.at, wrap_agent=owes)


def wrap(conversation: Conversation, command: WrapConversation) -> Conversation | Refused:
    """How it ended. Whoever had it stays who had it, also when somebody else gives the code for him."""
    if conversation.state != "closed":
        return Refused("not_closed")
    done = conversation.wrapped_at
    return replace(
        conversation,
        wrap_agent=conversation.wrap_agent or conversation.agent or command.by,
        wrap_code=command.code,
        wrap_reason=command.reason,
        wrap_note=command.note,
        wrapped_at=max(command.at, conversation.closed_at or 0) if done is None else done,
    )


def tag(conversation: Conversation, command: TagConversation) -> Conversation:
    """Its tags from now on."""
    return replace(conversation, tags=command.tags)


def move(conversation: Conversation, command: MoveWatermark) -> Conversation:
    """Move one side's watermarks forward, up to the head."""
    if command.by == "system":
        return conversation
    names = (f"{command.by}_delivered", f"{command.by}_read")
    wanted = zip(names, (command.delivered, command.read), strict=True)
    return replace(
        conversation, **{name: max(getattr(conversation, name), min(to, conversation.head)) for name, to in wanted}
    )


def survey(conversation: Conversation, command: RecordSurvey, last: str = "") -> Conversation | Refused:
    """The visitor's last word on it. `last`: the highest cid of the lines of his surveys that have a number."""
    if command.number and survey_cid(command.number) <= last:
        return Refused("older")
    marks = {"csat": command.csat, "nps": command.nps, "ces": command.ces}
    return replace(conversation, **marks, solved=command.solved, comment=command.comment)


def fill(conversation: Conversation, command: FillForm) -> Conversation:
    """The form as it was first filled."""
    return conversation if conversation.form else replace(conversation, form=command.form)


def call_person(conversation: Conversation, command: CallPerson) -> Conversation | Refused:
    """No bot answers any more."""
    return Refused("closed") if conversation.state == "closed" else replace(conversation, bot=False)


CHANGES: dict[type, Callable[..., Conversation | Refused]] = {
    AssignConversation: assign,
    CloseConversation: close,
    MoveWatermark: move,
    RecordSurvey: survey,
    FillForm: fill,
    CallPerson: call_person,
    JoinConversation: join,
    LeaveConversation: leave,
    AskAssistance: assist,
    WrapConversation: wrap,
    TagConversation: tag,
}
"""What each command makes of its conversation. Closing also frees its slot; a survey is told the last one."""


FILLED = ("name", "phone", "email", "body", "wanted", "conv", "skill", "due_at")
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
