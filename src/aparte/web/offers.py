"""Answers to invitations: the same for the doors of HTTP and for a socket; and how an invitation is told."""

from __future__ import annotations

from typing import Any

from aparte.conversations.model import Conversation, Request
from aparte.conversations.store import Refused
from aparte.engine.blocking import Blocked
from aparte.engine.ports import OfferShown
from aparte.sites.model import Site
from aparte.targeting.model import Appearance
from aparte.web import views
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal

MOVES: dict[str, Any] = {"shown": "shown", "decline": "declined", "ignore": "ignored"}
LOOK = Appearance.__struct_fields__


async def move(who: Principal, engagement: str, what: str, desk: Desk) -> None:
    """The visitor has seen, declined or ignored an invitation (`MOVES`); Problem 410 when it is over or not his."""
    if not await desk.whole(desk.engine.move_invitation(who.site, who.id, engagement, MOVES[what])):
        raise over()


async def accept(
    who: Principal, engagement: str, language: str, desk: Desk, form: dict[str, str] | None = None
) -> dict[str, Any]:
    """What it opens: `conversation`, or null and `request`; Problem 410 when it is over or not his, 403 `blocked`."""
    try:
        opened = await desk.whole(desk.engine.accept(who.site, who.id, engagement, language))
    except Blocked:
        raise blocked() from None
    if opened is None:
        raise over()
    if isinstance(opened, Request):
        return {"conversation": None, "request": {"id": opened.id}}
    found = await filled(opened, form or {}, desk)
    return {"conversation": views.conversation_for_visitor(found, desk)}


async def filled(opened: Conversation, form: dict[str, str], desk: Desk) -> Conversation:
    """The conversation with its form; one that is over meanwhile stays as it is."""
    if not form or opened.form or opened.state == "closed":
        return opened
    work = desk.engine.fill_form(opened.site, opened.id, opened.visitor, form)
    found = await desk.whole(work)
    return opened if isinstance(found, Refused) else found


def on_now(who: Principal, conversation: Conversation, desk: Desk) -> dict[str, Any] | None:
    """The invitation that belongs on this visitor's screen, in the language of his conversation."""
    shown = desk.engine.offer(who.site, who.id, conversation.language)
    return frame_of(shown, conversation.language) if shown is not None else None


def frame_of(shown: OfferShown, language: str) -> dict[str, Any]:
    """The wire's `offer` but for how long it is good: `expires` is a moment in ms."""
    return {
        "engagement_id": shown.engagement,
        "expires": shown.expires_at,
        "channel": shown.offer.channel,
        "message": shown.offer.message if isinstance(shown.offer.message, str) else "",
        "language": language,
        "appearance": shown.appearance and {name: getattr(shown.appearance, name) for name in LOOK},
        "state": shown.state,
    }


def language(site: Site, asked: str) -> str:
    """The language of the conversation: the one asked for when the site has it, else the site's own."""
    short = asked.lower().partition("-")[0]
    return short if short in site.languages else site.language


def blocked() -> Problem:
    """He is answered by nobody, until somebody lifts that."""
    return Problem(403, "blocked", "nobody answers here", where="token")


def over() -> Problem:
    """Somebody answers an invitation too late, or one that was never his."""
    return Problem(410, "offer_over", "this invitation is over", where="engagement", hint="open a conversation")
