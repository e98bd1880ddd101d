"""What help costs, in minor units: labour, software, services, discounts; by contact, conversion, added conversion."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import timedelta
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from aparte.kit.days import HOUR
from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.buying import basket, with_notes
from aparte.reports.kpis.model import Figure, Find, Part, Row
from aparte.reports.kpis.serving import talks
from aparte.reports.kpis.shapes import cost_of_one, part, quotient, row, unknown
from aparte.reports.scope import FILTERS


class Bill(Struct, frozen=True):
    """The total cost by its terms; `missing` is the term that nobody has told."""

    labour: float = 0.0
    software: float = 0.0
    services: float = 0.0
    discounts: float = 0.0
    missing: str = ""
    notes: tuple[str, ...] = ()

    @property
    def service(self) -> float:
        """Without discounts: what serving costs."""
        return self.labour + self.software + self.services

    @property
    def total(self) -> float:
        """All of it."""
        return self.service + self.discounts

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its terms."""
        return tuple(part(name, getattr(self, name)) for name in ("labour", "software", "services", "discounts"))


def months(asked: Asked) -> Fraction:
    """The scope's days as months: a day of February is a 28th."""
    days = (asked.scope.since + timedelta(days=n) for n in range(asked.scope.days))
    of = Counter((day.year, day.month) for day in days)
    return sum((Fraction(n, monthrange(*month)[1]) for month, n in of.items()), Fraction(0))


def bill(asked: Asked) -> Bill:
    """Labour is paid hours / (1 - shrinkage) x wage; without hours the time of conversations at its agents' wages."""
    costs, spread = asked.costs, float(months(asked))
    labour, missing, notes = labour_of(asked)
    if any(getattr(asked.scope, one) is not None for one in FILTERS):
        notes = (*notes, "whole_software")
    return Bill(
        labour=labour,
        software=costs.software * spread,
        services=costs.services * spread,
        discounts=float(basket(asked)["discount_assisted"] or 0),
        missing=missing,
        notes=notes,
    )


def labour_of(asked: Asked) -> tuple[float, str, tuple[str, ...]]:
    """The cost of labour, the term that is missing, and notes."""
    told, work = asked.beside.hours, 1 - asked.costs.shrinkage
    if told is not None and (told.paid or not talks(asked)["handle"]):
        if told.wages or not told.unpaid:
            return told.wages / work, "", ("some_unpaid",) if told.unpaid else ()
        return 0.0, "wage", ()
    found = talks(asked)
    if found["cost"] is not None:
        return float(found["cost"]) / work, "", ("handle_time",)
    if asked.costs.wage is not None:
        return (found["handle"] or 0) / HOUR * asked.costs.wage / work, "", ("handle_time",)
    return (0.0, "wage", ()) if found["handle"] else (0.0, "", ())


def total_cost(asked: Asked) -> Figure:
    """All that help costs."""
    found = bill(asked)
    if found.missing:
        return unknown(found.missing, found.parts)
    return Figure(value=found.total, n=asked.scope.days, parts=found.parts, notes=found.notes)


def by_count(count: str, *, discounts: bool) -> Find:
    """The cost of one contact or one order after a chat."""

    def find(asked: Asked) -> Figure:
        found = bill(asked)
        n = talks(asked)["answered"] if count == "contacts" else basket(asked)["orders_assisted"]
        cost = part("total_cost", found.total) if discounts else part("service_cost", found.service)
        if found.missing:
            return unknown(found.missing, (cost, part(count, n)))
        return replace(with_notes(cost_of_one(cost, part(count, n)), *found.notes), rows=rows_of(asked, count))

    return find


def rows_of(asked: Asked, count: str) -> tuple[Row, ...]:
    """By channel, and by agent for conversions: the time of conversations alone, at the wages of the team."""
    where, values = asked.where("conversation", "c")
    column = "channel" if count == "contacts" else "agent"
    found = asked.rows(
        f"""WITH sold AS (
            SELECT last_chat AS conversation, count(*) AS n FROM orders
            WHERE site = ? AND stands AND last_chat_ms < {asked.window_ms} {asked.confirmed} GROUP BY ALL)
        SELECT c.{column} AS name, count(c.answered_at) AS contacts, coalesce(sum(sold.n), 0) AS orders_assisted,
            sum(coalesce(c.cost, c.handle_ms / 3600000.0 * ?)) AS cost
        FROM conversation c LEFT JOIN sold USING (conversation) WHERE {where} AND c.answered_at IS NOT NULL
        GROUP BY ALL ORDER BY name""",
        [asked.scope.site, asked.costs.wage, *values],
    )
    return tuple(row(one["name"], of_row(one, count)) for one in found)


def of_row(one: dict[str, object], count: str) -> Figure:
    """The cost of one of a channel or an agent."""
    cost, n = one["cost"], one[count]
    told = Part(count, float(str(n)))
    return unknown("wage", (told,)) if cost is None else cost_of_one(part("handle_cost", float(str(cost))), told)


def per_incremental(asked: Asked) -> Figure:
    """The cost of one order that would not have come without help: by the hold-out, never by attribution."""
    found, added = bill(asked), asked.beside.incremental
    cost = part("total_cost", found.total)
    if found.missing:
        return unknown(found.missing, (cost,))
    if added is None or added.orders is None:
        return unknown("incremental_orders", (cost,))
    orders = added.orders
    parts = (cost, part("incremental_orders", orders.value))
    if orders.value <= 0:
        return Figure(why="not_above_0:incremental_orders", parts=parts)
    return Figure(
        value=cost.value / orders.value,
        low=cost.value / orders.high,
        high=cost.value / orders.low if orders.low > 0 else None,
        n=round(orders.value),
        parts=parts,
        notes=(*found.notes, *([] if orders.low > 0 else ["no_upper_bound"])),
    )


def handling(asked: Asked) -> Figure:
    """Time of an agent for one contact, after-chat work included."""
    found = talks(asked)
    return quotient(part("handle_ms", found["handle"]), part("contacts", found["answered"]), found["answered"])


FIND: dict[str, Find] = {
    "total_cost": total_cost,
    "cost_per_contact": by_count("contacts", discounts=False),
    "cost_per_conversion": by_count("orders_assisted", discounts=True),
    "cost_per_incremental_conversion": per_incremental,
    "handle_time": handling,
}
