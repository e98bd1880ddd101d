"""Calls, e-mails and letters that chats spare: as the firm assumes, less those that come all the same; or as counted in
both arms of the hold-out, which assumes nothing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from aparte.attribution.facts import HORIZONS
from aparte.experiments.statistics import Sample, welch
from aparte.kit.days import HOUR
from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.model import Figure, Find
from aparte.reports.kpis.serving import talks
from aparte.reports.kpis.shapes import part, unknown

WEEK = 7 * 24 * HOUR
LEAST = 2
"""Visitors of an arm, below which there is no interval."""


class Way(Struct, frozen=True):
    """A way to reach the firm that a chat may spare: members of Costs, and the kind of request that is one."""

    name: str
    assumed: str
    price: str
    event: str = ""
    request: str = ""


WAYS = (
    Way("calls", "would_have_called", "call", "call_event", "callback"),
    Way("mails", "would_have_mailed", "mail", "mail_event", "message"),
    Way("letters", "would_have_written", "letter"),
)


def repeats(asked: Asked, way: Way) -> int:
    """How often visitors who chatted came this way within 7 days after the chat all the same."""
    where, values = asked.where("conversation", "c")
    event = getattr(asked.costs, way.event) if way.event else ""
    return int(
        asked.one(
            f"""WITH c AS (SELECT person, greatest(last_at, answered_at) AS until FROM conversation c
                WHERE {where} AND answered_at IS NOT NULL), came AS (
                SELECT DISTINCT r.request AS id, '' AS place FROM c JOIN request r ON r.site = ? AND r.person = c.person
                    AND r.kind = ? AND r.created_at >= c.until AND r.created_at < c.until + {WEEK}
                UNION SELECT DISTINCT e.visitor::VARCHAR, e.happened_at::VARCHAR || '/' || e.place::VARCHAR
                FROM c JOIN event e ON e.site = ? AND e.name = ? AND e.happened_at >= c.until
                    AND e.happened_at < c.until + {WEEK}
                LEFT JOIN merged m ON m.site = e.site AND m.visitor = e.visitor
                WHERE coalesce(m.person, e.visitor) = c.person)
            SELECT count(*) AS n FROM came""",
            [*values, asked.scope.site, way.request, asked.scope.site, event],
        )["n"]
    )


def deflected(way: Way) -> Find:
    """Chats times how many each would have taken, less those that came within 7 days all the same."""

    def find(asked: Asked) -> Figure:
        chats = talks(asked)["answered"]
        assumed = getattr(asked.costs, way.assumed)
        again = repeats(asked, way)
        parts = (part("contacts", chats), part(way.assumed, assumed), part(f"repeat_{way.name}", again))
        if assumed is None:
            return unknown(way.assumed, (parts[0], parts[2]))
        return Figure(value=chats * assumed - again, n=chats, parts=parts, notes=("assumed",))

    return find


def measured(way: Way) -> Find:
    """What the treated of a comparison have spared: calls by assigned visitor, control less treated, times the treated.

    Each visitor counts once, from his first moment as a candidate, over the horizon, whatever became of the invitation.
    """

    def find(asked: Asked) -> Figure:
        event = getattr(asked.costs, way.event)
        if not event:
            return unknown(way.event)
        found = {bool(one["treated"]): one for one in arms(asked, event)}
        if any(found.get(arm, {}).get("n", 0) < LEAST for arm in (False, True)):
            return Figure(why="none:held_out" if not found.get(False) else "none:treated")
        control, treated = (Sample(one["n"], float(one["s"]), float(one["sq"])) for one in (found[False], found[True]))
        effect, n = welch(treated, control), treated.n
        means = part(f"{way.name}_by_held_out", control.mean), part(f"{way.name}_by_treated", treated.mean)
        parts = (*means, part("treated", n))
        return Figure(value=effect.estimate * n, n=control.n + n, low=effect.low * n, high=effect.high * n, parts=parts)

    return find


def arms(asked: Asked, event: str) -> list[dict[str, Any]]:
    """Both arms: visitors, the sum of their calls, and of the squares."""
    where, values = asked.where("engagement")
    horizon = HORIZONS[asked.scope.horizon]
    control = "arm = 'site'" if asked.scope.campaign is None and asked.scope.rule is None else "arm = 'campaign'"
    left = "true" if asked.scope.campaign is None and asked.scope.rule is None else "arm <> 'site'"
    return asked.rows(
        f"""WITH met AS (
            SELECT person, arg_min(arm, from_at) AS arm, min(from_at) AS met_at FROM engagement
            WHERE {where} AND candidate AND NOT merged GROUP BY person
        ), called AS (
            SELECT coalesce(m.person, e.visitor) AS person, e.happened_at FROM event e
            LEFT JOIN merged m ON m.site = e.site AND m.visitor = e.visitor WHERE e.site = ? AND e.name = ?
        ), counted AS (
            SELECT met.person, NOT {control} AS treated, count(called.person) AS calls FROM met
            LEFT JOIN called ON called.person = met.person
                AND called.happened_at >= met.met_at AND called.happened_at < met.met_at + {horizon}
            WHERE met.met_at + {horizon} <= ? AND {left} GROUP BY met.person, treated)
        SELECT treated, count(*) AS n, sum(calls) AS s, sum(calls * calls) AS sq FROM counted GROUP BY treated""",
        [*values, asked.scope.site, event, asked.scope.now],
    )


FIND: dict[str, Find] = {f"deflected_{way.name}": deflected(way) for way in WAYS} | {
    f"deflected_{way.name}_measured": measured(way) for way in WAYS if way.event
}


def savings(asked: Asked) -> Figure:
    """What spared calls, e-mails and letters would have cost; measured ones where the shop tells of them."""
    parts, notes, total = [], set[str](), 0.0
    for way in WAYS:
        price = getattr(asked.costs, way.price)
        found = FIND[f"deflected_{way.name}_measured"](asked) if way.event else Figure()
        if found.value is None:
            found = FIND[f"deflected_{way.name}"](asked)
            notes |= set(found.notes) if price is not None else set()
        if price is None or found.value is None:
            continue
        parts.append(part(f"saved_{way.name}", found.value * price))
        total += found.value * price
    if not parts:
        notes = {"savings_untold"}
    return Figure(value=total, n=talks(asked)["answered"], parts=tuple(parts), notes=tuple(sorted(notes)))


FIND["service_savings"] = savings
