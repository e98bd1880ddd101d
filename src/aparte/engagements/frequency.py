"""How often a campaign may address a visitor. A ghost invitation counts like a shown one: both arms are alike."""

from __future__ import annotations

from aparte.kit.durations import parse_duration
from aparte.sessions.model import SessionState, VisitorState
from aparte.targeting.model import Frequency, Offer

MOST_CONTACTS = 50


def refusal(
    frequency: Frequency, offer: Offer, campaign: str, session: SessionState, visitor: VisitorState, now: int
) -> str:
    """Which limit forbids another invitation of this campaign now; empty when none does."""
    contacts = (visitor.contacts or {}).get(campaign, ())
    if contacts and frequency.once_per_session and contacts[-1] >= session.started_at:
        return "once_per_session"
    if contacts and now < contacts[-1] + parse_duration(offer.expires):
        return "just_invited"
    if within(frequency.after_decline, visitor.last_decline_at, now):
        return "after_decline"
    if within(frequency.after_chat, visitor.last_chat_at, now):
        return "after_chat"
    if frequency.at_most is not None and frequency.per is not None:
        since = now - parse_duration(frequency.per)
        if sum(at > since for at in contacts) >= frequency.at_most:
            return "at_most"
    return ""


def site_refusal(frequency: Frequency, visitor: VisitorState, now: int) -> str:
    """Which limit of the house, over all campaigns together, forbids another invitation now; empty when none does."""
    if within(frequency.after_decline, visitor.last_decline_at, now):
        return "site_after_decline"
    if within(frequency.after_chat, visitor.last_chat_at, now):
        return "site_after_chat"
    if frequency.at_most is not None and frequency.per is not None:
        since = now - parse_duration(frequency.per)
        contacts = (visitor.contacts or {}).values()
        if sum(at > since for times in contacts for at in times) >= frequency.at_most:
            return "site_at_most"
    return ""


def within(period: str | None, event_at: int | None, now: int) -> bool:
    """Whether less than the period has passed since the event."""
    return period is not None and event_at is not None and now < event_at + parse_duration(period)


def remember(visitor: VisitorState, campaign: str, now: int, at_most: int | None = None) -> None:
    """Note that an invitation of this campaign was due, shown or not."""
    if visitor.contacts is None:
        visitor.contacts = {}
    times = visitor.contacts.setdefault(campaign, [])
    times.append(now)
    del times[: -max(MOST_CONTACTS, at_most or 0)]
