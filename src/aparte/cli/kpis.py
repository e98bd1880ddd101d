"""KPIs as a person reads them on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from aparte.cli.shared import Screen
from aparte.reports.kpis.model import Row
from aparte.reports.kpis.registry import GROUPS, KPIS
from aparte.reports.kpis.report import KpiReport, Told, groups
from aparte.reports.kpis.words import interval_words, value_words
from aparte.reports.numbers import number
from aparte.reports.scope import FILTERS

MOST_ROWS = 8
HEADS = {"en": ("", "value", "95 % interval", "n", ""), "fr": ("", "valeur", "intervalle à 95 %", "n", "")}
EMPTY = {
    "en": "There is no data of these days: no session, no conversation, no order.",
    "fr": "Il n’y a aucune donnée de ces jours : ni session, ni conversation, ni commande.",
}
CLAIMED = {
    "en": "Orders as browsers claim them: the shop's server has confirmed none.",
    "fr": "Commandes telles que les navigateurs les déclarent : le serveur de la boutique n’en a confirmé aucune.",
}


def show(report: KpiReport) -> None:
    """All groups; a folder without data says so and no more."""
    screen, language = Screen(highlight=False, soft_wrap=True, markup=False), report.language
    filters = "".join(f", {one} {report.filters[one]}" for one in FILTERS if one in report.filters)
    screen.print(f"{report.site}, {report.since} – {report.until}{filters}")
    if report.empty:
        screen.print(EMPTY[language])
        return
    if report.orders == "all":
        screen.print(CLAIMED[language])
    for group, figures in groups(report):
        screen.print()
        screen.print(table(GROUPS[group][language], figures, report))


def table(title: str, figures: Sequence[Told], report: KpiReport) -> Table:
    """A group: each figure, and its rows below it."""
    found = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    heads = HEADS[report.language]
    for place, head in enumerate((title, *heads[1:])):
        found.add_column(head, justify="right" if 0 < place < 4 else "left", overflow="fold")
    for one in figures:
        found.add_row(*cells(one.name, one, one.why_text, report))
        for row in one.rows[:MOST_ROWS]:
            found.add_row(*cells(f"  {row.name}", one, "", report, row=row))
    return found


def cells(name: str, one: Told, why: str, report: KpiReport, row: Row | None = None) -> tuple[str, ...]:
    """One line."""
    kpi, language, figure = KPIS[one.kpi], report.language, row or one
    value = value_words(figure.value, kpi.unit, report.currency, language)
    between = interval_words(figure, kpi, report.currency, language)
    return name, value, between, number(figure.n, language), why
