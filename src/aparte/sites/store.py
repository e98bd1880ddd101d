"""What this stage writes and reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from aparte.sites.audit import Audited
from aparte.sites.model import ApiToken, OneTime, Picture, Security, SignIn, Site, Staff


class SaveSite(Struct, frozen=True):
    """Insert or replace a site."""

    site: Site


class SaveStaff(Struct, frozen=True):
    """Insert or replace a member of staff; a second one with the same e-mail is refused."""

    staff: Staff


class SavePicture(Struct, frozen=True):
    """Keep a picture, once."""

    picture: Picture


class SaveSignIn(Struct, frozen=True):
    """Insert or replace a session of the console."""

    sign_in: SignIn


class EndSignIn(Struct, frozen=True):
    """End a session of the console."""

    token_hash: str


class EndSignIns(Struct, frozen=True):
    """End all sessions of a member of staff, but perhaps one."""

    staff: str
    but: str = ""


class SaveSecurity(Struct, frozen=True):
    """Insert or replace a second factor."""

    security: Security


class DropSecurity(Struct, frozen=True):
    """A member of staff has no second factor any more."""

    staff: str


class UseCode(Struct, frozen=True):
    """The code of a step of time was used; `code_used` when it, or a later one, was used before."""

    staff: str
    step: int


class UseRecovery(Struct, frozen=True):
    """A recovery code was used; `code_used` when there is none of this hash any more."""

    staff: str
    hash: str


class SaveOneTime(Struct, frozen=True):
    """A one-time link; those that the member of staff had before are void."""

    one_time: OneTime


class UseOneTime(Struct, frozen=True):
    """A one-time link was used at `at`, and all others of its owner are void; `link_used` when it is not good."""

    token_hash: str
    staff: str
    at: int


class EndOneTimes(Struct, frozen=True):
    """The one-time links of a member of staff are void."""

    staff: str


class SaveToken(Struct, frozen=True):
    """A new token of the API."""

    token: ApiToken


class DropToken(Struct, frozen=True):
    """A token of the API opens nothing any more."""

    site: str
    id: str


class SiteReader(Protocol):
    """Reads as of the last commit; quick, may be called on the event loop."""

    def sites(self) -> Sequence[Site]:
        """All sites."""
        ...

    def staff(self, site: str) -> Sequence[Staff]:
        """All staff of a site."""
        ...

    def picture(self, hash_: str) -> Picture | None:
        """A picture by its name."""
        ...

    def sign_ins(self) -> Sequence[SignIn]:
        """All open sessions of the console."""
        ...

    def security(self, staff: str) -> Security | None:
        """The second factor of a member of staff, confirmed or proposed."""
        ...

    def one_time(self, token_hash: str) -> OneTime | None:
        """A one-time link that was not used."""
        ...

    def api_tokens(self) -> Sequence[ApiToken]:
        """All tokens of the API, of all sites, the oldest first."""
        ...

    def audit(self, after: int = 0) -> Iterator[Audited]:
        """The rows of the audit log after this number, in order."""
        ...

    def audit_page(
        self, site: str, *, who: str = "", verb: str = "", about: str = "", before: int | None = None, limit: int = 100
    ) -> Sequence[Audited]:
        """The rows of a site, the youngest first; `who`, `verb` and `about` (the object) as they are, empty for all."""
        ...

    def audit_head(self) -> tuple[int, str]:
        """Number and hash of the last row, kept apart from the rows; 0 and FIRST before the first."""
        ...
