"""The page of all indicators, by group: value, interval and cases of each, its definition below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from aparte.reports.called import labels_in
from aparte.reports.kpis.model import Row
from aparte.reports.kpis.registry import GROUPS, KPIS
from aparte.reports.kpis.report import KpiReport, Told
from aparte.reports.kpis.words import interval_words, value_words
from aparte.reports.numbers import days_words, number
from aparte.reports.page import templates
from aparte.reports.report_words import WORDS
from aparte.reports.scope import Scope, write_scope
from aparte.sites.model import Site
from aparte.targeting.model import Text

MOST_ROWS = 50


def kpi_page(
    site: Site, language: str, scope: Scope, report: KpiReport, texts: Mapping[str, Text] | None = None
) -> str:
    """The HTML; what has no value says which term is missing. `texts`: labels of campaigns by name."""
    language = language if language in WORDS else "fr"
    other = "en" if language == "fr" else "fr"
    query, labels = write_scope(scope), labels_in(language, texts or {})
    return templates().get_template("kpis.html").render(
        t=WORDS[language], language=language, site=site, period=days_words(scope.since, scope.until, language),
        groups=list(groups(report, language, labels)), empty=report.empty, other=other,
        other_link=f"?{query}&{urlencode({'lang': other})}", back=f"/reports?{query}&lang={language}",
    )  # fmt: skip


def groups(report: KpiReport, language: str, labels: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Each group with its figures, in the order of the registry."""
    for group, names in GROUPS.items():
        told = [shown(one, report.currency, language, labels) for one in report.figures if one.group == group]
        if told:
            yield {"id": group, "name": names[language], "figures": told}


def shown(one: Told, currency: str, language: str, labels: Mapping[str, str]) -> dict[str, Any]:
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
            {"name": row_name(row, labels), "value": value_words(row.value, kpi.unit, currency, language),
             "interval": interval_words(row, kpi, currency, language), "n": number(row.n, language)}
            for row in one.rows[:MOST_ROWS]
        ],
    }  # fmt: skip


def row_name(row: Row, labels: Mapping[str, str]) -> str:
    """The name of a row, its campaign by its label."""
    label = labels.get(row.campaign)
    return f"{label}{row.name.removeprefix(row.campaign)}" if label else row.name
