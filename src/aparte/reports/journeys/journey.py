"""The whole report, of one scope."""

from __future__ import annotations

from aparte.attribution.facts import Facts
from aparte.reports.journeys.abandoners import abandoners
from aparte.reports.journeys.asked import Asked
from aparte.reports.journeys.funnel import funnel
from aparte.reports.journeys.leaving import leaving
from aparte.reports.journeys.losses import losses
from aparte.reports.journeys.model import Journey
from aparte.reports.journeys.ways import ways
from aparte.reports.scope import Scope, ignored


def journey(facts: Facts, scope: Scope, asked: Asked) -> Journey:
    """All figures. Takes a while for a large site: to be called in a worker thread."""
    return Journey(
        site=scope.site,
        since=scope.since.isoformat(),
        until=scope.until.isoformat(),
        ignored=ignored(scope, "session"),
        funnel=funnel(facts, scope, asked.steps, asked.unit),
        leaving=leaving(facts, scope, asked.page),
        losses=losses(facts, scope),
        ways=ways(facts, scope, asked.who, asked.last),
        abandoners=abandoners(facts, scope),
    )
