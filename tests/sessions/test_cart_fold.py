"""The cart: the fold of a session's cart events."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aparte.sessions import cart
from aparte.sessions.model import NO_CART, CartLine, SessionState


def session() -> SessionState:
    return SessionState(started_at=0, at=0, event_at=0)


def put_in(*products: dict[str, Any]) -> SessionState:
    visit = session()
    for product in products:
        cart.add(visit, product)
    return visit


LAMP = {"product_id": "lamp", "price": 49.0}
BULB = {"product_id": "bulb", "price": 1.0, "quantity": 3, "category": "light"}


def test_what_is_added_counts_price_times_quantity() -> None:
    found = put_in(LAMP, BULB).cart
    assert (found.value, found.items, len(found.lines), found.categories()) == (52.0, 4, 2, 1)


def test_the_same_product_twice_is_one_line() -> None:
    found = put_in(LAMP, LAMP | {"price": 40.0}).cart
    assert found.lines == (CartLine("lamp", 2, 40.0),)
    assert found.value == 89.0


@pytest.mark.parametrize("name", ["product_id", "sku", "name"])
def test_a_product_is_known_by_its_id_its_sku_or_its_name(name: str) -> None:
    assert [line.key for line in put_in({name: "lamp", "price": 1}).cart.lines] == ["lamp"]


def test_a_product_without_price_costs_what_it_cost_before() -> None:
    assert put_in(LAMP, {"product_id": "lamp"}).cart.value == 98.0
    assert put_in({"product_id": "lamp"}).cart.value == 0.0


def test_removing_under_the_id_of_a_variant_still_counts() -> None:
    visit = put_in(LAMP, BULB)
    cart.remove(visit, {"product_id": "lamp-red", "price": 49.0})
    assert (visit.cart.value, visit.cart.items) == (3.0, 3)


def test_removing_part_of_a_line_keeps_the_rest() -> None:
    visit = put_in(BULB)
    cart.remove(visit, {"product_id": "bulb", "quantity": 2})
    assert visit.cart.lines == (CartLine("bulb", 1, 1.0, "light"),)
    assert (visit.cart.value, visit.cart.items) == (1.0, 1)


def test_a_category_that_is_no_text_is_none() -> None:
    assert put_in(LAMP | {"category": ["x"]}, BULB | {"category": {}}).cart.categories() == 0


def test_a_view_with_products_is_the_cart_and_remembers_prices() -> None:
    visit = put_in(LAMP, BULB)
    cart.view(
        visit, {"products": [{"product_id": "lamp", "quantity": 2}, "rubbish", {"product_id": "x", "quantity": 0}]}
    )
    assert (visit.cart.value, visit.cart.items, visit.cart.views_since_add) == (98.0, 2, 1)
    assert [line.key for line in visit.cart.lines] == ["lamp"]


def test_a_view_without_products_only_counts() -> None:
    visit = put_in(LAMP)
    cart.view(visit, {})
    cart.view(visit, {"products": "many"})
    assert (visit.cart.value, visit.cart.views_since_add) == (49.0, 2)


def test_the_shared_empty_cart_stays_empty() -> None:
    one = put_in(LAMP)
    cart.empty(one)
    cart.remove(one, LAMP)
    assert one.cart is NO_CART
    cart.add(one, LAMP)
    assert (NO_CART.value, NO_CART.items, NO_CART.lines, NO_CART.views_since_add) == (0.0, 0, (), 0)
    assert session().cart is NO_CART


NUMBER = st.one_of(st.none(), st.integers(0, 5), st.floats(0, 1e12, allow_nan=False))
PRODUCT = st.fixed_dictionaries(
    {"product_id": st.sampled_from(["A", "B", "", 7]), "price": NUMBER, "quantity": NUMBER, "category": st.just("c")}
)
ACTION = st.tuples(st.sampled_from(["add", "remove", "view", "empty"]), PRODUCT, st.lists(PRODUCT, max_size=2))


@settings(max_examples=100, deadline=None)
@given(st.lists(ACTION, max_size=12))
def test_a_cart_is_never_below_nothing(actions: list[tuple[str, dict[str, Any], list[dict[str, Any]]]]) -> None:
    visit = session()
    for action, product, products in actions:
        if action == "empty":
            cart.empty(visit)
        elif action == "view":
            cart.view(visit, {"products": products})
        else:
            getattr(cart, action)(visit, product)
        assert visit.cart.value >= 0
        assert visit.cart.items >= 0
        assert visit.cart.items or not visit.cart.lines
        assert all(line.quantity >= 0 and line.price >= 0 for line in visit.cart.lines)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 500), st.integers(1, 4)), max_size=8))
def test_what_is_put_in_and_taken_out_leaves_nothing(added: list[tuple[str, int, int]]) -> None:
    visit = session()
    products = [{"product_id": key, "price": cents / 100, "quantity": pieces} for key, cents, pieces in added]
    for product in products:
        cart.add(visit, product)
    assert visit.cart.value == pytest.approx(sum(one["price"] * one["quantity"] for one in products), abs=1e-6)
    for product in products:
        cart.remove(visit, product)
    assert (visit.cart.value, visit.cart.items, visit.cart.lines) == (0.0, 0, ())


def test_an_event_may_carry_several_products() -> None:
    """GA4's add_to_cart has a list of items."""
    items = [{"product_id": "lamp", "price": 40.0}, {"product_id": "bulb", "price": 2.5, "quantity": 2}]
    visit = put_in({"products": items})
    assert (visit.cart.value, visit.cart.items, len(visit.cart.lines)) == (45.0, 3, 2)
    cart.remove(visit, {"products": items[:1]})
    assert (visit.cart.value, visit.cart.items, len(visit.cart.lines)) == (5.0, 2, 1)


def test_a_cart_of_very_many_products_keeps_its_value_and_forgets_lines() -> None:
    visit = session()
    for number in range(1_000):
        cart.add(visit, {"product_id": str(number), "price": 1})
    assert (visit.cart.value, visit.cart.items, len(visit.cart.lines)) == (1000.0, 1000, cart.MOST_LINES)
