"""From the pilot to critical mass: who is invited, by how many agents, how long, and what ends each phase. Pure.

Critical mass is the volume at which whole agents are fully used and what they bring covers what is paid whatever comes.
"""

from __future__ import annotations

from math import isqrt
from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.planning.given import ceiling, not_negative, positive, proper, whole
from aparte.planning.pilot import EVEN, TENTH, Asked, Pilot, Visible, split_of, visible
from aparte.planning.service import CSAT, answers_for_share

MOST_AGENTS = 100_000
PILOT_DAYS, EXTENSION_DAYS, ROLL_OUT_DAYS, QUARTER = (14, 56), (28, 182), (28, 364), 91
"""At least two whole weeks, so that each weekday comes twice; at most what a firm waits for."""
CSAT_REACH, ACCEPTANCE_REACH = 0.05, 0.2
"""The pilot lasts until satisfaction is known to five points, and acceptance to a fifth of itself."""
REPLY_SECONDS = 60.0
PAY_BY_RESULT = 15
"""Agents above which paying by result is worth its contract (S1-123)."""

Name: TypeAlias = Literal["pilot", "extension", "roll_out", "critical_mass"]
Decision: TypeAlias = Literal["service", "effect", "value", "keep"]
"""Whether it can be run well and is taken up; whether it sells more; whether that pays; whether it still does."""


class Criterion(Struct, frozen=True, kw_only=True):
    """A measure, its bound, and what of it is held against that: `point`, or one end of its interval."""

    measure: str
    """`acceptance`, `csat`, `reply_s`, `effect` (difference of the rates of the arms)."""
    of: Literal["point", "low", "high"]
    sense: Literal["at_least", "at_most", "above", "below"]
    bound: float
    daily: bool = False
    """Asked every day, with the interval that bears it; else once, at the end of the phase."""


class Phase(Struct, frozen=True, kw_only=True):
    """One phase."""

    name: Name
    share: float
    """Of the eligible and covered visitors, who take part; the others are left alone."""
    holdout: float
    agents: int
    per_day: float
    conversations_per_day: float
    days: int
    visible: Visible
    """The smallest effect that the phase can show."""
    enough: bool
    """Whether that is at most the effect that is hoped for."""
    decision: Decision
    go_on: tuple[Criterion, ...]
    """All of them."""
    stop: tuple[Criterion, ...]
    """Any of them."""
    pay_by_result: bool


class Critical(Struct, frozen=True, kw_only=True):
    """The volume that carries itself; None and `why` where no volume does."""

    agents: int | None = None
    conversations_per_day: float | None = None
    per_day: float | None = None
    share: float | None = None
    """Of all eligible and covered visitors; above 1 there are too few of them."""
    reached: bool = False
    why: Literal["", "no_margin", "each_costs_more"] = ""
    """`no_margin`: nobody said what an order brings; `each_costs_more`: a conversation costs more than it brings."""


class Phases(Struct, frozen=True, kw_only=True):
    """All phases, and what a conversation brings and costs; None without margin and cost."""

    phases: tuple[Phase, ...]
    critical: Critical
    brings: float | None
    costs: float | None
    break_even_lift: float | None
    """The relative effect on those who take up at which a conversation pays for itself."""


class Economy(Struct, frozen=True, kw_only=True):
    """What an order brings and a day costs, in one currency."""

    margin_per_order: float | None = None
    agent_day_cost: float = 0.0
    fixed_cost_per_day: float = 0.0


NO_ECONOMY = Economy()


class Ground(Struct, frozen=True, kw_only=True):
    """What all phases stand on."""

    asked: Asked
    traffic: float
    agents: int
    each: float
    """Conversations that an agent takes in a day."""
    economy: Economy
    csat: float
    reply_s: float


def phases(
    plan: Pilot, agents: int, conversations_per_agent_day: float, traffic_per_day: float, *,
    economy: Economy = NO_ECONOMY, csat: float = CSAT, reply_s: float = REPLY_SECONDS,
) -> Phases:  # fmt: skip
    """Pilot with `agents`, extension, roll-out to all traffic, critical mass. BadInput names what cannot be.

    `traffic_per_day`: eligible and covered visitors a day when nobody is left out. `csat` and `reply_s` are what the
    service must keep.
    """
    asked = Asked(
        base_rate=plan.base_rate, lift=plan.lift, uptake=plan.uptake, power=plan.power, alpha=plan.alpha
    )  # fmt: skip
    ground = Ground(
        asked=asked, traffic=positive(traffic_per_day, "per_day"), agents=whole(agents, "agents", MOST_AGENTS),
        each=positive(conversations_per_agent_day, "conversations_per_agent_day"), economy=checked(economy),
        csat=proper(csat, "csat", "a share that nobody or everybody must reach"), reply_s=positive(reply_s, "reply_s"),
    )  # fmt: skip
    critical = critical_of(ground)
    steps = staffed(ground, critical)
    return Phases(
        phases=tuple(phase(ground, name, many) for name, many in steps), critical=critical, brings=brings(ground),
        costs=None if economy.margin_per_order is None else costs(ground), break_even_lift=break_even_lift(ground),
    )  # fmt: skip


def checked(economy: Economy) -> Economy:
    """The amounts, none of them negative; BadInput."""
    if economy.margin_per_order is not None:
        positive(economy.margin_per_order, "margin_per_order")
    not_negative(economy.agent_day_cost, "agent_day_cost")
    not_negative(economy.fixed_cost_per_day, "fixed_cost_per_day")
    return economy


def brings(ground: Ground) -> float | None:
    """Incremental margin of a conversation: margin x base rate x lift of those who take up."""
    margin = ground.economy.margin_per_order
    return None if margin is None else margin * ground.asked.base_rate * ground.asked.lift


def costs(ground: Ground) -> float:
    """What a conversation costs of a fully used agent."""
    return ground.economy.agent_day_cost / ground.each


def break_even_lift(ground: Ground) -> float | None:
    """The lift at which a conversation brings what it costs."""
    margin = ground.economy.margin_per_order
    return None if margin is None else costs(ground) / (margin * ground.asked.base_rate)


def critical_of(ground: Ground) -> Critical:
    """The fewest agents who, fully used, cover the fixed cost."""
    gain = brings(ground)
    if gain is None:
        return Critical(why="no_margin")
    net = gain * ground.each - ground.economy.agent_day_cost
    if net <= 0:
        return Critical(why="each_costs_more")
    many = max(1, ceiling(ground.economy.fixed_cost_per_day / net))
    if many > MOST_AGENTS:
        hint = "look at margin_per_order and fixed_cost_per_day again"
        raise BadInput(f"it would take {many:,} agents to cover it", where="fixed_cost_per_day", hint=hint)
    talks = many * ground.each
    per_day = talks / (ground.asked.uptake * (1 - TENTH))
    share = per_day / ground.traffic
    return Critical(
        agents=many, conversations_per_day=talks, per_day=per_day, share=share, reached=share <= 1
    )  # fmt: skip


def staffed(ground: Ground, critical: Critical) -> list[tuple[Name, int]]:
    """Agents of each phase: as many times more from pilot to extension as from there to the roll-out."""
    last = max(ground.agents, ceiling(talks_of(ground, ground.traffic, TENTH) / ground.each))
    middle = max(ground.agents, min(last, isqrt(ground.agents * last - 1) + 1))
    steps: list[tuple[Name, int]] = [("pilot", ground.agents), ("extension", middle), ("roll_out", last)]
    if critical.agents is not None and critical.reached:
        steps.append(("critical_mass", critical.agents))
    return steps


def talks_of(ground: Ground, per_day: float, holdout: float) -> float:
    """Conversations of so many visitors a day."""
    return per_day * (1 - holdout) * ground.asked.uptake


def phase(ground: Ground, name: Name, agents: int) -> Phase:
    """One phase with so many agents, as many visitors as they can take, and its length."""
    holdout = EVEN if name in ("pilot", "extension") else TENTH
    full = agents * ground.each / (ground.asked.uptake * (1 - holdout))
    per_day = ground.traffic if full > ground.traffic * (1 - 1e-12) else full
    days = length(ground, name, per_day, holdout)
    shown = visible(ground.asked, holdout, days, int(per_day * days))
    hoped = abs(ground.asked.treated_rate - ground.asked.base_rate)
    enough = shown.difference is not None and shown.difference <= hoped
    return Phase(
        name=name, share=per_day / ground.traffic, holdout=holdout, agents=agents, per_day=per_day,
        conversations_per_day=talks_of(ground, per_day, holdout), days=days, visible=shown, enough=enough,
        decision=decision(ground, name, enough), go_on=go_on(ground, name, enough),
        stop=stop(name, enough), pay_by_result=agents > PAY_BY_RESULT,
    )  # fmt: skip


def length(ground: Ground, name: Name, per_day: float, holdout: float) -> int:
    """Days of a phase, in whole weeks: until its question is answered, within what a firm waits for."""
    if name == "critical_mass":
        return QUARTER
    if name == "pilot":
        invited = per_day * (1 - holdout)
        acceptance = answers_for_share(ground.asked.uptake, ACCEPTANCE_REACH * ground.asked.uptake) / invited
        return weeks(max(acceptance, answers_for_share(CSAT, CSAT_REACH) / (invited * ground.asked.uptake)), PILOT_DAYS)
    days = split_of(ground.asked, holdout, per_day).days or 0
    return weeks(days, EXTENSION_DAYS if name == "extension" else ROLL_OUT_DAYS)


def weeks(days: float, between: tuple[int, int]) -> int:
    """Whole weeks between these days."""
    return min(max(7 * ceiling(days / 7), between[0]), between[1])


def decision(ground: Ground, name: Name, enough: bool) -> Decision:
    """What can be decided; where the effect cannot be seen, the service alone."""
    if name == "critical_mass":
        return "keep"
    if not enough:
        return "service"
    return "value" if name == "roll_out" and ground.economy.margin_per_order is not None else "effect"


def go_on(ground: Ground, name: Name, enough: bool) -> tuple[Criterion, ...]:
    """Served well, taken up about as planned, and no harm; where the effect can be seen, it has to be there."""
    found = [
        Criterion(measure="acceptance", of="high", sense="at_least", bound=ground.asked.uptake),
        Criterion(measure="csat", of="point", sense="at_least", bound=ground.csat),
        Criterion(measure="reply_s", of="point", sense="at_most", bound=ground.reply_s),
    ]
    if enough:
        found.append(Criterion(measure="effect", of="low", sense="above", bound=0.0))
    even = break_even_lift(ground)
    if even is not None and name in ("roll_out", "critical_mass"):
        bound = ground.asked.base_rate * even * ground.asked.uptake
        found.append(Criterion(measure="effect", of="point", sense="at_least", bound=bound))
    return tuple(found)


def stop(name: Name, enough: bool) -> tuple[Criterion, ...]:
    """Surely harmful, on any day; after a phase that could have seen the effect, that it is not there."""
    found = [Criterion(measure="effect", of="high", sense="below", bound=0.0, daily=True)]
    if enough and name != "pilot":
        found.append(Criterion(measure="effect", of="low", sense="at_most", bound=0.0))
    return tuple(found)
