"""Where `aparte plan forecast` and `aparte plan staff` have their arrivals from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

import click

from aparte.app import load_campaigns, read_text
from aparte.cli.plan_staff_options import Sources
from aparte.kit.errors import BadInput
from aparte.planning.forecast import History
from aparte.planning.half_hours import half_hours
from aparte.planning.past_arrivals import written

if TYPE_CHECKING:
    from aparte.app.arrivals import Known
    from aparte.reports.arrivals import Desk

UTC_TOO = {"UTC", "Etc/UTC"}


def desk_of(given: Sources) -> Desk:
    """What the agents do."""
    return "phone" if given.channel == "phone" else "chat"


def known_of(given: Sources) -> Known | None:
    """What the data folder tells, where one is given."""
    if given.data is None:
        return None
    from aparte.app.arrivals import known  # noqa: PLC0415  the facts load slowly

    return known(given.data, given.site, desk_of(given))


def histories(table: Path | None, given: Sources, known: Known | None) -> list[History]:
    """The past of each skill asked for; BadInput or a usage error when there is none, or sources contradict."""
    if given.campaigns is None and given.events:
        raise click.UsageError("--events needs --campaigns FILE: which rules would have invited whom?")
    if table is not None and given.campaigns is not None:
        raise click.UsageError("a table or --campaigns, one of them")
    if given.acceptance is not None and not 0 <= given.acceptance <= 1:
        raise BadInput(f"{given.acceptance:g} is out of reach", where="--acceptance", hint="a share, 0.1 is 10 %")
    if table is not None:
        found = from_table(table, given.time_zone)
    elif given.campaigns is not None:
        found = from_campaigns(given.campaigns, given)
    elif known is not None:
        found = known.histories
    else:
        raise click.UsageError("arrivals are needed: a table, --data DIR, or --events with --campaigns")
    return of_skill(found, given, table)


def from_table(table: Path, time_zone: str) -> list[History]:
    """Of a CSV file of dates."""
    if time_zone not in available_timezones() | UTC_TOO:
        raise BadInput(f"{time_zone!r} is no time zone", where="--time-zone", hint="as in Europe/Paris")
    return written(half_hours(read_text(table), str(table), twice=True), time_zone, str(table))


def from_campaigns(path: Path, given: Sources) -> list[History]:
    """Of campaigns run over what was recorded."""
    from aparte.app.arrivals import replayed_data, replayed_files  # noqa: PLC0415  the engine's parts load slowly

    if bool(given.events) == (given.data is not None):
        raise click.UsageError("--campaigns needs --events FILE or --data DIR, one of them")
    campaigns, desk = load_campaigns(path), desk_of(given)
    if given.data is not None:
        return replayed_data(campaigns, given.data, given.site, given.acceptance, desk)
    return replayed_files(campaigns, given.events, given.acceptance, desk)


def of_skill(found: list[History], given: Sources, table: Path | None) -> list[History]:
    """Those of the skill that is asked for."""
    kept = [one for one in found if given.skill in (None, one.skill)]
    if kept:
        return kept
    where = str(table or given.data or "--events")
    if not found:
        raise BadInput(f"nobody came by {given.channel}", where=where, hint="--channel, or a table of arrivals")
    names = ", ".join(repr(one.skill) for one in found)
    raise BadInput(f"nobody came for {given.skill!r}", where=where, hint=f"--skill with one of {names}")
