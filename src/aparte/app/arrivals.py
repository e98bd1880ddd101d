"""Where staffing has its arrivals from: what a data folder has recorded, or what campaigns would have brought."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from aparte.app import read_events
from aparte.app.facts import folder_facts
from aparte.app.outside import site_of as site_among
from aparte.app.serve import looked_at
from aparte.app.whatif import site_of, stored
from aparte.backends.memory.orders import MemoryOrders
from aparte.backends.memory.recent import RecentIds
from aparte.backends.memory.seen import SeenIds
from aparte.backends.sqlite import store as sqlite
from aparte.backends.sqlite.visitors import SpillingVisitors
from aparte.kit.errors import BadInput
from aparte.planning.forecast import History
from aparte.planning.past_arrivals import counted
from aparte.planning.talk_times import Measured
from aparte.replay.arrivals import Arrivals
from aparte.replay.read import Read
from aparte.replay.run import Replay
from aparte.reports.arrivals import Desk, handling_s, measured_arrivals, measured_talks
from aparte.routing.model import UNLIMITED
from aparte.sites.model import Site
from aparte.targeting.campaign import Campaigns
from aparte.tracking.store import WINDOW


class TeamKnown(Struct, frozen=True):
    """A team of the site, and how many are in it."""

    name: str
    cost_per_hour: float
    agents: int
    skills: tuple[str, ...]


class Known(Struct, frozen=True):
    """What a folder tells of the desk."""

    site: Site
    histories: list[History]
    talks: list[Measured]
    handling: dict[str, tuple[int, float]]
    """Of calls, by skill: how many, mean seconds."""
    teams: list[TeamKnown]


def known(data: Path, site: str | None, desk: Desk) -> Known:
    """What a folder that no server uses tells of arrivals, of the times of conversations, and of teams."""
    with looked_at(data) as reader:
        teams_of, staff = {one.id: reader.teams(one.id) for one in reader.sites()}, {}
        for one in reader.sites():
            staff[one.id] = [person for person in reader.staff(one.id) if person.left_at is None and person.team]
        found = site_among(reader, site)
    teams = []
    for team in teams_of[found.id]:
        people = [one for one in staff[found.id] if one.team == team.id]
        skills = sorted({skill for one in people for skill in one.skills})
        teams.append(TeamKnown(team.name, team.cost_per_hour, len(people), tuple(skills)))
    with folder_facts(data) as (_, facts):
        return Known(
            site=found,
            histories=measured_arrivals(facts, found, desk),
            talks=measured_talks(facts, found),
            handling=handling_s(facts, found),
            teams=teams,
        )


def replayed(
    campaigns: Campaigns, events: Iterable[Read], acceptance: float | None, desk: Desk, *, recorded: bool
) -> list[History]:
    """The past of each skill as these campaigns would have made it, were there always somebody to answer.

    Each invitation counts by `acceptance`, or without it by what the log has learnt of its campaign, one in ten at
    first. BadInput when nobody would have been invited.
    """
    seen = Arrivals(acceptance, calls=desk == "phone")
    with closing(SpillingVisitors()) as visitors:
        Replay(
            campaigns,
            UNLIMITED,
            seen=RecentIds(WINDOW),
            visitors_seen=SeenIds(None),
            orders=MemoryOrders(),
            visitors=visitors,
            recorded=recorded,
            own_timers=True,
            own_capacity=True,
            on_step=seen.see,
        ).run(events)
    if seen.first_at is None or not seen.found:
        raise BadInput("these campaigns would have invited nobody", where="--events", hint="aparte replay tells why")
    rows = [(skill, at, n) for (skill, at), n in seen.found.items()]
    return counted(rows, campaigns.file.site.time_zone, seen.first_at, seen.last_at)


def replayed_files(campaigns: Campaigns, files: Iterable[Path], acceptance: float | None, desk: Desk) -> list[History]:
    """The same over recorded files."""
    return replayed(campaigns, read_events(files, trusted=False), acceptance, desk, recorded=False)


def replayed_data(
    campaigns: Campaigns, data: Path, site: str | None, acceptance: float | None, desk: Desk
) -> list[History]:
    """The same over the log of a data folder, also beside a running server."""
    reader = sqlite.open_reader(data)
    try:
        name = site_of([one.id for one in reader.sites()], site, data)
        return replayed(campaigns, stored(reader, name, 0, None), acceptance, desk, recorded=True)
    finally:
        reader.close()
