"""What this stage writes and reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from aparte.sites.model import Picture, SignIn, Site, Staff


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
