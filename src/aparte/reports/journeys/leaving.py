"""Drop-off: the pages on which sessions end without an order, carts and checkouts that are given up."""

from __future__ import annotations

from aparte.attribution.facts import Facts
from aparte.reports.journeys.model import CheckoutPage, Leaving, PageLeft, part
from aparte.reports.journeys.sessions import CHECKOUT, like, over, own_events, visits
from aparte.reports.scope import Scope

MOST_PAGES = 15


def leaving(facts: Facts, scope: Scope, page: str = "") -> Leaving:
    """Where sessions end; `page` narrows the pages (`*` for anything).

    The last page of a session that bought is no drop-off, whatever page it is. A session that may go on is left out.
    """
    begin, values = over(scope)
    sums = facts.ask(
        f"""WITH {begin} SELECT count(*) AS n, median(duration_ms) AS session_ms, count(*) FILTER (has_cart) AS carts,
        count(*) FILTER (has_cart AND orders = 0) AS carts_left, count(*) FILTER (checkouts > 0) AS checkouts,
        count(*) FILTER (checkouts > 0 AND orders = 0) AS checkouts_left FROM visits""",
        values,
    ).dicts()[0]
    everyone, known = visits(scope)
    total = facts.ask(f"WITH {everyone} SELECT count(*) FROM visits", known).rows[0][0]
    pages = pages_left(facts, scope, page)
    return Leaving(
        sessions=sums["n"],
        ongoing=total - sums["n"],
        pages=tuple(pages[:MOST_PAGES]),
        pages_known=len(pages),
        cart=part(sums["carts_left"], sums["carts"]),
        checkout=part(sums["checkouts_left"], sums["checkouts"]),
        checkout_pages=tuple(checkout_pages(facts, scope)),
        session_ms=sums["session_ms"],
    )


def pages_left(facts: Facts, scope: Scope, page: str = "") -> list[PageLeft]:
    """Each page, those at which most sessions end first."""
    begin, values = over(scope)
    wanted, pattern = (" AND path LIKE ? ESCAPE '!'", [like(page)]) if page else ("", [])
    seen = own_events(
        "e.path, v.visitor, v.started_at, v.exit_page = e.path AND v.orders = 0 AS left_here",
        "e.name = 'page' AND e.path IS NOT NULL",
    )
    sql = f"""WITH {begin}, seen AS ({seen}),
        each AS (SELECT path, visitor, started_at, count(*) AS views, bool_or(left_here) AS left_here
            FROM seen WHERE true{wanted} GROUP BY path, visitor, started_at)
        SELECT path, sum(views)::BIGINT, count(*), count(*) FILTER (left_here) FROM each
        GROUP BY path ORDER BY 4 DESC, 3 DESC, 1"""
    rows = facts.ask(sql, [*values, scope.site, *pattern]).rows
    return [PageLeft(path, views, part(left, n)) for path, views, n, left in rows]


def checkout_pages(facts: Facts, scope: Scope) -> list[CheckoutPage]:
    """The pages on which the checkout was told to be, and where it ended; most sessions first.

    A checkout event is on the last page before it.
    """
    begin, values = over(scope)
    told = own_events("v.visitor, v.started_at, v.orders, e.name, e.path, e.happened_at, e.place", "v.checkouts > 0")
    sql = f"""WITH {begin}, told AS ({told}), placed AS (
            SELECT visitor, started_at, orders, name, happened_at, place,
                last_value(CASE WHEN name = 'page' THEN path END IGNORE NULLS) OVER (
                    PARTITION BY visitor, started_at ORDER BY happened_at, place ROWS UNBOUNDED PRECEDING) AS page
            FROM told),
        steps AS (SELECT * FROM placed WHERE name IN {CHECKOUT} AND page IS NOT NULL),
        farthest AS (SELECT visitor, started_at, arg_max(page, (happened_at, place)) AS last_page
            FROM steps GROUP BY ALL),
        each AS (SELECT DISTINCT visitor, started_at, page, orders FROM steps)
        SELECT page, count(*), count(*) FILTER (page = last_page AND orders = 0)
        FROM each JOIN farthest USING (visitor, started_at) GROUP BY page ORDER BY 2 DESC, 1 LIMIT {MOST_PAGES}"""
    return [CheckoutPage(page, part(n, of)) for page, of, n in facts.ask(sql, [*values, scope.site]).rows]


def page_views(facts: Facts, scope: Scope) -> dict[str, int]:
    """Views by page, for rates of what happens on pages, such as questions asked there."""
    begin, values = visits(scope)
    seen = own_events("e.path", "e.name = 'page' AND e.path IS NOT NULL")
    rows = facts.ask(
        f"WITH {begin}, seen AS ({seen}) SELECT path, count(*) FROM seen GROUP BY path", [*values, scope.site]
    )
    return dict(rows.rows)
