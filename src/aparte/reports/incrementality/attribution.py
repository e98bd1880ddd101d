"""Orders after conversations, by the usual models. They describe; beside the causal figures they are told apart."""

from __future__ import annotations

from typing import Any

from aparte.attribution.facts import HORIZONS, Facts
from aparte.reports.incrementality.model import Attributed, Comparison, Range
from aparte.reports.incrementality.persons import persons
from aparte.reports.scope import Scope

TOUCHES = ("last", "first")
PERIOD = """SELECT {sums} FROM orders o JOIN conversation c ON o.site = c.site AND c.conversation = o.{touch}_chat
WHERE o.site = $site AND o.happened_at >= $since AND o.happened_at < $until AND o.stands{told}{filters}"""
COHORT = """SELECT {sums} FROM person x JOIN orders o ON o.site = $site AND x.person = o.person
WHERE x.split = $split AND x.side = 'treated' AND NOT x.again AND NOT x.mixed AND NOT x.young AND o.stands{told}
    AND o.happened_at >= x.from_at AND o.happened_at < x.from_at + $horizon"""
OF_CONVERSATION = ("campaign", "channel", "skill", "agent", "team")


def attributed(
    facts: Facts, scope: Scope, period: tuple[int, int], speaking: Comparison, leads: list[str]
) -> tuple[Attributed, ...]:
    """Both models with every window: of orders of the period, and of the treated who are compared."""
    return tuple(
        one
        for touch in TOUCHES
        for one in of_touch(touch, in_period(facts, scope, period, touch), speaking, cohort(
            facts, scope, period, speaking, leads, touch
        ))
    )  # fmt: skip


def of_touch(touch: Any, period: list[int], speaking: Comparison, cohort: list[int]) -> list[Attributed]:
    """One model."""
    return [
        Attributed(
            touch=touch,
            window=window,
            orders=period[2 * place],
            revenue=period[2 * place + 1],
            cohort_orders=cohort[2 * place],
            additionality=additional(speaking, cohort[2 * place]),
        )
        for place, window in enumerate(HORIZONS)
    ]


def additional(speaking: Comparison, orders: int) -> Range | None:
    """Incremental by attributed orders of the same persons; the number attributed is taken as it is."""
    if speaking.earned is None or not orders:
        return None
    caused = speaking.earned.orders
    return Range(caused.estimate / orders, caused.low / orders, caused.high / orders)


def in_period(facts: Facts, scope: Scope, period: tuple[int, int], touch: str) -> list[int]:
    """Orders and revenue by window, of orders of the period, after conversations that the filters name."""
    values: dict[str, Any] = {"site": scope.site, "since": period[0], "until": period[1]}
    filters = [one for one in OF_CONVERSATION if getattr(scope, one) is not None]
    values |= {one: getattr(scope, one) for one in filters}
    sql = PERIOD.format(
        touch=touch,
        told=told(scope),
        filters="".join(f" AND c.{one} = ${one}" for one in filters),
        sums=windows(touch),
    )
    return list(facts.ask(sql, values).rows[0])


def cohort(
    facts: Facts, scope: Scope, period: tuple[int, int], speaking: Comparison, leads: list[str], touch: str
) -> list[int]:
    """The same of the treated who are compared, in their horizon."""
    sql, values = persons(scope, speaking.level, period, leads)
    asked = COHORT.format(told=told(scope), sums=windows(touch))
    return list(facts.ask(sql + asked, values | {"split": speaking.campaign}).rows[0])


def told(scope: Scope) -> str:
    """Which orders count."""
    return "" if scope.orders == "all" else " AND o.confirmed"


def windows(touch: str) -> str:
    """Orders and revenue of each window."""
    each = (
        f"count(*) FILTER (o.{touch}_chat_ms < {length}), "
        f"coalesce(sum(o.amount) FILTER (o.{touch}_chat_ms < {length}), 0)::BIGINT"
        for length in HORIZONS.values()
    )
    return ", ".join(each)
