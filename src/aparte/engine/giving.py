"""Coupons that agents give: offers, codes, and their redemption by the shop's server."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from aparte.conversations import coupons
from aparte.conversations.coupons import Coupon, CouponCode, CouponCount, MintCoupon, RedeemCoupon, SaveCoupons
from aparte.conversations.model import Conversation
from aparte.conversations.store import Appended, AppendEntry, Refused
from aparte.engagements.by_hand import held_out
from aparte.engine.batch import Batch
from aparte.engine.chats import NO_VERSION, UNKNOWN, bad_cid
from aparte.engine.ports import Command
from aparte.engine.promising import Promising
from aparte.sessions.model import VisitorState


class Giving(Promising):
    """A part of `Engine`; every change is on the disk when its call returns."""

    def coupons(self, site: str) -> Sequence[CouponCount]:
        """What a site offers, and what became of it."""
        return self.core.store.coupons(site)

    async def save_coupons(
        self, site: str, told: Sequence[Coupon], beside: Sequence[Command] = ()
    ) -> Sequence[CouponCount]:
        """Other coupons; `beside` is written in the same transaction."""
        self.core.site(site)
        batch = Batch(self.core.clock())
        batch.add(SaveCoupons(site, tuple(told)), *beside)
        await self.core.commit(batch)
        return self.core.store.coupons(site)

    async def give_coupon(
        self,
        site: str,
        conv: str,
        staff: str,
        assign_ver: int,
        cid: str,
        coupon: str,
        code: str,
        beside: Sequence[Command] = (),
    ) -> Appended | Refused:
        """Mint a code for the visitor of a conversation and show it to him, in one transaction with its budget.

        `code` is random, from the edge. The same cid again is the first code. Refused: `unknown`, `bad_cid`,
        `cid_conflict`, `held_out`, what MintCoupon and AppendEntry refuse.
        """
        live, known = self.core.site(site), self.chats.member(site, conv, "agent", staff)
        if known is None:
            return UNKNOWN
        if bad_cid(cid):
            return Refused("bad_cid")
        first = self._given_before(known, staff, cid, coupon)
        if first is not None:
            return first
        found = self.visit(site, known.visitor)
        if held_out(live.campaigns.file, found.visitor if found is not None else VisitorState(id=known.visitor)):
            return Refused("held_out")
        offer = next((one.coupon for one in self.coupons(site) if one.coupon.id == coupon), None)
        if offer is None:
            return Refused("no_coupon")
        result = await self._given(known, staff, assign_ver, cid, offer, code, beside)
        # Of two that came at once with one cid, the second finds what the first has written.
        again = self._given_before(known, staff, cid, coupon) if isinstance(result, Refused) else None
        return again or result

    async def _given(
        self,
        known: Conversation,
        staff: str,
        assign_ver: int,
        cid: str,
        offer: Coupon,
        code: str,
        beside: Sequence[Command],
    ) -> Appended | Refused:
        batch = Batch(self.core.clock())
        until = batch.now + offer.valid_days * coupons.DAY_MS
        made = CouponCode(
            code=code,
            site=known.site,
            coupon=offer,
            visitor=known.visitor,
            conv=known.id,
            staff=staff,
            minted_at=batch.now,
            until=until,
        )
        ver = assign_ver if known.agent == staff else NO_VERSION
        body = coupons.body(made, known.language)
        batch.add(MintCoupon(made), AppendEntry(known.id, "agent", staff, cid, "coupon", body, batch.now, ver), *beside)
        self.chats.sign_of(known.id, staff, ver)
        results = await self.core.commit(batch)
        refused = next((one for one in results if isinstance(one, Refused)), None)
        if refused is not None:
            return refused
        appended: Appended = results[1]
        return appended

    def _given_before(self, known: Conversation, staff: str, cid: str, coupon: str) -> Appended | Refused | None:
        """What this cid has led to: the code of this coupon, or a conflict; None when nothing."""
        first = self.core.store.entry_with(known.id, staff, cid)
        if first is None:
            return None
        code = self.core.store.coupon_code(known.site, coupons.code_in(first.body)) if first.kind == "coupon" else None
        same = code is not None and code.coupon.id == coupon
        return Appended(first, again=True) if same else Refused("cid_conflict")

    async def redeem_coupon(self, told: RedeemCoupon) -> CouponCode | Refused:
        """Use a code, once; see RedeemCoupon for what is refused."""
        self.core.site(told.site)
        batch = Batch(told.at)
        batch.add(self._as_himself(told))
        result: CouponCode | Refused = (await self.core.commit(batch))[0]
        return result

    def check_coupon(self, told: RedeemCoupon) -> CouponCode | Refused:
        """What redeeming would answer now; nothing is used."""
        known = self.core.store.coupon_code(told.site, told.code)
        result = coupons.redeemed(known, self._as_himself(told))
        return known if known is not None and isinstance(result, CouponCode) else result

    def _as_himself(self, told: RedeemCoupon) -> RedeemCoupon:
        """A visitor who is known to be the one for whom the code was minted, by another browser, is that one."""
        code = self.core.store.coupon_code(told.site, told.code) if told.visitor else None
        found = self.visit(told.site, code.visitor) if code is not None else None
        same = code is not None and found is not None and told.visitor in (found.visitor.others or {})
        return replace(told, visitor=code.visitor) if code is not None and same else told
