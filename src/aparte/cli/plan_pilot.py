"""`aparte plan pilot`: visitors and days until an effect is told, and what too few of them show all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import msgspec

from aparte.cli.plan_pilot_words import show
from aparte.kit.errors import BadInput
from aparte.planning.given import positive
from aparte.planning.phases import Economy, Phases, phases
from aparte.planning.pilot import Pilot
from aparte.planning.pilot import pilot as reckoned
from aparte.planning.service import CSAT


@click.command(short_help="How many visitors and days a pilot takes, and what it shows.")
@click.option("--base-rate", type=float, required=True, help="Share of the visitors who buy without help: 0.02 is 2 %.")
@click.option("--lift", type=float, required=True, help="Relative effect on those who take up: 0.10 is +10 %.")
@click.option("--uptake", type=float, default=1.0, show_default=True, help="Share of the invited who take up.")
@click.option("--holdout", type=float, default=0.5, show_default=True, help="Share of the visitors held out.")
@click.option("--power", type=float, default=0.8, show_default=True, help="Chance to see the effect if it is there.")
@click.option("--alpha", type=float, default=0.05, show_default=True, help="Chance of a false alarm, two-sided.")
@click.option("--per-day", type=float, help="Eligible visitors a day while an agent is free.")
@click.option("--conversations-per-day", type=float, help="What the agents can take a day; fewer are then invited.")
@click.option("--days", type=int, help="What do so many days show?")
@click.option("--visitors", type=int, help="What do so many visitors show, both arms together?")
@click.option("--answer-share", type=float, default=0.25, show_default=True, help="Who answers the survey.")
@click.option("--agents", type=int, help="Agents of the pilot: the phases to critical mass are told as well.")
@click.option("--conversations-per-agent-day", type=float, help="What one agent takes in a day.")
@click.option("--margin-per-order", type=float, help="Gross margin of an order, in any currency.")
@click.option("--agent-day-cost", type=float, default=0.0, show_default=True, help="What an agent costs a day.")
@click.option("--fixed-cost-per-day", type=float, default=0.0, show_default=True, help="Software, team leader, ...")
@click.option("--csat", type=float, default=CSAT, show_default=True, help="Satisfaction that must be kept.")
@click.option("--reply-s", type=float, default=60.0, show_default=True, help="Seconds to a reply, at most.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Of the text.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as one JSON object.")
def pilot(*, language: str, as_json: bool, **given: Any) -> None:
    """How many visitors, and how many days, until it is known whether help sells more, and what is known before.

    Of those held out, --base-rate buy; of the treated, --base-rate x (1 + --lift x --uptake). Sizes are Fleiss's
    without correction; each figure is defined in docs/reference/plan.md#the-pilot.

    \b
    aparte plan pilot --base-rate 0.02 --lift 0.10 --holdout 0.1
    aparte plan pilot --base-rate 0.05 --lift 1 --uptake 0.1 --per-day 900 --agents 3 --conversations-per-agent-day 30
    """
    with options():
        found, steps = told(given)
    if as_json:
        beside = {"phases": None if steps is None else msgspec.to_builtins(steps)}
        click.echo(json.dumps(msgspec.to_builtins(found) | beside, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        show(found, steps, language)


@contextmanager
def options() -> Iterator[None]:
    """What a refusal names is the option, as it was written."""
    try:
        yield
    except BadInput as error:
        where = f"--{error.where.replace('_', '-')}" if error.where.isidentifier() else error.where
        raise BadInput(error.what, where=where, hint=error.hint) from None


def told(given: dict[str, Any]) -> tuple[Pilot, Phases | None]:
    """The pilot, and the phases where agents are named; BadInput."""
    economy = Economy(
        margin_per_order=given.pop("margin_per_order"), agent_day_cost=given.pop("agent_day_cost"),
        fixed_cost_per_day=given.pop("fixed_cost_per_day"),
    )  # fmt: skip
    agents, each = given.pop("agents"), given.pop("conversations_per_agent_day")
    kept = {"csat": given.pop("csat"), "reply_s": given.pop("reply_s")}
    if agents is not None and each is not None and given["conversations_per_day"] is None:
        given["conversations_per_day"] = agents * positive(each, "conversations_per_agent_day")
    found = reckoned(**given)
    if agents is None:
        return found, None
    if given["per_day"] is None:
        raise BadInput("phases of what traffic?", where="agents", hint="say --per-day as well")
    if each is None:
        if given["conversations_per_day"] is None:
            raise BadInput("how much can they take?", where="agents", hint="say --conversations-per-agent-day as well")
        each = given["conversations_per_day"] / max(agents, 1)
    return found, phases(found, agents, each, given["per_day"], economy=economy, **kept)
