"""The shop's twin: visits of simulated people, whose decision to buy is known for both worlds, helped and not helped.

A visit is a sequence of acts, with one fork near its end: there the visitor buys or leaves. One draw of luck decides
both "would buy without help" and "would buy after a conversation", so the effect is known person by person.
"""

from __future__ import annotations

from random import Random
from typing import Literal

from msgspec import Struct

from aparte.simulation.acts import Act, Pages
from aparte.simulation.effects import REACTIVE_LIFT, SHOWN, TRUTH
from aparte.simulation.shop.catalogue import CATEGORIES, PRODUCTS, of_category
from aparte.simulation.shop.model import Product
from aparte.simulation.visitors import Person, Persona

CAMPAIGNS: dict[Persona, str] = {
    Persona.HESITATES: "cart-hesitation",
    Persona.SEARCHES: "empty-search",
    Persona.PAYMENT: "payment-trouble",
    Persona.SIZES: "size-hesitation",
}
BASE: dict[Persona, float] = {Persona.BUYER: 0.92, Persona.PRICE_HUNTER: 0.015, Persona.ASKS: 0.05, Persona.WINDOW: 0.0}
QUERIES = (
    ("parapluie", "imperméable"),
    ("chemise en soie", "soie"),
    ("jean brut", "pantalon lin"),
    ("chaussettes", "collants"),
    ("polo manches longues", "polo"),
)
ENGLISH_QUERIES = (("umbrella", "raincoat"), ("silk shirt", "silk"), ("linen trousers", "chinos"), ("socks", "tights"))


class Reaction(Struct, frozen=True):
    """What a visitor does with an invitation, and after how long; `missed` when it never reached his screen."""

    kind: Literal["accept", "decline", "ignore", "missed"]
    after_ms: int


class Visit:
    """One visit, to be walked through: `next()` until None; tell it when a conversation took place."""

    def __init__(self, rng: Random, person: Person, persona: Persona, order_id: str) -> None:
        self.rng, self.person, self.persona, self.order_id = rng, person, persona, order_id
        self.luck = rng.random()
        """Buys iff this is below the probability to buy."""
        self.fate = rng.random()
        """What he does with an invitation."""
        self.talked = False
        self.pages = Pages(rng, person.language)
        self.asks_at = -1
        """After which act he opens a conversation by himself; -1: not at all."""
        PLANS[persona](self)
        self.at = 0
        self.forked = False

    @property
    def campaign(self) -> str | None:
        """The campaign that is made for this kind of visitor."""
        return CAMPAIGNS.get(self.persona)

    def chance(self, *, talked: bool) -> float:
        """The probability that this visit ends with an order, in one of the two worlds."""
        campaign = self.campaign
        if campaign is None:
            return BASE[self.persona] + (REACTIVE_LIFT if talked else 0)
        return TRUTH[campaign].base + (TRUTH[campaign].lift if talked else 0)

    def buys(self, *, talked: bool) -> bool:
        """Whether it does."""
        return self.luck < self.chance(talked=talked)

    def next(self) -> Act | None:
        """What he does next; None when he has left."""
        if self.at == len(self.pages.done) and not self.forked:
            self.forked = True
            self.end()
        if self.at == len(self.pages.done):
            return None
        self.at += 1
        return self.pages.done[self.at - 1]

    def end(self) -> None:
        """The fork: he buys, or looks at something more and goes."""
        if self.buys(talked=self.talked):
            if not self.pages.cart:
                found = self.some(1)[0]
                self.pages.product(found)
                self.pages.add(found)
                self.pages.view_cart()
            self.pages.order(self.order_id)
        elif self.rng.random() < 0.4:
            self.pages.category(self.rng.choice(list(CATEGORIES)))
        self.pages.stay(3, 20)

    def react(self, campaign: str) -> Reaction:
        """What he does with an invitation of this campaign."""
        truth = TRUTH[campaign]
        if self.fate >= SHOWN:
            return Reaction("missed", 0)
        share = self.fate / SHOWN
        if share < truth.acceptance:
            return Reaction("accept", 2500 + round(self.rng.expovariate(1 / 6000)) % 22_000)
        if share < truth.acceptance + 0.35 * (1 - truth.acceptance):
            return Reaction("decline", 2000 + round(self.rng.expovariate(1 / 5000)) % 20_000)
        return Reaction("ignore", 0)

    def some(self, count: int, least: int = 0) -> list[Product]:
        """Different articles, from this price (in cents) on."""
        return self.rng.sample([one for one in PRODUCTS if one.price >= least], count)


def browse(visit: Visit, products: list[Product]) -> None:
    """From the landing page to these articles."""
    if visit.rng.random() < 0.55:
        visit.pages.home()
    if visit.rng.random() < 0.7:
        visit.pages.category(products[0].category)
    for one in products:
        visit.pages.product(one)


def buyer(visit: Visit) -> None:
    """Straight to the till."""
    products = visit.some(visit.rng.choice((1, 1, 2)))
    browse(visit, products)
    for one in products:
        visit.pages.add(one)
    visit.pages.view_cart()


def hesitates(visit: Visit) -> None:
    """The cart, something else, the cart again, and a long look at it."""
    products = visit.some(visit.rng.choice((1, 1, 2)), least=3900)
    browse(visit, products)
    for one in products:
        visit.pages.add(one)
    visit.pages.view_cart()
    visit.pages.category(products[0].category)
    visit.pages.view_cart(wait=(5, 25))
    visit.pages.stay(26, 75)


def price_hunter(visit: Visit) -> None:
    """A cart, and a code that is none."""
    products = visit.some(1)
    browse(visit, products)
    visit.pages.add(products[0])
    visit.pages.view_cart()
    visit.pages.does("Coupon Denied", {"reason": "unknown"}, visit.pages.pause(6, 20))
    visit.pages.stay(4, 15)


def searches(visit: Visit) -> None:
    """Two searches that find nothing."""
    visit.pages.home()
    pairs = QUERIES if visit.person.language == "fr" else ENGLISH_QUERIES
    for query in visit.rng.choice(pairs):
        visit.pages.search(query)
    visit.pages.stay(8, 45)


def payment(visit: Visit) -> None:
    """A cart that is to be paid, and a card that is declined."""
    products = visit.some(visit.rng.choice((1, 2)))
    browse(visit, products)
    for one in products:
        visit.pages.add(one)
    visit.pages.view_cart()
    visit.pages.checkout()
    visit.pages.does("Payment Error", {"reason": "card_declined", "payment_method": "card"}, 1800)
    visit.pages.stay(12, 50)


def sizes(visit: Visit) -> None:
    """Four articles of a department, and the size guide."""
    category = visit.rng.choice(("chemises", "pulls"))
    products = visit.rng.sample(of_category(category), 4)
    browse(visit, products[:3])
    visit.pages.does("Size Guide Viewed", products[2].properties(visit.person.language), visit.pages.pause(4, 15))
    visit.pages.product(products[3])
    visit.pages.stay(8, 40)


def asks(visit: Visit) -> None:
    """An article, and a question."""
    browse(visit, visit.some(1))
    visit.asks_at = len(visit.pages.done)
    visit.pages.stay(6, 25)


def window(visit: Visit) -> None:
    """One page in half of the cases, a few in the others."""
    if visit.rng.random() < 0.5:
        visit.pages.product(visit.some(1)[0])
    else:
        browse(visit, visit.some(visit.rng.choice((1, 1, 2, 3))))
    visit.pages.stay(2, 25)


PLANS = {
    Persona.BUYER: buyer,
    Persona.HESITATES: hesitates,
    Persona.PRICE_HUNTER: price_hunter,
    Persona.SEARCHES: searches,
    Persona.PAYMENT: payment,
    Persona.SIZES: sizes,
    Persona.ASKS: asks,
    Persona.WINDOW: window,
}
