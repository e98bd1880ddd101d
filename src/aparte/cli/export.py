"""`aparte export`: what a data folder holds, as JSON lines; facts as Parquet and CSV."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias, cast

import click

from aparte.app import recorded_lines
from aparte.attribution.exports import FORMATS, TABLES, Format, Table
from aparte.reports.period import day_from

What: TypeAlias = Literal["events", "decisions"]

OPTIONS = (
    click.option(
        "--data", "directory", required=True, type=click.Path(path_type=Path), metavar="DIR",
        help="The data folder of the server, which may be running.",
    ),
    click.option("--site", metavar="ID", help="Of this site only."),
    click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="Default: standard output."),
    click.option("--gzip", "packed", is_flag=True, help="Pack it; a FILE whose name ends with .gz is packed anyway."),
)  # fmt: skip


def options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every export."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.group(short_help="Write out what a server has recorded.")
def export() -> None:
    """Write out what a server has recorded, one JSON object a line.

    The same data gives the same bytes. `aparte replay` reads the events and gives the decisions again:

    \b
    aparte export events --data DIR -o events.jsonl
    aparte replay events.jsonl --capacity recorded --campaigns FILE --decisions-out again.jsonl
    """


@export.command("events")
@options
def export_events(**given: Any) -> None:
    """The log: every event and every fact, in the order in which the engine took them."""
    write("events", **given)


@export.command("decisions")
@options
def export_decisions(**given: Any) -> None:
    """Every decision, in the order of the events that led to them."""
    write("decisions", **given)


@export.command("campaigns")
@OPTIONS[0]
@OPTIONS[1]
@OPTIONS[2]
@click.option("--version", default="published", show_default=True, metavar="N|draft|published", help="Which one.")
def export_campaigns(directory: Path, *, site: str | None, out: Path | None, version: str) -> None:
    """A version of a site's campaigns, byte for byte as it was applied, comments included."""
    from aparte.app.applying import exported  # noqa: PLC0415  # the database's parts load slowly

    text = exported(directory, site, version)
    if out is None:
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(text)


@export.command("facts")
@OPTIONS[0]
@OPTIONS[1]
@click.option("--table", required=True, type=click.Choice(TABLES), help="Which facts; see docs/reference/facts.md.")
@click.option("--from", "since", metavar="YYYY-MM-DD", help="First day, of the site. [default: the first there is]")
@click.option("--to", "until", metavar="YYYY-MM-DD", help="Last day, included. [default: the last there is]")
@click.option("--format", "form", type=click.Choice(FORMATS), default="parquet", show_default=True, help="Of the file.")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The file to write.")
def export_facts(
    directory: Path, *, site: str | None, table: Table, since: str | None, until: str | None, form: Format, out: Path
) -> None:
    """A table of facts, for other programs: Parquet, or CSV that no spreadsheet executes.

    A server that runs on DIR is asked for it. Visitors are numbers, never ids.
    """
    from aparte.app.exporting import export_facts as export_  # noqa: PLC0415  # the facts' parts load slowly

    first = day_from(since, "--from") if since else None
    last = day_from(until, "--to") if until else None
    with whole_file(out) as file:
        export_(directory, table, form, file, site=site, since=first, until=last)


def write(what: What, directory: Path, site: str | None, out: Path | None, *, packed: bool) -> None:
    """Write the lines; a file takes its name only when it is complete."""
    lines = recorded_lines(directory, what, site)
    if out is None:
        with wrapped(sys.stdout.buffer, packed=packed) as file:
            file.writelines(lines)
        sys.stdout.buffer.flush()
        return
    with whole_file(out) as raw, wrapped(raw, packed=packed or out.suffix == ".gz") as file:
        file.writelines(lines)


@contextmanager
def whole_file(out: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when it is complete."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as raw:
            yield raw
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def wrapped(raw: BinaryIO, *, packed: bool) -> Iterator[BinaryIO]:
    """What packs into this file, or the file itself; the time of day is not in it."""
    if not packed:
        yield raw
        return
    with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as file:
        yield cast(BinaryIO, file)
