"""Which help the margin can pay for: many orders of little margin, or few of much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct, structs

from aparte.planning.departments import Hours, departments
from aparte.planning.inputs import Scenario
from aparte.planning.roi import Result, business_case, values
from aparte.planning.workings import margin_per_order

PAID_BY_AN_ORDER = 10.0
"""Conversations that the margin of one order must pay for to count as high. A judgement: a good conversation brings an
order more in ten (science.md, 5.4: 20 % buy, half of them would have anyway)."""
MOVED = 0.1
"""The share of conversations that the advice on self-service moves."""
Model = Literal["high volume, low margin", "low volume, high margin"]


class Advice(Struct, frozen=True, kw_only=True):
    """One piece of advice: its code, its numbers, and the sentence in English."""

    code: str
    figures: dict[str, float]
    what: str


class Strategy(Struct, frozen=True, kw_only=True):
    """What a conversation may cost, what it does cost, and what follows."""

    model: Model
    margin_per_order: float
    incremental_orders_per_conversation: float
    conversations_paid_by_an_order: float | None
    """How many conversations the margin of an order pays for; None when they cost nothing."""
    value_per_conversation: float
    """What a conversation brings: incremental margin and savings, less discounts and errors: the most it may cost."""
    cost_per_conversation: float
    contribution_per_conversation: float
    paying_margin_per_order: float | None
    """The bid: the margin of an order from which on a conversation pays for itself; None when none does."""
    advice: tuple[Advice, ...]


def strategy(scenario: Scenario, paid_by_an_order: float = PAID_BY_AN_ORDER) -> Strategy | None:
    """The strategy that the scenario's own numbers allow; None when there is no conversation to advise on."""
    month = business_case(scenario).month
    if not month.conversations or month.cost_per_conversation is None:
        return None
    worth = float(margin_per_order(values(scenario)))
    each = per_conversation(month)
    cost = month.cost_per_conversation
    beside = each["savings"] - each["discounts"] - each["errors"]
    more = each["incremental_orders"]
    found = Strategy(
        model="low volume, high margin" if worth >= paid_by_an_order * cost else "high volume, low margin",
        margin_per_order=worth,
        incremental_orders_per_conversation=more,
        conversations_paid_by_an_order=worth / cost if cost else None,
        value_per_conversation=more * worth + beside,
        cost_per_conversation=cost,
        contribution_per_conversation=more * worth + beside - cost,
        paying_margin_per_order=max(0.0, (cost - beside) / more) if more > 0 else None,
        advice=(),
    )
    return structs.replace(found, advice=(*advice(found, month), *moving(departments(scenario))))


def per_conversation(month: Result) -> dict[str, float]:
    """The figures of a month, for each conversation."""
    names = ("incremental_orders", "savings", "discounts", "errors")
    return {name: getattr(month, name) / month.conversations for name in names}


def advice(found: Strategy, month: Result) -> Iterator[Advice]:
    """What follows, the most pressing first."""
    yield paying(found)
    if found.paying_margin_per_order is not None:
        yield bid(found, found.paying_margin_per_order)
    if found.contribution_per_conversation > 0:
        yield from mass(found, month)
    if found.model == "high volume, low margin" or found.contribution_per_conversation <= 0:
        yield self_service(month)
    if month.discounts > 0:
        yield discounts(month)
    if month.software > 0:
        yield labour(month)


def paying(found: Strategy) -> Advice:
    """Whether a conversation pays for its agent."""
    value, cost = found.value_per_conversation, found.cost_per_conversation
    pays = value > cost
    then = (
        "each further one adds the difference: invite more, as long as agents are free"
        if pays
        else "invite fewer, those whose order is worth more, and leave the rest to self-service"
    )
    return Advice(
        code="pays" if pays else "does_not_pay",
        figures={"value": value, "cost": cost, "contribution": value - cost},
        what=f"a conversation brings {value:.2f} and its agent costs {cost:.2f}: {then}",
    )


def bid(found: Strategy, margin: float) -> Advice:
    """The margin from which on a conversation pays."""
    return Advice(
        code="bid",
        figures={"margin": margin, "present": found.margin_per_order},
        what=f"a conversation pays from a margin of {margin:.2f} an order; now an order brings "
        f"{found.margin_per_order:.2f}",
    )


def mass(found: Strategy, month: Result) -> Iterator[Advice]:
    """The conversations from which on the monthly costs beside the agents are covered."""
    beside = month.software + month.services + month.fixed
    needed = beside / found.contribution_per_conversation
    if beside:
        yield Advice(
            code="critical_mass",
            figures={"needed": needed, "conversations": month.conversations, "beside": beside},
            what=f"{needed:,.0f} conversations a month cover the {beside:,.0f} paid beside the agents; "
            f"{month.conversations:,.0f} are expected",
        )


def self_service(month: Result) -> Advice:
    """What a tenth of the conversations less would save, and what it would put at stake."""
    saved, stake = MOVED * (month.labour + month.discounts + month.errors), MOVED * (month.margin + month.savings)
    return Advice(
        code="self_service",
        figures={"moved": MOVED, "saved": saved, "stake": stake},
        what=f"moving {100 * MOVED:.0f}% of the conversations to self-service saves {saved:,.0f} a month and puts at "
        f"most {stake:,.0f} at stake",
    )


def discounts(month: Result) -> Advice:
    """Discounts against the margin that the help brings."""
    return Advice(
        code="discounts",
        figures={"discounts": month.discounts, "margin": month.margin},
        what=f"discounts take {month.discounts:,.0f} of the {month.margin:,.0f} of incremental margin a month: "
        "they also go to those who would have bought anyway",
    )


def labour(month: Result) -> Advice:
    """Agents against software."""
    times = month.labour / month.software
    return Advice(
        code="labour",
        figures={"labour": month.labour, "software": month.software, "times": times},
        what=f"agents cost {times:.1f} times the software: an hour not added needlessly weighs more than a licence",
    )


def moving(hours: Hours | None) -> Iterator[Advice]:
    """Who can be moved from one department to another (S0-48)."""
    if hours is not None:
        yield Advice(
            code="departments",
            figures=structs.asdict(hours),
            what=f"the chat takes {hours.chat:.0f} hours at work a month, and spares {hours.phone:.0f} on the phone "
            f"and {hours.mail:.0f} for mail: people who can be moved",
        )
