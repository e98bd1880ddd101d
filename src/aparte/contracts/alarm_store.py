"""What is written and read of alarms. Commands of one list are one transaction; each has one result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct

from aparte.contracts.alarms import Alarm


class OpenAlarm(Struct, frozen=True):
    """An alarm begins. Refused `open_already` when one of this site, kind and about is open: so none is told twice."""

    alarm: Alarm


class CloseAlarm(Struct, frozen=True):
    """It is well again. Result: the Alarm; Refused `unknown` when this one is not open at the site."""

    site: str
    id: str
    at: int


class SeeAlarm(Struct, frozen=True):
    """Somebody has seen it; who saw it first stays. Result: the Alarm; Refused `unknown`."""

    site: str
    id: str
    at: int
    by: str


AlarmCommand: TypeAlias = OpenAlarm | CloseAlarm | SeeAlarm


class AlarmReader(Protocol):
    """Reads as of the last commit; quick, may be called on the event loop."""

    def alarms(self, site: str, *, open_only: bool = False, limit: int = 100) -> Sequence[Alarm]:
        """Those of a site, open ones first, the youngest first of each."""
        ...
