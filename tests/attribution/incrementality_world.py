"""A shop with two campaigns, told as a log: who was dealt to which arm, talked, ordered. Times count from FROM."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from facts_world import DAY, HOUR, MINUTE, PARIS, SECOND, Log
from msgspec.structs import replace

from aparte.reports.incrementality.model import Incrementality
from aparte.reports.incrementality.report import incrementality
from aparte.reports.numbers import start_of
from aparte.reports.scope import read_scope
from aparte.routing.model import Team
from aparte.sites.model import Staff
from aparte.targeting.model import Campaign, CampaignFile, Experiment, Rule, SiteRules, Variant

FIRST = date(2026, 2, 2)
FROM = start_of(FIRST, PARIS.time_zone)
VARIANTS = Experiment(variants=(Variant(name="short", share=0.5), Variant(name="long", share=0.5)))
KIM = Staff(id="kim", site="shop", email="kim@shop.example", name="Kim", team="desk")


class Told(Log):
    """Half of everybody is held out by each campaign, a tenth by the site."""

    def __init__(self) -> None:
        super().__init__(replace(PARIS))
        self.began: dict[str, int] = {}
        self.engaged: dict[str, dict[str, str]] = {}
        """What invited a visitor: his conversation comes of it."""
        self.holdouts = {"cart": 0.5, "search": 0.5}
        self.variants = False

    def costing(self, per_hour: float) -> None:
        """An hour of an agent costs so many euros."""
        self.records["teams"] = [Team(id="desk", site="shop", name="Desk", cost_per_hour=per_hour)]
        self.records["staff"] = [KIM]

    def candidate(
        self, visitor: str, at: int, arm: str, *, campaign: str = "cart", variant: str = "", merged: bool = False
    ) -> None:
        """Chance deals a visitor to an arm."""
        self.began.setdefault(visitor, at)
        self.page(FROM + at, visitor)
        kind, detail = ("invite", variant) if arm == "treated" else ("hold_out", arm)
        said = {"campaign": campaign, "merged": merged, "session": len(self.decisions)}
        engagement = self.decide(FROM + at, visitor, kind, detail, **said)
        if arm == "treated":
            self.engaged.setdefault(visitor, {"engagement": engagement, "campaign": campaign})

    def joined(self, younger: str, older: str) -> None:
        """Two visitors turn out to be one person."""
        self.records.setdefault("merges", {})[younger] = older

    def crowd(
        self, campaign: str, *, treated: int, bought: int, held: int, held_bought: int, chatted: int = 0,
        days: float = 5.0, begin: int = 0, arm: str = "campaign", variant: str = "", name: str = "",
        margin: float | None = None,
    ) -> None:  # fmt: skip
        """Candidates evenly over days; the first of each arm buy, and of those treated the first have talked."""
        for side, n, buyers in (("t", treated, bought), ("h" if arm == "campaign" else "s", held, held_bought)):
            for i in range(n):
                who, at = f"{campaign}-{name}{side}{i}", begin + round(i * days * DAY / n)
                self.candidate(who, at, "treated" if side == "t" else arm, campaign=campaign, variant=variant)
                if side == "t" and i < chatted:
                    self.chat(who, at + MINUTE)
                if i < buyers:
                    self.buy(who, at + 2 * HOUR, margin=margin)

    def buy(self, visitor: str, at: int, total: float = 60.0, margin: float | None = None) -> None:
        """An order that the shop's server has told."""
        known = {} if margin is None else {"aparte:catalogue": {"margin": margin}}
        lines = [{"product_id": "p", "quantity": 1, "price": total, **known}]
        self.order(FROM + at, visitor, f"o-{visitor}", total, products=lines)

    def chat(self, visitor: str, at: int) -> None:
        """A conversation of five minutes from which an agent's answer came."""
        at += FROM
        texts = [("agent", "join", at), ("agent", "text", at + 20 * SECOND), ("visitor", "text", at + MINUTE)]
        closed: dict[str, Any] = {"state": "closed", "closed_at": at + 5 * MINUTE, "wrapped_at": at + 5 * MINUTE}
        closed |= self.engaged.get(visitor, {})
        self.conversation(f"c-{visitor}", visitor, at, texts, skill="sales", agent="kim", **closed)

    def report(self, *, days: int = 28, now: int = 60 * DAY, **filters: str) -> Incrementality:
        """Of so many days from the first one, read long after by default."""
        asked = {"from": FIRST.isoformat(), "to": (FIRST + timedelta(days=days - 1)).isoformat(), **filters}
        scope = read_scope("shop", PARIS.time_zone, FROM + now, asked)
        facts = self.facts()
        try:
            return incrementality(facts, PARIS, scope, self.plan())
        finally:
            facts.close()

    def plan(self) -> CampaignFile:
        """What the campaigns are planned to hold out."""
        experiment: Any = VARIANTS if self.variants else None
        campaigns = tuple(
            Campaign(name=name, rules=(Rule(name="hesitates", when="true"),), holdout=share, experiment=experiment)
            for name, share in self.holdouts.items()
        )
        return CampaignFile(site=SiteRules(id="shop", holdout=0.1), campaigns=campaigns)
