"""Coupons and their codes, in rows. Count, budget and code are one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from aparte.backends.sqlite.rows import Row
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
    from aparte.backends.sqlite.execute import Execution

COUPONS = "SELECT data FROM coupon WHERE site = ? ORDER BY place"
SAVE = """INSERT INTO coupon (site, id, place, budget, data) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (site, id) DO UPDATE SET place = excluded.place, budget = excluded.budget, data = excluded.data"""
COUNTED = """SELECT data, minted,
        (SELECT count(*) FROM coupon_code AS c WHERE c.site = coupon.site AND c.coupon = coupon.id
            AND c.redeemed_at IS NOT NULL),
        (SELECT coalesce(sum(given), 0) FROM coupon_code AS c WHERE c.site = coupon.site AND c.coupon = coupon.id)
    FROM coupon WHERE site = ? ORDER BY place"""
CODE = ("code", "site", "coupon", "visitor", "until", "redeemed_at", "given", "data")
ADD_CODE = f"INSERT INTO coupon_code ({', '.join(CODE)}) VALUES ({', '.join('?' * len(CODE))})"
USE_CODE = "UPDATE coupon_code SET redeemed_at = ?, given = ?, data = ? WHERE code = ? AND redeemed_at IS NULL"


def save_coupons(execution: Execution, command: SaveCoupons) -> None:
    """What a site offers from now on."""
    before = [coupon_of(row) for row in execution.run(COUPONS, (command.site,)).fetchall()]
    for place, one in enumerate(saved(command.coupons, before)):
        execution.run(SAVE, (command.site, one.id, place, one.budget, msgspec.json.encode(one).decode()))


def mint(execution: Execution, command: MintCoupon) -> CouponCode | Refused:
    """A code, and one less of the budget."""
    made = command.code
    key = (made.site, made.coupon.id)
    found = execution.run("SELECT data, minted FROM coupon WHERE site = ? AND id = ?", key).fetchall()
    his = "SELECT until FROM coupon_code WHERE site = ? AND coupon = ? AND visitor = ?"
    holds = [until for (until,) in execution.run(his, (*key, made.visitor)).fetchall()]
    result = minted(coupon_of(found[0]) if found else None, found[0][1] if found else 0, holds, made)
    if isinstance(result, CouponCode):
        execution.run("UPDATE coupon SET minted = minted + 1 WHERE site = ? AND id = ?", key)
        execution.run(ADD_CODE, code_row(result))
    return result


def redeem(execution: Execution, command: RedeemCoupon) -> CouponCode | Refused:
    """A code is used."""
    found = execution.run("SELECT data FROM coupon_code WHERE code = ?", (command.code,)).fetchall()
    known = code_of_row(found[0]) if found else None
    result = redeemed(known, command)
    if isinstance(result, CouponCode) and result is not known:
        row = code_row(result)
        execution.run(USE_CODE, (*row[5:], result.code))
    return result


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {
    SaveCoupons: save_coupons,
    MintCoupon: mint,
    RedeemCoupon: redeem,
}


def code_row(one: CouponCode) -> tuple[Any, ...]:
    """In the order of `CODE`."""
    data = msgspec.json.encode(one).decode()
    return one.code, one.site, one.coupon.id, one.visitor, one.until, one.redeemed_at, one.given, data


def coupon_of(row: Row) -> Coupon:
    """The coupon in this row."""
    return msgspec.json.decode(row[0], type=Coupon)


def code_of_row(row: Row) -> CouponCode:
    """The code in this row."""
    return msgspec.json.decode(row[0], type=CouponCode)


class CouponRows:
    """CouponReader; a part of SqliteReader."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def coupons(self, site: str) -> list[CouponCount]:
        """See CouponReader."""
        return [
            CouponCount(coupon=coupon_of(row), minted=row[1], redeemed=row[2], given=row[3])
            for row in self._rows(COUNTED, (site,))
        ]

    def coupon_code(self, site: str, code: str) -> CouponCode | None:
        """See CouponReader."""
        found = self._rows("SELECT data FROM coupon_code WHERE code = ? AND site = ?", (code, site))
        return code_of_row(found[0]) if found else None
