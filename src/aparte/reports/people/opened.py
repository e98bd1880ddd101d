"""The conversations of a scope, each with what was known before its first word and what came of it. Pure."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from aparte.attribution.facts import Facts
from aparte.reports.scope import Scope, where

MOST = 20_000
"""Conversations that are read, the youngest ones; pages say when there were more."""
WEEK = 7 * 24 * 3_600_000
SATISFIED = 4
"""Answers of 1 to 5, from which a visitor is satisfied."""


class Opened(Struct, frozen=True, kw_only=True):
    """One conversation; milliseconds. What is not known is None or empty."""

    conversation: str
    agent: str
    proactive: bool
    campaign: str
    skill: str
    channel: str
    language: str
    opened_at: int
    assigned_at: int | None
    answered_at: int | None
    closed_at: int | None
    first_response_ms: int | None
    reply_median_ms: float | None
    reply_p90_ms: float | None
    duration_ms: int | None
    handle_ms: int | None
    csat: int | None
    solved: bool | None
    wrap_code: str
    wrap_reason: str
    tags: str
    again: bool | None
    """The person was in touch again within 7 days after its end; None while they are not over."""
    ordered: int
    """Orders within the horizon whose last conversation this was."""
    amount: int
    """Their sum, in minor units."""
    page: str
    """The path of the page that was seen last before it."""
    step: str
    """How far on the way to an order the visitor was: `browsing`, `product`, `cart`, `checkout`."""
    pages: int
    """Seen before it in this session."""
    visits: int
    device: str
    source: str

    def settled(self, horizon_ms: int, now: int) -> bool:
        """Whether the time to buy after it is over, and an agent had answered."""
        ended = self.closed_at
        return self.answered_at is not None and ended is not None and ended + horizon_ms <= now


SQL = """
WITH talk AS (
    SELECT * FROM conversation c WHERE {of_talks} AND coalesce(c.agent, '') <> '' AND c.opened_at <= $now
    ORDER BY c.opened_at DESC, c.conversation LIMIT $most
), contact AS (
    SELECT person, opened_at AS at FROM conversation WHERE site = $site AND day >= $since
    UNION ALL SELECT person, created_at FROM request WHERE site = $site AND day >= $since
), repeated AS (
    SELECT DISTINCT t.conversation FROM talk t JOIN contact o
    ON o.person = t.person AND o.at > t.closed_at AND o.at <= t.closed_at + $week
), sold AS (
    SELECT last_chat, count(*) AS n, coalesce(sum(amount), 0)::BIGINT AS amount FROM orders
    WHERE site = $site AND stands AND last_chat_ms < $horizon AND (confirmed OR NOT $confirmed) GROUP BY last_chat
), at_session AS (
    SELECT t.conversation, t.visitor, t.opened_at, s.started_at, s.device, s.channel AS source, s.number
    FROM talk t ASOF JOIN (SELECT * FROM session WHERE site = $site) s
    ON t.visitor = s.visitor AND t.opened_at >= s.started_at
), before AS (
    SELECT s.conversation, count(*) FILTER (e.name = 'page') AS pages,
        arg_max(e.path, e.happened_at) FILTER (e.name = 'page') AS page,
        CASE WHEN bool_or(e.name IN ('Checkout Started', 'Checkout Step Viewed')) THEN 'checkout'
            WHEN bool_or(e.name IN ('Product Added', 'Cart Viewed')) THEN 'cart'
            WHEN bool_or(e.name = 'Product Viewed') THEN 'product' ELSE 'browsing' END AS step
    FROM at_session s JOIN event e
    ON e.site = $site AND e.visitor = s.visitor AND e.session_at = s.started_at AND e.happened_at <= s.opened_at
    GROUP BY s.conversation
)
SELECT t.conversation, t.agent, coalesce(t.engagement, '') <> '' AS proactive, coalesce(t.campaign, '') AS campaign,
    coalesce(t.skill, '') AS skill, coalesce(t.channel, '') AS channel, coalesce(t.language, '') AS language,
    t.opened_at, t.assigned_at, t.answered_at, t.closed_at, t.first_response_ms, t.reply_median_ms, t.reply_p90_ms,
    t.duration_ms, t.handle_ms, t.csat, t.solved, coalesce(t.wrap_code, '') AS wrap_code,
    coalesce(t.wrap_reason, '') AS wrap_reason, coalesce(t.tags::VARCHAR, '') AS tags,
    CASE WHEN t.closed_at + $week <= $now THEN r.conversation IS NOT NULL END AS again,
    coalesce(o.n, 0) AS ordered, coalesce(o.amount, 0) AS amount, coalesce(b.page, '') AS page,
    coalesce(b.step, '') AS step, coalesce(b.pages, 0) AS pages, coalesce(s.number, 0) AS visits,
    coalesce(s.device, '') AS device, coalesce(s.source, '') AS source
FROM talk t LEFT JOIN repeated r USING (conversation) LEFT JOIN sold o ON o.last_chat = t.conversation
LEFT JOIN at_session s USING (conversation) LEFT JOIN before b USING (conversation)
ORDER BY t.opened_at DESC, t.conversation
"""
COUNT = "SELECT count(*) FROM conversation c WHERE {of_talks} AND coalesce(c.agent, '') <> ''"
VIEWS = (
    """SELECT path, count(*) FROM event e WHERE {of_events} AND e.name = 'page' AND path IS NOT NULL GROUP BY path"""
)


def opened(facts: Facts, scope: Scope, most: int = MOST) -> list[Opened]:
    """The conversations of a settled scope that an agent had, the youngest first; at most `most`."""
    of_talks, values = named(where(scope, "conversation", "c"))
    values |= {
        "site": scope.site, "since": scope.since, "now": scope.now, "week": WEEK, "most": most,
        "horizon": scope.horizon_ms, "confirmed": scope.orders == "confirmed",
    }  # fmt: skip
    rows = facts.ask(SQL.format(of_talks=of_talks), values).dicts()
    return [msgspec.convert(row, Opened) for row in rows]


def how_many(facts: Facts, scope: Scope) -> int:
    """The conversations of a scope that an agent had, read or not."""
    of_talks, values = where(scope, "conversation", "c")
    return int(facts.ask(COUNT.format(of_talks=of_talks), values).rows[0][0])


def views(facts: Facts, scope: Scope) -> dict[str, int]:
    """Path -> how often people saw the page; of conversations' filters none is known of views."""
    of_events, values = where(scope, "event", "e")
    return {str(path): int(n) for path, n in facts.ask(VIEWS.format(of_events=of_events), values).rows}


def named(condition: tuple[str, list[Any]]) -> tuple[str, dict[str, Any]]:
    """A condition with `?` in the order of its values as one with names."""
    sql, values = condition
    parts = sql.split("?")
    told = "".join(f"{part}$w{n}" for n, part in enumerate(parts[:-1])) + parts[-1]
    return told, {f"w{n}": value for n, value in enumerate(values)}
