"""What the chat does to the departments beside it: the hours it takes, and those that phone and mail are spared."""

from __future__ import annotations

from msgspec import Struct

from aparte.planning.channels import channels
from aparte.planning.inputs import Scenario
from aparte.planning.roi import business_case, values

AVOIDED = {"phone": "service.calls_avoided_per_conversation", "mail": "service.mails_avoided_per_conversation"}
"""Kind of channel -> the input that says what a conversation truly avoids of it."""


class Hours(Struct, frozen=True):
    """Hours at work in a full month: taken by the chat, and spared elsewhere. Without shrinkage, which stays."""

    chat: float
    phone: float
    mail: float


def departments(scenario: Scenario) -> Hours | None:
    """Hours that move; None when none are spared, or when the chat's own cannot be told.

    Spared = conversations x contacts avoided by each x hours of a contact, of the first channel of that kind.
    """
    month = business_case(scenario).month
    if not month.conversations_per_agent_hour:
        return None
    each, given = hours_of_a_contact(scenario), values(scenario)
    spared = {kind: month.conversations * float(given[path]) * each.get(kind, 0.0) for kind, path in AVOIDED.items()}
    return Hours(month.conversations / month.conversations_per_agent_hour, **spared) if any(spared.values()) else None


def hours_of_a_contact(scenario: Scenario) -> dict[str, float]:
    """By the kind of a channel, the first of each."""
    first: dict[str, str] = {}
    for one in scenario.channels:
        first.setdefault(one.kind, one.name)
    found = {one.name: one for one in channels(scenario) if one.contacts_per_month}
    return {
        kind: found[name].agent_hours_per_month / found[name].contacts_per_month
        for kind, name in first.items()
        if name in found
    }
