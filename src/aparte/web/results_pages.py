"""`/reports`: the results page, its export, its indicators, and the dashboard by mail; an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, get_args
from urllib.parse import parse_qs, parse_qsl

from aparte.attribution.facts import Facts
from aparte.kit.errors import BadInput, Unavailable
from aparte.reports.mail_store import SaveReportMails
from aparte.reports.mails import Every, Period, ReportMail, before, local_day
from aparte.reports.results.mail_page import mail_page
from aparte.sites.model import Site, Staff
from aparte.web.around import around_of
from aparte.web.desk import Desk, ReportMaker
from aparte.web.pages import REPORT_CSP, REPORTS_AT_ONCE, redirect
from aparte.web.plain import (
    NO_STORE,
    Headers,
    Problem,
    Receive,
    Scope,
    Send,
    answer,
    answer_problem,
    header,
    read_body,
    same_origin,
)
from aparte.web.principal import Principal

PATHS = ("/reports", "/reports/export", "/reports/kpis", "/reports/mails", "/reports/mail-preview")
BODY = 4 * 1024
LANGUAGES = ("fr", "en")
PREVIEW_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'"
)
HTML = b"text/html; charset=utf-8"


class ResultsDoors:
    """The pages of results; for those who are signed in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._at_once = asyncio.Semaphore(REPORTS_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send, who: Principal | None) -> None:
        """Answer one request."""
        try:
            if who is None:
                await to_console(send)
            elif scope["method"] == "POST" and scope["path"] == "/reports/mails":
                await self._save(scope, receive, send, who)
            elif scope["method"] in ("GET", "HEAD"):
                await self._read(scope, send, who)
            else:
                raise Problem(405, "method", "pages are only read", where="method")
        except Unavailable as error:
            await answer_problem(send, Problem(503, "unavailable", error.what, retry_after=5))
        except BadInput as error:
            await answer_problem(send, Problem(400, "bad_input", error.what, where=error.where, hint=error.hint))
        except Problem as problem:
            await answer_problem(send, problem)

    async def _read(self, scope: Scope, send: Send, who: Principal) -> None:
        asked = dict(parse_qsl(bytes(scope["query_string"]).decode("latin-1"))[::-1])
        site, staff = self._desk.directory.site(who.site), self._desk.directory.staff(who.id)
        language = asked.get("lang") or (staff.language if staff else site.language)
        if language not in LANGUAGES:
            raise Problem(400, "bad_language", "the report speaks fr and en", where="lang")
        makers: dict[str, Callable[..., Awaitable[Any]]] = {
            "/reports": partial(self._page, who),
            "/reports/export": self._export,
            "/reports/kpis": self._kpis,
            "/reports/mails": self._mails,
            "/reports/mail-preview": self._preview,
        }
        status, body, kind, headers = await makers[scope["path"]](site, staff, language, asked)
        body = b"" if scope["method"] == "HEAD" else body
        await answer(send, status, body, kind, [*headers, (b"referrer-policy", b"same-origin"), NO_STORE])

    async def _page(self, who: Principal, site: Site, staff: Staff | None, language: str, asked: dict[str, str]) -> Any:
        made, facts = await self._facts()
        around = around_of(self._desk, who, site, language)
        async with self._at_once:
            status, page = await asyncio.to_thread(made.page, facts, site, language, asked, around)
        return status, page, HTML, policy()

    async def _kpis(self, site: Site, staff: Staff | None, language: str, asked: dict[str, str]) -> Any:
        made, facts = await self._facts()
        async with self._at_once:
            status, page = await asyncio.to_thread(made.kpis, facts, site, language, asked)
        return status, page, HTML, policy()

    async def _export(self, site: Site, staff: Staff | None, language: str, asked: dict[str, str]) -> Any:
        made, facts = await self._facts()
        async with self._at_once:
            kind, content = await asyncio.to_thread(made.export, facts, site, language, asked)
        name = b'attachment; filename="results.' + (b"json" if "json" in kind else b"csv") + b'"'
        return 200, content, kind.encode(), [(b"content-disposition", name), (b"x-content-type-options", b"nosniff")]

    async def _facts(self) -> tuple[ReportMaker, Facts]:
        if self._desk.report is None or self._desk.facts is None:
            raise Problem(404, "not_found", "there is no report here", where="path")
        return self._desk.report, await self._desk.facts()

    # By mail

    async def _mails(self, site: Site, staff: Staff | None, language: str, asked: dict[str, str]) -> Any:
        if staff is None:
            raise Problem(404, "not_found", "a token receives no mail", where="path")
        ready = self._desk.post is not None and self._desk.post.mail.ready
        page = mail_page(site, language, staff.email, mails_of(self._desk, site.id, staff.id), ready, "saved" in asked)
        return 200, page.encode(), HTML, policy()

    async def _save(self, scope: Scope, receive: Receive, send: Send, who: Principal) -> None:
        """A form of our own page; the browser says so, or nothing is changed."""
        if not same_origin(scope) or not header(scope, b"content-type").startswith("application/x-www-form-urlencoded"):
            raise Problem(403, "origin", "only a page of this server may send this")
        told = parse_qs((await read_body(receive, BODY)).decode("utf-8", "replace"))
        hour = told.get("hour", ["8"])[0]
        if not hour.isascii() or not hour.isdigit() or not 0 <= int(hour) <= 23:
            raise BadInput("an hour is 0 to 23", where="hour")
        wanted = [(every, int(hour)) for every in get_args(Every) if every in told.get("every", [])]
        await save(self._desk, who.site, who.id, wanted)
        language = "en" if told.get("lang") == ["en"] else "fr"
        await redirect(send, f"/reports/mails?saved=1&lang={language}".encode())

    async def _preview(self, site: Site, staff: Staff | None, language: str, asked: dict[str, str]) -> Any:
        every = asked.get("every", "weekly")
        if every not in get_args(Every):
            raise BadInput("there is no such mail", where="every", hint="daily, weekly, fortnightly or monthly")
        made, facts = await self._facts()
        period = last_period(every, self._desk.now(), site.time_zone)
        days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
        links = f"/reports?from={days['from']}&to={days['to']}", "/reports/mails"
        async with self._at_once:
            letter = await asyncio.to_thread(made.letter, facts, site, language, days, links)
        return 200, letter.alone().encode(), HTML, [(b"content-security-policy", PREVIEW_POLICY)]


def policy() -> Headers:
    """Of a page."""
    return [(b"content-security-policy", REPORT_CSP)]


def mails_of(desk: Desk, site: str, staff: str) -> list[ReportMail]:
    """What somebody receives of a site."""
    return [one for one in desk.store.report_mails() if (one.site, one.staff) == (site, staff)]


async def save(desk: Desk, site: str, staff: str, wanted: list[tuple[Any, int]]) -> None:
    """These from now on, and no others."""
    now = desk.now()
    mails = tuple(ReportMail(site=site, staff=staff, every=every, hour=hour, since=now) for every, hour in wanted)
    await desk.store.submit([SaveReportMails(site, staff, mails)])


def last_period(every: Any, now: int, time_zone: str) -> Period:
    """The last that is over."""
    zone, day = local_day(now, time_zone)
    return before(every, day, 0, zone)


async def to_console(send: Send) -> None:
    """Sign in first."""
    await redirect(send, b"/console")
