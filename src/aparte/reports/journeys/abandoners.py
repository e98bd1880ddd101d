"""Those who abandoned a cart against those who bought: in what they differ, which is no reason why (S0-36)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from aparte.attribution.facts import Facts
from aparte.experiments.multiple import benjamini_hochberg
from aparte.experiments.proportions import score, z_test
from aparte.experiments.statistics import Sample, proportion, welch
from aparte.reports.journeys.model import Abandoners, Difference
from aparte.reports.journeys.sessions import over, own_events
from aparte.reports.scope import Scope

LEAST_EACH = 10
"""People of each kind, before anything is compared."""
LEAST_SEEN = 5
"""People of both kinds with a device, a source, a page, before it is a row."""
MOST_VALUES = 8
FLAGS = ("new", "not_found", "empty_search", "error", "payment_error", "field_error")
MEANS = ("pages", "duration_ms", "searches")
PEOPLE = """, ranked AS (SELECT v.*,
            row_number() OVER (PARTITION BY person ORDER BY orders > 0 DESC, started_at DESC) AS rank
        FROM visits v WHERE has_cart),
    people AS (SELECT visitor, started_at, orders > 0 AS bought, device, channel, number FROM ranked WHERE rank = 1),
    told AS ({told}),
    paid AS (SELECT visitor, started_at, min(k) FILTER (name = 'Order Completed') AS paid_k,
            coalesce(min(happened_at) FILTER (name = 'Order Completed'), max(happened_at)) AS until_at
        FROM told GROUP BY ALL),
    before AS (SELECT told.*, until_at FROM told JOIN paid USING (visitor, started_at)
        WHERE paid_k IS NULL OR k < paid_k)"""
EACH = """SELECT bought, coalesce(any_value(device), '') AS device, coalesce(any_value(channel), '') AS source,
        bool_or(number = 1) AS new, count(*) FILTER (name = 'page') AS pages,
        max(until_at) - min(people.started_at) AS duration_ms,
        count(*) FILTER (name = 'Products Searched') AS searches,
        bool_or(name = 'page' AND coalesce(detail = '404', false)) AS not_found,
        bool_or(name = 'Products Searched' AND coalesce(detail = '0', false)) AS empty_search,
        bool_or(name = 'Error Shown') AS error, bool_or(name = 'Payment Error') AS payment_error,
        bool_or(name = 'Form Field Error') AS field_error
    FROM people JOIN before USING (visitor, started_at) GROUP BY people.visitor, people.started_at, bought"""
PAGES = """SELECT path, count(DISTINCT (visitor, started_at)) FILTER (NOT bought),
        count(DISTINCT (visitor, started_at)) FILTER (bought)
    FROM people JOIN before USING (visitor, started_at) WHERE name = 'page' AND path IS NOT NULL
    GROUP BY path ORDER BY count(DISTINCT (visitor, started_at)) DESC, path LIMIT {most}"""


def abandoners(facts: Facts, scope: Scope) -> Abandoners:
    """Each person with a cart once. Of those who bought only what came before the order is looked at."""
    begin, values = over(scope)
    told = own_events(
        "v.visitor, v.started_at, e.name, e.path, e.detail, e.happened_at, (e.happened_at, e.place) AS k", "v.has_cart"
    )
    head = f"WITH {begin}" + PEOPLE.format(told=told)
    people = facts.ask(f"{head} SELECT sums.* FROM ({EACH}) sums", [*values, scope.site]).dicts()
    left, bought = ([one for one in people if one["bought"] is kind] for kind in (False, True))
    if min(len(left), len(bought)) < LEAST_EACH:
        return Abandoners(len(left), len(bought), (), "too_few" if people else "nobody")
    pages = facts.ask(
        f"{head} SELECT sums.* FROM ({PAGES.format(most=2 * MOST_VALUES)}) sums", [*values, scope.site]
    ).rows
    rows = [*of_people(left, bought), *of_pages(pages, len(left), len(bought))]
    adjusted = benjamini_hochberg([one.p for one in rows])
    told_apart = [replace(one, adjusted_p=p) for one, p in zip(rows, adjusted, strict=True)]
    return Abandoners(len(left), len(bought), tuple(sorted(told_apart, key=lambda one: one.p)))


def of_people(left: Sequence[dict[str, Any]], bought: Sequence[dict[str, Any]]) -> Iterator[Difference]:
    """Devices, sources, what went wrong, how long it took."""
    for what in ("device", "source"):
        counts = [[one[what] for one in group] for group in (left, bought)]
        values = sorted({*counts[0], *counts[1]} - {""}, key=lambda name: (-counts[0].count(name), name))
        for value in values[:MOST_VALUES]:
            yield from shares(what, value, [part.count(value) for part in counts], len(left), len(bought))
    for what in FLAGS:
        seen = [sum(bool(one[what]) for one in group) for group in (left, bought)]
        yield from shares(what, "", seen, len(left), len(bought))
    for what in MEANS:
        yield mean(what, [one[what] for one in left], [one[what] for one in bought])


def of_pages(rows: Sequence[tuple[Any, ...]], left: int, bought: int) -> Iterator[Difference]:
    """Pages that were seen."""
    for path, seen_left, seen_bought in rows:
        yield from shares("page", path, [seen_left, seen_bought], left, bought)


def shares(what: str, value: str, seen: Sequence[int], left: int, bought: int) -> Iterator[Difference]:
    """A row, unless too few are concerned or all are: then there is nothing to tell apart."""
    if sum(seen) < LEAST_SEEN or sum(seen) == left + bought:
        return
    control, treated = proportion(bought, seen[1]), proportion(left, seen[0])
    low, high = score(control, treated)
    _, p = z_test(control, treated)
    shown = {"abandoned": treated.mean, "bought": control.mean, "difference": treated.mean - control.mean}
    yield Difference(what=what, value=value, **shown, low=low, high=high, p=p, adjusted_p=p)


def mean(what: str, left: Sequence[float], bought: Sequence[float]) -> Difference:
    """A row of means, by Welch."""
    treated, control = (Sample(len(one), sum(one), sum(x * x for x in one)) for one in (left, bought))
    effect = welch(control, treated)
    return Difference(
        what=what, abandoned=treated.mean, bought=control.mean, difference=effect.estimate, low=effect.low,
        high=effect.high, p=effect.p, adjusted_p=effect.p,
    )  # fmt: skip
