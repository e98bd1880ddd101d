"""Who buys: conversion after a chat, of the covered, of visitors; revenue, baskets, returns, time to purchase.

The three of S0-64 are never mixed: each has a denominator of its own. Who was covered is decided at the first eligible
moment of a session, in both arms alike, and never at the purchase (S0-63).
"""

from __future__ import annotations

from typing import Any

from aparte.attribution.facts import HORIZONS
from aparte.kit.days import HOUR
from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.model import Figure, Find, Part
from aparte.reports.kpis.shapes import early, mean, part, quantile, quotient, share

DAY = 24 * HOUR
SOURCE = "{source} WHERE {where}"


def talkers(asked: Asked) -> dict[str, Any]:
    """Visitors who chatted, those of them who bought after it, and whose window is not over."""
    where, values = asked.where("conversation")
    return asked.one(
        f"""WITH talk AS (
            SELECT conversation, person, greatest(last_at, answered_at) + {asked.window_ms} <= ? AS over
            FROM conversation WHERE {where} AND answered_at IS NOT NULL
        ), sold AS (
            SELECT DISTINCT last_chat AS conversation FROM orders
            WHERE site = ? AND stands AND last_chat_ms < {asked.window_ms} {asked.confirmed}
        )
        SELECT count(DISTINCT person) FILTER (over) AS chatting,
            count(DISTINCT person) FILTER (over AND sold.conversation IS NOT NULL) AS buyers,
            count(DISTINCT person) FILTER (NOT over) AS waiting
        FROM talk LEFT JOIN sold USING (conversation)""",
        [asked.scope.now, *values, asked.scope.site],
    )


def covered(asked: Asked) -> dict[str, Any]:
    """Eligible and covered visitors, in and out of the hold-out, and what the covered bought within the horizon."""
    where, values = asked.where("engagement")
    horizon = HORIZONS[asked.scope.horizon]
    return asked.one(
        f"""WITH met AS (
            SELECT person, visitor, session_at, min(eligible_at) AS met_at,
                min(covered_at) <= min(eligible_at) AS covered
            FROM engagement WHERE {where} AND arm IS DISTINCT FROM 'by_hand' AND NOT merged GROUP BY ALL
        ), visitor AS (
            SELECT person, coalesce(bool_or(covered), false) AS covered,
                min(met_at) FILTER (covered) AS met_at FROM met GROUP BY person
        ), bought AS (
            SELECT v.person, coalesce(bool_or(o.last_chat_ms < {asked.window_ms}), false) AS assisted,
                coalesce(bool_or(o.last_chat_ms < {asked.window_ms} AND c.campaign <> ''), false) AS proactive
            FROM visitor v JOIN orders o ON o.site = ? AND o.person = v.person
                AND o.happened_at >= v.met_at AND o.happened_at < v.met_at + {horizon}
            LEFT JOIN conversation c ON c.site = o.site AND c.conversation = o.last_chat
            WHERE v.covered AND o.stands {asked.confirmed} GROUP BY v.person
        )
        SELECT count(*) AS eligible, count(*) FILTER (covered) AS covered,
            count(*) FILTER (covered AND met_at + {horizon} <= ?) AS mature,
            count(*) FILTER (covered AND met_at + {horizon} > ?) AS waiting,
            count(*) FILTER (met_at + {horizon} <= ? AND bought.person IS NOT NULL) AS buyers,
            count(*) FILTER (met_at + {horizon} <= ? AND assisted) AS assisted,
            count(*) FILTER (met_at + {horizon} <= ? AND proactive) AS proactive
        FROM visitor LEFT JOIN bought USING (person)""",
        [*values, asked.scope.site, *[asked.scope.now] * 5],
    )


def chat_conversion(asked: Asked) -> Figure:
    """Of those who chatted, how many bought after it."""
    found = talkers(asked)
    done = share(part("buyers_after_chat", found["buyers"]), part("chatting_visitors", found["chatting"]))
    return early(done, found["waiting"], "visitors_not_over")


def of_covered(buyers: str, name: str) -> Find:
    """A share of the covered visitors whose horizon is over."""

    def find(asked: Asked) -> Figure:
        found = covered(asked)
        done = share(part(name, found[buyers]), part("covered_visitors", found["mature"]))
        return early(done, found["waiting"], "visitors_not_over")

    return find


def covered_share(asked: Asked) -> Figure:
    """Of the eligible visitors, for how many a slot was free at the first eligible moment."""
    found = covered(asked)
    return share(part("covered_visitors", found["covered"]), part("eligible_visitors", found["eligible"]))


def basket(asked: Asked) -> dict[str, Any]:
    """Orders of the days: all, after a chat in scope, of visitors without any chat in the 31 days before."""
    talks, before = asked.talks_before()
    where, values = asked.where("orders")
    sums = ", ".join(
        f"count(amount) FILTER ({of}) AS n_{name}, sum(amount) FILTER ({of}) AS sum_{name}, "
        f"sum(amount::DOUBLE * amount) FILTER ({of}) AS sq_{name}, count(*) FILTER ({of}) AS orders_{name}, "
        f"sum(discount) FILTER ({of}) AS discount_{name}, count(DISTINCT person) FILTER ({of}) AS buyers_{name}"
        for name, of in (("all", "true"), ("assisted", "assisted"), ("alone", "alone"))
    )
    return asked.one(
        f"""WITH c AS (SELECT conversation FROM conversation WHERE {talks}), o AS (
            SELECT orders.*, c.conversation IS NOT NULL AND last_chat_ms < {asked.window_ms} AS assisted,
                last_chat IS NULL AND person IS NOT NULL AS alone
            FROM orders LEFT JOIN c ON orders.last_chat = c.conversation WHERE {where} AND stands)
        SELECT {sums}, count(*) FILTER (NOT first_order AND person IS NOT NULL) AS again,
            count(*) FILTER (person IS NOT NULL) AS of_known, count(*) FILTER (amount IS NULL) AS no_amount FROM o""",
        [*before, *values],
    )


def revenue(asked: Asked) -> Figure:
    """What was sold in orders after a chat; a sum, and no effect."""
    found = basket(asked)
    if not found["orders_all"]:
        return Figure(why="none:orders", parts=(part("orders", 0),))
    parts = (part("amount_assisted", found["sum_assisted"]), part("orders_assisted", found["n_assisted"]))
    notes = ("not_causal", *(["no_rate"] if found["no_amount"] else []))
    return Figure(value=found["sum_assisted"] or 0, n=found["n_assisted"], parts=parts, notes=notes)


def average(name: str, notes: tuple[str, ...] = ()) -> Find:
    """Net amount by the number of orders: all, assisted, or alone."""

    def find(asked: Asked) -> Figure:
        found = basket(asked)
        total, count = part(f"amount_{name}", found[f"sum_{name}"]), part(f"orders_{name}", found[f"n_{name}"])
        done = mean(total, count, found[f"sq_{name}"])
        return with_notes(done, *notes, *(["no_rate"] if found["no_amount"] else []))

    return find


def with_notes(found: Figure, *notes: str) -> Figure:
    """The same, with what to read it with."""
    return Figure(
        value=found.value, n=found.n, low=found.low, high=found.high, why=found.why, parts=found.parts,
        rows=found.rows, notes=(*found.notes, *notes),
    )  # fmt: skip


def returns(name: str, of: str = "true") -> Find:
    """Of the orders of these days, each at least as old as the return window, how many were given back, in part or
    whole, on whatever day: the cohort is that of the order, not of the refund."""

    def find(asked: Asked) -> Figure:
        talks, before = asked.talks_before()
        where, values = asked.where("orders")
        over = f"happened_at + {asked.costs.return_window_days * DAY} <= ?"
        found = asked.one(
            f"""WITH c AS (SELECT conversation FROM conversation WHERE {talks}), o AS (
                SELECT orders.*, c.conversation IS NOT NULL AND last_chat_ms < {asked.window_ms} AS assisted,
                    last_chat IS NULL AND person IS NOT NULL AS alone, {over} AS over
                FROM orders LEFT JOIN c ON orders.last_chat = c.conversation
                WHERE {where} AND (flag = '' OR flag = 'no_rate'))
            SELECT count(*) FILTER (over) AS n, count(*) FILTER (NOT over) AS waiting,
                count(*) FILTER (over AND own_refunded > 0) AS returned FROM o WHERE {of}""",
            [*before, asked.scope.now, *values],
        )
        done = share(part(f"returned_{name}", found["returned"]), part(f"mature_{name}", found["n"]))
        return early(done, found["waiting"], "orders_not_mature")

    return find


def returned_value(asked: Asked) -> Figure:
    """Of the money of mature orders, how much was given back."""
    where, values = asked.where("orders")
    found = asked.one(
        f"""WITH o AS (SELECT *, happened_at + {asked.costs.return_window_days * DAY} <= ? AS over FROM orders
            WHERE {where} AND flag = '')
        SELECT count(*) FILTER (over) AS n, sum(refunded) FILTER (over) AS back, sum(total) FILTER (over) AS total,
            count(*) FILTER (NOT over) AS waiting FROM o""",
        [asked.scope.now, *values],
    )
    back, total = part("amount_returned", found["back"]), part("amount_mature", found["total"])
    return early(quotient(back, total, found["n"]), found["waiting"], "orders_not_mature")


def time_to_purchase(asked: Asked) -> Figure:
    """From the first visit to the first order, the median."""
    where, values = asked.where("orders")
    source = f"orders WHERE {where} AND stands AND first_order AND happened_at >= first_visit_at"
    return quantile(asked, 0.5, "(happened_at - first_visit_at)", source, values, "first_orders")


def returning_buyers(asked: Asked) -> Figure:
    """Of the orders of known visitors, how many were not the visitor's first."""
    found = basket(asked)
    return share(part("orders_again", found["again"]), part("orders_of_known", found["of_known"]))


def self_service_orders(asked: Asked) -> Figure:
    """Of the orders of known visitors, how many had no chat in the 31 days before."""
    found = basket(asked)
    return share(part("orders_alone", found["orders_alone"]), part("orders_of_known", found["of_known"]))


def orders_counted(asked: Asked) -> Figure:
    """Orders that stand."""
    found = basket(asked)
    return Figure(value=found["orders_all"], n=found["orders_all"], parts=(Part("orders", found["orders_all"]),))


FIND: dict[str, Find] = {
    "chat_conversion": chat_conversion,
    "covered_conversion": of_covered("buyers", "buyers_covered"),
    "assisted_share": of_covered("assisted", "buyers_covered_after_chat"),
    "covered_share": covered_share,
    "proactive_per_covered": of_covered("proactive", "buyers_covered_proactive"),
    "orders": orders_counted,
    "revenue_after_chat": revenue,
    "average_basket": average("all"),
    "average_basket_assisted": average("assisted", ("not_causal",)),
    "average_basket_unassisted": average("alone", ("not_causal",)),
    "return_rate": returns("orders"),
    "return_rate_assisted": returns("orders_assisted", "assisted"),
    "return_rate_unassisted": returns("orders_alone", "alone"),
    "returned_value": returned_value,
    "time_to_purchase": time_to_purchase,
    "returning_buyers": returning_buyers,
    "self_service_orders": self_service_orders,
}
