"""The hourly watch: told once by mail and webhook, closed by itself, and nothing said that could not be counted.

Mutants seen to fail here: only the site's own arms are looked at; an alarm is told at each look; an alarm ends while
the facts cannot be read.
"""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import msgspec
import pytest
from receivers import NoCore

from aparte.app.alarming import Watch
from aparte.attribution.facts import Fed, Records
from aparte.backends.duckdb.store import DuckFacts
from aparte.backends.memory.store import MemoryStore
from aparte.contracts.goals import Actual, Goal
from aparte.contracts.store import SaveGoal
from aparte.contracts.windows import Period
from aparte.engagements.store import RecordDecision
from aparte.engine.leaving import Leaving
from aparte.experiments.statistics import srm
from aparte.kit.errors import Unavailable
from aparte.outbox.model import Webhook
from aparte.outbox.store import SaveWebhook
from aparte.sites.model import Site
from aparte.sites.store import SaveSite
from aparte.targeting.model import Campaign, CampaignFile, Rule, SiteRules
from aparte.tracking.store import Logged

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
MONDAY = 1_772_409_600_000
"""Monday 2 March 2026, 00:00 UTC."""
NOW = MONDAY + 15 * HOUR
SHOP = Site(
    id="shop", name="Maison A", public_key="pk", secret_key_hash="", time_zone="UTC", mail_to="boss@shop.example",
    language="en",
)  # fmt: skip
GOOD, BAD = Actual(0.85, 0.82, 0.88, 400), Actual(0.6, 0.55, 0.65, 400)


PLAN = CampaignFile(
    site=SiteRules(holdout=0.0),
    campaigns=tuple(
        Campaign(name=name, rules=(Rule(name="r", when="true"),), holdout=0.2, label=label)
        for name, label in (("cart", {"fr": "Panier", "en": "At the cart"}), ("size", ""))
    ),
)


class Counted:
    """A server that counts what the test says."""

    csat: Actual | None = GOOD

    def actual(self, site: Site, kpi: str, about: str, period: Period) -> Actual | None:
        return self.csat if period.until <= date(2026, 3, 1) else None

    def found(self, *asked: Any) -> Any:
        raise AssertionError("no contract here")


class Shop:
    """A store, the facts of a busy shop, and the watch, with a clock in the hand of the test."""

    def __init__(self) -> None:
        self.now, self.counted, self.broken = NOW, Counted(), False
        self.store = MemoryStore()
        self.leaving = Leaving(NoCore(self.store), None)  # type: ignore[arg-type]
        self.leaving.mailing = True
        self.facts = DuckFacts(None)
        self.facts.describe([SHOP])
        self.seq = 0
        self.come(NOW - 28 * DAY, NOW)
        counted: Any = self.counted
        self.watch = Watch(
            self.store, self.leaving, lambda: self.now, facts=self.fresh, measures=counted, plan=lambda site: PLAN,
            url=lambda: "https://chat.example/",
        )  # fmt: skip

    async def fresh(self) -> DuckFacts:
        if self.broken:
            raise Unavailable("the disk")
        return self.facts

    def come(self, since: int, until: int) -> None:
        """A visitor every five minutes from 8 to 20 o'clock."""
        lines = []
        for at in range(since, until, 5 * MINUTE):
            if 8 <= at % DAY // HOUR < 20:
                self.seq += 1
                said = msgspec.json.encode({"type": "page", "messageId": f"m{self.seq}", "anonymousId": f"v{self.seq}",
                                            "aparte:at": at, "aparte:visitor": f"v{self.seq}"})  # fmt: skip
                lines.append(Logged(self.seq, "shop", at, at, f"v{self.seq}", "page", "", f"m{self.seq}", said))
        self.facts.take(lines, (), Fed(self.seq, self.seq))
        self.facts.replace(Records(site=SHOP))
        self.facts.derive()

    def deal(self, campaign: str, *, held_out: int, treated: int) -> None:
        """Candidates of a campaign, an hour before the look: so many left aside by chance, so many not."""
        self.seq += 1
        rows, at = [], self.now - HOUR
        for n in range(held_out + treated):
            decision, detail = ("hold_out", "campaign") if n < held_out else ("invite", "")
            visitor = f"{campaign}-{self.seq}-{n}"
            told = {"decision": decision, "at": at, "visitor": visitor, "engagement": visitor, "detail": detail}
            rows.append(RecordDecision(self.seq, n, "shop", at, visitor, 1, visitor, campaign, "r", decision, detail,
                                       True, True, True, msgspec.json.encode(told)))  # fmt: skip
        self.facts.take((), rows, Fed(self.seq, self.seq))
        self.facts.derive()

    async def begin(self) -> None:
        goal = Goal(id="g1", site="shop", kpi="csat", name="Happy", target=0.8, floor=0.7)
        hook = Webhook(
            id="w1", site="shop", url="https://x.example", events=("alarm.opened", "alarm.closed"), secret="s"
        )
        await self.store.submit([SaveSite(SHOP), SaveGoal(goal), SaveWebhook(hook)])
        self.leaving.keep(hook)

    async def look(self, later: int = 0) -> list[tuple[str, bool]]:
        """Look; the kinds of all alarms, and whether they are open."""
        self.now += later
        await self.watch.look()
        return sorted((one.kind, one.closed_at is None) for one in self.store.alarms("shop"))

    def mails(self) -> list[str]:
        due = self.store.mails_due(self.now + DAY, 100)
        return sorted(msgspec.json.decode(one.data)["subject"] for one in due)

    def heard(self) -> list[str]:
        return [one.event for one in self.store.pending_of("w1", 100)]


def play(scene: Any) -> None:
    async def whole() -> None:
        shop = Shop()
        await shop.begin()
        try:
            await scene(shop)
        finally:
            shop.facts.close()

    asyncio.run(asyncio.wait_for(whole(), 60))


@pytest.mark.covers("S1-64")
def test_a_floor_that_breaks_is_told_once_and_closed_when_it_holds_again() -> None:
    async def scene(shop: Shop) -> None:
        assert await shop.look() == []
        shop.counted.csat = BAD
        assert await shop.look() == [("floor", True), ("goal_missed", True)]
        for _ in range(5):
            assert await shop.look() == [("floor", True), ("goal_missed", True)]
        assert shop.mails() == ["Maison A: a floor is broken", "Maison A: a goal is missed"]
        assert shop.heard() == ["alarm.opened"] * 2
        shop.counted.csat = None
        assert await shop.look() == [("floor", True), ("goal_missed", True)]
        shop.counted.csat = GOOD
        assert await shop.look() == [("floor", False), ("goal_missed", False)]
        assert await shop.look() == [("floor", False), ("goal_missed", False)]
        assert shop.heard() == ["alarm.opened"] * 2 + ["alarm.closed"] * 2
        assert len(shop.mails()) == 2

    play(scene)


def test_two_looks_at_a_time_tell_it_once() -> None:
    async def scene(shop: Shop) -> None:
        shop.counted.csat = BAD
        await asyncio.gather(*(shop.watch.look() for _ in range(4)))
        assert len(shop.mails()) == 2
        assert len(shop.store.alarms("shop")) == 2

    play(scene)


def test_ingest_that_stops_by_day_sounds_and_the_quiet_of_the_night_does_not() -> None:
    async def scene(shop: Shop) -> None:
        assert await shop.look(29 * MINUTE) == []
        assert await shop.look(31 * MINUTE) == [("ingest_stopped", True)]
        shop.broken = True
        assert await shop.look(HOUR) == [("ingest_stopped", True)]
        shop.broken = False
        shop.come(NOW + 2 * HOUR, NOW + 5 * HOUR)
        assert await shop.look(3 * HOUR) == [("ingest_stopped", False)]
        assert await shop.look(12 * HOUR) == [("ingest_stopped", False)], "20:00 to 8:00 is quiet each day"
        assert await shop.look(3 * HOUR) == [("ingest_stopped", False), ("ingest_stopped", True)]

    play(scene)


def test_a_hold_out_that_is_not_dealt_as_planned_sounds() -> None:
    async def scene(shop: Shop) -> None:
        shop.deal("size", held_out=200, treated=800)
        shop.deal("cart", held_out=200, treated=800)
        assert await shop.look() == []
        shop.deal("cart", held_out=0, treated=600)
        assert await shop.look() == [("sample_ratio", True)]
        [alarm] = shop.store.alarms("shop")
        assert (alarm.about, alarm.name) == ("cart", "At the cart")
        assert alarm.figures == {"p": pytest.approx(srm([200, 1400], [0.2, 0.8]))}
        assert shop.mails() == ["Maison A: a hold-out is not dealt as planned"]
        shop.broken = True
        assert await shop.look() == [("sample_ratio", True)]
        shop.broken = False
        shop.deal("cart", held_out=150, treated=0)
        assert await shop.look() == [("sample_ratio", False)]

    play(scene)
