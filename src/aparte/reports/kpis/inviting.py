"""Invitations: how many are shown and accepted, and what proactive chats lead to; by rule, too."""

from __future__ import annotations

from typing import Any

from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.buying import with_notes
from aparte.reports.kpis.model import Figure, Find
from aparte.reports.kpis.shapes import early, odds, part, row, share

SHOWN = "(shown_at IS NOT NULL OR accepted_at IS NOT NULL OR declined_at IS NOT NULL)"
"""Who has answered has seen it, also where the telling of it was lost."""


def invited(asked: Asked) -> dict[str, Any]:
    """Invitations of rules: shown, accepted, declined; their chats, and those of them that led to an order."""
    where, values = asked.where("engagement", "e")
    sold = f"chat_orders_{asked.window}" + ("" if asked.confirmed else f" + chat_claimed_{asked.window}") + " > 0"
    over = f"coalesce(c.last_at, e.ended_at, e.from_at) + {asked.window_ms} <= ?"
    return asked.one(
        f"""WITH e AS (
            SELECT e.*, {sold} AS sold, {over} AS over, {SHOWN} AS shown FROM engagement e
            LEFT JOIN conversation c ON c.site = e.site AND c.conversation = e.conversation
            WHERE {where} AND e.campaign <> '' AND e.invited_at IS NOT NULL)
        SELECT count(*) FILTER (shown) AS shown, count(*) FILTER (accepted_at IS NOT NULL) AS accepted,
            count(*) FILTER (declined_at IS NOT NULL) AS declined, count(*) FILTER (chatted AND over) AS chats,
            count(*) FILTER (shown AND over) AS shown_over, count(*) FILTER (chatted AND NOT over) AS waiting,
            count(*) FILTER (shown AND NOT over) AS shown_waiting,
            count(*) FILTER (chatted AND over AND sold AND accepted_at IS NOT NULL) AS sold FROM e""",
        [asked.scope.now, *values],
    )


def acceptance(asked: Asked) -> Figure:
    """Of the invitations shown, those let lie and run out among them, how many were accepted."""
    found = invited(asked)
    return share(part("accepted", found["accepted"]), part("shown", found["shown"]))


def acceptance_odds(asked: Asked) -> Figure:
    """Accepted to declined."""
    found = invited(asked)
    return odds(part("accepted", found["accepted"]), part("declined", found["declined"]))


def proactive_per_chat(asked: Asked) -> Figure:
    """Of the proactive chats, how many led to an order."""
    found = invited(asked)
    done = share(part("proactive_chats_sold", found["sold"]), part("proactive_chats", found["chats"]))
    return early(done, found["waiting"], "chats_not_over")


def proactive_per_shown(asked: Asked) -> Figure:
    """Of the invitations shown, how many led to an order after the chat."""
    found = invited(asked)
    done = share(part("proactive_chats_sold", found["sold"]), part("shown", found["shown_over"]))
    return early(done, found["shown_waiting"], "chats_not_over")


def rules_fired(asked: Asked) -> Figure:
    """How often each rule's condition held for a candidate, and the share of its invitations that was accepted."""
    where, values = asked.where("engagement")
    rows = asked.rows(
        f"""SELECT campaign || ' / ' || rule AS name, campaign, count(*) AS eligible,
            count(*) FILTER (candidate) AS candidates,
            count(*) FILTER ({SHOWN}) AS shown, count(*) FILTER (accepted_at IS NOT NULL) AS accepted
        FROM engagement WHERE {where} AND campaign <> '' GROUP BY ALL ORDER BY eligible DESC, name""",
        values,
    )
    found = sum(one["eligible"] for one in rows)
    told = tuple(
        row(one["name"], Figure(
            value=one["eligible"], n=one["eligible"], parts=tuple(part(name, one[at]) for name, at in (
                ("eligible_moments", "eligible"), ("candidates", "candidates"), ("shown", "shown"),
                ("accepted", "accepted"))),
        ), one["campaign"])
        for one in rows
    )  # fmt: skip
    return with_notes(
        Figure(value=found, n=found, parts=(part("eligible_moments", found),), rows=told), "effect_beside"
    )


def left_alone(asked: Asked) -> Figure:
    """Of the eligible visitors who were not held out, how many were not invited."""
    found = alone(asked)
    return share(part("left_alone", found["alone"]), part("eligible_not_held_out", found["eligible"]))


def alone(asked: Asked) -> dict[str, Any]:
    """Visitors whom a rule found and nobody invited, the held out left out; and what they bought by themselves."""
    where, values = asked.where("engagement")
    h = asked.scope.horizon
    amount = f"revenue_{h}" + ("" if asked.confirmed else f" + claimed_revenue_{h}")
    return asked.one(
        f"""WITH one AS (
            SELECT person, bool_or(invited_at IS NOT NULL) AS invited, arg_min({amount}, from_at) AS amount
            FROM engagement WHERE {where} AND campaign <> '' AND NOT merged
            GROUP BY person HAVING NOT coalesce(bool_or(arm IN ('site', 'campaign')), false))
        SELECT count(*) AS eligible, count(*) FILTER (NOT invited) AS alone,
            sum(amount) FILTER (NOT invited) AS amount,
            sum(amount::DOUBLE * amount) FILTER (NOT invited) AS sq FROM one""",
        values,
    )


FIND: dict[str, Find] = {
    "acceptance": acceptance,
    "acceptance_odds": acceptance_odds,
    "proactive_per_chat": proactive_per_chat,
    "proactive_per_shown": proactive_per_shown,
    "rules_fired": rules_fired,
    "left_alone": left_alone,
}
