"""Who may come in: passwords, the first member of staff, sessions."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec.structs import replace

from aparte.conversations.store import Refused
from aparte.kit.errors import Unavailable
from aparte.sites.model import SignIn, Staff
from aparte.sites.store import EndSignIn, SaveSignIn, SaveStaff
from aparte.web.desk import Desk
from aparte.web.limits import Attempts
from aparte.web.plain import Problem, Scope, bearer, cookie
from aparte.web.principal import Principal

COOKIES = ("__Host-aparte", "aparte")
IDLE_MS = 12 * 3_600_000
ABSOLUTE_MS = 7 * 24 * 3_600_000
TOUCH_MS = 5 * 60_000
"""How exactly the last sign of life of a session is kept."""
DEMO_STAFF = "camille"
CONTROL = "command line"
"""Who acts when a command does."""
AT_ONCE = 2
"""Passwords checked at a time: each costs 64 MiB and a tenth of a second."""
MOST_WAITING = 16
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 256


def token_hash(token: str) -> str:
    """What the store keeps of a session's token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def password_hash(password: str) -> str:
    """A password as it is kept: argon2id; Problem 400 when it is too easy to guess."""
    judge_password(password, "")
    return PasswordHasher().hash(password.encode())


class Doorkeeper:
    """Signs people in and out, and knows who is signed in."""

    def __init__(self, desk: Desk, hasher: PasswordHasher | None = None) -> None:
        self._desk = desk
        self._hasher = hasher or PasswordHasher()
        # Checked for e-mails that nobody has, so that they take as long as the others.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        self._attempts = Attempts(10, 15 * 60)
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._sessions: dict[str, SignIn] = {}
        self._until = 0.0
        self._ended: set[str] = set()
        self._setup_hash = ""
        self._setup_lock = asyncio.Lock()

    # Sessions

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
        return Principal(site or sites[0], CONTROL, "agent", "", "admin")

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
        return Principal(staff.site, staff.id, "agent", hash, staff.role) if staff else None

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

    async def begin(self, staff: Staff, before: str) -> str:
        """A new session; returns its token. The session that the browser had `before` ends."""
        token, now = secrets.token_urlsafe(32), self._desk.now()
        session = SignIn(token_hash=token_hash(token), staff=staff.id, created_at=now, seen_at=now)
        ended = [EndSignIn(token_hash(before))] if before else []
        self._ended |= {one.token_hash for one in ended}
        await self._desk.store.submit([*ended, SaveSignIn(session)])
        self._sessions[session.token_hash] = session
        if self._desk.demo:
            self._desk.on_human(staff.id)
        return token

    async def end(self, hash: str) -> None:
        """Sign out. The session is void from here on, whatever the disk says."""
        self._ended.add(hash)
        await self._desk.store.submit([EndSignIn(hash)])

    # Signing in

    async def password(self, email: str, password: str, address: str) -> Staff:
        """The member of staff; Problem 401 (the same for unknown e-mails) or 429."""
        staff = self._find(email)
        key = (email.strip().casefold(), address)
        wait = self._attempts.begin(key, time.monotonic())
        if wait:
            raise too_many(wait)
        known = staff is not None and staff.password_hash != ""
        right = await self._check(staff.password_hash if staff and known else self._nobody, password)
        if staff is None or not known or not right:
            raise wrong_credentials()
        self._attempts.forgive(key)
        return staff

    def demo_staff(self) -> Staff:
        """Whom the demo signs in with one click."""
        staff = self._desk.directory.staff(DEMO_STAFF) if self._desk.demo else None
        if staff is None:
            raise wrong_credentials()
        return staff

    def _find(self, email: str) -> Staff | None:
        wanted = email.strip().casefold()
        return next((one for one in self._desk.directory.all_staff() if one.email.casefold() == wanted), None)

    async def _check(self, hash: str, password: str) -> bool:
        if len(password) > LONGEST_PASSWORD:
            password = ""  # nobody has an empty one; the time is the same
        if self._waiting >= MOST_WAITING:
            raise Problem(429, "busy", "too many sign in at this moment", retry_after=3)
        self._waiting += 1
        try:
            async with self._at_once:
                return await asyncio.to_thread(self._verify, hash, password)
        finally:
            self._waiting -= 1

    def _verify(self, hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(hash, password.encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False

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
        hash = await asyncio.to_thread(self._hasher.hash, password.encode())
        staff = Staff(
            id=secrets.token_hex(8),
            site=self._desk.directory.sites()[0].id,
            email=email.strip(),
            name=name.strip(),
            role="admin",
            password_hash=hash,
        )
        results = await self._desk.store.submit([SaveStaff(staff)])
        if any(isinstance(one, Refused) for one in results):
            raise Problem(409, "taken", "somebody has this e-mail", where="email")
        self._desk.directory.forget()
        self._setup_hash = ""
        return staff


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
