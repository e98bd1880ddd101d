"""The moment of an invitation: thirty seconds against fifty, an abandoned cart, an abandoned form."""

from collections import Counter

import pytest
from visits import Shop, Story

MOMENTS = """
[site]
holdout = 0.0
[[campaigns]]
name = "cart-page"
holdout = 0.0
[[campaigns.rules]]
name = "on-the-cart-page"
when = 'page.path == "/cart" && cart.items > 0'
offer = { message = "May we help you?" }
[campaigns.experiment]
variants = [
    { name = "after-30", share = 0.5, delay = "30s" },
    { name = "after-50", share = 0.5, delay = "50s", message = "Still there? So are we." },
]
"""
ABANDONED = """
[site]
holdout = 0.0
[[campaigns]]
name = "abandoned"
holdout = 0.0
[[campaigns.rules]]
name = "cart"
when = 'cart.items > 0 && session.orders == 0 && session.idle >= duration("5m")'
offer = { message = "Shall we keep your cart?" }
[[campaigns.rules]]
name = "leaving"
when = 'cart.items > 0 && page.exit_intents >= 1'
priority = 5
offer = { message = "A question before you go?" }
[[campaigns.rules]]
name = "form"
when = 'session.forms_abandoned >= 1 && session.forms_submitted == 0'
offer = { message = "May we fill it in together?" }
"""
VISITORS = [f"visitor-{number}" for number in range(60)]


def on_the_cart_page(leaves_at: str) -> Story:
    """Sixty visitors who open a filled cart at ten o'clock and leave it some time later."""
    shop = Shop(MOMENTS)
    for visitor in VISITORS:
        visit = shop.visit(visitor).at("10:00:00").adds("lamp", 60.0).views("/cart")
        visit.at(leaves_at).views("/delivery")
    return shop.story()


@pytest.mark.covers("S0-34", "S0-44", "S0-45", "S1-133")
def test_half_are_invited_after_thirty_seconds_and_half_after_fifty_with_other_words() -> None:
    story = on_the_cart_page("10:01:00")
    told = Counter(line for visitor in VISITORS for line in story.invited(visitor))
    assert set(told) == {"10:00:30 May we help you?", "10:00:50 Still there? So are we."}
    assert min(told.values()) >= 20
    assert sum(told.values()) == story.summary.rules["cart-page/on-the-cart-page"].candidates == 60


@pytest.mark.covers("S0-45")
def test_who_leaves_after_forty_seconds_is_a_candidate_of_both_but_only_the_early_moment_reaches_him() -> None:
    both, early = on_the_cart_page("10:01:00"), on_the_cart_page("10:00:40")
    counts = early.summary.rules["cart-page/on-the-cart-page"]
    assert (counts.eligible_sessions, counts.candidates) == (60, 60)
    first = [visitor for visitor in VISITORS if both.invited(visitor) == ["10:00:30 May we help you?"]]
    assert [visitor for visitor in VISITORS if early.invited(visitor)] == first


def test_nobody_is_a_candidate_before_the_shorter_delay_is_over() -> None:
    counts = on_the_cart_page("10:00:29").summary.rules["cart-page/on-the-cart-page"]
    assert (counts.eligible_sessions, counts.candidates, counts.invited) == (0, 0, 0)


@pytest.mark.covers("S0-27", "S0-28")
def test_an_abandoned_cart_and_an_abandoned_form_each_bring_help() -> None:
    shop = Shop(ABANDONED)
    shop.visit("idle").at("10:00:00").views("/lamps").adds("lamp", 60.0)
    shop.visit("leaving").at("10:00:00").views("/cart").adds("lamp", 60.0).at("10:00:20").does("Exit Intent")
    form = shop.visit("form").at("10:00:00").views("/account").does("Form Started")
    form.at("10:00:40").does("Form Field Error", field="phone").at("10:01:00").does("Form Abandoned")
    shop.visit("buyer").at("10:00:00").views("/cart").adds("lamp", 60.0).at("10:01:00").orders("o-1", 60.0)
    story = shop.story()
    assert story.invited("idle") == ["10:05:00 Shall we keep your cart?"]
    assert story.invited("leaving") == ["10:00:20 A question before you go?"]
    assert story.invited("form") == ["10:01:00 May we fill it in together?"]
    assert story.of("buyer") == []
