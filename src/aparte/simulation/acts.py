"""What a visitor does on a page, as the messages that the tag would send, without ids and times."""

from __future__ import annotations

from random import Random
from typing import Any

from msgspec import Struct

from aparte.simulation import figures
from aparte.simulation.shop.catalogue import CATEGORIES
from aparte.simulation.shop.model import CURRENCY, FREE_DELIVERY_FROM, HOME_DELIVERY, Language, Product
from aparte.simulation.shop.words import PATHS, WORDS

MODE = figures.number("pages.mode")
WAITS = {name: figures.bounds("pages.seconds", name) for name in figures.value("pages.seconds")}


class Act(Struct, frozen=True):
    """After `wait_ms`: a message, and the page that is then open. `exact` pauses are not shortened in a live demo."""

    wait_ms: int
    kind: str
    """`page` or `track`."""
    name: str
    properties: dict[str, Any]
    path: str
    title: str
    exact: bool = False


class Pages:
    """Writes acts down one after the other, with pauses between them that a human would make."""

    def __init__(self, rng: Random, language: Language) -> None:
        self.rng, self.language = rng, language
        self.done: list[Act] = []
        self.path, self.title = f"/shop/{language}/", "Maison Lin"
        self.cart: list[Product] = []

    def pause(self, low_s: float, high_s: float) -> int:
        """A pause, mostly near the lower end."""
        return round(1000 * self.rng.triangular(low_s, high_s, figures.within(MODE, (low_s, high_s))))

    def page(self, place: str, title: str, section: str, *rest: str, wait: tuple[float, float] = WAITS["page"]) -> None:
        """A page opens."""
        parts = [PATHS[place].of(self.language), *rest] if place else [""]
        self.path, self.title = "/".join([f"/shop/{self.language}", *parts]), title
        wait_ms = self.pause(*wait) if self.done else 0
        self.done.append(Act(wait_ms, "page", title, {"category": section}, self.path, title))

    def does(self, event: str, properties: dict[str, Any], wait_ms: int = 120) -> None:
        """Something happens on the open page."""
        self.done.append(Act(wait_ms, "track", event, properties, self.path, self.title))

    def home(self) -> None:
        """The first page."""
        self.page("", "Maison Lin", "home")

    def category(self, name: str) -> None:
        """A department."""
        self.page("category", CATEGORIES[name].of(self.language), name, name)
        self.does("Product List Viewed", {"list_id": name, "category": name})

    def product(self, one: Product, wait: tuple[float, float] = WAITS["product"]) -> None:
        """An article."""
        self.page("product", one.name.of(self.language), one.category, one.id, wait=wait)
        self.does("Product Viewed", one.properties(self.language))

    def add(self, one: Product) -> None:
        """It goes into the cart."""
        self.cart.append(one)
        size = self.rng.choice(one.sizes)
        self.does("Product Added", one.properties(self.language, 1, size), self.pause(*WAITS["add"]))

    def view_cart(self, wait: tuple[float, float] = WAITS["cart"]) -> None:
        """The cart is looked at."""
        self.page("cart", WORDS["your_cart"].of(self.language), "cart", wait=wait)
        self.does("Cart Viewed", self.carried())

    def search(self, query: str, results: int = 0) -> None:
        """Something is searched for."""
        self.page("search", WORDS["search"].of(self.language), "search", wait=WAITS["search"])
        self.does("Products Searched", {"query": query, "results": results})

    def checkout(self) -> None:
        """The checkout opens, and is filled in."""
        self.page("checkout", WORDS["checkout"].of(self.language), "checkout", wait=WAITS["checkout"])
        self.does("Checkout Started", self.carried())
        self.does("Payment Info Entered", {"payment_method": "card"}, self.pause(*WAITS["payment"]))

    def order(self, order_id: str) -> None:
        """The cart is paid."""
        self.checkout()
        self.page("thanks", WORDS["thanks"].of(self.language), "order", order_id, wait=WAITS["thanks"])
        self.does("Order Completed", self.ordered(order_id))

    def stay(self, low_s: float, high_s: float) -> None:
        """Time passes on the open page, at its full length."""
        wait_ms = self.pause(low_s, high_s)
        self.done.append(Act(wait_ms, "", "", {}, self.path, self.title, exact=True))

    def carried(self) -> dict[str, Any]:
        """The cart as events carry it."""
        products: dict[str, dict[str, Any]] = {}
        for one in self.cart:
            told = products.setdefault(one.id, one.properties(self.language, 0))
            told["quantity"] += 1
        value = sum(one.price for one in self.cart) / 100
        return {"products": list(products.values()), "value": value, "currency": CURRENCY}

    def ordered(self, order_id: str) -> dict[str, Any]:
        """The order as events carry it."""
        subtotal = sum(one.price for one in self.cart)
        shipping = 0 if subtotal >= FREE_DELIVERY_FROM else HOME_DELIVERY
        told = self.carried()
        del told["value"]
        sums = {"total": (subtotal + shipping) / 100, "revenue": subtotal / 100, "shipping": shipping / 100}
        return {"order_id": order_id, **sums, **told}
