"""One-time links by which somebody sets his password: asked for by mail, or handed on by who leads."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Literal

from msgspec.structs import replace

from aparte.conversations.store import Refused
from aparte.engine.ports import Command
from aparte.sites.model import OneTime, Staff
from aparte.sites.store import EndSignIns, SaveOneTime, SaveStaff, UseOneTime
from aparte.web.desk import Desk
from aparte.web.limits import Attempts
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.sign_in import Doorkeeper, judge_password, principal_of, token_hash, too_many

log = logging.getLogger("aparte.web")

LIFE_MS = {"reset": 30 * 60_000, "invite": 72 * 3_600_000}
MAILS: dict[tuple[str, str], tuple[str, str]] = {
    ("reset", "fr"): ("Aparté : nouveau mot de passe", "Choisissez un nouveau mot de passe dans les 30 minutes :"),
    ("reset", "en"): ("Aparté: a new password", "Choose a new password within 30 minutes:"),
    ("invite", "fr"): ("Aparté : votre accès", "Choisissez votre mot de passe dans les 72 heures :"),
    ("invite", "en"): ("Aparté: your access", "Choose your password within 72 hours:"),
}
IGNORE = {
    "fr": "Si vous n’avez rien demandé, ne faites rien : votre mot de passe reste le même.",
    "en": "If you have not asked for this, do nothing: your password stays as it is.",
}


class Links:
    """Makes such links and takes them back."""

    def __init__(self, desk: Desk, doorkeeper: Doorkeeper) -> None:
        self._desk, self._doorkeeper = desk, doorkeeper
        self._addresses, self._mails = Attempts(10, 3_600), Attempts(3, 3_600)

    async def make(self, me: Principal, staff: Staff, kind: Literal["reset", "invite"]) -> str:
        """A link for this one, which is shown once; those that he had are void."""
        token, desk = secrets.token_urlsafe(32), self._desk
        expires_at = desk.now() + LIFE_MS[kind]
        made = OneTime(token_hash=token_hash(token), staff=staff.id, kind=kind, expires_at=expires_at)
        await desk.store.submit([SaveOneTime(made), desk.audited(me, f"{kind}_link", staff.id)])
        return f"{desk.url}/console#{kind}={token}"

    async def mailed(self, me: Principal, staff: Staff, kind: Literal["reset", "invite"]) -> str:
        """The same, and it goes to his address too."""
        link = await self.make(me, staff, kind)
        language = "fr" if staff.language == "fr" else "en"
        subject, text = MAILS[kind, language]
        body = f"{text}\n\n{link}\n\n{IGNORE[language]}\n"
        if not await self._desk.send_mail(staff.site, staff.email, subject, body):
            log.warning("no link was mailed: this server sends no mail; aparte staff reset EMAIL prints one")
        return link

    def asked_for(self, email: str, address: str) -> None:
        """Somebody has forgotten his password. Whether there is such a person nobody learns: what is done about it is
        done after the answer. Problem 429 for an address that asks and asks."""
        wait = self._addresses.begin((address,), time.monotonic())
        if wait:
            raise too_many(wait)
        staff = self._doorkeeper.find(email)
        often = self._mails.begin((email.strip().casefold(),), time.monotonic())
        if staff is not None and staff.left_at is None and not often:
            self._desk.later(self.mailed(principal_of(staff), staff, "reset"))

    async def confirm(self, token: str, password: str, address: str) -> None:
        """Set the password; all sessions of before end. Problem 401 `wrong_token`, 400 `weak_password`."""
        wait = self._addresses.begin((address, "confirm"), time.monotonic())
        if wait:
            raise too_many(wait)
        judge_password(password, self._of(token)[1].email)
        hashed = await self._doorkeeper.hashing.hashed(password)  # nobody who changes staff waits for this
        async with self._desk.staffing:
            await self._set(token, hashed)
        self._addresses.forgive((address, "confirm"))

    def _of(self, token: str) -> tuple[OneTime, Staff]:
        """A link that is good, and whose it is; Problem 401."""
        desk = self._desk
        found = desk.store.one_time(token_hash(token))
        staff = desk.directory.staff(found.staff) if found else None
        if found is None or staff is None or staff.left_at is not None or found.expires_at <= desk.now():
            raise wrong_link()
        return found, staff

    async def _set(self, token: str, hashed: str) -> None:
        """Keep the password, and end what was opened with the one before."""
        desk, (found, staff) = self._desk, self._of(token)
        commands: list[Command] = [
            UseOneTime(token_hash(token), staff.id, desk.now()),
            SaveStaff(replace(staff, password_hash=hashed)),
            EndSignIns(staff.id),
            desk.audited(principal_of(staff), "password", staff.id, f"by a link ({found.kind})"),
        ]
        results = await desk.store.submit(commands)
        if any(isinstance(one, Refused) for one in results):
            raise wrong_link()
        desk.directory.forget()
        self._doorkeeper.ended(staff.id)


def wrong_link() -> Problem:
    """The same whether there never was such a link, it was used, or it is too old."""
    return Problem(401, "wrong_token", "this link is not valid any more", hint="ask for another one")
