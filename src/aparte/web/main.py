"""The outermost application: hot paths to the door for events, health, everything else to the application within."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from aparte.kit.addresses import Networks, client_address
from aparte.settings import Settings
from aparte.web.answers import SECURITY, App, Header, Receive, Refusal, Scope, Send, cors, header, respond
from aparte.web.health import PATHS, Health
from aparte.web.ingest import Ingest

SECURE = {"http": "https", "ws": "wss"}


class Main:
    """Routes; `inner` gets all that is neither an event nor health, sockets and its lifespan too.

    Every answer has the security headers; answers of `inner` below /v1 can be read by pages of any origin, without
    credentials (which key may be used where, the doors there check).
    """

    def __init__(self, ingest: Ingest, health: Health, inner: App, settings: Settings) -> None:
        self.ingest, self.health, self.inner = ingest, health, inner
        self.trusted = Networks(settings.trusted_proxies)
        self.hosts = frozenset(host.lower() for host in settings.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, as ASGI has it."""
        if scope["type"] == "lifespan":
            await self.inner(scope, receive, send)
        elif self.hosts and not self._is_ours(scope):
            await _misdirected(scope, receive, send)
        elif scope["type"] != "http":
            await self.inner(self._behind_proxy(scope), receive, send)
        elif self.ingest.handles(scope):
            await self.ingest(scope, receive, send)
        elif scope["path"] in PATHS:
            await self.health(scope, receive, send)
        else:
            await self.inner(self._behind_proxy(scope), receive, _completing(scope, send))

    def _behind_proxy(self, scope: Scope) -> Scope:
        """The scope with client and scheme as a trusted proxy tells them; from anybody else as they are."""
        peer, port = scope.get("client") or ("", 0)
        if peer not in self.trusted:
            return scope
        forwarded = (header(scope, b"x-forwarded-for") or b"").decode("latin-1")
        scheme = scope["scheme"]
        if header(scope, b"x-forwarded-proto") == b"https":
            scheme = SECURE.get(scheme, scheme)
        return {**scope, "client": (client_address(peer, forwarded, self.trusted), port), "scheme": scheme}

    def _is_ours(self, scope: Scope) -> bool:
        host = (header(scope, b"host") or b"").decode("latin-1").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        return name in self.hosts


async def _misdirected(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4003})
        return
    refusal = Refusal(421, "unknown_host", "this server is not called by this name", hint="use localhost or 127.0.0.1")
    await respond(send, refusal.answer(), [])


def _completing(scope: Scope, send: Send) -> Send:
    # Only what the application within did not say itself.
    extra: list[Header] = list(SECURITY)
    if scope["path"].startswith("/v1/"):
        extra += cors(header(scope, b"origin"))

    async def completed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            said = {name.lower() for name, _ in message.get("headers", ())}
            message["headers"] = [*message.get("headers", ()), *(one for one in extra if one[0] not in said)]
        await send(message)

    return completed
