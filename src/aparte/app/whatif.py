"""Two versions of the campaigns over files or over a data folder; one visitor of a data folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from aparte.app.campaigns import campaigns_of
from aparte.backends.memory.orders import MemoryOrders
from aparte.backends.memory.recent import RecentIds
from aparte.backends.memory.seen import SeenIds
from aparte.backends.sqlite import store as sqlite
from aparte.backends.sqlite.visitors import SpillingVisitors
from aparte.kit.errors import BadInput, Unavailable
from aparte.replay.compare import DAY_MS, Side, compared
from aparte.replay.forecast import Assumptions
from aparte.replay.read import Read
from aparte.replay.run import Replay
from aparte.routing.model import NOBODY, Capacity
from aparte.targeting.campaign import Campaigns
from aparte.tracking.normalise import Normaliser
from aparte.tracking.store import WINDOW, Logged, LogReader

Progress = Callable[[float], None]


def compare_events(
    versions: tuple[Campaigns, Campaigns],
    events: Iterable[Read],
    capacity: Capacity | None,
    assumed: Assumptions,
    *,
    recorded: bool = False,
    span: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """Both versions over recorded events; `capacity` None: as the log itself tells it, which `recorded` says it does."""
    since = span[0] if span else 0
    with closing(SpillingVisitors()) as one, closing(SpillingVisitors()) as other:
        sides = [
            side_of(campaigns, capacity, Side(campaigns, assumed, since), visitors, recorded=recorded)
            for campaigns, visitors in zip(versions, (one, other), strict=True)
        ]
        return compared(sides[0], sides[1], events, span)


def side_of(
    campaigns: Campaigns, capacity: Capacity | None, side: Side, visitors: SpillingVisitors, *, recorded: bool
) -> tuple[Replay, Side]:
    """A replay of one version, with stores of its own, and who watches it."""
    run = Replay(
        campaigns,
        capacity or NOBODY,
        seen=RecentIds(WINDOW),
        visitors_seen=SeenIds(None),
        orders=MemoryOrders(),
        visitors=visitors,
        recorded=recorded,
        own_timers=True,
        own_capacity=capacity is not None,
        on_step=side.see,
    )
    return run, side


def compare_data(
    versions: tuple[Campaigns, Campaigns],
    data: Path,
    site: str | None,
    days: float | None,
    capacity: Capacity | None,
    assumed: Assumptions,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Both versions over the stored log of a site, also beside a running server: the last `days`, or all of it.

    As many days again before them are folded and not counted, so that visitors, arms and frequency are known.
    """
    reader = sqlite.open_reader(data)
    try:
        name = site_of([one.id for one in reader.sites()], site, data)
        span = span_of(reader, name, days)
        warm = 0 if days is None else span[0] - round(days * DAY_MS)
        stream = stored(reader, name, warm, progress)
        return compare_events(versions, stream, capacity, assumed, recorded=True, span=span)
    finally:
        reader.close()


def site_of(known: list[str], site: str | None, data: Path) -> str:
    """The site that is meant; BadInput when that cannot be told."""
    if site is None and len(known) == 1:
        return known[0]
    if site is None:
        raise BadInput("there are several sites", where=str(data), hint=f"--site with one of {', '.join(known)}")
    if site not in known:
        raise BadInput(f"there is no site {site!r}", where=str(data), hint=f"there are {', '.join(known)}")
    return site


def span_of(reader: LogReader, site: str, days: float | None) -> tuple[int, int]:
    """From when to when the log is counted; Unavailable when there is none."""
    first = next(reader.log(site=site), None)
    last = next(reader.log(after=reader.last_seq() - 1), None)
    if first is None or last is None:
        raise Unavailable("nothing is recorded yet", where=site)
    since = first.received_at
    return (since if days is None else max(since, last.received_at - round(days * DAY_MS))), last.received_at


def stored(reader: LogReader, site: str, warm: int, progress: Progress | None) -> Iterator[Read]:
    """The stored log as events. Of what was received before `warm` only the facts of the site are read."""
    read, last = Normaliser(trusted=True).read, max(1, reader.last_seq())
    for number, line in enumerate(reader.log(site=site)):
        if progress is not None and not number & 1023:
            progress(line.seq / last)
        if not line.visitor or line.received_at >= warm:
            yield read(line.line)


def visitor_events(data: Path, site: str | None, visitor: str) -> tuple[Campaigns, list[Logged], Iterator[Read]]:
    """The campaigns of a stored site, a visitor's lines, and the site's log up to the last of them.

    The whole log is read, not the visitor's lines only: pacing and capacity are everybody's.
    """
    reader = sqlite.open_reader(data)
    name = site_of([one.id for one in reader.sites()], site, data)
    lines = list(reader.log(site=name, visitor=visitor))
    last = lines[-1].seq if lines else 0

    def events() -> Iterator[Read]:
        read = Normaliser(trusted=True).read
        try:
            for line in reader.log(site=name):
                if line.seq > last:
                    return
                yield read(line.line)
        finally:
            reader.close()

    return campaigns_of(data, name), lines, events()
