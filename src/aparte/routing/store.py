"""What this stage writes and reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from aparte.routing.model import Team, Work


class SaveTeam(Struct, frozen=True):
    """Insert or replace a team."""

    team: Team


class RecordWork(Struct, frozen=True):
    """From `at` on an agent is at his desk with this status; '' when he is not there any more.

    The interval that goes on ends then; nothing when status and reason are as before.
    """

    site: str
    staff: str
    status: str
    reason: str
    at: int


class RoutingReader(Protocol):
    """Reads as of the last commit."""

    def teams(self, site: str) -> Sequence[Team]:
        """All teams of a site, by their names."""
        ...

    def work(self, site: str, since: int, until: int) -> Sequence[Work]:
        """Intervals that touch [since, until), the oldest first."""
        ...
