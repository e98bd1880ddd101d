"""Agents by the number of their conversations, while nobody waits: all states, or spread as evenly as can be.

A state says how many agents have 0, 1, ... K conversations. An arrival goes to an agent who has fewest. When all have
K the next arrival waits, and the queue always begins and ends in that one state: so its customers may be left out here,
and what is said of the states below holds whatever their patience.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import comb

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

MOST_STATES = 5_000
"""Above, the evenly spread form is as good as anybody's figures, and it takes no matrix."""


class Below(Struct, frozen=True):
    """The agents while nobody waits."""

    full: float
    """P(every agent has K conversations)."""
    chats: float
    """Mean conversations of all agents together, while not every one of them has K."""


class Floor(Struct, frozen=True):
    """The states with one number of conversations: where an arrival, and an end, lead from each."""

    up: Places
    """Of each state, its place on the next floor; empty on the topmost."""
    down: tuple[tuple[Places, Places, Places, Floats], ...]
    """For each level k: the states with agents at k, their places below when one ends, k, how many agents."""
    size: int


def state_count(agents: int, concurrency: int) -> int:
    """How many states there are: C(n + K, K)."""
    return comb(agents + concurrency, concurrency)


def evenly(agents: int, rates: Sequence[float], arrival_rate: float) -> Below:
    """The agents as if conversations were always spread as evenly as can be: a birth-death chain of their number.

    `rates`: conversations that end in a second, of an agent who has 1, 2, ... K of them; never falling.
    """
    each = np.array([0.0, *rates])
    levels = np.arange(1, agents * len(rates) + 1)
    lower, more = np.divmod(levels, agents)
    upper = np.minimum(lower + 1, len(rates))
    ends = (agents - more) * each[lower] + more * each[upper]
    return summed(weights(arrival_rate / ends))


def weights(ratios: Floats) -> Floats:
    """Of a birth-death chain by its ratios, which never rise: 1 at its likeliest state, less at all others."""
    peak = int(np.count_nonzero(ratios > 1))
    up = np.cumprod(ratios[peak:])
    down = np.cumprod(1 / ratios[:peak][::-1])[::-1]
    return np.concatenate([down, [1.0], up])


def summed(found: Floats) -> Below:
    """What the weights of 0, 1, ... nK conversations say."""
    below = float(np.sum(found[:-1]))
    chats = float(np.dot(found[:-1], np.arange(len(found) - 1)))
    return Below(float(found[-1]) / (below + float(found[-1])), chats / below if below else len(found) - 2.0)


def exactly(agents: int, rates: Sequence[float], arrival_rate: float) -> Below:
    """The agents with every state told apart, floor by floor; `rates` as for `evenly`.

    From the topmost floor down: where, on the next floor, the chain first comes back. From the lowest up: how likely
    each state is. Every step is a sum of what is not negative but for one well-conditioned matrix a floor.
    """
    if not arrival_rate:
        return Below(0.0, 0.0)
    floors = floors_of(agents, len(rates))
    inverses = returns(floors, np.array([0.0, *rates]), arrival_rate)
    logs, now = [0.0], np.ones(1)
    for floor, inverse in zip(floors[:-1], inverses, strict=True):
        now = arrival_rate * np.bincount(floor.up, now, inverse.shape[0]) @ inverse
        size = float(now.sum())
        logs.append(logs[-1] + float(np.log(size)))
        now = now / size
    return summed(np.exp(np.array(logs) - max(logs)))


def returns(floors: Sequence[Floor], each: Floats, arrival_rate: float) -> list[Floats]:
    """For each floor from 1 up: mean time in its states, by the state entered, until the chain is below it."""
    found, back = [], np.zeros((0, 0))
    for number in range(len(floors) - 1, 0, -1):
        floor = floors[number]
        ends = ending(floor, floors[number - 1].size, each)
        leave = np.diag(ends.sum(axis=1))
        if back.size:
            leave += arrival_rate * (np.eye(floor.size) - back[floor.up])
        inverse = np.linalg.inv(leave)
        back = inverse @ ends
        back /= back.sum(axis=1, keepdims=True)  # it does come back: else an error would grow from floor to floor
        found.append(inverse)
    return found[::-1]


def ending(floor: Floor, below: int, each: Floats) -> Floats:
    """The rates at which the states of a floor lead to those below."""
    found = np.zeros((floor.size, below))
    for states, places, k, agents in floor.down:
        found[states, places] += agents * each[k]
    return found


@lru_cache(maxsize=64)
def floors_of(agents: int, concurrency: int) -> list[Floor]:
    """All states of so many agents, by the number of conversations; the same for any rates."""
    lists: list[list[tuple[int, ...]]] = [[] for _ in range(agents * concurrency + 1)]
    for one in spread(agents, concurrency):
        lists[sum(k * count for k, count in enumerate(one))].append(one)
    places = [{one: place for place, one in enumerate(states)} for states in lists]
    return [
        Floor(
            up=np.array(
                [places[number + 1][begun(one)] for one in states] if number + 1 < len(lists) else [], np.int64
            ),
            down=tuple(ended(states, places[number - 1], k) for k in range(1, concurrency + 1)) if number else (),
            size=len(states),
        )
        for number, states in enumerate(lists)
    ]


def spread(agents: int, levels: int) -> Iterator[tuple[int, ...]]:
    """Every way to put the agents on the levels 0 to `levels`."""
    if not levels:
        yield (agents,)
        return
    for top in range(agents + 1):
        for rest in spread(agents - top, levels - 1):
            yield (*rest, top)


def begun(state: tuple[int, ...]) -> tuple[int, ...]:
    """After an arrival, which goes to an agent who has fewest."""
    k = next(level for level, count in enumerate(state) if count)
    return moved(state, k, k + 1)


def moved(state: tuple[int, ...], since: int, to: int) -> tuple[int, ...]:
    """One agent goes from a level to another."""
    found = list(state)
    found[since], found[to] = found[since] - 1, found[to] + 1
    return tuple(found)


def ended(
    states: list[tuple[int, ...]], below: dict[tuple[int, ...], int], k: int
) -> tuple[Places, Places, Places, Floats]:
    """The states in which a conversation of an agent with `k` may end."""
    rows = [place for place, one in enumerate(states) if one[k]]
    places = [below[moved(states[row], k, k - 1)] for row in rows]
    counts = [float(states[row][k]) for row in rows]
    return np.array(rows, np.int64), np.array(places, np.int64), np.full(len(rows), k), np.array(counts)
