"""`aparte apply`: a campaign file becomes what a site does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from aparte.cli.shared import say
from aparte.targeting.campaign import CampaignError


@click.command(short_help="Publish a campaign file.")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--data", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The server's data folder.")
@click.option("--site", metavar="ID", help="Which site; needed only when there are several.")
@click.option("--draft", is_flag=True, help="Keep it as the draft; nothing changes for visitors.")
@click.option("--note", default="", metavar="TEXT", help="Why, for those who read the history.")
def apply(file: Path, data: Path, *, site: str | None, draft: bool, note: str) -> None:
    """Check a campaign file and publish it as the next version of a site's campaigns.

    A running server takes it over at once, also for visitors who are on the site, without a restart; without one the
    next start does. Prints the version and what it changes. A file with faults is refused whole: each is told with
    file, line and column, exit code 2. The text is kept as it is, with its comments; `aparte export campaigns` gives it
    back.
    """
    from aparte.app.applying import apply as applied  # noqa: PLC0415  # the database's parts load slowly

    try:
        found = applied(file, data, site, draft=draft, note=note)
    except CampaignError as error:
        for fault in error.faults:
            say(str(fault))
        raise click.exceptions.Exit(2) from None
    if draft:
        click.echo(f"kept as the draft, revision {found.version}")
        return
    when = "in force now" if found.live else "in force from the next start"
    click.echo(f"version {found.version}, {when}")
    for one in found.changes or [{"campaign": None, "what": "nothing has changed", "members": []}]:
        click.echo(f"  {line(one)}")


def line(change: dict[str, Any]) -> str:
    """One change, in words."""
    members = f": {', '.join(change['members'])}" if change["members"] else ""
    name = f"campaign {change['campaign']} " if change["campaign"] else ""
    return f"{name}{change['what']}{members}"
