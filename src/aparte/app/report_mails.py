"""Dashboards by mail: each minute it looks whose period is due, makes the letter, and lets it leave, once a period.

The period is marked as sent in the transaction in which the mail enters the outbox, so that it is sent once, however
often the server ends in between; the outbox then delivers it.
"""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

from aparte.app.reporting import Reporting
from aparte.attribution.facts import Facts
from aparte.conversations.store import Refused
from aparte.engine.leaving import Leaving
from aparte.engine.ports import Store
from aparte.kit.errors import AparteError, Unavailable
from aparte.outbox import compose
from aparte.outbox.model import Inside, Mail, event_id
from aparte.reports.mail_store import SendReportMail
from aparte.reports.mails import Period, ReportMail, due
from aparte.reports.results.posting import Letter
from aparte.sites.model import Site, Staff

log = logging.getLogger("aparte.report_mails")
FIRST_S, LOOK_S = 20.0, 60.0


class ReportMails:
    """Sends dashboards; `run` until cancelled."""

    def __init__(
        self,
        store: Store,
        leaving: Leaving,
        clock: Callable[[], int],
        reporting: Reporting,
        *,
        facts: Callable[[], Coroutine[Any, Any, Facts]],
        url: Callable[[], str] = lambda: "",
    ) -> None:
        self.store, self.leaving, self.clock, self.reporting = store, leaving, clock, reporting
        self.facts, self.url = facts, url

    async def run(self) -> None:
        """Soon after the start, then each minute; what cannot be sent now is sent the next time."""
        await asyncio.sleep(FIRST_S)
        while True:
            with suppress(Unavailable):
                await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> int:
        """Send what is due; how many left."""
        if not self.leaving.mailing:
            return 0
        now, left = self.clock(), 0
        sites = {one.id: one for one in self.store.sites()}
        for mail in self.store.report_mails():
            site = sites.get(mail.site)
            period = due(mail, now, site.time_zone) if site is not None else None
            if site is not None and period is not None:
                left += await self.careful(mail, site, period)
        return left

    async def careful(self, mail: ReportMail, site: Site, period: Period) -> bool:
        """Send one; what cannot be made is said in the log and tried again, and holds up no other."""
        staff = self.receiver(mail, site)
        if staff is None:
            return False
        try:
            return await self.send(mail, site, staff, period)
        except Unavailable:
            raise
        except AparteError as error:
            log.warning("the dashboard of %s cannot be sent to %s: %s", site.id, mail.staff, error)
            return False

    def receiver(self, mail: ReportMail, site: Site) -> Staff | None:
        """Who receives it, while he still serves the site."""
        found = next(
            (one for home in self.store.sites() for one in self.store.staff(home.id) if one.id == mail.staff), None
        )
        return found if found is not None and found.left_at is None and site.id in found.serves else None

    async def send(self, mail: ReportMail, site: Site, staff: Staff, period: Period) -> bool:
        """The letter leaves with its mark; False when it has left before."""
        facts = await self.facts()
        asked = {"from": period.first.isoformat(), "to": period.last.isoformat()}
        links = links_of(self.url(), asked)
        made = await asyncio.to_thread(self.reporting.letter, facts, site, staff.language, asked, links)
        told = mail_of(staff.email, made, staff.language)
        key = period.first.isoformat()
        id = event_id("report_mail", site.id, staff.id, mail.every, key)
        mark = SendReportMail(site.id, staff.id, mail.every, key)
        results = await self.store.submit([mark, compose.leaving(site.id, "report", id, told, self.clock())])
        self.leaving.on_left()
        return not any(isinstance(one, Refused) for one in results)


def links_of(url: str, asked: Mapping[str, str]) -> tuple[str, str]:
    """To the page of the period, and to where the mail is stopped."""
    home = url.rstrip("/")
    return f"{home}/reports?from={asked['from']}&to={asked['to']}", f"{home}/reports/mails"


def mail_of(to: str, made: Letter, language: str) -> Mail:
    """The letter as a mail; BadInput for an address that is none."""
    inside = tuple(Inside(one.name, b64encode(one.content).decode()) for one in made.pictures)
    subject = compose.one_line(made.subject, compose.LONGEST_SUBJECT)
    return compose.mail(to, subject, made.text, language, html=made.html, inside=inside)
