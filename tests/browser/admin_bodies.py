"""What the doors of staff security and the outbox read, as strictly as the real ones, and the right that each needs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Json = dict[str, Any]
RIGHTS = {
    "analyst": ["open", "self", "read", "analyse"],
    "agent": ["open", "self", "read", "converse"],
    "supervisor": ["open", "self", "read", "analyse", "converse", "supervise", "plan", "library", "staff"],
    "admin": ["open", "self", "read", "analyse", "converse", "supervise", "plan", "library", "staff", "sites", "audit"],
}
Event = Literal[
    "conversation.opened",
    "conversation.closed",
    "message.created",
    "survey.answered",
    "request.created",
    "lead.recorded",
    "engagement.shown",
    "engagement.accepted",
    "alarm.opened",
    "alarm.closed",
]
Line = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Strict(Struct, forbid_unknown_fields=True):
    """A body that the real server reads as strictly."""


class SignInBody(Strict):
    email: str = ""
    password: str = ""
    code: str = ""
    demo: bool = False


class Email(Strict):
    email: str


class Confirm(Strict):
    token: str
    password: str


class Code(Strict):
    code: str


class Password(Strict):
    password: str


class NewPassword(Strict):
    password: str
    new: str


class Site(Strict):
    site: str


class TokenBody(Strict):
    name: Line
    scopes: Annotated[list[str], Meta(min_length=1, max_length=20)]
    expires_at: int | None = None


class WebhookBody(Strict):
    url: Annotated[str, Meta(min_length=8, max_length=2_000)]
    events: Annotated[list[Event], Meta(min_length=1, max_length=20)]
    id: str = ""
    active: bool = True


class To(Strict):
    to: str


class LabelBody(Strict):
    fr: Line
    en: Line


class CodeBody(Strict):
    id: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]
    label: LabelBody
    outcome: Literal["sold", "lead", "helped", "not_bought", "other"]
    reasons: bool = False
    active: bool = True


class CodesBody(Strict):
    codes: Annotated[list[CodeBody], Meta(max_length=200)]
    wrap_up: Literal["off", "optional", "required"] | None = None


class TagsBody(Strict):
    tags: list[Annotated[str, Meta(min_length=1, max_length=40)]]
    free: bool = True


class StaffBody(Strict):
    name: Line | None = None
    role: str | None = None
    team: str | None = None
    skills: dict[str, int | None] | None = None
    maximum: int | None = None
    shifts: list[Json] | None = None
    sites: list[str] | None = None


class NewStaffBody(StaffBody, kw_only=True):
    email: str
    password: str = ""


DOORS = {
    ("PUT", "me"): "self",
    ("GET", "site"): "sites",
    ("PUT", "site"): "sites",
    ("PUT", "me/password"): "self",
    ("GET", "me/totp"): "self",
    ("POST", "me/totp"): "self",
    ("DELETE", "me/totp"): "self",
    ("POST", "me/totp/confirm"): "self",
    ("GET", "me/sessions"): "self",
    ("DELETE", "me/sessions/*"): "self",
    ("DELETE", "me/picture"): "self",
    ("PUT", "session/site"): "self",
    ("PUT", "staff"): "staff",
    ("PUT", "staff/*"): "staff",
    ("GET", "staff/*/sessions"): "staff",
    ("DELETE", "staff/*/sessions"): "staff",
    ("POST", "staff/*/link"): "staff",
    ("POST", "staff/*/leave"): "staff",
    ("POST", "staff/*/back"): "staff",
    ("GET", "tokens"): "sites",
    ("POST", "tokens"): "sites",
    ("DELETE", "tokens/*"): "sites",
    ("GET", "audit"): "audit",
    ("GET", "webhooks"): "sites",
    ("PUT", "webhooks"): "sites",
    ("DELETE", "webhooks/*"): "sites",
    ("POST", "webhooks/*/rotate"): "sites",
    ("POST", "webhooks/*/test"): "sites",
    ("GET", "webhooks/*/deliveries"): "sites",
    ("GET", "outbox"): "sites",
    ("GET", "outbox/dead"): "sites",
    ("POST", "outbox/*/again"): "sites",
    ("GET", "mail"): "sites",
    ("PUT", "mail"): "sites",
    ("POST", "mail/test"): "sites",
    ("GET", "wrap-up-codes"): "read",
    ("PUT", "wrap-up-codes"): "library",
    ("GET", "tags"): "read",
    ("PUT", "tags"): "library",
    ("GET", "coupons"): "read",
    ("PUT", "coupons"): "library",
}
"""What each door needs; `*` is one name of the path."""


def door_of(method: str, path: str) -> tuple[str, str, list[str]] | None:
    """The right, the name of the method that answers, and the names in the path; None for a door of the console."""
    parts = path.split("/")
    for (verb, shape), right in DOORS.items():
        of = shape.split("/")
        if (
            verb == method
            and len(of) == len(parts)
            and all(one in ("*", part) for one, part in zip(of, parts, strict=True))
        ):
            plain = "_".join(one.replace("-", "_") for one in of if one != "*")
            return right, f"{verb.lower()}_{plain}", [part for one, part in zip(of, parts, strict=True) if one == "*"]
    return None


class CouponBody(Strict):
    id: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]
    label: LabelBody
    percent: Annotated[int, Meta(ge=0, le=100)]
    amount: Annotated[int, Meta(ge=0)]
    currency: str
    valid_days: Annotated[int, Meta(ge=1, le=366)]
    budget: Annotated[int, Meta(ge=0)]
    min_cart: Annotated[int, Meta(ge=0)]
    active: bool


class CouponsBody(Strict):
    coupons: list[CouponBody]


TEN: dict[str, Any] = {
    "id": "ten", "label": {"fr": "Dix pour cent", "en": "Ten percent"}, "percent": 10, "amount": 0, "currency": "",
    "valid_days": 7, "budget": 100, "min_cart": 0, "active": True, "minted": 42, "redeemed": 17, "given": 9_350,
}  # fmt: skip
NO_USE = {"minted": 0, "redeemed": 0, "given": 0}


class CouponDoors:
    """The coupons of a scripted server."""

    coupons: list[dict[str, Any]]

    def get_coupons(self, **_: Any) -> tuple[int, Any]:
        return 200, self.coupons

    def put_coupons(self, body: Any, **_: Any) -> tuple[int, Any]:
        known = {one["id"]: one for one in self.coupons}
        told = msgspec.to_builtins(msgspec.convert(body, CouponsBody).coupons)
        uses = [{name: known.get(one["id"], NO_USE)[name] for name in NO_USE} for one in told]
        self.coupons = [one | use for one, use in zip(told, uses, strict=True)]
        return 200, self.coupons
