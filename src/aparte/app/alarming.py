"""The watch: each hour it looks whether goals hold, events come in and arms are dealt as planned, and tells it once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec

from aparte.attribution.facts import Facts
from aparte.contracts.alarm_store import CloseAlarm, OpenAlarm
from aparte.contracts.alarm_words import subject_and_text
from aparte.contracts.alarms import Alarm, AlarmKind, Look, Trouble, closed, of_arms, of_goals, together, turned
from aparte.contracts.goals import Goal, Standing, judged
from aparte.contracts.measures import Measures
from aparte.contracts.windows import Period, last_closed, window_of
from aparte.engine.leaving import Happened, Leaving
from aparte.engine.ports import Command, Store
from aparte.kit.civil import local
from aparte.kit.errors import AparteError, BadInput, Unavailable
from aparte.outbox import compose
from aparte.outbox.model import WebhookEvent, event_id
from aparte.outbox.store import Leave
from aparte.reports.called import labels_in, texts_of
from aparte.reports.incrementality.report import dealt
from aparte.reports.scope import Scope
from aparte.reports.silence import silence
from aparte.sites.model import Site
from aparte.targeting.model import CampaignFile

log = logging.getLogger("aparte.alarms")
FIRST_S, WATCH_S = 300.0, 3_600.0
OF_FACTS: tuple[AlarmKind, ...] = ("sample_ratio", "ingest_stopped")
ARMS_DAYS = 28
"""Arms are looked at over so many days."""


class Watch:
    """Looks at all sites; `run` until cancelled."""

    def __init__(
        self,
        store: Store,
        leaving: Leaving,
        clock: Callable[[], int],
        *,
        facts: Callable[[], Coroutine[Any, Any, Facts]],
        measures: Measures | None,
        plan: Callable[[str], CampaignFile],
        url: Callable[[], str] = lambda: "",
    ) -> None:
        self.store, self.leaving, self.clock = store, leaving, clock
        self.facts, self.measures, self.plan, self.url = facts, measures, plan, url

    async def run(self) -> None:
        """Soon after the start, then each hour; what cannot be written now is told the next time."""
        await asyncio.sleep(FIRST_S)
        while True:
            with suppress(Unavailable):
                await self.look()
            await asyncio.sleep(WATCH_S)

    async def look(self) -> None:
        """All sites, one after the other."""
        for site in list(self.store.sites()):
            await self.look_at(site)

    async def look_at(self, site: Site) -> None:
        """One site: what has begun is opened and told, what is well again is closed and told."""
        now = self.clock()
        turn = turned(self.store.alarms(site.id, open_only=True), await self.seen(site, now))
        for trouble in turn.begun:
            alarm = alarm_of(site, trouble, now)
            await self.submit(OpenAlarm(alarm), *self.mails(site, alarm), *self.hears("alarm.opened", alarm, now))
        for alarm in turn.ended:
            told = self.hears("alarm.closed", closed(alarm, now), now)
            await self.submit(CloseAlarm(site.id, alarm.id, now), *told)

    async def submit(self, *commands: Command) -> None:
        """In one transaction. What the database refuses was told already, by a look at the same time."""
        await self.store.submit(list(commands))
        self.leaving.on_left()

    # Looking

    async def seen(self, site: Site, now: int) -> Look:
        """What is wrong at a site; of what cannot be counted now nothing is said."""
        facts = await self.some_facts()
        looks: list[tuple[tuple[AlarmKind, ...], Callable[[], Look]]] = [
            (("floor", "goal_missed"), lambda: self.goals(site, now)),
        ]
        if facts is None:
            looks.append((OF_FACTS, lambda: Look(kinds=frozenset(OF_FACTS))))
        else:
            looks.append((("sample_ratio",), lambda: self.arms(facts, site, now)))
            looks.append((("ingest_stopped",), lambda: silence(facts, site.id, site.time_zone, now)))
        return together(*[await asyncio.to_thread(careful, kinds, look) for kinds, look in looks])

    async def some_facts(self) -> Facts | None:
        """The facts; None when they cannot be had now."""
        try:
            return await self.facts()
        except AparteError as error:
            log.warning("alarms: the facts cannot be read: %s", error)
            return None

    def goals(self, site: Site, now: int) -> Look:
        """The goals of a site."""
        today = local(now, site.time_zone).date()
        return of_goals([self.stood(site, goal, today) for goal in self.store.goals(site.id)])

    def stood(self, site: Site, goal: Goal, today: Any) -> tuple[Goal, Standing, Standing]:
        """Where a goal stood in the window that has ended, and in the one that has begun."""

        def standing(period: Period) -> Standing:
            measures = self.measures
            return judged(goal, measures.actual(site, goal.kpi, goal.about, period) if measures else None)

        return goal, standing(last_closed(today, goal.window)), standing(window_of(today, goal.window))

    def arms(self, facts: Facts, site: Site, now: int) -> Look:
        """How the arms of the site and of each campaign were dealt: those, and the test, of their comparisons."""
        plan, today = self.plan(site.id), local(now, site.time_zone).date()
        scope = Scope(site=site.id, since=today - timedelta(days=ARMS_DAYS - 1), until=today, now=now)
        return of_arms(dealt(facts, site, scope, plan), labels_in(site.language, texts_of(plan)))

    # Telling

    def mails(self, site: Site, alarm: Alarm) -> list[Leave]:
        """The mail to the site's own address, where there is one and this server sends mail."""
        if not (site.mail_to and self.leaving.mailing):
            return []
        name = compose.plain_name(alarm.name, site.language)
        shop = compose.plain_name(site.name, site.language)
        link = f"{self.url().rstrip('/')}/reports/goals"
        subject, text = subject_and_text(alarm, shop, name, link, site.language)
        try:
            mail = compose.mail(site.mail_to, compose.one_line(subject, compose.LONGEST_SUBJECT), text, site.language)
        except BadInput:
            return []  # an address of the settings that is none: the alarm itself is kept, and staff see it
        return [compose.leaving(site.id, "alarm", event_id("alarm-mail", alarm.id), mail, alarm.opened_at)]

    def hears(self, event: WebhookEvent, alarm: Alarm, now: int) -> list[Leave]:
        """One row for each webhook that has subscribed."""
        told = Happened(alarm.site, event, event_id(event, alarm.id), msgspec.to_builtins(alarm))
        return list(self.leaving.to_webhooks(told, now))


def careful(kinds: tuple[AlarmKind, ...], look: Callable[[], Look]) -> Look:
    """What a look finds; nothing is said of these kinds when it cannot count."""
    try:
        return look()
    except AparteError as error:
        log.warning("alarms: %s cannot be judged: %s", ", ".join(kinds), error)
        return Look(kinds=frozenset(kinds))


def alarm_of(site: Site, trouble: Trouble, now: int) -> Alarm:
    """A new alarm; its id is made of what it is and when it began."""
    id = event_id("alarm", site.id, trouble.kind, trouble.about, str(now))
    return Alarm(
        id=id, site=site.id, kind=trouble.kind, about=trouble.about, name=trouble.name, opened_at=now,
        figures=trouble.figures,
    )  # fmt: skip
