"""The door at which the shop's server redeems coupons, by the secret key: `/v1/coupons/redeem`."""

from __future__ import annotations

from urllib.parse import parse_qs

import msgspec

from aparte.conversations.coupons import CouponCode, RedeemCoupon, read_code
from aparte.conversations.store import Refused
from aparte.kit.errors import Unavailable
from aparte.sites.model import Site
from aparte.web.desk import Desk
from aparte.web.plain import (
    NO_STORE,
    Problem,
    Receive,
    Scope,
    Send,
    answer,
    answer_problem,
    encode,
    read_body,
)
from aparte.web.secret_keys import SecretKeys
from aparte.web.words_coupons import RedeemBody, redeemed_words

PATH = "/v1/coupons/redeem"
BODY = 4 * 1024
REFUSED = {
    "unknown": ("there is no such code", "code"),
    "used": ("this code was used for another order", "code"),
    "expired": ("this code holds no more", "code"),
    "other_visitor": ("this code is somebody else's", "visitor"),
    "min_cart": ("the cart is too small for this code", "cart"),
}

HINT = 'send {"code": "...", "order_id": "...", "visitor": "...", "cart": 5990}'


class CouponDoors:
    """An ASGI application: `POST` redeems, `GET` only looks."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.keys = desk, SecretKeys(desk)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            told = redeemed_words(await self._redeemed(scope, receive))
        except Problem as problem:
            await answer_problem(send, problem)
        except Unavailable:
            again = Problem(503, "unavailable", "nothing can be written now", hint="try again", retry_after=2)
            await answer_problem(send, again)
        else:
            await answer(send, 200, encode(told), headers=[NO_STORE])

    async def _redeemed(self, scope: Scope, receive: Receive) -> CouponCode:
        """The code; Problem 401, 400, 405, 409."""
        if scope["method"] not in ("GET", "POST"):
            raise Problem(
                405, "method", "this method is not answered here", where="method", hint="POST, or GET to look"
            )
        site = self.keys.site_of(scope)
        if site is None:
            raise Problem(401, "unknown_key", "no site has this secret key", hint="send it in Authorization")
        looks = scope["method"] == "GET"
        told = self._command(site, looked_up(scope) if looks else read_told(await read_body(receive, BODY)))
        engine = self.desk.engine
        result = engine.check_coupon(told) if looks else await self.desk.whole(engine.redeem_coupon(told))
        if isinstance(result, Refused):
            what, where = REFUSED.get(result.code, ("this cannot be kept", "order_id"))
            raise Problem(409, result.code, what, where=where)
        return result

    def _command(self, site: Site, told: RedeemBody) -> RedeemCoupon:
        code = read_code(told.code)
        return RedeemCoupon(site.id, code, self.desk.now(), told.order_id, told.visitor, told.cart)


def read_told(body: bytes) -> RedeemBody:
    """The body; Problem 400 for another one."""
    try:
        return msgspec.json.decode(body, type=RedeemBody)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "bad_input", str(error)[:200], where="body", hint=HINT) from None


def looked_up(scope: Scope) -> RedeemBody:
    """The same, of a query."""
    try:
        found = parse_qs(bytes(scope["query_string"]).decode("latin-1"), max_num_fields=20)
        told = {name: values[0] for name, values in found.items()}
        return msgspec.convert(told, RedeemBody, strict=False)
    except ValueError as error:
        raise Problem(400, "bad_input", str(error)[:200], where="query", hint=HINT) from None
