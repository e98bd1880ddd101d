"""`aparte plan forecast` and `aparte plan staff`: arrivals to expect, and who is needed for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from aparte.cli.plan_queue_words import Language
from aparte.cli.plan_queues import json_option, language_option
from aparte.cli.plan_staff_options import NEEDS, Needs, Sources, source_options

TABLE = click.argument("table", required=False, type=click.Path(path_type=Path), metavar="[FILE.csv]")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="Print the half-hours as CSV.")


@click.command(short_help="Arrivals to expect, by weekday and half-hour.")
@TABLE
@source_options
@json_option
@csv_option
@language_option
def forecast(table: Path | None, *, as_json: bool, as_csv: bool, language: Language, **of_sources: Any) -> None:
    """Arrivals to expect by day of the week and half-hour, with an interval, from three weeks or more of the past.

    FILE.csv has the columns start,arrivals (and skill): dates as 2026-03-02T09:00. What it prints with --json or --csv
    is what `aparte plan staff` reads.
    """
    from aparte.cli.plan_staffing import tell_forecast  # noqa: PLC0415  numpy loads slowly

    tell_forecast(table, Sources(**of_sources), language, as_json=as_json, as_csv=as_csv)


@click.command(short_help="Agents for each half-hour, paid hours and cost.")
@TABLE
@click.option(
    "--from-forecast",
    "forecast_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What aparte plan forecast has printed, as JSON or CSV.",
)
@click.option(
    "--staff-for",
    type=click.Choice(["expected", "low", "high"]),
    default="expected",
    show_default=True,
    help="Which arrivals of the forecast.",
)
@click.option("--as-it-was", is_flag=True, help="Each half-hour of the past itself, instead of a week to expect.")
@source_options
@NEEDS
@json_option
@csv_option
@language_option
def staff(
    table: Path | None,
    *,
    forecast_file: Path | None,
    staff_for: str,
    as_it_was: bool,
    as_json: bool,
    as_csv: bool,
    language: Language,
    **more: Any,
) -> None:  # fmt: skip
    """How many agents each half-hour takes, how many of them are paid, from which teams, and what that costs.

    Arrivals come from FILE.csv (columns start,arrivals and, where there are several, skill; starts as
    2026-03-02T09:00, mon 09:00 or 09:00), from a forecast, or through one from --data, or from --events with
    --campaigns.

    The phone needs --aht; a chat --agent-seconds, --customer-seconds and --turns, or --data, whose conversations are
    measured. --team may be given several times, the cheapest hour at work first: --team "own, wage=22, agents=12,
    hours=mon-fri 08:00-18:00" --team "outside, wage=30, share=0.4". Figures: docs/reference/plan.md.
    """
    from aparte.cli.plan_staffing import Arrivals, tell_staff  # noqa: PLC0415  numpy loads slowly

    given = Sources(**{name: more.pop(name) for name in Sources.__struct_fields__})
    arrivals = Arrivals(table, forecast_file, "arrivals" if staff_for == "expected" else staff_for, as_it_was)
    tell_staff(arrivals, given, Needs(**more), language, as_json=as_json, as_csv=as_csv)
