"""The plan of a day or a week: the agents of each skill by half-hour, from which teams, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.planning.chat import Method, level_of
from aparte.planning.half_hours import MINUTES, HalfHour, by_start
from aparte.planning.shrinkage import paid
from aparte.planning.staffing import Calls, Staffing, Targets, Work
from aparte.planning.teams import Crew, TeamTerms, checked, crews, given

HOURS = MINUTES / 60
A_HOUR = 60 / MINUTES


class SkillTerms(Struct, frozen=True):
    """How a skill is served in this plan."""

    skill: str
    channel: str
    """`chat` or `phone`."""
    concurrency: int
    gain: float
    """Conversations an hour of a full agent by those of one with one at a time."""
    reply_s: float | None
    """Mean reply time of a full agent; None on the phone."""


class SkillNeed(Struct, frozen=True):
    """A skill in one half-hour."""

    skill: str
    arrivals: float
    agents: int
    missing: int
    """Of these agents, those whom no team can give."""
    service_level: float
    """This and what follows: with all agents who are needed."""
    p_abandon: float
    mean_wait_s: float
    occupancy: float
    method: Method


class Share(Struct, frozen=True):
    """A team in one half-hour."""

    team: str
    agents: int
    paid: int


class Slot(Struct, frozen=True):
    """One half-hour of the plan."""

    start: str
    arrivals: float
    agents: int
    """At work, missing ones included."""
    paid: int
    missing: int
    teams: tuple[Share, ...]
    skills: tuple[SkillNeed, ...]


class TeamCost(Struct, frozen=True):
    """A team over the whole plan."""

    team: str
    most_paid: int
    agent_hours: float
    paid_hours: float
    wage_per_hour: float | None
    cost: float | None
    """Paid hours times their wage; None: nobody has told the wage."""


class StaffPlan(Struct, frozen=True):
    """The whole plan."""

    skills: tuple[SkillTerms, ...]
    half_hours: tuple[Slot, ...]
    teams: tuple[TeamCost, ...]
    arrivals: float
    most_agents: int
    agent_hours: float
    paid_hours: float
    missing_hours: float
    """Hours at work that no team can give."""
    cost: float | None


def staff_plan(
    rows: Sequence[HalfHour], work: Mapping[str, Work], targets: Targets, teams: Sequence[TeamTerms]
) -> StaffPlan:
    """The plan for these half-hours. `work`: by skill; `""` for every skill that is not named. BadInput for the rest.

    Teams are filled in the order of what an hour at work costs, so the dearer takes what is left over. Who is paid is
    rounded up for each team and half-hour, over all skills.
    """
    looked_at(rows, teams)
    found = {skill: Staffing(of(work, skill), targets) for skill in sorted({one.skill for one in rows})}
    slots = tuple(slot(start, same, found, teams) for start, same in by_start(rows).items())
    costs = tuple(cost_of(team, slots) for team in teams)
    known = [one.cost for one in costs if one.cost is not None]
    return StaffPlan(
        skills=tuple(terms(skill, staffing.work) for skill, staffing in found.items()),
        half_hours=slots,
        teams=costs,
        arrivals=sum(one.arrivals for one in slots),
        most_agents=max(one.agents for one in slots),
        agent_hours=sum(one.agents for one in slots) * HOURS,
        paid_hours=sum(one.paid for one in slots) * HOURS,
        missing_hours=sum(one.missing for one in slots) * HOURS,
        cost=sum(known) if len(known) == len(costs) else None,
    )


def looked_at(rows: Sequence[HalfHour], teams: Sequence[TeamTerms]) -> None:
    """Refuse a plan without half-hours or teams, with two teams of a name, and teams that cannot be."""
    if not rows:
        raise BadInput("there are no half-hours", where="arrivals", hint="one at least")
    names = [checked(one).name for one in teams]
    if not names or len(set(names)) < len(names):
        what = "each team has a name of its own" if names else "there is no team"
        raise BadInput(what, where="team", hint="two teams of a name are one" if names else "one at least")


def of(work: Mapping[str, Work], skill: str) -> Work:
    """How this skill is served."""
    found = work.get(skill, work.get(""))
    if found is None:
        raise BadInput(f"nothing is known of how {skill!r} is served", where="skill", hint="give its times")
    return found


def terms(skill: str, work: Work) -> SkillTerms:
    """What the plan says of a skill."""
    if isinstance(work, Calls):
        return SkillTerms(skill, "phone", 1, 1.0, None)
    one = level_of(work.talk, work.concurrency)
    return SkillTerms(skill, "chat", work.concurrency, one.gain, one.reply_s)


def slot(start: str, rows: Sequence[HalfHour], found: Mapping[str, Staffing], teams: Sequence[TeamTerms]) -> Slot:
    """One half-hour, all its skills."""
    here = crews(teams, rows[0])
    needs = tuple(need(one, found[one.skill], here) for one in rows)
    shares = tuple(
        Share(one.terms.name, one.agents, paid(one.agents, one.terms.shrinkage)) for one in here if one.agents
    )
    return Slot(
        start=start,
        arrivals=sum(one.arrivals for one in rows),
        agents=sum(one.agents for one in needs),
        paid=sum(one.paid for one in shares),
        missing=sum(one.missing for one in needs),
        teams=shares,
        skills=needs,
    )


def need(one: HalfHour, staffing: Staffing, here: Sequence[Crew]) -> SkillNeed:
    """A skill's agents, put to work."""
    needed = staffing.needed(one.arrivals * A_HOUR)
    missing = needed.agents - sum(given(here, needed.agents, one.skill).values())
    return SkillNeed(
        skill=one.skill,
        arrivals=one.arrivals,
        agents=needed.agents,
        missing=missing,
        service_level=needed.service_level,
        p_abandon=needed.p_abandon,
        mean_wait_s=needed.mean_wait_s,
        occupancy=needed.occupancy,
        method=needed.method,
    )


def cost_of(team: TeamTerms, slots: Sequence[Slot]) -> TeamCost:
    """What a team does and costs over the plan."""
    own = [share for one in slots for share in one.teams if share.team == team.name]
    hours = sum(one.paid for one in own) * HOURS
    return TeamCost(
        team=team.name,
        most_paid=max((one.paid for one in own), default=0),
        agent_hours=sum(one.agents for one in own) * HOURS,
        paid_hours=hours,
        wage_per_hour=team.wage_per_hour,
        cost=None if team.wage_per_hour is None else hours * team.wage_per_hour,
    )
