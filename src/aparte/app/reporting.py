"""The page of a site's report over what is stored."""

from __future__ import annotations

from collections.abc import Callable

from aparte.app.sources import Sources
from aparte.kit.errors import BadInput
from aparte.reports.page import error_page, report_page
from aparte.reports.period import period_of
from aparte.sites.model import Site


class Reporting:
    """Makes a report's page; called in a worker thread."""

    def __init__(self, sources: Sources, clock: Callable[[], int]) -> None:
        self._sources, self._clock = sources, clock

    def __call__(self, site: Site, language: str, since: str | None, until: str | None) -> tuple[int, bytes]:
        """Status and HTML in UTF-8, of two days `YYYY-MM-DD`, both included; the last 28 without them."""
        now = self._clock()
        try:
            start, end = period_of(since, until, site.time_zone, now)
        except BadInput as error:
            return 400, error_page(site, language, error).encode()
        return 200, report_page(site, language, start, end, now, self._sources).encode()
