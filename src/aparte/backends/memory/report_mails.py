"""Dashboards by mail of the store in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from aparte.conversations.store import Refused
from aparte.reports.mail_store import SaveReportMails, SendReportMail
from aparte.reports.mails import ReportMail

if TYPE_CHECKING:
    from aparte.backends.memory.store import MemoryStore


class ReportMailTable:
    """ReportMailReader, and its table."""

    def __init__(self) -> None:
        super().__init__()
        self._report_mails: dict[tuple[str, str, str], ReportMail] = {}

    def report_mails(self) -> list[ReportMail]:
        """See ReportMailReader."""
        return [self._report_mails[key] for key in sorted(self._report_mails)]


def save(store: MemoryStore, command: SaveReportMails) -> None:
    """These, and no others."""
    told = {(command.site, command.staff, one.every): one for one in command.mails}
    for key in [one for one in store._report_mails if one[:2] == (command.site, command.staff) and one not in told]:
        store._undo.drop(store._report_mails, key)
    for key, one in told.items():
        known = store._report_mails.get(key)
        store._undo.put(store._report_mails, key, one if known is None else replace(known, hour=one.hour))


def send(store: MemoryStore, command: SendReportMail) -> Refused | None:
    """Once."""
    key = (command.site, command.staff, command.every)
    known = store._report_mails.get(key)
    if known is None or known.sent >= command.period:
        return Refused("sent")
    store._undo.put(store._report_mails, key, replace(known, sent=command.period))
    return None


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {SaveReportMails: save, SendReportMail: send}
