"""The results of a site out of its facts: the page, its figures for programs, its mail."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from aparte.attribution.facts import Facts
from aparte.kit.errors import BadInput
from aparte.reports.around import Around
from aparte.reports.called import texts_of
from aparte.reports.kpis.causal import added
from aparte.reports.kpis.model import Beside
from aparte.reports.kpis.report import kpi_report
from aparte.reports.kpis.working import paid_hours
from aparte.reports.page import error_page, page_of
from aparte.reports.results.export import export
from aparte.reports.results.gathering import results
from aparte.reports.results.kpi_page import kpi_page
from aparte.reports.results.model import BY, By, Results
from aparte.reports.results.posting import Letter, letter
from aparte.reports.scope import Scope, one_of, read_scope
from aparte.routing.store import RoutingReader
from aparte.sites.model import Site
from aparte.sites.store import SiteReader
from aparte.targeting.campaign import Campaigns
from aparte.targeting.model import CampaignFile

KEPT = 16
MINUTE = 60_000
OLD_NAMES = {"since": "from", "until": "to"}
"""Members of addresses of before."""


class Records(SiteReader, RoutingReader, Protocol):
    """The part of a store that is enough."""


class Plans(Protocol):
    """The campaigns in force at a site."""

    def __call__(self, site: str) -> Campaigns:
        """Of a site that is served."""
        ...


class Reporting:
    """Makes results; called in worker threads. Figures of the same scope are kept while the facts are the same."""

    def __init__(self, store: Records, plans: Plans, clock: Callable[[], int]) -> None:
        self._store, self._plans, self._clock = store, plans, clock
        self._kept: OrderedDict[bytes, Results] = OrderedDict()
        self._one = threading.Lock()

    def page(
        self, facts: Facts, site: Site, language: str, asked: Mapping[str, str], around: Around
    ) -> tuple[int, bytes]:
        """Status and HTML in UTF-8 of what an address asks for."""
        try:
            return 200, page_of(site, language, self.results(facts, site, asked), around).encode()
        except BadInput as error:
            return 400, error_page(site, language, error).encode()

    def export(self, facts: Facts, site: Site, language: str, asked: Mapping[str, str]) -> tuple[str, bytes]:
        """Media type and figures; BadInput names what cannot be read."""
        one_of(asked.get("format", "csv"), ("csv", "json"), "format")
        return export(self.results(facts, site, asked), asked.get("format", "csv"))

    def kpis(self, facts: Facts, site: Site, language: str, asked: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and the page of all indicators."""
        try:
            scope = read_scope(site.id, site.time_zone, self._clock(), asked)
        except BadInput as error:
            return 400, error_page(site, language, error).encode()
        found = kpi_report(facts, scope, site, self.beside(facts, site, scope), language=language)
        return 200, kpi_page(site, language, scope, found, texts_of(self._plans(site.id).file)).encode()

    def beside(self, facts: Facts, site: Site, scope: Scope) -> Beside:
        """What indicators need beside the facts: hours that are paid, and what invitations have added."""
        whole, by_channel = added(facts, site, scope, self._plans(site.id).file)
        return Beside(hours=paid_hours(self._store, site, scope), incremental=whole, by_channel=by_channel)

    def letter(
        self, facts: Facts, site: Site, language: str, asked: Mapping[str, str], links: tuple[str, str]
    ) -> Letter:
        """The same reduced for mail; `links`: to the page, and to where the mail is stopped."""
        return letter(site, language, self.results(facts, site, asked), links)

    def results(self, facts: Facts, site: Site, asked: Mapping[str, str]) -> Results:
        """The figures; BadInput names the member that cannot be read."""
        pairs = {OLD_NAMES.get(name, name): value for name, value in asked.items() if name != "lang"}
        by: Any = pairs.get("by") or "rule"
        one_of(by, BY, "by")
        scope = read_scope(site.id, site.time_zone, self._clock(), pairs)
        plan = self._plans(site.id).file
        key = msgspec.json.encode((replace(scope, now=scope.now // MINUTE), by, facts.fed(), plan, site))
        with self._one:
            found = self._kept.get(key)
        return found if found is not None else self._made(key, facts, site, scope, by, plan)

    def _made(self, key: bytes, facts: Facts, site: Site, scope: Scope, by: By, plan: CampaignFile) -> Results:
        names = {one.id: one.name for one in self._store.staff(site.id)}
        found = results(facts, site, scope, plan, by=by, names=names)
        with self._one:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found
