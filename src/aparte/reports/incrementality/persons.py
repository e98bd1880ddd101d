"""Who is compared: each person by the first moment as a candidate, from `engagement`. The SQL, and its values. Pure.

A person is one, whatever number of visitors he turned out to be; of several exposures the first rules, as in
`reports.population`. Nothing that comes after the draw decides who is in it: neither shown, nor accepted, nor chatted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aparte.reports.incrementality.model import Level
from aparte.reports.scope import SEGMENT, Scope

HOLDOUT: Mapping[Level, str] = {"site": "site", "campaign": "campaign"}
"""The arm that a comparison holds against the treated; the site's hold-out is in no campaign's comparison."""
SPLIT: Mapping[Level, str] = {"site": "''", "campaign": "campaign"}
SIDE: Mapping[Level, str] = {"site": "CASE {arm} WHEN 'site' THEN 'site' ELSE 'treated' END", "campaign": "{arm}"}
"""Who is not in the site's hold-out is treated by the site, also where a campaign held him out."""
BEFORE_DRAW = ("rule", "device", "source", "segment", "channel", "skill")
"""Filters that are known of both arms; channel and skill are those of the rule."""
AFTER_DRAW = ("agent", "team")

PERSONS = """
WITH seen AS MATERIALIZED (
    SELECT *, {split} AS split, {side} AS side, {segment} AS segment FROM engagement
    WHERE site = $site AND candidate AND campaign <> '' AND from_at < $until{one_campaign}
), ranked AS (
    SELECT *, first_value(visitor) OVER own AS first_visitor, first_value(side) OVER own AS first_side,
        row_number() OVER own AS place
    FROM seen WHERE from_at >= $since
    WINDOW own AS (PARTITION BY split, person ORDER BY from_at, invited_at IS NULL, engagement)
), met AS (
    SELECT split, person, count(DISTINCT visitor) - 1 AS merged,
        bool_or(visitor = first_visitor AND side <> first_side) AS mixed
    FROM ranked GROUP BY ALL HAVING count(*) > 1
), earlier AS (
    SELECT DISTINCT split, person FROM seen WHERE from_at < $since
), offered AS (
    SELECT campaign, rule, arg_max(channel, (from_at, engagement)) AS channel,
        arg_max(skill, (from_at, engagement)) AS skill
    FROM engagement WHERE site = $site AND invited_at IS NOT NULL GROUP BY ALL
), exposed AS MATERIALIZED (
    SELECT ranked.* EXCLUDE (channel, skill, merged), offered.channel, offered.skill, coalesce(met.merged, 0) AS merged,
        earlier.person IS NOT NULL AS again, earlier.person IS NULL AND coalesce(met.mixed, false) AS mixed
    FROM ranked
    LEFT JOIN met ON ranked.split = met.split AND ranked.person = met.person
    LEFT JOIN earlier ON ranked.split = earlier.split AND ranked.person = earlier.person
    LEFT JOIN offered ON ranked.campaign = offered.campaign AND ranked.rule = offered.rule
    WHERE place = 1 AND side IN ('treated', '{holdout}'){filters}
), talk AS (
    SELECT x.split, x.person, bool_or(c.answered_at IS NOT NULL) AS chatted, sum(c.cost) AS cost,
        count(*) FILTER (c.answered_at IS NOT NULL AND c.cost IS NULL) AS uncosted
    FROM exposed x JOIN conversation c ON c.site = $site AND x.person = c.person
    WHERE c.opened_at >= x.from_at AND c.opened_at < x.from_at + $horizon GROUP BY ALL
), invited AS (
    SELECT DISTINCT x.split, x.person FROM exposed x JOIN engagement i ON i.site = $site AND x.person = i.person
    WHERE x.side <> 'treated' AND i.invited_at >= x.from_at AND i.invited_at < x.from_at + $horizon
        AND i.campaign <> '' AND i.campaign <> x.split
), after_chat AS (
    SELECT x.split, x.person, count(*) AS aided FROM exposed x JOIN orders o ON o.site = $site AND x.person = o.person
    WHERE o.stands AND o.last_chat IS NOT NULL{told}
        AND o.happened_at >= x.from_at AND o.happened_at < x.from_at + $horizon GROUP BY ALL
), led AS (
    SELECT DISTINCT x.split, x.person FROM exposed x JOIN lead l ON l.site = $site AND x.person = l.person
    WHERE l.happened_at >= x.from_at AND l.happened_at < x.from_at + $horizon AND (l.confirmed OR NOT (
        SELECT coalesce(bool_or(confirmed), false) FROM lead
        WHERE site = $site AND happened_at >= $since AND happened_at < $until + $horizon))
), person AS MATERIALIZED (
    SELECT x.split, x.person, x.side, x.rule, x.variant, x.segment, x.channel, x.skill, x.device, x.source, x.day,
        x.from_at, x.merged, x.again, x.mixed, x.from_at + $horizon > $now AS young,
        {orders}::BIGINT AS orders, {revenue}::BIGINT AS revenue, {margin}::BIGINT AS margin,
        CASE WHEN list_contains($leads, x.split) THEN led.person IS NOT NULL ELSE {orders} > 0 END::INT AS buyer,
        (x.chatted OR coalesce(talk.chatted, false))::INT AS took, talk.person IS NOT NULL AS talked,
        coalesce(talk.cost, 0)::BIGINT AS cost, coalesce(talk.uncosted, 0) AS uncosted,
        invited.person IS NOT NULL AS invited, coalesce(after_chat.aided, 0)::BIGINT AS aided,
        x.earlier_orders, x.earlier_revenue
    FROM exposed x
    LEFT JOIN talk ON x.split = talk.split AND x.person = talk.person
    LEFT JOIN invited ON x.split = invited.split AND x.person = invited.person
    LEFT JOIN after_chat ON x.split = after_chat.split AND x.person = after_chat.person
    LEFT JOIN led ON x.split = led.split AND x.person = led.person
)
"""


def persons(scope: Scope, level: Level, period: tuple[int, int], leads: list[str]) -> tuple[str, dict[str, Any]]:
    """The beginning of a question, up to the table `person`, and its values; `leads`: campaigns whose goal is a lead.

    `person` has a row for each person and split (`''`: the site, else the campaign). `scope.orders` is decided.
    """
    both = scope.orders == "all"
    values: dict[str, Any] = {
        "site": scope.site, "since": period[0], "until": period[1], "now": scope.now, "horizon": scope.horizon_ms,
        "leads": leads,
    }  # fmt: skip
    filters = [one for one in BEFORE_DRAW if getattr(scope, one) is not None]
    values |= {one: getattr(scope, one) for one in filters}
    if scope.campaign is not None:
        values["campaign"] = scope.campaign
    sql = PERSONS.format(
        split=SPLIT[level],
        side=SIDE[level].format(arm="arm"),
        segment=SEGMENT.format(t=""),
        one_campaign=" AND campaign = $campaign" if scope.campaign is not None else "",
        holdout=HOLDOUT[level],
        filters="".join(f" AND {asked(one)} = ${one}" for one in filters) + variant(scope, values),
        told="" if both else " AND o.confirmed",
        **{name: counted(name, scope.horizon, both=both) for name in ("orders", "revenue", "margin")},
    )
    return sql, values


def asked(name: str) -> str:
    """The column of a filter."""
    return f"offered.{name}" if name in ("channel", "skill") else f"ranked.{name}"


def variant(scope: Scope, values: dict[str, Any]) -> str:
    """The condition of a variant: it has treated some, and the whole hold-out is what it is compared with."""
    if scope.variant is None:
        return ""
    values["variant"] = scope.variant
    return " AND (side <> 'treated' OR ranked.variant = $variant)"


def counted(name: str, horizon: str, *, both: bool) -> str:
    """An outcome of the horizon: confirmed orders, and those that only a browser has told where they count."""
    claimed = "claimed" if name == "orders" else f"claimed_{name}"
    return f"(x.{name}_{horizon} + x.{claimed}_{horizon})" if both else f"x.{name}_{horizon}"
