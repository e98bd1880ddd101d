"""What came to the desk and how long its talk took, out of the facts: what staffing is planned from."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from aparte.attribution.facts import Facts
from aparte.planning.forecast import History
from aparte.planning.past_arrivals import counted
from aparte.planning.talk_times import FEWEST_REPLIES, Measured, Replies, fitted
from aparte.sites.model import Site

Desk: TypeAlias = Literal["chat", "phone"]
CHANNELS: dict[Desk, tuple[str, ...]] = {"chat": ("chat",), "phone": ("call", "video")}
"""A call takes an agent whole, a chat one of his slots."""
LONGEST_MS = 600_000
"""A pause between messages counts ten minutes at most: somebody has left his desk, or his screen."""

TURNS = """turns AS (
    SELECT conversation, seq, author, happened_at, lag(author) OVER own IS DISTINCT FROM author AS begins
    FROM entry WHERE kind = 'text' AND author IN ('visitor', 'agent')
    WINDOW own AS (PARTITION BY conversation ORDER BY seq)
), gaps AS (
    SELECT conversation, author, happened_at AS began,
        lead(happened_at) OVER (PARTITION BY conversation ORDER BY seq) AS replied FROM turns WHERE begins
), talked AS (
    SELECT conversation.*, coalesce(conversation.skill, '') AS served FROM conversation
    WHERE site = ? AND channel = 'chat' AND assigned_at IS NOT NULL AND agent <> ''
)"""
HELD = """edge AS (
    SELECT agent, assigned_at AS moment, 1 AS d FROM talked UNION ALL
    SELECT agent, greatest(coalesce(closed_at, last_at), assigned_at), -1 FROM talked
), held AS (
    SELECT agent, moment, sum(d) OVER (PARTITION BY agent ORDER BY moment) AS k FROM edge
), replies AS (
    SELECT served, talked.agent AS agent, greatest(began, assigned_at) AS began, replied FROM gaps
    JOIN talked ON gaps.conversation = talked.conversation
    WHERE author = 'visitor' AND replied >= assigned_at
)"""


def measured_arrivals(facts: Facts, site: Site, desk: Desk) -> list[History]:
    """The conversations of each skill by half-hour, over the whole days that the site has been watched."""
    marks = ", ".join("?" for _ in CHANNELS[desk])
    rows = facts.ask(
        f"""SELECT coalesce(skill, ''), opened_at // 900000 * 900000, count(*) FROM conversation
        WHERE site = ? AND channel IN ({marks}) GROUP BY ALL ORDER BY ALL""",
        [site.id, *CHANNELS[desk]],
    ).rows
    [(first, last)] = facts.ask(
        """SELECT least(min(started_at), (SELECT min(opened_at) FROM conversation WHERE site = ?)),
            greatest(max(ended_at), (SELECT max(opened_at) FROM conversation WHERE site = ?))
        FROM session WHERE site = ?""",
        [site.id] * 3,
    ).rows
    return counted(rows, site.time_zone, first, last) if rows else []


def measured_talks(facts: Facts, site: Site) -> list[Measured]:
    """The two times of each skill's conversations; a skill with fewer than thirty replies is left out."""
    replies = replies_of(facts, site)
    return [
        fitted(skill, conversations, replies[skill], customer_s, turns)
        for skill, conversations, turns, customer_s in customers_of(facts, site)
        if customer_s is not None and sum(one.count for one in replies.get(skill, ())) >= FEWEST_REPLIES
    ]


def replies_of(facts: Facts, site: Site) -> dict[str, list[Replies]]:
    """By skill: the agents' replies by how many conversations they had when the customer wrote."""
    rows = facts.ask(
        f"""WITH {TURNS}, {HELD} SELECT served, greatest(k, 1) AS k, count(*), avg(least(replied - began, ?)) / 1000.0
        FROM replies ASOF JOIN held ON replies.agent = held.agent AND replies.began >= held.moment
        GROUP BY served, greatest(k, 1) ORDER BY ALL""",
        [site.id, LONGEST_MS],
    ).rows
    found: dict[str, list[Replies]] = {}
    for skill, k, count, mean_s in rows:
        found.setdefault(skill, []).append(Replies(int(k), int(count), float(mean_s)))
    return found


def customers_of(facts: Facts, site: Site) -> list[tuple[Any, ...]]:
    """Skill, conversations, the agent's messages in each, and the customer's mean seconds until his next one."""
    return facts.ask(
        f"""WITH {TURNS} SELECT served, count(DISTINCT gaps.conversation),
            count(*) / count(DISTINCT gaps.conversation)::DOUBLE,
            avg(least(replied - began, ?)) FILTER (replied IS NOT NULL) / 1000.0
        FROM gaps JOIN talked ON gaps.conversation = talked.conversation WHERE author = 'agent'
        GROUP BY served ORDER BY served""",
        [site.id, LONGEST_MS],
    ).rows


def handling_s(facts: Facts, site: Site) -> dict[str, tuple[int, float]]:
    """By skill: how many calls were handled, and how long one takes on average, with the work after it; seconds."""
    rows = facts.ask(
        """SELECT coalesce(skill, ''), count(*), avg(handle_ms) / 1000.0 FROM conversation
        WHERE site = ? AND channel IN ('call', 'video') AND handle_ms > 0 GROUP BY ALL ORDER BY ALL""",
        [site.id],
    ).rows
    return {skill: (int(count), float(mean_s)) for skill, count, mean_s in rows}
