"""Whether a scenario can be: every input within its limits, and enough of them to work the case out."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite

from aparte.kit.errors import BadInput
from aparte.planning.inputs import Channel, Estimate, Help, Phase, Scenario, Team, inputs
from aparte.planning.units import unit_of

LONGEST = 120
"""Months that a horizon may have."""
MOST_PARTS = 50
"""Teams, phases, channels or intangibles."""


def check(scenario: Scenario, where: str = "") -> Scenario:
    """The scenario, as it is. Raises BadInput that names the input at fault, what is wrong and what to change."""
    check_frame(scenario, where)
    for path, estimate in inputs(scenario).items():
        check_estimate(estimate, at(where, path), path)
    check_help(scenario.help, where)
    check_discount(scenario, where)
    check_labour(scenario, where)
    for channel in scenario.channels:
        check_channel(channel, scenario, at(where, f"channels.{channel.name}"))
    return scenario


def at(where: str, path: str) -> str:
    """Where an input stands, as the user wrote it."""
    return f"{where}: {path}" if where else path


def check_estimate(estimate: Estimate, where: str, path: str) -> None:
    """Numbers, in order, within the limits of the unit."""
    unit, ends = unit_of(path), (estimate.low, estimate.value, estimate.high)
    if not all(isfinite(end) for end in (*ends, estimate.within)):
        raise BadInput("this is no finite number", where=where, hint=unit.hint)
    for end in ends:
        if not unit.least <= end <= unit.most:
            raise BadInput(f"{end:g} is impossible", where=where, hint=unit.hint)
    if any(first > then for first, then in pairwise(ends)):
        raise BadInput(
            f"low {ends[0]:g}, value {ends[1]:g}, high {ends[2]:g} are not in order",
            where=where,
            hint="put the value between low and high",
        )
    if not 0.01 <= estimate.within <= 0.999:
        raise BadInput(
            f"within {estimate.within:g} is impossible", where=where, hint="a share of the times, from 0.01 to 0.999"
        )


def check_frame(scenario: Scenario, where: str) -> None:
    """Name, currency, horizon, and that the parts can be told apart."""
    if not (len(scenario.currency) == 3 and scenario.currency.isascii() and scenario.currency.isupper()):
        raise BadInput(
            f"{scenario.currency[:12]!r} is no currency", where=at(where, "currency"), hint="EUR, for example"
        )
    if not 1 <= scenario.horizon_months <= LONGEST:
        raise BadInput(
            f"{scenario.horizon_months} months", where=at(where, "horizon_months"), hint=f"from 1 to {LONGEST} months"
        )
    for part in ("teams", "phases", "channels", "intangibles"):
        check_names(tuple(one.name for one in getattr(scenario, part)), at(where, part))
    for phase in scenario.phases:
        check_phase(phase, where)


def check_phase(phase: Phase, where: str) -> None:
    """A phase lasts."""
    if not 1 <= phase.months <= LONGEST:
        raise BadInput(
            f"{phase.months} months", where=at(where, f"phases.{phase.name}.months"), hint=f"from 1 to {LONGEST} months"
        )


def check_names(names: tuple[str, ...], where: str) -> None:
    """Each once, and none that a path could not hold."""
    if len(names) > MOST_PARTS:
        raise BadInput(f"{len(names)} of them", where=where, hint=f"at most {MOST_PARTS}")
    for name in names:
        if not name.strip() or "." in name or len(name) > 80:
            raise BadInput(f"{name[:80]!r} is no name", where=where, hint="1 to 80 characters without a full stop")
        if names.count(name) > 1:
            raise BadInput(f"{name!r} is there twice", where=where, hint="give each a name of its own")


def check_help(given: Help, where: str) -> None:
    """Whether the effect is known, one way or the other."""
    if given.lift_per_eligible or (
        given.conversion_with_help and (given.conversion_without_help or given.additionality)
    ):
        return
    raise BadInput(
        "the effect is missing",
        where=at(where, "help"),
        hint="give lift_per_eligible, or conversion_with_help and conversion_without_help or additionality",
    )


def check_discount(scenario: Scenario, where: str) -> None:
    """A discount goes to all helped buyers, so they must be known."""
    given = scenario.help
    if scenario.orders.discount.high and not (given.conversion_with_help or given.additionality):
        raise BadInput(
            "a discount is also given to those who would have bought anyway, and how many they are is not known",
            where=at(where, "orders.discount"),
            hint="give help.conversion_with_help or help.additionality",
        )


def check_labour(scenario: Scenario, where: str) -> None:
    """Whether it is known what the agents cost."""
    given, teams = scenario.conversation, scenario.teams
    times = (given.agent_seconds, given.customer_seconds, given.turns)
    if any(times) and not all(times):
        raise BadInput(
            "the times are not complete",
            where=at(where, "conversation"),
            hint="give agent_seconds, customer_seconds and turns together",
        )
    check_shares(teams, where)
    paid = bool(teams) and all(team.paid_hours_per_month for team in teams)
    if not (given.cost_per_conversation or paid or (all(times) and teams)):
        raise BadInput(
            "what a conversation costs is missing",
            where=at(where, "conversation"),
            hint="give cost_per_conversation, or the times and a team with its wage, or the team's paid hours",
        )


def check_shares(teams: tuple[Team, ...], where: str) -> None:
    """The teams answer all conversations, and none twice."""
    total = sum(team.share.value for team in teams)
    if teams and abs(total - 1) > 1e-6:
        raise BadInput(f"the shares of the teams make {total:g}", where=at(where, "teams"), hint="make them 1 together")


def check_channel(channel: Channel, scenario: Scenario, where: str) -> None:
    """Whether it is known what a contact costs."""
    if channel.concurrency.high > 1 and not (channel.agent_seconds and channel.customer_seconds):
        raise BadInput(
            "several contacts at once, and how a turn divides is missing",
            where=where,
            hint="give agent_seconds and customer_seconds of a turn",
        )
    if channel.seconds_per_contact.high and not (channel.wage_per_hour or scenario.teams):
        raise BadInput(
            "an agent's hour has no cost", where=f"{where}.wage_per_hour", hint="give it, or a team with its wage"
        )
