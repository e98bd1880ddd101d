"""What inviting has added, as the comparison with the hold-out says it: the numbers that costs are set against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot
from typing import TypeAlias

from aparte.attribution.facts import Facts
from aparte.reports.incrementality.model import Comparison, Incrementality, Range
from aparte.reports.incrementality.report import incrementality
from aparte.reports.kpis.model import Bound, Incremental
from aparte.reports.scope import Scope
from aparte.sites.model import Site
from aparte.targeting.model import CampaignFile

Added: TypeAlias = tuple[Incremental | None, Mapping[str, Incremental]]
"""Of the whole scope, and by channel."""


def added(facts: Facts, site: Site, scope: Scope, plan: CampaignFile) -> Added:
    """The numbers of a scope; in a worker thread."""
    return of_comparisons(incrementality(facts, site, scope, plan, {"site": (), "campaign": ("channel",)}), scope)


def of_comparisons(found: Incrementality, scope: Scope) -> Added:
    """The comparison of the campaign that is asked for, else that of the site; and campaigns' cuts by channel.

    A channel's numbers of several campaigns are added, each with its own hold-out, their deviations as if independent.
    """
    whole = next((one for one in found.campaigns if one.campaign == scope.campaign), found.whole)
    cuts: dict[str, list[Incremental]] = {}
    for one in found.cuts:
        told = incremental(one) if one.cut == "channel" and scope.campaign in (None, one.campaign) else None
        if told is not None:
            cuts.setdefault(one.value, []).append(told)
    return incremental(whole), {channel: together(all_of) for channel, all_of in cuts.items()}


def together(all_of: Sequence[Incremental]) -> Incremental:
    """Several added up; what one of them does not know is not known."""
    return Incremental(*(total([getattr(one, name) for one in all_of]) for name in ("orders", "revenue", "margin")))


def total(bounds: Sequence[Bound | None]) -> Bound | None:
    """Their sum."""
    known = [one for one in bounds if one is not None]
    if len(known) < len(bounds):
        return None
    value = sum(one.value for one in known)
    below, above = hypot(*(one.value - one.low for one in known)), hypot(*(one.high - one.value for one in known))
    return Bound(value, value - below, value + above)


def incremental(of: Comparison) -> Incremental | None:
    """The numbers of a comparison; None where it cannot be read."""
    earned = of.earned
    return None if earned is None else Incremental(bound(earned.orders), bound(earned.revenue), bound(earned.margin))


def bound(of: Range | None) -> Bound | None:
    """One number with its bounds."""
    return None if of is None else Bound(of.estimate, of.low, of.high)
