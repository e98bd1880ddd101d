"""The composition root: the only module that names a back end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from aparte.backends.memory.orders import MemoryOrders
from aparte.backends.memory.recent import RecentIds
from aparte.backends.memory.seen import SeenIds
from aparte.backends.sqlite.visitors import SpillingVisitors
from aparte.engagements.model import Decision
from aparte.engine import State
from aparte.kit.errors import Unavailable
from aparte.replay.model import Summary
from aparte.replay.read import Read, lines, merged
from aparte.replay.run import Replay
from aparte.reports.sources import ReportSources
from aparte.routing.model import Capacity
from aparte.sites.model import Site
from aparte.targeting.campaign import Campaigns, load
from aparte.tracking.model import Event
from aparte.tracking.normalise import Normaliser
from aparte.tracking.store import WINDOW


def read_text(path: Path) -> str:
    """The text of a file; Unavailable, in one line, when there is none."""
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors begin with a byte order mark
    except FileNotFoundError:
        raise Unavailable("there is no such file", where=str(path)) from None
    except IsADirectoryError:
        raise Unavailable("this is a directory", where=str(path), hint="name a file") from None
    except PermissionError:
        raise Unavailable("this file may not be read", where=str(path), hint="check its permissions") from None
    except UnicodeDecodeError as error:
        raise Unavailable(f"this is not UTF-8 text (byte {error.start})", where=str(path)) from None


def load_campaigns(path: Path) -> Campaigns:
    """A checked and compiled campaign file."""
    return load(read_text(path), str(path))


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, plain or gzip."""
    return lines(path)


def read_events(
    paths: Iterable[Path], *, trusted: bool, progress: Callable[[int], None] | None = None
) -> Iterable[Read]:
    """The events of recorded files, merged by time; `progress` is told the bytes read of all files together."""
    done: dict[Path, int] = {}

    def told(path: Path) -> Callable[[int], None] | None:
        def tell(position: int) -> None:
            done[path] = position
            if progress is not None:
                progress(sum(done.values()))

        return tell if progress is not None else None

    return merged([map(Normaliser(trusted=trusted).read, lines(path, told(path))) for path in paths])


def replay(
    campaigns: Campaigns,
    events: Iterable[Read],
    capacity: Capacity,
    *,
    recorded: bool = False,
    on_decision: Callable[[Decision], None] | None = None,
    on_step: Callable[[State, Event, list[Decision], Capacity], None] | None = None,
) -> Summary:
    """Run recorded events through the engine, with stores of their own."""
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


def report_data(data: Path) -> AbstractContextManager[tuple[Sequence[Site], ReportSources]]:
    """The sites of a data folder and what the report reads of them, for reading only, while a server may use it too."""
    raise Unavailable("no store can open this data folder yet", where=str(data))
