"""Why, or why not, this visitor: every rule as the running engine sees it now. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from aparte.engagements.explain import RuleExplained, explain_rule
from aparte.engagements.gates import epsilon_of, outstanding
from aparte.engagements.model import SiteState
from aparte.engine.site import LiveSite
from aparte.engine.step import State
from aparte.routing.model import Capacity
from aparte.sessions.apply import over
from aparte.targeting.campaign import Campaigns


class RuleUnlooked(Struct, frozen=True):
    """A rule that is in the file and is never looked at."""

    rule: str
    state: str
    """`draft` or `archived`."""


class Explained(Struct, kw_only=True):
    """Every rule for one visitor, now."""

    visitor: str
    at: int
    session: int | None
    """Number of the open session; none when nobody is there: then no rule is looked at."""
    since: int | None
    reason: str
    """`no_session` when there is nothing to explain, else empty."""
    rules: list[RuleExplained] = field(default_factory=list)
    unlooked: list[RuleUnlooked] = field(default_factory=list)
    contacts: dict[str, list[int]] = field(default_factory=dict)
    """When each campaign addressed him, ghosts included; what the frequency caps count."""
    capacity: Capacity = field(default_factory=Capacity)
    pacing: dict[str, Any] = field(default_factory=dict)


def explaining(live: LiveSite, state: State, now: int) -> Iterator[Explained | None]:
    """Each rule with its clauses, gates and arms; None after each rule, at last the answer."""
    visitor, session = state.visitor, state.session
    open_ = session is not None and not over(session, now)
    found = Explained(
        visitor=visitor.id,
        at=now,
        session=session.number if session is not None and open_ else None,
        since=session.started_at if session is not None and open_ else None,
        reason="" if open_ else "no_session",
        unlooked=list(unlooked(live.campaigns)),
        contacts={name: list(times) for name, times in (visitor.contacts or {}).items()},
        capacity=live.state.capacity,
        pacing=pacing(live.state, now),
    )
    if session is not None and open_:
        for rule in live.campaigns.rules:
            found.rules.append(explain_rule(rule, session, visitor, live.state, live.state.capacity, now))
            yield None
    yield found


def unlooked(campaigns: Campaigns) -> Iterator[RuleUnlooked]:
    """The rules of campaigns that are not published."""
    for campaign in campaigns.file.campaigns:
        if campaign.state != "published":
            yield from (RuleUnlooked(f"{campaign.name}/{rule.name}", campaign.state) for rule in campaign.rules)


def pacing(site: SiteState, now: int) -> dict[str, Any]:
    """The numbers that pacing goes by."""
    return {
        "acceptance": {campaign: known.rate for campaign, known in site.learnt.answers.items()},
        "outstanding": {skill: sum(1 for _ in outstanding(site, skill, now)) for skill in site.under_way},
        "overruns": site.learnt.overruns,
        "epsilon": epsilon_of(site),
        "reserve": site.rules.reserve,
        "bid_price": site.rules.bid_price,
    }
