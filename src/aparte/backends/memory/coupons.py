"""Coupons and their codes of the store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aparte.conversations.coupons import (
    Coupon,
    CouponCode,
    CouponCount,
    MintCoupon,
    RedeemCoupon,
    SaveCoupons,
    minted,
    redeemed,
    saved,
)
from aparte.conversations.store import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from aparte.backends.memory.store import MemoryStore


class CouponTables:
    """CouponReader, and its tables."""

    def __init__(self) -> None:
        super().__init__()
        self._coupons: dict[str, tuple[Coupon, ...]] = {}
        self._codes: dict[str, CouponCode] = {}

    def coupons(self, site: str) -> list[CouponCount]:
        """See CouponReader."""
        return [counted(one, self.codes_of(site, one.id)) for one in self._coupons.get(site, ())]

    def coupon_code(self, site: str, code: str) -> CouponCode | None:
        """See CouponReader."""
        found = self._codes.get(code)
        return found if found is not None and found.site == site else None

    def codes_of(self, site: str, coupon: str) -> list[CouponCode]:
        """All codes of a coupon."""
        return [one for one in list(self._codes.values()) if (one.site, one.coupon.id) == (site, coupon)]


def counted(coupon: Coupon, codes: list[CouponCode]) -> CouponCount:
    """A coupon with what became of its codes."""
    used = [one for one in codes if one.redeemed_at is not None]
    given = sum(one.given or 0 for one in used)
    return CouponCount(coupon=coupon, minted=len(codes), redeemed=len(used), given=given)


def save_coupons(store: MemoryStore, command: SaveCoupons) -> None:
    """What a site offers from now on."""
    before = store._coupons.get(command.site, ())
    store._undo.put(store._coupons, command.site, saved(command.coupons, before))


def mint(store: MemoryStore, command: MintCoupon) -> CouponCode | Refused:
    """A code, and one less of the budget."""
    made = command.code
    coupon = next((one for one in store._coupons.get(made.site, ()) if one.id == made.coupon.id), None)
    codes = store.codes_of(made.site, made.coupon.id)
    his = [one.until for one in codes if one.visitor == made.visitor]
    result = minted(coupon, len(codes), his, made)
    if isinstance(result, CouponCode):
        if result.code in store._codes:
            return Refused("code_taken")
        store._undo.put(store._codes, result.code, result)
    return result


def redeem(store: MemoryStore, command: RedeemCoupon) -> CouponCode | Refused:
    """A code is used."""
    result = redeemed(store._codes.get(command.code), command)
    if isinstance(result, CouponCode):
        store._undo.put(store._codes, result.code, result)
    return result


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {
    SaveCoupons: save_coupons,
    MintCoupon: mint,
    RedeemCoupon: redeem,
}
