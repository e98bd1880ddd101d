"""The pages of the shop. Each carries, in `data-events`, what its script tells the tag when it has opened."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from msgspec import Struct

from aparte.kit.ids import stable_id
from aparte.simulation.shop import basket, catalogue
from aparte.simulation.shop.model import CURRENCY, Language, Line, Product
from aparte.simulation.shop.orders import Order
from aparte.simulation.shop.search import MOST_LETTERS, search
from aparte.simulation.shop.words import DELIVERY, FAQ, PATHS, SIZES, WORDS, free_delivery, money

Pushed = list[Any]
"""One call of the tag: its name and its arguments."""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, escaped, with no name left undefined."""
    loader = PackageLoader("aparte.simulation.shop", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


class Visit(Struct):
    """What every page depends on: the language, the address, the cart and the customer."""

    language: Language
    path: str
    public_key: str
    lines: tuple[Line, ...]
    coupon: str
    customer: str

    @staticmethod
    def of(language: Language, path: str, public_key: str, cookies: Mapping[str, str]) -> Visit:
        """The visit that a request belongs to."""
        lines = basket.read(cookies.get(basket.CART_COOKIE, ""))
        coupon = cookies.get(basket.COUPON_COOKIE, "")
        return Visit(language, path, public_key, lines, coupon, cookies.get(basket.CUSTOMER_COOKIE, "")[:80])

    def to(self, place: str, *rest: str) -> str:
        """The address of a page."""
        return "/".join([f"/shop/{self.language}", PATHS[place].of(self.language), *rest])

    def say(self, word: str) -> str:
        """One of the shop's texts."""
        return WORDS[word].of(self.language)

    @property
    def other(self) -> str:
        """The same page in the other language."""
        other: Language = "en" if self.language == "fr" else "fr"
        parts = self.path.split("/")[3:]
        moved = [
            next((text.of(other) for text in PATHS.values() if text.of(self.language) == one), one) for one in parts
        ]
        return "/".join([f"/shop/{other}", *moved])


def render(visit: Visit, template: str, title: str, section: str, pushed: list[Pushed], **given: Any) -> str:
    """A page: its template, its title, and what it tells the tag, first of all that it was opened."""
    page: Pushed = ["page", {"category": section, "language": visit.language, **given.pop("page", {})}]
    return (
        environment()
        .get_template(template)
        .render(
            visit=visit,
            say=visit.say,
            title=title,
            section=section,
            events=msgspec.json.encode([page, *pushed]).decode(),
            count=sum(line.quantity for line in visit.lines),
            categories=catalogue.CATEGORIES,
            language=visit.language,
            money=lambda cents: money(cents, visit.language),
            told=lambda value: msgspec.json.encode(value).decode(),
            **given,
        )
    )


def listed(visit: Visit, name: str, products: tuple[Product, ...]) -> Pushed:
    """A list of products was looked at."""
    told = [{**one.properties(visit.language), "position": at} for at, one in enumerate(products, 1)]
    return ["track", "Product List Viewed", {"list_id": name, "category": name, "products": told}]


def carried(visit: Visit, lines: tuple[Line, ...]) -> dict[str, Any]:
    """The cart as events carry it."""
    products = [line.product.properties(visit.language, line.quantity, line.size) for line in lines]
    sums = basket.totals(lines, visit.coupon)
    return {"products": products, "value": (sums.subtotal - sums.discount) / 100, "currency": CURRENCY}


def home(visit: Visit) -> str:
    """The first page."""
    season = tuple(catalogue.BY_ID[id_] for id_ in catalogue.SEASON)
    return render(visit, "home.html", "Maison Lin", "home", [listed(visit, "season", season)], products=season)


def category(visit: Visit, name: str) -> str:
    """A department."""
    title, products = catalogue.CATEGORIES[name].of(visit.language), catalogue.of_category(name)
    return render(visit, "list.html", title, name, [listed(visit, name, products)], products=products, query=None)


def results(visit: Visit, query: str) -> str:
    """What was found. A page without a question only asks."""
    products, asked = search(query), query.strip()[:MOST_LETTERS]
    pushed: list[Pushed] = [["track", "Products Searched", {"query": asked, "results": len(products)}]] if asked else []
    return render(visit, "list.html", visit.say("search"), "search", pushed, products=products, query=asked)


def product(visit: Visit, one: Product) -> str:
    """An article."""
    beside = [
        other for other in catalogue.PRODUCTS if other.category != one.category and other.look.colour != one.look.colour
    ]
    start = catalogue.PRODUCTS.index(one) % len(beside)
    return render(
        visit,
        "product.html",
        one.name.of(visit.language),
        one.category,
        [["track", "Product Viewed", one.properties(visit.language)]],
        page={"product_id": one.id},
        product=one,
        products=tuple((beside + beside)[start : start + 4]),
        material=catalogue.MATERIALS[one.material].of(visit.language),
        delivery=DELIVERY.of(visit.language),
        sizes=SIZES if len(one.sizes) == len(SIZES) and one.sizes[0] == "XS" else (),
    )


def cart(visit: Visit, code: str = "") -> str:
    """The cart; `code` is `refused` after a promo code that is none, for pages without scripts."""
    return render(
        visit,
        "cart.html",
        visit.say("your_cart"),
        "cart",
        [["track", "Cart Viewed", carried(visit, visit.lines)]],
        figures=cart_figures(visit, visit.lines),
        refused=code == "refused",
    )


def cart_figures(visit: Visit, lines: tuple[Line, ...]) -> dict[str, Any]:
    """Every figure of the cart page, written out."""
    sums, language = basket.totals(lines, visit.coupon), visit.language
    return {
        "count": sums.items,
        "lines": [{"key": line.key, "quantity": line.quantity, "total": money(line.total, language)} for line in lines],
        "subtotal": money(sums.subtotal, language),
        "discount": money(-sums.discount, language) if sums.discount else "",
        "shipping": money(sums.shipping, language) if sums.shipping else visit.say("free"),
        "total": money(sums.total, language),
        "note": free_delivery(sums.to_free_delivery, language),
    }


def checkout(visit: Visit, form: Mapping[str, str], wrong: list[str], *, declined: bool = False) -> str:
    """Address, delivery and payment. What was typed comes back, but never the card."""
    pushed: list[Pushed] = [["track", "Checkout Started", carried(visit, visit.lines)]] if visit.lines else []
    if declined:
        pushed = [["track", "Payment Error", {"reason": "card_declined", "payment_method": "card"}]]
    home_, pickup = basket.totals(visit.lines, visit.coupon), basket.totals(visit.lines, visit.coupon, pickup=True)
    return render(
        visit,
        "checkout.html",
        visit.say("checkout"),
        "checkout",
        pushed,
        home=home_,
        pickup=pickup,
        form={name: form.get(name, "") for name in (*basket.FIELDS, "delivery")},
        refusal=refusal(visit, wrong) if wrong or declined else "",
        fields=tuple(
            zip(basket.FIELDS, ("name", "email", "street-address", "postal-code", "address-level2"), strict=True)
        ),
    )


def refusal(visit: Visit, wrong: list[str]) -> str:
    """Why an order was not taken."""
    if not wrong:
        return visit.say("declined")
    return visit.say("incomplete") + ", ".join(visit.say(name).lower() for name in wrong) + "."


def thanks(visit: Visit, order: Order) -> str:
    """The order is there."""
    return render(
        visit,
        "thanks.html",
        visit.say("thanks"),
        "order",
        [["track", "Order Completed", order.properties()]],
        order=order,
        text=visit.say("thanks_text").format(id=order.id),
    )


def help_page(visit: Visit) -> str:
    """Delivery, returns, sizes."""
    return render(visit, "help.html", visit.say("help"), "help", [], faq=FAQ, sizes=SIZES)


def account(visit: Visit) -> str:
    """Who the customer says he is."""
    pushed: list[Pushed] = []
    if visit.customer:
        pushed.append(["identify", stable_id("customer", visit.customer.casefold()), {"name": visit.customer}])
    return render(visit, "account.html", visit.say("account"), "account", pushed)


def not_found(visit: Visit) -> str:
    """There is no such page."""
    return render(visit, "not_found.html", visit.say("not_found"), "error", [], page={"status": 404})
