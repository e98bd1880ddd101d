"""Agents with several conversations at a time: what each holds, what a customer feels, how the queue does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.planning.chat_states import MOST_STATES, Below, evenly, exactly, state_count
from aparte.planning.erlang import HOUR_S, blocked
from aparte.planning.patience import Patient, patient
from aparte.planning.queue_inputs import (
    LEAST_TURNS,
    MOST_CHATS,
    MOST_ERLANGS,
    MOST_TURNS,
    agents_of,
    number,
    per_hour,
    seconds,
    whole,
)

Method: TypeAlias = Literal["exact", "evenly spread"]


class Talk(Struct, frozen=True):
    """A conversation in two times that can be measured."""

    agent_seconds: float
    """Work of the agent for one message: reading, looking up, writing."""
    customer_seconds: float
    """From the agent's message to the customer's next one."""
    turns: float
    """Messages of the agent in a conversation."""


class Level(Struct, frozen=True):
    """An agent who has so many conversations all the time."""

    utilisation: float
    """Share of his time in which one of them waits for him."""
    chats_per_hour: float
    gain: float
    """Conversations an hour by those of an agent with one at a time."""
    reply_s: float
    """Mean time from a customer's message to the answer."""
    chat_s: float
    """Mean length of a conversation."""


class Chats(Struct, frozen=True):
    """Agents with up to K conversations each, the least loaded first, and a queue that customers leave."""

    p_wait: float
    p_abandon: float
    mean_wait_s: float
    chats_per_agent: float
    mean_chat_s: float
    gain: float
    """Of this concurrency: conversations an hour of a full agent by those of one with one at a time."""
    reply_s: float
    """At full concurrency."""
    occupancy: float
    """Share of their time in which agents work on a message."""
    service_level: float
    """Share of all that gets an agent within the threshold."""
    method: Method


def level(talk: Talk, k: int) -> Level:
    """An agent with `k` conversations: a repairman with `k` machines. BadInput for what cannot be."""
    looked_at(talk)
    return level_of(talk, whole("k", k, MOST_CHATS, "conversations at a time"))


def level_of(talk: Talk, k: int) -> Level:
    """The level, of a talk that was looked at.

    The sum of k! / (k - j)! (a / c)^j in science is 1 / B(k, c / a): Erlang's own recursion computes it.
    """
    work = talk.agent_seconds * talk.turns
    busy, alone = (1 - blocked(n, talk.customer_seconds / talk.agent_seconds) for n in (k, 1))
    reply = k * talk.agent_seconds / busy - talk.customer_seconds
    return Level(busy, HOUR_S * busy / work, busy / alone, reply, k * work / busy)


def looked_at(talk: Talk) -> Talk:
    """The same; BadInput for times that cannot be."""
    seconds("agent_seconds", talk.agent_seconds, "an agent's work for one message")
    seconds("customer_seconds", talk.customer_seconds, "a customer's time for one message", above_zero=False)
    number("turns", talk.turns, MOST_TURNS, "messages of the agent in a conversation", LEAST_TURNS)
    return talk


def chat(
    agents: int,
    concurrency: int,
    chats_per_hour: float,
    talk: Talk,
    patience_seconds: float,
    threshold_seconds: float = 0.0,
) -> Chats:
    """The queue of `agents` with up to `concurrency` conversations each. BadInput for what cannot be.

    Exact up to 5,000 states, C(n + K, K) of them; above, as if conversations were spread evenly over the agents.
    """
    n = agents_of(agents)
    most = whole("concurrency", concurrency, MOST_CHATS, "conversations at a time of one agent")
    rate = per_hour("chats_per_hour", chats_per_hour) / HOUR_S
    patience = seconds("patience_seconds", patience_seconds, "mean time until somebody gives up waiting")
    threshold = seconds("threshold_seconds", threshold_seconds, "time to get an agent in", above_zero=False)
    work = looked_at(talk).agent_seconds * talk.turns
    if rate * work > MOST_ERLANGS:
        raise BadInput(f"{rate * work:g} erlangs are out of reach", where="chats_per_hour", hint="up to 100,000")
    return chats(n, [level_of(talk, k) for k in range(1, most + 1)], rate, patience, threshold, work)


def chats(
    agents: int,
    levels: Sequence[Level],
    rate: float,
    patience: float,
    threshold: float,
    work: float,
    most_states: int = MOST_STATES,
) -> Chats:
    """The queue, of what was looked at: arrivals a second, `work` seconds of an agent for each conversation."""
    full = levels[-1]
    found = served(agents, [one.chats_per_hour / HOUR_S for one in levels], rate, patience, most_states)
    going_on = found.queue.p_wait * agents * len(levels) + (1 - found.queue.p_wait) * found.below.chats
    through = rate * (1 - found.queue.p_abandon)
    return Chats(
        p_wait=found.queue.p_wait,
        p_abandon=found.queue.p_abandon,
        mean_wait_s=found.queue.p_abandon * patience,
        chats_per_agent=going_on / agents,
        mean_chat_s=going_on / through if through else levels[0].chat_s,
        gain=full.gain,
        reply_s=full.reply_s,
        occupancy=through * work / agents,
        service_level=found.queue.within(threshold).served,
        method=found.method,
    )


class Served(Struct, frozen=True):
    """The agents, and the queue before them."""

    below: Below
    queue: Patient
    method: Method


def served(
    agents: int, rates: Sequence[float], arrival_rate: float, patience: float, most_states: int = MOST_STATES
) -> Served:
    """Agents whose 1, 2, ... conversations end at `rates`, and arrivals, a second; `patience` in seconds."""
    apart = state_count(agents, len(rates)) <= most_states
    trivial = len(rates) == 1 or agents == 1  # there is one way to spread them
    below = exactly(agents, rates, arrival_rate) if apart and not trivial else evenly(agents, rates, arrival_rate)
    queue = patient(agents * rates[-1], arrival_rate, patience, below.full)
    return Served(below, queue, "exact" if apart or trivial else "evenly spread")
