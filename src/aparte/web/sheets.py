"""`/reports/agents`, `/reports/conversations`, `/reports/goals`: pages about people, made in a worker thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date

from msgspec import Struct

from aparte.attribution.facts import Facts
from aparte.contracts.goals import Goal, Standing, judged
from aparte.contracts.statements import first_fault
from aparte.contracts.terms import Contract
from aparte.contracts.windows import Period, last_closed, window_of
from aparte.kit.civil import local
from aparte.kit.errors import BadInput, Unavailable
from aparte.reports.people.agents import agents_figures, only
from aparte.reports.people.agents_page import AgentsSheet
from aparte.reports.people.goals_page import Agreed, GoalsSheet, Stood
from aparte.reports.people.sheet import Asked, error_sheet
from aparte.reports.people.talks import talks_figures
from aparte.reports.people.talks_page import TalksSheet
from aparte.reports.scope import read_scope
from aparte.sites.model import Site
from aparte.web.around import RIGHTS, around_of
from aparte.web.desk import Desk
from aparte.web.pages import REPORT_CSP, REPORTS_AT_ONCE, redirect
from aparte.web.plain import NO_STORE, Problem, Scope, Send, answer, answer_problem
from aparte.web.principal import Principal

PREFIX = "/reports/"
MOST_CANNED = 200
"""Canned replies that messages are compared with: those used most."""


class Maker(Struct, frozen=True):
    """What a page is made of."""

    desk: Desk
    who: Principal
    site: Site
    asked: Asked
    facts: Facts | None

    def known(self) -> Facts:
        """The facts; Problem on a server that has none."""
        if self.facts is None:
            raise Problem(404, "not_found", "this server keeps no facts", where="path")
        return self.facts

    def agents(self) -> str:
        """Every agent's card, or one's own. The mix is everybody's in both."""
        own = not self.who.may("supervise")
        names = {one.id: one.name for one in self.desk.store.staff(self.site.id)}
        figures = agents_figures(self.known(), self.asked.scope, names, self.site.time_zone)
        return AgentsSheet(self.asked, only(figures, self.who.id) if own else figures, own=own).html()

    def conversations(self) -> str:
        """What transcripts tell."""
        store, site = self.desk.store, self.site.id
        used = sorted(store.replies(site), key=lambda one: (-one.used, one.id))[:MOST_CANNED]
        codes = frozenset(one.id for one in store.vocabulary(site).codes if one.outcome == "not_bought")
        told = talks_figures(
            self.known(), self.asked.scope, store, canned=[one.body for one in used], unsold=codes
        )  # fmt: skip
        return TalksSheet(self.asked, told).html()

    def goals(self) -> str:
        """Goals, contracts, statements."""
        store, site = self.desk.store, self.site
        today = local(self.asked.scope.now, site.time_zone).date()
        by_id: dict[str, list[Contract]] = {}
        for one in store.contracts(site.id):
            by_id.setdefault(one.id, []).append(one)
        agreed = [self.agreed(versions) for versions in by_id.values()]
        return GoalsSheet(self.asked, [self.stood(one, today) for one in store.goals(site.id)], agreed).html()

    def agreed(self, versions: Sequence[Contract]) -> Agreed:
        """A contract, its statements checked again."""
        issued = self.desk.store.statements(self.site.id, versions[0].id)
        return Agreed(versions=versions, statements=issued, fault=first_fault(versions, issued))

    def stood(self, goal: Goal, today: date) -> Stood:
        """Where a goal stands."""
        ended, begun = last_closed(today, goal.window), window_of(today, goal.window)

        def standing(period: Period) -> Standing:
            measures = self.desk.measures
            return judged(goal, measures.actual(self.site, goal.kpi, goal.about, period) if measures else None)

        return Stood(goal=goal, ended=ended, standing=standing(ended), begun=begun, running=standing(begun))


class Sheets:
    """The pages; only read."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._at_once = asyncio.Semaphore(REPORTS_AT_ONCE)

    def handles(self, path: str) -> bool:
        """Whether it is one of these pages."""
        return path.startswith(PREFIX) and path.removeprefix(PREFIX) in RIGHTS

    async def __call__(self, scope: Scope, send: Send, who: Principal | None) -> None:
        """Answer one request; who is not signed in goes to the console."""
        if who is None:
            await redirect(send, b"/console")
            return
        try:
            status, page = await self._page(scope, who)
        except Unavailable as error:
            await answer_problem(send, Problem(503, "unavailable", error.what, retry_after=5))
        except Problem as problem:
            await answer_problem(send, problem)
        else:
            headers = [(b"content-security-policy", REPORT_CSP), (b"referrer-policy", b"same-origin"), NO_STORE]
            await answer(send, status, page.encode(), b"text/html; charset=utf-8", headers)

    async def _page(self, scope: Scope, who: Principal) -> tuple[int, str]:
        place, desk = scope["path"].removeprefix(PREFIX), self._desk
        site = desk.directory.site(who.site)
        query = bytes(scope["query_string"]).decode("latin-1")
        language = self._language(query, who, site)
        if not who.may(RIGHTS[place]):
            return 403, error_sheet(site, language, "right")
        try:
            asked = self._asked(query, who, site, language)
            facts = None if desk.facts is None or place == "goals" else await desk.facts()
            async with self._at_once:
                make: Callable[[], str] = getattr(Maker(desk, who, site, asked, facts), place)
                return 200, await asyncio.to_thread(make)
        except Unavailable:
            raise
        except BadInput as error:
            return 400, error_sheet(site, language, error)

    def _language(self, query: str, who: Principal, site: Site) -> str:
        staff = self._desk.directory.staff(who.id)
        pairs = dict(one.split("=", 1) for one in query.split("&") if "=" in one)
        language = pairs.get("lang") or (staff.language if staff else site.language)
        return language if language in ("fr", "en") else "fr"

    def _asked(self, query: str, who: Principal, site: Site, language: str) -> Asked:
        scope = read_scope(site.id, site.time_zone, self._desk.now(), query)
        return Asked(site=site, language=language, scope=scope, around=around_of(self._desk, who, site, language))
