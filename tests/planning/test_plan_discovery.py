"""The discovery: where visitors are lost, what a conversation there is worth, who can answer, and rules made of it.

Planted defects seen to fail here: value without the chance; agents given in the order of the rows; a rule without
`session.orders == 0`; the scenario's share with those who find nobody; the facts of all sites.
"""

from __future__ import annotations

import gzip
import sys
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aparte.kit.errors import BadInput
from aparte.planning.contradictions import contradictions
from aparte.planning.discovery import Discovered, Drop, History, Means, discovered, first_scenario
from aparte.planning.discovery_rules import CONDITIONS, MESSAGES, campaign_text
from aparte.planning.roi import business_case
from aparte.planning.scenario import read_scenario, write_scenario
from aparte.reports.discovering import known
from aparte.reports.discovery_words import PLACES, reason
from aparte.reports.scope import Scope
from aparte.targeting.campaign import load
from aparte.tracking.normalise import Normaliser
from aparte.tracking.store import Logged

sys.path.append(str(Path(__file__).parents[1] / "attribution"))
from facts_world import DAY, HOUR, MINUTE, PARIS, START, Log

ALL_DAY = (10.0,) * 24
SHOP = Means(basket=90, gross_margin=0.4, agents_by_hour=ALL_DAY, cost_per_conversation=0.3, skill="sales")
CART = Drop(kind="cart", visitors=900, left=650, bought=150)
PAGE = Drop(kind="page", path="/p/a", visitors=4_000, left=1_900)
PAYMENT = Drop(kind="checkout", path='/pay "now"', visitors=300, left=120, bought=170)
COUNTS = st.integers(0, 5_000)
SEARCH = Drop(kind="empty_search", visitors=400, left=200)


def past(*rows: Drop, **said: Any) -> History:
    return History(**{"days": 28, "visits": 10_000, "orders": 200, "rows": rows, **said})


def names(found: Discovered) -> list[str]:
    return [one.name for one in found.proposals]


def test_a_drop_off_is_worth_its_conversations_times_basket_margin_and_chance() -> None:
    [cart] = discovered(past(CART), SHOP).proposals
    assert cart.chance == pytest.approx(150 / 900 * 0.1)
    assert cart.value_per_conversation == pytest.approx(90 * 0.4 * 150 / 900 * 0.1)
    assert cart.left_per_day == pytest.approx(650 / 28)
    assert cart.invitations_per_day == pytest.approx(650 / 28 / 2), "half are held out"
    assert cart.conversations_per_day == pytest.approx(650 / 28 / 2 * 0.1)
    assert (cart.answerable, cart.pays) == (pytest.approx(1), True)
    assert cart.value_per_day == pytest.approx(650 / 28 / 2 * 0.1 * 0.6)
    assert cart.share_left == pytest.approx(650 / 900)


def test_a_page_whose_buyers_nobody_counted_is_as_the_whole_site() -> None:
    [page] = discovered(past(PAGE), SHOP).proposals
    assert page.chance == pytest.approx(200 / 10_000 * 0.1)
    assert not page.pays, "0.07 a conversation that costs 0.30"


def test_the_largest_value_comes_first_and_rules_over_the_others() -> None:
    found = discovered(past(SEARCH, PAGE, PAYMENT, CART), SHOP)
    assert names(found) == ["cart", "checkout-pay-now", "page-p-a", "empty-search"]
    values = [one.value_per_day for one in found.proposals]
    assert values == sorted(values, reverse=True)
    assert [one.rule.priority for one in found.proposals] == [40, 30, 20, 10]


def test_agents_go_to_the_conversations_that_are_worth_most() -> None:
    """One conversation in an hour of one day: the checkout's visitors take it, whatever the order of the rows."""
    few = Means(
        basket=90, gross_margin=0.4, agents_by_hour=(0.0,) * 10 + (0.2,) + (0.0,) * 13, conversations_per_agent_hour=1.0
    )  # fmt: skip
    at_ten = (0.0,) * 10 + (1.0,) + (0.0,) * 13
    cart = Drop(kind="cart", visitors=900, left=650, bought=150, hours=at_ten)
    payment = Drop(kind="payment_error", visitors=300, left=120, bought=170, hours=at_ten)
    for rows in ((cart, payment), (payment, cart)):
        found = {one.name: one for one in discovered(past(*rows), few).proposals}
        taken = 0.2
        assert found["payment-error"].answerable == pytest.approx(taken / (120 / 28 / 2 * 0.1))
        assert found["cart"].answerable == 0
    night = Drop(kind="cart", visitors=900, left=650, bought=150, hours=(1.0,) + (0.0,) * 23)
    [alone] = discovered(past(night), few).proposals
    assert (alone.answerable, alone.value_per_day) == (0, 0), "nobody is there at night"


@pytest.mark.covers("S0-23", "S0-54")
def test_every_rule_is_a_campaign_that_the_check_takes() -> None:
    rows = [Drop(kind=kind, path="/a b?c\\\"'é", visitors=100, left=50, bought=10) for kind in CONDITIONS]
    found = discovered(past(*rows), SHOP)
    assert len(found.proposals) == len(rows)
    whole = load(campaign_text("shop", [one.rule for one in found.proposals], 0.5), "proposed.toml")
    assert all("may be absent" in one.text for one in whole.warnings), "a rule does not hold where a page has no path"
    [campaign] = whole.file.campaigns
    assert (campaign.state, campaign.holdout) == ("draft", 0.5)
    for one in found.proposals:
        alone = load(campaign_text("shop", [one.rule], 0.5), "proposed.toml").file
        [rule] = alone.campaigns[0].rules
        assert rule == one.rule
        assert rule.when.endswith("session.orders == 0"), "who has bought is left in peace"
        assert rule.offer.margin == round(one.value_per_conversation, 2)
        assert isinstance(rule.offer.message, dict)
        assert set(rule.offer.message) == {"fr", "en"}
    assert set(CONDITIONS) == set(MESSAGES) == set(PLACES["en"]) == set(PLACES["fr"])


def test_names_are_once_in_the_campaign() -> None:
    found = discovered(past(PAGE, Drop(kind="page", path="/P/A/", visitors=10, left=9)), SHOP)
    assert names(found) == ["page-p-a", "page-p-a-2"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_reason_is_said_in_words_with_its_figures(language: str) -> None:
    [page] = discovered(past(PAGE), SHOP).proposals
    said = reason(page, "EUR", language)
    assert "/p/a" in said
    assert ("1,900" if language == "en" else "1\u00a0900") in said
    assert ("It costs more" if language == "en" else "Elle coûte plus") in said


@pytest.mark.parametrize(
    ("history", "why"),
    [(past(), "no_history"), (past(visits=0, orders=0), "no_history"),
     (past(Drop(kind="cart", visitors=10, left=0)), "nobody_left"), (past(SEARCH, orders=0), "nobody_buys")],
)  # fmt: skip
def test_without_anything_lost_nothing_is_proposed_and_it_is_said_why(history: History, why: str) -> None:
    found = discovered(history, SHOP)
    assert (found.proposals, found.why) == ((), why)


def test_the_first_scenario_is_one_that_can_be_worked_out() -> None:
    history = past(CART, PAYMENT)
    found = discovered(history, SHOP)
    plan = first_scenario("Plan", "EUR", history, SHOP, found.proposals)
    assert read_scenario(write_scenario(plan)) == plan
    assert contradictions(plan) == ()
    assert plan.visitors.visits_per_month.value == pytest.approx(10_000 / 28 * 365.25 / 12)
    assert plan.visitors.eligible_covered_share.value == pytest.approx(770 / 10_000)
    assert plan.visitors.visits_per_month.source == "measured"
    assert plan.help.lift_per_eligible is not None
    assert plan.help.lift_per_eligible.source == "assumed"
    month = business_case(plan).month
    orders = sum(one.conversations_per_day * one.chance for one in found.proposals) * 365.25 / 12
    assert month.incremental_orders == pytest.approx(orders), "the same orders as the rules promise"
    assert month.conversations == pytest.approx(sum(one.conversations_per_day for one in found.proposals) * 365.25 / 12)


def test_those_who_find_nobody_are_not_covered_in_the_scenario() -> None:
    """Agents in half of the hours: half of the eligible are covered, and half of the orders come."""
    half = Means(basket=90, gross_margin=0.4, agents_by_hour=(10.0,) * 12 + (0.0,) * 12)
    plan = first_scenario("Plan", "EUR", past(CART), half, discovered(past(CART), half).proposals)
    assert plan.visitors.eligible_covered_share.value == pytest.approx(650 / 10_000 / 2)


@pytest.mark.parametrize(
    ("history", "means", "where"),
    [
        ({"days": 0}, {}, "days"), ({"orders": 20_000}, {}, "orders"), ({"visits": -1}, {}, "visits"),
        ({"rows": (Drop(kind="page", visitors=3, left=1),)}, {}, "history.0.path"),
        ({"rows": (CART, Drop(kind="cart", visitors=3, left=4))}, {}, "history.1.left"),
        ({"rows": (Drop(kind="cart", visitors=3, left=2, bought=2),)}, {}, "history.0.bought"),
        ({"rows": (Drop(kind="cart", visitors=3, left=-2),)}, {}, "history.0.left"),
        ({"rows": (Drop(kind="cart", visitors=3, left=2, hours=(1.0,)),)}, {}, "history.0.hours"),
        ({"rows": (CART,) * 201}, {}, "history"),
        ({}, {"basket": 0}, "basket"), ({}, {"basket": float("nan")}, "basket"),
        ({}, {"gross_margin": 1.2}, "gross_margin"),
        ({}, {"acceptance": 1e-300}, "acceptance"), ({}, {"holdout": 0}, "holdout"), ({}, {"lift": 0}, "lift"),
        ({}, {"agents_by_hour": (1.0,)}, "agents_by_hour"), ({}, {"agents_by_hour": (-1.0,) * 24}, "agents_by_hour"),
        ({}, {"conversations_per_agent_hour": 0}, "conversations_per_agent_hour"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_name(history: dict[str, Any], means: dict[str, Any], where: str) -> None:
    known_means = {one: getattr(SHOP, one) for one in SHOP.__struct_fields__}
    with pytest.raises(BadInput) as refused:
        discovered(past(**{"rows": (CART,), **history}) if "rows" not in history else past(*history["rows"]),
                   Means(**{**known_means, **means}))  # fmt: skip
    assert refused.value.where == where


def test_a_scenario_without_a_rule_is_refused() -> None:
    with pytest.raises(BadInput, match="no rule is taken"):
        first_scenario("Plan", "EUR", past(CART), SHOP, ())


@settings(max_examples=60)
@given(
    rows=st.lists(st.tuples(st.sampled_from(sorted(CONDITIONS)), COUNTS, COUNTS), max_size=15),
    agents=st.floats(0, 50), each=st.floats(0.1, 20),
)  # fmt: skip
def test_any_history_holds_together(rows: list[tuple[Any, int, int]], agents: float, each: float) -> None:
    drops = tuple(Drop(kind=kind, path="/x", visitors=left + more, left=left) for kind, left, more in rows)
    means = Means(
        basket=50, gross_margin=0.3, agents_by_hour=(agents,) * 24, conversations_per_agent_hour=each
    )  # fmt: skip
    found = discovered(past(*drops), means)
    assert len(found.proposals) <= 12
    assert len(set(names(found))) == len(found.proposals)
    values = [one.value_per_day for one in found.proposals]
    assert values == sorted(values, reverse=True)
    answered = sum(one.conversations_per_day * one.answerable for one in found.proposals)
    assert answered <= agents * each * 24 * (1 + 1e-9)
    assert all(0 <= one.answerable <= 1 + 1e-9 for one in found.proposals)


def lost(log: Log, who: str, at: int, *, cart: bool = False, buys: bool = False, page: str = "/p") -> None:
    """A visit to a page; with something in the cart; with an order of 50 of which 20 are margin."""
    log.page(at, who, "/")
    log.page(at + MINUTE, who, page)
    if cart:
        log.track(at + 2 * MINUTE, who, "Product Added", {"product_id": "a", "price": 50.0})
    if buys:
        log.order(at + 3 * MINUTE, who, f"o-{who}", 50.0)


def test_history_is_read_from_the_facts() -> None:
    log = Log()
    for n in range(6):
        lost(log, f"left{n}", START + n * HOUR, cart=n < 4)
    lost(log, "buyer", START + DAY, cart=True, buys=True)
    log.page(START + HOUR, "astray", "/gone", properties={"status": 404})
    scope = Scope(site="shop", since=date(2026, 1, 20), until=date(2026, 2, 10), now=START + 20 * DAY)
    found = known(log.facts(), scope, PARIS)
    assert (found.history.visits, found.history.orders, found.history.days) == (8, 1, 2), (
        "from the first day to the last"
    )
    rows = {(one.kind, one.path): one for one in found.history.rows}
    cart = rows["cart", ""]
    assert (cart.visitors, cart.left, cart.bought) == (5, 4, 1)
    page = rows["page", "/p"]
    assert (page.visitors, page.left, page.bought) == (7, 6, 1)
    assert rows["not_found", ""].left == 1
    assert (found.basket, found.gross_margin) == (50.0, None)
    assert sum(cart.hours) == 7
    assert cart.hours[3:9] == (1.0, 2.0, 1.0, 1.0, 1.0, 1.0), "from 03:40 in Paris"
    assert names(discovered(found.history, SHOP))[:2] == ["page-p", "cart"], "6 x 1 of 7 is more than 4 x 1 of 5"
    other = known(log.facts(), replace(scope, site="other"), PARIS)
    assert (other.history.visits, other.history.rows, other.basket) == (0, (), None)


def test_a_shop_without_visits_has_no_history() -> None:
    scope = Scope(site="shop", since=date(2026, 2, 1), until=date(2026, 2, 28), now=START + 20 * DAY)
    found = known(Log().facts(), scope, PARIS)
    assert (found.history.rows, found.basket) == ((), None)
    assert discovered(found.history, SHOP).why == "no_history"


def test_the_sample_of_a_real_shop_leads_to_rules_where_its_visitors_leave(root: Path) -> None:
    """The Google Merchandise Store: 145 visits with a cart, 21 of them with an order: cart and basket come first."""
    log, read = Log(replace(PARIS, currency="USD", time_zone="America/Los_Angeles")), Normaliser(trusted=True).read
    for n, text in enumerate(gzip.decompress((root / "examples/ga360/events.jsonl.gz").read_bytes()).splitlines(), 1):
        event: Any = read(text)
        name, line = getattr(event, "event", ""), msgspec.json.encode(event)
        log.lines.append(Logged(n, "shop", event.at, event.at, event.visitor, event.kind, name, event.message_id, line))
    scope = Scope(site="shop", since=date(2016, 1, 1), until=date(2017, 12, 31), now=1_520_000_000_000)
    found = known(log.facts(), scope, log.site)
    assert (found.history.visits, found.history.orders) == (1_577, 28)
    assert found.basket is not None
    means = replace(SHOP, basket=found.basket, gross_margin=0.3, lift=0.2)
    proposals = discovered(found.history, means).proposals
    assert [one.name for one in proposals][:2] == ["cart", "page-basket-html"]
    carts = next(one for one in proposals if one.name == "cart")
    assert (carts.drop.visitors, carts.drop.bought) == (145, 21)
    worth = [one.value_per_conversation for one in proposals if one.drop.kind == "checkout"]
    assert (
        min(worth)
        > carts.value_per_conversation
        > max(one.value_per_conversation for one in proposals if one.drop.kind == "page")
    )
    assert load(campaign_text("ga360", [one.rule for one in proposals], 0.5), "ga360.toml")
    plan = first_scenario("GA360", "USD", found.history, means, proposals)
    assert business_case(plan).month.incremental_orders > 0
