"""What a business case is worked out from: every input with its range and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeVar

from msgspec import Struct, structs

Source = Literal["measured", "entered", "assumed", "calculated"]
Group = TypeVar("Group", bound=Struct)
Kind = Literal["chat", "phone", "mail", "store", "callback", "video", "content"]

WITHIN, WITHIN_MEASURED = 0.8, 0.95
"""How often the truth lies between low and high, when the estimate does not say: what people give as a range is read as
eight times in ten, what an experiment measured as its 95 % interval."""


class Estimate(Struct, frozen=True):
    """An input: the value retained, from low to high, and where it comes from.

    `within` is how often the truth falls between low and high; the rest falls as often below as above.
    """

    low: float
    value: float
    high: float
    source: Source = "entered"
    within: float = WITHIN

    @property
    def known(self) -> bool:
        """Whether there is no range: low and high are the value."""
        return self.low == self.high


def exactly(value: float, source: Source = "entered") -> Estimate:
    """An input without a range."""
    return Estimate(value, value, value, source)


class Visitors(Struct, frozen=True, kw_only=True):
    """How many come. Eligible and covered: a rule matched while an agent was free; held out: of these, by chance."""

    visits_per_month: Estimate
    eligible_covered_share: Estimate
    hold_out_share: Estimate = exactly(0.1, "assumed")


class Invitation(Struct, frozen=True, kw_only=True):
    """Of the eligible and covered not held out, the share shown an invitation; of these, the share accepting."""

    shown_share: Estimate = exactly(1.0, "assumed")
    acceptance: Estimate


class Help(Struct, frozen=True, kw_only=True):
    """What the help changes: EITHER the lift, orders more for each eligible and covered visitor (0.0091 is +0.91
    points), OR, of those who accept, their conversion with help and either without it or the share of the orders that
    is incremental. With both, the lift counts, and `contradictions` says whether they agree."""

    lift_per_eligible: Estimate | None = None
    conversion_with_help: Estimate | None = None
    conversion_without_help: Estimate | None = None
    additionality: Estimate | None = None


class Orders(Struct, frozen=True, kw_only=True):
    """What an order brings. `basket` before the discount and without tax; `gross_margin` and `discount` are shares of
    it; `discount_use` is the share of all helped buyers who use it, those who would have bought anyway too."""

    basket: Estimate
    gross_margin: Estimate
    return_rate: Estimate = exactly(0.0, "assumed")
    cost_per_return: Estimate = exactly(0.0, "assumed")
    discount: Estimate = exactly(0.0, "assumed")
    discount_use: Estimate = exactly(1.0, "assumed")


class Conversation(Struct, frozen=True, kw_only=True):
    """What a conversation takes: EITHER its cost (labour alone), OR the times it is worked out from with the teams.

    A turn is the agent's work and the customer's time after it; `concurrency` is how many conversations an agent holds
    at once; `occupancy` is the share of his time at the desk in which he holds that many.
    """

    cost_per_conversation: Estimate | None = None
    agent_seconds: Estimate | None = None
    customer_seconds: Estimate | None = None
    turns: Estimate | None = None
    concurrency: Estimate = exactly(1.0, "assumed")
    occupancy: Estimate = exactly(1.0, "assumed")


class Team(Struct, frozen=True, kw_only=True):
    """Who answers. `share` is its part of the conversations; paid hours, when given, are paid whatever comes."""

    name: str
    share: Estimate = exactly(1.0, "assumed")
    wage_per_hour: Estimate
    shrinkage: Estimate = exactly(0.0, "assumed")
    paid_hours_per_month: Estimate | None = None


class Costs(Struct, frozen=True, kw_only=True):
    """What is paid beside the agents."""

    software_per_month: Estimate = exactly(0.0, "assumed")
    services_once: Estimate = exactly(0.0, "assumed")
    services_per_month: Estimate = exactly(0.0, "assumed")
    fixed_per_month: Estimate = exactly(0.0, "assumed")


class Service(Struct, frozen=True, kw_only=True):
    """Calls and mails, and how many of them a conversation truly avoids (those that came all the same are off)."""

    calls_per_month: Estimate | None = None
    cost_per_call: Estimate = exactly(0.0, "assumed")
    calls_avoided_per_conversation: Estimate = exactly(0.0, "assumed")
    mails_per_month: Estimate | None = None
    cost_per_mail: Estimate = exactly(0.0, "assumed")
    mails_avoided_per_conversation: Estimate = exactly(0.0, "assumed")


class Customers(Struct, frozen=True, kw_only=True):
    """What is won and lost beyond the order. `kept_share`: of the conversations, those that kept a customer who would
    have left. `badly_helped_share`: those that went badly; `leave_share`: of these, the customers who leave."""

    lifetime_value: Estimate = exactly(0.0, "assumed")
    kept_share: Estimate = exactly(0.0, "assumed")
    badly_helped_share: Estimate = exactly(0.0, "assumed")
    leave_share: Estimate = exactly(0.0, "assumed")
    loss_per_month_of_delay: Estimate = exactly(0.0, "assumed")


class Stated(Struct, frozen=True, kw_only=True):
    """What the firm says of itself. Nothing is worked out from it; `contradictions` holds it against the rest.

    `engaged_share`: visitors in a conversation; `conversion_ratio` and `basket_ratio`: they against the others;
    `assisted_share`: their part of the sales.
    """

    orders_per_month: Estimate | None = None
    site_conversion: Estimate | None = None
    conversations_per_month: Estimate | None = None
    assisted_orders_per_month: Estimate | None = None
    assisted_share: Estimate | None = None
    engaged_share: Estimate | None = None
    conversion_ratio: Estimate | None = None
    basket_ratio: Estimate | None = None
    accepted_to_declined: Estimate | None = None


class Phase(Struct, frozen=True, kw_only=True):
    """A step of the roll-out: so many months at this share of the full reach. After the last one the reach is full."""

    name: str
    months: int
    reach: Estimate


class Channel(Struct, frozen=True, kw_only=True):
    """A way to be helped, to hold against the others. `seconds_per_contact` is what one contact takes by itself;
    several at once (`concurrency`) need the agent's and the customer's part of a turn. Wage, shrinkage, basket and
    margin that are not given are the scenario's."""

    name: str
    kind: Kind
    contacts_per_month: Estimate
    conversion: Estimate
    additionality: Estimate = exactly(1.0, "assumed")
    seconds_per_contact: Estimate = exactly(0.0, "assumed")
    agent_seconds: Estimate | None = None
    customer_seconds: Estimate | None = None
    concurrency: Estimate = exactly(1.0, "assumed")
    occupancy: Estimate = exactly(1.0, "assumed")
    wage_per_hour: Estimate | None = None
    shrinkage: Estimate | None = None
    other_cost_per_contact: Estimate = exactly(0.0, "assumed")
    basket: Estimate | None = None
    gross_margin: Estimate | None = None


class Intangible(Struct, frozen=True, kw_only=True):
    """What is not money, as the NPS or the CSAT. It becomes money only by the value that the firm itself enters."""

    name: str
    now: Estimate | None = None
    expected: Estimate | None = None
    value_per_point_and_month: Estimate | None = None


class Scenario(Struct, frozen=True, kw_only=True):
    """All inputs of a business case; money is in `currency`, shares are from 0 to 1."""

    name: str
    currency: str = "EUR"
    horizon_months: int = 12
    visitors: Visitors
    invitation: Invitation
    help: Help
    orders: Orders
    conversation: Conversation = Conversation()
    teams: tuple[Team, ...] = ()
    costs: Costs = Costs()
    service: Service = Service()
    customers: Customers = Customers()
    stated: Stated = Stated()
    phases: tuple[Phase, ...] = ()
    channels: tuple[Channel, ...] = ()
    intangibles: tuple[Intangible, ...] = ()


def inputs(scenario: Scenario) -> dict[str, Estimate]:
    """Every input that is given, by its path: `visitors.visits_per_month`, `teams.chat.wage_per_hour`."""
    return dict(walk(scenario, ""))


def walk(group: Struct, path: str) -> Iterator[tuple[str, Estimate]]:
    """The estimates in this part, with their paths."""
    for name in group.__struct_fields__:
        inside = getattr(group, name)
        if isinstance(inside, Estimate):
            yield path + name, inside
        elif isinstance(inside, Struct):
            yield from walk(inside, f"{path}{name}.")
        elif isinstance(inside, tuple):
            for one in inside:
                yield from walk(one, f"{path}{name}.{one.name}.")


def replaced(scenario: Scenario, by: Mapping[str, Estimate]) -> Scenario:
    """The scenario with these inputs in place of its own; a path that leads nowhere is left out."""
    return rebuilt(scenario, by, "")


def rebuilt(group: Group, by: Mapping[str, Estimate], path: str) -> Group:
    """This part with the inputs replaced."""
    changed: dict[str, object] = {}
    for name in group.__struct_fields__:
        here, inside = path + name, getattr(group, name)
        if here in by:
            changed[name] = by[here]
        elif isinstance(inside, Struct) and not isinstance(inside, Estimate):
            changed[name] = rebuilt(inside, by, here + ".")
        elif isinstance(inside, tuple):
            changed[name] = tuple(rebuilt(one, by, f"{here}.{one.name}.") for one in inside)
    return structs.replace(group, **changed)
