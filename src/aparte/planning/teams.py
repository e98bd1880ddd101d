"""Who does the work: teams that cost differently, each up to what it can give; the cheapest first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.planning.half_hours import DAY_MINUTES, MINUTES, HalfHour
from aparte.planning.queue_inputs import MOST_AGENTS, number, whole
from aparte.planning.shrinkage import at_work, read_share
from aparte.routing.hours import read_shift
from aparte.sites.model import WEEK, Shift

MOST_WAGE = 1_000_000.0
KEYS = "wage, agents, hours, share, shrinkage, skills"
EXAMPLE = "own, wage=22, agents=12, hours=mon-fri 08:00-18:00, share=0.6, skills=sales+help"


class TeamTerms(Struct, frozen=True, kw_only=True):
    """What a team costs and how much of it there is; None: as much as is wanted."""

    name: str
    wage_per_hour: float | None = None
    """Of a paid hour, with everything; None: nobody has told."""
    agents: int | None = None
    """Paid at the same time at most."""
    share: Fraction | None = None
    """Of the agents that a skill takes, at most so many."""
    hours: tuple[Shift, ...] = ()
    """When it works; none: always."""
    shrinkage: Fraction = Fraction(0)
    """Share of paid time in which nobody of it can serve."""
    skills: tuple[str, ...] = ()
    """What it can serve; none: everything."""

    @property
    def hour_at_work(self) -> float:
        """What an hour in which somebody serves costs; unknown is dearest."""
        return inf if self.wage_per_hour is None else self.wage_per_hour / float(1 - self.shrinkage)


class Crew(Struct):
    """A team in one half-hour."""

    terms: TeamTerms
    free: int
    """Agents who can still be put to work."""
    agents: int = 0
    """Agents who are."""


def crews(teams: Sequence[TeamTerms], one: HalfHour) -> list[Crew]:
    """The teams that work in this half-hour, the cheapest hour at work first."""
    found = [Crew(team, most_at_work(team)) for team in teams if works(team, one)]
    return sorted(found, key=lambda crew: crew.terms.hour_at_work)


def most_at_work(team: TeamTerms) -> int:
    """How many of a team can serve at the same time."""
    return MOST_AGENTS if team.agents is None else at_work(team.agents, team.shrinkage)


def given(crews: Sequence[Crew], agents: int, skill: str) -> dict[str, int]:
    """Put so many agents to work, the cheapest first; who does how much. What is missing is in nobody's figure."""
    found: dict[str, int] = {}
    for crew in crews:
        team = crew.terms
        if team.skills and skill and skill not in team.skills:
            continue
        most = agents if team.share is None else int(team.share * agents)
        takes = min(agents - sum(found.values()), crew.free, most)
        if takes > 0:
            crew.free, crew.agents = crew.free - takes, crew.agents + takes
            found[team.name] = takes
    return found


def works(team: TeamTerms, one: HalfHour) -> bool:
    """Whether a team works all of this half-hour."""
    return not team.hours or any(covers(shift, one) for shift in team.hours)


def covers(shift: Shift, one: HalfHour) -> bool:
    """Whether a shift holds this half-hour; of a half-hour of any day, whether it does on some day."""
    start, end = minutes(shift.start), minutes(shift.end)
    end += DAY_MINUTES if end <= start else 0
    for days_on in (0, 1):
        begins = one.minute + days_on * DAY_MINUTES
        if start <= begins and begins + MINUTES <= end:
            return one.weekday is None or WEEK[(one.weekday - days_on) % 7] in shift.days
    return False


def minutes(clock: str) -> int:
    """`09:30` as minutes of the day."""
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def read_team(text: str, shrinkage: Fraction) -> TeamTerms:
    """A team as it is written on the command line; `shrinkage` where it says none. BadInput for what is wrong."""
    name, *parts = [one.strip() for one in text.split(",")]
    told: dict[str, str] = {}
    last = ""
    for part in parts:
        key, equals, value = part.partition("=")
        if equals:
            last = key.strip().lower()
            told[last] = value.strip()
        elif last == "hours":  # `sat,sun 22:00-06:00` has a comma of its own
            told[last] += f",{part}"
        else:
            raise BadInput(f"{part!r} is no key=value", where=f"team {name!r}", hint=EXAMPLE)
    unknown = sorted(set(told) - set(KEYS.split(", ")))
    if not name or "=" in name or unknown:
        what = f"{unknown[0]!r} is nothing that a team has" if unknown else "a team has a name, which comes first"
        raise BadInput(what, where=f"team {name!r}", hint=f"{KEYS}; as in: {EXAMPLE}")
    return team_of(name, told, shrinkage)


def team_of(name: str, told: dict[str, str], shrinkage: Fraction) -> TeamTerms:
    """The team that these words tell of."""
    return checked(
        TeamTerms(
            name=name,
            wage_per_hour=decimal(told["wage"], name, "wage") if "wage" in told else None,
            agents=int(decimal(told["agents"], name, "agents", integral=True)) if "agents" in told else None,
            share=read_share(told["share"], f"share of team {name!r}", one_too=True) if "share" in told else None,
            hours=tuple(read_shift(one) for one in told["hours"].split("+")) if "hours" in told else (),
            shrinkage=read_share(told["shrinkage"], f"shrinkage of team {name!r}")
            if "shrinkage" in told
            else shrinkage,
            skills=tuple(one.strip() for one in told["skills"].split("+")) if "skills" in told else (),
        )
    )


def decimal(text: str, name: str, key: str, *, integral: bool = False) -> float:
    """A number of the command line."""
    try:
        return int(text) if integral else float(text.replace(",", "."))
    except ValueError:
        kind = "whole number" if integral else "number"
        raise BadInput(f"{text[:40]!r} is no {kind}", where=f"{key} of team {name!r}", hint=EXAMPLE) from None


def checked(team: TeamTerms) -> TeamTerms:
    """The same; BadInput names what cannot be."""
    if team.wage_per_hour is not None:
        number(f"wage of team {team.name!r}", team.wage_per_hour, MOST_WAGE, "what a paid hour costs")
    if team.agents is not None:
        whole(f"agents of team {team.name!r}", team.agents, MOST_AGENTS, "paid at the same time", least=0)
    read_share(team.shrinkage, f"shrinkage of team {team.name!r}")
    if team.share is not None:
        read_share(team.share, f"share of team {team.name!r}", one_too=True)
    return team
