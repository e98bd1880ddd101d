"""The hot edge: events and pulses, decoded, handed to the engine, answered after the commit. Raw ASGI, no framework."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec

from aparte.engine.ports import Arriving, Counts, Pulse, PulseAnswer
from aparte.kit.addresses import Networks, client_address, source
from aparte.kit.errors import Unavailable
from aparte.settings import Settings
from aparte.sites.model import Site
from aparte.sites.service import API_TOKEN
from aparte.sites.tokens import TokenKeys, make, verify
from aparte.targeting.model import Text
from aparte.tracking.batch import Batch, read_batch
from aparte.tracking.quarantine import Quarantined
from aparte.tracking.store import CountMessages
from aparte.web import clients
from aparte.web.admission import Admission
from aparte.web.answers import (
    NO_STORE,
    PREFLIGHT,
    Answer,
    Disconnected,
    Header,
    Receive,
    Refusal,
    Scope,
    Send,
    respond_at_once,
)
from aparte.web.bodies import Held, read_body, unpacked
from aparte.web.keys import Keys, allowed_origin, key_of_body, key_of_headers
from aparte.web.lines import anonymous_of, completed, head_of, instant_of, visitor_of
from aparte.web.pulse import PulseBody, language_of, read_pulse, write_answer
from aparte.web.requests import Request, read_request
from aparte.web.tally import Tally

KINDS = ("track", "page", "screen", "identify", "group", "alias")
EVENT_ROUTES: dict[str, str | None] = {
    "/v1/batch": None,
    "/v1/b": None,
    **{f"/v1/{kind}": kind for kind in KINDS},
    **{f"/v1/{kind[0]}": kind for kind in KINDS},
}
SUCCESS = b'{"success":true}'
COUNTERS = "/api/v1/ingest"
SETTINGS = ("/v1/projects/", "/settings")
OWN_GETS = frozenset({"/v1/config", "/sourceConfig", "/sourceConfig/", COUNTERS})
RETRY = 5
LIBRARIES = ("analytics-", "analytics.")
"""How the user agents of server libraries begin; they tell nothing about a visitor."""


class Engine(Protocol):
    """What the door needs of the engine; both answer after the commit, Unavailable when nothing can be written."""

    async def take(self, arriving: Arriving) -> Counts: ...

    async def pulse(self, pulse: Pulse) -> PulseAnswer: ...

    def ready(self) -> str | None: ...

    def button_label(self, site: str) -> Text: ...


def is_program(authorization: bytes) -> bool:
    """Whether a token of the console's API came, which is no key of a shop."""
    return authorization.lower().startswith(f"bearer {API_TOKEN}".encode())


class Ingest:
    """The door for events.

    `clock` gives ms since 1970, `ticks` seconds that never go back, `counts` a site's durable counters, `new_id` 32
    random hexadecimal digits.
    """

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        settings: Settings,
        *,
        clock: Callable[[], int],
        ticks: Callable[[], float],
        counts: Callable[[str], CountMessages],
        tokens: TokenKeys,
        new_id: Callable[[], str],
        help: Callable[[str], str] = lambda site: "form",
    ) -> None:
        """`help`: what a visitor of a site can have now."""
        self.engine, self.keys, self.limits, self.help = engine, keys, settings.limits, help
        self.clock, self.counts, self.tokens, self.new_id = clock, counts, tokens, new_id
        self.trusted = Networks(settings.trusted_proxies)
        self.country_header = settings.country_header.lower().encode("latin-1")
        self.admission = Admission(settings.limits, ticks)
        self.tally = Tally()
        self.held = Held(settings.limits.buffered_bytes)
        self.in_flight = 0

    def handles(self, scope: Scope) -> bool:
        """Whether this request is for this door. The counters are only with a key; the console asks with its cookie."""
        path: str = scope["path"]
        if path == COUNTERS:
            return any(name == b"authorization" and not is_program(value) for name, value in scope["headers"])
        if scope["method"] == "OPTIONS":
            return path.startswith(("/v1/", "/sourceConfig"))
        return path in EVENT_ROUTES or path == "/v1/pulse" or path in OWN_GETS or _settings_key(path) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of those that `handles` names."""
        request = read_request(scope, self.country_header)
        try:
            answer = await self._answer(request, receive)
        except Refusal as refusal:
            self.tally.requests[refusal.status] += 1
            answer = refusal.answer()
        except Disconnected:
            return
        await respond_at_once(scope, send, answer, request.origin)

    async def _answer(self, request: Request, receive: Receive) -> Answer:
        method, path = request.method, request.path
        if method == "OPTIONS":
            return PREFLIGHT
        if path in EVENT_ROUTES:
            _only(method, "POST")
            return await self._with_body(request, receive, self.limits.batch_bytes, self._events)
        if path == "/v1/pulse":
            _only(method, "POST")
            return await self._with_body(request, receive, self.limits.pulse_bytes, self._pulse)
        _only(method, "GET", "HEAD")
        return self._own_get(request)

    async def _with_body(
        self, request: Request, receive: Receive, most: int, handle: Callable[[Request, bytes], Awaitable[Answer]]
    ) -> Answer:
        if request.length > most:
            raise Refusal(413, "too_large", f"the body is larger than {most} bytes", hint="send smaller batches")
        if self.in_flight >= self.limits.in_flight:
            raise Refusal(503, "overloaded", "too many requests wait for their commit", retry_after=RETRY)
        packed = await read_body(receive, most, self.held)
        try:
            return await handle(request, packed)
        finally:
            self.held.free(len(packed))

    # Events

    async def _events(self, request: Request, packed: bytes) -> Answer:
        found = self._known(key_of_headers(request.authorization, request.query))
        body, members = unpacked(packed, request.encoding, self.limits.batch_bytes)
        site, trusted = found or self._required(key_of_body(body, members))
        if not trusted:
            allowed_origin(site, request.origin)
        batch = read_batch(body)
        if isinstance(batch, Quarantined):
            raise Refusal(400, "unreadable", f"{batch.reason}: {batch.detail}")
        self._not_too_many(len(batch.lines))
        lines, visitor = self._lines(request, batch)
        arriving = Arriving(
            site=site.id,
            lines=lines,
            received_at=self.clock(),
            sent_at=batch.sent_at if batch.sent_at is not None else instant_of(request.sent_at),
            kind=EVENT_ROUTES[request.path],
            trusted=trusted,
            user_agent=None if trusted else _browser(request.user_agent),
            country=self._country(request),
            consent="full" if trusted or site.mode == "full" else "none",
        )
        self._admit(site, "" if trusted else self._source(request), visitor, len(lines))
        return 200, SUCCESS, [_counts_header(await self._take(arriving)), NO_STORE]

    def _lines(self, request: Request, batch: Batch) -> tuple[list[bytes], str | None]:
        """The lines, completed by what route and headers say, and the visitor of a single one."""
        lines, kind, anonymous = batch.lines, EVENT_ROUTES[request.path], anonymous_of(request.anonymous_id)
        if kind is None and anonymous is None and len(lines) != 1:
            return lines, None
        heads = [batch.head] if batch.head is not None else [head_of(line) for line in lines]
        visitor = visitor_of(heads[0]) if len(lines) == 1 and heads[0] else None
        whole = [
            completed(line, head, kind, anonymous) if head else line for line, head in zip(lines, heads, strict=True)
        ]
        return whole, visitor

    async def _take(self, arriving: Arriving) -> Counts:
        if not arriving.lines:
            return Counts()
        counts: Counts = await self._safely(arriving, self.engine.take(arriving))
        self.tally.took(counts)
        return counts

    async def _safely(self, arriving: Arriving, work: Awaitable[Any]) -> Any:
        self.in_flight += 1
        try:
            return await work
        except Unavailable as error:
            self.tally.refuse(arriving.site, "unavailable", len(arriving.lines))
            raise Refusal(503, "unavailable", error.what, hint=error.hint, retry_after=RETRY) from None
        finally:
            self.in_flight -= 1

    # Pulses

    async def _pulse(self, request: Request, packed: bytes) -> Answer:
        body, _ = unpacked(packed, request.encoding, self.limits.pulse_bytes)
        pulse = read_pulse(body)
        site, _ = self._required(pulse.key if isinstance(pulse.key, str) else None)
        allowed_origin(site, request.origin)
        self._not_too_many(len(pulse.lines))
        visitor = verify(self.tokens, pulse.token, self.clock())
        self._admit(site, self._source(request), visitor, len(pulse.lines), at_least=1)
        withdrawn = pulse.consent == "denied"
        if visitor is not None:
            return await self._answered(request, pulse, site, visitor, None, withdrawn)
        if withdrawn:
            await self._take(self._arriving(request, pulse, site, None))
            return 200, b"{}", [NO_STORE]
        return await self._first_pulse(request, pulse, site)

    async def _first_pulse(self, request: Request, pulse: PulseBody, site: Site) -> Answer:
        wait = self.admission.newcomer(self._source(request))
        if not wait:
            visitor = self.new_id()
            token = make(self.tokens, visitor, self.clock())
            return await self._answered(request, pulse, site, visitor, token, False)
        if pulse.lines:
            # The tag keeps what it could not deliver and comes again: slower, but nothing is lost.
            self._refuse(site, "new_visitors", len(pulse.lines), wait)
        later = PulseAnswer(counts=Counts(), wake_in_ms=int(wait * 1000) + 1)
        return 200, write_answer(later, site, language_of(site, pulse.language), 0, "", None), [NO_STORE]

    async def _answered(
        self, request: Request, pulse: PulseBody, site: Site, visitor: str, token: str | None, withdrawn: bool
    ) -> Answer:
        language = language_of(site, pulse.language)
        arriving = self._arriving(request, pulse, site, visitor)
        asked = Pulse(
            messages=arriving,
            visitor=visitor,
            visible=pulse.visible is not False,
            language=language,
            withdrawn=withdrawn,
        )
        answer: PulseAnswer = await self._safely(arriving, self.engine.pulse(asked))
        self.tally.took(answer.counts)
        if withdrawn:
            return 200, b"{}", [NO_STORE]
        return 200, write_answer(answer, site, language, self.clock(), visitor, token), [NO_STORE]

    def _arriving(self, request: Request, pulse: PulseBody, site: Site, visitor: str | None) -> Arriving:
        return Arriving(
            site=site.id,
            lines=pulse.lines,
            received_at=self.clock(),
            sent_at=pulse.sent_ms,
            user_agent=request.user_agent,
            country=self._country(request),
            visitor=visitor,
            consent="full" if pulse.consent == "full" and site.mode == "full" else "none",
        )

    # What tags and servers ask for

    def _own_get(self, request: Request) -> Answer:
        path = request.path
        key = _settings_key(path) or key_of_headers(request.authorization, request.query)
        site, trusted = self._required(key)
        if path == COUNTERS:
            if not trusted:
                raise Refusal(401, "secret_key", "the counters are shown for the secret key")
            return 200, msgspec.json.encode(self.counters(site.id)), [NO_STORE]
        if trusted:
            raise Refusal(401, "public_key", "a page is given the public key, never the secret one")
        if path == "/v1/config":
            about = clients.config(site, self.engine.button_label(site.id), self.help(site.id))
            return 200, about, [(b"cache-control", b"public, max-age=60")]
        if path.startswith("/sourceConfig"):
            return 200, clients.rudder_settings(site, key or ""), [NO_STORE]
        return 200, clients.segment_settings(key or "", request.own_host, self._scheme(request)), [NO_STORE]

    def counters(self, site: str) -> dict[str, Any]:
        """A site's counters: received = accepted + duplicate + quarantined + refused, and the reasons."""
        return self.tally.counters(site, self.counts)

    def _scheme(self, request: Request) -> str:
        forwarded = request.forwarded_scheme if request.peer in self.trusted else ""
        return forwarded if forwarded in {"http", "https"} else request.scheme

    # Who asks, and how much he may

    def _known(self, key: str | None) -> tuple[Site, bool] | None:
        return None if key is None else self._required(key)

    def _required(self, key: str | None) -> tuple[Site, bool]:
        found = self.keys.find(key) if key else None
        if found is None:
            what = "no key came with this request" if not key else "no site has this key"
            raise Refusal(401, "unknown_key", what, hint="the console's install page shows the keys")
        return found

    def _not_too_many(self, count: int) -> None:
        most = self.limits.batch_messages
        if count > most:
            raise Refusal(413, "too_many", f"{count} messages, {most} are taken at a time", hint="send smaller batches")

    def _source(self, request: Request) -> str:
        """Whose allowance it is; "" for a request of the proxy's own machine, which is not limited by address."""
        if request.peer not in self.trusted:
            return source(request.peer)
        found = client_address(request.peer, request.forwarded, self.trusted)
        return "" if found in self.trusted else source(found)

    def _country(self, request: Request) -> str | None:
        found = request.country
        return found.upper() if len(found) == 2 and found.isalpha() and request.peer in self.trusted else None

    def _admit(self, site: Site, address: str, visitor: str | None, count: int, *, at_least: int = 0) -> None:
        wait, whose = self.admission.wait(site.id, address, visitor, max(count, at_least))
        if wait:
            self._refuse(site, f"{whose}_rate", count, wait)

    def _refuse(self, site: Site, reason: str, count: int, wait: float) -> None:
        self.tally.refuse(site.id, reason, count)
        raise Refusal(429, "too_fast", f"too much at a time ({reason})", hint="wait, then send again", retry_after=wait)


def _only(method: str, *allowed: str) -> None:
    if method not in allowed:
        names = ", ".join(allowed)
        headers = [(b"allow", names.encode())]
        raise Refusal(405, "wrong_method", f"this address takes {names}", headers=headers)


def _settings_key(path: str) -> str | None:
    """The key in `/v1/projects/KEY/settings`."""
    before, after = SETTINGS
    if not path.startswith(before) or not path.endswith(after):
        return None
    key = path[len(before) : -len(after)]
    return key if key and "/" not in key else None


def _browser(user_agent: str | None) -> str | None:
    return None if user_agent and user_agent.lower().startswith(LIBRARIES) else user_agent


def _counts_header(counts: Counts) -> Header:
    text = (
        f"received={counts.received} accepted={counts.accepted} duplicate={counts.duplicate} "
        f"quarantined={counts.quarantined} refused={counts.refused}"
    )
    return b"aparte-counts", text.encode()
