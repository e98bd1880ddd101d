"""What every store promises of dashboards by mail. Each test runs on every back end.

Mutant seen to fail here: a period that was sent is not marked, and goes again after a restart.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from store_worlds import SITE

from aparte.conversations.store import Refused
from aparte.engine.ports import Store
from aparte.outbox.store import Leave
from aparte.reports.mail_store import SaveReportMails, SendReportMail
from aparte.reports.mails import ReportMail


def mail(every: Any = "weekly", **more: Any) -> ReportMail:
    return ReportMail(**({"site": SITE, "staff": "ann", "every": every, "hour": 8, "since": 10} | more))


def leaves(n: int) -> Leave:
    return Leave(SITE, "mail", f"m{n}", f"m{n}", "report", "{}", 10)


def test_a_period_is_sent_once_and_a_second_mail_does_not_leave(play):
    async def scene(store: Store) -> None:
        await store.submit([SaveReportMails(SITE, "ann", (mail(), mail("daily")))])
        send = SendReportMail(SITE, "ann", "weekly", "2026-11-09")
        assert (await store.submit([send, leaves(1)]))[0] is None
        assert (await store.submit([send, leaves(2)]))[0] == Refused("sent")
        assert (await store.submit([SendReportMail(SITE, "ann", "weekly", "2026-11-02"), leaves(3)]))[0] == Refused(
            "sent"
        )
        assert [one.lane for one in store.mails_due(1_000)] == ["m1"]
        assert list(store.report_mails()) == [mail("daily"), mail(sent="2026-11-09")]

    play(scene)


def test_a_change_of_hour_forgets_nothing_and_what_is_not_wanted_any_more_is_not_sent(play):
    async def scene(store: Store) -> None:
        await store.submit([SaveReportMails(SITE, "ann", (mail(), mail("daily")))])
        await store.submit([SaveReportMails(SITE, "bob", (mail(staff="bob"),))])
        await store.submit([SendReportMail(SITE, "ann", "weekly", "2026-11-09")])
        await store.submit([SaveReportMails(SITE, "ann", (mail(hour=20, since=99),))])
        assert list(store.report_mails()) == [mail(hour=20, sent="2026-11-09"), mail(staff="bob")]
        gone = await store.submit([SendReportMail(SITE, "ann", "daily", "2026-11-20"), leaves(4)])
        assert gone[0] == Refused("sent")
        await store.submit([SaveReportMails(SITE, "ann", ())])
        assert list(store.report_mails()) == [replace(mail(), staff="bob")]

    play(scene)
