"""The shop's twin: visits of simulated people, whose decision to buy is known for both worlds, helped and not helped.

A visit is a sequence of acts, with one fork near its end: there the visitor buys or leaves, as his `Nature` has it.
"""

from __future__ import annotations

from random import Random
from typing import Literal

from msgspec import Struct

from aparte.simulation import figures
from aparte.simulation.acts import WAITS, Act, Pages
from aparte.simulation.effects import CAMPAIGNS, SHOWN
from aparte.simulation.nature import Nature
from aparte.simulation.shop.catalogue import CATEGORIES, PRODUCTS, of_category
from aparte.simulation.shop.model import Product
from aparte.simulation.visitors import Person, Persona

STAYS = {name: figures.bounds("pages.stays", name) for name in figures.value("pages.stays")}
SHARES = figures.shares("pages.shares")
DECLINED = figures.number("invitations.declined")
ACCEPTS, DECLINES = figures.numbers("invitations.accept_seconds"), figures.numbers("invitations.decline_seconds")
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

    def __init__(
        self, rng: Random, person: Person, persona: Persona, order_id: str, nature: Nature | None = None
    ) -> None:
        self.rng, self.person, self.persona, self.order_id = rng, person, persona, order_id
        self.nature = nature or Nature(rng.random(), rng.random())
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

    def buys(self, *, talked: bool) -> bool:
        """Whether this visit ends with an order, in one of the two worlds."""
        return self.nature.buys(self.persona, talked=talked)

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
        elif self.rng.random() < SHARES["looks_on"]:
            self.pages.category(self.rng.choice(list(CATEGORIES)))
        self.pages.stay(*STAYS["end"])

    def react(self, campaign: str) -> Reaction:
        """What he does with an invitation of this campaign."""
        nature = self.nature
        if not nature.sees():
            return Reaction("missed", 0)
        share, acceptance = nature.fate / SHOWN, nature.acceptance(self.persona, campaign)
        if share < acceptance:
            return Reaction("accept", self.after(ACCEPTS))
        if share < acceptance + DECLINED * (1 - acceptance):
            return Reaction("decline", self.after(DECLINES))
        return Reaction("ignore", 0)

    def after(self, seconds: tuple[float, ...]) -> int:
        """How long he thinks about it: at least so long, mostly a little more, in milliseconds."""
        least, mean, most = (round(1000 * one) for one in seconds)
        return least + round(self.rng.expovariate(1 / mean)) % most

    def some(self, count: int, least: int = 0) -> list[Product]:
        """Different articles, from this price (in cents) on."""
        return self.rng.sample([one for one in PRODUCTS if one.price >= least], count)


def browse(visit: Visit, products: list[Product]) -> None:
    """From the landing page to these articles."""
    if visit.rng.random() < SHARES["home_first"]:
        visit.pages.home()
    if visit.rng.random() < SHARES["category_first"]:
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
    visit.pages.view_cart(wait=WAITS["cart_again"])
    visit.pages.stay(*STAYS["hesitates"])


def price_hunter(visit: Visit) -> None:
    """A cart, and a code that is none."""
    products = visit.some(1)
    browse(visit, products)
    visit.pages.add(products[0])
    visit.pages.view_cart()
    visit.pages.does("Coupon Denied", {"reason": "unknown"}, visit.pages.pause(*WAITS["coupon"]))
    visit.pages.stay(*STAYS["price_hunter"])


def searches(visit: Visit) -> None:
    """Two searches that find nothing."""
    visit.pages.home()
    pairs = QUERIES if visit.person.language == "fr" else ENGLISH_QUERIES
    for query in visit.rng.choice(pairs):
        visit.pages.search(query)
    visit.pages.stay(*STAYS["searches"])


def payment(visit: Visit) -> None:
    """A cart that is to be paid, and a card that is declined."""
    products = visit.some(visit.rng.choice((1, 2)))
    browse(visit, products)
    for one in products:
        visit.pages.add(one)
    visit.pages.view_cart()
    visit.pages.checkout()
    visit.pages.does("Payment Error", {"reason": "card_declined", "payment_method": "card"}, 1800)
    visit.pages.stay(*STAYS["payment"])


def sizes(visit: Visit) -> None:
    """Four articles of a department, and the size guide."""
    category = visit.rng.choice(("chemises", "pulls"))
    products = visit.rng.sample(of_category(category), 4)
    browse(visit, products[:3])
    visit.pages.does(
        "Size Guide Viewed", products[2].properties(visit.person.language), visit.pages.pause(*WAITS["size_guide"])
    )
    visit.pages.product(products[3])
    visit.pages.stay(*STAYS["sizes"])


def asks(visit: Visit) -> None:
    """An article, and a question."""
    browse(visit, visit.some(1))
    visit.asks_at = len(visit.pages.done)
    visit.pages.stay(*STAYS["asks"])


def window(visit: Visit) -> None:
    """One page in half of the cases, a few in the others."""
    if visit.rng.random() < SHARES["one_page"]:
        visit.pages.product(visit.some(1)[0])
    else:
        browse(visit, visit.some(visit.rng.choice((1, 1, 2, 3))))
    visit.pages.stay(*STAYS["window"])


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
