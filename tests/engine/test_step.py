"""`step` by itself, as live traffic calls it: no shell that ends sessions or fires timers for it."""

import pytest

from aparte.backends.memory.orders import MemoryOrders
from aparte.engagements.model import SiteState
from aparte.engine import State, step
from aparte.routing.model import UNLIMITED
from aparte.sessions.model import VisitorState
from aparte.targeting.campaign import load
from aparte.tracking.model import Page, TimerElapsed, Track

T0 = 1_705_320_000_000
RULES = load(
    """
[site]
holdout = 0.0
[[campaigns]]
name = "c"
holdout = 0.0
[[campaigns.rules]]
name = "r"
when = 'page.dwell >= duration("30s")'
""",
    "step.toml",
)


def fresh() -> State:
    return State(SiteState(RULES.file.site, everybody_reachable=True), VisitorState("v"), MemoryOrders())


@pytest.mark.parametrize(
    ("gaps", "sessions"),
    [
        ([1_800_000], 1),
        ([1_800_001], 2),
        ([1_000_000] * 86 + [400_000], 1),
        ([1_000_000] * 86 + [400_001], 2),
        ([-5_000_000], 1),
    ],
)
def test_a_session_ends_after_a_gap_and_after_a_day(gaps: list[int], sessions: int) -> None:
    state, at = fresh(), T0
    step(state, Track(event="Ping", at=at, visitor="v"), RULES, UNLIMITED)
    for gap in gaps:
        at += gap
        step(state, Track(event="Ping", at=at, visitor="v"), RULES, UNLIMITED)
    assert state.visitor.sessions == sessions


def test_a_decision_says_when_to_ask_again_and_a_millisecond_before_is_too_early() -> None:
    state = fresh()
    _, decisions, wake_at = step(state, Page(at=T0, visitor="v"), RULES, UNLIMITED)
    assert (decisions, wake_at) == ([], T0 + 30_000)
    step(state, Track(event="Ping", at=T0 + 29_999, visitor="v"), RULES, UNLIMITED)
    _, decisions, wake_at = step(state, TimerElapsed(at=T0 + 29_999, visitor="v"), RULES, UNLIMITED)
    assert (decisions, wake_at) == ([], T0 + 30_000)
    _, decisions, _ = step(state, TimerElapsed(at=T0 + 30_000, visitor="v"), RULES, UNLIMITED)
    assert [one.at for one in decisions] == [T0 + 30_000]


def test_a_timer_after_the_end_of_the_session_opens_none_and_changes_nothing() -> None:
    state = fresh()
    assert step(state, TimerElapsed(at=T0, visitor="v"), RULES, UNLIMITED)[1:] == ([], None)
    step(state, Page(at=T0, visitor="v"), RULES, UNLIMITED)
    assert step(state, TimerElapsed(at=T0 + 1_800_001, visitor="v"), RULES, UNLIMITED)[1:] == ([], None)
    assert state.session is not None
    assert (state.session.at, state.visitor.sessions) == (T0, 1)


def test_nobody_is_woken_for_a_rule_that_has_had_its_turn() -> None:
    window = 'page.dwell >= duration("30s") && page.dwell < duration("60s") || page.dwell >= duration("2m")'
    rule = f"[[campaigns.rules]]\nname = 'r'\nwhen = '{window}'\n"
    known = load(f"[site]\nholdout = 0.0\n[[campaigns]]\nname = 'c'\nholdout = 0.0\n{rule}", "once.toml")
    state = fresh()
    assert step(state, Page(at=T0, visitor="v"), known, UNLIMITED)[2] == T0 + 30_000
    _, decisions, wake_at = step(state, TimerElapsed(at=T0 + 30_000, visitor="v"), known, UNLIMITED)
    assert (len(decisions), wake_at) == (1, None)
