"""Somebody hesitates at the cart: seen twice without a new article, thirty seconds there, fifty euros in it."""

import pytest
from visits import GOOGLEBOT, Shop

from aparte.experiments.assign import draw
from aparte.experiments.model import campaign_seed, holdout_split
from aparte.routing.model import Capacity

HELP = "May we help you?"
SHOP = f"""
[site]
id = "lamps"
holdout = 0.0
languages = ["fr", "en"]

[behaviours.cart_views]
count = "Cart Viewed"
since = "Product Added"

[[campaigns]]
name = "cart-hesitation"
holdout = HOLDOUT

[[campaigns.rules]]
name = "two-views"
when = 'cart_views >= 2 && page.dwell >= duration("30s") && cart.value >= 50'
priority = 10
offer = {{ channel = "chat", skill = "sales", message = {{ fr = "Pouvons-nous vous aider ?", en = "{HELP}" }} }}
"""


def shop(holdout: float = 0.0) -> Shop:
    return Shop(SHOP.replace("HOLDOUT", str(holdout)))


@pytest.mark.covers("S0-11", "S0-23", "S0-29", "S0-30", "S0-31", "S0-39", "S0-43", "S0-76", "S1-03")
def test_who_hesitates_at_the_cart_is_invited_after_thirty_seconds() -> None:
    lamps = shop()
    anna = lamps.visit("anna")
    anna.at("10:00:00").views("/lamps/desk").adds("desk lamp", 49.00)
    anna.at("10:00:20").views("/cart")
    anna.at("10:00:50").views("/delivery")
    anna.at("10:01:10").adds("bulb", 1.00)
    anna.at("10:01:15").views("/cart")
    anna.at("10:01:40").views("/delivery")
    anna.at("10:02:00").views("/cart")
    assert lamps.story().invited("anna") == [f"10:02:30 {HELP}"]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (("/cart", "/cart", 48.99), "the cart holds less than fifty euros"),
        (("/cart", "/delivery", 50.00), "the cart was seen once"),
        (("/cart", "/delivery", 500.00), "seen once, however much is in it"),
    ],
)
def test_who_does_not_hesitate_is_left_alone(told: tuple[str, str, float], why: str) -> None:
    first, second, price = told
    lamps = shop()
    ben = lamps.visit("ben").at("10:00:00").views("/lamps").adds("lamp", price)
    ben.at("10:00:10").views(first).at("10:00:20").views(second).at("10:05:00").does("Scrolled")
    assert lamps.story().decisions == [], why


@pytest.mark.covers("S0-30")
def test_an_article_added_in_between_begins_the_count_anew() -> None:
    lamps = shop()
    carl = lamps.visit("carl").at("10:00:00").adds("lamp", 80)
    carl.at("10:00:10").views("/cart").at("10:00:20").adds("bulb", 5).at("10:00:30").views("/cart")
    assert lamps.story().invited("carl") == []


def test_leaving_the_cart_a_moment_too_early_and_a_moment_too_late() -> None:
    lamps = shop()
    early, late = lamps.visit("early"), lamps.visit("late")
    for visit in (early, late):
        visit.at("10:00:00").adds("lamp", 50).views("/cart").at("10:01:00").views("/cart")
    early.at("10:01:29.999").views("/checkout").at("10:01:31").views("/confirmation")
    late.at("10:01:30").views("/checkout")
    story = lamps.story()
    assert story.invited("late") == [f"10:01:30 {HELP}"]
    # The third page keeps the two views of the cart; what counts is thirty seconds on whichever page is open.
    assert story.invited("early") == [f"10:02:01 {HELP}"]


@pytest.mark.covers("S1-12", "S1-13")
def test_who_buys_by_himself_is_left_alone_and_his_order_counts() -> None:
    lamps = shop()
    dora = lamps.visit("dora").at("10:00:00").views("/lamps").adds("lamp", 120)
    dora.at("10:00:20").views("/cart").at("10:00:35").views("/cart")
    dora.at("10:00:55").views("/checkout").orders("2024-1", 120).at("10:01:00").views("/thanks")
    story = lamps.story()
    assert story.decisions == []
    assert (story.summary.orders, story.summary.revenue) == (1, 120.0)


def test_a_machine_is_never_invited_and_in_no_figure() -> None:
    lamps = shop()
    for visitor, agent in (("robot", GOOGLEBOT), ("person", "Mozilla/5.0 (X11; Linux) Firefox/120.0")):
        visit = lamps.visit(visitor, agent).at("10:00:00").adds("lamp", 60)
        visit.views("/cart").at("10:00:10").views("/cart")
    story = lamps.story()
    assert story.refused("robot") == ["10:00:40 bot"]
    assert story.invited("robot") == []
    counts = story.summary.rules["cart-hesitation/two-views"]
    assert (counts.eligible_sessions, counts.candidates, counts.invited) == (1, 1, 1)
    assert (story.summary.sessions, story.summary.bot_sessions) == (2, 1)


@pytest.mark.covers("S0-16")
def test_a_visitor_who_comes_back_starts_with_an_empty_cart_and_is_known() -> None:
    lamps = shop()
    emma = lamps.visit("emma").at("10:00:00").adds("lamp", 60).views("/cart")
    emma.on("2024-01-16").at("09:00:00").views("/cart").views("/cart").at("09:10:00").views("/lamps")
    assert lamps.story().decisions == []
    emma.at("09:10:05").adds("lamp", 60).at("09:10:10").views("/cart").at("09:10:20").views("/cart")
    story = lamps.story()
    assert story.invited("emma") == [f"09:10:50 {HELP}"]
    assert [one.session for one in story.decisions] == [2]
    assert (story.summary.visitors, story.summary.sessions) == (1, 2)


def twins(holdout: float) -> tuple[str, str]:
    """Two names, the first of whom the hash treats, the second holds out."""
    split = holdout_split(campaign_seed("cart-hesitation"), 1, holdout)
    names = [f"twin-{number}" for number in range(200)]
    return tuple(next(name for name in names if draw(split, name) == arm) for arm in ("treated", "holdout"))  # type: ignore[return-value]


@pytest.mark.covers("S0-05", "S1-69")
def test_the_held_out_twin_does_the_same_and_gets_nothing() -> None:
    lamps = shop(holdout=0.5)
    treated, held_out = twins(0.5)
    for name in (treated, held_out):
        visit = lamps.visit(name).at("10:00:00").adds("lamp", 60).views("/cart").at("10:00:10").views("/cart")
        visit.at("10:05:00").views("/cart").at("14:00:00").adds("lamp", 70).views("/cart").views("/cart")
    story = lamps.story()
    assert story.invited(treated) == [f"10:00:40 {HELP}", f"14:00:30 {HELP}"]
    assert story.held_out(held_out) == ["10:00:40 campaign", "14:00:30 campaign"]
    assert story.held_out(treated) == story.invited(held_out) == []
    alike = [[(one.at, one.rule, one.covered, one.values) for one in story.of(name)] for name in (treated, held_out)]
    assert alike[0] == alike[1]


@pytest.mark.covers("S0-52")
def test_forty_hesitate_at_once_and_two_agents_are_free() -> None:
    lamps = shop()
    for number in range(40):
        visit = lamps.visit(f"v{number}").at("10:00:00").adds("lamp", 60).views("/cart")
        visit.at("10:00:10").views("/cart")
    story = lamps.story(Capacity(everywhere=2))
    counts = story.summary.rules["cart-hesitation/two-views"]
    assert (counts.eligible_sessions, counts.invited, counts.refrained["pacing"]) == (40, 4, 36)
    nobody = lamps.story(Capacity(everywhere=0))
    assert nobody.summary.rules["cart-hesitation/two-views"].refrained == {"not_covered": 40}
