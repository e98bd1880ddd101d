"""What the results page asks of the facts beside the comparisons: counts, attributed orders, names to filter by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from aparte.attribution.facts import Facts
from aparte.reports.model import Attributed, Care, Funnel, OrderCounts
from aparte.reports.results.model import AgentSales, AttributedOrder
from aparte.reports.scope import Scope, where

STEPS = ("eligible", "covered", "candidates", "shown", "accepted", "chatted", "bought")
WINDOW = "24h"
MOST_ORDERS = 200
"""Rows of the list of attributed orders."""
MOST_CHOICES = 200
OF_CONVERSATION = ("campaign", "channel", "skill", "agent", "team")
OF_RULE = ("channel", "skill")
Cell = tuple[str, str]
"""Campaign and rule; rule "" is the campaign, both "" the site."""

COUNTS = """WITH seen AS (
    SELECT *, CASE WHEN NOT covered THEN 1 WHEN NOT candidate THEN 2 WHEN shown_at IS NULL THEN 3
        WHEN accepted_at IS NULL THEN 4 WHEN NOT chatted THEN 5 WHEN {orders} = 0 THEN 6 ELSE 7 END AS depth
    FROM engagement WHERE {where} AND campaign <> ''
)
SELECT coalesce(campaign, ''), coalesce(rule, ''), {steps},
    count(DISTINCT person) FILTER (candidate AND arm <> 'treated'),
    count(DISTINCT person) FILTER (invited_at IS NOT NULL),
    avg(csat), count(csat), sum(cost), count(cost)
FROM seen GROUP BY GROUPING SETS ((), (campaign), (campaign, rule)) ORDER BY ALL"""
TOLD = """SELECT count(*) FILTER (confirmed), count(*) FILTER (NOT confirmed),
    count(*) FILTER (cancelled AND {counted}), count(*) FILTER (stands AND flag = 'no_rate' AND {counted})
FROM orders WHERE site = $site AND happened_at >= $since AND happened_at < $until AND flag IN ('', 'no_rate')"""
AFTER_CHAT = """FROM orders o JOIN conversation c ON o.site = c.site AND c.conversation = o.last_chat
WHERE o.site = $site AND o.happened_at >= $since AND o.happened_at < $until AND o.stands{told}
    AND o.last_chat_ms < 86400000{filters}"""
LISTED = """SELECT o.order_id, o.happened_at, coalesce(o.amount, 0), c.conversation, c.agent, o.confirmed {after}
ORDER BY o.happened_at DESC, o.order_id LIMIT {most}"""
SOLD = "SELECT c.agent, count(*), coalesce(sum(o.amount), 0)::BIGINT {after} GROUP BY ALL"
ANSWERED = """SELECT c.agent, count(*) FROM conversation c WHERE c.site = $site AND c.answered_at >= $since
    AND c.answered_at < $until{filters} GROUP BY ALL"""
CHOICES = {
    "campaign": "engagement", "rule": "engagement", "variant": "engagement", "channel": "engagement",
    "skill": "engagement", "agent": "conversation", "device": "engagement", "source": "engagement",
}  # fmt: skip


def counts(facts: Facts, scope: Scope, minor: float) -> dict[Cell, tuple[Funnel, Care]]:
    """Distinct persons of every campaign and rule, each step inside the one before."""
    condition, values = where(replace(scope, **dict.fromkeys(("agent", "team", *OF_RULE))), "engagement")
    for name in OF_RULE:  # those held out have none: the rule's invitations tell it
        if getattr(scope, name) is not None:
            condition += (
                f" AND (campaign, rule) IN (SELECT (campaign, rule) FROM engagement WHERE site = ? AND {name} = ?)"
            )
            values += [scope.site, getattr(scope, name)]
    steps = ", ".join(f"count(DISTINCT person) FILTER (depth >= {depth})" for depth in range(1, len(STEPS) + 1))
    orders = f"orders_{scope.horizon}" + ("" if scope.orders == "confirmed" else f" + claimed_{scope.horizon}")
    sql = COUNTS.format(where=condition, steps=steps, orders=orders)
    return {(row[0], row[1]): counted(row[2:], minor) for row in facts.ask(sql, values).rows}


def counted(row: tuple[Any, ...], minor: float) -> tuple[Funnel, Care]:
    """A row of COUNTS."""
    found = dict(zip(STEPS, row, strict=False))
    held_out, invited, csat, csat_n, cost, costed = row[len(STEPS) :]
    care = Care(invited, csat, csat_n, cost / costed / minor if costed else None)
    return Funnel(held_out=held_out, **found), care


def told(facts: Facts, scope: Scope, period: tuple[int, int]) -> OrderCounts:
    """Which orders there are, of the period and of the horizon after it."""
    values = {"site": scope.site, "since": period[0], "until": period[1] + scope.horizon_ms}
    counted = "confirmed" if scope.orders == "confirmed" else "true"
    confirmed, claimed, cancelled, foreign = facts.ask(TOLD.format(counted=counted), values).rows[0]
    return OrderCounts(
        confirmed_only=scope.orders == "confirmed", confirmed=confirmed, claimed=claimed, cancelled=cancelled,
        foreign=foreign,
    )  # fmt: skip


def after_chat(
    facts: Facts, scope: Scope, period: tuple[int, int], minor: float, names: Mapping[str, str]
) -> tuple[Attributed, tuple[AgentSales, ...], tuple[AttributedOrder, ...]]:
    """Orders of the period within a day of the last conversation: all, by agent, and one by one."""
    values: dict[str, Any] = {"site": scope.site, "since": period[0], "until": period[1]}
    filters = [one for one in OF_CONVERSATION if getattr(scope, one) is not None]
    values |= {one: getattr(scope, one) for one in filters}
    asked = "".join(f" AND c.{one} = ${one}" for one in filters)
    after = AFTER_CHAT.format(told="" if scope.orders == "all" else " AND o.confirmed", filters=asked)
    answered: dict[str, int] = dict(facts.ask(ANSWERED.format(filters=asked), values).rows)
    rows = facts.ask(SOLD.format(after=after), values).rows
    sold = {agent: (orders, revenue / minor) for agent, orders, revenue in rows}
    totals = Attributed(
        orders=sum(orders for orders, _ in sold.values()),
        revenue=sum(revenue for _, revenue in sold.values()),
        conversations=sum(answered.values()),
    )
    listed = facts.ask(LISTED.format(after=after, most=MOST_ORDERS), values).rows
    return totals, by_agent(answered, sold, names), tuple(one_order(row, minor) for row in listed)


def by_agent(
    answered: Mapping[str, int], sold: Mapping[str, tuple[int, float]], names: Mapping[str, str]
) -> tuple[AgentSales, ...]:
    """In alphabetical order, because nothing here ranks anybody."""
    found = []
    for one in {*answered, *sold} - {"", None}:
        orders, revenue = sold.get(one, (0, 0.0))
        name, talks = names.get(one, one), answered.get(one, 0)
        found.append(AgentSales(agent=one, name=name, conversations=talks, orders=orders, revenue=revenue))
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.agent)))


def one_order(row: tuple[Any, ...], minor: float) -> AttributedOrder:
    """A row of LISTED."""
    order, at, amount, conversation, agent, confirmed = row
    return AttributedOrder(
        order_id=order, happened_at=at, amount=amount / minor, conversation=conversation, agent=agent or "",
        confirmed=confirmed,
    )  # fmt: skip


def choices(facts: Facts, scope: Scope) -> dict[str, tuple[str, ...]]:
    """What each filter can be, of the period; by name."""
    asked = (
        f"SELECT DISTINCT '{name}', {name} FROM {table} WHERE site = $site AND day BETWEEN $since AND $until"
        for name, table in CHOICES.items()
    )
    values = {"site": scope.site, "since": scope.since, "until": scope.until}
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in facts.ask(" UNION ALL ".join(asked) + " ORDER BY ALL", values).rows:
        if value and len(found[name]) < MOST_CHOICES:
            found[name].append(value)
    return {name: tuple(values) for name, values in found.items()}
