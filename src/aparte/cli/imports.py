"""`aparte import`: other recordings become Segment messages."""

from __future__ import annotations

import click


@click.group("import")
def import_() -> None:
    """Turn other recordings into Segment messages that `aparte replay` reads."""
