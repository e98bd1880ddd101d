"""`aparte replay --compare`: two versions of the campaigns over the same recording."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from msgspec import Struct
from rich.table import Table

from aparte.app import load_campaigns, read_events
from aparte.app.whatif import compare_data, compare_events
from aparte.cli.shared import RECORDED, Screen, counted, moment
from aparte.replay.forecast import Assumptions
from aparte.routing.model import Capacity
from aparte.targeting.campaign import Campaigns

MEMORY = 2 << 30
"""Bytes of addresses that a comparison in the background may have."""
OPTIONS = (
    click.option(
        "--compare", "compared", nargs=2, type=click.Path(path_type=Path), metavar="OLD NEW",
        help="Compare two campaign files over the same recording, instead of running --campaigns.",
    ),
    click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="Read the log of a data folder."),
    click.option("--site", metavar="ID", help="Of a data folder: the site, when there are several."),
    click.option("--days", type=click.FloatRange(min=0, min_open=True), metavar="N",
                 help="Of a data folder: count the last N days only."),
    click.option("--effect", type=click.FloatRange(0, 100, min_open=True), default=2.0, show_default=True,
                 metavar="PP", help="The effect to detect, in percentage points."),
    click.option("--acceptance", type=click.FloatRange(0, 1), metavar="SHARE",
                 help="Share of invitations accepted; default: as learnt in the log, else 0.1."),
    click.option("--chat-seconds", type=click.FloatRange(min=0, min_open=True), default=600.0, show_default=True,
                 help="How long a chat lasts."),
    click.option("--concurrency", type=click.IntRange(min=1), default=3, show_default=True,
                 help="Chats at a time of one agent."),
    click.option("--progress", "tells", is_flag=True, help="Tell progress on standard error, as lines of JSON."),
    click.option("--background", is_flag=True, hidden=True,
                 help="Give way to others, keep within bounds, and end when standard input does."),
)  # fmt: skip


class Comparing(Struct, frozen=True):
    """What `--compare` was given."""

    compared: tuple[Path, Path] | None
    data: Path | None
    site: str | None
    days: float | None
    effect: float
    acceptance: float | None
    chat_seconds: float
    concurrency: int
    tells: bool
    background: bool


def compare_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a comparison."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def compare(events: tuple[Path, ...], given: Comparing, capacity: Capacity | str | None, *, as_json: bool) -> None:
    """Compare and print. `capacity` None: nobody has said, which of a data folder means as it was recorded."""
    if given.compared is None or bool(events) == bool(given.data):
        raise click.UsageError("--compare OLD NEW needs EVENTS or --data DIR, one of them")
    if given.background:
        retire()
    old, new = (load_campaigns(path) for path in given.compared)
    assumed = Assumptions(given.effect, given.acceptance, given.chat_seconds, given.concurrency)
    found = compare_stored((old, new), given, capacity, assumed) if given.data else None
    if found is None:
        recorded = capacity == RECORDED
        kept = None if not isinstance(capacity, Capacity) else capacity
        stream = read_events(events, trusted=recorded)
        found = compare_events(
            (old, new), stream, kept if recorded else kept or Capacity(unlimited=True), assumed, recorded=recorded
        )
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        show(found)


def compare_stored(
    versions: tuple[Campaigns, Campaigns], given: Comparing, capacity: Capacity | str | None, assumed: Assumptions
) -> dict[str, Any]:
    """Over a data folder."""
    if given.data is None:
        raise AssertionError("only with a data folder")
    kept = capacity if isinstance(capacity, Capacity) else None
    progress = Telling() if given.tells else None
    return compare_data(versions, given.data, given.site, given.days, kept, assumed, progress)


class Telling:
    """Progress as lines `{"progress": 0.42}`, one for each hundredth."""

    def __init__(self) -> None:
        self.told = -1

    def __call__(self, share: float) -> None:
        """So much is done."""
        if int(share * 100) > self.told:
            self.told = int(share * 100)
            click.echo(json.dumps({"progress": self.told / 100}), err=True)


def retire() -> None:
    """Give way to the server: least priority, bounded memory, and no life beyond the pipe from the server."""
    os.nice(10)
    try:
        import resource  # noqa: PLC0415  not on every system
    except ImportError:
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    threading.Thread(target=end_with_input, daemon=True).start()


def end_with_input() -> None:
    """Whoever has started us holds the other end of our standard input; when he is gone, so are we."""
    while os.read(0, 4096):  # not sys.stdin, whose lock a thread must not hold when the interpreter ends
        pass
    os._exit(3)


FIGURES = (
    ("invitations a day", "invitations_per_day"),
    ("invitations", "invitations"),
    ("eligible sessions", "eligible"),
    ("candidate sessions", "candidates"),
    ("held out", "held_out"),
    ("peak concurrent chats", "peak_concurrent_chats"),
    ("agents needed", "agents_needed"),
)


def show(found: dict[str, Any]) -> None:
    """The figures as a person reads them."""
    screen = Screen(highlight=False, soft_wrap=True)
    screen.print(
        f"{found['events']:,} events in {counted(found['sessions'], 'session')}, {found['days']:g} days, "
        f"{moment(found['since'])[:10]} to {moment(found['until'])[:10]}"
    )
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("")
    for name in ("old", "new"):
        table.add_column(name, justify="right")
    sides = [found["versions"][name] for name in ("old", "new")]
    for label, name in FIGURES:
        table.add_row(label, *(f"{side[name]:,}" for side in sides))
    over = [side["over_capacity"] for side in sides]
    table.add_row("refused for want of agents", *(f"{one['refused']:,}" for one in over))
    table.add_row("sent with no slot free", *(f"{one['sent']:,}" for one in over))
    table.add_row("accepted with no slot free, expected", *(f"{one['accepted_without_slot']:,.1f}" for one in over))
    table.add_row("bought without any help", *(percent(side["bought_without_help"]) for side in sides))
    effect = sides[0]["days_to_detect"]["effect_pp"]
    table.add_row(f"days to detect {effect:g} points", *(days(side["days_to_detect"]["days"]) for side in sides))
    screen.print(table)


def percent(share: float | None) -> str:
    """A share for people."""
    return "-" if share is None else f"{100 * share:.1f} %"


def days(number: int | None) -> str:
    """Days for people."""
    return "never" if number is None else f"{number:,}"
