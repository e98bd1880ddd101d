"""`aparte report`: the first report of a site, as text or JSON."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from aparte import app
from aparte.kit.errors import BadInput
from aparte.reports.first import report as figures_of
from aparte.reports.period import period_of
from aparte.sites.model import Site

FORMATS = ("text", "json", "csv", "html")


@click.command(short_help="What inviting has changed.")
@click.option("--data", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The data folder.")
@click.option("--site", "site_id", metavar="ID", help="Which site; needed only when there are several.")
@click.option(
    "--from",
    "--since",
    "since",
    metavar="YYYY-MM-DD",
    help="First day, in the site's time zone. [default: 28 days in all]",
)
@click.option("--to", "--until", "until", metavar="YYYY-MM-DD", help="Last day, included. [default: today]")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="All KPIs as a table, JSON or CSV; or the report's page as HTML. Without it the report in plain text.",
)
@click.option("--language", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Of the text.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as one JSON object.")
def report(
    data: Path,
    *,
    site_id: str | None,
    since: str | None,
    until: str | None,
    form: str | None,
    language: str,
    as_json: bool,
) -> None:
    """What became of those whom rules found, and what inviting them changed, against visitors held out by chance.

    A simulated folder ends when its simulation did: its days are the period, and its end is today.

    Each figure is defined in docs/reference/first-report.md, each KPI of `--format` in docs/reference/kpis.md.
    """
    if form in ("text", "json", "csv"):
        kpis(data, site_id, since, until, language, form)
        return
    from aparte.app.simulate import simulated_truth  # noqa: PLC0415  the simulation is needed for few folders

    truth = simulated_truth(data)
    now = time.time_ns() // 1_000_000 if truth is None else truth.now
    with app.report_data(data) as (sites, sources):
        site = chosen(sites, site_id, data)
        if truth is not None and since is None and until is None:
            start, end = truth.start, truth.until
        else:
            start, end = period_of(since, until, site.time_zone, now)
        if form == "html":
            from aparte.reports.page import report_page  # noqa: PLC0415  it loads the library of pictures

            click.echo(report_page(site, language, start, end, now, sources))
            return
        figures = figures_of(site, start, end, now, sources)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(figures), indent=1))
        return
    from aparte.reports.plain import plain_text  # noqa: PLC0415  it loads the library of pictures, which takes a second

    for line in plain_text(figures, language):
        click.echo(line)


def kpis(data: Path, site: str | None, since: str | None, until: str | None, language: str, form: str) -> None:
    """All KPIs: of the running server, else of its folder."""
    from aparte.app.kpis import kpis_of  # noqa: PLC0415  the facts load slowly
    from aparte.reports.kpis.report import as_csv  # noqa: PLC0415

    found = kpis_of(data, site, since, until, language)
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1))
    elif form == "csv":
        click.echo(as_csv(found), nl=False)
    else:
        from aparte.cli.kpis import show  # noqa: PLC0415

        show(found)


def chosen(sites: Sequence[Site], site_id: str | None, data: Path) -> Site:
    """The site of this name, or the only one."""
    found = [site for site in sites if site_id in (None, site.id)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(site.id for site in sites) or "none"
    what = "there is no such site" if not found else "there are several sites"
    raise BadInput(what, where=site_id or str(data), hint=f"--site takes one of: {names}")
