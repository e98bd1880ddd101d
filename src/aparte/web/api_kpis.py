"""KPIs: their definitions, their figures over the facts, what help costs, and the firm's own formula of return."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Router, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct
from msgspec.structs import asdict, replace

from aparte.attribution.facts import HORIZONS, Facts
from aparte.kit.errors import BadInput
from aparte.reports.kpis.earning import names
from aparte.reports.kpis.formula import parse
from aparte.reports.kpis.model import Beside
from aparte.reports.kpis.registry import GROUPS, KPIS
from aparte.reports.kpis.report import KpiReport, kpi_report
from aparte.reports.kpis.words import INTERVALS
from aparte.reports.kpis.working import paid_hours
from aparte.reports.scope import Scope, one_of, read_scope
from aparte.sites.costs import DEFAULT_FORMULA, Costs, changed, checked_costs
from aparte.sites.model import Site
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal

LANGUAGES = ("en", "fr")
MOST_TEXT = 500


class KpiWords(Struct):
    """A definition; texts by language."""

    id: str
    group: str
    group_name: dict[str, str]
    name: dict[str, str]
    definition: dict[str, str]
    formula: str
    sources: tuple[str, ...]
    unit: str
    better: str
    interval: str
    interval_text: dict[str, str]
    causal: bool


class CostsWords(Struct):
    """What is told of costs, and the currency whose minor units the amounts are."""

    currency: str
    costs: dict[str, Any]
    """All members of Costs; null for what nobody has told."""


class CostsBody(Costs, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told; a member that is not there is refused, so that a slip of the hand is no silent nothing."""


class FormulaBody(Struct, forbid_unknown_fields=True):
    """A formula; without one the first comes back."""

    formula: str = DEFAULT_FORMULA


class FormulaWords(Struct):
    """The formula in force, and the names that one may use."""

    formula: str
    names: list[str]


WORDS = [
    KpiWords(
        id=one.id,
        group=one.group,
        group_name=dict(GROUPS[one.group]),
        name=one.name,
        definition=one.definition,
        formula=one.formula,
        sources=one.sources,
        unit=one.unit,
        better=one.better,
        interval=one.interval,
        interval_text=dict(INTERVALS[one.interval]),
        causal=one.causal,
    )
    for one in KPIS.values()
]


def bad(error: BadInput) -> Problem:
    """400, with its place."""
    return Problem(400, "bad_input", error.what, where=error.where, hint=error.hint)


@get("/kpis", summary="Every KPI with its definition", right="read", sync_to_thread=False)
def definitions() -> list[KpiWords]:
    """Name, definition, formula, source lines, unit, which way is better, how its interval is found."""
    return WORDS


@get("/kpis/figures", summary="The figures of all KPIs", right="read")
async def figures(
    request: Request[Any, Any, Any], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> KpiReport:
    """Of `from` to `to`, both included (the last 28 days), of `campaign`, `rule`, `variant`, `segment`, `channel`,
    `skill`, `agent`, `team`, `device`, `source`, within `horizon` of eligibility and `window` after a chat; `kpi` names
    single ones. 400 says which member cannot be; 503 while the facts cannot be asked.
    """
    asked = {name: value for name, value in request.query_params.items() if isinstance(value, str)}
    site = desk.directory.site(me.site)
    if desk.facts is None:
        raise Problem(503, "no_facts", "this server has no facts", hint="it was started without a folder")
    try:
        scope = read_scope(site.id, site.time_zone, desk.now(), asked)
        language, window = asked.get("language") or "en", asked.get("window") or "24h"
        one_of(language, LANGUAGES, "language")
        one_of(window, tuple(HORIZONS), "window")
        only = chosen(asked.get("kpi", ""))
    except BadInput as error:
        raise bad(error) from None
    facts = await desk.facts()

    def found() -> KpiReport:
        beside = beside_of(desk, facts, site, scope, compares=compares(only))
        return kpi_report(facts, scope, site, beside, language=language, window=window, only=only)

    return await asyncio.to_thread(found)


def chosen(asked: str) -> tuple[str, ...]:
    """The KPIs named, with commas; none: all. BadInput for one that is not there."""
    found = tuple(one.strip() for one in asked.split(",") if one.strip())
    for one in found:
        if one not in KPIS:
            raise BadInput(f"there is no KPI {one[:40]!r}", where="kpi", hint="GET /api/v1/kpis lists them")
    return found


def compares(only: tuple[str, ...]) -> bool:
    """Whether a KPI of these asks for the comparison with the hold-out, which takes longer than all others."""
    return not only or any(KPIS[one].group == "earning" or KPIS[one].causal for one in only)


def beside_of(desk: Desk, facts: Facts, site: Site, scope: Scope, *, compares: bool) -> Beside:
    """What the facts do not say: paid hours, and what inviting has added."""
    hours = paid_hours(desk.store, site, scope)
    if desk.added is None or not compares:
        return Beside(hours=hours)
    whole, by_channel = desk.added(facts, site, scope)
    return Beside(hours=hours, incremental=whole, by_channel=by_channel)


@get("/costs", summary="What help costs", right="read", sync_to_thread=False)
def costs(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> CostsWords:
    """What is not told is left out."""
    site = desk.directory.site(me.site)
    return CostsWords(site.currency, asdict(site.costs))


@put("/costs", summary="Set what help costs", right="plan")
async def save_costs(
    data: JSONBody[CostsBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> CostsWords:
    """All of it: what is left out is not known from now on. 400 names the member that cannot be."""
    site = desk.directory.site(me.site)
    try:
        told = checked_costs(Costs(**asdict(data)))
    except BadInput as error:
        raise bad(error) from None
    await save(desk, me, replace(site, costs=told), "costs", changed(site.costs, told))
    return CostsWords(site.currency, asdict(told))


@get("/roi-formula", summary="The firm's own formula of return", right="read", sync_to_thread=False)
def formula(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> FormulaWords:
    """With the names of figures that it may use."""
    return FormulaWords(desk.directory.site(me.site).roi_formula, sorted(names()))


@put("/roi-formula", summary="Write the firm's own formula of return", right="plan")
async def save_formula(
    data: JSONBody[FormulaBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> FormulaWords:
    """Numbers, names, + - * /, parentheses, min and max. 400 says at which character it cannot be read."""
    site, text = desk.directory.site(me.site), data.formula[: MOST_TEXT + 1].strip()
    try:
        parse(text, names())
    except BadInput as error:
        raise bad(error) from None
    await save(desk, me, replace(site, roi_formula=text), "roi_formula", text)
    return FormulaWords(text, sorted(names()))


async def save(desk: Desk, me: Principal, site: Site, verb: str, said: str) -> None:
    """Write a site, told in the audit log."""
    await desk.whole(desk.engine.save_site(site, [desk.audited(me, verb, site.id, said)]))
    desk.sites_changed()


HANDLERS = (definitions, figures, costs, save_costs, formula, save_formula)
ROUTER = Router("/api/v1", route_handlers=HANDLERS, tags=["KPIs"])
