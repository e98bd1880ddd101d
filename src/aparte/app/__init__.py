"""The composition root: the only module that names a back end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from aparte.app.campaigns import campaigns_in_force, load_campaigns, read_text
from aparte.app.enriched import catalogue_of, enriched
from aparte.app.sources import Sources
from aparte.backends.memory.orders import MemoryOrders
from aparte.backends.memory.recent import RecentIds
from aparte.backends.memory.seen import SeenIds
from aparte.backends.memory.store import MemoryStore
from aparte.backends.sqlite import folder
from aparte.backends.sqlite import store as sqlite
from aparte.backends.sqlite.visitors import SpillingVisitors
from aparte.engagements.model import Decision
from aparte.engine import State
from aparte.engine.ports import Store
from aparte.replay.model import Summary
from aparte.replay.read import Read, lines, merged
from aparte.replay.run import Replay
from aparte.reports.sources import ReportSources
from aparte.routing.model import Capacity
from aparte.sites.model import Site
from aparte.targeting.campaign import Campaigns
from aparte.tracking.model import Event
from aparte.tracking.normalise import Normaliser
from aparte.tracking.store import WINDOW

__all__ = ["load_campaigns", "read_text"]


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, plain or gzip."""
    return lines(path)


def read_events(
    paths: Iterable[Path],
    *,
    trusted: bool,
    progress: Callable[[int], None] | None = None,
    catalogue: Path | None = None,
) -> Iterable[Read]:
    """The events of recorded files, merged by time; `progress` is told the bytes read of all files together.

    `catalogue`: a CSV file of products; events are completed by it as a server does.
    """
    done: dict[Path, int] = {}

    def told(path: Path) -> Callable[[int], None] | None:
        def tell(position: int) -> None:
            done[path] = position
            if progress is not None:
                progress(sum(done.values()))

        return tell if progress is not None else None

    found = merged([map(Normaliser(trusted=trusted).read, lines(path, told(path))) for path in paths])
    return found if catalogue is None else enriched(found, catalogue_of(catalogue))


def replay(
    campaigns: Campaigns | None,
    events: Iterable[Read],
    capacity: Capacity,
    *,
    recorded: bool = False,
    on_decision: Callable[[Decision], None] | None = None,
    on_step: Callable[[State, Event, list[Decision], Capacity], None] | None = None,
) -> Summary:
    """Run recorded events through the engine, with stores of their own; without campaigns the log's own versions."""
    visitors = SpillingVisitors()
    run = Replay(
        campaigns,
        capacity,
        seen=RecentIds(WINDOW),
        visitors_seen=SeenIds(None),
        orders=MemoryOrders(),
        visitors=visitors,
        recorded=recorded,
        on_decision=on_decision,
        on_step=on_step,
    )
    try:
        return run.run(events)
    finally:
        visitors.close()


def open_store(directory: Path, wait: float = 0.0) -> Store:
    """The durable store of a data folder, which is then ours alone; Unavailable, in one line, when that cannot be.

    `wait`: for so many seconds another process may go on holding the folder.
    """
    return sqlite.open_store(directory, wait)


def memory_store() -> Store:
    """A store that forgets everything with the process."""
    return MemoryStore()


def visitor_secret(directory: Path) -> bytes:
    """The 32 bytes that sign visitors' tokens; made at first use."""
    return folder.visitor_secret(directory)


def recorded_lines(directory: Path, what: Literal["events", "decisions"], site: str | None) -> Iterator[bytes]:
    """Log or decisions of a data folder, in their order, as JSON lines; also beside a running server."""
    reader = sqlite.open_reader(directory)
    try:
        for one in reader.log(site=site) if what == "events" else reader.decisions(site):
            yield one.line + b"\n"
    finally:
        reader.close()


def skills_of(data: Path, site: str | None) -> set[str]:
    """The skills that the staff of a data folder have; also beside a running server."""
    reader = sqlite.open_reader(data)
    try:
        sites = [one.id for one in reader.sites() if site in (None, one.id)]
        return {skill for one in sites for staff in reader.staff(one) for skill in staff.skills}
    finally:
        reader.close()


@contextmanager
def report_data(data: Path) -> Iterator[tuple[Sequence[Site], ReportSources]]:
    """The sites of a data folder and what the report reads of them, for reading only, while a server may use it too."""
    reader = sqlite.open_reader(data)
    try:
        yield reader.sites(), Sources(reader, lambda site: campaigns_in_force(reader, data, site))
    finally:
        reader.close()
