"""The work of `aparte plan forecast` and `aparte plan staff`: to read, to plan, to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import Struct
from rich.table import Table

from aparte.app import read_text
from aparte.cli.plan_needs import complete, planned
from aparte.cli.plan_queue_words import HEADS, Language, said, skill_name, starting
from aparte.cli.plan_queues import as_options
from aparte.cli.plan_sources import histories, known_of
from aparte.cli.plan_staff_options import Needs, Sources
from aparte.cli.shared import Screen
from aparte.kit.errors import BadInput
from aparte.kit.tables import written_row
from aparte.planning.forecast import Expected, Forecast, History
from aparte.planning.forecast import forecast as forecast_of
from aparte.planning.half_hours import HalfHour, begun, half_hours
from aparte.planning.past_arrivals import as_rows
from aparte.planning.staff_plan import Slot, StaffPlan
from aparte.reports.numbers import number, share

COLUMNS = ("start", "skill", "arrivals", "low", "high", "observed")
STAFFED = ("start", "arrivals", "agents", "paid", "missing")


class Arrivals(Struct, frozen=True):
    """Which arrivals are staffed."""

    table: Path | None
    forecast: Path | None
    column: str
    """`arrivals`, `low` or `high`."""
    as_it_was: bool


def tell_forecast(table: Path | None, given: Sources, language: Language, *, as_json: bool, as_csv: bool) -> None:
    """Forecast each skill, and print it."""
    with as_options():
        found = [expected(one, given) for one in histories(table, given, None if given.campaigns else known_of(given))]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(as_one(found)), indent=1))
    elif as_csv:
        rows = ([getattr(one, name) for name in COLUMNS] for told in found for one in told.half_hours)
        click.echo(written_row(COLUMNS) + "".join(map(written_row, rows)), nl=False)
    else:
        show_forecast(found, language)


def expected(history: History, given: Sources) -> Forecast:
    """What to expect of a skill."""
    since = given.since.date() if given.since else None
    try:
        return forecast_of(history, given.interval, since, given.days)
    except BadInput as error:
        if error.where == "history":  # no option, but what the arrivals are read from
            raise BadInput(error.what, hint=error.hint) from None
        raise


def as_one(found: Sequence[Forecast]) -> dict[str, Any]:
    """All skills as one object; half-hours and days name theirs."""
    return {
        "time_zone": found[0].time_zone,
        "interval": found[0].interval,
        "days_counted": found[0].days_counted,
        "skills": [{"skill": one.skill, "dispersion": one.dispersion} for one in found],
        "half_hours": [row for one in found for row in one.half_hours],
        "days": [row for one in found for row in one.days],
    }


def show_forecast(found: Sequence[Forecast], language: Language) -> None:
    """The days and their half-hours as a person reads them."""
    screen, first = Screen(highlight=False, markup=False, soft_wrap=True), found[0]
    interval = share(first.interval, language, 0)
    screen.print(said("interval", language, days=first.days_counted, zone=first.time_zone, interval=interval))
    for one in found:
        name, vary = skill_name(one.skill, len(found), language), number(one.dispersion, language, 2)
        screen.print(said("dispersion", language, skill=name, dispersion=vary))
    heads = ("skill", "arrivals", "low", "high", "observed")
    for head in ("day", "start"):
        table = columns((head, *heads), language, left=2)
        for one in found:
            for row in one.days if head == "day" else one.half_hours:
                start = row.start if isinstance(row, Expected) else row.day
                if row.arrivals or head == "day":
                    figures = (row.arrivals, row.low, row.high)
                    cells = (number(figure, language, 1 if figure % 1 else 0) for figure in figures)
                    table.add_row(starting(start, language), row.skill, *cells, str(row.observed))
        screen.print()
        screen.print(table)


def tell_staff(
    arrivals: Arrivals, given: Sources, needs: Needs, language: Language, *, as_json: bool, as_csv: bool
) -> None:
    """Plan the half-hours, and print the plan."""
    known = None if given.campaigns and complete(needs, given.channel) else known_of(given)
    with as_options():
        rows = [one for one in given_rows(arrivals, given, known) if given.skill in (None, one.skill)]
        plan, remarks = planned(rows, needs, given.channel, known)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(plan), indent=1))
    elif as_csv:
        click.echo("".join(csv_rows(plan)), nl=False)
    else:
        show_plan(plan, [one[language] for one in remarks], language)


def given_rows(arrivals: Arrivals, given: Sources, known: Any) -> list[HalfHour]:
    """The half-hours of a forecast or of a table as they are; of a past those to expect, or its own."""
    file = arrivals.forecast or arrivals.table
    if file is not None:
        return half_hours(read_text(file), str(file), arrivals.column)
    past = histories(None, given, known)
    if arrivals.as_it_was:
        return [row for one in past for row in as_rows(one)]
    return [to_staff(row, arrivals.column) for one in past for row in expected(one, given).half_hours]


def to_staff(row: Expected, column: str) -> HalfHour:
    """An expected half-hour, by one of its figures."""
    when = begun(row.start, row.start)
    return HalfHour(row.start, getattr(row, column), when.minute, when.weekday, when.at, row.skill)


def csv_rows(plan: StaffPlan) -> Iterable[str]:
    """A row for each half-hour; a column for each team."""
    names = [one.team for one in plan.teams]
    yield written_row([*STAFFED, *names])
    for one in plan.half_hours:
        own = {share.team: share.agents for share in one.teams}
        yield written_row([*(getattr(one, name) for name in STAFFED), *(own.get(name, 0) for name in names)])


def show_plan(plan: StaffPlan, remarks: Sequence[str], language: Language) -> None:
    """Skills, half-hours with agents, teams."""
    screen = Screen(highlight=False, markup=False, soft_wrap=True)
    for remark in remarks:
        screen.print(remark)
    for one in plan.skills:
        if one.reply_s is not None:
            name, reply = skill_name(one.skill, len(plan.skills), language), f"{number(one.reply_s, language)} s"
            gain = number(one.gain, language, 2)
            screen.print(said("concurrency", language, skill=name, k=one.concurrency, gain=gain, reply=reply))
    screen.print()
    screen.print(half_hours_table(plan, language))
    screen.print()
    screen.print(teams_table(plan, language))
    for key, values in warnings(plan, language):
        screen.print(said(key, language, **values))


def half_hours_table(plan: StaffPlan, language: Language) -> Table:
    """Those in which somebody is needed; figures of service are the worst of its skills."""
    table = columns((*STAFFED, "in_time", "wait", "busy"), language)
    for one in plan.half_hours:
        if one.agents:
            table.add_row(starting(one.start, language), *counts(one, language), *service(one, language))
    return table


def counts(one: Slot, language: Language) -> tuple[str, ...]:
    """Arrivals and people."""
    arrivals = number(one.arrivals, language, 1 if one.arrivals % 1 else 0)
    return (arrivals, str(one.agents), str(one.paid), str(one.missing or ""))


def service(one: Slot, language: Language) -> tuple[str, ...]:
    """How customers and agents fare, with everybody who is needed."""
    busy = [skill for skill in one.skills if skill.agents]
    return (
        share(min(skill.service_level for skill in busy), language, 0),
        f"{number(max(skill.mean_wait_s for skill in busy), language)} s",
        share(max(skill.occupancy for skill in busy), language, 0),
    )


def teams_table(plan: StaffPlan, language: Language) -> Table:
    """What each team does and costs, and all of them."""
    table = columns(("team", "hours", "paid_hours", "cost"), language)
    for one in plan.teams:
        hours = (number(one.agent_hours, language, 1), number(one.paid_hours, language, 1))
        table.add_row(one.team, *hours, "-" if one.cost is None else number(one.cost, language, 2))
    if len(plan.teams) > 1:
        hours = (number(sum(one.agent_hours for one in plan.teams), language, 1), number(plan.paid_hours, language, 1))
        cost = "-" if plan.cost is None else number(plan.cost, language, 2)
        table.add_row(said("total", language), *hours, cost)
    return table


def warnings(plan: StaffPlan, language: Language) -> Iterable[tuple[str, dict[str, str]]]:
    """What a reader must know beside the figures."""
    if plan.missing_hours:
        yield "short", {"hours": number(plan.missing_hours, language, 1)}
    for one in plan.teams:
        if one.cost is None:
            yield "no_wage", {"team": one.team}
    if any(skill.method == "evenly spread" for one in plan.half_hours for skill in one.skills):
        yield "approximate", {}


def columns(heads: Sequence[str], language: Language, left: int = 1) -> Table:
    """A table with these headings, the first ones to the left."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for place, head in enumerate(heads):
        table.add_column(HEADS[head][language], justify="left" if place < left else "right", no_wrap=True)
    return table
