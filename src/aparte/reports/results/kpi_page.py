"""The page of all indicators, by group: value, interval and cases of each, its definition below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from aparte.reports.kpis.registry import GROUPS, KPIS
from aparte.reports.kpis.report import KpiReport, Told
from aparte.reports.kpis.words import interval_words, value_words
from aparte.reports.numbers import days_words, number
from aparte.reports.page import templates
from aparte.reports.report_words import WORDS
from aparte.reports.scope import Scope, write_scope
from aparte.sites.model import Site

MOST_ROWS = 50


def kpi_page(site: Site, language: str, scope: Scope, report: KpiReport) -> str:
    """The HTML; what has no value says which term is missing."""
    language = language if language in WORDS else "fr"
    other = "en" if language == "fr" else "fr"
    query = write_scope(scope)
    return templates().get_template("kpis.html").render(
        t=WORDS[language], language=language, site=site, period=days_words(scope.since, scope.until, language),
        groups=list(groups(report, language)), empty=report.empty, other=other,
        other_link=f"?{query}&{urlencode({'lang': other})}", back=f"/reports?{query}&lang={language}",
    )  # fmt: skip


def groups(report: KpiReport, language: str) -> Iterator[dict[str, Any]]:
    """Each group with its figures, in the order of the registry."""
    for group, names in GROUPS.items():
        told = [shown(one, report.currency, language) for one in report.figures if one.group == group]
        if told:
            yield {"id": group, "name": names[language], "figures": told}


def shown(one: Told, currency: str, language: str) -> dict[str, Any]:
    """One indicator in words."""
    kpi = KPIS[one.kpi]
    return {
        "name": kpi.name[language],
        "definition": kpi.definition[language],
        "formula": kpi.formula,
        "sources": ", ".join(kpi.sources),
        "value": value_words(one.value, kpi.unit, currency, language),
        "interval": interval_words(one, kpi, currency, language),
        "n": number(one.n, language),
        "why": one.why_text,
        "notes": one.notes_text,
        "rows": [
            {"name": row.name, "value": value_words(row.value, kpi.unit, currency, language),
             "interval": interval_words(row, kpi, currency, language), "n": number(row.n, language)}
            for row in one.rows[:MOST_ROWS]
        ],
    }  # fmt: skip
