"""What is written and read of dashboards by mail. Commands of one list are one transaction; each has one result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct

from aparte.reports.mails import Every, ReportMail


class SaveReportMails(Struct, frozen=True):
    """What somebody receives of a site, in the place of what he received of it. What was sent of each stays known."""

    site: str
    staff: str
    mails: tuple[ReportMail, ...]


class SendReportMail(Struct, frozen=True):
    """A period is sent, in the transaction in which its mail leaves.

    Refused `sent` when this period or a later one was, or nobody wants it any more: so none is sent twice, whenever the
    server ends.
    """

    site: str
    staff: str
    every: Every
    period: str
    """Its first day, YYYY-MM-DD."""


ReportMailCommand: TypeAlias = SaveReportMails | SendReportMail


class ReportMailReader(Protocol):
    """Reads as of the last commit; quick, may be called on the event loop."""

    def report_mails(self) -> Sequence[ReportMail]:
        """All of them, by site, member of staff, and how often."""
        ...
