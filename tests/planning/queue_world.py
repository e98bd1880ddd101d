"""Queues as they happen, one customer after the other, and figures as they were printed."""

from __future__ import annotations

import heapq
import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np

ARRIVALS = 2_000_000 if os.environ.get("APARTE_LONG") else 100_000
CHATS = 300_000 if os.environ.get("APARTE_LONG") else 25_000
BATCHES = 25
NOISE = 5.0
"""Standard errors. They come from 25 batches and vary too: four are exceeded once in 2,000 times, five in 25,000."""


def as_printed(value: float, text: str) -> bool:
    """Whether a figure, rounded to as many decimals, is the printed one."""
    mantissa, _, power = text.partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(power or 0)
    return abs(value - float(text)) <= 0.5001 * 10.0**-decimals


class Customer(NamedTuple):
    """What became of one."""

    waited: float
    served: bool


def served_in_turn(
    agents: int, rate: float, aht: float, patience: float | None, arrivals: int, seed: int
) -> list[Customer]:
    """First come, first served: whoever finds an agent before his patience ends takes him."""
    dice = np.random.default_rng(seed)
    now = np.cumsum(dice.exponential(1 / rate, arrivals)).tolist()
    work = dice.exponential(aht, arrivals).tolist()
    most = dice.exponential(patience, arrivals).tolist() if patience is not None else [float("inf")] * arrivals
    free = [0.0] * agents
    found = []
    for at, takes, waits in zip(now, work, most, strict=True):
        wait = max(free[0] - at, 0.0)
        if wait > waits:
            found.append(Customer(waits, served=False))
        else:
            heapq.heapreplace(free, at + wait + takes)
            found.append(Customer(wait, served=True))
    return found[arrivals // 20 :]


class ChatDay:
    """Agents with several conversations, event by event; each customer in the queue has a patience of his own."""

    def __init__(self, agents: int, rates: Sequence[float], rate: float, patience: float, seed: int) -> None:
        self.dice, self.rates, self.rate, self.patience = np.random.default_rng(seed), [0.0, *rates], rate, patience
        self.levels = [agents] + [0] * len(rates)
        self.queue: deque[tuple[float, float]] = deque()
        self.now = self.next_arrival = 0.0
        self.done: list[Customer] = []

    def run(self, arrivals: int) -> list[Customer]:
        """So many customers, in the order in which they were served or left."""
        draws = iter(self.dice.exponential(1.0, 6 * arrivals).tolist())
        picks = iter(self.dice.random(6 * arrivals).tolist())
        left, self.next_arrival = arrivals, next(draws) / self.rate
        while left:
            ending = sum(count * each for count, each in zip(self.levels, self.rates, strict=True))
            ends = self.now + next(draws) / ending if ending else float("inf")
            if self.next_arrival < ends:
                self.now, left = self.next_arrival, left - 1
                self.next_arrival = self.now + next(draws) / self.rate
                self.arrive(next(draws) * self.patience)
            else:
                self.now = ends
                self.end(next(picks) * ending)
        return self.done[arrivals // 20 :]

    def arrive(self, patience: float) -> None:
        """To an agent who has fewest, else into the queue."""
        k = next((level for level, count in enumerate(self.levels[:-1]) if count), None)
        if k is None:
            self.queue.append((self.now, self.now + patience))
        else:
            self.levels[k], self.levels[k + 1] = self.levels[k] - 1, self.levels[k + 1] + 1
            self.done.append(Customer(0.0, served=True))

    def end(self, place: float) -> None:
        """A conversation ends at some agent's; the first in the queue who is still there takes its place."""
        k = 0
        while place >= 0 and k < len(self.levels) - 1:
            k += 1
            place -= self.levels[k] * self.rates[k]
        while self.queue and k == len(self.levels) - 1:
            came, gives_up = self.queue.popleft()
            if gives_up > self.now:
                self.done.append(Customer(self.now - came, served=True))
                return
            self.done.append(Customer(gives_up - came, served=False))
        self.levels[k], self.levels[k - 1] = self.levels[k] - 1, self.levels[k - 1] + 1


def mean_and_error(customers: Sequence[Customer], figure: Callable[[Customer], float]) -> tuple[float, float]:
    """The mean of a figure, and its standard error from the means of batches, which follow one another."""
    values = np.array([figure(one) for one in customers])
    means = np.array([part.mean() for part in np.array_split(values, BATCHES)])
    return float(values.mean()), float(means.std(ddof=1)) / sqrt(BATCHES)


def off_by(customers: Sequence[Customer], figure: Callable[[Customer], float], expected: float) -> float:
    """How many standard errors lie between what was seen and what is expected."""
    mean, error = mean_and_error(customers, figure)
    return abs(mean - expected) / max(error, 1e-9)


def birth_death(ups: Iterable[float], downs: Sequence[float]) -> np.ndarray:
    """The states of a birth-death chain, straight from the definition."""
    found = [1.0]
    for up, down in zip(ups, downs, strict=True):
        found.append(found[-1] * up / down)
    return np.array(found) / sum(found)
