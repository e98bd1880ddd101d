"""Coupons that agents give during a conversation: what a site offers, codes of one visitor, and their one use. Pure.

A code is random (80 bits, made at the edge), belongs to the visitor for whom it was minted, holds until a moment, and
is redeemed once. What is worth money is decided here, so that every store decides alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aparte.conversations.store import Refused
from aparte.conversations.vocabulary import Label
from aparte.kit.money import minor_digits

MOST_COUPONS = 100
"""Of a site, those no longer in use included."""
DAY_MS = 86_400_000
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a code: 32, five bits each, without letters that are taken for one another."""
LENGTH = 16
MISREAD = str.maketrans("OIL", "011", "- ")


class Coupon(Struct, frozen=True, kw_only=True):
    """What an agent may give: `percent` of an order, or an `amount` in minor units of `currency`; one of the two."""

    id: str
    label: Label
    percent: int = 0
    amount: int = 0
    currency: str = ""
    valid_days: int = 7
    budget: int = 100
    """How many codes at most, ever."""
    min_cart: int = 0
    """In minor units of the site's currency; 0: any order will do."""
    active: bool = True
    """No more codes are minted when false; those that are out there hold."""


class CouponCode(Struct, frozen=True, kw_only=True):
    """One code, with a copy of what it promised when it was minted."""

    code: str
    site: str
    coupon: Coupon
    visitor: str
    conv: str
    staff: str
    minted_at: int
    until: int
    redeemed_at: int | None = None
    order_id: str = ""
    given: int | None = None
    """Minor units of what it gave away; None while nobody has said: a percentage of a cart that was not told."""


class CouponCount(Struct, frozen=True, kw_only=True):
    """A coupon, and what became of its codes; `given` in minor units, so far as it was told."""

    coupon: Coupon
    minted: int = 0
    redeemed: int = 0
    given: int = 0


class Promised(Struct, frozen=True):
    """The body of an entry of kind `coupon`; `value` is `{"percent": 10}`, or `{"amount": 500, "currency": "EUR"}`."""

    code: str
    label: str
    value: dict[str, int | str]
    until: int


# Commands


class SaveCoupons(Struct, frozen=True):
    """What a site offers, in its order; one that is left out is kept, and out of use. Codes stay as they are."""

    site: str
    coupons: tuple[Coupon, ...]


class MintCoupon(Struct, frozen=True):
    """A code of a coupon for one visitor, out of its budget. Result: the CouponCode.

    Refused `no_coupon` (none, or out of use), `no_budget`, `has_one` (he has a code of it that has not expired),
    `code_taken` (the code is somebody's already).
    """

    code: CouponCode


class RedeemCoupon(Struct, frozen=True):
    """Use a code, once. Result: the CouponCode as it is then; the same `order_id` again is the same answer.

    Refused `unknown`, `other_visitor`, `used`, `expired`, `min_cart`. `visitor` ''  and `cart` None: not told.
    """

    site: str
    code: str
    at: int
    order_id: str = ""
    visitor: str = ""
    cart: int | None = None
    """What the order costs before the coupon, in minor units."""


class CouponReader(Protocol):
    """Reads as of the last commit."""

    def coupons(self, site: str) -> Sequence[CouponCount]:
        """What a site offers, in its order; those out of use last."""
        ...

    def coupon_code(self, site: str, code: str) -> CouponCode | None:
        """One code of this site."""
        ...


# What is decided


def minted(coupon: Coupon | None, count: int, his: Sequence[int], made: CouponCode) -> CouponCode | Refused:
    """The code, or why there is none. `count`: codes of it so far; `his`: until when those of this visitor hold."""
    if coupon is None or not coupon.active:
        return Refused("no_coupon")
    if any(until > made.minted_at for until in his):
        return Refused("has_one")
    return made if count < coupon.budget else Refused("no_budget")


def redeemed(known: CouponCode | None, command: RedeemCoupon) -> CouponCode | Refused:
    """The code once it is used, or why it is not; whose it is and what it is for is asked before anything else."""
    if known is None or known.site != command.site:
        return Refused("unknown")
    if command.visitor and command.visitor != known.visitor:
        return Refused("other_visitor")
    if known.redeemed_at is not None:
        same = command.order_id and command.order_id == known.order_id
        return known if same else Refused("used")
    if command.at >= known.until:
        return Refused("expired")
    if command.cart is not None and command.cart < known.coupon.min_cart:
        return Refused("min_cart")
    given = gives(known.coupon, command.cart)
    return replace(known, redeemed_at=command.at, order_id=command.order_id, given=given)


def gives(coupon: Coupon, cart: int | None) -> int | None:
    """Minor units that it takes off a cart; never more than the cart. None: a percentage of what was not told."""
    if coupon.percent:
        return None if cart is None else (cart * coupon.percent + 50) // 100
    return coupon.amount if cart is None else min(coupon.amount, cart)


def saved(told: Sequence[Coupon], before: Sequence[Coupon]) -> tuple[Coupon, ...]:
    """A new list; what it leaves out is kept out of use, so that its codes can be redeemed and counted."""
    named = {one.id for one in told}
    return (*told, *(replace(one, active=False) for one in before if one.id not in named))


# How a code is written


def code_of(bits: int) -> str:
    """80 random bits as a code."""
    return "".join(SYMBOLS[bits >> 5 * n & 31] for n in range(LENGTH))


def read_code(text: str) -> str:
    """A code as somebody may have typed it: small letters, blanks, dashes, O for 0; '' for what is none."""
    code = text.strip().upper().translate(MISREAD) if len(text) <= 4 * LENGTH else ""
    return code if len(code) == LENGTH and all(one in SYMBOLS for one in code) else ""


def spoken(code: str) -> str:
    """In fours, as people read it."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def body(made: CouponCode, language: str) -> str:
    """What stands in the transcript."""
    label = made.coupon.label.fr if language.startswith("fr") else made.coupon.label.en
    return msgspec.json.encode(Promised(spoken(made.code), label, value(made.coupon), made.until)).decode()


def value(coupon: Coupon) -> dict[str, int | str]:
    """What it is worth, as the wire says it."""
    return {"percent": coupon.percent} if coupon.percent else {"amount": coupon.amount, "currency": coupon.currency}


def code_in(text: str) -> str:
    """The code in the body of an entry; '' for another body."""
    try:
        return read_code(msgspec.json.decode(text, type=Promised).code)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return ""


def in_words(text: str) -> str:
    """The body of an entry in one line of text: label, worth, code. ValidationError for another body."""
    told = msgspec.json.decode(text, type=Promised)
    return f"{told.label} ({worth(told.value)}): {told.code}"


def worth(told: dict[str, Any]) -> str:
    """`10 %` or `5.00 EUR`."""
    if "percent" in told:
        return f"{told['percent']} %"
    currency = str(told.get("currency", ""))
    digits = minor_digits(currency)
    amount = told.get("amount", 0)
    return f"{(amount if isinstance(amount, int) else 0) / 10**digits:.{digits}f} {currency}"
