"""Agents with several conversations: the printed values, what must hold, a simulation, and what is refused."""

from __future__ import annotations

from itertools import product
from math import comb, inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from queue_world import CHATS, NOISE, ChatDay, as_printed, off_by

from aparte.kit.errors import BadInput
from aparte.planning.chat import Chats, Level, Talk, chat, chats, level, served
from aparte.planning.chat_states import MOST_STATES, evenly, exactly, floors_of, state_count
from aparte.planning.erlang import erlang_a

TALK = Talk(30, 60, 8)
ROWS = [
    (5, 1, 20, ".28713952", ".14968634", "26.94354105", ".68025093", "720"),
    (5, 2, 30, ".09522294", ".03715889", "6.68860059", "1.22821533", "765.36948181"),
    (5, 3, 40, ".04736804", ".01614367", "2.90585985", "1.78756571", "817.60369078"),
    (5, 4, 45, ".01489702", ".00469516", ".84512932", "2.13408171", "857.6595342"),
    (10, 3, 90, ".03962259", ".00971957", "1.74952251", "2.05957048", "831.91403787"),
    (10, 5, 100, ".00025114", ".00005197", ".00935512", "2.433853", "876.23262115"),
    (20, 3, 200, ".04983119", ".00890481", "1.60286565", "2.35009626", "853.6361204"),
    (3, 4, 30, ".0826899", ".03460876", "6.22957667", "2.41022722", "898.78772553"),
]
LEVELS = [
    (".333333", "5", "1", "30", "720"),
    (".6", "9", "1.8", "40", "800"),
    (".789474", "11.8421", "2.3684", "54", "912"),
    (".904762", "13.5714", "2.7143", "72.632", "1061.05"),
    (".963303", "14.4495", "2.8899", "95.714", "1245.71"),
    (".987915", "14.8187", "2.9637", "122.202", "1457.61"),
]
GAINS = {
    (25, 75): ("1", "1.882", "2.615", "3.176", "3.56", "3.791"),
    (45, 45): ("1", "1.6", "1.875", "1.969", "1.994", "1.999"),
    (15, 60): ("1", "1.923", "2.746", "3.447", "4.005", "4.414"),
}
TALKS = st.builds(Talk, st.floats(1, 300), st.floats(0, 600), st.floats(1, 30))


def levels(talk: Talk, concurrency: int) -> list[Level]:
    return [level(talk, k) for k in range(1, concurrency + 1)]


def spread_evenly(agents: int, concurrency: int, per_hour: float, talk: Talk = TALK) -> Chats:
    """The approximation, where the states could all be told apart."""
    work = talk.agent_seconds * talk.turns
    return chats(agents, levels(talk, concurrency), per_hour / 3600, 180, 0, work, most_states=0)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} agents, {row[1]} at a time")
def test_chat_gives_the_printed_values(row: tuple[float, ...]) -> None:
    one = chat(int(row[0]), int(row[1]), row[2], TALK, 180)
    told = (one.p_wait, one.p_abandon, one.mean_wait_s, one.chats_per_agent, one.mean_chat_s)
    for value, printed in zip(told, row[3:], strict=True):
        assert as_printed(value, str(printed)), (value, printed)
    assert one.method == "exact"
    assert (one.gain, one.reply_s) == (level(TALK, int(row[1])).gain, level(TALK, int(row[1])).reply_s)


@pytest.mark.parametrize("k", range(1, 7))
def test_the_levels_are_the_printed_ones(k: int) -> None:
    one = level(TALK, k)
    told = (one.utilisation, one.chats_per_hour, one.gain, one.reply_s, one.chat_s)
    for value, printed in zip(told, LEVELS[k - 1], strict=True):
        assert as_printed(value, printed), (value, printed)


@pytest.mark.parametrize(("times", "k"), [*product(GAINS, range(1, 7))])
def test_the_gains_are_the_printed_ones(times: tuple[float, float], k: int) -> None:
    assert as_printed(level(Talk(*times, 8), k).gain, GAINS[times][k - 1])


@given(TALKS, st.integers(1, 49))
def test_more_at_a_time_gains_ever_less_and_answers_ever_later(talk: Talk, k: int) -> None:
    one, more = level(talk, k), level(talk, k + 1)
    limit = (talk.agent_seconds + talk.customer_seconds) / talk.agent_seconds
    assert one.gain <= more.gain * (1 + 1e-12)
    assert more.gain <= limit * (1 + 1e-9)
    assert one.reply_s <= more.reply_s * (1 + 1e-9)
    assert level(talk, 1).reply_s == pytest.approx(talk.agent_seconds, rel=1e-6)
    assert one.chat_s == pytest.approx(talk.turns * (one.reply_s + talk.customer_seconds), rel=1e-9)
    assert one.chat_s * one.chats_per_hour == pytest.approx(3600 * k, rel=1e-9)


@settings(deadline=None)
@given(st.integers(1, 200), st.floats(0.05, 3), TALKS, st.floats(10, 1_000), st.floats(0, 100))
def test_one_at_a_time_is_erlang_a(agents: int, load: float, talk: Talk, patience: float, threshold: float) -> None:
    length = level(talk, 1).chat_s
    per_hour = load * agents * 3600 / length
    one, other = (
        chat(agents, 1, per_hour, talk, patience, threshold),
        erlang_a(agents, per_hour, length, patience, threshold),
    )
    for name in ("p_wait", "p_abandon", "mean_wait_s", "service_level"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-10, abs=1e-14), name
    assert one.mean_chat_s == pytest.approx(length, rel=1e-9)
    assert one.method == "exact"


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 6), st.integers(2, 4), st.floats(0.1, 2), st.floats(30, 600))
def test_a_constant_rate_of_each_conversation_is_erlang_a_with_as_many_servers(
    agents: int, concurrency: int, load: float, patience: float
) -> None:
    each, servers = 1 / 600, agents * concurrency
    rate = load * servers * each
    one = served(agents, [k * each for k in range(1, concurrency + 1)], rate, patience)
    other = erlang_a(servers, rate * 3600, 600, patience, 20)
    assert one.method == "exact"
    assert one.queue.p_wait == pytest.approx(other.p_wait, rel=1e-11)
    assert one.queue.p_abandon == pytest.approx(other.p_abandon, rel=1e-11)
    assert one.queue.within(20).served == pytest.approx(other.served_in_time, rel=1e-11)


def test_a_constant_rate_gives_the_printed_values() -> None:
    queue = served(4, [1 / 600, 2 / 600, 3 / 600], 1 / 60, 180).queue
    assert as_printed(queue.p_wait, ".234684427355")
    assert as_printed(queue.p_abandon, ".0779873611203")


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 9), st.integers(1, 5), st.floats(0.05, 2.5), TALKS, st.floats(10, 1_000), st.floats(0, 60))
def test_what_must_hold_of_every_chat(
    agents: int, concurrency: int, load: float, talk: Talk, patience: float, threshold: float
) -> None:
    per_hour = load * agents * level(talk, concurrency).chats_per_hour
    one = chat(agents, concurrency, per_hour, talk, patience, threshold)
    assert one.p_abandon == pytest.approx(one.mean_wait_s / patience, rel=1e-12)
    through = per_hour / 3600 * (1 - one.p_abandon)
    assert one.chats_per_agent * agents == pytest.approx(through * one.mean_chat_s, rel=1e-9)
    assert one.occupancy == pytest.approx(through * talk.agent_seconds * talk.turns / agents, rel=1e-12)
    assert 0 <= one.p_abandon <= one.p_wait <= 1
    assert 0 < one.occupancy <= 1 + 1e-9
    assert one.chats_per_agent <= concurrency * (1 + 1e-9)
    assert level(talk, 1).chat_s * (1 - 1e-9) <= one.mean_chat_s <= level(talk, concurrency).chat_s * (1 + 1e-9)
    assert one.service_level >= 1 - one.p_wait - 1e-12
    more = chat(agents + 1, concurrency, per_hour, talk, patience, threshold)
    assert more.p_wait <= one.p_wait * (1 + 1e-9)
    assert more.p_abandon <= one.p_abandon * (1 + 1e-9)
    assert more.service_level >= one.service_level - 1e-9


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 4), st.integers(1, 3), st.floats(0.1, 2.5), TALKS)
def test_floor_by_floor_gives_what_the_whole_matrix_gives(
    agents: int, concurrency: int, load: float, talk: Talk
) -> None:
    rates = [one.chats_per_hour / 3600 for one in levels(talk, concurrency)]
    rate = load * agents * rates[-1]
    states, chance = whole_matrix(agents, [0.0, *rates], rate)
    full = chance[states.index((0,) * concurrency + (agents,))]
    mean = sum(p * sum(k * n for k, n in enumerate(one)) for one, p in zip(states, chance, strict=True))
    found = exactly(agents, rates, rate)
    assert found.full == pytest.approx(full, rel=1e-8)
    assert found.chats * (1 - full) + full * agents * concurrency == pytest.approx(mean, rel=1e-8)


def whole_matrix(agents: int, rates: list[float], rate: float) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """All states and their probabilities while nobody waits, from one linear system."""
    levels = len(rates)
    states = [one for one in product(range(agents + 1), repeat=levels) if sum(one) == agents]
    place = {one: n for n, one in enumerate(states)}
    flow = np.zeros((len(states), len(states)))
    for one in states:
        moves = [(k, k - 1, one[k] * rates[k]) for k in range(1, levels) if one[k]]
        least = next(k for k in range(levels) if one[k])
        moves += [(least, least + 1, rate)] if least + 1 < levels else []
        for since, to, speed in moves:
            other = list(one)
            other[since], other[to] = other[since] - 1, other[to] + 1
            flow[place[one], place[tuple(other)]] += speed
            flow[place[one], place[one]] -= speed
    system = np.vstack([flow.T / max(rate, *rates), np.ones(len(states))])
    return states, np.linalg.lstsq(system, np.append(np.zeros(len(states)), 1.0), rcond=None)[0]


@pytest.mark.parametrize(("agents", "concurrency", "count"), [(20, 3, 1_771), (10, 5, 3_003), (4, 1, 5), (1, 6, 7)])
def test_the_states_are_as_many_as_there_are_ways_to_put_the_agents(agents: int, concurrency: int, count: int) -> None:
    assert state_count(agents, concurrency) == comb(agents + concurrency, concurrency) == count
    assert sum(floor.size for floor in floors_of(agents, concurrency)) == count


@pytest.mark.parametrize("row", ROWS[1:], ids=lambda row: f"{row[0]} agents, {row[1]} at a time")
def test_spread_evenly_waits_are_a_little_too_few(row: tuple[float, ...]) -> None:
    agents, concurrency, per_hour = row[:3]
    exact, even = (
        chat(int(agents), int(concurrency), per_hour, TALK, 180),
        spread_evenly(int(agents), int(concurrency), per_hour),
    )
    low = 1 - even.p_wait / exact.p_wait
    assert even.method == "evenly spread"
    assert 0.102 < low < 0.104 if (agents, concurrency) == (10, 5) else 0.017 < low < 0.057
    assert even.mean_chat_s == pytest.approx(exact.mean_chat_s, rel=0.02)


@given(st.integers(1, 8), st.floats(0.1, 2), TALKS)
def test_where_there_is_one_way_to_spread_them_both_are_the_same(concurrency: int, load: float, talk: Talk) -> None:
    rates = [one.chats_per_hour / 3600 for one in levels(talk, concurrency)]
    one, other = exactly(1, rates, load * rates[-1]), evenly(1, rates, load * rates[-1])
    assert one.full == pytest.approx(other.full, rel=1e-9)
    assert one.chats == pytest.approx(other.chats, rel=1e-9)


@pytest.mark.parametrize("row", [*ROWS[:5], ROWS[7]], ids=lambda row: f"{row[0]} agents, {row[1]} at a time")
def test_chat_is_what_happens(row: tuple[float, ...]) -> None:
    agents, concurrency, per_hour = int(row[0]), int(row[1]), row[2]
    one = chat(agents, concurrency, per_hour, TALK, 180, 20)
    rates = [each.chats_per_hour / 3600 for each in levels(TALK, concurrency)]
    seen = ChatDay(agents, rates, per_hour / 3600, 180, seed=agents * 10 + concurrency).run(CHATS)
    assert off_by(seen, lambda c: c.waited > 0, one.p_wait) < NOISE
    assert off_by(seen, lambda c: not c.served, one.p_abandon) < NOISE
    assert off_by(seen, lambda c: c.waited, one.mean_wait_s) < NOISE
    assert off_by(seen, lambda c: c.served and c.waited <= 20, one.service_level) < NOISE


def test_two_thousand_agents_and_ten_thousand_an_hour_at_once() -> None:
    assert chat(2_000, 3, 10_000, TALK, 180).method == "evenly spread"
    busy = chat(850, 3, 10_000, TALK, 180, 20)
    assert 0.01 < busy.p_wait < 0.99
    assert chat(100_000, 50, 1_000_000, TALK, 180).occupancy == pytest.approx(1_000_000 / 15 / 100_000)


@pytest.mark.parametrize("per_hour", [0, 1e-9, 1_000, 100_000])
@pytest.mark.parametrize(("agents", "concurrency"), [(1, 1), (1, 50), (3, 4), (16, 4), (98, 2), (4_000, 1), (300, 9)])
def test_any_load_gives_figures(agents: int, concurrency: int, per_hour: float) -> None:
    one = chat(agents, concurrency, per_hour, TALK, 180, 20)
    told = [one.p_wait, one.p_abandon, one.mean_wait_s, one.chats_per_agent, one.mean_chat_s, one.service_level]
    assert all(0 <= value < inf for value in told)
    assert one.p_wait <= 1 + 1e-12
    assert one.chats_per_agent <= concurrency * (1 + 1e-9)
    assert one.method == (
        "exact" if comb(agents + concurrency, concurrency) <= MOST_STATES or agents == 1 else one.method
    )


@pytest.mark.parametrize(("asked", "where"), [
    ((0, 3, 40.0, TALK, 180.0), "agents"),
    ((5, 0, 40.0, TALK, 180.0), "concurrency"),
    ((5, 51, 40.0, TALK, 180.0), "concurrency"),
    ((5, 3, -1.0, TALK, 180.0), "chats_per_hour"),
    ((5, 3, nan, TALK, 180.0), "chats_per_hour"),
    ((5, 3, 1e7, Talk(1e6, 60, 8), 180.0), "chats_per_hour"),
    ((5, 3, 40.0, Talk(0, 60, 8), 180.0), "agent_seconds"),
    ((5, 3, 40.0, Talk(-30, 60, 8), 180.0), "agent_seconds"),
    ((5, 3, 40.0, Talk(30, -60, 8), 180.0), "customer_seconds"),
    ((5, 3, 40.0, Talk(30, 60, 0), 180.0), "turns"),
    ((5, 3, 40.0, Talk(30, 60, inf), 180.0), "turns"),
    ((5, 3, 40.0, TALK, 0.0), "patience_seconds"),
    ((5, 3, 40.0, TALK, 180.0, -1.0), "threshold_seconds"),
])  # fmt: skip
def test_what_no_chat_can_be_is_refused(asked: tuple[object, ...], where: str) -> None:
    with pytest.raises(BadInput) as refused:
        chat(*asked)  # type: ignore[arg-type]
    assert (refused.value.where, bool(refused.value.hint)) == (where, True)


@pytest.mark.parametrize("k", [0, -1, 51, 2.5, None])
def test_a_level_is_a_whole_number(k: object) -> None:
    with pytest.raises(BadInput, match="conversations at a time"):
        level(TALK, k)  # type: ignore[arg-type]
