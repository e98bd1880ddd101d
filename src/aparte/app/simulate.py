"""`aparte simulate`: the real engine over a new data folder, with visitors and agents whose truth is known."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib.resources import files
from math import ceil
from pathlib import Path
from random import Random

import msgspec
from msgspec import structs

from aparte.app.campaigns import campaigns_path, read_text
from aparte.backends.memory.recent import RecentIds
from aparte.backends.sqlite import folder
from aparte.backends.sqlite.bulk import BulkStore, open_bulk
from aparte.engine.live import Engine
from aparte.kit.errors import BadInput
from aparte.replay.run import quiet_collector
from aparte.reports.numbers import start_of
from aparte.simulation import figures
from aparte.simulation.people import DAY_MS, Plan
from aparte.simulation.run import MATURE_MS, Clock, Simulation
from aparte.simulation.staff import SHIFTS, SKILL, SLOTS
from aparte.simulation.truth import Truth, truths
from aparte.sites.model import Site, Staff
from aparte.sites.service import new_site
from aparte.sites.store import SaveSite, SaveStaff
from aparte.targeting.campaign import Campaigns, load
from aparte.tracking.store import WINDOW

TRUTH = "truth.json"
CHECKPOINT_MS = DAY_MS
"""Of simulated time; 5,000 visitors who have changed bring a checkpoint sooner."""
FIRST_DAY = date(2026, 1, 5)
"""A Monday. Fixed, so that the same arguments give the same bytes on any day."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says."""

    visitors: int
    seed: int
    days: int
    effect_pp: float | None
    campaigns: Path | None = None
    agents: int | None = None
    first_day: date = FIRST_DAY


def simulate(data: Path, asked: Asked, progress: Callable[[float], None] = lambda done: None) -> Truth:
    """Simulate into a folder that is new or empty; what is true of it is in its truth.json too.

    Until all is written the folder says that it is unfinished: nothing else opens it, and the next simulation into it
    begins anew.
    """
    if data.exists() and not folder.is_unfinished(data) and (not data.is_dir() or any(data.iterdir())):
        raise BadInput("this folder is not empty", where=str(data), hint="name one that does not exist yet")
    given = (str(asked.campaigns), read_text(asked.campaigns)) if asked.campaigns is not None else demo_campaigns()
    campaigns = load(given[1], given[0])
    store = open_bulk(data, anew=True)
    try:
        with quiet_collector():
            truth = asyncio.run(lived(store, campaigns, asked, progress))
    finally:
        store.close()
    path = campaigns_path(data, truth.site)
    path.parent.mkdir(exist_ok=True)
    path.write_text(given[1], "utf-8")
    (data / TRUTH).write_bytes(msgspec.json.format(msgspec.json.encode(truth), indent=1) + b"\n")
    folder.finish(data)
    return truth


def demo_campaigns() -> tuple[str, str]:
    """The campaigns of the demo: name and text."""
    return "demo.toml", files("aparte.simulation").joinpath("demo.toml").read_text("utf-8")


async def lived(store: BulkStore, campaigns: Campaigns, asked: Asked, progress: Callable[[float], None]) -> Truth:
    """Site and staff, then all visitors, then what was true."""
    rules = campaigns.file.site
    site = structs.replace(new_site(rules.id, rules.id)[0], time_zone=rules.time_zone)
    plan = plan_of(asked, site)
    staff = agents(site, asked.agents or agents_for(asked))
    await store.submit([SaveSite(site), *map(SaveStaff, staff)])
    clock, ids = Clock(plan.start), Random(f"{plan.seed}/ids")
    engine = Engine(
        store,
        [(site, campaigns)],
        clock=clock,
        seen=partial(RecentIds, WINDOW),
        new_id=lambda: f"{ids.getrandbits(128):032x}",
        checkpoint_ms=CHECKPOINT_MS,
    )
    run = Simulation(engine, clock, plan, site, staff)
    await run.run(progress)
    return Truth(
        site=site.id,
        time_zone=site.time_zone,
        seed=plan.seed,
        visitors=plan.visitors,
        visits=run.visits,
        days=plan.days,
        start=plan.start,
        until=plan.end,
        now=plan.end + MATURE_MS,
        effect_pp=asked.effect_pp,
        figures=figures.digest(),
        campaigns=truths(plan, store.decisions(site.id), run.people, run.counts),
    )


def plan_of(asked: Asked, site: Site) -> Plan:
    """The same in the engine's units."""
    effect = None if asked.effect_pp is None else asked.effect_pp / 100
    start = start_of(asked.first_day, site.time_zone)
    return Plan(seed=asked.seed, visitors=asked.visitors, days=asked.days, start=start, effect=effect)


def agents_for(asked: Asked) -> int:
    """As many as the demo has for its visits."""
    return max(len(SHIFTS), ceil(asked.visitors / asked.days / figures.number("agents.visits_a_day")))


def agents(site: Site, count: int) -> list[Staff]:
    """So many agents, one after the other with the shifts of the demo's."""
    return [
        Staff(
            id=f"agent-{number + 1}",
            site=site.id,
            email=f"agent-{number + 1}@{site.id}.example",
            name=SHIFTS[number % len(SHIFTS)].agent,
            skills=(SKILL,),
            maximum=SLOTS,
            simulated=True,
        )
        for number in range(count)
    ]


def simulated_truth(data: Path) -> Truth | None:
    """What is known of a folder that was simulated; None for any other."""
    path = data / TRUTH
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Truth)
    except msgspec.MsgspecError as error:
        raise BadInput(f"this is no truth of a simulation: {error}", where=str(path)) from None
