"""The results page as HTML; what it says is made in `results.telling`, the template only places it."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from aparte.kit.errors import BadInput
from aparte.reports.around import Around, alarm_box
from aparte.reports.first import report
from aparte.reports.model import Report
from aparte.reports.report_words import WORDS
from aparte.reports.results.model import Results
from aparte.reports.results.telling import ResultsWords
from aparte.reports.sources import ReportSources
from aparte.sites.model import Site

ALONE = Around()
"""A page for nobody in particular."""


def report_page(site: Site, language: str, since: int, until: int, now: int, sources: ReportSources) -> str:
    """The whole HTML page for the candidates of a period; milliseconds, `until` not included.

    Slow for a large site, and at first use of the picture library: call it in a worker thread.
    """
    return page_of(site, language, report(site, since, until, now, sources))


def page_of(site: Site, language: str, figures: Report | Results, around: Around = ALONE) -> str:
    """The page of figures that are known already; of a Report alone it has no filters, curve, or list of orders."""
    language = language if language in WORDS else "fr"
    told = figures if isinstance(figures, Results) else Results(report=figures)
    return (
        templates()
        .get_template("report.html")
        .render(
            ResultsWords(language, told, around.shown).context(site), alarms=alarm_box(around, site.time_zone, language)
        )
    )


def error_page(site: Site, language: str, error: BadInput) -> str:
    """The page for a period that cannot be read: what is wrong, that nothing is lost, what to do."""
    language = language if language in WORDS else "fr"
    template = templates().get_template("error.html")
    return template.render(t=WORDS[language], language=language, site=site, error=str(error))


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates; whatever is put into them is escaped."""
    return Environment(
        loader=PackageLoader("aparte.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
