"""Who may do what: rights, and the roles that have them. Doors name a right, never a role."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from aparte.sites.model import Role

Right: TypeAlias = Literal[
    "open", "self", "read", "analyse", "converse", "supervise", "plan", "library", "staff", "sites", "audit"
]
WHAT: dict[Right, str] = {
    "open": "sign in, set up, ask for a new password: anybody, signed in or not",
    "self": "one's own session, language, password and second factor",
    "read": "visitors, conversations, journeys, campaigns, reports, staff",
    "analyse": "compare campaign versions on the stored log, which takes time of the machine",
    "converse": "take, write, close, hand on one's own conversations; be available; requests; tags, codes, cards; "
    "invite by hand, block",
    "supervise": "board, whisper, join, take over, hand on what others have",
    "plan": "save, publish and roll back campaigns; goals, contracts, statements; costs and the formula of return; "
    "business case, staffing, pilot, saved scenarios",
    "library": "canned replies, scripts, articles, the words of tags and codes",
    "staff": "members of staff within one's own rank, their sessions, teams",
    "sites": "keys, settings, catalogue, traits, webhooks, API tokens",
    "audit": "the audit log",
}
"""In the words of docs/reference/staff.md."""
ALL: frozenset[Right] = frozenset(get_args(Right))
ANALYST: frozenset[Right] = frozenset({"open", "self", "read", "analyse"})
AGENT: frozenset[Right] = frozenset({"open", "self", "read", "converse"})
LEAD: frozenset[Right] = ALL - {"sites", "audit"}
RIGHTS: dict[Role, frozenset[Right]] = {
    "analyst": ANALYST, "agent": AGENT, "supervisor": LEAD, "manager": LEAD, "admin": ALL,
}  # fmt: skip
SCOPES: frozenset[Right] = ALL - {"open", "self"}
"""What a token of the API can be given: it has no self."""
RANKS: dict[Role, int] = {"analyst": 0, "agent": 1, "supervisor": 2, "manager": 3, "admin": 4}
"""Nobody changes or makes somebody above himself."""


def rights_of(role: str) -> frozenset[Right]:
    """The rights of a role; none of a word that is no role."""
    return next((rights for known, rights in RIGHTS.items() if known == role), frozenset())


def rank_of(role: str) -> int:
    """How high a role stands; below all others for a word that is no role."""
    return next((rank for known, rank in RANKS.items() if known == role), -1)
