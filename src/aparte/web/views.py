"""How things look to those who ask: a visitor, or a member of staff."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from aparte.conversations.model import AGENTS_ONLY, Conversation, Entry
from aparte.engine.ports import LiveVisitor
from aparte.kit.labels import visitor_label
from aparte.sites.model import Staff
from aparte.sites.rights import rights_of
from aparte.targeting.model import Text
from aparte.web import words
from aparte.web.desk import Desk
from aparte.web.plain import encode
from aparte.web.principal import Principal

SHORTENED = 160
LIVE_LIMIT = 200


class Line(Struct):
    """The wire's entry, and with `t` its frame."""

    t: Literal["entry"] | UnsetType
    conv: str | UnsetType
    """In frames for agents, who watch several."""
    seq: int
    kind: str
    id: str | UnsetType = UNSET
    by: str | UnsetType = UNSET
    body: str | UnsetType = UNSET
    ts: int | UnsetType = UNSET
    name: str | UnsetType = UNSET
    cid: str | UnsetType = UNSET
    """Only to its author."""


def entry_for(who: Principal, entry: Entry, desk: Desk, t: Literal["entry"] | UnsetType = UNSET) -> Line:
    """A line of the transcript, or its frame; what agents tell one another a visitor does not read."""
    conv = entry.conv if t and who.by == "agent" else UNSET
    if entry.kind in AGENTS_ONLY and who.by == "visitor":
        return Line(t, conv, entry.seq, "hidden")
    name = desk.directory.name(entry.author) if entry.by == "agent" else ""
    cid = entry.cid if written_by(who, entry) else UNSET
    return Line(t, conv, entry.seq, entry.kind, entry.id, entry.by, entry.body, entry.ts, name, cid)


def written_by(who: Principal, entry: Entry) -> bool:
    """Whether it is his own, under a number of his."""
    return entry.cid != "" and entry.by == who.by and entry.author == who.id


class Said:
    """A line on its way to sockets: encoded once for each side and for its author, however many look at it."""

    __slots__ = ("_desk", "_frames", "entry")

    def __init__(self, entry: Entry, desk: Desk) -> None:
        self.entry, self._desk = entry, desk
        self._frames: dict[tuple[str, bool], bytes] = {}

    def frame(self, who: Principal) -> bytes:
        """As this one may see it."""
        key = who.by, written_by(who, self.entry)
        found = self._frames.get(key)
        if found is None:
            found = self._frames[key] = encode(entry_for(who, self.entry, self._desk, "entry"))
        return found


def standing(conversation: Conversation, desk: Desk) -> dict[str, Any]:
    """What a visitor knows of his conversation beside its entries."""
    position = desk.engine.position(conversation.id) if conversation.state == "queued" else None
    site = desk.directory.site(conversation.site)
    return {
        "state": conversation.state,
        "position": position[0] if position else None,
        "wait_s": position[1] if position else None,
        "agent": agent_for_visitor(conversation.agent, desk) if conversation.agent else None,
        "form": conversation.state == "queued" and desk.engine.may_ask(conversation.id),
        "bot": conversation.bot,
        "preview": site.typing_preview,
        "asks": site.survey,
    }


def marks(conversation: Conversation) -> dict[str, dict[str, int]]:
    """How far each side has received and read."""
    return {
        "visitor": {"dlv": conversation.visitor_delivered, "read": conversation.visitor_read},
        "agent": {"dlv": conversation.agent_delivered, "read": conversation.agent_read},
    }


def agent_for_visitor(staff: str, desk: Desk) -> dict[str, str]:
    """Who answers: his name, and the path of his picture when he has one."""
    found = desk.directory.staff(staff)
    path = picture_of(found) if found else None
    return {"name": desk.directory.name(staff), **({"picture": path} if path else {})}


def picture_of(staff: Staff) -> str | None:
    """The path of his picture, when he has one."""
    return f"/v1/picture/{staff.picture}" if staff.picture else None


def conversation_for_visitor(conversation: Conversation, desk: Desk) -> dict[str, Any]:
    """The wire's `Conversation`; `survey`: it has been answered."""
    given = (conversation.csat, conversation.nps, conversation.ces, conversation.solved)
    return {
        "id": conversation.id,
        "epoch": desk.epoch(),
        "head": conversation.head,
        **standing(conversation, desk),
        "survey": any(one is not None for one in given) or conversation.comment != "",
    }


def conversation_for_agent(conversation: Conversation, desk: Desk, *, online: bool) -> words.Conv:
    """The wire's `Conv`."""
    position = desk.engine.position(conversation.id) if conversation.state == "queued" else None
    agent = words.AgentName(conversation.agent, desk.directory.name(conversation.agent)) if conversation.agent else None
    glance = desk.glances.of(conversation)
    return words.Conv(
        conversation.id,
        conversation.visitor,
        visitor_label(conversation.visitor),  # label
        conversation.state,
        conversation.skill,
        agent,
        conversation.assign_ver,
        conversation.opened_at,
        conversation.head,
        0 if conversation.head <= conversation.agent_read else glance.unread,  # unread
        said_last(glance.last),
        conversation.waiting_since,
        conversation.campaign or None,  # campaign
        campaign_label(conversation, desk),  # campaign_label
        cart_sum(conversation, desk),  # cart
        position[0] if position else None,  # position
        online,  # visitor_online
        words.Marks(conversation.visitor_delivered, conversation.visitor_read),  # wm
        conversation.channel,
        conversation.sticky,
        [words.AgentName(one, desk.directory.name(one)) for one in conversation.guests],  # guests
        conversation.assistance_at,
        list(conversation.tags),  # tags
        "done" if conversation.wrapped_at is not None else "due" if conversation.wrap_agent else "",  # wrap
        conversation.form,
    )


def campaign_label(conversation: Conversation, desk: Desk) -> Text:
    """What people call the campaign that led to it; empty when none did."""
    if not conversation.campaign:
        return ""
    campaigns = desk.campaigns(conversation.site)
    return campaigns.called(conversation.campaign) if campaigns else conversation.campaign


def last_said(conversation: Conversation, desk: Desk) -> words.Last | None:
    """The last text, shortened."""
    return said_last(desk.glances.of(conversation).last)


def said_last(said: Entry | None) -> words.Last | None:
    """A text, shortened."""
    return words.Last(said.by, said.body[:SHORTENED], said.ts) if said else None


def cart_sum(conversation: Conversation, desk: Desk) -> words.CartSum:
    """What the visitor has in his cart now."""
    state = desk.engine.here(conversation.site, conversation.visitor)
    if state is None or state.session is None:
        return words.CartSum(0.0, 0)
    return words.CartSum(state.session.cart.value, state.session.cart.items)


def me(staff: Staff, desk: Desk) -> words.Me:
    """The wire's `Me`."""
    site, agent = desk.directory.site(staff.at), desk.engine.agent(staff.id)
    return words.Me(
        id=staff.id,
        name=staff.name,
        picture=picture_of(staff),
        email=staff.email,
        role=staff.role,
        status=agent.status,
        reason=agent.reason,
        since=agent.since,
        language=staff.language,
        maximum=agent.maximum,
        load=agent.load,
        site=words.SiteWords(site.id, site.name, site.currency, site.time_zone, site.critical_s, site.typing_preview),
        sites=[words.SiteName(one.id, one.name) for one in desk.directory.sites() if one.id in staff.serves],
        rights=sorted(rights_of(staff.role)),
        demo=desk.demo,
    )


def visitors(site: str, limit: int, desk: Desk) -> words.Visitors:
    """The live list with its sums."""
    rows, sums = desk.engine.live(site, limit)
    return words.Visitors(
        [live(one) for one in rows], *(sums[name] for name in ("online", "eligible", "held_out", "free"))
    )


def live(row: LiveVisitor) -> words.Live:
    """The wire's `Live`."""
    return words.Live(**{name: getattr(row, name) for name in row.__struct_fields__})


def live_frame(site: str, desk: Desk) -> bytes:
    """The live list as a frame."""
    found = visitors(site, LIVE_LIMIT, desk)
    members = {name: getattr(found, name) for name in found.__struct_fields__}
    return encode({"t": "live", **members})


def in_lists_of(conversation: Conversation, staff: Staff) -> str:
    """`mine`, `help`, `guest`, `queue`, `wrap`, or nothing: the list of this agent in which a conversation stands."""
    if conversation.site != staff.at:
        return ""
    if conversation.state == "closed":
        return "wrap" if conversation.wrap_agent == staff.id and conversation.wrapped_at is None else ""
    if conversation.agent == staff.id:
        return "mine"
    if conversation.assistance_at is not None and "supervise" in rights_of(staff.role):
        return "help"
    if staff.id in conversation.guests:
        return "guest"
    fits = conversation.skill is None or conversation.skill in staff.skills
    return "queue" if conversation.state == "queued" and fits else ""
