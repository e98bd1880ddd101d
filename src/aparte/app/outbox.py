"""`aparte outbox`: what waits and what was given up, also beside a running server."""

from __future__ import annotations

from pathlib import Path

from aparte.app.serve import looked_at
from aparte.outbox.model import Kind, OutboxCount


def counts(data: Path) -> list[OutboxCount]:
    """By site and kind; every site has both kinds."""
    with looked_at(data) as reader:
        found = {(one.site, one.kind): one for one in reader.outbox_counts()}
        sites = sorted({*(site.id for site in reader.sites()), *(site for site, _ in found)})
        kinds: tuple[Kind, ...] = ("mail", "webhook")
        return [found.get((site, kind)) or OutboxCount(site, kind, 0, 0) for site in sites for kind in kinds]
