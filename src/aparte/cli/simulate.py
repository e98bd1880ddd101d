"""`aparte simulate`: a shop whose truth is known, through the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from aparte.cli.shared import counted
from aparte.kit.errors import BadInput
from aparte.reports.numbers import day_of

if TYPE_CHECKING:
    from aparte.simulation.truth import CampaignTruth, Truth


@click.command(short_help="A shop whose truth is known.")
@click.option("--data", type=click.Path(path_type=Path), required=True, metavar="DIR", help="A folder to be made.")
@click.option("--visitors", type=click.IntRange(1), default=2000, show_default=True, help="How many come.")
@click.option("--days", type=click.IntRange(1, 366), default=28, show_default=True, help="In how many days.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, other visitors.")
@click.option(
    "--effect",
    type=click.FloatRange(-100, 100),
    metavar="POINTS",
    help="What a conversation adds to the probability to buy, in points. [default: the demo's, by campaign]",
)
@click.option(
    "--campaigns", type=click.Path(path_type=Path), metavar="FILE", help="The campaign file. [default: the demo's]"
)
@click.option("--agents", type=click.IntRange(1), help="How many agents. [default: as the demo has for its visits]")
@click.option(
    "--from",
    "first_day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    default="2026-01-05",
    show_default=True,
    help="The first day, in the time zone of the campaign file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the truth as one JSON object.")
def simulate(
    data: Path,
    *,
    visitors: int,
    days: int,
    seed: int,
    effect: float | None,
    campaigns: Path | None,
    agents: int | None,
    first_day: datetime,
    as_json: bool,
) -> None:
    """Simulate visitors and agents, whose truth is known, through the real engine into a data folder.

    The same arguments give the same log, decisions and truth, byte for byte. DIR/truth.json tells what inviting really
    changed; `aparte report --data DIR` tells what can be seen of it. See docs/reference/simulate.md.
    """
    from aparte.app import simulate as simulation  # noqa: PLC0415  # the engine's parts load slowly

    if first_day.date().year < 1971:
        raise BadInput("the first day is before 1971", where="--from", hint="--from 2026-01-05")
    asked = simulation.Asked(
        visitors=visitors,
        seed=seed,
        days=days,
        effect_pp=effect,
        campaigns=campaigns,
        agents=agents,
        first_day=first_day.date(),
    )
    columns = (TextColumn("simulating"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=as_json) as bar:
        task = bar.add_task("simulating", total=1.0)
        truth = simulation.simulate(data, asked, lambda done: bar.update(task, completed=done))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(truth), indent=1))
        return
    click.echo("\n".join(told(truth, data)))


def told(truth: Truth, data: Path) -> Iterator[str]:
    """The summary."""
    first, last = (day_of(at, truth.time_zone).isoformat() for at in (truth.start, truth.until - 1))
    came = f"{counted(truth.visitors, 'visitor')}, {counted(truth.visits, 'visit')}, {counted(truth.days, 'day')}"
    yield f"{came}, seed {truth.seed}: {first} to {last}"
    for name, one in truth.campaigns.items():
        yield from campaign(name, one)
    if not truth.campaigns:
        yield "No campaign found anybody to offer help to."
    yield f"What can be seen of it: aparte report --data {data}"


def campaign(name: str, one: CampaignTruth) -> Iterator[str]:
    """What is true of one campaign."""
    yield name
    split = f"{one.treated:,} to be invited, {one.held_out:,} held out"
    yield f"  {counted(one.candidates, 'candidate')}: {split}; {counted(one.accepted, 'conversation')}"
    cace = "" if one.cace_pp is None else f"; among those who accept {one.cace_pp:+.2f}"
    yield f"  inviting really changes {one.itt_pp:+.2f} points{cace}"
