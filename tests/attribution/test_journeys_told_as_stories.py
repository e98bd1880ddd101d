"""How visitors get through a shop, told as small stories, and what the journey report says of them.

Planted defects seen to fail here: a funnel without order; robots counted; the last page of a session that bought as a
drop-off; one event for two steps; the time limit held against the first moment only; a session that goes on as one that
ended; a repeated page as two; what was typed into a form shown as its field; pages after the order compared.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from facts_world import DAY, HOUR, MINUTE, PARIS, SECOND, START, Log
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aparte.backends.duckdb.store import DuckFacts
from aparte.kit.errors import BadInput
from aparte.reports.journeys.abandoners import abandoners
from aparte.reports.journeys.asked import DEFAULT_STEPS, Asked, members, read_asked
from aparte.reports.journeys.blocking import blocking
from aparte.reports.journeys.funnel import funnel
from aparte.reports.journeys.journey import journey
from aparte.reports.journeys.leaving import leaving, page_views
from aparte.reports.journeys.losses import losses
from aparte.reports.journeys.model import FunnelStep, part
from aparte.reports.journeys.ways import ways
from aparte.reports.scope import Scope
from aparte.reports.transcripts.model import Said, Talk
from aparte.tracking.normalise import Normaliser
from aparte.tracking.store import Logged

SCOPE = Scope(site="shop", since=date(2026, 2, 1), until=date(2026, 2, 28), now=START + 20 * DAY)
VIEW, ADD, CHECK, BUY = "Product Viewed", "Product Added", "Checkout Step Viewed", "Order Completed"


def counts(facts: DuckFacts, *steps: FunnelStep, unit: Any = "session", scope: Scope = SCOPE) -> list[int]:
    return [one.n for one in funnel(facts, scope, steps, unit).steps]


def did(log: Log, visitor: str, *names: str, at: int = START, every: int = MINUTE) -> None:
    """Events one after the other; what begins with / is a page, what ends with ! an order."""
    for n, name in enumerate(names):
        moment = at + n * every
        if name.startswith("/"):
            log.page(moment, visitor, name)
        elif name == BUY:
            log.order(moment, visitor, f"o-{visitor}-{moment}", 50.0)
        else:
            log.track(moment, visitor, name)


# Funnels


def test_a_step_counts_only_after_the_step_before() -> None:
    log = Log()
    did(log, "forth", "/", VIEW, ADD, CHECK)
    did(log, "back", "/", ADD, VIEW)
    did(log, "looks", "/", VIEW)
    did(log, "lands", "/")
    facts = log.facts()
    assert counts(facts, FunnelStep(), FunnelStep(VIEW), FunnelStep(ADD), FunnelStep(CHECK)) == [4, 3, 1, 1]
    found = funnel(facts, SCOPE, [FunnelStep(), FunnelStep(VIEW), FunnelStep(ADD)])
    assert (found.steps[1].of_first, found.steps[2].of_before) == (part(3, 4), part(1, 3))
    assert [one.median_ms for one in found.steps] == [None, MINUTE, MINUTE]


def test_robots_are_in_no_figure() -> None:
    log = Log()
    did(log, "human", "/", "/cart", ADD)
    for n in range(3):
        log.page(START + n * MINUTE, "crawler", "/cart", **{"aparte:bot": True})
    log.track(START + 4 * MINUTE, "crawler", ADD)
    facts = log.facts()
    assert counts(facts, FunnelStep(), FunnelStep("page", "/cart")) == [1, 1]
    found = leaving(facts, SCOPE)
    assert (found.sessions, found.cart, [(one.path, one.views) for one in found.pages]) == (
        1, part(1, 1), [("/cart", 1), ("/", 1)],
    )  # fmt: skip


def test_pages_are_steps_by_a_pattern_and_its_other_signs_mean_themselves() -> None:
    log = Log()
    did(log, "a", "/p/red_shoe", "/cart/1")
    did(log, "b", "/p/redishoe", "/cartoon")
    facts = log.facts()
    assert counts(facts, FunnelStep("page", "/p/*"), FunnelStep("page", "/cart*")) == [2, 2]
    assert counts(facts, FunnelStep("page", "/p/red_shoe")) == [1]
    assert counts(facts, FunnelStep("page", "/cart/*")) == [1]
    assert counts(facts, FunnelStep("page", "/p/%")) == [0]


def test_one_event_does_for_one_step() -> None:
    log = Log()
    did(log, "once", "/", VIEW)
    did(log, "twice", "/", VIEW, VIEW)
    facts = log.facts()
    assert counts(facts, FunnelStep(VIEW), FunnelStep(VIEW)) == [2, 1]
    assert counts(facts, FunnelStep("page", "/*"), FunnelStep("page", "/")) == [2, 0]


def test_the_time_limit_is_from_any_moment_of_the_step_before() -> None:
    """He looked, looked again much later, and added soon after: in time."""
    log = Log()
    log.track(START, "late", VIEW)
    log.track(START + 20 * MINUTE, "late", VIEW)
    log.track(START + 21 * MINUTE, "late", ADD)
    log.track(START, "slow", VIEW)
    log.track(START + 11 * MINUTE, "slow", ADD)
    facts = log.facts()
    limit = FunnelStep(ADD, within_ms=10 * MINUTE)
    assert counts(facts, FunnelStep(VIEW), limit) == [2, 1]
    assert funnel(facts, SCOPE, [FunnelStep(VIEW), limit]).steps[1].median_ms == MINUTE
    assert counts(facts, FunnelStep(VIEW), FunnelStep(ADD, within_ms=11 * MINUTE)) == [2, 2]
    assert counts(facts, FunnelStep(VIEW), FunnelStep(ADD, within_ms=MINUTE - 1)) == [2, 0]


def test_by_person_the_steps_may_lie_in_several_visits() -> None:
    log = Log()
    did(log, "ann", "/", VIEW)
    did(log, "ann", "/", ADD, at=START + DAY)
    did(log, "bob", "/", ADD)
    facts = log.facts()
    steps = FunnelStep(), FunnelStep(VIEW), FunnelStep(ADD)
    assert counts(facts, *steps) == [3, 1, 0]
    assert counts(facts, *steps, unit="person") == [2, 1, 1]
    assert counts(facts, FunnelStep(VIEW), FunnelStep(ADD, within_ms=HOUR), unit="person") == [1, 0]


def test_filters_and_days_are_those_of_the_visit() -> None:
    log = Log()
    phone = {"device": {"type": "mobile"}}
    log.page(START, "ann", "/", context=phone)
    log.page(START, "bob", "/")
    log.page(START + 10 * DAY, "bob", "/")
    facts = log.facts()
    assert counts(facts, FunnelStep(), scope=replace(SCOPE, device="mobile")) == [1]
    assert counts(facts, FunnelStep(), scope=replace(SCOPE, until=date(2026, 2, 3))) == [2]


def test_nobody_is_no_share_and_what_is_no_funnel_is_refused() -> None:
    facts = Log().facts()
    found = funnel(facts, SCOPE, DEFAULT_STEPS)
    assert {(one.n, one.of_first.share, one.median_ms) for one in found.steps} == {(0, None, None)}
    whole = journey(facts, replace(SCOPE, campaign="cart"), Asked())
    assert (whole.leaving.cart.share, whole.abandoners.why, whole.ignored) == (None, "nobody", ("campaign",))
    for steps in ([], [FunnelStep(VIEW)] * 10, [FunnelStep(VIEW), FunnelStep()]):
        with pytest.raises(BadInput):
            funnel(facts, SCOPE, steps)


EVENTS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 40), st.sampled_from("xyz")), min_size=1, max_size=24
)
STEPS = st.lists(st.tuples(st.sampled_from("xyz"), st.none() | st.integers(1, 25)), min_size=1, max_size=4).map(
    lambda told: [FunnelStep(name, within_ms=within if n else None) for n, (name, within) in enumerate(told)]
)


def told(events: Sequence[tuple[str, int, str]]) -> DuckFacts:
    log = Log()
    for visitor, at, name in events:
        log.track(START + at, visitor, name)
    return log.facts()


def by_hand(events: Sequence[tuple[str, int, str]], steps: Sequence[FunnelStep]) -> list[int]:
    """The same, straight from the definition."""
    found = [0] * len(steps)
    for visitor in {one[0] for one in events}:
        mine = [(at, name) for who, at, name in events if who == visitor]
        done = {i for i, (_, name) in enumerate(mine) if name == steps[0].name}
        for k, step in enumerate(steps):
            if k:
                limit = step.within_ms if step.within_ms is not None else 10**9
                done = {
                    i for i, (at, name) in enumerate(mine) if name == step.name
                    and any(j != i and 0 <= at - mine[j][0] <= limit for j in done)
                }  # fmt: skip
            found[k] += bool(done)
    return found


@settings(max_examples=12)
@given(EVENTS, STEPS, st.randoms(use_true_random=False))
def test_a_funnel_is_what_its_definition_says_and_the_order_of_lines_is_nothing(
    events: list[tuple[str, int, str]], steps: list[FunnelStep], dice: Any
) -> None:
    shuffled = [(visitor.upper(), at, name) for visitor, at, name in events]
    dice.shuffle(shuffled)  # also events of one moment
    facts = told([*events, *shuffled])
    wanted = by_hand(events, steps)
    assert counts(facts, *steps) == [2 * n for n in wanted]
    assert counts(facts, *steps, unit="person") == [2 * n for n in wanted]  # each has but one session
    assert all(later <= before for before, later in pairwise(wanted))


@pytest.fixture(scope="module")
def ga360(root: Path) -> DuckFacts:
    """The sample of the Google Merchandise Store."""
    log = Log(replace(PARIS, currency="USD", time_zone="America/Los_Angeles"))
    read = Normaliser(trusted=True).read
    for n, text in enumerate(gzip.decompress((root / "examples/ga360/events.jsonl.gz").read_bytes()).splitlines(), 1):
        event: Any = read(text)
        name, line = getattr(event, "event", ""), msgspec.json.encode(event)
        log.lines.append(Logged(n, "shop", event.at, event.at, event.visitor, event.kind, name, event.message_id, line))
    return log.facts()


@pytest.mark.covers("S0-33", "S0-37")
def test_ga360_gives_the_funnel_the_steps_the_orders_and_the_revenue_that_are_known(
    ga360: DuckFacts, shared: Path
) -> None:
    expected = json.loads((shared / "data/ga360/expected.json").read_text("utf-8"))
    scope = Scope(site="shop", since=date(2016, 1, 1), until=date(2017, 12, 31), now=1_520_000_000_000)
    whole = journey(ga360, scope, Asked())
    assert [one.n for one in whole.funnel.steps] == expected["ordered_funnel"]
    for name, n in expected["sessions_with_event"].items():
        assert counts(ga360, FunnelStep(name), scope=scope) == [n]
    [[orders, cents]] = ga360.ask("SELECT count(*), sum(amount)::BIGINT FROM orders WHERE stands").rows
    assert (orders, cents) == (expected["orders"], round(100 * expected["revenue"]))
    assert whole.leaving.sessions == expected["sessions"]
    assert whole.leaving.cart.of == expected["sessions_with_event"]["Product Added"]
    assert whole.leaving.checkout == part(53 - 28, 53)
    assert {"/payment.html", "/yourinfo.html"} <= {one.path for one in whole.leaving.checkout_pages}
    assert sum(one.sessions.n for one in whole.ways.ways) + whole.ways.others == whole.ways.sessions
    assert whole.abandoners.bought > 10
    assert len(whole.abandoners.rows) > 5


# Where they leave


@pytest.mark.covers("S0-13", "S0-37")
def test_a_page_is_left_by_those_who_do_not_buy() -> None:
    log = Log()
    did(log, "leaves", "/", "/cart", ADD)
    did(log, "returns", "/cart", "/")
    did(log, "buys", "/", "/cart", ADD, BUY)
    did(log, "goes on", "/", "/cart", ADD, at=SCOPE.now - 10 * MINUTE)
    found = leaving(log.facts(), SCOPE)
    assert {one.path: one.left for one in found.pages} == {"/cart": part(1, 3), "/": part(1, 3)}
    assert (found.sessions, found.ongoing, found.cart) == (3, 1, part(1, 2))
    assert leaving(log.facts(), SCOPE, "/ca*").pages[0].path == "/cart"
    assert len(leaving(log.facts(), SCOPE, "/ca*").pages) == 1


@pytest.mark.covers("S0-13")
def test_a_checkout_page_is_given_up_by_those_who_come_no_farther() -> None:
    log = Log()
    did(log, "at address", "/cart", ADD, "/address", CHECK, "/help")
    did(log, "at payment", "/cart", ADD, "/address", CHECK, "/payment", CHECK)
    did(log, "buys", "/cart", ADD, "/address", CHECK, "/payment", CHECK, BUY)
    found = leaving(log.facts(), SCOPE)
    assert {one.path: one.given_up for one in found.checkout_pages} == {"/address": part(1, 3), "/payment": part(1, 2)}
    assert found.checkout == part(2, 3)
    assert page_views(log.facts(), SCOPE)["/address"] == 3


# What goes wrong


@pytest.mark.covers("S0-33")
def test_what_goes_wrong_is_counted_with_who_left_after_it() -> None:
    log = Log()
    log.page(START, "lost", "/gone", properties={"status": 404})
    log.page(START, "found", "/gone", properties={"status": 404})
    log.page(START + MINUTE, "found", "/")
    log.page(START, "seeks", "/")
    log.track(START + SECOND, "seeks", "Products Searched", {"results": 0})
    log.page(START, "finds", "/")
    log.track(START + SECOND, "finds", "Products Searched", {"results": 4})
    found = losses(log.facts(), SCOPE)
    by_kind = {one.kind: one for one in found.losses}
    assert (by_kind["not_found"].sessions, by_kind["not_found"].left) == (part(2, 4), part(1, 2))
    assert (by_kind["empty_search"].sessions, by_kind["empty_search"].left) == (part(1, 2), part(1, 1))
    assert [(one.path, one.sessions, one.left) for one in found.pages] == [("/gone", 2, part(1, 2))]
    assert by_kind["payment_error"].left.share is None


def test_a_form_loses_visitors_at_fields_that_are_named_but_never_quoted() -> None:
    log = Log()
    for n, field in enumerate(["postcode", "postcode", "ann@shop.example", "0612345678", "Rue de la Paix 3"]):
        log.track(START, f"v{n}", "Form Started", {"form": "address"})
        log.track(START + SECOND, f"v{n}", "Form Field Error", {"form": "address", "field": field})
    log.track(START + 2 * SECOND, "v0", "Form Abandoned", {"form": "address", "field": "postcode"})
    found = losses(log.facts(), SCOPE)
    assert found.forms == 5
    assert [(one.field, one.refused, one.given_up) for one in found.fields] == [
        ("postcode", part(2, 5), part(1, 5)), ("", part(3, 5), part(0, 5)),
    ]  # fmt: skip
    assert "shop.example" not in msgspec.json.encode(found).decode()


def test_the_ways_out_are_the_last_pages_of_those_who_had_a_cart() -> None:
    log = Log()
    for n in range(3):
        did(log, f"v{n}", "/", "/p", "/cart", "/cart", ADD)
    did(log, "other", "/faq", "/cart", ADD)
    did(log, "no cart", "/", "/faq")
    did(log, "buys", "/", "/cart", ADD, BUY)
    facts = log.facts()
    found = ways(facts, SCOPE, last=2)
    assert [(one.pages, one.sessions) for one in found.ways] == [
        (("/p", "/cart"), part(3, 4)), (("/faq", "/cart"), part(1, 4)),
    ]  # fmt: skip
    assert ways(facts, SCOPE, "any").sessions == 5
    assert ways(facts, SCOPE, "checkout").ways == ()


# Abandoners against buyers


@pytest.mark.covers("S0-36")
def test_abandoners_differ_from_buyers_in_what_came_before_the_order() -> None:
    log = Log()
    for n in range(60):
        device = {"context": {"device": {"type": "mobile" if n % 3 else "desktop"}}}
        buys = n % 2 == 0
        log.page(START, f"v{n}", "/p", **device)
        log.track(START + SECOND, f"v{n}", ADD, **device)
        if not buys:
            log.track(START + MINUTE, f"v{n}", "Payment Error", {"code": "declined"})
        else:
            log.order(START + MINUTE, f"v{n}", f"o{n}", 20.0)
            log.page(START + 2 * MINUTE, f"v{n}", "/thanks")
    did(log, "v0", "/p", ADD, at=START + DAY)  # who bought is no abandoner for coming back
    found = abandoners(log.facts(), SCOPE)
    assert (found.abandoned, found.bought) == (30, 30)
    rows = {(one.what, one.value): one for one in found.rows}
    assert found.rows[0].what == "payment_error"
    assert (rows[("payment_error", "")].abandoned, rows[("payment_error", "")].bought) == (1.0, 0.0)
    assert ("page", "/thanks") not in rows
    phone = rows[("device", "mobile")]
    assert phone.low < 0 < phone.high
    assert all(one.p <= one.adjusted_p for one in found.rows)
    few = abandoners(log.facts(), replace(SCOPE, device="tablet"))
    assert (few.rows, few.why) == ((), "nobody")


def test_questions_are_counted_by_views_of_the_page() -> None:
    log = Log()
    for n in range(20):
        log.page(START, f"v{n}", "/delivery" if n < 4 else "/p")
    said = (Said(by="visitor", kind="text", body="When will it arrive?", at=START),)
    pages = ["https://shop.example/delivery?x=1", "/delivery", "/p", "/p"]
    talks = [Talk(id=f"c{n}", language="en", lines=said, page=page) for n, page in enumerate(pages)]
    found = blocking(log.facts(), SCOPE, talks)
    assert [(one.where, one.asked, one.views) for one in found] == [("/delivery", 2, 4), ("/p", 2, 16)]


# What is asked for


def test_what_is_asked_for_stands_in_the_address() -> None:
    told = {
        "came": "1",
        "step1": VIEW,
        "path2": "/cart*",
        "within2": "10m",
        "unit": "person",
        "who": "any",
        "last": "5",
    }
    asked = read_asked(told)
    assert asked.steps == (FunnelStep(), FunnelStep(VIEW), FunnelStep("page", "/cart*", 10 * MINUTE))
    assert read_asked(members(asked)) == asked
    assert read_asked({}) == Asked()
    for bad, where in (
        ({"step1": VIEW, "within1": "10m"}, "within1"), ({"within2": "10m"}, "within2"), ({"unit": "cat"}, "unit"),
        ({"step1": VIEW, "path1": "/x"}, "path1"), ({"last": "99"}, "last"), ({"step1": "x" * 300}, "step1"),
        ({"step1": VIEW, "step2": ADD, "within2": "soon"}, "within2"), ({"who": "me"}, "who"),
    ):  # fmt: skip
        with pytest.raises(BadInput) as refused:
            read_asked(bad)
        assert refused.value.where == where
