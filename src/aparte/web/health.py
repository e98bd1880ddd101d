"""/healthz, /readyz, /metrics."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aparte.engine.gauges import Gauges
from aparte.kit.addresses import is_loopback
from aparte.settings import Settings
from aparte.web.answers import NO_STORE, Answer, Receive, Refusal, Scope, Send, header, respond
from aparte.web.connections import Connections
from aparte.web.ingest import Ingest

PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
TEXT = (b"content-type", b"text/plain; version=0.0.4; charset=utf-8")
FATES = ("accepted", "duplicate", "quarantined", "refused")


class Health(Collector):
    """How the server is. `gauges` tells of the engine, `queue` how many lists wait for the writer."""

    def __init__(
        self,
        ready: Callable[[], str | None],
        ingest: Ingest,
        connections: Connections,
        settings: Settings,
        *,
        gauges: Callable[[], Gauges] | None = None,
        queue: Callable[[], int] | None = None,
    ) -> None:
        self._ready, self._ingest, self._connections = ready, ingest, connections
        self._token = settings.metrics_token
        self._gauges, self._queue = gauges, queue
        self._registry = CollectorRegistry()
        self._registry.register(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one of `PATHS`."""
        try:
            answer = self._answer(scope)
        except Refusal as refusal:
            answer = refusal.answer()
        await respond(send, answer, [])

    def _answer(self, scope: Scope) -> Answer:
        if scope["method"] not in {"GET", "HEAD"}:
            raise Refusal(405, "wrong_method", "this address takes GET, HEAD", headers=[(b"allow", b"GET, HEAD")])
        if scope["path"] == "/healthz":
            return 200, b'{"status":"ok"}', [NO_STORE]
        if scope["path"] == "/readyz":
            return self._readiness()
        if not self._may_see(scope):
            raise Refusal(403, "forbidden", "metrics are for loopback, or for who has the metrics token")
        return 200, generate_latest(self._registry), [TEXT, NO_STORE]

    def _readiness(self) -> Answer:
        reason = "the server is about to stop" if self._connections.draining else self._ready()
        if reason:
            raise Refusal(503, "not_ready", reason, retry_after=5)
        return 200, b'{"status":"ready"}', [NO_STORE]

    def _may_see(self, scope: Scope) -> bool:
        sent = header(scope, b"authorization") or b""
        if self._token and hmac.compare_digest(sent, b"Bearer " + self._token.encode()):
            return True
        # Behind a proxy on this machine every peer is loopback: what was forwarded is not.
        client = scope.get("client")
        forwarded = header(scope, b"x-forwarded-for") or header(scope, b"forwarded")
        return forwarded is None and client is not None and is_loopback(client[0])

    def collect(self) -> Iterator[Metric]:
        """The figures, for the Prometheus client."""
        yield from self._of_messages()
        yield from self._of_connections()
        if self._gauges is not None:
            yield from _of_engine(self._gauges())
        if self._queue is not None:
            yield GaugeMetricFamily("aparte_writer_queue", "Lists of commands that wait for the writer", self._queue())

    def _of_messages(self) -> Iterator[Metric]:
        tally = self._ingest.tally
        events = CounterMetricFamily("aparte_messages", "Messages since the start, by fate", labels=["fate"])
        for fate in FATES:
            events.add_metric([fate], tally.fates[fate])
        yield events
        requests = CounterMetricFamily("aparte_requests_refused", "Requests refused, by status", labels=["status"])
        for status, count in sorted((tally.requests + self._connections.refused).items()):
            requests.add_metric([str(status)], count)
        yield requests
        yield GaugeMetricFamily("aparte_requests_in_flight", "Requests waiting for a commit", self._ingest.in_flight)
        yield GaugeMetricFamily("aparte_body_bytes", "Bytes of bodies held", self._ingest.held.bytes)

    def _of_connections(self) -> Iterator[Metric]:
        all_ = self._connections
        yield GaugeMetricFamily("aparte_http_connections", "Open HTTP connections", len(all_.http))
        yield GaugeMetricFamily("aparte_sockets", "Open WebSockets", all_.sockets.total())


def _of_engine(gauges: Gauges) -> Iterator[Metric]:
    yield GaugeMetricFamily("aparte_visitors", "Visitors in memory", gauges.visitors)
    yield GaugeMetricFamily("aparte_conversations", "Open conversations", gauges.conversations)
    yield GaugeMetricFamily("aparte_queued", "Conversations that wait for an agent", gauges.queued)
    yield GaugeMetricFamily("aparte_agents", "Available agents", gauges.agents)
    yield CounterMetricFamily("aparte_accepted", "Accepted invitations that needed a slot", gauges.accepted)
    yield CounterMetricFamily("aparte_overruns", "Accepted invitations that found no free slot", gauges.overruns)
    yield GaugeMetricFamily("aparte_epsilon", "Chance of an overrun up to which one more is invited", gauges.epsilon)
    yield GaugeMetricFamily("aparte_outbox_pending", "Mails and webhooks not yet delivered", gauges.outbox_pending)
    yield GaugeMetricFamily("aparte_outbox_dead", "Mails and webhooks that were given up", gauges.outbox_dead)
    events = CounterMetricFamily("aparte_engine_events", "What the engine did, by name", labels=["name"])
    for name, count in sorted(gauges.events.items()):
        events.add_metric([name], count)
    yield events
