"""Who may come in: passwords, the first member of staff, sessions."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time

from argon2 import PasswordHasher
from msgspec.structs import replace

from aparte.conversations.store import Refused
from aparte.kit.errors import Unavailable
from aparte.sites import second_factor
from aparte.sites.audit import RecordAudit
from aparte.sites.model import ApiToken, SignIn, Staff
from aparte.sites.rights import SCOPES
from aparte.sites.service import API_TOKEN
from aparte.sites.store import EndSignIn, SaveSignIn, SaveStaff, UseCode, UseRecovery
from aparte.web.desk import Desk
from aparte.web.hashing import HASHER, Hashing
from aparte.web.limits import Attempts
from aparte.web.plain import Problem, Scope, bearer, cookie
from aparte.web.principal import COMMAND, Principal

COOKIES = ("__Host-aparte", "aparte")
IDLE_MS = 12 * 3_600_000
ABSOLUTE_MS = 7 * 24 * 3_600_000
TOUCH_MS = 5 * 60_000
"""How exactly the last sign of life of a session is kept."""
DEMO_STAFF = "camille"
MOST_ABOUT = 200
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 256


def token_hash(token: str) -> str:
    """What the store keeps of a session's token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def password_hash(password: str) -> str:
    """Of a command, while no server waits: argon2id; Problem 400 when it is too easy to guess."""
    judge_password(password, "")
    return HASHER.hash(password.encode())


class Doorkeeper:
    """Signs people in and out, and knows who is signed in."""

    def __init__(self, desk: Desk, hasher: PasswordHasher | None = None) -> None:
        self._desk = desk
        self.hashing = Hashing(hasher)
        # Checked for e-mails that nobody has, so that they take as long as the others.
        self._nobody = self.hashing.hasher.hash(secrets.token_urlsafe(16))
        self._attempts = Attempts(10, 15 * 60)
        self._sessions: dict[str, SignIn] = {}
        self._until = 0.0
        self._ended: set[str] = set()
        self._tokens: dict[str, ApiToken] = {}
        self._tokens_until = 0.0
        self._setup_hash = ""
        self._setup_lock = asyncio.Lock()

    # Sessions

    def asks(self, scope: Scope, site: str = "") -> Principal | None:
        """Who asks: a program or a command with a token, else the member of staff whose cookie came along.

        A request with a token is never judged by its cookie: nobody asked a page of the console whether it sent it.
        """
        if not bearer(scope):
            return self.principal(scope)
        return self.program(scope) or self.command(scope, site)

    def program(self, scope: Scope) -> Principal | None:
        """The program whose token came along, if it is still good."""
        token = bearer(scope)
        if not token.startswith(API_TOKEN):
            return None
        if time.monotonic() >= self._tokens_until:
            self._tokens_until = time.monotonic() + self._desk.timing.authority
            self._tokens = {one.token_hash: one for one in self._desk.store.api_tokens()}
        found = self._tokens.get(token_hash(token))
        if found is None or (found.expires_at is not None and self._desk.now() >= found.expires_at):
            return None
        scopes = frozenset(one for one in SCOPES if one in found.scopes)
        return Principal(found.site, f"token:{found.id}", "agent", scopes=scopes)

    def tokens_changed(self) -> None:
        """A token was made or dropped: read them again."""
        self._tokens_until = 0.0

    def principal(self, scope: Scope) -> Principal | None:
        """The member of staff whose session's cookie came along."""
        found = (self.agent(cookie(scope, name)) for name in COOKIES)
        return next((who for who in found if who is not None), None)

    def command(self, scope: Scope, site: str) -> Principal | None:
        """A command on this machine, which has the control token; it names the site when there are several."""
        if not self.is_command(scope):
            return None
        sites = [one.id for one in self._desk.directory.sites()]
        if site not in sites and (site or len(sites) != 1):
            hint = f"name one of: {', '.join(sites)}"
            what = "there is no such site" if site else "there are several sites"
            raise Problem(404, "no_such_site", what, where="site", hint=hint)
        return Principal(site or sites[0], COMMAND, "agent", "", "admin")

    def is_command(self, scope: Scope) -> bool:
        """Whether the control token came along: whoever may read the data folder may do everything with it."""
        given, known = bearer(scope), self._desk.control_token
        return bool(known) and hmac.compare_digest(given.encode(), known.encode())

    def agent(self, token: str) -> Principal | None:
        """The member of staff with this session, if it is still good."""
        return self.agent_of(token_hash(token)) if token else None

    def agent_of(self, hash: str) -> Principal | None:
        """The same by the token's hash, as sockets ask again and again."""
        session = self._session(hash)
        now = self._desk.now()
        if session is None or now - session.seen_at > IDLE_MS or now - session.created_at > ABSOLUTE_MS:
            return None
        staff = self._desk.directory.staff(session.staff)
        if staff is None or staff.left_at is not None:
            return None
        return Principal(staff.at, staff.id, "agent", hash, staff.role)

    def _session(self, hash: str) -> SignIn | None:
        if hash in self._ended:
            return None
        if time.monotonic() >= self._until:
            self._until = time.monotonic() + self._desk.timing.authority
            self._sessions = {one.token_hash: one for one in self._desk.store.sign_ins()}
            self._ended &= self._sessions.keys()
        return self._sessions.get(hash)

    async def touch(self, hash: str) -> None:
        """Note that the session is used; not more often than is worth a write."""
        session, now = self._session(hash), self._desk.now()
        if session is None or now - session.seen_at < TOUCH_MS:
            return
        seen = replace(session, seen_at=now)
        self._sessions[hash] = seen
        try:
            await self._desk.store.submit([SaveSignIn(seen)])
        except Unavailable:
            return  # the session stays as it was; a full disk must not keep anybody from reading

    def sessions_of(self, staff: str) -> list[SignIn]:
        """His sessions that are still good, the one used last first."""
        of = (one for one in self._desk.store.sign_ins() if one.staff == staff and self.agent_of(one.token_hash))
        return sorted(of, key=lambda one: (-one.seen_at, one.token_hash))

    async def begin(self, staff: Staff, before: str, about: str = "") -> str:
        """A new session; returns its token. The session that the browser had `before` ends."""
        token, now = secrets.token_urlsafe(32), self._desk.now()
        about = about[:MOST_ABOUT]
        session = SignIn(token_hash=token_hash(token), staff=staff.id, created_at=now, seen_at=now, about=about)
        ended = [EndSignIn(token_hash(before))] if before else []
        self._ended |= {one.token_hash for one in ended}
        told = self._desk.audited(principal_of(staff), "sign_in", staff.id)
        await self._desk.store.submit([*ended, SaveSignIn(session), told])
        self._sessions[session.token_hash] = session
        if self._desk.demo:
            self._desk.on_human(staff.id)
        return token

    async def end(self, hash: str, *told: RecordAudit) -> None:
        """Sign out. The session is void from here on, whatever the disk says."""
        self._ended.add(hash)
        await self._desk.store.submit([EndSignIn(hash), *told])

    def ended(self, staff: str, but: str = "") -> None:
        """All sessions of somebody are void from here on, but perhaps one; the store has ended them."""
        self._until = 0.0
        self._ended |= {one.token_hash for one in self._sessions.values() if one.staff == staff} - {but}

    # Signing in

    async def password(self, email: str, password: str, address: str, code: str = "") -> Staff:
        """The member of staff; Problem 401 (the same for unknown e-mails) or 429.

        Who has a second factor gives its code too: `totp_needed` tells that it is missing, and only to whoever knows
        the password. A wrong code, or one that was used, is answered like a wrong password.
        """
        staff = self.find(email)
        key = (email.strip().casefold(), address)
        wait = self._attempts.begin(key, time.monotonic())
        if wait:
            raise too_many(wait)
        known = staff is not None and staff.password_hash != "" and staff.left_at is None
        right = await self._check(staff.password_hash if staff and known else self._nobody, password)
        if staff is None or not known or not right:
            self._failed(staff)
            raise wrong_credentials()
        await self._second(staff, code)
        self._attempts.forgive(key)
        if self.hashing.outdated(staff.password_hash):
            await self._hashed_anew(staff, password)
        return staff

    async def _hashed_anew(self, staff: Staff, password: str) -> None:
        """The same password at today's costs, unless it is another one meanwhile; nobody is kept out for that."""
        try:
            hash = await self.hashing.hashed(password)
            async with self._desk.staffing:
                self._desk.directory.forget()
                now = self._desk.directory.staff(staff.id)
                if now is not None and now.password_hash == staff.password_hash:
                    await self._desk.store.submit([SaveStaff(replace(now, password_hash=hash))])
                    self._desk.directory.forget()
        except (Problem, Unavailable):
            return  # the line is full, or the disk: at his next sign-in

    async def known_password(self, staff: Staff, password: str, address: str) -> None:
        """Whether he who is signed in knows his password; Problem 403 `wrong_password`, 429 after ten failures."""
        key = (staff.id, address)
        wait = self._attempts.begin(key, time.monotonic())
        if wait:
            raise too_many(wait)
        if not await self._check(staff.password_hash or self._nobody, password) or not staff.password_hash:
            raise Problem(403, "wrong_password", "this is not your password", where="password")
        self._attempts.forgive(key)

    async def _second(self, staff: Staff, code: str) -> None:
        """Problem 401 unless the code of his second factor is right, or he has none."""
        security = self._desk.store.security(staff.id)
        if security is None or not security.confirmed:
            return
        if not code.strip():
            raise Problem(401, "totp_needed", "a code of your second factor is needed", where="code")
        step = second_factor.step_of(security.secret, code.replace(" ", ""), self._desk.now())
        used = UseCode(staff.id, step) if step else UseRecovery(staff.id, second_factor.recovery_hash(code))
        [result] = await self._desk.store.submit([used])
        if isinstance(result, Refused):
            self._failed(staff)
            raise wrong_credentials()

    def _failed(self, staff: Staff | None) -> None:
        """Beside the answer, which must take as long for an e-mail that nobody has."""
        if staff is not None:
            self._desk.later(self._desk.audit(principal_of(staff), "sign_in_failed", staff.id))

    def demo_staff(self) -> Staff:
        """Whom the demo signs in with one click."""
        staff = self._desk.directory.staff(DEMO_STAFF) if self._desk.demo else None
        if staff is None:
            raise wrong_credentials()
        return staff

    def find(self, email: str) -> Staff | None:
        """Who has this address."""
        wanted = email.strip().casefold()
        return next((one for one in self._desk.directory.all_staff() if one.email.casefold() == wanted), None)

    async def _check(self, hash: str, password: str) -> bool:
        if len(password) > LONGEST_PASSWORD:
            password = ""  # nobody has an empty one; the time is the same
        return await self.hashing.fits(hash, password)

    # The first member of staff

    def needs_setup(self) -> bool:
        """Nobody could sign in yet."""
        return not self._desk.demo and not any(one.password_hash for one in self._desk.directory.all_staff())

    def setup_token(self) -> str | None:
        """The token of the one-time link, new at each call (the one before is void); None once somebody may sign in."""
        if not self.needs_setup():
            return None
        token = secrets.token_urlsafe(32)
        self._setup_hash = token_hash(token)
        return token

    async def set_up(self, token: str, email: str, name: str, password: str, address: str) -> Staff:
        """Make the first member of staff; Problem 404 once done, 401 for another token, 400 for a weak password."""
        async with self._setup_lock:
            self._desk.directory.forget()
            if not self._setup_hash or not self.needs_setup():
                raise Problem(404, "not_found", "the set-up is done", hint="sign in")
            wait = self._attempts.begin(("", address), time.monotonic())
            if wait:
                raise too_many(wait)
            if not hmac.compare_digest(token_hash(token), self._setup_hash):
                raise Problem(401, "wrong_token", "this link is not valid", hint="start the server again for a new one")
            judge_password(password, email)
            return await self._make_first(email, name, password)

    async def _make_first(self, email: str, name: str, password: str) -> Staff:
        hash = await self.hashing.hashed(password)
        staff = Staff(
            id=secrets.token_hex(8),
            site=self._desk.directory.sites()[0].id,
            email=email.strip(),
            name=name.strip(),
            role="admin",
            password_hash=hash,
        )
        told = self._desk.audited(principal_of(staff), "set_up", staff.id)
        results = await self._desk.store.submit([SaveStaff(staff), told])
        if any(isinstance(one, Refused) for one in results):
            raise Problem(409, "taken", "somebody has this e-mail", where="email")
        self._desk.directory.forget()
        self._setup_hash = ""
        return staff


def principal_of(staff: Staff) -> Principal:
    """Somebody who is not signed in yet, or no more, as the audit log names him."""
    return Principal(staff.at, staff.id, "agent", role=staff.role)


def judge_password(password: str, email: str) -> None:
    """Problem 400 for a password that is too easy to guess."""
    low = password.casefold()
    easy = len(set(low)) < 5 or low in {email.casefold(), email.partition("@")[0].casefold()}
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or easy:
        raise Problem(
            400,
            "weak_password",
            "this password is too easy to guess, or too long",
            where="password",
            hint=f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, at least five different ones",
        )


def wrong_credentials() -> Problem:
    """The one answer to any wrong sign-in."""
    return Problem(401, "wrong_credentials", "e-mail or password is wrong")


def too_many(wait: int) -> Problem:
    """Ten wrong attempts within a quarter of an hour."""
    return Problem(429, "too_many_attempts", "too many attempts", hint="wait a while", retry_after=wait)
