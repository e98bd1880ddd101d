"""Dashboards by mail, in rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aparte.backends.sqlite.rows import Row
from aparte.conversations.store import Refused
from aparte.reports.mail_store import SaveReportMails, SendReportMail
from aparte.reports.mails import ReportMail

if TYPE_CHECKING:
    from aparte.backends.sqlite.execute import Execution

SAVE = """INSERT INTO report_mail (site, staff, every, hour, since, sent) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (site, staff, every) DO UPDATE SET hour = excluded.hour"""
SEND = "UPDATE report_mail SET sent = ?4 WHERE site = ?1 AND staff = ?2 AND every = ?3 AND sent < ?4"
ALL = "SELECT site, staff, every, hour, since, sent FROM report_mail ORDER BY site, staff, every"


def save(execution: Execution, command: SaveReportMails) -> None:
    """These, and no others."""
    kept = tuple(one.every for one in command.mails)
    others = f"site = ? AND staff = ? AND every NOT IN ({', '.join('?' * len(kept))})"
    execution.run(f"DELETE FROM report_mail WHERE {others}", (command.site, command.staff, *kept))
    for one in command.mails:
        execution.run(SAVE, (command.site, command.staff, one.every, one.hour, one.since, one.sent))


def send(execution: Execution, command: SendReportMail) -> Refused | None:
    """Once."""
    row = (command.site, command.staff, command.every, command.period)
    return None if execution.run(SEND, row).rowcount else Refused("sent")


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {SaveReportMails: save, SendReportMail: send}


class ReportMailRows:
    """ReportMailReader; a part of SqliteReader."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def report_mails(self) -> list[ReportMail]:
        """See ReportMailReader."""
        names = ("site", "staff", "every", "hour", "since", "sent")
        return [ReportMail(**dict(zip(names, row, strict=True))) for row in self._rows(ALL)]
