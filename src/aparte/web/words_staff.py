"""The words of the console's API about security of staff; see docs/reference/staff.md."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from aparte.sites.audit import Audited
from aparte.sites.model import ApiToken, SignIn
from aparte.sites.rights import Right
from aparte.web.desk import Desk
from aparte.web.words_desk import Name

Password = Annotated[str, Meta(max_length=4096)]
Line = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
SESSION_ID = 24


class Proposed(Struct):
    """A second factor that is asked for nowhere until it is confirmed."""

    secret: str
    uri: str
    """`otpauth://`, for a QR code."""


class Factor(Struct):
    """Whether there is a second factor, and how many recovery codes are left."""

    on: bool
    recovery_left: int


class Recovery(Struct):
    """Codes for when the telephone is lost; each opens once, and they are shown this once."""

    recovery: list[str]


class CodeBody(Struct, forbid_unknown_fields=True):
    """A code of the app."""

    code: Annotated[str, Meta(max_length=64)]


class PasswordBody(Struct, forbid_unknown_fields=True):
    """The password of who is signed in."""

    password: Password


class NewPasswordBody(PasswordBody, forbid_unknown_fields=True):
    """And the one that he wants."""

    new: Password


class MeBody(Struct, forbid_unknown_fields=True):
    """What somebody changes of himself; what is not told stays."""

    name: Name | None = None
    language: Literal["fr", "en"] | None = None


class ResetBody(Struct, forbid_unknown_fields=True):
    """Who has forgotten his password."""

    email: Annotated[str, Meta(max_length=254)]


class ConfirmBody(Struct, forbid_unknown_fields=True):
    """The token of a one-time link, and the new password."""

    token: Annotated[str, Meta(max_length=200)]
    password: Password


class SiteChoice(Struct, forbid_unknown_fields=True):
    """At which desk to sit."""

    site: Annotated[str, Meta(max_length=40)]


class SessionWords(Struct, frozen=True):
    """A session of the console; times in ms."""

    id: str
    created_at: int
    seen_at: int
    about: str
    """What the browser calls itself."""
    current: bool


class Link(Struct, frozen=True):
    """A one-time link, shown this once."""

    link: str


class Left(Struct, frozen=True):
    """What somebody has left behind: tokens that still open, and conversations that wait for somebody else."""

    tokens: list[str]
    conversations: int


class TokenBody(Struct, forbid_unknown_fields=True):
    """A new token of the API."""

    name: Line
    scopes: Annotated[list[Right], Meta(min_length=1, max_length=20)]
    expires_at: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    """In ms; none: it is good until it is dropped."""


class TokenWords(Struct, frozen=True, kw_only=True):
    """A token of the API; `token` only in the answer that makes it."""

    id: str
    name: str
    scopes: list[str]
    made_by: str
    made_at: int
    expires_at: int | None
    hint: str
    token: str | None = None


class AuditRow(Struct, frozen=True, kw_only=True):
    """A row of the audit log; `who` is an id, `name` what he is called."""

    n: int
    at: int
    who: str
    name: str
    verb: str
    object: str
    detail: str


class AuditPage(Struct, frozen=True):
    """Rows, the youngest first; `more`: there are older ones."""

    rows: list[AuditRow]
    more: bool


def session_words(one: SignIn, current: str) -> SessionWords:
    """The wire's form; its id is too short a part of the hash to be of any use."""
    about = one.token_hash == current
    return SessionWords(one.token_hash[:SESSION_ID], one.created_at, one.seen_at, one.about, about)


def token_words(one: ApiToken, token: str | None = None) -> TokenWords:
    """The wire's form."""
    return TokenWords(
        id=one.id, name=one.name, scopes=list(one.scopes), made_by=one.made_by, made_at=one.made_at,
        expires_at=one.expires_at, hint=one.hint, token=token,
    )  # fmt: skip


def audit_row(one: Audited, desk: Desk) -> AuditRow:
    """The wire's form."""
    name = desk.directory.name(one.who) or one.who
    return AuditRow(n=one.n, at=one.at, who=one.who, name=name, verb=one.verb, object=one.object, detail=one.detail)
