"""What proactive help has changed: the site, each campaign, every cut, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from msgspec import Struct, field

from aparte.attribution.facts import Facts
from aparte.reports.incrementality.attribution import attributed
from aparte.reports.incrementality.cells import CUTS, Arms, Cell, Part, cells
from aparte.reports.incrementality.comparing import Known, compare, together
from aparte.reports.incrementality.curve import curves
from aparte.reports.incrementality.model import Comparison, Cut, Incrementality, Level
from aparte.reports.incrementality.persons import AFTER_DRAW, HOLDOUT
from aparte.reports.scope import Scope, settled
from aparte.sites.model import Site
from aparte.targeting.model import Campaign, CampaignFile

NOBODY = Cell()
COVERED_ENOUGH = 0.95
"""Share of eligible moments in which a slot was free, from which on agents count as free for more."""
MARGINS = """SELECT count(*) FILTER (margin IS NOT NULL) / nullif(count(*), 0) FROM orders
WHERE site = $site AND stands AND happened_at >= $since AND happened_at < $until"""
CAPACITY = """SELECT campaign, rule, avg(covered::INT) FROM engagement
WHERE site = $site AND campaign <> '' AND from_at >= $since AND from_at < $until GROUP BY ALL ORDER BY ALL"""


class Bench(Struct, frozen=True, kw_only=True):
    """What all comparisons of one report share."""

    plan: CampaignFile
    seen_until: int
    margins: bool
    free: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """(campaign, rule) -> share of eligible moments with a free slot; under rule "" the campaign's lowest."""

    def campaign(self, name: str) -> Campaign | None:
        """As it is planned now; None: it has left the plan."""
        return next((one for one in self.plan.campaigns if one.name == name), None)

    def known(self, level: Level, part: Part, unknown: int) -> Known:
        """What is known beside the arms of a part."""
        name, cut, value = part
        planned = self.campaign(name)
        holdout = self.plan.site.holdout if level == "site" else planned.holdout if planned is not None else None
        if cut == "variant" and holdout is not None:
            holdout = with_variant(planned, value, holdout)
        free = self.free.get((name, value if cut == "rule" else ""), 0.0)
        return Known(
            level=level,
            goal=planned.goal if planned is not None else "order",
            planned_holdout=holdout,
            seen_until=self.seen_until,
            margins=self.margins,
            unused_capacity=free >= COVERED_ENOUGH,
            variant_unknown=unknown,
        )


def incrementality(
    facts: Facts, site: Site, scope: Scope, plan: CampaignFile, cuts: Mapping[Level, Sequence[Cut]] = CUTS
) -> Incrementality:
    """The whole report, by all cuts or those asked for; curves need the cut `day`. Runs in a worker thread."""
    scope = settled(facts, scope)
    period = scope.period_ms(site.time_zone)
    leads = [one.name for one in plan.campaigns if one.goal == "lead"]
    share = margin_known(facts, scope, period)
    bench = Bench(
        plan=plan, seen_until=min(period[1], scope.now), margins=bool(share), free=capacity(facts, scope, period)
    )  # fmt: skip
    levels = get_args(Level)
    arms = {level: cells(facts, scope, level, period, leads, cuts[level]) for level in levels}
    whole = one_of(bench, "site", ("", "", ""), arms["site"])
    names = ordered(plan, scope, arms["campaign"])
    campaigns = together([one_of(bench, "campaign", (name, "", ""), arms["campaign"]) for name in names])
    return Incrementality(
        site=scope.site,
        currency=site.currency,
        confirmed_only=scope.orders == "confirmed",
        horizon=scope.horizon,
        ignored=tuple(one for one in AFTER_DRAW if getattr(scope, one) is not None),
        margin_known=share,
        whole=whole,
        campaigns=tuple(campaigns),
        cuts=tuple(one for level in levels for one in all_cuts(bench, level, arms[level], cuts[level])),
        curves=tuple(one for level in levels for one in curves(arms[level], level)),
        attributed=attributed(facts, scope, period, speaking(scope, whole, campaigns), leads),
    )


def dealt(facts: Facts, site: Site, scope: Scope, plan: CampaignFile) -> dict[str, float | None]:
    """How chance has dealt the arms of each campaign, and of the site (""): the p-value of its comparison.

    None: nothing is planned, or too few are dealt to ask. A campaign that has left the plan is not looked at.
    """
    period = scope.period_ms(site.time_zone)
    bench = Bench(plan=plan, seen_until=min(period[1], scope.now), margins=False)
    parts: dict[Level, list[str]] = {"site": [""], "campaign": [one.name for one in plan.campaigns]}
    return {
        name: one_of(bench, level, (name, "", ""), arms).srm_p
        for level, names in parts.items()
        for arms in [cells(facts, scope, level, period, [], ())]
        for name in names
    }


def speaking(scope: Scope, whole: Comparison, campaigns: Sequence[Comparison]) -> Comparison:
    """What attributed orders stand beside: the campaign that is asked for, else the site."""
    return next((one for one in campaigns if one.campaign == scope.campaign), whole)


def margin_known(facts: Facts, scope: Scope, period: tuple[int, int]) -> float | None:
    """The share of the period's orders whose margin is known."""
    found = facts.ask(MARGINS, {"site": scope.site, "since": period[0], "until": period[1] + scope.horizon_ms}).rows
    return None if found[0][0] is None else float(found[0][0])


def capacity(facts: Facts, scope: Scope, period: tuple[int, int]) -> dict[tuple[str, str], float]:
    """How often a slot was free when a rule held."""
    found: dict[tuple[str, str], float] = {}
    for campaign, rule, share in facts.ask(CAPACITY, {"site": scope.site, "since": period[0], "until": period[1]}).rows:
        found[campaign, rule] = share
        for whole in (campaign, ""):
            found[whole, ""] = min(share, found.get((whole, ""), 1.0))
    return found


def ordered(plan: CampaignFile, scope: Scope, arms: Arms) -> list[str]:
    """The campaigns of the plan in its order, then those that have left it; one alone where one is asked for."""
    names = [one.name for one in plan.campaigns]
    names += sorted({part[0] for part in arms} - set(names))
    return [one for one in names if scope.campaign in (None, one)]


def one_of(bench: Bench, level: Level, part: Part, arms: Arms) -> Comparison:
    """The comparison of a part; of a variant against the whole hold-out of its campaign."""
    sides = arms.get(part, {})
    campaign, cut, _ = part
    against = arms.get((campaign, "", ""), {}) if cut == "variant" else sides
    unknown = arms.get((campaign, "variant", ""), {}).get("treated", NOBODY).dealt if cut == "variant" else 0
    control, treated = against.get(HOLDOUT[level], NOBODY), sides.get("treated", NOBODY)
    return compare(part, control, treated, bench.known(level, part, unknown))


def all_cuts(bench: Bench, level: Level, arms: Arms, cuts: Sequence[Cut]) -> Iterable[Comparison]:
    """Every part of the site, or of each campaign; those of one cut know of one another."""
    for campaign in sorted({part[0] for part in arms}):
        for cut in cuts:
            parts = sorted(part for part in arms if part[:2] == (campaign, cut) and named(part))
            yield from together([one_of(bench, level, part, arms) for part in parts])


def named(part: Part) -> bool:
    """Whether a part is one: nobody's variant is none, and a day is one."""
    return part[1] not in ("variant", "day") or bool(part[2])


def with_variant(campaign: Campaign | None, variant: str, holdout: float) -> float | None:
    """The share of the hold-out among those held out and those of a variant; None: the plan knows no such variant."""
    shares: dict[str, float] = {}
    if campaign is not None and campaign.experiment is not None:
        shares = {one.name: one.share for one in campaign.experiment.variants}
    part = shares.get(variant, 0.0) * (1 - holdout)
    return holdout / (holdout + part) if part else None
