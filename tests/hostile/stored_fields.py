"""Every text that Aparté stores, found in the commands of the store and the events of the log, and what is done to it.

A field that is in none of these tables fails a test: whoever adds a text says here that it is ours, or plants it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import inspect

from aparte.engine.ports import Command
from aparte.tracking.model import Event

MADE_BY_US = frozenset(
    {
        "site",
        "visitor",
        "engagement",
        "conv",
        "agent",
        "staff",
        "author",
        "by",
        "cid",
        "room",
        "members",
        "id",
        "token_hash",
        "hash",
        "who",
        "verb",
        "made_by",
        "hint",
        "lane",
        "event_id",
        "reason",
        "detail",
        "kind",
        "language",
        "languages",
        "guests",
        "wrap_agent",
        "done_by",
        "booked_by",
        "desk",
        "picture",
        "media",
        "password_hash",
        "secret_key_hash",
        "secret_key_hint",
        "public_key",
        "secret",
        "old_secret",
        "recovery",
        "but",
        "about",
        "scopes",
        "sites",
        "team",
        "start",
        "end",
        "time_zone",
        "currency",
        "channel",
        "decision",
        "level",
        "status",
        "events",
        "wrap_code",
        "wrap_reason",
        "code",
        "free",
        "busy",
        "queue",
        "whole",
        "scores",
        "model",
        "seed",
        "arm",
        "root",
        "other",
        "contacts",
        "message_id",
        "anonymous_id",
        "user_id",
        "lead_id",
        "order_id",
        "caps",
        "quarantined",
        "refused",
        "summary",
        "session",
        "object",
        "jwt",
        "jwt_secret",
        "jwt_public_key",
        "colour",
        "on_colour",
        "font",
        "quote_font",
        "answer",
        "substitutes",
        "complements",
        "kpi",
        "kpis",
        "contract",
        "terms",
        "previous",
        "why",
        "held",
        "seen_by",
        "figures",
    }
)
"""Names of members that hold an id, a hash, a code or a name of ours wherever they stand; `STRANGERS` are exceptions."""  # noqa: E501
STRANGERS = frozenset(
    {
        "Block.reason",
        "RecordAudit.object",
        "RecordAudit.detail",
        "SignIn.about",
        "KeepQuarantined.detail",
        "Site.languages",
        "Product.id",
        "Look.font",
        "Look.colour",
        "Identify.user_id",
    }
)
"""Fields with such a name whose text comes from somebody."""
DERIVED = frozenset(
    {
        "SaveCheckpoint.sites",
        "Logged.line",
        "RecordDecision.line",
        "Picture.body",
        "CampaignPublished.text",
        "Logged.name",
        "SaveDraft.text",
        "PublishVersion.text",
        "SavedScenario.body",
        "Leave.data",
        "Leave.event",
    }
)
"""Made of other fields as a whole: a file, a line of the log, a summary."""
KEPT_OUT = {
    "Site.roi_formula": "names of figures, numbers and signs: its parser lets nothing else through",
    "PacingUpdated.campaign": "the name of a campaign, which the campaign file limits",
    "PricesUpdated.skill": "the name of a skill, which the campaign file limits",
    "RecordDecision.campaign": "the name of a campaign",
    "RecordDecision.rule": "the name of a rule",
    "OfferInvitation.campaign": "the name of a campaign",
    "OfferInvitation.rule": "the name of a rule",
    "OfferInvitation.skill": "the name of a skill",
    "InvitationAccepted.campaign": "the name of a campaign",
    "ConversationEnded.skill": "the name of a skill",
    "InvitationOffered.skill": "the name of a skill",
    "AssignConversation.skill": "planted as Conversation.skill",
    "WrapConversation.note": "planted as Conversation.wrap_note",
    "TagConversation.tags": "planted as Conversation.tags",
    "RecordSurvey.comment": "planted as Conversation.comment",
    "FillForm.form": "planted as Conversation.form",
    "FinishRequest.note": "planted as Request.note",
    "InvitationOffered.message": "seen by its visitor only while it stands; planted as Offer.message in the campaign file",  # noqa: E501
    "Group.traits": "shown nowhere; a group is only counted",
    "Group.group_id": "shown nowhere; a group is only counted",
    "Alias.previous_id": "an id",
    "Screen.name": "as Page.name",
    "Screen.category": "as Page.category",
    "Screen.properties": "as Page.properties",
    "DeviceContext.type": "phone, tablet or desktop; others are left out",
    "LocationContext.country": "two letters of a header",
    "Context.locale": "two letters",
    "Context.timezone": "shown nowhere",
    "TraitsSet.traits": "planted as SaveTraits.traits",
    "Rate.day": "a date, which the file of rates is refused without",
    "Rate.rate": "a number as decimal text, which the file of rates is refused without",
    "ReportMail.sent": "a date of ours",
    "SendReportMail.period": "a date of ours",
    "SealedDay.day": "a date of ours",
    "Costs.call_event": "the name of an event that is looked for, in an input of the screen that sets it",
    "Costs.mail_event": "the name of an event that is looked for, in an input of the screen that sets it",
    "SealedDay.totals": "numbers of ours",
    **dict.fromkeys(
        ("Goal.kpi", "Clause.kpi", "Gate.kpi", "Gate.why", "Line.held", "Found.kpis", "Bands.source"),
        "a name of ours: those of the KPIs, of gates and of reasons",
    ),
    **dict.fromkeys(("Statement.contract", "Statement.terms", "Statement.previous"), "a digest or an id of ours"),
}
"""Held by the place where they are planted, or refused by another alphabet."""


def stored() -> dict[str, type]:
    """`Struct.member` of every text, the dictionaries that hold texts among them, with its struct."""
    found: dict[str, type] = {}
    seen: set[type] = set()
    for root in (*Command.__args__, *Event.__args__):
        _walk(inspect.type_info(root), "", None, found, seen)
    return found


def _walk(kind: Any, path: str, owner: type | None, found: dict[str, type], seen: set[type]) -> None:
    if isinstance(kind, inspect.StructType):
        if kind.cls not in seen:
            seen.add(kind.cls)
            for member in kind.fields:
                _walk(member.type, f"{kind.cls.__name__}.{member.name}", kind.cls, found, seen)
        return
    if isinstance(kind, inspect.StrType | inspect.BytesType | inspect.AnyType | inspect.DictType):
        assert owner is not None
        found[path] = owner
    for inner in _inner(kind):
        _walk(inner, path, owner, found, seen)


def _inner(kind: Any) -> Iterator[Any]:
    for name in ("types", "item_types"):
        yield from getattr(kind, name, ())
    for name in ("item_type", "value_type"):
        if hasattr(kind, name):
            yield getattr(kind, name)


def strangers() -> list[str]:
    """The fields whose text comes from somebody: a visitor, a shop, a member of staff."""
    return [one for one in stored() if one not in DERIVED | KEPT_OUT.keys() and _is_strange(one)]


def _is_strange(path: str) -> bool:
    return path in STRANGERS or path.split(".")[1] not in MADE_BY_US


def texts_of(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each text in a command, with the field it stands in; lines of the log are read."""
    if isinstance(value, msgspec.Struct):
        for member in value.__struct_fields__:
            inner = getattr(value, member)
            name = f"{type(value).__name__}.{member}"
            if name == "Logged.line":
                yield from texts_of(msgspec.json.decode(inner, type=Event), "")
            else:
                yield from texts_of(inner, name)
    elif isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield path, str(key)
            yield from texts_of(inner, path)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from texts_of(inner, path)
