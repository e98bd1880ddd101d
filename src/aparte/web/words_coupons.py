"""The words of coupons: in the console's API, and for the shop's server."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from aparte.conversations import coupons
from aparte.conversations.coupons import MOST_COUPONS, Coupon, CouponCode, CouponCount
from aparte.conversations.vocabulary import Label
from aparte.web.plain import Problem
from aparte.web.transcript import Cid, Version
from aparte.web.words_care import CodeId, LabelBody

Minor = Annotated[int, Meta(ge=0, le=10**12)]
"""Minor units of a currency: cents of euros."""
MOST_DAYS = 366


class CouponBody(Struct, forbid_unknown_fields=True):
    """One coupon: `percent` or `amount`. `currency` of the amount; the site's unless it is told."""

    id: CodeId
    label: LabelBody
    percent: Annotated[int, Meta(ge=0, le=100)] = 0
    amount: Minor = 0
    currency: Annotated[str, Meta(pattern=r"^([A-Z]{3})?$")] = ""
    valid_days: Annotated[int, Meta(ge=1, le=MOST_DAYS)] = 7
    budget: Annotated[int, Meta(ge=0, le=10_000_000)] = 100
    min_cart: Minor = 0
    active: bool = True


class CouponsBody(Struct, forbid_unknown_fields=True):
    """The whole list, in its order."""

    coupons: Annotated[list[CouponBody], Meta(max_length=MOST_COUPONS)]


class CouponWords(Struct, frozen=True, kw_only=True):
    """A coupon, and what became of its codes. Amounts in minor units; `given` so far as the shop has told it."""

    id: str
    label: Label
    percent: int
    amount: int
    currency: str
    valid_days: int
    budget: int
    min_cart: int
    active: bool
    minted: int
    redeemed: int
    given: int


class GiveBody(Struct, forbid_unknown_fields=True):
    """A coupon for the visitor of a conversation."""

    assign_ver: Version
    cid: Cid
    coupon: CodeId


class RedeemBody(Struct, forbid_unknown_fields=True):
    """A code as the customer has typed it, and what the shop knows of his order; `cart` in minor units."""

    code: Annotated[str, Meta(min_length=1, max_length=64)]
    order_id: Annotated[str, Meta(max_length=256)] = ""
    visitor: Annotated[str, Meta(max_length=64)] = ""
    cart: Minor | None = None


def coupon_of(one: CouponBody, currency: str) -> Coupon:
    """The coupon; Problem 400 for one that is worth nothing, or two things."""
    if bool(one.percent) == bool(one.amount):
        what = "a coupon is worth a percentage or an amount"
        raise Problem(400, "bad_input", what, where=f"coupons.{one.id}", hint="tell percent, or amount in minor units")
    return Coupon(
        id=one.id,
        label=Label(one.label.fr, one.label.en),
        percent=one.percent,
        amount=one.amount,
        currency=(one.currency or currency) if one.amount else "",
        valid_days=one.valid_days,
        budget=one.budget,
        min_cart=one.min_cart,
        active=one.active,
    )


def coupon_words(one: CouponCount) -> CouponWords:
    """The wire's form."""
    coupon = {name: getattr(one.coupon, name) for name in one.coupon.__struct_fields__}
    return CouponWords(**coupon, minted=one.minted, redeemed=one.redeemed, given=one.given)


def redeemed_words(one: CouponCode) -> dict[str, Any]:
    """What the shop's server reads of a code that is good; `given` null while the cart was not told."""
    return {
        "valid": True,
        "code": coupons.spoken(one.code),
        "coupon": one.coupon.id,
        "value": coupons.value(one.coupon),
        "min_cart": one.coupon.min_cart,
        "until": one.until,
        "redeemed_at": one.redeemed_at,
        "order_id": one.order_id,
        "given": one.given,
    }
