"""Agents with several conversations at a time: what each holds, what a customer feels, how the queue does."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

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
    raise NotImplementedError


def chat(
    agents: int,
    concurrency: int,
    chats_per_hour: float,
    talk: Talk,
    patience_seconds: float,
    threshold_seconds: float = 0.0,
) -> Chats:
    """The queue of `agents` with up to `concurrency` conversations each. BadInput for what cannot be."""
    raise NotImplementedError
