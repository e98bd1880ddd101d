"""Who is on the site now, as the console's live list shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from aparte.engagements.by_hand import held_out as would_be_held_out
from aparte.engagements.gates import REACHABLE_MS
from aparte.engagements.model import HoldOut, Invite, Refrain
from aparte.engine.barred import barred
from aparte.engine.blocking import blocked
from aparte.engine.ports import LiveVisitor
from aparte.engine.site import LiveSite, Visit
from aparte.engine.talks import Talk
from aparte.experiments.model import HOLDOUT
from aparte.kit.labels import visitor_label

ONLINE_MS = 300_000
"""A visitor of whom nothing was heard for five minutes is not counted as being there."""
HIDDEN_MS = 30_000
"""Nor is one whose page was hidden, or left, so long ago: a page that is looked at is heard of every ten seconds."""
FIRST = ("chatting", "waiting", "invited", "eligible", "held_out", "browsing", "blocked")

Standing: TypeAlias = Literal["browsing", "eligible", "invited", "held_out", "waiting", "chatting", "blocked"]
Row: TypeAlias = tuple[Standing, str | None, int]
"""State, rule, since when."""


def online(live: LiveSite, now: int) -> Iterator[Visit]:
    """Visitors with an open session who are there, the latest first; robots are left out."""
    for visit in reversed(live.visits.values()):
        if is_online(visit, now):
            yield visit


def is_online(visit: Visit, now: int) -> bool:
    """Whether this visitor is there, and no robot."""
    session = visit.session
    if session is None or visit.visitor.bot:
        return False
    patience = HIDDEN_MS if visit.visitor.reachable_at is not None else ONLINE_MS
    return now - max(session.event_at, visit.visitor.reachable_at or 0, visit.heard) <= patience


def standing(live: LiveSite, visit: Visit, talk: Talk | None, now: int) -> Row:
    """How far the engine has come with a visitor in this session."""
    session, visitor = visit.session, visit.visitor
    if talk is not None:
        return ("chatting" if talk.agent else "waiting"), None, talk.opened_at
    pending = live.pending.get(visitor.open.id) if visitor.open is not None else None
    block = blocked(live, visitor.id, now)
    if block is not None:
        return "blocked", None, block.at
    if pending is not None and now < pending.expires_at:
        return "invited", f"{pending.campaign}/{pending.rule}" if pending.campaign else None, pending.at
    if session is None or not session.eligible:
        return "browsing", None, session.started_at if session else now
    at, rule = latest(live, visit)
    return ("held_out" if held_out(visit) else "eligible"), rule, at


def latest(live: LiveSite, visit: Visit) -> tuple[int, str | None]:
    """When, and by which rule, the last thing was decided; after a restart, what the session itself tells."""
    session, told = visit.session, visit.told
    if session is None:
        return 0, None
    if told is not None and told.at >= session.started_at:
        return told.at, f"{told.campaign}/{told.rule}"
    first = (session.eligible & -session.eligible).bit_length() - 1
    rules = live.campaigns.rules
    return session.at, rules[first].key if first < len(rules) else None


def held_out(visit: Visit) -> bool:
    """Whether an invitation was due in this session and was withheld."""
    if isinstance(visit.told, HoldOut | Invite):
        return isinstance(visit.told, HoldOut)
    began = visit.session.started_at if visit.session else 0
    contacts = visit.visitor.contacts or {}
    due = any(times and times[-1] >= began for campaign, times in contacts.items() if campaign)  # not those by hand
    return due and in_hold_out(visit)


def in_hold_out(visit: Visit) -> bool:
    """Whether the visitor is in a hold-out, of the site or of a campaign that came to draw his arm."""
    return any(one.arm == HOLDOUT and not one.merged for one in (visit.visitor.arms or {}).values())


def why(visit: Visit, standing: Row) -> str:
    """Why he is where he is; see `LiveVisitor.why`."""
    state, rule, _ = standing
    told = visit.told
    if state == "invited":
        return "" if rule else "by_hand"
    if state == "held_out":
        return told.level if isinstance(told, HoldOut) else ""
    return told.reason.value if state == "eligible" and isinstance(told, Refrain) else ""


def row(live: LiveSite, visit: Visit, standing: Row, now: int) -> LiveVisitor:
    """One line of the live list."""
    session, visitor = visit.session, visit.visitor
    if session is None:
        raise AssertionError("only visitors with a session are listed")
    state, rule, at = standing
    page, landing, cart = session.page, session.landing, session.cart
    heard = visitor.reachable_at
    return LiveVisitor(
        visitor=visitor.id,
        label=visitor_label(visitor.id),
        page={"url": page.url, "path": page.path, "title": page.title, "at": page.at},
        referrer=landing.referrer_domain,
        channel=landing.channel,
        since=session.started_at,
        cart={"value": cart.value, "items": cart.items},
        device=landing.device,
        country=landing.country,
        visits=session.number,
        state=state,
        rule=rule,
        state_at=at,
        reachable=heard is not None and visitor.visible and now <= heard + REACHABLE_MS,
        verified=visitor.proven_id is not None,
        why=why(visit, standing),
        barred=barred(live, visit, now, talking=state in ("chatting", "waiting")),
        locked=bool(would_be_held_out(live.campaigns.file, visitor)),
    )


def listed(live: LiveSite, rows: list[tuple[Visit, Row]], limit: int, now: int) -> list[LiveVisitor]:
    """The first of them: whoever is nearest to a conversation, then who was heard of last."""
    chosen = sorted(rows, key=lambda one: FIRST.index(one[1][0]))[:limit]
    return [row(live, visit, standing, now) for visit, standing in chosen]


def totals(rows: list[tuple[Visit, Row]], free: int) -> dict[str, Any]:
    """How many are there, how many are eligible, how many held out; and how many could be answered."""
    states = [standing[0] for _, standing in rows]
    return {
        "online": len(rows),
        "eligible": sum(1 for _, found in rows if found[0] in ("eligible", "invited")),
        "held_out": states.count("held_out"),
        "free": free,
    }
