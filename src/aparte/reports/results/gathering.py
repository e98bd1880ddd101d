"""The figures of the results page out of the facts. Pure but for what is asked; runs in a worker thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from aparte.attribution.facts import Facts
from aparte.experiments.statistics import Effect
from aparte.reports.called import texts_of
from aparte.reports.compare import verdict_of as lying
from aparte.reports.first import SILENT, headline
from aparte.reports.incrementality import model as lift
from aparte.reports.incrementality.cells import CUTS
from aparte.reports.incrementality.report import incrementality
from aparte.reports.measuring import minor_units
from aparte.reports.model import Arm, CampaignReport, Care, Comparison, Funnel, Report, RuleReport, Verdict
from aparte.reports.results.asking import Cell, after_chat, choices, counts, told
from aparte.reports.results.model import By, CurvePoint, Part, Results, Touch
from aparte.reports.scope import Scope, settled
from aparte.sites.model import Site
from aparte.targeting.model import CampaignFile

Counted = Mapping[Cell, tuple[Funnel, Care]]
ATTRIBUTION_MS = 86_400_000
NOBODY = (Funnel(), Care())


def results(
    facts: Facts,
    site: Site,
    scope: Scope,
    plan: CampaignFile,
    *,
    by: By = "rule",
    names: Mapping[str, str] | None = None,
) -> Results:
    """Everything that the page shows. `names`: agents by id."""
    scope, names = settled(facts, scope), names or {}
    period, minor = scope.period_ms(site.time_zone), float(minor_units(site.currency))
    found = incrementality(facts, site, scope, plan, cuts_of(by))
    counted = counts(facts, scope, minor)
    attributed, agents, orders = after_chat(facts, scope, period, minor, names)
    report = replace(
        as_report(site, scope, found, counted, minor), orders=told(facts, scope, period), attributed=attributed
    )
    if scope.campaign is not None:
        report = replace(report, headline=scope.campaign)
    return Results(
        report=report,
        scope=scope,
        by=by,
        parts=parts(found, counted, minor, by),
        agents=agents,
        curve=curve(found, report, minor),
        uncurved=uncurved(found, report),
        attributed_orders=orders,
        touches=tuple(
            Touch(touch=one.touch, window=one.window, orders=one.orders, revenue=one.revenue / minor)
            for one in found.attributed
        ),
        ignored=found.ignored,
        choices=choices(facts, scope),
        names=names,
        labels=texts_of(plan),
    )


def cuts_of(by: By) -> dict[lift.Level, tuple[lift.Cut, ...]]:
    """What has to be compared for a page: rules, days for the curve, and the table that is asked for."""
    wanted = ("rule", "day", by)
    return {level: tuple(one for one in every if one in wanted) for level, every in CUTS.items()}


def as_report(site: Site, scope: Scope, found: lift.Incrementality, counted: Counted, minor: float) -> Report:
    """Comparisons and counts as the page speaks of them."""
    since, until = scope.period_ms(site.time_zone)
    whole = compared(found.whole, minor)
    campaigns = tuple(campaign(one, found, counted, minor) for one in found.campaigns)
    return Report(
        site=site.id,
        currency=site.currency,
        time_zone=site.time_zone,
        since=since,
        until=until,
        now=scope.now,
        horizon_ms=scope.horizon_ms,
        attribution_ms=ATTRIBUTION_MS,
        funnel=counted.get(("", ""), NOBODY)[0],
        whole=whole,
        campaigns=campaigns,
        headline=headline(whole, campaigns),
    )


def campaign(one: lift.Comparison, found: lift.Incrementality, counted: Counted, minor: float) -> CampaignReport:
    """A campaign with its rules, where it has several."""
    funnel, care = counted.get((one.campaign, ""), NOBODY)
    rules = found.of(one.campaign, "rule")
    return CampaignReport(
        name=one.campaign,
        funnel=funnel,
        care=care,
        goal=one.goal,
        comparison=compared(one, minor),
        rules=tuple(rule(each, counted, minor) for each in rules) if len(rules) > 1 else (),
    )


def rule(one: lift.Comparison, counted: Counted, minor: float) -> RuleReport:
    """A rule of a campaign."""
    funnel, care = counted.get((one.campaign, one.value), NOBODY)
    return RuleReport(name=one.value, funnel=funnel, care=care, comparison=compared(one, minor))


def parts(found: lift.Incrementality, counted: Counted, minor: float, by: By) -> tuple[Part, ...]:
    """The rows of a table by something else than rules."""
    if by in ("rule", "agent"):
        return ()
    return tuple(
        Part(campaign=one.campaign, value=one.value, comparison=compared(one, minor))
        for one in found.cuts if one.cut == by and (one.campaign or one.level == "site")
    )  # fmt: skip


def compared(one: lift.Comparison, minor: float) -> Comparison:
    """A comparison of the facts as the page speaks of it."""
    earned = one.earned
    return Comparison(
        level="site" if one.level == "site" else "rule" if one.cut else "campaign",
        verdict=verdict_of(one),
        treated=arm(one.treated, minor),
        holdout=arm(one.control, minor),
        conversion=one.conversion.effect if one.conversion is not None else None,
        relative=one.conversion.relative.estimate if one.conversion and one.conversion.relative else None,
        revenue=scaled(one.revenue.effect, 1 / minor) if one.revenue is not None else None,
        incremental=scaled(one.revenue.effect, earned.visitors / minor) if one.revenue and earned else None,
        net=scaled(one.net.effect, earned.visitors / minor) if one.net is not None and earned else None,
        margin_share=one.treated.margin / one.treated.revenue if one.treated.margin and one.treated.revenue else None,
        break_even=one.break_even,
        word=one.verdict.word,
        dealt_treated=one.treated.dealt,
        dealt_holdout=one.control.dealt,
        planned_holdout=one.planned_holdout or 0.0,
        split_p=one.srm_p,
        first_reading=one.first_reading,
        full_size=one.planned,
        days_needed=one.verdict.days,
        **{name: getattr(one.notes, name) for name in NOTES},
    )


NOTES = ("young", "returning", "mixed", "merged", "merged_share", "crossover", "invited_by_others")


def verdict_of(one: lift.Comparison) -> Verdict:
    """What may be said of it: where the interval lies, which says more than what it asks for."""
    if one.state != "read" or one.conversion is None:
        return "open" if one.state == "read" else one.state
    return lying(one.conversion.effect, one.planned is not None and one.control.visitors >= one.planned)


def arm(one: lift.Side, minor: float) -> Arm:
    """One side."""
    return Arm(
        visitors=one.visitors,
        buyers=one.buyers,
        conversion=one.conversion,
        conversion_low=one.low,
        conversion_high=one.high,
        revenue=one.revenue / minor if one.revenue is not None else None,
    )


def scaled(effect: Effect, by: float) -> Effect:
    """The effect in another unit, or of so many together."""
    return Effect(effect.estimate * by, effect.se * by, effect.low * by, effect.high * by, effect.p, effect.df)


def curve(found: lift.Incrementality, report: Report, minor: float) -> tuple[CurvePoint, ...]:
    """The days of what speaks first; none where no effect may be told."""
    if report.speaking.verdict in (*SILENT, "uneven"):
        return ()
    return tuple(
        CurvePoint(
            one.day, one.revenue.estimate / minor, one.revenue.low / minor, one.revenue.high / minor, one.buyers
        )
        for one in points(found, report) if one.revenue is not None
    )  # fmt: skip


def points(found: lift.Incrementality, report: Report) -> list[lift.Point]:
    """All days of what speaks first, those without a band among them."""
    lines: Sequence[lift.Curve] = [one for one in found.curves if one.campaign == report.headline]
    return [one for line in lines if (line.level == "site") == (not report.headline) for one in line.points]


def uncurved(found: lift.Incrementality, report: Report) -> tuple[date, tuple[int, int]] | None:
    """How far it is from its first band; None where there is one, or where no effect may be told."""
    days = points(found, report)
    if report.speaking.verdict in (*SILENT, "uneven") or not days or any(one.revenue is not None for one in days):
        return None
    return days[-1].day, days[-1].buyers
