"""A segment in a rule stands for its own condition.

Mutants tried: names replaced only at the root; lists left as they are.
"""

import pytest

from aparte.targeting.campaign import load
from aparte.targeting.conditions import parse, to_text
from aparte.targeting.segments import expand

NAMED = {"segment.rich": parse("cart.value > 50 || cart.items > 3"), "segment.new": parse("!visitor.returning")}

CASES = {
    "segment.rich": "cart.value > 50 || cart.items > 3",
    "segment.rich && segment.new": "(cart.value > 50 || cart.items > 3) && !visitor.returning",
    "!segment.rich": "!(cart.value > 50 || cart.items > 3)",
    "segment.new ? segment.rich : cart.items > 1":
        "!visitor.returning ? cart.value > 50 || cart.items > 3 : cart.items > 1",
    "segment.new == true": "!visitor.returning == true",
    "segment.new in [true, segment.rich]": "!visitor.returning in [true, cart.value > 50 || cart.items > 3]",
    "cart.value > 3": "cart.value > 3",
    "segment.other": "segment.other",
}  # fmt: skip


@pytest.mark.parametrize(("text", "expanded"), CASES.items())
def test_each_name_gives_way_to_its_condition_wherever_it_stands(text: str, expanded: str) -> None:
    tree = expand(parse(text), NAMED)
    assert tree == parse(expanded)
    assert parse(to_text(tree)) == tree


@pytest.mark.covers("S0-40", "S0-41")
def test_more_than_three_articles_make_a_premium_customer_with_a_value() -> None:
    campaigns = load(
        """\
[segments.premium]
when = 'cart.items > 3'
value = 120.0
description = "more than three articles in the cart"
[[campaigns]]
name = "help"
[[campaigns.rules]]
name = "premium"
when = 'segment.premium && page.path.startsWith("/cart")'
""",
        "shop.toml",
    )
    [rule] = campaigns.rules
    assert rule.checked.text == 'cart.items > 3 && page.path.startsWith("/cart")'
    assert campaigns.file.segments["premium"].value == 120.0
