"""Inputs on agents, service and roll-out that cannot all be right."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aparte.planning.inputs import Team
from aparte.planning.spans import Span, exact, whole
from aparte.planning.told import Contradiction, Told
from aparte.planning.workings import desk_hours_per_conversation

COST = "conversation.cost_per_conversation"
TIMES = ("conversation.agent_seconds", "conversation.customer_seconds", "conversation.turns",
         "conversation.concurrency", "conversation.occupancy")  # fmt: skip


def of_labour(told: Told) -> Iterator[Contradiction]:
    """All of them."""
    for check in (two_costs, capacity, avoided, roll_out):
        yield from check(told)


def desk_hours(told: Told) -> Span | None:
    """Hours at the desk for one conversation, from the times; longest work and fewest at once make it the longest."""
    if told.get(TIMES[0]) is None:
        return None
    ends = {"low": ("low", "high"), "value": ("value", "value"), "high": ("high", "low")}
    found = []
    for time, others in ends.values():
        at = (time, time, time, others, others)
        x = {path: np.asarray(getattr(told[path], end)) for path, end in zip(TIMES, at, strict=True)}
        found.append(float(desk_hours_per_conversation(x)))
    return Span(min(found), found[1], max(found))


def two_costs(told: Told) -> Iterator[Contradiction]:
    """The cost stated for a conversation, and the one that times and wages make."""
    stated, hours, teams = told.get(COST), desk_hours(told), told.scenario.teams
    if stated is None or hours is None or not teams:
        return
    wage = wage_at_desk(told, teams)
    implied = hours * wage
    if stated.apart(implied):
        yield Contradiction(
            code="two_costs",
            inputs=(COST, *TIMES, *(f"teams.{team.name}.wage_per_hour" for team in teams)),
            figures={"stated": stated.value, "implied": implied.value},
            what=f"a conversation is said to cost {stated.value:.2f}, but the agents' time and wages make "
            f"{implied.value:.2f}",
            hint="leave the cost out to have it worked out, or correct the times; the case counts with the cost",
        )


def wage_at_desk(told: Told, teams: tuple[Team, ...]) -> Span:
    """What an hour at the desk costs, all teams together: paid hours are longer than hours at the desk."""
    found = exact(0)
    for team in teams:
        path = f"teams.{team.name}"
        one = told[f"{path}.share"] * told[f"{path}.wage_per_hour"] / (exact(1) - told[f"{path}.shrinkage"])
        found = Span(found.low + one.low, found.value + one.value, found.high + one.high)
    return found


def capacity(told: Told) -> Iterator[Contradiction]:
    """Paid hours are enough for the conversations."""
    for team in told.scenario.teams:
        path = f"teams.{team.name}"
        paid, hours = told.get(f"{path}.paid_hours_per_month"), needed_hours(told, path)
        if paid is None or hours is None or not hours.above_nothing():
            continue
        expected = told.conversations * told[f"{path}.share"]
        possible = paid * (exact(1) - told[f"{path}.shrinkage"]) / hours
        if expected.above(possible):
            yield Contradiction(
                code="capacity",
                inputs=(f"{path}.paid_hours_per_month", f"{path}.shrinkage", "invitation.acceptance", *TIMES),
                figures={"expected": expected.value, "possible": possible.value, "hours": missing(told, path, hours)},
                what=f"{whole(expected.value)} conversations a month are expected of {team.name}, whose hours allow "
                f"{whole(possible.value)}",
                hint=f"pay {whole(missing(told, path, hours))} hours a month, or invite fewer",
            )


def needed_hours(told: Told, team: str) -> Span | None:
    """Hours at the desk for one conversation: from the times, else from what it is said to cost."""
    hours, cost, wage = desk_hours(told), told.get(COST), told[f"{team}.wage_per_hour"]
    if hours is not None or cost is None or not wage.above_nothing():
        return hours
    return cost * (exact(1) - told[f"{team}.shrinkage"]) / wage


def missing(told: Told, team: str, hours: Span) -> float:
    """Paid hours that the conversations expected take."""
    conversations = told.conversations.value * told[f"{team}.share"].value
    return conversations * hours.value / (1 - told[f"{team}.shrinkage"].value)


def avoided(told: Told) -> Iterator[Contradiction]:
    """No more calls and mails are avoided than come."""
    for code, volume in (("calls", "calls_per_month"), ("mails", "mails_per_month")):
        every, rate = told.get(f"service.{volume}"), told[f"service.{code}_avoided_per_conversation"]
        off = told.conversations * rate
        if every is not None and off.above(every):
            yield Contradiction(
                code=f"avoided_{code}",
                inputs=(f"service.{volume}", f"service.{code}_avoided_per_conversation", "invitation.acceptance"),
                figures={"avoided": off.value, "all": every.value},
                what=f"{whole(off.value)} {code} a month are said to be avoided, and there are {whole(every.value)}",
                hint=f"lower the {code} avoided by a conversation: not everybody would have written or called",
            )


def roll_out(told: Told) -> Iterator[Contradiction]:
    """The roll-out ends within the horizon."""
    months = sum(phase.months for phase in told.scenario.phases)
    if months > told.scenario.horizon_months:
        yield Contradiction(
            code="roll_out",
            inputs=("horizon_months", *(f"phases.{phase.name}.months" for phase in told.scenario.phases)),
            figures={"months": months, "horizon": told.scenario.horizon_months},
            what=f"the phases take {months} months, and the horizon is {told.scenario.horizon_months}",
            hint="shorten the phases, or lengthen the horizon",
        )
