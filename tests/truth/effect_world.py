"""Shops whose truth is known, as facts: who wants to buy accepts too, and a conversation makes takers buy more often.

Selection as in docs/reference/experiment.md: logit(buy) = -4.6 + 1.6 u, logit(accept) = -3 + 1.5 u, u standard normal.
Each seed is a campaign of its own, so that the report compares all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import numpy as np

from aparte.backends.duckdb.store import DuckFacts
from aparte.kit.days import starts_at
from aparte.reports.incrementality.model import Cut, Incrementality, Level
from aparte.reports.incrementality.report import incrementality
from aparte.reports.scope import Scope
from aparte.sites.model import Site
from aparte.targeting.model import Campaign, CampaignFile, Rule, SiteRules

SITE = Site(id="shop", name="Shop", public_key="k", secret_key_hash="h", time_zone="UTC")
FIRST = date(2026, 1, 5)
DAY_MS = 86_400_000
NO_CUTS: dict[Level, tuple[Cut, ...]] = {"site": (), "campaign": ()}
BY_DAY: dict[Level, tuple[Cut, ...]] = {"site": (), "campaign": ("day",)}
BASKET = float(100 * np.exp(4 + 0.5 / 2))
"""Mean of an order, in cents."""


def truth(effect: float) -> tuple[float, float]:
    """ITT and CACE, as probabilities, integrated over the wish to buy."""
    u = np.linspace(-8, 8, 4_001)
    weight = np.exp(-u * u / 2)
    weight /= weight.sum()
    buys, takes = wish(u)
    itt = float((weight * takes * (np.minimum(buys * (1 + effect), 1) - buys)).sum())
    return itt, itt / float((weight * takes).sum())


def wish(u: Any) -> tuple[Any, Any]:
    """Probabilities to buy without help, and to accept."""
    return 1 / (1 + np.exp(4.6 - 1.6 * u)), 1 / (1 + np.exp(3 - 1.5 * u))


def drawn(dice: np.random.Generator, n: int, effect: float, holdout: float) -> dict[str, Any]:
    """So many persons of a campaign, each dealt by chance."""
    buys, takes = wish(dice.normal(size=n))
    treated = dice.random(n) >= holdout
    chatted = treated & (dice.random(n) < takes)
    bought = dice.random(n) < buys * (1 + effect * chatted)
    spent = np.where(bought, np.rint(100 * dice.lognormal(4, 0.5**0.5, n)), 0).astype(np.int64)
    return {"treated": treated, "chatted": chatted, "orders_7d": bought.astype(np.int64), "revenue_7d": spent}


class Shops:
    """Facts of so many seeds, each a campaign, with so many candidates a day."""

    def __init__(
        self, seeds: int, days: int, per_day: int, effect: float, holdout: float = 0.5, first: int = 0
    ) -> None:
        self.days, self.effect, self.holdout = days, effect, holdout
        self.names = [f"seed-{seed:03}" for seed in range(first, first + seeds)]
        self.facts = DuckFacts(memory="2GB")
        self.facts.describe([SITE])
        self.facts.derive()
        drawn = [self.seed(place, days * per_day) for place in range(first, first + seeds)]
        self.insert({name: np.concatenate([one[name] for one in drawn]) for name in drawn[0]})

    def seed(self, place: int, n: int) -> dict[str, Any]:
        """The persons of a seed, evenly over the days."""
        dice = np.random.default_rng([place, round(1000 * self.effect), self.days])
        columns = drawn(dice, n, self.effect, self.holdout)
        day = np.arange(n) * self.days // n
        return columns | {"seed": np.full(n, place), "person": place * 1_000_000 + np.arange(n), "since": day}

    def insert(self, columns: dict[str, Any]) -> None:
        """Rows of `engagement`, as the log would have made them."""
        connection = self.facts._connection
        connection.register("drawn", columns)
        connection.execute(
            f"""INSERT INTO engagement BY NAME SELECT '{SITE.id}' AS site, 'e' || person AS engagement,
            person AS visitor, person, format('seed-{{:03d}}', seed) AS campaign, 'rule' AS rule, false AS merged,
            true AS candidate, true AS covered, CASE WHEN treated THEN 'treated' ELSE 'campaign' END AS arm, chatted,
            DATE '{FIRST}' + since::INTEGER AS day, {starts_at(FIRST, "UTC")} + since * {DAY_MS} AS from_at,
            orders_7d, revenue_7d, 0 AS margin_7d, 0 AS earlier_orders, 0 AS earlier_revenue, 0 AS earlier_sessions
            FROM drawn"""
        )
        connection.unregister("drawn")

    def report(self, cuts: dict[Level, tuple[Cut, ...]] = NO_CUTS, *, looked_at: int | None = None) -> Incrementality:
        """All seeds compared; `looked_at`: on the evening of which day since the first."""
        until = FIRST + timedelta(days=self.days - 1)
        now = starts_at(FIRST + timedelta(days=self.days + 7 if looked_at is None else looked_at), "UTC")
        scope = Scope(site=SITE.id, since=FIRST, until=until, now=now, orders="confirmed")
        campaigns = tuple(
            Campaign(name=name, rules=(Rule(name="rule", when="true"),), holdout=self.holdout) for name in self.names
        )
        return incrementality(
            self.facts, SITE, scope, CampaignFile(site=SiteRules(holdout=0.0), campaigns=campaigns), cuts
        )


@contextmanager
def shops(seeds: int, days: int, per_day: int, effect: float, holdout: float = 0.5, first: int = 0) -> Iterator[Shops]:
    """Facts that are let go afterwards."""
    found = Shops(seeds, days, per_day, effect, holdout, first)
    try:
        yield found
    finally:
        found.facts.close()
