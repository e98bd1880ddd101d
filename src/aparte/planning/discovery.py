"""The discovery: from what is wanted and where visitors are lost to rules, largest value first, and a first scenario.

Pure. A rule's value a day is what its answered conversations bring: mean basket x gross margin x the chance that help
makes an order of one that would not have been. Agents are given, hour by hour, to the rules whose conversations are
worth most. All of it is a forecast to be measured against the hold-out.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.planning.discovery_rules import Kind, condition, rule, rule_name
from aparte.planning.given import LEAST, not_negative, number, positive, proper, whole
from aparte.planning.inputs import (
    Conversation,
    Estimate,
    Help,
    Invitation,
    Orders,
    Scenario,
    Source,
    Stated,
    Visitors,
    exactly,
)
from aparte.targeting.model import Rule

HOURS = 24
DAYS_A_MONTH = 365.25 / 12
MOST_ROWS, MOST_PROPOSALS = 200, 12
LEAST_LEFT = 1
HALF, TWICE = 0.5, 2.0
"""How far an assumed effect may be off: the bounds of its range."""


class Drop(Struct, frozen=True, kw_only=True):
    """Where visitors are lost: so many came so far, so many left there without an order."""

    kind: Kind
    path: str = ""
    """The page, for `page` and `checkout`."""
    visitors: int
    left: int
    bought: int | None = None
    """Of those who came so far, who ordered; None: as on the whole site."""
    hours: tuple[float, ...] = ()
    """How many left at each hour of the day, 24 of them; none: alike at all hours."""


class History(Struct, frozen=True, kw_only=True):
    """What was, over so many days. `orders`: visits with an order."""

    days: float
    visits: int
    orders: int
    rows: tuple[Drop, ...]
    source: Source = "measured"


class Means(Struct, frozen=True, kw_only=True):
    """What an order brings, who takes up, and who can answer. Amounts are in the shop's currency."""

    basket: float
    gross_margin: float
    lift: float = 0.1
    """Relative effect of help on those who take up: of 0.05 to 0.20 there is some evidence."""
    acceptance: float = 0.1
    holdout: float = 0.5
    agents_by_hour: tuple[float, ...]
    """Agents on duty at each hour of the day, 24 of them."""
    conversations_per_agent_hour: float = 5.0
    cost_per_conversation: float = 0.0
    skill: str = ""


class Proposal(Struct, frozen=True, kw_only=True):
    """A rule to take or to leave, and what it rests on. All rates are by day."""

    name: str
    drop: Drop
    rule: Rule
    share_left: float
    left_per_day: float
    chance: float
    """That a conversation makes an order of one that would not have been."""
    value_per_conversation: float
    invitations_per_day: float
    conversations_per_day: float
    answerable: float
    """The share of these conversations for which an agent is free of better ones."""
    value_per_day: float
    pays: bool
    """A conversation brings at least what it costs."""


class Discovered(Struct, frozen=True, kw_only=True):
    """All proposals, the largest value a day first; `why` says why there are none."""

    proposals: tuple[Proposal, ...]
    why: str = ""
    """`no_history`, `nobody_left`, `nobody_buys`, or empty."""


class Wanted(Struct, frozen=True):
    """Conversations that a rule would bring at each hour, and what one is worth."""

    drop: Drop
    chance: float
    value: float
    by_hour: tuple[float, ...]


def discovered(history: History, means: Means) -> Discovered:
    """Rules for the largest drop-offs x value x reachable agents. BadInput names what cannot be."""
    checked_history(history)
    checked_means(means)
    if not history.rows:
        return Discovered(proposals=(), why="no_history")
    found = [one for row in history.rows if (one := wanted(history, means, row)) is not None]
    if not found:
        return Discovered(proposals=(), why="nobody_left" if history.orders else "nobody_buys")
    answered = served(found, means)
    order = sorted(range(len(found)), key=lambda n: (-answered[n] * found[n].value, -sum(found[n].by_hour), n))
    return Discovered(proposals=tuple(proposals(history, means, [(found[n], answered[n]) for n in order])))


def wanted(history: History, means: Means, row: Drop) -> Wanted | None:
    """What a rule for this drop-off would bring; None where nobody is lost, or help could not make an order."""
    rate = history.orders / history.visits if row.bought is None else row.bought / max(row.visitors, 1)
    if row.left < LEAST_LEFT or not rate:
        return None
    chance = min(rate * means.lift, 1 - rate)
    per_day = row.left / history.days * (1 - means.holdout) * means.acceptance
    total = sum(row.hours)
    shares = [one / total for one in row.hours] if total else [1 / HOURS] * HOURS
    value = means.basket * means.gross_margin * chance
    return Wanted(row, chance, value, tuple(per_day * one for one in shares))


def served(found: Sequence[Wanted], means: Means) -> list[float]:
    """Answered conversations a day of each: hour by hour, agents go to those worth most first."""
    answered = [0.0] * len(found)
    best = sorted(range(len(found)), key=lambda n: (-found[n].value, n))
    for hour in range(HOURS):
        free = means.agents_by_hour[hour] * means.conversations_per_agent_hour
        for n in best:
            taken = min(free, found[n].by_hour[hour])
            answered[n] += taken
            free -= taken
    return answered


def proposals(history: History, means: Means, found: Sequence[tuple[Wanted, float]]) -> list[Proposal]:
    """The first so many, with a rule each; whoever brings more rules over the others."""
    made: list[Proposal] = []
    kept = list(found)[:MOST_PROPOSALS]
    for place, (one, answered) in enumerate(kept):
        row = one.drop
        name = rule_name(row.kind, row.path, [each.name for each in made])
        talks = sum(one.by_hour)
        made.append(Proposal(
            name=name, drop=row, share_left=row.left / row.visitors, left_per_day=row.left / history.days,
            rule=rule(name, row.kind, row.path, 10 * (len(kept) - place), one.value, means.cost_per_conversation,
                      means.skill),
            chance=one.chance, value_per_conversation=one.value, invitations_per_day=talks / means.acceptance,
            conversations_per_day=talks, answerable=answered / talks, value_per_day=answered * one.value,
            pays=one.value >= means.cost_per_conversation,
        ))  # fmt: skip
    return made


def checked_history(history: History) -> None:
    """BadInput for a history that cannot be."""
    positive(history.days, "days")
    if not_negative(history.orders, "orders") > not_negative(history.visits, "visits"):
        raise BadInput("more orders than visits", where="orders", hint="count visits with an order")
    if history.rows:
        whole(history.visits, "visits", 10**12)
    if len(history.rows) > MOST_ROWS:
        raise BadInput(f"there are {len(history.rows)} rows", where="history", hint=f"at most {MOST_ROWS}")
    for n, row in enumerate(history.rows):
        checked_row(row, f"history.{n}")


def checked_row(row: Drop, where: str) -> None:
    """BadInput for a row that cannot be."""
    try:
        condition(row.kind, row.path)
    except BadInput as error:
        raise BadInput(error.what, where=f"{where}.{error.where}", hint=error.hint) from None
    if not_negative(row.left, f"{where}.left") > not_negative(row.visitors, f"{where}.visitors"):
        raise BadInput("more have left than came", where=f"{where}.left", hint="of those who came so far")
    if row.bought is not None and not_negative(row.bought, f"{where}.bought") + row.left > row.visitors:
        hint = "who buys has not left without an order"
        raise BadInput("more have bought or left than came", where=f"{where}.bought", hint=hint)
    if row.hours:
        by_hour(row.hours, f"{where}.hours")


def checked_means(means: Means) -> None:
    """BadInput for what no shop has."""
    positive(means.basket, "basket")
    positive(means.lift, "lift")
    positive(means.conversations_per_agent_hour, "conversations_per_agent_hour")
    not_negative(means.cost_per_conversation, "cost_per_conversation")
    proper(means.holdout, "holdout", "with nobody held out, or everybody, nothing is known")
    for name in ("gross_margin", "acceptance"):
        if not LEAST <= number(getattr(means, name), name) <= 1:
            raise BadInput(f"{getattr(means, name):g} is no share", where=name, hint="above 0, at most 1: 0.3 is 30 %")
    by_hour(means.agents_by_hour, "agents_by_hour")


def by_hour(figures: Sequence[float], where: str) -> None:
    """BadInput unless there is one for each hour of the day."""
    if len(figures) != HOURS:
        raise BadInput(f"{len(figures)} hours", where=where, hint="24, from midnight on")
    for one in figures:
        not_negative(one, where)


def first_scenario(name: str, currency: str, history: History, means: Means, taken: Sequence[Proposal]) -> Scenario:
    """The scenario to begin with: what was counted, what was entered, and the effect assumed within its range.

    The lift is that of the taken rules: conversations answered x chance by eligible visitor, from half to twice of it.
    BadInput without a rule or without visits.
    """
    if not taken:
        raise BadInput("no rule is taken", where="taken", hint="take one at least")
    eligible = sum(one.left_per_day for one in taken)
    visits = positive(history.visits, "visits") / history.days
    share = min(eligible / visits, 1.0)
    answered = sum(one.conversations_per_day * one.answerable for one in taken)
    won = sum(one.conversations_per_day * one.answerable * one.chance for one in taken)
    covered = answered / sum(one.conversations_per_day for one in taken)
    lift = means.acceptance * (won / answered if answered else 0.0)
    return Scenario(
        name=name, currency=currency,
        visitors=Visitors(
            visits_per_month=exactly(visits * DAYS_A_MONTH, history.source),
            eligible_covered_share=spread(share * covered, 1.0), hold_out_share=exactly(means.holdout, "entered"),
        ),
        invitation=Invitation(acceptance=spread(means.acceptance, 1.0)),
        help=Help(lift_per_eligible=spread(lift, 1.0)),
        orders=Orders(basket=exactly(means.basket, history.source), gross_margin=exactly(means.gross_margin)),
        conversation=Conversation(cost_per_conversation=exactly(means.cost_per_conversation, "calculated")),
        stated=Stated(site_conversion=exactly(history.orders / history.visits, history.source)),
    )  # fmt: skip


def spread(value: float, most: float) -> Estimate:
    """An assumption, from half to twice of it."""
    return Estimate(value * HALF, value, min(value * TWICE, most), "assumed")
