"""What is true of a simulation: the effect of each campaign, from what every visitor would have done in both worlds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from aparte.engagements.store import RecordDecision
from aparte.reports.population import Exposure, Period, Population, populations
from aparte.simulation.people import Plan, Somebody


class CampaignTruth(Struct, frozen=True, kw_only=True):
    """One campaign. Effects in points of the probability to buy, over all its candidates, whichever arm they drew."""

    candidates: int
    """Visitors to whom it would have offered help, except those in the site's hold-out."""
    treated: int
    held_out: int
    accepted: int
    """Conversations that it led to."""
    helped: int
    """Of them, those in which an agent answered before the visitor gave up and before he had decided."""
    would_accept: int
    """Candidates who accept, or would have."""
    bought_if_nobody_invited: int
    bought_if_all_invited: float
    """Not whole when not everybody who accepted could be helped."""
    itt_pp: float
    """What inviting changes, among all candidates."""
    cace_pp: float | None
    """What it changes among those who accept; None when nobody does."""


class Truth(Struct, frozen=True, kw_only=True):
    """truth.json."""

    site: str
    time_zone: str
    seed: int
    visitors: int
    visits: int
    days: int
    start: int
    until: int
    """Nobody comes from then on."""
    now: int
    """The end: whoever was a candidate has had his time to buy. For a report of this folder, this is now."""
    effect_pp: float | None
    """As asked for; None: the demo's own."""
    figures: str
    """SHA-256 of figures.toml."""
    campaigns: dict[str, CampaignTruth]


class Count(Struct):
    """What happened under one campaign."""

    accepted: int = 0
    helped: int = 0


def truths(
    plan: Plan, decisions: Iterable[RecordDecision], people: Mapping[str, Somebody], counts: Mapping[str, Count]
) -> dict[str, CampaignTruth]:
    """The truth of each campaign that had candidates; `people` by visitor id."""
    found = populations(decisions, Period(plan.start, plan.end))
    return {
        name: truth_of(name, population, people, counts.get(name, Count()))
        for name, population in sorted(found.items())
        if name and population.candidates
    }


def truth_of(campaign: str, population: Population, people: Mapping[str, Somebody], count: Count) -> CampaignTruth:
    """One campaign: each candidate's two worlds side by side."""
    drawn = {visitor: one for visitor, one in population.candidates.items() if one.arm != "site"}
    served = count.helped / count.accepted if count.accepted else 1.0
    base, changed, accepting = 0, 0.0, 0
    for visitor, exposure in drawn.items():
        who = people[visitor]
        alone, helped = worlds(who)
        base += alone
        if who.nature.accepts(who.persona, campaign):
            accepting += 1
            changed += served * (helped - alone) * matters(who, campaign, exposure)
    treated = sum(one.arm == "treated" for one in drawn.values())
    size = max(len(drawn), 1)
    return CampaignTruth(
        candidates=len(drawn),
        treated=treated,
        held_out=len(drawn) - treated,
        accepted=count.accepted,
        helped=count.helped,
        would_accept=accepting,
        bought_if_nobody_invited=base,
        bought_if_all_invited=base + changed,
        itt_pp=100 * changed / size,
        cace_pp=100 * changed / accepting if accepting else None,
    )


def worlds(who: Somebody) -> tuple[bool, bool]:
    """Whether he buys without help, and with it."""
    return who.nature.buys(who.persona, talked=False), who.nature.buys(who.persona, talked=True)


def matters(who: Somebody, campaign: str, exposure: Exposure) -> bool:
    """Whether this campaign could change anything: he had not decided yet, and nobody else helped him anyway."""
    decided = any(forked <= exposure.at <= over for forked, over in who.forks)
    return not decided and not who.helped - {campaign}
