"""`aparte import`: other recordings become Segment messages."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import click

from aparte.app import read_lines
from aparte.kit.errors import Unavailable
from aparte.tracking.counters import NotConserved
from aparte.tracking.sources import accesslog, ga4, ga360, mixpanel, segment
from aparte.tracking.sources.report import ImportReport

MOST_REFUSED = 20
"""Refused rows that are named; all are counted."""
out_option = click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), metavar="OUT",
    help="File to write, gzip when its name ends with .gz.",
)  # fmt: skip
files_argument = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")


@click.group("import", short_help="Turn other recordings into events that replay reads.")
def import_() -> None:
    """Turn other recordings into Segment messages that `aparte replay` reads.

    Rows that cannot be read are counted with their reason, never fatal. The output appears whole or not at all.
    Exit code 1 when nothing could be converted.
    """


@import_.command("ga360")
@click.option("--hits", required=True, type=click.Path(path_type=Path), metavar="F", help="Hits (CSV, plain or gzip).")
@click.option("--sessions", required=True, type=click.Path(path_type=Path), metavar="F", help="Their sessions (CSV).")
@out_option
def import_ga360(hits: Path, sessions: Path, out: Path) -> None:
    """Google Analytics 360: hits and sessions, as exported from BigQuery to CSV."""
    convert(out, lambda report: ga360.convert(rows(hits), rows(sessions), report))


@import_.command("ga4")
@files_argument
@out_option
def import_ga4(files: tuple[Path, ...], out: Path) -> None:
    """Google Analytics 4: tables events_YYYYMMDD, as exported from BigQuery to JSON lines, plain or gzip.

    Rows of visitors who refused analytics_storage are quarantined as no_consent.
    """
    convert(out, lambda report: ga4.convert(all_lines(files), report))


@import_.command("segment")
@files_argument
@out_option
def import_segment(files: tuple[Path, ...], out: Path) -> None:
    """Segment: an archive of JSON lines, single messages or batches; names and members are put right."""
    convert(out, lambda report: segment.convert(all_lines(files), report))


@import_.command("mixpanel")
@files_argument
@out_option
def import_mixpanel(files: tuple[Path, ...], out: Path) -> None:
    """Mixpanel: a raw export, one JSON object a line."""
    convert(out, lambda report: mixpanel.convert(all_lines(files), report))


@import_.command("accesslog")
@files_argument
@out_option
@click.option("--origin", default="", metavar="URL", help="What to put before the paths: https://shop.example.")
@click.option("--key", default="", metavar="TEXT", help="Secret of the hash; with it, nobody can find addresses again.")
def import_accesslog(files: tuple[Path, ...], out: Path, origin: str, key: str) -> None:
    """A web server's access log (combined format): pages only; visitors are keyed hashes of address and browser."""
    convert(out, lambda report: accesslog.convert(all_lines(files), report, origin=origin, key=key.encode()))


data_option = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False, exists=True), required=True, help="The data folder."
)
site_option = click.option("--site", metavar="SITE", help="Which site; not needed when there is only one.")
file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="FILE.csv")


@import_.command("catalogue")
@file_argument
@data_option
@site_option
@click.option("--keep", is_flag=True, help="Keep products that the file no longer has, as they are.")
def import_catalogue(file: Path, data: Path, site: str | None, *, keep: bool) -> None:
    """Products with price, margin, category and marks, as CSV; again to refresh them.

    A product that the file no longer has is marked gone. A server that runs on DIR takes it over at once.
    """
    from aparte.app.outside import import_catalogue as import_  # noqa: PLC0415  # the web server's parts load slowly

    found = import_(data, file, site, keep=keep)
    table = found.table
    click.echo(
        f"{found.added:,} added, {found.changed:,} changed, {found.same:,} as before, "
        f"{found.gone:,} gone, {len(table.refused):,} refused"
    )
    for one in table.refused[:MOST_REFUSED]:
        click.echo(f"  line {one.line}: {one.reason}", err=True)
    if table.ignored:
        click.echo(f"  columns without a meaning: {', '.join(table.ignored)}", err=True)


@import_.command("traits")
@file_argument
@data_option
@site_option
def import_traits(file: Path, data: Path, site: str | None) -> None:
    """What a CRM says of customers, as CSV: user_id and a column for each trait.

    Visitors who are proven to be one of them have the traits at once, others when they are identified. It works with a
    server that runs on DIR, and without.
    """
    from aparte.app.outside import import_traits as import_  # noqa: PLC0415  # the web server's parts load slowly

    found, visitors = import_(data, file, site)
    click.echo(f"{len(found.rows):,} customers, {visitors:,} visitors known by now, {len(found.refused):,} refused")
    for one in found.refused[:MOST_REFUSED]:
        click.echo(f"  line {one.line}: {one.reason}", err=True)
    if not found.rows:
        raise click.exceptions.Exit(1)


@import_.command("rates")
@file_argument
@data_option
@site_option
def import_rates(file: Path, data: Path, site: str | None) -> None:
    """Rates of exchange, as CSV: day, currency, rate.

    A rate is what one unit of the currency was worth on that day in the currency of the site's reports. It works with a
    server that runs on DIR, and without.
    """
    from aparte.app.rates import import_rates as import_  # noqa: PLC0415  # the web server's parts load slowly

    found = import_(data, file, site)
    click.echo(f"{len(found.rows):,} rates, {len(found.refused):,} refused")
    for one in found.refused[:MOST_REFUSED]:
        click.echo(f"  line {one.line}: {one.reason}", err=True)
    if not found.rows:
        raise click.exceptions.Exit(1)


@import_.command("articles")
@file_argument
@data_option
@site_option
@click.option("--language", default="fr", show_default=True, metavar="LANG", help="Of rows that do not say their own.")
def import_articles(file: Path, data: Path, site: str | None, language: str) -> None:
    """Articles of a knowledge base, as CSV: title, body, and language, tags, url where they are known.

    An article whose title and language are known is changed, others are added. It works with a server that runs on DIR,
    and without.
    """
    from aparte.app.articles import import_articles as import_  # noqa: PLC0415  # the web server's parts load slowly

    found = import_(data, file, site, language)
    click.echo(f"{found.added:,} added, {found.changed:,} changed, {len(found.refused):,} refused")
    for one in found.refused[:MOST_REFUSED]:
        click.echo(f"  line {one.line}: {one.reason}", err=True)
    if found.refused and not found.added + found.changed:
        raise click.exceptions.Exit(1)


def all_lines(files: Iterable[Path]) -> Iterator[bytes]:
    """The lines of several files, one after the other."""
    for file in files:
        yield from read_lines(file)


def rows(file: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file with a header."""
    text = (line.decode("utf-8", "replace") for line in read_lines(file))
    try:
        yield from csv.DictReader(text)
    except csv.Error as error:
        raise Unavailable(f"this is no CSV: {error}", where=str(file)) from None


def convert(out: Path, start: Callable[[ImportReport], Iterator[bytes]]) -> None:
    """Write the messages and say what became of the rows."""
    report = ImportReport()
    with whole_file(out) as file:
        for message in start(report):
            file.write(message + b"\n")
    if not report.is_complete:
        raise NotConserved(f"{report.read} read, but not all are accounted for; please report this")
    say(report, out)
    if report.written == 0:
        raise click.exceptions.Exit(1)


@contextmanager
def whole_file(out: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when it is complete; the same input gives the same bytes, also as gzip."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as raw:
            if out.suffix == ".gz":
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                    yield cast(BinaryIO, packed)
            else:
                yield raw
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def say(report: ImportReport, out: Path) -> None:
    """What was read, written, skipped and quarantined."""
    click.echo(f"{report.read:,} read, {report.written:,} messages written to {out}", err=True)
    told = [(f"skipped, {what}", count) for what, count in report.skipped.most_common()]
    told += [(f"quarantined, {reason.value}", count) for reason, count in report.quarantined.most_common()]
    for what, count in told:
        if count:
            click.echo(f"  {count:,} {what}", err=True)
    for bad in report.examples[:3]:
        click.echo(f"  for example {bad.detail}: {bad.line_excerpt}", err=True)
