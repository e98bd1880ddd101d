"""Budgets: how many invitations, or accepted ones, a campaign may give in a period of the site's calendar."""

from __future__ import annotations

from msgspec import Struct

from aparte.kit.civil import local
from aparte.targeting.model import Budget

FORMATS = {"hour": "%Y-%m-%dT%H%z", "day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}


class Spent(Struct, array_like=True):
    """What a campaign has given; a ghost invitation counts as one."""

    invitations: int = 0
    accepted: int = 0
    """Both over the campaign's life."""
    per: str = ""
    """The length of the period of its budget; empty: none."""
    period: str = ""
    """The period that the next two belong to, in the site's time zone."""
    invitations_in: int = 0
    accepted_in: int = 0


def period_of(per: str, now: int, time_zone: str) -> str:
    """The name of the hour, day, ISO week or month at the site; an hour that comes twice has two names."""
    return local(now, time_zone).strftime(FORMATS[per]) if per else ""


def turn(spent: Spent, per: str, now: int, time_zone: str) -> None:
    """Begin the period of this moment when it is another one."""
    period = period_of(per, now, time_zone)
    if (per, period) != (spent.per, spent.period):
        spent.per, spent.period, spent.invitations_in, spent.accepted_in = per, period, 0, 0


def invited(spent: Spent, budget: Budget | None, now: int, time_zone: str) -> None:
    """An invitation, or the ghost of one."""
    turn(spent, (budget.per if budget else None) or "", now, time_zone)
    spent.invitations += 1
    spent.invitations_in += 1


def accepted(spent: Spent, now: int, time_zone: str) -> None:
    """One was accepted."""
    turn(spent, spent.per, now, time_zone)
    spent.accepted += 1
    spent.accepted_in += 1


def refusal(spent: Spent, budget: Budget, under_way: int, now: int, time_zone: str) -> str:
    """Which part of the budget is used up; empty when none is.

    Invitations `under_way` count as if they were accepted, so that their answers cannot go beyond the budget.
    """
    per = budget.per or ""
    same = not per or (per, period_of(per, now, time_zone)) == (spent.per, spent.period)
    invitations = (spent.invitations_in if per else spent.invitations) if same else 0
    taken = (spent.accepted_in if per else spent.accepted) if same else 0
    if budget.invitations is not None and invitations >= budget.invitations:
        return "invitations"
    if budget.accepted is not None and taken + under_way >= budget.accepted:
        return "accepted"
    return ""
