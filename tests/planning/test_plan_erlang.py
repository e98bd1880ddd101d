"""Erlang B, C and A: the printed values, what must hold of any queue, a simulation, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from math import factorial, inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from queue_world import ARRIVALS, NOISE, as_printed, birth_death, off_by, served_in_turn

from aparte.kit.errors import BadInput
from aparte.planning.erlang import erlang_a, erlang_b, erlang_c

C_ROWS = [
    (11, 10, 180, 20, "0.682118204689", "0.389613811729", "122.781276844", ".909090909"),
    (12, 10, 180, 20, "0.449388224298", "0.640158040374", "40.4449401868", ".833333333"),
    (13, 10, 180, 20, "0.285270453036", "0.795594788418", "17.1162271822", ".769230769"),
    (14, 10, 180, 20, "0.174131933595", "0.888350019179", "7.83593701178", ".714285714"),
    (15, 10, 180, 20, "0.102042367008", "0.941452842869", "3.67352521229", ".666666667"),
    (2, 1, 300, 20, "0.333333333333", "0.688164338323", "100", ".5"),
    (5, 4, 240, 30, "0.554112554113", "0.510997387312", "132.987012987", ".8"),
    (8, 6.5, 420, 30, "0.485044680006", "0.564237158748", "135.812510402", ".8125"),
    (42, 100 / 3, 300, 20, "0.10287102612", "0.942274544144", "3.56092013493", ".793650794"),
    (110, 100, 300, 20, "0.237007500285", "0.878316292015", "7.11022500855", ".909090909"),
    (1, 0.5, 600, 60, ".5", "0.52438528775", "600", ".5"),
]
A_ROWS = [
    (14, 100 / 1800, 180, 180, 20, "0.135535577381", "0.0186937152722", "3.36486874899", "0.70093306052",
     "0.925559792083", "0.0637848659112", "0.0106553420056"),
    (10, 100 / 1800, 180, 120, 20, "0.49685274763", "0.137463826276", "16.4956591532", "0.862536173724",
     "0.639941307036", "0.29501765557", "0.0650410373938"),
    (12, 100 / 1800, 180, 60, 20, "0.240426108356", "0.0759017969335", "4.55410781601", "0.770081835889",
     "0.860300659648", "0.0882975911044", "0.0514017492479"),
    (50, 50 / 300, 300, 300, 30, "0.518808315472", "0.0563250063252", "16.8975018976", "0.943674993675",
     "0.72939619166", "0.233903010678", "0.0367007976618"),
    (5, 1 / 60, 240, 90, 30, "0.309802599974", "0.136979610208", "12.3281649188", "0.690416311833",
     "0.774285888115", "0.15152103479", "0.0741930770951"),
    (20, 1 / 30, 600, 180, 30, "0.394648513334", "0.114355684099", "20.5840231378", "0.885644315901",
     "0.708054943623", "0.239783028297", "0.0521620280801"),
]  # fmt: skip
QUEUES = {
    "agents": st.integers(1, 60),
    "load": st.floats(0.05, 3),
    "aht": st.floats(5, 2_000),
    "patience": st.floats(5, 2_000),
    "threshold": st.floats(0, 300),
}


@pytest.mark.parametrize(("agents", "load", "printed"), [
    (10, 10, "0.214582343107"), (14, 10, "0.0568191433865"), (1, 1, "0.5"), (100, 100, "0.0757004527109"),
])  # fmt: skip
def test_erlang_b_gives_the_printed_values(agents: int, load: float, printed: str) -> None:
    assert as_printed(erlang_b(agents, load), printed)


@pytest.mark.parametrize("row", C_ROWS, ids=lambda row: f"{row[0]} agents")
def test_erlang_c_gives_the_printed_values(row: tuple[float, ...]) -> None:
    found = erlang_c(*row[:4])  # type: ignore[arg-type]
    for value, printed in zip((found.p_wait, found.service_level, found.asa_s, found.occupancy), row[4:], strict=True):
        assert as_printed(value, printed), (value, printed)


@pytest.mark.parametrize("row", A_ROWS, ids=lambda row: f"{row[0]} agents")
def test_erlang_a_gives_the_printed_values(row: tuple[float, ...]) -> None:
    agents, rate, *rest = row[:5]
    one = erlang_a(agents, rate * 3600, *rest)  # type: ignore[arg-type]
    told = (one.p_wait, one.p_abandon, one.mean_wait_s, one.occupancy, one.served_in_time, one.waited_longer,
            one.abandoned_in_time)  # fmt: skip
    for value, printed in zip(told, row[5:], strict=True):
        assert as_printed(value, printed), (value, printed)


@given(agents=st.integers(1, 40), load=st.fractions(Fraction(1, 100), 60))
def test_erlang_b_is_its_definition(agents: int, load: Fraction) -> None:
    states = [load**n / factorial(n) for n in range(agents + 1)]
    assert erlang_b(agents, float(load)) == pytest.approx(float(states[-1] / sum(states)), rel=1e-12)


@given(agents=st.integers(1, 200), share=st.floats(0.01, 0.99), aht=st.floats(1, 5_000), threshold=st.floats(0, 500))
def test_more_agents_never_make_anybody_wait_longer(agents: int, share: float, aht: float, threshold: float) -> None:
    one, more = (erlang_c(n, share * agents, aht, threshold) for n in (agents, agents + 1))
    assert 0 <= more.p_wait <= one.p_wait <= 1
    assert 0 <= one.service_level <= more.service_level <= 1
    assert more.asa_s <= one.asa_s
    assert one.p_wait >= erlang_b(agents, share * agents)
    assert one.asa_s * share * agents / aht == pytest.approx(one.p_wait * share / (1 - share), rel=1e-9)


@given(**QUEUES)
def test_what_must_hold_of_every_queue_that_people_leave(
    agents: int, load: float, aht: float, patience: float, threshold: float
) -> None:
    per_hour = load * agents * 3600 / aht
    one = erlang_a(agents, per_hour, aht, patience, threshold)
    assert one.p_abandon == pytest.approx(one.mean_wait_s / patience, rel=1e-12)
    assert one.occupancy == pytest.approx(load * (1 - one.p_abandon), rel=1e-12)
    assert one.served_in_time + one.waited_longer + one.abandoned_in_time == pytest.approx(1, abs=1e-12)
    assert one.service_level == one.served_in_time
    assert 0 <= one.p_abandon <= one.p_wait <= 1
    assert one.abandoned_in_time <= one.p_abandon + 1e-12
    more = erlang_a(agents + 1, per_hour, aht, patience, threshold)
    assert more.p_wait <= one.p_wait
    assert more.p_abandon <= one.p_abandon
    assert more.served_in_time >= one.served_in_time - 1e-12


@settings(max_examples=50)
@given(agents=st.integers(1, 12), load=st.floats(0.1, 2), patience=st.floats(0.001, 5))
def test_the_integral_says_what_the_states_of_the_queue_say(agents: int, load: float, patience: float) -> None:
    rate, places = load * agents, 400
    downs = [min(n, agents) + max(n - agents, 0) / patience for n in range(1, agents + places)]
    states = birth_death([rate] * len(downs), downs)
    queue = np.maximum(np.arange(len(states)) - agents, 0)
    one = erlang_a(agents, rate, 3600, patience * 3600, 60)
    assert one.p_wait == pytest.approx(states[agents:].sum(), rel=1e-9)
    assert one.p_abandon == pytest.approx(float(states @ queue) / patience / rate, rel=1e-9, abs=1e-300)


@given(agents=st.integers(1, 30), share=st.floats(0.05, 0.9))
def test_endless_patience_is_erlang_c(agents: int, share: float) -> None:
    forever, patient = erlang_c(agents, share * agents, 1, 1), erlang_a(agents, share * agents * 3600, 1, 1e7, 1)
    assert patient.p_wait == pytest.approx(forever.p_wait, rel=1e-4)
    assert patient.asa_s == pytest.approx(forever.asa_s, rel=1e-3)
    assert patient.served_in_time == pytest.approx(forever.service_level, rel=1e-4)


@pytest.mark.parametrize("row", C_ROWS[1:6], ids=lambda row: f"{row[0]} agents")
def test_erlang_c_is_what_happens(row: tuple[float, ...]) -> None:
    agents, load, aht, threshold = row[:4]
    one = erlang_c(int(agents), load, aht, threshold)
    seen = served_in_turn(int(agents), load / aht, aht, None, ARRIVALS, seed=int(agents))
    assert off_by(seen, lambda c: c.waited > 0, one.p_wait) < NOISE
    assert off_by(seen, lambda c: c.waited <= threshold, one.service_level) < NOISE
    assert off_by(seen, lambda c: c.waited, one.asa_s) < NOISE


@pytest.mark.parametrize("row", [*A_ROWS[:3], *A_ROWS[4:]], ids=lambda row: f"{row[0]} agents")
def test_erlang_a_is_what_happens(row: tuple[float, ...]) -> None:
    agents, rate, aht, patience, threshold = row[:5]
    one = erlang_a(int(agents), rate * 3600, aht, patience, threshold)
    seen = served_in_turn(int(agents), rate, aht, patience, ARRIVALS, seed=int(agents))
    figures = {
        "p_wait": lambda c: c.waited > 0,
        "p_abandon": lambda c: not c.served,
        "mean_wait_s": lambda c: c.waited,
        "served_in_time": lambda c: c.served and c.waited <= threshold,
        "waited_longer": lambda c: c.waited > threshold,
        "abandoned_in_time": lambda c: not c.served and c.waited <= threshold,
    }
    for name, figure in figures.items():
        assert off_by(seen, figure, getattr(one, name)) < NOISE, name
    answered = [c for c in seen if c.served]
    assert off_by(answered, lambda c: c.waited, one.asa_s) < NOISE


@pytest.mark.parametrize("agents", [1, 2_000, 100_000])
def test_large_queues_give_figures_and_no_overflow(agents: int) -> None:
    assert 0 <= erlang_b(agents, 100_000) <= 1
    for per_hour in (0, 1e-9, 10_000, 600_000):
        for patience in (0.001, 60, 10_000_000):
            one = erlang_a(agents, per_hour, 600, patience, 20)
            assert all(0 <= value < inf for value in (one.p_wait, one.p_abandon, one.mean_wait_s, one.asa_s))
            assert one.served_in_time + one.waited_longer + one.abandoned_in_time == pytest.approx(1, abs=1e-9)
    if agents > 1:
        assert erlang_c(agents, agents * 0.999, 600, 20).occupancy == pytest.approx(0.999)


def test_two_thousand_agents_and_ten_thousand_an_hour_at_once() -> None:
    one = erlang_a(2_000, 10_000, 720, 180, 20)
    assert one.occupancy == pytest.approx(1 - one.p_abandon, rel=1e-9)
    assert 0.1 < one.p_wait < 0.9
    assert erlang_c(2_000, 1_950, 720, 20).service_level > 0.8


@pytest.mark.parametrize(("asked", "where", "hint"), [
    ((0, 1.0, 180.0, 20.0), "agents", "1 to 100,000"),
    ((-3, 1.0, 180.0, 20.0), "agents", "1 to 100,000"),
    ((100_001, 1.0, 180.0, 20.0), "agents", "100,000"),
    ((True, 0.5, 180.0, 20.0), "agents", "agents"),
    ((1.5, 1.0, 180.0, 20.0), "agents", "agents"),
    ((10**400, 1.0, 180.0, 20.0), "agents", "100,000"),
    ((-(10**5000), 1.0, 180.0, 20.0), "agents", "100,000"),
    ((10, 10.0, 180.0, 20.0), "erlangs", "at least 11 agents, or with patience: erlang-a"),
    ((10, 12.5, 180.0, 20.0), "erlangs", "at least 13 agents"),
    ((10, -1.0, 180.0, 20.0), "erlangs", "0 to"),
    ((10, nan, 180.0, 20.0), "erlangs", "0 to"),
    ((10, inf, 180.0, 20.0), "erlangs", "0 to"),
    ((10, 10**400, 180.0, 20.0), "erlangs", "0 to"),
    ((10, "5", 180.0, 20.0), "erlangs", "0 to"),
    ((10, 5.0, 0.0, 20.0), "aht_seconds", "in seconds"),
    ((10, 5.0, -180.0, 20.0), "aht_seconds", "in seconds"),
    ((10, 5.0, 180.0, -1.0), "threshold_seconds", "in seconds"),
    ((10, 5.0, 180.0, 1e300), "threshold_seconds", "10,000,000"),
])  # fmt: skip
def test_what_no_queue_can_be_is_refused(asked: tuple[object, ...], where: str, hint: str) -> None:
    with pytest.raises(BadInput) as refused:
        erlang_c(*asked)  # type: ignore[arg-type]
    assert refused.value.where == where
    assert hint in refused.value.hint
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(("asked", "where"), [
    ((10, -5.0, 180.0, 60.0, 20.0), "arrivals_per_hour"),
    ((10, 1e8, 180.0, 60.0, 20.0), "arrivals_per_hour"),
    ((10, 1e7, 1e6, 60.0, 20.0), "arrivals_per_hour"),
    ((10, 100.0, 180.0, 0.0, 20.0), "patience_seconds"),
    ((10, 100.0, 180.0, -9.0, 20.0), "patience_seconds"),
    ((10, 100.0, nan, 60.0, 20.0), "aht_seconds"),
    ((0, 100.0, 180.0, 60.0, 20.0), "agents"),
])  # fmt: skip
def test_what_no_queue_with_patience_can_be_is_refused(asked: tuple[float, ...], where: str) -> None:
    with pytest.raises(BadInput) as refused:
        erlang_a(*asked)  # type: ignore[arg-type]
    assert (refused.value.where, bool(refused.value.hint)) == (where, True)


@given(
    agents=st.one_of(st.integers(), st.none(), st.text(max_size=3)),
    numbers=st.lists(st.one_of(st.floats(), st.integers(), st.none(), st.text(max_size=3)), min_size=4, max_size=4),
)
def test_any_input_gives_numbers_or_a_refusal(agents: object, numbers: list[object]) -> None:
    try:
        one = erlang_a(agents, *numbers)  # type: ignore[arg-type]
    except BadInput as error:
        refused = error
    else:
        assert 0 <= one.p_abandon <= one.p_wait <= 1  # nan is not
        return
    assert refused.where
    assert refused.hint
