"""The words of the shop: products, cart lines, totals. Amounts are whole cents of euro."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct

Language: TypeAlias = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")
CURRENCY = "EUR"
FREE_DELIVERY_FROM = 12_000
HOME_DELIVERY = 490
PICKUP_DELIVERY = 290
MOST_OF_ONE = 9


class Text(Struct, frozen=True):
    """A text in both languages of the shop."""

    fr: str
    en: str

    def of(self, language: Language) -> str:
        """The text in this language."""
        return self.fr if language == "fr" else self.en


class Look(Struct, frozen=True):
    """How a product is drawn: its shape, its weave and its colours as `#RRGGBB`."""

    shape: str
    weave: str
    colour: str
    ground: str
    detail: str = ""


class Product(Struct, frozen=True):
    """One article. `price` in cents."""

    id: str
    category: str
    name: Text
    cut: Text
    description: Text
    material: str
    price: int
    look: Look
    sizes: tuple[str, ...] = ("XS", "S", "M", "L", "XL")

    def properties(self, language: Language, quantity: int | None = None, size: str | None = None) -> dict[str, Any]:
        """The product as Segment's events want it; the price in euro."""
        told: dict[str, Any] = {
            "product_id": self.id,
            "name": self.name.of(language),
            "category": self.category,
            "price": self.price / 100,
            "currency": CURRENCY,
        }
        if quantity is not None:
            told["quantity"] = quantity
        return told | ({"variant": size} if size else {})


class Line(Struct, frozen=True):
    """So many pieces of a product in one size."""

    product: Product
    size: str
    quantity: int

    @property
    def key(self) -> str:
        """What tells this line from the others of the cart."""
        return f"{self.product.id}:{self.size}"

    @property
    def total(self) -> int:
        """Price of the line, in cents."""
        return self.product.price * self.quantity


class Totals(Struct, frozen=True):
    """What a cart comes to, in cents."""

    items: int
    subtotal: int
    discount: int
    shipping: int

    @property
    def total(self) -> int:
        """What is paid."""
        return self.subtotal - self.discount + self.shipping

    @property
    def to_free_delivery(self) -> int:
        """What is missing until delivery is free; 0 when it is."""
        return max(0, FREE_DELIVERY_FROM - (self.subtotal - self.discount))
