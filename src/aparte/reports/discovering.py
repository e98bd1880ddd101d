"""Where visitors were lost, as the facts tell it, for the discovery. Reads the facts, pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from aparte.attribution.facts import Facts
from aparte.kit.civil import local
from aparte.kit.money import minor_digits
from aparte.planning.discovery import HOURS, Drop, History
from aparte.planning.discovery_rules import Kind
from aparte.reports.journeys.leaving import leaving
from aparte.reports.journeys.losses import losses
from aparte.reports.journeys.model import Leaving, Losses, Part
from aparte.reports.journeys.sessions import over, own_events
from aparte.reports.scope import Scope, settled, where
from aparte.sites.model import Site

HOUR_MS = 3_600_000


class Known(Struct, frozen=True, kw_only=True):
    """What was counted: drop-offs, and what an order brings; None where nothing tells it."""

    history: History
    basket: float | None
    gross_margin: float | None


def known(facts: Facts, scope: Scope, site: Site) -> Known:
    """The history of a scope. Takes a while for a large site: to be called in a worker thread.

    Days from the first on which somebody came to the last; visits that may go on are left out. A visitor
    may be in several rows: on a page, with a cart, in the checkout.
    """
    left, lost, hours = leaving(facts, scope), losses(facts, scope), gone_by_hour(facts, scope, site.time_zone)
    begin, values = over(scope)
    asked = f"WITH {begin} SELECT count(*) FILTER (orders > 0), min(day), max(day) FROM visits"
    orders, first, last = facts.ask(asked, values).rows[0]
    rows = tuple(drops(left, lost, bought_by_page(facts, scope), hours))
    basket, margin = worth(facts, scope, site.currency)
    days = scope.days if first is None else (last - first).days + 1
    history = History(days=days, visits=left.sessions, orders=orders, rows=rows)
    return Known(history=history, basket=basket, gross_margin=margin)


def drops(left: Leaving, lost: Losses, bought: Mapping[str, int], hours: tuple[float, ...]) -> Iterator[Drop]:
    """The cart, the checkout page by page, other pages, and what goes wrong; rows at which nobody leaves are none."""
    if left.cart.n:
        yield Drop(kind="cart", visitors=left.cart.of, left=left.cart.n, bought=left.cart.of - left.cart.n, hours=hours)
    steps = {one.path for one in left.checkout_pages}
    for step in left.checkout_pages:
        if step.given_up.n:
            yield of_page("checkout", step.path, step.given_up, bought, hours)
    for page in left.pages:
        if page.left.n and page.path not in steps:
            yield of_page("page", page.path, page.left, bought, hours)
    for loss in lost.losses:
        if loss.left.n:
            yield Drop(kind=loss.kind, visitors=loss.left.of, left=loss.left.n, hours=hours)


def of_page(kind: Kind, path: str, left: Part, bought: Mapping[str, int], hours: tuple[float, ...]) -> Drop:
    """A page, with those of its visits that ordered."""
    ordered = min(bought.get(path, 0), left.of - left.n)
    return Drop(kind=kind, path=path, visitors=left.of, left=left.n, bought=ordered, hours=hours)


def bought_by_page(facts: Facts, scope: Scope) -> dict[str, int]:
    """Of each page, the visits that saw it and ordered."""
    begin, values = over(scope)
    seen = own_events("e.path, v.visitor, v.started_at", "v.orders > 0 AND e.name = 'page' AND e.path IS NOT NULL")
    sql = f"WITH {begin}, seen AS ({seen}) SELECT path, count(DISTINCT (visitor, started_at)) FROM seen GROUP BY path"
    return dict(facts.ask(sql, [*values, scope.site]).rows)


def gone_by_hour(facts: Facts, scope: Scope, time_zone: str) -> tuple[float, ...]:
    """Visits without an order by the hour of the site's day in which they ended; none when there were none."""
    begin, values = over(scope)
    sql = f"WITH {begin} SELECT ended_at // {HOUR_MS}, count(*) FROM visits WHERE orders = 0 GROUP BY ALL"
    found = [0.0] * HOURS
    for hour, n in facts.ask(sql, values).rows:
        found[local(int(hour) * HOUR_MS, time_zone).hour] += n
    return tuple(found) if any(found) else ()


def worth(facts: Facts, scope: Scope, currency: str) -> tuple[float | None, float | None]:
    """Mean basket in units of the currency, and gross margin of those orders whose margin is known."""
    said, values = where(settled(facts, scope), "orders")
    sql = f"""SELECT avg(amount), sum(margin) FILTER (margin IS NOT NULL AND amount > 0),
            sum(amount) FILTER (margin IS NOT NULL AND amount > 0)
        FROM orders WHERE {said} AND stands AND amount IS NOT NULL"""
    mean, margin, of = facts.ask(sql, values).rows[0]
    basket = float(mean) / 10 ** minor_digits(currency) if mean else None
    share = float(margin) / float(of) if margin and of else None
    return basket, share if share is not None and 0 < share <= 1 else None
