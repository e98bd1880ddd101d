"""The page on which somebody says which dashboards he receives by mail."""

from __future__ import annotations

from collections.abc import Sequence

from aparte.reports.mails import EVERY, ReportMail
from aparte.reports.page import templates
from aparte.reports.report_words import WORDS, say
from aparte.sites.model import Site


def mail_page(site: Site, language: str, email: str, mails: Sequence[ReportMail], ready: bool, saved: bool) -> str:
    """The HTML; `ready`: this server sends mail."""
    language = language if language in WORDS else "fr"
    wanted = {one.every: one for one in mails}
    rows = [
        {"every": one, "label": say(language, f"m_{one}"), "on": one in wanted,
         "preview": f"/reports/mail-preview?every={one}&lang={language}"}
        for one in EVERY
    ]  # fmt: skip
    hour = mails[0].hour if mails else 8
    return templates().get_template("mails.html").render(
        t=WORDS[language], language=language, site=site, rows=rows, ready=ready, saved=saved,
        to=say(language, "m_to", email=email), below=say(language, "m_below", zone=site.time_zone),
        hours=[(one, f"{one:02}:00", one == hour) for one in range(24)],
    )  # fmt: skip
