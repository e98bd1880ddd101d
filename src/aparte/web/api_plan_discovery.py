"""The discovery: from objectives and history to proposed rules and a first scenario. It keeps nothing by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec.structs import asdict

from aparte.attribution.facts import Facts
from aparte.contracts.goals import Goal, checked_goal
from aparte.kit.errors import BadInput, Unavailable
from aparte.planning.discovery import Discovered, History, Means, Proposal, discovered, first_scenario
from aparte.planning.discovery_rules import campaign, campaign_text
from aparte.planning.scenario import as_data
from aparte.reports.discovering import Known, known
from aparte.reports.discovery_words import note, place, reason
from aparte.reports.numbers import day_of
from aparte.reports.scope import read_scope
from aparte.sites.model import Site
from aparte.web.desk import Desk
from aparte.web.journey_report import fresh
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.words_discovery import DiscoveryBody, DiscoveryWords, Milestone, Objective, ProposalWords

LONGEST_NOTE = 2_000


@post("/plan/discovery", status_code=200, summary="Rules and a first scenario out of history", right="plan")
async def discovery(
    data: JSONBody[DiscoveryBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> DiscoveryWords:
    """Of what was entered, or of what was measured. 400 names the member; 503 while facts cannot be asked."""
    site = desk.directory.site(me.site)
    try:
        for n, one in enumerate(data.objectives):
            checked_objective(one, site.id, f"objectives.{n}")
        facts = await fresh(desk) if data.history is None else None
        return await asyncio.to_thread(answer, site, desk.now(), data, facts)
    except Unavailable as error:
        raise Problem(503, "unavailable", error.what, hint=error.hint, retry_after=5) from None
    except BadInput as error:
        raise Problem(400, "bad_input", error.what, where=error.where, hint=error.hint) from None


def checked_objective(one: Objective, site: str, where: str) -> None:
    """An objective is a goal that can be judged; BadInput."""
    try:
        checked_goal(Goal(id="x", site=site, **asdict(one)))
    except BadInput as error:
        raise BadInput(error.what, where=f"{where}.{error.where}", hint=error.hint) from None


def answer(site: Site, now: int, data: DiscoveryBody, facts: Facts | None) -> DiscoveryWords:
    """All of it; BadInput names the member."""
    found = measured(facts, site, now, data) if facts is not None else entered(data)
    basket = found.basket if data.basket is None else data.basket
    margin = found.gross_margin if data.gross_margin is None else data.gross_margin
    lacking = "no_basket" if basket is None else "no_margin" if margin is None else ""
    if basket is None or margin is None:
        return words(site, data, Known(history=found.history, basket=basket, gross_margin=margin), None, (), lacking)
    means = means_of(data, basket, margin)
    proposed = discovered(found.history, means)
    taken = taken_of(proposed, data.taken)
    used = Known(history=found.history, basket=basket, gross_margin=margin)
    return words(site, data, used, means, proposed.proposals, proposed.why, taken)


def entered(data: DiscoveryBody) -> Known:
    """What somebody has typed."""
    rows = tuple(data.history or ())
    history = History(days=data.days, visits=data.visits, orders=data.orders, rows=rows, source="entered")
    return Known(history=history, basket=None, gross_margin=None)


def measured(facts: Facts, site: Site, now: int, data: DiscoveryBody) -> Known:
    """What was counted, in so many days up to the day that is asked for, else to today; BadInput for an odd day."""
    until = data.until or day_of(now, site.time_zone)
    if until.year < 1980:
        raise BadInput("the day is out of reach", where="until", hint="choose another day")
    since = until - timedelta(days=data.days - 1)
    scope = read_scope(site.id, site.time_zone, now, {"from": since.isoformat(), "to": until.isoformat()})
    return known(facts, scope, site)


def means_of(data: DiscoveryBody, basket: float, margin: float) -> Means:
    """What an order brings, and who can answer."""
    return Means(
        basket=basket, gross_margin=margin, lift=data.lift, acceptance=data.acceptance, holdout=data.holdout,
        agents_by_hour=data.agents_by_hour, conversations_per_agent_hour=data.conversations_per_agent_hour,
        cost_per_conversation=data.cost_per_conversation, skill=data.skill,
    )  # fmt: skip


def taken_of(found: Discovered, names: list[str] | None) -> tuple[Proposal, ...]:
    """Those that are taken; those that pay when nobody has said. BadInput for a name that is none of them."""
    if names is None:
        return tuple(one for one in found.proposals if one.pays and one.value_per_day > 0)
    known_names = {one.name for one in found.proposals}
    for name in names:
        if name not in known_names:
            raise BadInput(f"{name[:60]!r} is not proposed", where="taken", hint=f"one of {', '.join(known_names)}")
    return tuple(one for one in found.proposals if one.name in names)


def words(
    site: Site, data: DiscoveryBody, used: Known, means: Means | None, proposals: tuple[Proposal, ...], why: str,
    taken: tuple[Proposal, ...] = (),
) -> DiscoveryWords:  # fmt: skip
    """The answer."""
    rules = [one.rule for one in taken]
    scenario = None
    if taken and means is not None:
        scenario = as_data(first_scenario(data.name or site.name, site.currency, used.history, means, taken))
    return DiscoveryWords(
        history=used.history, basket=used.basket, gross_margin=used.gross_margin, currency=site.currency,
        proposals=[proposal_words(site, data, one, one in taken) for one in proposals], why=why,
        campaign=msgspec.to_builtins(campaign(rules, data.holdout)) if rules else None,
        text=campaign_text(site.id, rules, data.holdout) if rules else "",
        scenario=scenario, note=note_of(data, taken),
    )  # fmt: skip


def proposal_words(site: Site, data: DiscoveryBody, one: Proposal, taken: bool) -> ProposalWords:
    """A proposal, told."""
    return ProposalWords(
        proposal=one, place=place(one.drop.kind, one.drop.path, data.language),
        reason=reason(one, site.currency, data.language), text=campaign_text(site.id, [one.rule], data.holdout),
        taken=taken,
    )  # fmt: skip


def note_of(data: DiscoveryBody, taken: tuple[Proposal, ...]) -> str:
    """What was answered, within the length of a note."""
    goals = [goal_words(one) for one in data.objectives]
    steps = [milestone_words(one) for one in data.milestones]
    said = note(data.owner, data.sponsor, goals, steps, [one.name for one in taken], data.language)
    return said if len(said) <= LONGEST_NOTE else said[: LONGEST_NOTE - 1] + "…"


def goal_words(one: Objective) -> str:
    """An objective in a line."""
    sign = {"value": "", "times": "× ", "plus": "+ "}[one.measure]
    agreed = f" ({', '.join(one.agreed_by)})" if one.agreed_by else ""
    return f"{one.name}: {one.kpi} {sign}{one.target:g}{agreed}"


def milestone_words(one: Milestone) -> str:
    """A milestone in a line."""
    return one.name if one.day is None else f"{one.day.isoformat()} {one.name}"


ROUTER = Router("/api/v1", route_handlers=[discovery], tags=["Plan"])
