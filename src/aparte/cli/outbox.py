"""`aparte outbox`: mails and webhooks that wait, and those that were given up."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), required=True, help="The data folder.")
def outbox(data: Path) -> None:
    """Count mails and webhooks that wait, or were given up.

    What was given up is listed in the console, and can be sent again there.
    """
    from aparte.app.outbox import counts  # noqa: PLC0415  # the web server's parts load slowly

    for one in counts(data):
        click.echo(f"{one.site}  {one.kind:<7}  {one.pending} pending  {one.dead} dead")
