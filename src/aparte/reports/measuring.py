"""Goals and contracts, counted: the figures of a window from the same sources as the report. Pure.

Both parties of a contract look at what this counts; it takes the visitors, arms and orders of the first report.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from aparte.attribution.facts import Facts
from aparte.contracts.estimate import Sums, bought
from aparte.contracts.goals import Actual
from aparte.contracts.statements import Found
from aparte.contracts.terms import Contract
from aparte.contracts.windows import Period as Window
from aparte.experiments.statistics import wilson
from aparte.kit.errors import BadInput
from aparte.reports.compare import DAY, Spans, Tally, gather, split_p
from aparte.reports.first import HORIZON, report
from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.model import Beside
from aparte.reports.kpis.registry import KPIS, find
from aparte.reports.model import Funnel, Report
from aparte.reports.numbers import WHOLE, start_of
from aparte.reports.population import Period, Population, of_person, populations
from aparte.reports.sales import Sale, Sales, attributed, sales_of
from aparte.reports.scope import Scope
from aparte.reports.sources import ReportSources
from aparte.sites.model import Site

MINUTE = 60_000
THOUSANDTHS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
Of: TypeAlias = Callable[[Funnel], tuple[int, int]]
SHARES: dict[str, Of] = {
    "acceptance": lambda of: (of.accepted, of.shown),
    "candidate_conversion": lambda of: (of.bought, of.candidates),
}
"""KPIs that are shares: how many of how many."""


class SiteMeasures:
    """Measures over what is stored, and over the facts where there are any; `now` tells the time."""

    def __init__(
        self,
        sources: ReportSources,
        now: Callable[[], int],
        facts: Callable[[], Facts] | None = None,
        beside: Callable[[Facts, Site, Scope], Beside] | None = None,
    ) -> None:
        self._sources, self._now, self._facts, self._beside = sources, now, facts, beside
        self._fresh: tuple[int, Facts] | None = None
        self._last: tuple[tuple[str, Window, int], Report] | None = None

    def actual(self, site: Site, kpi: str, about: str, period: Window) -> Actual | None:
        """See Measures."""
        if kpi not in SHARES:
            return self._registered(site, kpi, about, period)
        told = self._report(site, period)
        funnels = {"": told.funnel} | {one.name: one.funnel for one in told.campaigns}
        done, n = SHARES[kpi](funnels.get(about, Funnel()))
        return Actual(done / n, *wilson(done, n), n) if n else None

    def _registered(self, site: Site, kpi: str, about: str, period: Window) -> Actual | None:
        """A KPI of the registry, of some without an interval; None for one that it does not know."""
        facts = self._fresh_facts() if kpi in KPIS else None
        if facts is None:
            return None
        last = period.until - timedelta(days=1)
        scope = Scope(site=site.id, since=period.since, until=last, now=self._now(), campaign=about or None)
        found = find(Asked(facts, scope, site, Beside()), kpi)
        if found.value is None and self._beside is not None:
            # Hours that are paid and what invitations have added take a while: asked for where a figure needs them.
            found = find(Asked(facts, scope, site, self._beside(facts, site, scope)), kpi)
        if about and "campaign" in found.ignored:
            return None  # a figure of the whole site is none of a campaign's
        if found.value is None:
            return None
        bounded = found.low is not None and found.high is not None
        return Actual(found.value, *((found.low, found.high) if bounded else (None, None)), found.n)

    def _fresh_facts(self) -> Facts | None:
        """The facts, brought up to date once a minute."""
        if self._facts is None:
            return None
        minute, last = self._now() // MINUTE, self._fresh  # read once: other threads ask too
        if last is None or last[0] != minute:
            last = self._fresh = minute, self._facts()
        return last[1]

    def _report(self, site: Site, period: Window) -> Report:
        """The report of a window; the last one is kept for a minute, for the next goal that asks for the same."""
        now = self._now()
        key, last = (site.id, period, now // MINUTE), self._last  # read once: other threads ask too
        if last is None or last[0] != key:
            last = key, report(site, *moments(site, period), now, self._sources, horizon=HORIZON)
            self._last = last
        return last[1]

    def found(self, site: Site, contract: Contract, period: Window) -> Found:
        """See Measures."""
        if contract.base == "margin":
            raise BadInput("margin is not counted", where="base", hint="agree on sales or revenue")
        if contract.currency != site.currency:
            raise BadInput(f"this shop sells in {site.currency}", where="currency")
        kpis = {one.kpi: self.actual(site, one.kpi, contract.about, period) for one in contract.clauses}
        known = {kpi: one for kpi, one in kpis.items() if one is not None}
        return counted(site, contract, period, self._now(), self._sources, known)


def moments(site: Site, period: Window) -> tuple[int, int]:
    """The window in milliseconds, days being those of the site."""
    return start_of(period.since, site.time_zone), start_of(period.until, site.time_zone)


def counted(
    site: Site, contract: Contract, period: Window, now: int, sources: ReportSources, kpis: dict[str, Actual]
) -> Found:
    """Both arms of a window: candidates of the window, orders within the contract's horizon of each."""
    since, until = moments(site, period)
    horizon = contract.horizon_days * DAY
    roots = sources.merges(site.id)
    people = populations(sources.decisions(site.id), Period(since, until), roots)
    sales = sales_of(of_person(sources.orders(site.id), roots), since, until + horizon, site.currency)
    talks = list(of_person(sources.past_conversations(site.id), roots))
    spans = Spans(since=since, until=until, now=now, horizon=horizon)
    arms = gather(
        people.get(contract.about, Population()), in_minor_units(sales, site.currency), spans, whole=not contract.about
    )
    after_chat = attributed(sales, talks, since, until, DAY)
    money = round(after_chat.revenue * minor_units(site.currency))
    return Found(
        control=sums_of(arms.holdout, contract),
        treated=sums_of(arms.treated, contract),
        kpis=kpis,
        attributed=after_chat.orders if contract.base == "sales" else money,
        split_p=split_p(arms, planned(contract, sources, site)),
    )


def planned(contract: Contract, sources: ReportSources, site: Site) -> float | None:
    """The share that is to be held out; of a campaign that has left the plan it is not known."""
    plan = sources.campaigns(site.id)
    if not contract.about:
        return plan.site.holdout
    return next((one.holdout for one in plan.campaigns if one.name == contract.about), None)


def minor_units(currency: str) -> int:
    """How many of the smallest unit make one."""
    return 1 if currency in WHOLE else 1000 if currency in THOUSANDTHS else 100


def in_minor_units(sales: Sales, currency: str) -> Sales:
    """The same in whole minor units, so that sums are exact."""
    unit = minor_units(currency)
    found = Sales(counts=sales.counts)
    for visitor, those in sales.by_visitor.items():
        found.by_visitor[visitor] = [Sale(one.at, float(round(one.amount * unit))) for one in those]
    return found


def sums_of(side: Tally, contract: Contract) -> Sums:
    """One arm; for `sales` each visitor counts once, however often he bought."""
    return bought(side.n, side.buyers) if contract.base == "sales" else Sums(side.n, round(side.sum), side.sumsq)
