"""`/reports/journey`: the page of journeys, and what it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl

from msgspec import Struct

from aparte.attribution.facts import Facts
from aparte.kit.errors import BadInput, Unavailable
from aparte.reports.around import Around
from aparte.reports.journeys.asked import Asked, read_asked
from aparte.reports.journeys.blocking import blocking
from aparte.reports.journeys.journey import journey
from aparte.reports.journeys.page import journey_page
from aparte.reports.page import error_page
from aparte.reports.people.opened import opened
from aparte.reports.people.talks import Transcripts, talk_of
from aparte.reports.scope import Scope as Reported
from aparte.reports.scope import read_scope, settled
from aparte.reports.transcripts.model import Blocking
from aparte.sites.model import Site
from aparte.web.around import around_of
from aparte.web.desk import Desk
from aparte.web.pages import REPORT_CSP, REPORTS_AT_ONCE, redirect
from aparte.web.plain import NO_STORE, Problem, Scope, Send, answer, answer_problem
from aparte.web.principal import Principal

PATH = "/reports/journey"
LANGUAGES = ("fr", "en")
MOST_TALKS, MOST_STUCK = 5_000, 15
"""Conversations that are read for the points where visitors get stuck, and rows that are shown of them."""


def pairs_of(scope: Scope) -> dict[str, str]:
    """The members of the address; of several of one name the last."""
    return dict(parse_qsl(bytes(scope["query_string"]).decode("latin-1")))


def read(site: Site, now: int, pairs: Mapping[str, str]) -> tuple[Reported, Asked]:
    """What is asked for; BadInput names the member."""
    return read_scope(site.id, site.time_zone, now, pairs), read_asked(pairs)


async def fresh(desk: Desk) -> Facts:
    """The facts as of now; Problem 503 of a server that has none."""
    if desk.facts is None:
        raise Problem(503, "unavailable", "this server keeps no facts")
    return await desk.facts()


class JourneyPages:
    """Makes the page, a few at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._at_once = asyncio.Semaphore(REPORTS_AT_ONCE)

    async def __call__(self, scope: Scope, send: Send, who: Principal | None) -> None:
        """The page, for those who are signed in."""
        if who is None:
            await redirect(send, b"/console")
            return
        try:
            status, page = await self._page(pairs_of(scope), who)
        except Unavailable as error:
            await answer_problem(send, Problem(503, "unavailable", error.what, retry_after=5))
        except Problem as problem:
            await answer_problem(send, problem)
        else:
            headers = [(b"content-security-policy", REPORT_CSP), (b"referrer-policy", b"same-origin"), NO_STORE]
            await answer(send, status, page.encode(), b"text/html; charset=utf-8", headers)

    async def _page(self, pairs: Mapping[str, str], who: Principal) -> tuple[int, str]:
        staff, site = self._desk.directory.staff(who.id), self._desk.directory.site(who.site)
        language = pairs.get("lang") or (staff.language if staff else site.language)
        if language not in LANGUAGES:
            raise Problem(400, "bad_language", "the report speaks fr and en", where="lang")
        try:
            reported, asked = read(site, self._desk.now(), pairs)
        except BadInput as error:
            return 400, error_page(site, language, error)
        async with self._at_once:
            facts = await fresh(self._desk)
            around = around_of(self._desk, who, site, language)
            made = Made(facts, self._desk.store, site, language, reported, asked, around)
            return 200, await asyncio.to_thread(made.html)


class Made(Struct, frozen=True):
    """What the page is made of."""

    facts: Facts
    store: Transcripts
    site: Site
    language: str
    reported: Reported
    asked: Asked
    around: Around

    def html(self) -> str:
        """The page; takes a while."""
        figures = journey(self.facts, self.reported, self.asked)
        return journey_page(
            self.site, self.language, self.reported, self.asked, figures, self.around, self.stuck()[:MOST_STUCK]
        )

    def stuck(self) -> list[Blocking]:
        """Where visitors got stuck by themselves; of the youngest conversations."""
        found = opened(self.facts, settled(self.facts, self.reported), MOST_TALKS)
        return blocking(self.facts, self.reported, [talk_of(one, self.store) for one in found])
