"""A site told visit by visit, and many visits at once; what the report reads of it."""

import random
from collections.abc import Iterator
from typing import Any

from aparte.attribution.store import Lead, Order
from aparte.conversations.store import PastConversation
from aparte.engagements.store import Invitation, InvitationState, RecordDecision
from aparte.reports.first import report
from aparte.reports.model import Report
from aparte.sites.model import Site
from aparte.targeting.model import Campaign, CampaignFile, Rule, SiteRules

DAY, HOUR, MINUTE = 86_400_000, 3_600_000, 60_000
START = 1_793_314_800_000  # 30 October 2026, 00:00 in Paris
SITE = Site(id="shop", name="Boutique", public_key="k", secret_key_hash="h")


class World:
    """Sources of a report, filled by telling what happened. `at` counts from START."""

    def __init__(
        self,
        campaigns: dict[str, tuple[str, ...]] | None = None,
        *,
        holdout: float = 0.1,
        site_holdout: float = 0.05,
    ) -> None:
        named = {"cart": ("hesitation",)} if campaigns is None else campaigns
        self.plan = CampaignFile(
            site=SiteRules(id="shop", holdout=site_holdout),
            campaigns=tuple(
                Campaign(name=name, rules=tuple(Rule(name=rule, when="true") for rule in rules), holdout=holdout)
                for name, rules in named.items()
            ),
        )
        self.told: list[RecordDecision] = []
        self.sent: list[Invitation] = []
        self.bought: list[Order] = []
        self.talks: list[PastConversation] = []
        self.became: list[Lead] = []
        self.roots: dict[str, str] = {}

    def campaigns(self, site: str) -> CampaignFile:
        return self.plan

    def decisions(self, site: str | None = None, after: int = 0) -> Iterator[RecordDecision]:
        return (one for one in self.told if one.site == site and one.seq > after)

    def invitations(self, site: str) -> Iterator[Invitation]:
        return iter(self.sent)

    def orders(self, site: str) -> Iterator[Order]:
        return iter(self.bought)

    def leads(self, site: str) -> Iterator[Lead]:
        return iter(self.became)

    def merges(self, site: str) -> dict[str, str]:
        return self.roots

    def past_conversations(self, site: str) -> Iterator[PastConversation]:
        return iter(self.talks)

    def decide(
        self, visitor: str, at: int, decision: str, detail: str = "", *, campaign: str = "cart",
        rule: str = "hesitation", eligible: bool = True, covered: bool = True, candidate: bool = True,
    ) -> None:  # fmt: skip
        self.told.append(
            RecordDecision(
                seq=len(self.told) + 1, n=0, site="shop", at=START + at, visitor=visitor, session=1,
                engagement=f"{visitor}-{campaign}-{at}", campaign=campaign, rule=rule, decision=decision, detail=detail,
                newly_eligible=eligible, newly_covered=covered, newly_candidate=candidate, line=b"{}",
            )
        )  # fmt: skip

    def refuse(self, visitor: str, at: int, reason: str, **which: Any) -> None:
        """A visitor for whom a rule holds, who is no candidate."""
        covered = which.pop("covered", reason != "not_covered")
        self.decide(visitor, at, "refrain", reason, covered=covered, candidate=False, **which)

    def hold_out(self, visitor: str, at: int, level: str = "campaign", **which: Any) -> None:
        self.decide(visitor, at, "hold_out", level, **which)

    def invite(self, visitor: str, at: int, state: InvitationState = "shown", **which: Any) -> None:
        """An invitation that came to this; from `shown` on it was seen."""
        self.decide(visitor, at, "invite", **which)
        self.offer(visitor, at, state, **which)

    def offer(
        self, visitor: str, at: int, state: InvitationState, *, campaign: str = "cart", rule: str = "hesitation"
    ) -> None:
        seen = START + at + 1000 if state not in {"offered", "expired"} else None
        over = START + at + 5000 if state not in {"offered", "shown"} else None
        self.sent.append(
            Invitation(engagement=f"{visitor}-{campaign}-{at}", visitor=visitor, campaign=campaign, rule=rule,
                       at=START + at, state=state, shown_at=seen, ended_at=over)
        )  # fmt: skip

    def order(
        self, visitor: str, at: int, total: float = 60.0, *, refunded: float = 0.0, confirmed: bool = True,
        currency: str = "EUR",
    ) -> None:  # fmt: skip
        self.bought.append(
            Order(site="shop", order_id=f"o{len(self.bought)}", visitor=visitor, at=START + at, confirmed=confirmed,
                  total=total, revenue=total, currency=currency, refunded=refunded)
        )  # fmt: skip

    def chat(self, visitor: str, at: int, *, answered: bool = True, lasts: int = 5 * MINUTE) -> None:
        self.talks.append(
            PastConversation(id=f"c{len(self.talks)}", visitor=visitor, opened_at=START + at,
                             answered_at=START + at + 20_000 if answered else None, last_at=START + at + lasts)
        )  # fmt: skip

    def crowd(
        self, treated: int, bought: int, held: int, held_bought: int, *, campaign: str = "cart",
        rule: str = "hesitation", level: str = "campaign", days: float = 20.0, amount: float = 60.0, accepted: int = 0,
        begin: int = 0, spread: float = 0.0,
    ) -> None:  # fmt: skip
        """Many candidates, evenly over the days: so many of each arm bought within a day."""
        dice = random.Random(f"{campaign}{rule}{level}")
        for arm, n, buyers in (("t", treated, bought), ("h", held, held_bought)):
            for i in range(n):
                who, at = f"{campaign}-{rule}-{level}-{arm}{i}", begin + round(i * days * DAY / n)
                which: dict[str, Any] = {"campaign": campaign, "rule": rule}
                if arm == "h":
                    self.hold_out(who, at, level, **which)
                else:
                    self.invite(who, at, "accepted" if i < accepted else "shown", **which)
                if i < accepted and arm == "t":
                    self.chat(who, at + 10_000)
                if i % n < buyers:
                    self.order(who, at + HOUR, round(amount * (1 + spread * (2 * dice.random() - 1)), 2))

    def report(self, days: int = 28, now: int = 60 * DAY, since: int = 0) -> Report:
        """The report of so many days from START, read long after by default."""
        return report(SITE, START + since, START + since + days * DAY, START + now, self)


def rich_world() -> World:
    """Four campaigns: one clear gain with two rules, one open, one loss, one too early."""
    world = World(
        {
            "panier-hesitant": ("deux-vues-sans-ajout", "retour-au-panier"),
            "recherche-sans-resultat": ("deux-recherches",),
            "accueil-30-secondes": ("nouvelle-visite",),
            "erreur-de-paiement": ("carte-refusee",),
        }
    )
    c, s, a, e = "panier-hesitant", "recherche-sans-resultat", "accueil-30-secondes", "erreur-de-paiement"
    more = {"spread": 0.6}
    world.crowd(8200, 740, 910, 52, campaign=c, rule="deux-vues-sans-ajout", accepted=1150, amount=74, **more)
    world.crowd(3100, 240, 345, 20, campaign=c, rule="retour-au-panier", accepted=310, amount=68, **more)
    world.crowd(4300, 150, 480, 16, campaign=s, rule="deux-recherches", accepted=280, amount=55, **more)
    world.crowd(9000, 160, 1000, 34, campaign=a, rule="nouvelle-visite", accepted=240, amount=52, **more)
    world.crowd(310, 40, 36, 3, campaign=e, rule="carte-refusee", accepted=70, amount=90, **more)
    for rule, name, n, bought in (("deux-vues-sans-ajout", c, 720, 40), ("nouvelle-visite", a, 737, 24)):
        world.crowd(0, 0, n, bought, campaign=name, rule=rule, level="site", amount=66, **more)
    for i in range(5200):
        world.refuse(f"u{i}", i * 200_000, "not_covered" if i % 3 else "pacing", campaign=a, rule="nouvelle-visite")
    for i in range(14):
        world.order(f"x{i}", i * DAY, 40.0, confirmed=False)
    for i in range(9):
        world.chat(f"{c}-deux-vues-sans-ajout-campaign-h{i}", DAY * 2)
    world.invite("young", 25 * DAY, campaign=c, rule="retour-au-panier")
    return world
