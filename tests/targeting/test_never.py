"""What can never hold is refused when saved, at the clause that is one too many; what can hold is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aparte.targeting.campaign import CampaignError, load
from aparte.targeting.conditions import INT, ConditionError, Scope, Symbol, check, compile_condition, refuse_never

RULE = """\
[[campaigns]]
name = "c"
[[campaigns.rules]]
name = "r"
when = '{}'
"""

NEVER = [
    ("cart.items < 0", "5:22", "cart.items is never < 0", "it is 0 or more"),
    ("session.orders < 0 || cart.value > 3", "5:26", "session.orders is never < 0", "it is 0 or more"),
    ("time.hour == 25", "5:22", "time.hour is never 25", "it is from 0 to 23"),
    ("24 == time.hour", "5:9", "time.hour is never 24", "it is from 0 to 23"),
    ("time.hour in [3, 24]", "5:26", "time.hour is never 24", "it is from 0 to 23"),
    ("page.scroll > 1", "5:23", "page.scroll is never > 1", "it is from 0 to 1"),
    ('page.dwell < duration("0s")', "5:22", 'page.dwell is never < duration("0s")', "it is 0s or more"),
    ("false", "5:9", "this can never hold", "leave it out"),
    ("cart.value > 3 && 1 == 2", "5:27", "1 == 2 is always false", "compare an attribute"),
    ("cart.value >= 50 && cart.value < 30", "5:29", "this can never hold: cart.value < 30 contradicts cart.value >= 50",
     "join them with ||"),
    ("cart.value >= 50 && session.pages > 1 && cart.value != 7 && cart.value < 30", "5:69",
     "this can never hold: cart.value < 30 contradicts cart.value >= 50", "join them with ||"),
    ("cart.items > 3 && cart.items < 4", "5:27", "this can never hold", "||"),
    ('page.path == "/a" && page.path == "/b"', "5:30",
     'this can never hold: page.path == "/b" contradicts page.path == "/a"', "||"),
    ('page.path == "/a" && page.path in ["/b", "/c"]', "5:30", "this can never hold", "||"),
    ('page.dwell >= duration("60s") && page.dwell < duration("30s")', "5:42", "this can never hold", "||"),
    ("visitor.returning && !visitor.returning", "5:31", "this can never hold: !visitor.returning contradicts", "||"),
    ("!has(page.price) && page.price > 3", "5:29", "this can never hold: page.price > 3 contradicts !has(", "||"),
    ("cart.value > 5 && (cart.value < 3 || cart.value < 4)", "5:28", "this can never hold", "||"),
    ("!(cart.value > 5 || cart.value <= 5)", "5:29", "this can never hold", "||"),
    ("visitor.returning ? false : false", "5:37", "this can never hold", "leave it out"),
    ('session.device != "desktop" && !(session.device in ["mobile", "tablet"])', "5:42", "this can never hold", "||"),
]  # fmt: skip
MAYBE = [
    "true", "page.scroll >= 1", "cart.items >= 0", "cart.value > 3 && cart.value < 4", "time.hour == 23",
    "cart.value > 5 && (cart.value < 3 || cart.value < 9)", "has(page.price) ? page.price > 3 : false",
    "!(cart.value > 5 && cart.value < 3)", 'page.path != "/a" && page.path != "/b"',
    "visitor.traits.x == 1 || visitor.traits.x == true", "!has(page.price) || page.price > 3",
]  # fmt: skip


@pytest.mark.parametrize(("when", "where", "what", "hint"), NEVER)
def test_a_rule_that_can_never_hold_is_refused_at_the_clause_that_is_one_too_many(
    when: str, where: str, what: str, hint: str
) -> None:
    with pytest.raises(CampaignError) as caught:
        load(RULE.format(when), "f")
    [fault] = caught.value.faults
    assert (fault.where, fault.what.startswith(what), hint in fault.hint) == (f"f:{where}", True, True), str(fault)


@pytest.mark.parametrize("when", MAYBE)
def test_what_can_hold_is_taken(when: str) -> None:
    assert len(load(RULE.format(when), "f").rules) == 1


def test_segments_that_contradict_each_other_are_refused_at_the_rule() -> None:
    text = "[segments.a]\nwhen = 'cart.items > 3'\n[segments.b]\nwhen = 'cart.items < 2'\n"
    with pytest.raises(CampaignError, match="f:9:1: with its segments written out, this can never hold"):
        load(text + RULE.format("segment.a && segment.b"), "f")


SCOPE = Scope({name: Symbol(name, INT, "always", f"s[{name!r}]") for name in "xy"})
ATOM = st.builds(
    "{} {} {}".format, st.sampled_from("xy"), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(0, 4)
)
CONDITION = st.recursive(
    ATOM,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(CONDITION)
def test_nothing_that_holds_for_some_values_is_refused(text: str) -> None:
    checked = check(text, SCOPE)
    holds = compile_condition(checked)
    possible = any(holds({"x": x, "y": y}, None, None, 0) for x in range(-1, 6) for y in range(-1, 6))
    try:
        refuse_never(checked)
    except ConditionError:
        assert not possible


@settings(max_examples=200, deadline=None)
@given(st.lists(ATOM, min_size=1, max_size=5))
def test_a_chain_of_clauses_that_holds_for_no_values_is_always_refused(atoms: list[str]) -> None:
    checked = check(" && ".join(atoms), SCOPE)
    holds = compile_condition(checked)
    if any(holds({"x": x, "y": y}, None, None, 0) for x in range(-1, 6) for y in range(-1, 6)):
        refuse_never(checked)
    elif not any("!=" in atom for atom in atoms):  # values ruled out one by one between two bounds are not counted
        with pytest.raises(ConditionError):
            refuse_never(checked)
