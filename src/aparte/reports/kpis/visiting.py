"""Visits: conversion of visitors, leads, leaving page by page and with a cart, the funnel, how long sessions are."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.model import Figure, Find
from aparte.reports.kpis.shapes import mean, part, quantile, row, share

HALF_AN_HOUR = 1_800_000
MOST_PAGES = 20
STEPS = ("any", "product", "cart", "checkout", "order")
SESSION = """SELECT s.*, s.orders > 0 OR EXISTS (SELECT 1 FROM orders o WHERE o.site = s.site AND o.person = s.person
    AND o.stands AND o.happened_at BETWEEN s.started_at AND s.ended_at + 1800000) AS bought
FROM session s WHERE {where}"""
"""A session has bought when the tag or the shop's server says so: a server knows of no session."""


def sessions(asked: Asked) -> dict[str, Any]:
    """Sessions and visitors of the days, and how far they came."""
    where, values = asked.where("session", "s")
    steps = ", ".join(f"count(*) FILTER (step >= {n}) AS step{n}" for n in range(len(STEPS)))
    return asked.one(
        f"""WITH s AS ({SESSION.format(where=where)})
        SELECT count(*) AS n, count(DISTINCT person) AS visitors, count(DISTINCT person) FILTER (bought) AS buyers,
            sum(duration_ms) AS ms, sum(duration_ms::DOUBLE * duration_ms) AS ms_sq, sum(pages) AS pages,
            sum(pages::DOUBLE * pages) AS pages_sq, count(*) FILTER (has_cart) AS carts,
            count(*) FILTER (has_cart AND NOT bought) AS carts_left, count(*) FILTER (checkouts > 0) AS checkouts,
            count(*) FILTER (checkouts > 0 AND NOT bought) AS checkouts_left, {steps} FROM s""",
        values,
    )


def conversion(asked: Asked) -> Figure:
    """Of the visitors, how many bought in a session of these days."""
    found = sessions(asked)
    return share(part("buyers", found["buyers"]), part("visitors", found["visitors"]))


def duration_mean(asked: Asked) -> Figure:
    """How long sessions are, on average."""
    found = sessions(asked)
    return mean(part("session_ms", found["ms"]), part("sessions", found["n"]), found["ms_sq"])


def duration_median(asked: Asked) -> Figure:
    """The median of the same."""
    where, values = asked.where("session")
    return quantile(asked, 0.5, "duration_ms", f"session WHERE {where}", values, "sessions")


def pages(asked: Asked) -> Figure:
    """Pages of a session, on average."""
    found = sessions(asked)
    return mean(part("pages", found["pages"]), part("sessions", found["n"]), found["pages_sq"])


def cart_abandonment(asked: Asked) -> Figure:
    """Of the sessions in which something was put into the cart, how many bought nothing."""
    found = sessions(asked)
    return share(part("carts_left", found["carts_left"]), part("carts", found["carts"]))


def checkout_abandonment(asked: Asked) -> Figure:
    """Of the sessions that began the checkout, how many bought nothing."""
    found = sessions(asked)
    return share(part("checkouts_left", found["checkouts_left"]), part("checkouts", found["checkouts"]))


def page_abandonment(asked: Asked) -> Figure:
    """Of the sessions that saw a page, how many ended on it without having bought; the pages most are lost on first."""
    where, values = asked.where("session", "s")
    rows = asked.rows(
        f"""WITH s AS ({SESSION.format(where=where)}), seen AS (
            SELECT DISTINCT s.site, s.visitor, s.started_at, e.path, s.exit_page = e.path AND NOT s.bought AS lost
            FROM s JOIN event e ON e.site = s.site AND e.visitor = s.visitor AND e.session_at = s.started_at
            WHERE e.name = 'page' AND e.path IS NOT NULL)
        SELECT path, count(*) AS n, count(*) FILTER (lost) AS lost, sum(count(*)) OVER () AS n_all,
            sum(count(*) FILTER (lost)) OVER () AS lost_all
        FROM seen GROUP BY path ORDER BY lost DESC, path LIMIT {MOST_PAGES}""",
        values,
    )
    if not rows:
        return Figure(why="none:pages_seen", parts=(part("pages_left", 0), part("pages_seen", 0)))
    whole = share(part("pages_left", rows[0]["lost_all"]), part("pages_seen", rows[0]["n_all"]))
    told = (row(one["path"], share(part("pages_left", one["lost"]), part("pages_seen", one["n"]))) for one in rows)
    return replace(whole, rows=tuple(told), low=None, high=None)  # sessions on several pages are not independent


def funnel(asked: Asked) -> Figure:
    """The sessions that came to each step in order; the whole is from the first to the last."""
    found = sessions(asked)
    first = part("sessions", found["n"])
    told = tuple(row(name, share(part(f"step_{name}", found[f"step{n}"]), first)) for n, name in enumerate(STEPS))
    return replace(share(part("step_order", found["step4"]), first), rows=told)


def leads(asked: Asked) -> dict[str, Any]:
    """Leads of the days."""
    where, values = asked.where("lead")
    return asked.one(f"SELECT count(*) AS n, count(DISTINCT person) AS persons FROM lead WHERE {where}", values)


def lead_count(asked: Asked) -> Figure:
    """How many."""
    found = leads(asked)
    return Figure(value=found["n"], n=found["n"], parts=(part("leads", found["n"]),))


def lead_conversion(asked: Asked) -> Figure:
    """Of the visitors of these days, how many became a lead in them."""
    where, values = asked.where("session", "s")
    told, of_lead = asked.where("lead", "l")
    found = asked.one(
        f"""WITH v AS (SELECT DISTINCT person FROM session s WHERE {where}),
            l AS (SELECT DISTINCT person FROM lead l WHERE {told})
        SELECT count(*) AS visitors, count(l.person) AS leads FROM v LEFT JOIN l USING (person)""",
        [*values, *of_lead],
    )
    return share(part("visitors_lead", found["leads"]), part("visitors", found["visitors"]))


def self_service(asked: Asked) -> Figure:
    """Of the visitors of these days, how many neither talked to an agent nor left a request in them."""
    where, values = asked.where("session", "s")
    talks, of_talk = asked.where("conversation", "c")
    requests, of_request = asked.where("request", "r")
    found = asked.one(
        f"""WITH v AS (SELECT DISTINCT person FROM session s WHERE {where}), met AS (
            SELECT person FROM conversation c WHERE {talks} AND answered_at IS NOT NULL
            UNION SELECT person FROM request r WHERE {requests})
        SELECT count(*) AS visitors, count(*) FILTER (met.person IS NULL) AS alone
        FROM v LEFT JOIN met USING (person)""",
        [*values, *of_talk, *of_request],
    )
    return share(part("visitors_alone", found["alone"]), part("visitors", found["visitors"]))


FIND: dict[str, Find] = {
    "conversion": conversion,
    "session_duration": duration_mean,
    "session_duration_median": duration_median,
    "pages_per_session": pages,
    "cart_abandonment": cart_abandonment,
    "checkout_abandonment": checkout_abandonment,
    "page_abandonment": page_abandonment,
    "sales_funnel": funnel,
    "leads": lead_count,
    "lead_conversion": lead_conversion,
    "self_service": self_service,
}
