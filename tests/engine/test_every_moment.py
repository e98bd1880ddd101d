"""Timers miss nothing: asking every rule at every moment that could matter finds what the engine finds."""

from collections import defaultdict
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streams import BEHAVIOURS, CONSTANTS, campaigns, messages, replayed

from aparte.engagements.model import Decision
from aparte.engine import State
from aparte.routing.model import Capacity
from aparte.sessions.model import SessionState
from aparte.targeting.campaign import Campaigns, load
from aparte.targeting.look import compile_look
from aparte.targeting.rules import look_at
from aparte.tracking.model import Event, Message, TimerElapsed

RULES = campaigns(holdout=0.0, site_holdout=0.0)
WITH_ARMS = campaigns()
PLAIN = [rule for rule in RULES.rules if not rule.delays]


class Asker:
    """Asks every rule of the last known state of each visitor, again and again, without a single timer."""

    def __init__(self) -> None:
        self.clock = 0
        self.anchors: dict[str, set[int]] = defaultdict(set)
        self.last: dict[str, tuple[SessionState, State]] = {}
        self.found: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.engine: dict[tuple[str, int], set[str]] = defaultdict(set)

    def see(self, state: State, event: Event, decisions: list[Decision], capacity: Capacity) -> None:
        """After one step of the engine."""
        session, visitor = state.session, state.visitor.id
        assert session is not None
        held = {rule.key for rule in PLAIN if session.eligible >> rule.index & 1}
        self.engine[visitor, session.number] |= held
        if not isinstance(event, Message):
            return
        self.clock = max(self.clock, event.at)
        self.ask(visitor)
        self.anchors[visitor].add(session.at)
        self.last[visitor] = deepcopy(session), deepcopy(state)
        self.ask_at(visitor, session.at)

    def ask(self, visitor: str) -> None:
        """Everything that may have happened between the visitor's last event and now."""
        if visitor not in self.last:
            return
        session, _ = self.last[visitor]
        until = min(self.clock, session.ends_at())
        moments = {
            start + length + off for start in self.anchors[visitor] for length in CONSTANTS for off in (-1, 0, 1)
        }
        for moment in sorted(moments):
            if session.at < moment <= until:
                self.ask_at(visitor, moment)

    def ask_at(self, visitor: str, moment: int) -> None:
        session, state = self.last[visitor]
        for rule in PLAIN:
            if rule.holds(session, state.visitor, state.site, moment):
                self.found[visitor, session.number].add(rule.key)

    def finish(self) -> None:
        """After the last line time runs on."""
        self.clock = 1 << 60
        for visitor in self.last:
            self.ask(visitor)


@pytest.mark.covers("S0-29")
@settings(max_examples=150, deadline=None)
@given(messages())
def test_timers_find_what_asking_at_every_moment_finds(stream: list[dict[str, Any]]) -> None:
    asker = Asker()
    replayed(RULES, stream, on_step=asker.see)
    asker.finish()
    assert {key: sorted(found) for key, found in asker.engine.items()} == {
        key: sorted(asker.found[key]) for key in asker.engine
    }


class Invariants:
    """What may never happen to a state, whatever comes."""

    def __init__(self) -> None:
        self.before: dict[tuple[str, int], tuple[int, ...]] = {}
        self.timers: dict[str, int] = {}

    def see(self, state: State, event: Event, decisions: list[Decision], capacity: Capacity) -> None:
        session = state.session
        assert session is not None
        key = state.visitor.id, session.number
        at, event_at, *bits = self.before.get(key, (0, 0, 0, 0, 0))
        assert session.at >= at, "time moved back"
        assert session.event_at >= event_at
        for old, new in zip(bits, (session.eligible, session.candidate, session.settled), strict=True):
            assert old & ~new == 0, "something that was so is no longer so"
        self.before[key] = session.at, session.event_at, session.eligible, session.candidate, session.settled
        assert all(moment > session.at for moment in (session.deadlines or {}).values())
        assert session.candidate & ~session.eligible == 0
        if isinstance(event, TimerElapsed):
            assert session.at == event.at, "a timer fires at its own time"
        assert all(decision.at == session.at for decision in decisions)
        assert session.cart.value >= 0
        assert session.cart.items >= 0


@settings(max_examples=100, deadline=None)
@given(messages())
def test_no_event_takes_back_time_timers_or_eligibility(stream: list[dict[str, Any]]) -> None:
    watching = Invariants()
    replayed(WITH_ARMS, stream, on_step=watching.see)
    assert bool(watching.before) is bool(stream)


GUARDED = load(
    BEHAVIOURS
    + '[[campaigns]]\nname = "g"\n'
    + "".join(
        f"[[campaigns.rules]]\nname = \"r{number}\"\nwhen = '''{when}'''\n"
        for number, when in enumerate(
            [
                f'page.path == "{path}" && page.dwell >= duration("{s}s")'
                for path in ("/", "/cart", "/a")
                for s in (10, 30)
            ]
            + [f"session.pages >= {pages} && spent == 0" for pages in (1, 2, 3)]
            + [f"session.pages >= {pages} && cart_views > {views}" for pages in (2, 3) for views in (0, 1)]
            + [f"cart.value >= {value} && cart.value >= 10.5 && recent_views < 2" for value in (1, 20)]
            + [f'has(checkout) && session.idle >= duration("{s}s")' for s in (10, 60)]
            + ["products >= 2 && spent == 0", "products >= 1 && spent == 0", "spent == 0"]
        )
    ),
    "guarded.toml",
)
"""Rules with clauses in common, and clauses that differ only in what they compare with: they share their guards."""


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([WITH_ARMS, GUARDED]), messages())
def test_the_generated_look_is_each_rule_asked_alone(rules: Campaigns, stream: list[dict[str, Any]]) -> None:
    look = compile_look(rules.rules, rules.index.scope)

    def see(state: State, event: Event, decisions: list[Decision], capacity: Capacity) -> None:
        for later in (0, 1, 9_999, 10_000, 30_000):
            (one, first), (two, second) = deepcopy((state.session, state)), deepcopy((state.session, state))
            assert one is not None
            assert two is not None
            now = one.at + later
            together = look(one, first.visitor, first.site, now)
            alone = [rule for rule in rules.rules if look_at(rule, two, second.visitor, second.site, now)]
            assert sorted(rule.index for rule in together) == [rule.index for rule in alone]
            assert (one.deadlines, one.holding) == (two.deadlines, two.holding)

    replayed(rules, stream[:8], on_step=see)
