"""How a part that writes is doing; /readyz and /metrics tell it."""

from __future__ import annotations

from msgspec import Struct


class WriterStatus(Struct, frozen=True, kw_only=True):
    """Figures of a writer since its start; `failed` says why it takes nothing now, empty when it does."""

    queued: int = 0
    """Lists that wait."""
    groups: int = 0
    """Commits."""
    lists: int = 0
    """Lists that are committed."""
    rows: int = 0
    """Commands in them; a line of the log, a decision or a visitor counts as one each."""
    refused: int = 0
    """Lists that the database has refused."""
    failures: int = 0
    """How often the disk has failed."""
    failed: str = ""
