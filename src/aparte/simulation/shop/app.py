"""Everything below /shop, as one ASGI application without a framework."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from importlib.resources import files
from secrets import token_hex
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct, field

from aparte.simulation.shop import basket, pages
from aparte.simulation.shop.catalogue import BY_ID, CATEGORIES, SEASON
from aparte.simulation.shop.model import LANGUAGES, MOST_OF_ONE, Language
from aparte.simulation.shop.orders import Order, Orders, order_of
from aparte.simulation.shop.pictures import picture, rail
from aparte.simulation.shop.words import PATHS

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Confirm: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]

MOST_BYTES = 16 * 1024
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; frame-src 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}
STATIC = {
    "shop.css": "text/css; charset=utf-8",
    "shop.js": "text/javascript; charset=utf-8",
    "fonts/figtree.woff2": "font/woff2",
    "fonts/source-serif-4.woff2": "font/woff2",
}
HTML = "text/html; charset=utf-8"
RAIL = tuple(BY_ID[SEASON[number]] for number in (1, 0, 2, 5))


class Request(Struct):
    """What a visitor of the shop asks."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str] = field(default_factory=dict)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that came along."""
        return basket.cookies(self.headers.get("cookie", ""))

    @property
    def scripted(self) -> bool:
        """Whether shop.js asks, who wants JSON, and not a form of a page without scripts."""
        return "application/json" in self.headers.get("accept", "")


class Response(Struct):
    """What the shop answers."""

    body: bytes = b""
    status: int = 200
    type: str = HTML
    headers: list[tuple[str, str]] = field(default_factory=list)


def shop_app(public_key: str, confirm: Confirm | None = None) -> ASGIApp:
    """The shop as an ASGI application; paths in the scope begin with /shop.

    `public_key` stands in the tag's snippet. `confirm` is awaited with every order before the visitor is thanked: it is
    what the shop's server tells Aparté (see `aparte.simulation.shop.orders`); it deals with its own failures.
    """
    shop = Shop(public_key, confirm)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = await read_request(scope, receive)
        response = Response(b"", 413) if request is None else await shop.answer(request)
        await reply(send, response, head=scope["method"] == "HEAD")

    return app


async def read_request(scope: Scope, receive: Receive) -> Request | None:
    """The request with its form; None when the body is too large."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False) and message["type"] == "http.request"
        if len(body) > MOST_BYTES:
            return None
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(scope["method"], scope["path"], pairs(scope.get("query_string", b"")), headers, pairs(body))


def pairs(raw: bytes) -> dict[str, str]:
    """The members of a query or of a form; nothing of what is no form."""
    try:
        return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=64))
    except ValueError:
        return {}


async def reply(send: Send, response: Response, *, head: bool) -> None:
    """Send an answer with the headers that all answers carry."""
    headers: Iterable[tuple[str, str]] = [*HEADERS.items(), ("content-type", response.type), *response.headers]
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    raw.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if head else response.body})


class Shop:
    """The pages and the till of Maison Lin."""

    def __init__(self, public_key: str, confirm: Confirm | None) -> None:
        self.public_key, self.confirm = public_key, confirm
        self.orders = Orders()

    async def answer(self, request: Request) -> Response:
        """The answer to any request below /shop."""
        parts = [part for part in request.path.split("/") if part][1:]
        if parts and parts[0] == "static":
            return static("/".join(parts[1:]))
        if parts and parts[0] == "pictures":
            return drawn(parts[-1])
        if not parts or parts[0] not in LANGUAGES:
            home = f"/shop/{preferred(request.headers.get('accept-language', ''))}/"
            return Response(status=303, headers=[("location", home), ("vary", "accept-language")])
        language: Language = "fr" if parts[0] == "fr" else "en"
        visit = pages.Visit.of(language, request.path, self.public_key, request.cookies)
        if request.method == "POST":
            return await self.post(request, visit, parts[1:])
        return self.page(request, visit, parts[1:])

    def page(self, request: Request, visit: pages.Visit, parts: list[str]) -> Response:
        """One of the pages."""
        match [place(parts[0]), *parts[1:]] if parts else [""]:
            case [""]:
                return html(pages.home(visit))
            case ["category", category] if category in CATEGORIES:
                return html(pages.category(visit, category))
            case ["product", id_] if id_ in BY_ID:
                return html(pages.product(visit, BY_ID[id_]))
            case ["search"]:
                return html(pages.results(visit, request.query.get("q", "")))
            case ["cart"]:
                return html(pages.cart(visit, request.query.get("code", "")))
            case ["checkout"]:
                return html(pages.checkout(visit, {}, []))
            case ["help"]:
                return html(pages.help_page(visit))
            case ["account"]:
                return html(pages.account(visit))
            case ["thanks", order_id] if (order := self.orders.get(order_id)) is not None:
                return html(pages.thanks(visit, order))
            case _:
                return html(pages.not_found(visit), 404)

    async def post(self, request: Request, visit: pages.Visit, parts: list[str]) -> Response:
        """One of the forms."""
        match parts:
            case ["order"]:
                return await self.order(request, visit)
            case ["cart"]:
                return self.change_cart(request, visit)
            case ["coupon"]:
                return self.coupon(request, visit)
            case ["account"]:
                name = request.form.get("name", "").strip()[:80]
                return go(visit.to("account"), [(basket.CUSTOMER_COOKIE, name)])
            case _:
                return html(pages.not_found(visit), 404)

    def change_cart(self, request: Request, visit: pages.Visit) -> Response:
        """More or fewer pieces of a line."""
        by = {"add": 1, "more": 1, "less": -1, "remove": -MOST_OF_ONE}.get(request.form.get("do", ""), 0)
        key = request.form.get("key") or f"{request.form.get('product', '')}:{request.form.get('size', '')}"
        lines = basket.changed(visit.lines, key, by)
        kept = [(basket.CART_COOKIE, basket.written(lines))]
        if not request.scripted:
            return go(visit.to("cart"), kept)
        return data(pages.cart_figures(visit, lines), cookies=kept)

    def coupon(self, request: Request, visit: pages.Visit) -> Response:
        """A promo code: LIN10 or none."""
        code = request.form.get("code", "").strip().upper()[:40]
        good = code == basket.COUPON
        kept = [(basket.COUPON_COOKIE, code if good else "")]
        if not request.scripted:
            return go(visit.to("cart") + ("" if good else "?code=refused"), kept)
        visit.coupon = code if good else ""
        return data({"good": good, **pages.cart_figures(visit, visit.lines)}, cookies=kept)

    async def order(self, request: Request, visit: pages.Visit) -> Response:
        """The till: what is missing, a card that is declined, or an order that the shop's server confirms."""
        wrong = basket.missing(request.form) + ([] if visit.lines else ["cart"])
        if wrong or basket.declined(request.form):
            code = "incomplete" if wrong else "card_declined"
            if request.scripted:
                return data({"error": code, "fields": wrong, "says": pages.refusal(visit, wrong)}, status=422)
            return html(pages.checkout(visit, request.form, wrong, declined=not wrong), 422)
        order = order_of(f"ML-{token_hex(4).upper()}", visit.language, visit.lines, visit.coupon, request.form)
        self.orders.keep(order)
        if self.confirm is not None:
            await self.confirm(order.told())
        thanks, kept = visit.to("thanks", order.id), [(basket.CART_COOKIE, ""), (basket.COUPON_COOKIE, "")]
        return data({"go": thanks}, cookies=kept) if request.scripted else go(thanks, kept)


def place(part: str) -> str:
    """Which kind of page a part of an address names, in either language."""
    return next((name for name, text in PATHS.items() if part in (text.fr, text.en)), "unknown")


def preferred(header: str) -> Language:
    """French or English, whichever Accept-Language weighs more; French when neither is there."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        found = re.fullmatch(r"\s*([a-z]{2})[\w-]*\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", part)
        if found:
            weights[found[1]] = max(weights.get(found[1], 0.0), float(found[2] or 1))
    return "en" if weights.get("en", 0.0) > weights.get("fr", 0.0) else "fr"


def html(text: str, status: int = 200) -> Response:
    """A page."""
    return Response(text.encode(), status, headers=[("cache-control", "no-store")])


def data(value: Mapping[str, Any], status: int = 200, cookies: Iterable[tuple[str, str]] = ()) -> Response:
    """An answer for shop.js."""
    kept = [("set-cookie", basket.cookie(name, text)) for name, text in cookies]
    return Response(msgspec.json.encode(value), status, "application/json", kept)


def go(where: str, cookies: Iterable[tuple[str, str]] = ()) -> Response:
    """Look at another page."""
    kept = [("set-cookie", basket.cookie(name, text)) for name, text in cookies]
    return Response(status=303, headers=[("location", where), *kept])


def static(name: str) -> Response:
    """One of the shop's files; only those that are named."""
    if name not in STATIC:
        return Response(b"", 404, "text/plain")
    body = files("aparte.simulation.shop").joinpath("static", *name.split("/")).read_bytes()
    age = "604800" if name.startswith("fonts/") else "60"
    return Response(body, type=STATIC[name], headers=[("cache-control", f"max-age={age}")])


def drawn(name: str) -> Response:
    """The picture of a product, or of the rail on the home page."""
    id_ = name.removesuffix(".svg")
    if id_ != "rail" and id_ not in BY_ID:
        return Response(b"", 404, "text/plain")
    text = rail(RAIL) if id_ == "rail" else picture(BY_ID[id_])
    return Response(text.encode(), type="image/svg+xml", headers=[("cache-control", "max-age=3600")])


__all__ = ["ASGIApp", "Confirm", "Order", "shop_app"]
