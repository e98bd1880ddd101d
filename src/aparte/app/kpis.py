"""Figures of the KPIs, costs and the formula of return, for commands: by the running server, else in its folder.

A simulated folder ends when its simulation did: its days are the period, and its end is today.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec.structs import asdict, replace

from aparte.app import control
from aparte.app.campaigns import campaigns_in_force
from aparte.app.control import at_site
from aparte.app.facts import folder_facts
from aparte.app.outside import site_of
from aparte.app.serve import looked_at, opened, write
from aparte.app.simulate import simulated_truth
from aparte.kit.errors import BadInput
from aparte.reports.kpis.causal import added
from aparte.reports.kpis.model import Beside
from aparte.reports.kpis.report import KpiReport, kpi_report
from aparte.reports.kpis.working import paid_hours
from aparte.reports.numbers import day_of
from aparte.reports.scope import read_scope
from aparte.sites.audit import RecordAudit
from aparte.sites.costs import changed, checked_costs
from aparte.sites.model import Site
from aparte.sites.store import SaveSite
from aparte.web.principal import COMMAND

FIGURES, COSTS, FORMULA = "/api/v1/kpis/figures", "/api/v1/costs", "/api/v1/roi-formula"


def kpis_of(data: Path, site: str | None, since: str | None, until: str | None, language: str) -> KpiReport:
    """The figures of a site, of days YYYY-MM-DD, both included; the last 28 without them."""
    asked = days(data, site, since, until)
    query = urlencode({"language": language, **asked, **({"site": site} if site else {})})
    told = control.call(data, "GET", f"{FIGURES}?{query}")
    if told is not None:
        return msgspec.convert(told, KpiReport)
    truth = simulated_truth(data)
    with looked_at(data) as reader:
        name = chosen(reader, site, data)
        now = control.now() if truth is None else truth.now
        scope = read_scope(name.id, name.time_zone, now, asked)
        hours = paid_hours(reader, name, scope)
        plan = campaigns_in_force(reader, data, name.id).file
    with folder_facts(data) as (_, facts):
        whole, by_channel = added(facts, name, scope, plan)
        beside = Beside(hours=hours, incremental=whole, by_channel=by_channel)
        return kpi_report(facts, scope, name, beside, language=language)


def days(data: Path, site: str | None, since: str | None, until: str | None) -> dict[str, str]:
    """The days asked for; of a simulated folder all that it has."""
    told = {name: day for name, day in (("from", since), ("to", until)) if day}
    truth = simulated_truth(data)
    if told or truth is None:
        return told
    with looked_at(data) as reader:
        zone = chosen(reader, site, data).time_zone
    return {"from": day_of(truth.start, zone).isoformat(), "to": day_of(truth.until - 1, zone).isoformat()}


def chosen(reader: Any, site: str | None, data: Path) -> Site:
    """The site of this name, or the only one; a folder without any says so."""
    if not list(reader.sites()):
        raise BadInput("there is no site in this folder", where=str(data), hint="aparte serve, or aparte site add")
    return site_of(reader, site)


def set_costs(data: Path, site: str | None, told: dict[str, Any], formula: str | None) -> Site:
    """Change what is told of costs, and the formula; what is not told stays. The site as it is now."""
    from aparte.reports.kpis.earning import names  # noqa: PLC0415  definitions are read when they are needed
    from aparte.reports.kpis.formula import parse  # noqa: PLC0415

    with looked_at(data) as reader:
        one = chosen(reader, site, data)
    costs = checked_costs(replace(one.costs, **told))
    if formula is not None:
        parse(formula, names())
    after = replace(one, costs=costs, roi_formula=one.roi_formula if formula is None else formula)
    if after == one:
        return one
    if not told_server(data, one, after):
        with opened(data) as store:
            known = site_of(store, one.id)
            write(store, [SaveSite(replace(known, costs=costs, roi_formula=after.roi_formula)), *rows(one, after)])
    return after


def told_server(data: Path, before: Site, after: Site) -> bool:
    """Whether the running server has it now; False when none runs."""
    if after.costs != before.costs:
        said = {name: value for name, value in asdict(after.costs).items() if value is not None}
        if control.call(data, "PUT", at_site(COSTS, after.id), said) is None:
            return False
    if after.roi_formula != before.roi_formula:
        said = {"formula": after.roi_formula}
        return control.call(data, "PUT", at_site(FORMULA, after.id), said) is not None
    return True


def rows(before: Site, after: Site) -> list[RecordAudit]:
    """What the audit log says of it."""
    now = control.now()
    told = [("costs", changed(before.costs, after.costs))] if before.costs != after.costs else []
    told += [("roi_formula", after.roi_formula)] if before.roi_formula != after.roi_formula else []
    return [RecordAudit(after.id, now, COMMAND, verb, after.id, detail) for verb, detail in told]


def costs_lines(site: Site) -> list[str]:
    """What is told, a line each, and the formula."""
    told = asdict(site.costs)
    lines = [f"{name:<20} {'-' if value in (None, '') else value}" for name, value in told.items()]
    return [f"{'currency':<20} {site.currency} (amounts in minor units)", *lines, f"{'formula':<20} {site.roi_formula}"]
