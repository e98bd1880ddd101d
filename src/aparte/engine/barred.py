"""Who cannot be invited by hand now, and why: the live list shows it, and the door answers it."""

from __future__ import annotations

from aparte.engagements.by_hand import held_out
from aparte.engagements.gates import REACHABLE_MS
from aparte.engine.blocking import blocked
from aparte.engine.site import LiveSite, Visit
from aparte.sessions.apply import over


def barred(live: LiveSite, visit: Visit | None, now: int, *, talking: bool) -> str:
    """Why nobody may invite this visitor by hand now; empty when somebody may. Slots are not asked here."""
    if visit is None:
        return "unreachable"
    visitor = visit.visitor
    if blocked(live, visitor.id, now):
        return "blocked"
    if talking:
        return "talking"
    pending = live.pending.get(visitor.open.id) if visitor.open is not None else None
    if pending is not None and now < pending.expires_at:
        return "invited"
    if held_out(live.campaigns.file, visitor):
        return "held_out"
    return "" if reachable(visit, now) else "unreachable"


def reachable(visit: Visit, now: int) -> bool:
    """Whether a person who allows it would see an invitation: his page is visible, and was heard of a moment ago."""
    visitor, session = visit.visitor, visit.session
    if session is None or over(session, now) or visitor.bot or visitor.consent != "full":
        return False
    return visitor.visible and now <= max(visitor.reachable_at or 0, visit.heard) + REACHABLE_MS
