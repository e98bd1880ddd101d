"""The engine: `step`, one event in, decisions out.

    step(state, event, campaigns, capacity) -> (state, decisions, wake_at)

There is no clock and no dice in here: the time comes with the event, an arm is a hash, and time itself is an event
(`TimerElapsed`). Live traffic, a replay and the question "what would this rule have done last month" run this function.
`step` owns the state that it is given and changes it in place; copying would cost more than all the rest.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from aparte.engagements.decide import decide
from aparte.engagements.facts import apply_site_fact, apply_visitor_fact, expire
from aparte.engagements.model import Decision, Reason, SiteState
from aparte.routing.model import Capacity
from aparte.sessions.apply import begin, end, event_key, over
from aparte.sessions.model import SESSION_CAP_MS, SESSION_GAP_MS, SessionState, VisitorState
from aparte.sessions.store import OrderLedger
from aparte.targeting.campaign import Campaigns
from aparte.targeting.rules import CompiledRule, look_at, unwatch
from aparte.tracking.model import (
    CampaignPublished,
    CapacityChanged,
    ClientEvent,
    Event,
    Message,
    PacingUpdated,
    PricesUpdated,
    SessionEnded,
    TimerElapsed,
    Track,
    VisitorFact,
)

NO_DECISIONS: list[Decision] = []

PASSING = frozenset(
    {
        Reason.CONSENT,
        Reason.BLOCKED,
        Reason.ALREADY_ENGAGED,
        Reason.FREQUENCY,
        Reason.BUDGET,
        Reason.OUTSIDE_PERIOD,
        Reason.OUTSIDE_HOURS,
        Reason.NOT_REACHABLE,
        Reason.NOT_COVERED,
        Reason.PACING,
        Reason.BID_PRICE,
        Reason.OUTBID,
    }
)
"""Reasons that may pass without anything that the condition reads."""


class State(Struct, gc=False):
    """What a decision depends on: the site, the visitor, and the session if one is open."""

    site: SiteState
    visitor: VisitorState
    orders: OrderLedger
    session: SessionState | None = None


Step: TypeAlias = tuple[State, list[Decision], int | None]


def step(state: State, event: Event, campaigns: Campaigns, capacity: Capacity) -> Step:
    """Fold one event into the state and decide.

    `capacity` is who could answer now. Returns the state, the decisions worth a line in the log, and the engine time in
    milliseconds at which it is worth asking again with `TimerElapsed`, or None.
    """
    if isinstance(event, Message):
        return on_client_event(state, event, campaigns, capacity)
    if isinstance(event, TimerElapsed):
        return on_timer(state, event.at, campaigns, capacity)
    if isinstance(event, CapacityChanged | CampaignPublished | PacingUpdated | PricesUpdated):
        apply_site_fact(state.site, event)
        return state, NO_DECISIONS, wake_at(state.session)
    return on_visitor_fact(state, event, campaigns, capacity)


def on_client_event(state: State, event: ClientEvent, campaigns: Campaigns, capacity: Capacity) -> Step:
    """Fold what a visitor did. Written out in one piece: this is the path of every event."""
    session, visitor, at = state.session, state.visitor, event.at
    # `over`, written out: a call for every event would cost as much as the rest of these lines.
    begins = session is None or at - session.event_at > SESSION_GAP_MS or at - session.started_at > SESSION_CAP_MS
    if session is None or begins:
        session = open_session(state, event, campaigns)
    elif at > session.at:
        session.at = at
    now = session.event_at = session.at
    session.events += 1
    if event.bot:
        visitor.bot = True
    index = campaigns.index
    name = event.event if type(event) is Track else event_key(event)
    plan = index[name]
    if plan.fold is not None:
        plan.fold(session, visitor, event, state.orders)
    for update in plan.updates:
        update(session, event)
    if visitor.open is not None:
        expire(visitor, now)
    holding = (plan.first_look if begins else plan.look)(session, visitor, state.site, now)
    if holding or session.refused is not None:
        return conclude(state, session, holding, campaigns, capacity, now)
    deadlines = session.deadlines
    return state, NO_DECISIONS, None if deadlines is None else min(deadlines.values())


def open_session(state: State, event: ClientEvent, campaigns: Campaigns) -> SessionState:
    """Close the session that is over, if there is one, and begin the next."""
    if state.session is not None:
        end(state.visitor, state.session)
    state.session = begin(state.visitor, event, campaigns.empty_measures())
    return state.session


def on_timer(state: State, at: int, campaigns: Campaigns, capacity: Capacity) -> Step:
    """A deadline has come: ask the rules that wait for it. After the session's end there is nothing to ask."""
    session = state.session
    if session is None or over(session, at):
        return state, NO_DECISIONS, None
    now = session.at = max(session.at, at)
    expire(state.visitor, now)
    due = [index for index, moment in (session.deadlines or {}).items() if moment <= now]
    rules = campaigns.rules
    for index in due:
        if rules[index].may is None:  # due because it is new; after this look time alone changes nothing for it
            unwatch(session, rules[index])
    holding = [rules[index] for index in due if look_at(rules[index], session, state.visitor, state.site, now)]
    return conclude(state, session, holding, campaigns, capacity, now)


def on_visitor_fact(state: State, fact: VisitorFact, campaigns: Campaigns, capacity: Capacity) -> Step:
    """Something the engine itself has written of this visitor: it opens no session and ends no idleness."""
    apply_visitor_fact(state.site, state.visitor, fact)
    session = state.session
    if isinstance(fact, SessionEnded):
        return close_session(state)
    if session is None or over(session, fact.at):
        return state, NO_DECISIONS, None
    now = session.at = max(session.at, fact.at)
    expire(state.visitor, now)
    plan = campaigns.index[type(fact).__name__]
    holding = plan.look(session, state.visitor, state.site, now)
    return conclude(state, session, holding, campaigns, capacity, now)


def close_session(state: State) -> Step:
    """The session is over; the visitor's next event opens another one."""
    if state.session is not None:
        end(state.visitor, state.session)
        state.session = None
    return state, NO_DECISIONS, None


def conclude(
    state: State,
    session: SessionState,
    holding: list[CompiledRule],
    campaigns: Campaigns,
    capacity: Capacity,
    now: int,
) -> Step:
    """Decide on the rules that hold, and on those that held before and were refused for a reason that may pass."""
    if session.refused is not None:
        holding = holding + refused_again(state, session, holding, campaigns, now)
    if not holding:
        return state, NO_DECISIONS, wake_at(session)
    decisions = decide(holding, session, state.visitor, state.site, capacity, now)
    return state, decisions, wake_at(session)


def refused_again(
    state: State, session: SessionState, holding: list[CompiledRule], campaigns: Campaigns, now: int
) -> list[CompiledRule]:
    """Rules that nothing has touched, that were refused for a reason which may have passed, and that still hold."""
    passing = [index for index, reason in (session.refused or {}).items() if reason in PASSING]
    known = {rule.index for rule in holding}
    rules = [campaigns.rules[index] for index in passing if index not in known and not session.settled >> index & 1]
    return [rule for rule in rules if look_at(rule, session, state.visitor, state.site, now)]


def wake_at(session: SessionState | None) -> int | None:
    """The next moment at which time alone may change something."""
    return min(session.deadlines.values()) if session is not None and session.deadlines else None
