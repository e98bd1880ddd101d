"""Paid hours and wages of the agents in scope, from their shifts and their log-ins. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from aparte.kit.money import minor_digits
from aparte.reports.kpis.model import Hours
from aparte.reports.numbers import day_of
from aparte.reports.scope import Scope
from aparte.routing.hours import days_of_work
from aparte.routing.model import Team, Work
from aparte.routing.store import RoutingReader
from aparte.sites.model import Site, Staff
from aparte.sites.store import SiteReader


def hours_of(
    site: Site, scope: Scope, staff: Sequence[Staff], work: Sequence[Work], teams: Sequence[Team]
) -> Hours | None:
    """The hours of the scope's agent and team up to today; None when nobody has a shift or has logged in.

    Paid are the planned hours of a day with a shift, the logged-in hours of one without. `wages` is in minor units, at
    the cost of the agent's team, else the site's wage.
    """
    mine = [one for one in staff if scope.agent in (None, one.id) and scope.team in (None, one.team)]
    last = min(scope.until, day_of(scope.now, site.time_zone))
    rows = days_of_work(mine, work, scope.since, last, site.time_zone, scope.now)
    if not rows:
        return None
    unit = 10 ** minor_digits(site.currency)
    told = {team.id: team.cost_per_hour * unit for team in teams if team.cost_per_hour > 0}
    wages = {one.id: told.get(one.team, site.costs.wage) for one in mine}
    paid = {one.id: 0 for one in mine}
    for row in rows:
        paid[row.staff] += row.paid_s
    return Hours(
        paid=sum(paid.values()) / 3600,
        logged=sum(row.logged_s for row in rows) / 3600,
        wages=sum(seconds / 3600 * (wages[who] or 0) for who, seconds in paid.items()),
        unpaid=sum(seconds for who, seconds in paid.items() if wages[who] is None) / 3600,
    )


def period(site: Site, scope: Scope) -> tuple[int, int]:
    """The moments between which work is asked for: with a day before, for shifts over midnight."""
    since, until = scope.period_ms(site.time_zone)
    return since - round(timedelta(days=1) / timedelta(milliseconds=1)), until


class People(RoutingReader, SiteReader, Protocol):
    """The part of a store that says who worked, and what it costs."""


def paid_hours(people: People, site: Site, scope: Scope) -> Hours | None:
    """The hours of a scope as the records say them now."""
    work = people.work(site.id, *period(site, scope))
    return hours_of(site, scope, people.staff(site.id), work, people.teams(site.id))
