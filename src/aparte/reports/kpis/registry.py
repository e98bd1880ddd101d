"""The one registry: each definition of `definitions.toml` with its function. Page, API and command read it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, convert
from msgspec.structs import replace

from aparte.attribution.facts import Facts
from aparte.reports.kpis import (
    buying,
    costing,
    deflecting,
    earning,
    inviting,
    satisfaction,
    serving,
    visiting,
)
from aparte.reports.kpis.asked import WINDOW, Asked
from aparte.reports.kpis.model import Beside, Better, Figure, Find, Interval, Kpi, Unit
from aparte.reports.scope import Scope, Table, ignored
from aparte.sites.model import Site

GROUPS: Mapping[str, Mapping[str, str]] = {
    "buying": {"en": "Purchases", "fr": "Achats"},
    "inviting": {"en": "Invitations", "fr": "Invitations"},
    "visiting": {"en": "Visits", "fr": "Visites"},
    "satisfaction": {"en": "Satisfaction", "fr": "Satisfaction"},
    "serving": {"en": "Service", "fr": "Service"},
    "costing": {"en": "Costs", "fr": "Coûts"},
    "deflecting": {"en": "Deflection", "fr": "Contacts évités"},
    "earning": {"en": "Returns", "fr": "Rendement"},
}
"""In their order."""
MODULES = (buying, inviting, visiting, satisfaction, serving, costing, deflecting, earning)
FIND: Mapping[str, Find] = {name: find for module in MODULES for name, find in module.FIND.items()}
TABLES: Mapping[str, Table] = {"inviting": "engagement", "visiting": "session"}
"""Whose filters a group knows, where that is not `conversation`; of single KPIs below."""
OTHERS: Mapping[Table, tuple[str, ...]] = {
    "engagement": ("covered_conversion", "assisted_share", "covered_share", "proactive_per_covered",
                   "left_alone_revenue"),
    "orders": ("orders", "average_basket", "average_basket_unassisted", "return_rate", "return_rate_unassisted",
               "returned_value", "time_to_purchase", "returning_buyers", "self_service_orders"),
    "lead": ("leads",),
}  # fmt: skip


class Written(Struct, forbid_unknown_fields=True):
    """A definition as it stands in the file."""

    group: str
    unit: Unit
    better: Better
    interval: Interval
    sources: tuple[str, ...]
    formula: str
    en: tuple[str, str]
    fr: tuple[str, str]
    causal: bool = False


def kpi_of(name: str, told: Written) -> Kpi:
    """A definition with its names and texts by language."""
    texts = {"en": told.en, "fr": told.fr}
    return Kpi(
        id=name, group=told.group, unit=told.unit, better=told.better, interval=told.interval, sources=told.sources,
        formula=told.formula, causal=told.causal, name={one: text[0] for one, text in texts.items()},
        definition={one: text[1] for one, text in texts.items()},
    )  # fmt: skip


def read() -> dict[str, Kpi]:
    """All definitions, in the order of the file."""
    text = Path(__file__).with_name("definitions.toml").read_text(encoding="utf-8")
    return {name: kpi_of(name, convert(told, Written)) for name, told in tomllib.loads(text).items()}


KPIS: Mapping[str, Kpi] = read()


def table_of(kpi: Kpi) -> Table:
    """The table whose filters it knows."""
    own = next((table for table, names in OTHERS.items() if kpi.id in names), None)
    return own or TABLES.get(kpi.group, "conversation")


def find(asked: Asked, name: str) -> Figure:
    """The figure of a KPI, found once for each report. KeyError for an unknown one."""
    if name not in asked.found:
        kpi = KPIS[name]
        left = ignored(asked.scope, table_of(kpi))
        asked.found[name] = replace(FIND[name](asked), kpi=name, ignored=left)
    return asked.found[name]


def figures(
    facts: Facts, scope: Scope, site: Site, beside: Beside, *, window: str = WINDOW, only: tuple[str, ...] = ()
) -> list[Figure]:
    """The figures of a scope, in the order of the registry; in a worker thread, as facts may take a while."""
    asked = Asked(facts, scope, site, beside, window=window)
    return [find(asked, name) for name in only or KPIS]
