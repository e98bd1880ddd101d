"""What goes wrong before visitors leave: addresses without a page, empty searches, refused fields, errors."""

from __future__ import annotations

from typing import get_args

from aparte.attribution.facts import Facts
from aparte.reports.journeys.model import FieldLoss, Loss, Losses, LostPage, Trouble, part
from aparte.reports.journeys.sessions import over, own_events
from aparte.reports.scope import Scope

MOST_ROWS = 20
TROUBLE = """CASE WHEN e.name = 'page' AND e.detail = '404' THEN 'not_found'
    WHEN e.name = 'Products Searched' AND e.detail = '0' THEN 'empty_search'
    WHEN e.name = 'Error Shown' THEN 'error' WHEN e.name = 'Payment Error' THEN 'payment_error'
    WHEN e.name = 'Form Field Error' THEN 'field_error' WHEN e.name = 'Form Abandoned' THEN 'form_abandoned' END"""
NAME = r"^[\pL_][\pL\pN_.\[\]:-]{0,63}$"
DIGITS = r"\d{5}"
FIELD = f"CASE WHEN regexp_matches(detail, '{NAME}') AND NOT regexp_matches(detail, '{DIGITS}') THEN detail ELSE '' END"
"""A field's name as forms have it; what could be something typed is not shown."""
TOLD = own_events(
    f"v.visitor, v.started_at, v.orders, e.name, e.path, e.detail, (e.happened_at, e.place) AS k, {TROUBLE} AS kind"
)
LAST_PAGES = "last AS (SELECT visitor, started_at, max(k) FILTER (name = 'page') AS page_k FROM told GROUP BY ALL)"
LEFT = "orders = 0 AND (page_k IS NULL OR trouble_k >= page_k)"
"""Nothing came after it: no page, and no order."""


def losses(facts: Facts, scope: Scope) -> Losses:
    """Counts of sessions that are over; a share tells how often it is the last thing, not that it is the reason."""
    begin, values = over(scope)
    sums = f"""WITH {begin} SELECT count(*) AS n, count(*) FILTER (searches > 0) AS searches,
        count(*) FILTER (forms_started > 0 OR field_errors > 0 OR forms_abandoned > 0) AS forms FROM visits"""
    base = facts.ask(sums, values).dicts()[0]
    return Losses(
        sessions=base["n"],
        searches=base["searches"],
        forms=base["forms"],
        losses=troubles(facts, scope, base["n"], base["searches"], base["forms"]),
        pages=lost_pages(facts, scope),
        fields=fields(facts, scope, base["forms"]),
    )


def troubles(facts: Facts, scope: Scope, sessions: int, searches: int, forms: int) -> tuple[Loss, ...]:
    """Each kind, of all sessions; empty searches of those that searched, fields and forms of those with a form."""
    begin, values = over(scope)
    sql = f"""WITH {begin}, told AS ({TOLD}), {LAST_PAGES},
        each AS (SELECT kind, visitor, started_at, any_value(orders) AS orders, max(k) AS trouble_k
            FROM told WHERE kind IS NOT NULL GROUP BY kind, visitor, started_at)
        SELECT kind, count(*), count(*) FILTER ({LEFT}) FROM each JOIN last USING (visitor, started_at) GROUP BY kind"""
    found = {kind: (n, left) for kind, n, left in facts.ask(sql, [*values, scope.site]).rows}
    of = {"empty_search": searches, "field_error": forms, "form_abandoned": forms}
    rows = []
    for kind in get_args(Trouble):
        n, left = found.get(kind, (0, 0))
        rows.append(Loss(kind, part(n, of.get(kind, sessions)), part(left, n)))
    return tuple(rows)


def lost_pages(facts: Facts, scope: Scope) -> tuple[LostPage, ...]:
    """Addresses that were not found, those met most first."""
    begin, values = over(scope)
    sql = f"""WITH {begin}, told AS ({TOLD}), {LAST_PAGES},
        each AS (SELECT path, visitor, started_at, any_value(orders) AS orders, max(k) AS trouble_k
            FROM told WHERE kind = 'not_found' AND path IS NOT NULL GROUP BY path, visitor, started_at)
        SELECT path, count(*), count(*) FILTER ({LEFT}) FROM each JOIN last USING (visitor, started_at)
        GROUP BY path ORDER BY 2 DESC, 1 LIMIT {MOST_ROWS}"""
    return tuple(LostPage(path, n, part(left, n)) for path, n, left in facts.ask(sql, [*values, scope.site]).rows)


def fields(facts: Facts, scope: Scope, forms: int) -> tuple[FieldLoss, ...]:
    """Fields that were refused or at which a form was given up, the latter first."""
    begin, values = over(scope)
    sql = f"""WITH {begin}, told AS ({TOLD}), each AS (SELECT {FIELD} AS field, visitor, started_at,
            bool_or(kind = 'field_error') AS refused, bool_or(kind = 'form_abandoned') AS given_up
            FROM told WHERE kind IN ('field_error', 'form_abandoned') AND detail IS NOT NULL GROUP BY ALL)
        SELECT field, count(*) FILTER (refused), count(*) FILTER (given_up) FROM each
        GROUP BY field ORDER BY 3 DESC, 2 DESC, 1 LIMIT {MOST_ROWS}"""
    rows = facts.ask(sql, [*values, scope.site]).rows
    return tuple(FieldLoss(field, part(refused, forms), part(left, forms)) for field, refused, left in rows)
