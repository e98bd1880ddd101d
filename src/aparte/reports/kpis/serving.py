"""How customers are served: waits, replies, resolution, conversations at a time, and work by the agent-hour."""

from __future__ import annotations

from typing import Any

from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.buying import basket
from aparte.reports.kpis.model import Figure, Find, Part
from aparte.reports.kpis.shapes import part, per_hour, quantile, quotient, row, share, unknown

HOUR_MS = 3_600_000


def talks(asked: Asked) -> dict[str, Any]:
    """Conversations of the days: opened, answered, over, and what their agents' time cost."""
    where, values = asked.where("conversation")
    return asked.one(
        f"""SELECT count(*) AS opened, count(answered_at) AS answered, sum(handle_ms) AS handle,
            count(*) FILTER (answered_at IS NOT NULL AND closed_at IS NOT NULL) AS closed, sum(cost) AS cost,
            count(*) FILTER (answered_at IS NOT NULL AND campaign = '' AND engagement = '') AS reactive
        FROM conversation WHERE {where}""",
        values,
    )


def time_of(column: str, q: float, of: str) -> Find:
    """A quantile of a duration of the conversations of these days."""

    def find(asked: Asked) -> Figure:
        where, values = asked.where("conversation")
        return quantile(asked, q, column, f"conversation WHERE {where}", values, of)

    return find


def answered(asked: Asked) -> Figure:
    """Of the conversations opened, how many an agent answered."""
    found = talks(asked)
    return share(part("contacts", found["answered"]), part("conversations", found["opened"]))


def reactive(asked: Asked) -> Figure:
    """Of the answered conversations, how many the visitor began himself."""
    found = talks(asked)
    return share(part("contacts_reactive", found["reactive"]), part("contacts", found["answered"]))


def loads(asked: Asked) -> list[dict[str, Any]]:
    """Each agent: milliseconds with a conversation or more, and conversations times milliseconds."""
    where, values = asked.where("conversation")
    return asked.rows(
        f"""WITH t AS (
            SELECT agent, assigned_at AS a, least(coalesce(closed_at, last_at), ?) AS b
            FROM conversation WHERE {where} AND assigned_at IS NOT NULL AND agent <> ''
        ), edge AS (
            SELECT agent, a AS moment, 1 AS d FROM t WHERE b > a UNION ALL SELECT agent, b, -1 FROM t WHERE b > a
        ), held AS (
            SELECT agent, sum(d) OVER own AS k, lead(moment) OVER own - moment AS ms FROM edge
            WINDOW own AS (PARTITION BY agent ORDER BY moment))
        SELECT agent, sum(ms) FILTER (k > 0) AS busy, sum(k * ms) FILTER (k > 0) AS weighted FROM held
        GROUP BY agent ORDER BY agent""",
        [asked.scope.now, *values],
    )


def concurrency(asked: Asked) -> Figure:
    """Conversations at a time while an agent has any: the mean over that time, not over conversations."""
    found = loads(asked)
    whole = quotient(
        part("conversation_ms", sum(one["weighted"] or 0 for one in found)),
        part("busy_ms", sum(one["busy"] or 0 for one in found)),
        talks(asked)["answered"],
    )
    told = (
        row(one["agent"], quotient(part("conversation_ms", one["weighted"]), part("busy_ms", one["busy"]), 0))
        for one in found
    )
    return Figure(value=whole.value, n=whole.n, why=whole.why, parts=whole.parts, rows=tuple(told))


def hours(asked: Asked) -> Part | None:
    """Paid hours; None: nobody has told."""
    return None if asked.beside.hours is None else part("agent_hours", asked.beside.hours.paid)


def by_hour(name: str) -> Find:
    """Contacts, cases or sales by paid agent-hour."""

    def find(asked: Asked) -> Figure:
        of = hours(asked)
        count = part(name, counted(asked, name))
        return unknown("agent_hours", (count,)) if of is None else per_hour(count, of)

    return find


def counted(asked: Asked, name: str) -> int:
    """How many contacts, cases, or orders after a chat."""
    if name == "orders_assisted":
        return int(basket(asked)["orders_assisted"])
    if name == "contacts":
        return int(talks(asked)["answered"])
    where, values = asked.where("request")
    done = asked.one(f"SELECT count(done_at) AS n FROM request WHERE {where}", values)["n"]
    return int(talks(asked)["closed"]) + int(done)


def occupancy(asked: Asked) -> Figure:
    """Time with a conversation by logged-in time; where nobody logged in, by paid time."""
    busy = part("busy_hours", sum(one["busy"] or 0 for one in loads(asked)) / HOUR_MS)
    told = asked.beside.hours
    if told is None:
        return unknown("agent_hours", (busy,))
    of = part("logged_hours", told.logged) if told.logged else part("agent_hours", told.paid)
    return quotient(busy, of, talks(asked)["answered"])


FIND: dict[str, Find] = {
    "wait": time_of("wait_ms", 0.5, "conversations_assigned"),
    "wait_p90": time_of("wait_ms", 0.9, "conversations_assigned"),
    "first_response": time_of("first_response_ms", 0.5, "contacts"),
    "first_response_p90": time_of("first_response_ms", 0.9, "contacts"),
    "agent_reply": time_of("reply_median_ms", 0.5, "conversations_replied"),
    "agent_reply_p90": time_of("reply_p90_ms", 0.9, "conversations_replied"),
    "resolution_time": time_of("CASE WHEN answered_at IS NOT NULL THEN duration_ms END", 0.5, "conversations_over"),
    "answered": answered,
    "reactive": reactive,
    "concurrency": concurrency,
    "contacts_per_hour": by_hour("contacts"),
    "cases_per_hour": by_hour("cases"),
    "sales_per_hour": by_hour("orders_assisted"),
    "occupancy": occupancy,
}
