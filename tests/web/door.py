"""A door without a network: an engine in memory that really reads messages, sites with keys, and how to knock."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Coroutine, Iterable
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from aparte.engine.ports import Arriving, Counts, Pulse, PulseAnswer
from aparte.kit.errors import Unavailable
from aparte.settings import Settings
from aparte.sites.model import Site
from aparte.sites.tokens import token_keys
from aparte.tracking.model import Event
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Quarantined
from aparte.tracking.store import CountMessages
from aparte.web.ingest import Ingest
from aparte.web.keys import Keys

T = TypeVar("T")
NOW = 1_795_300_200_000
SECRET = "demo-secret"
TOKENS = token_keys(b"0" * 32)
PUBLIC = {"authorization": "Basic " + base64.b64encode(b"demo:").decode()}
TRUSTED = {"authorization": "Basic " + base64.b64encode(SECRET.encode() + b":").decode()}


def site(**members: Any) -> Site:
    """The site of most tests."""
    found = {"id": "shop", "name": "Shop", "public_key": "demo", "secret_key_hash": sha256(SECRET.encode()).hexdigest()}
    return Site(**(found | members))


class MemoryEngine:
    """Takes messages as the real one does, into memory."""

    def __init__(self) -> None:
        self.normaliser, self.seen = Normaliser(), set[tuple[str, str]]()
        self.arrived: list[Arriving] = []
        self.pulses: list[Pulse] = []
        self.events: list[Event] = []
        self.answer = PulseAnswer(counts=Counts())
        self.failing = ""
        self.label: str | dict[str, str] = ""
        self.kept: dict[str, Counter[str]] = {}
        self.reasons: dict[str, Counter[str]] = {}

    def button_label(self, site: str) -> str | dict[str, str]:
        """What the campaign file writes on the button."""
        return self.label

    async def take(self, arriving: Arriving) -> Counts:
        """Read all lines."""
        if self.failing:
            raise Unavailable(self.failing)
        self.arrived.append(arriving)
        found: Counter[str] = Counter(self._fate(arriving, line) for line in arriving.lines)
        found["received"] = len(arriving.lines)
        self.kept.setdefault(arriving.site, Counter()).update(found)
        return Counts(**found)

    def _fate(self, arriving: Arriving, line: bytes) -> str:
        if arriving.consent != "full":
            return self._quarantine(arriving.site, "no_consent")
        event = self.normaliser.read(line, arriving.received_at, arriving.sent_at)
        if isinstance(event, Quarantined):
            if not (event.reason == "missing_identity" and arriving.visitor):
                return self._quarantine(arriving.site, event.reason)
            return "accepted"
        if (arriving.site, event.message_id) in self.seen:
            return "duplicate"
        self.seen.add((arriving.site, event.message_id))
        self.events.append(event)
        return "accepted"

    def _quarantine(self, site: str, reason: str) -> str:
        self.reasons.setdefault(site, Counter())[reason] += 1
        return "quarantined"

    async def pulse(self, pulse: Pulse) -> PulseAnswer:
        """Read the messages and give the answer that the test has set."""
        counts = await self.take(pulse.messages)
        self.pulses.append(pulse)
        return msgspec.structs.replace(self.answer, counts=counts)

    def ready(self) -> str | None:
        """Why not, if so."""
        return self.failing or None

    def counts(self, site: str) -> CountMessages:
        """The durable counters."""
        kept = self.kept.get(site, Counter())
        reasons = {str(reason): count for reason, count in self.reasons.get(site, Counter()).items()}
        return CountMessages(site, kept["received"], kept["accepted"], kept["duplicate"], reasons, {})


class Door:
    """An `Ingest` with a clock in the hand of the test. The peer 127.0.0.1 is a trusted proxy."""

    def __init__(self, *sites: Site, settings: Settings | None = None) -> None:
        self.now, self.ids = NOW, 0
        self.engine = MemoryEngine()
        self.sites = list(sites or [site()])
        self.settings = settings or Settings(trusted_proxies=("127.0.0.1",))
        self.keys = Keys(lambda: self.sites, lambda: self.now)
        self.ingest = Ingest(
            self.engine,
            self.keys,
            self.settings,
            clock=lambda: self.now,
            ticks=lambda: self.now / 1000,
            counts=self.engine.counts,
            tokens=TOKENS,
            new_id=self.new_id,
        )

    def new_id(self) -> str:
        """The next visitor's id."""
        self.ids += 1
        return f"{self.ids:032x}"

    def knock(
        self,
        method: str,
        path: str,
        body: bytes | str | dict[str, Any] | list[Any] = b"",
        headers: dict[str, str] | None = None,
        *,
        peer: str = "127.0.0.1",
        pieces: int = 1,
    ) -> Answered:
        """One request."""
        return at_once(knock(self.ingest, method, path, body, headers, peer=peer, pieces=pieces))

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None, **more: Any) -> Answered:
        """Messages with the public key, unless headers say another."""
        return self.knock("POST", path, body, PUBLIC if headers is None else headers, **more)

    def counters(self) -> dict[str, Any]:
        """What the shop's server is shown; fails when they are not conserved."""
        found = self.knock("GET", "/api/v1/ingest", headers=TRUSTED).json
        settled = sum(found[fate] for fate in ("accepted", "duplicate", "quarantined", "refused"))
        assert found["received"] == settled, found
        return found


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    raise AssertionError("it waits for something")


class Answered:
    """What came back."""

    def __init__(self, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
        self.status, self.body = status, body
        self.headers = {name.decode(): value.decode() for name, value in headers}

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)

    @property
    def counts(self) -> dict[str, int]:
        """The header `Aparte-Counts`."""
        return {name: int(n) for name, n in (part.split("=") for part in self.headers["aparte-counts"].split())}


async def knock(
    app: Any,
    method: str,
    path: str,
    body: Any = b"",
    headers: dict[str, str] | None = None,
    *,
    peer: str = "127.0.0.1",
    pieces: int = 1,
) -> Answered:
    """One request to any ASGI application, its body in so many pieces."""
    data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    size = max(1, -(-len(data) // pieces))
    parts = [data[at : at + size] for at in range(0, len(data), size)] or [b""]
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages[-1]["more_body"] = False
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    route, _, query = path.partition("?")
    named = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    scope = {
        "type": "http", "method": method, "path": route, "query_string": query.encode(), "headers": named,
        "client": (peer, 4711), "scheme": "http",
    }  # fmt: skip
    await app(scope, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    return Answered(sent[0]["status"], sent[0]["headers"], sent[1]["body"])


def track(event: str = "Product Viewed", **members: Any) -> dict[str, Any]:
    """A message that is accepted."""
    found = {"type": "track", "event": event, "anonymousId": "a1", "timestamp": "2026-11-21T22:28:27.185Z"}
    return found | members
