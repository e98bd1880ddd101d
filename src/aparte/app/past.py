"""The demo's four weeks: from what the simulation tells to what a running server would have written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

import msgspec

from aparte.attribution.store import RecordOrder
from aparte.conversations.model import Conversation
from aparte.conversations.store import (
    AppendEntry,
    AssignConversation,
    CloseConversation,
    MoveWatermark,
    OpenConversation,
    RecordSurvey,
)
from aparte.engagements.model import Decision, HoldOut, Invite, Refrain
from aparte.engagements.store import MoveInvitation, OfferInvitation, RecordDecision
from aparte.engine.ports import Command
from aparte.simulation.model import Past, PastConversation, PastInvitation, PastVisit, Recorded
from aparte.tracking.model import CapacityChanged, Message, Track
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Quarantined
from aparte.tracking.store import AppendLog, CountMessages, Logged

CHUNK = 2_000

_encode = msgspec.json.Encoder().encode


def commands_of(site: str, past: Iterable[Past], now: int, staff: dict[str, str]) -> Iterator[list[Command]]:
    """Lists of commands, each for one transaction. `staff`: ids by name."""
    visits: list[PastVisit] = []
    lines: list[Recorded] = []
    for one in past:
        lines += one.lines
        if isinstance(one, PastVisit):
            visits.append(one)
    lines.sort(key=lambda line: line.seq)
    nobody = CapacityChanged(at=now, free={})  # whoever was there has gone: the agents of today come by themselves
    rows = [
        *logged(site, lines),
        Logged(lines[-1].seq + 1, site, now, now, "", "CapacityChanged", "", "", _encode(nobody)),
    ]
    for chunk in chunks(rows):
        yield [AppendLog(chunk)]
    messages = sum(1 for row in rows if row.message_id)
    yield [CountMessages(site, messages, messages, 0, {}, {})]
    for visit in visits:
        yield from visit_commands(site, visit, staff)


def chunks(rows: Sequence[Logged]) -> Iterator[Sequence[Logged]]:
    """Rows in lists that one transaction takes easily."""
    for at in range(0, len(rows), CHUNK):
        yield rows[at : at + CHUNK]


def logged(site: str, lines: Iterable[Recorded]) -> Iterator[Logged]:
    """Lines of the log with what its columns say."""
    read = Normaliser(trusted=True).read
    for line in lines:
        event = read(line.line)
        assert not isinstance(event, Quarantined), event  # the simulation writes what the engine has made
        message = event if isinstance(event, Message) else None
        kind = message.kind if message else type(event).__name__
        name = event.event if isinstance(event, Track) else ""
        message_id = message.message_id if message else ""
        yield Logged(line.seq, site, line.at, line.at, line.visitor or "", kind, name, message_id, line.line)


def visit_commands(site: str, visit: PastVisit, staff: dict[str, str]) -> Iterator[list[Command]]:
    """What one visit left beside the log."""
    offers = {one.engagement: one for one in visit.invitations}
    told: list[Command] = []
    numbers: dict[int, count[int]] = {}
    for seq, decision in zip(visit.decided_at, visit.decisions, strict=True):
        told.append(recorded(site, seq, next(numbers.setdefault(seq, count())), decision))
        if isinstance(decision, Invite):
            told += invitation(site, decision, offers[decision.engagement])
    told += [
        RecordOrder(site, one.order_id, one.visitor, one.at, True, one.total, one.revenue, one.currency)
        for one in visit.orders
    ]
    if told:
        yield told
    for conversation in visit.conversations:
        yield talk(site, conversation, staff)


def recorded(site: str, seq: int, n: int, one: Decision) -> RecordDecision:
    """A decision as the store keeps it."""
    match one:
        case Invite():
            kind, detail = "invite", one.variant or ""
        case HoldOut():
            kind, detail = "hold_out", one.level
        case Refrain():
            kind, detail = "refrain", one.reason.value
    return RecordDecision(
        seq, n, site, one.at, one.visitor, one.session, one.engagement, one.campaign, one.rule, kind, detail,
        one.newly_eligible, one.newly_covered, one.newly_candidate, _encode(one),
    )  # fmt: skip


def invitation(site: str, one: Invite, past: PastInvitation) -> Iterator[Command]:
    """An invitation and what became of it."""
    offer = one.offer
    yield OfferInvitation(
        one.engagement, site, one.visitor, one.campaign, one.rule, offer.skill, offer.channel, one.at, one.expires_at
    )
    if past.shown_at is not None:
        yield MoveInvitation(one.engagement, "shown", past.shown_at)
    yield MoveInvitation(one.engagement, past.outcome, past.outcome_at)


def talk(site: str, past: PastConversation, staff: dict[str, str]) -> list[Command]:
    """A conversation from its first entry to its survey."""
    agent = staff[past.agent]
    conversation = Conversation(
        id=past.id,
        site=site,
        visitor=past.visitor,
        engagement=past.engagement or "",
        campaign=past.campaign or "",
        skill=past.skill,
        language=past.language,
        opened_at=past.opened_at,
    )
    told: list[Command] = [OpenConversation(conversation)]
    for entry in past.entries:
        if entry.kind == "join":
            told.append(AssignConversation(past.id, agent, past.taken_at))
        author = {"visitor": past.visitor, "agent": agent, "system": ""}[entry.by]
        cid = hashlib.blake2b(entry.id.encode(), digest_size=16).hexdigest() if entry.by != "system" else ""
        version = 1 if entry.by == "agent" else None
        told.append(AppendEntry(past.id, entry.by, author, cid, entry.kind, entry.body, entry.at, version))
    last = len(past.entries)
    told += [MoveWatermark(past.id, "visitor", last, last), MoveWatermark(past.id, "agent", last, last)]
    told.append(CloseConversation(past.id, past.closed_at))
    if past.survey is not None:
        survey = past.survey
        told.append(RecordSurvey(past.id, survey.csat, survey.nps, survey.solved, survey.comment, ces=survey.ces))
    return told
