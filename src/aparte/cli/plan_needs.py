"""What `aparte plan staff` is told of the work, of the targets and of the teams; what it is not told, measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from aparte.cli.plan_queue_words import Language, skill_name
from aparte.cli.plan_queue_words import said as words
from aparte.cli.plan_staff_options import Needs
from aparte.kit.errors import BadInput
from aparte.planning.chat import Talk
from aparte.planning.half_hours import HalfHour
from aparte.planning.shrinkage import read_share
from aparte.planning.staff_plan import StaffPlan, staff_plan
from aparte.planning.staffing import Calls, Talks, Targets, Work, concurrency_for
from aparte.planning.talk_times import Measured
from aparte.planning.teams import TeamTerms, checked, read_team
from aparte.reports.numbers import number

if TYPE_CHECKING:
    from aparte.app.arrivals import Known

SHRINKAGE = "0.3"
TEAM = "team"
PATIENCE_S = 180.0


def planned(
    rows: Sequence[HalfHour], needs: Needs, channel: str, known: Known | None
) -> tuple[StaffPlan, list[dict[Language, str]]]:
    """The plan, and what was measured for it."""
    if not rows:
        raise BadInput("nobody comes for this skill", where="skill", hint="--skill with one that the arrivals name")
    skills = sorted({one.skill for one in rows})
    measured = {one.skill: one for one in known.talks} if known is not None and channel == "chat" else {}
    work = {
        skill: phone(skill, needs, known) if channel == "phone" else talks(skill, needs, measured) for skill in skills
    }
    targets = Targets(
        service_level=needs.service_level,
        threshold_seconds=needs.threshold,
        occupancy=needs.occupancy,
        abandoned=needs.abandoned,
        least_agents=needs.least_agents,
    )
    remarks = [told(measured[skill], len(skills)) for skill in skills if skill in measured and not entered(needs)]
    return staff_plan(rows, work, targets, teams(needs, known)), remarks


def phone(skill: str, needs: Needs, known: Known | None) -> Work:
    """One call at a time; the handling time as given, else as measured."""
    measured = known.handling.get(skill) if known is not None else None
    aht = needs.aht if needs.aht is not None else measured[1] if measured is not None else None
    if aht is None:
        raise BadInput("the handling time is not known", where="aht", hint="--aht 240, or --data with calls")
    return Calls(aht_seconds=aht, patience_seconds=needs.patience)


def talks(skill: str, needs: Needs, measured: Mapping[str, Measured]) -> Work:
    """Conversations at a time, as many as the reply time allows."""
    talk = talk_of(skill, needs, measured)
    patience = PATIENCE_S if needs.patience is None else needs.patience
    if needs.concurrency is not None:
        return Talks(talk=talk, concurrency=needs.concurrency, patience_seconds=patience)
    try:
        most = concurrency_for(talk, needs.reply_time, needs.most_at_once)
    except BadInput as error:
        names = {"reply_seconds": "reply_time", "most": "most_at_once"}
        raise BadInput(error.what, where=names.get(error.where, error.where), hint=error.hint) from None
    return Talks(talk=talk, concurrency=most, patience_seconds=patience)


def complete(needs: Needs, channel: str) -> bool:
    """Whether nothing is left to be measured in a data folder."""
    times = needs.aht is not None if channel == "phone" else entered(needs)
    return times and bool(needs.teams or needs.wage is not None)


def entered(needs: Needs) -> bool:
    """Whether all times of a conversation were given."""
    return None not in (needs.agent_seconds, needs.customer_seconds, needs.turns)


def talk_of(skill: str, needs: Needs, measured: Mapping[str, Measured]) -> Talk:
    """The times of a conversation: each as it was given, else as measured."""
    own = measured[skill].talk if skill in measured else None
    agent, customer, turns = (
        given if given is not None else getattr(own, name, None)
        for name, given in (
            ("agent_seconds", needs.agent_seconds), ("customer_seconds", needs.customer_seconds), ("turns", needs.turns)
        )
    )  # fmt: skip
    if agent is None or customer is None or turns is None:
        name = "agent_seconds" if agent is None else "customer_seconds" if customer is None else "turns"
        hint = "--agent-seconds 30 --customer-seconds 60 --turns 8, or --data with thirty replies or more"
        of = f" of {skill!r}" if skill else ""
        raise BadInput(f"the times of a conversation{of} are not known", where=name, hint=hint)
    return Talk(agent, customer, turns)


def teams(needs: Needs, known: Known | None) -> list[TeamTerms]:
    """The teams as given, else those of the folder that say what they cost, else one of any size."""
    site = known.site.costs.shrinkage if known is not None else 0.0
    shrinkage = read_share(needs.shrinkage or str(site or SHRINKAGE), "--shrinkage")
    if needs.teams and needs.wage is not None:
        raise click.UsageError("--wage is for one team; with --team write wage=X into it")
    if needs.teams:
        return [read_team(one, shrinkage) for one in needs.teams]
    own = [one for one in known.teams if one.cost_per_hour > 0 and one.agents] if known is not None else []
    if own and needs.wage is None:
        return [
            TeamTerms(
                name=one.name,
                wage_per_hour=one.cost_per_hour,
                agents=one.agents,
                shrinkage=shrinkage,
                skills=one.skills,
            )
            for one in own
        ]
    return [checked(one_team(needs.wage, shrinkage))]


def one_team(wage: float | None, shrinkage: Fraction) -> TeamTerms:
    """A team of any size."""
    return TeamTerms(name=TEAM, wage_per_hour=wage, shrinkage=shrinkage)


def told(one: Measured, of: int) -> dict[Language, str]:
    """What was measured, in both languages."""

    def said(language: Language) -> str:
        agent, customer, turns = (
            number(value, language, 1) for value in (one.talk.agent_seconds, one.talk.customer_seconds, one.talk.turns)
        )
        skill = skill_name(one.skill, of, language)
        return words(
            "measured", language, skill=skill, n=one.conversations, agent=agent, customer=customer, turns=turns
        )

    return {"en": said("en"), "fr": said("fr")}
