"""`aparte import`: other recordings become Segment messages."""

from __future__ import annotations

import click


@click.group("import", short_help="Turn other recordings into events that replay reads.")
def import_() -> None:
    """Turn other recordings into Segment messages that `aparte replay` reads."""
