"""The figures of the results page for programs: JSON as they are, CSV a figure a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import msgspec

from aparte.experiments.statistics import Effect
from aparte.reports.model import Comparison
from aparte.reports.results.model import Results

HEAD = ("part", "campaign", "name", "figure", "value", "low", "high", "treated", "holdout", "unit")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a text."""
Row = tuple[str | float | None, ...]


def export(results: Results, kind: str) -> tuple[str, bytes]:
    """Media type and content. Shares are fractions, amounts in the site's currency; what may not be told is empty."""
    if kind == "json":
        return "application/json", msgspec.json.encode(results)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(HEAD)
    rows.writerows(tuple(safe(one) for one in row) for row in figures(results))
    return "text/csv; charset=utf-8", text.getvalue().encode("utf-8-sig")


def figures(results: Results) -> Iterator[Row]:
    """All of them."""
    report = results.report
    yield from compared("site", "", "", report.whole, report.currency)
    for one in report.campaigns:
        yield from compared("campaign", one.name, "", one.comparison, report.currency)
        for rule in one.rules:
            yield from compared("rule", one.name, rule.name, rule.comparison, report.currency)
    for part in results.parts:
        yield from compared(results.by, part.campaign, part.value, part.comparison, report.currency)
    for name in report.funnel.__struct_fields__:
        yield "funnel", "", "", name, getattr(report.funnel, name), None, None, None, None, "visitors"
    for day in results.curve:
        yield (
            "curve",
            report.headline,
            day.day.isoformat(),
            "revenue",
            day.estimate,
            day.low,
            day.high,
            None,
            None,
            (report.currency),
        )
    for agent in results.agents:
        yield "agent", "", agent.name, "attributed", agent.revenue, None, None, None, None, report.currency
    yield "attributed", "", "", "orders", report.attributed.orders, None, None, None, None, "orders"
    yield "attributed", "", "", "revenue", report.attributed.revenue, None, None, None, None, report.currency


def compared(part: str, campaign: str, name: str, one: Comparison, currency: str) -> Iterator[Row]:
    """Each figure of a comparison; its verdict first."""
    sizes = one.treated.visitors, one.holdout.visitors
    yield part, campaign, name, "verdict", one.word or one.verdict, None, None, *sizes, ""
    told: dict[str, tuple[Effect | None, str]] = {
        "revenue": (one.incremental, currency), "conversion": (one.conversion, "fraction"), "net": (one.net, currency),
    }  # fmt: skip
    for figure, (effect, unit) in told.items():
        if effect is not None:
            yield part, campaign, name, figure, effect.estimate, effect.low, effect.high, *sizes, unit


def safe(value: str | float | None) -> str | float | None:
    """A text that no spreadsheet runs; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
