"""The first report: what became of candidates, and what inviting them changed.

Pure; each figure is defined in docs/reference/first-report.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from aparte.conversations.store import PastConversation
from aparte.engagements.store import Invitation
from aparte.reports.compare import DAY, Spans, compare
from aparte.reports.model import CampaignReport, Comparison, Report, RuleReport
from aparte.reports.population import Period, Population, add_invitations, funnel, of_person, populations
from aparte.reports.sales import Sales, attributed, sales_of, sales_of_leads
from aparte.reports.sources import ReportSources
from aparte.sites.model import Site
from aparte.targeting.model import CampaignFile

HORIZON = 7 * DAY
"""How long a candidate has to buy."""
ATTRIBUTION = DAY
"""How long after a conversation an order is attributed to it."""
SILENT = {"empty", "no_holdout", "too_early", "selected"}
"""Verdicts that say nothing of an effect for want of visitors."""

Moments = dict[str, list[int]]


def report(site: Site, since: int, until: int, now: int, sources: ReportSources, *, horizon: int = HORIZON) -> Report:
    """All figures of a site for the candidates of a period; milliseconds, `until` is not included.

    Reads every source once. Orders are taken until `horizon` after the period, for its last candidates.
    """
    period = Period(since, until)
    roots = sources.merges(site.id)
    people = populations(sources.decisions(site.id), period, roots)
    told = of_person(sources.invitations(site.id), roots)
    invitations = [one for one in told if one.campaign]  # without one it was by hand, and of no comparison
    add_invitations(people, invitations, period)
    talks = list(of_person(sources.past_conversations(site.id), roots))
    sales = sales_of(of_person(sources.orders(site.id), roots), since, until + horizon, site.currency)
    leads = sales_of_leads(of_person(sources.leads(site.id), roots), since, until + horizon)
    spans = Spans(since=since, until=until, now=now, horizon=horizon)
    bench = Bench(sources.campaigns(site.id), sales, leads, spans, invitations, talks)
    campaigns = tuple(bench.campaign(name, people.get(name, Population())) for name in bench.names(people))
    whole = bench.whole(people[""])
    return Report(
        site=site.id,
        currency=site.currency,
        time_zone=site.time_zone,
        since=since,
        until=until,
        now=now,
        horizon_ms=horizon,
        attribution_ms=ATTRIBUTION,
        funnel=funnel(people[""], sales, horizon),
        whole=whole,
        campaigns=campaigns,
        headline=headline(whole, campaigns),
        orders=sales.counts,
        attributed=attributed(sales, talks, since, until, ATTRIBUTION),
    )


class Bench:
    """What all comparisons of one report share."""

    def __init__(
        self,
        plan: CampaignFile,
        sales: Sales,
        leads: Sales,
        spans: Spans,
        invitations: Sequence[Invitation],
        talks: Sequence[PastConversation],
    ) -> None:
        self.plan, self.sales, self.leads, self.spans = plan, sales, leads, spans
        self.goals = {one.name: one.goal for one in plan.campaigns}
        self.planned = {one.name: one.holdout for one in plan.campaigns}
        self.wrote = moments((one.visitor, one.opened_at) for one in talks)
        self.invited: dict[str, Moments] = defaultdict(dict)
        for name in {one.campaign for one in invitations}:
            self.invited[name] = moments((one.visitor, one.at) for one in invitations if one.campaign == name)

    def names(self, people: dict[str, Population]) -> list[str]:
        """The campaigns of the plan in its order, then those that have left it."""
        return [*self.planned, *sorted(name for name in people if name and name not in self.planned)]

    def whole(self, people: Population) -> Comparison:
        """All that is proactive against the site's hold-out."""
        return compare(
            people,
            self.sales,
            self.spans,
            level="site",
            planned=self.plan.site.holdout,
            wrote=self.wrote_after,
            invited=lambda visitor, at: self.invited_after(visitor, at, ""),
        )

    def campaign(self, name: str, people: Population) -> CampaignReport:
        """One campaign with its rules, when there are several."""
        rules = [rule.name for one in self.plan.campaigns if one.name == name for rule in one.rules]
        rules += sorted({one.rule for one in people.candidates.values()} - set(rules))
        return CampaignReport(
            name=name,
            goal=self.goals.get(name, "order"),
            funnel=funnel(people, self.reached(name), self.spans.horizon),
            comparison=self.compared(name, people, rule=False),
            rules=tuple(self.rule(name, rule, people.of_rule(rule)) for rule in rules) if len(rules) > 1 else (),
        )

    def rule(self, campaign: str, rule: str, people: Population) -> RuleReport:
        """One rule: the candidates whom it found first."""
        return RuleReport(
            name=rule,
            funnel=funnel(people, self.reached(campaign), self.spans.horizon),
            comparison=self.compared(campaign, people, rule=True),
        )

    def compared(self, campaign: str, people: Population, *, rule: bool) -> Comparison:
        """A campaign, or one of its rules, against the campaign's hold-out."""
        return compare(
            people,
            self.reached(campaign),
            self.spans,
            level="rule" if rule else "campaign",
            planned=self.planned.get(campaign),
            wrote=self.wrote_after,
            invited=lambda visitor, at: self.invited_after(visitor, at, campaign),
        )

    def reached(self, campaign: str) -> Sales:
        """What counts as the campaign's goal: orders, or leads."""
        return self.leads if self.goals.get(campaign) == "lead" else self.sales

    def wrote_after(self, visitor: str, at: int) -> bool:
        """Whether a visitor opened a conversation in his time to buy."""
        return soon(self.wrote, visitor, at, self.spans.horizon)

    def invited_after(self, visitor: str, at: int, campaign: str) -> bool:
        """Whether another campaign than this one invited him in his time to buy."""
        others = (seen for name, seen in self.invited.items() if name != campaign)
        return any(soon(seen, visitor, at, self.spans.horizon) for seen in others)


def moments(pairs: Iterable[tuple[str, int]]) -> Moments:
    """The moments of each visitor, in order."""
    found: Moments = defaultdict(list)
    for visitor, at in pairs:
        found[visitor].append(at)
    return {visitor: sorted(times) for visitor, times in found.items()}


def soon(seen: Moments, visitor: str, at: int, horizon: int) -> bool:
    """Whether something happened to a visitor from a moment on, for so long."""
    times = seen.get(visitor, [])
    place = bisect_left(times, at)
    return place < len(times) and times[place] < at + horizon


def headline(whole: Comparison, campaigns: Sequence[CampaignReport]) -> str:
    """Whose result is said aloud: the whole site's where it can be read, else that of the campaign with most to go by.

    Sizes alone decide, never results, so that chance is not given several tries at the first sentence.
    """
    readable = [one for one in campaigns if one.comparison.verdict not in SILENT]
    if whole.verdict not in SILENT:
        return ""
    if not readable and whole.verdict == "no_holdout":
        readable = [one for one in campaigns if one.comparison.verdict == "too_early"]
    return max(readable, key=lambda one: weight(one.comparison)).name if readable else ""


def weight(comparison: Comparison) -> float:
    """How much a comparison can tell: the harmonic sum of the sizes of its arms."""
    sizes = (comparison.treated.visitors, comparison.holdout.visitors)
    return 1 / sum(1 / size for size in sizes) if all(sizes) else 0.0
