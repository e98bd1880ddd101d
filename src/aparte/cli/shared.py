"""What several commands share: capacity, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from aparte.routing.model import NOBODY, UNLIMITED, Capacity

RECORDED = "recorded"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CapacityType(click.ParamType[Any]):
    """`unlimited`, `recorded`, or a number of free slots for each skill."""

    name = "recorded|unlimited|N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The capacity that the word means; `recorded` stays a word."""
        if isinstance(value, Capacity) or value == RECORDED:
            return value
        if value == "unlimited":
            return UNLIMITED
        if str(value).isascii() and str(value).isdigit():
            return Capacity(everywhere=int(value))
        return self.fail(f"{value!r} is neither recorded, unlimited nor a number of free slots.", param, ctx)


capacity_option = click.option(
    "--capacity", type=CapacityType(), default="unlimited", show_default=True, metavar="recorded|unlimited|N",
    help="Who could answer. unlimited: everybody is served. N: what if N slots of every skill were free all the time. "
    "recorded: the file is an export of Aparté's own log, which says it.",
)  # fmt: skip


catalogue_option = click.option(
    "--catalogue", "catalogue_file", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="FILE.csv",
    help="Products: what a server would have added to these events. An export of our own log has it already.",
)  # fmt: skip


def start_capacity(capacity: Capacity | str) -> tuple[Capacity, bool]:
    """The capacity to begin with, and whether the log itself will tell it."""
    return (NOBODY, True) if isinstance(capacity, str) else (capacity, False)


@contextmanager
def progress_of(files: tuple[Path, ...], *, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """A bar on standard error, by bytes read, when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    total = sum(file.stat().st_size for file in files if file.is_file())
    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=total)
        yield lambda position: bar.update(task, completed=position)


def moment(at: int | None) -> str:
    """Engine time as people write it, in UTC."""
    return "-" if at is None else (EPOCH + timedelta(milliseconds=at)).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def say(text: str) -> None:
    """One line on standard error."""
    click.echo(f"aparte: {' '.join(text.split())}", err=True)


def counted(number: int, what: str) -> str:
    """`1 rule`, `2 rules`, `1,541 visitors`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


class Screen(Console):
    """Standard output for people; whoever stops reading, as `head` does, is no failure."""

    def on_broken_pipe(self) -> None:
        """Stop in silence."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0)
