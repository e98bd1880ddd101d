"""How many agents, how many of them paid, from which team: the fewest that keep every promise, to the head."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aparte.kit.errors import BadInput
from aparte.planning.chat import Talk, chat, chats, level
from aparte.planning.erlang import erlang_a, erlang_c
from aparte.planning.half_hours import HalfHour, half_hours
from aparte.planning.staff_plan import StaffPlan, staff_plan
from aparte.planning.staffing import Calls, Staffing, Talks, Targets, concurrency_for, paid_agents
from aparte.planning.teams import TeamTerms, read_team

TALK = Talk(30, 60, 8)
CALLS = Calls(aht_seconds=180)
NO_BOUND = Targets(occupancy=None)
THIRTY = Fraction(3, 10)


def planned(
    *rows: tuple[str, float], work: Calls | Talks = CALLS, teams: tuple[str, ...] = ("own, wage=20",)
) -> StaffPlan:
    """A plan with a shrinkage of 30 %."""
    text = "start,arrivals\n" + "\n".join(f"{start},{count}" for start, count in rows)
    return staff_plan(half_hours(text, "arrivals.csv"), {"": work}, NO_BOUND, [read_team(one, THIRTY) for one in teams])


@pytest.mark.parametrize(("agents", "shrinkage", "paid"), [
    (21, 0.3, 30), (21, "0.3", 30), (21, "30 %", 30), (21, "30%", 30), (21, "0,3", 30), (21, THIRTY, 30),
    (21, 0.1 + 0.2, 30), (14, 0.3, 20), (7, 0.3, 10), (22, 0.3, 32), (0, 0.3, 0), (5, 0, 5), (1, 0.999999, 1_000_000),
    (9, 0.1, 10), (63, 0.1, 70), (100_000, 0.5, 200_000),
])  # fmt: skip
def test_paid_agents_are_rounded_up_exactly(agents: int, shrinkage: Fraction | str | float, paid: int) -> None:
    assert paid_agents(agents, shrinkage) == paid


@given(st.integers(0, 100_000), st.integers(0, 999))
def test_no_head_too_many_and_none_too_few(agents: int, thousandths: int) -> None:
    paid = paid_agents(agents, thousandths / 1000)
    assert paid * (1000 - thousandths) >= agents * 1000
    assert (paid - 1) * (1000 - thousandths) < agents * 1000 or not agents


@pytest.mark.parametrize(
    "shrinkage", [1, 1.0, "1", "100 %", -0.1, "-0.1", float("nan"), float("inf"), "much", "", "1e9", True]
)
def test_a_shrinkage_that_cannot_be_is_refused(shrinkage: object) -> None:
    with pytest.raises(BadInput) as refused:
        paid_agents(10, shrinkage)  # type: ignore[arg-type]
    assert (refused.value.where, bool(refused.value.hint)) == ("shrinkage", True)


def test_percents_written_as_a_number_are_told_how_to_be_written() -> None:
    with pytest.raises(BadInput, match=r"30 % is written 0\.3"):
        paid_agents(10, "30")


@pytest.mark.covers("S1-103")
def test_a_hundred_calls_in_half_an_hour_take_fourteen_agents_and_twenty_paid() -> None:
    one = planned(("mon 09:00", 100)).half_hours[0]
    assert (one.agents, one.paid, one.missing) == (14, 20, 0)
    assert one.skills[0].service_level == erlang_c(14, 10, 180, 20).service_level


@settings(deadline=None, max_examples=60)
@given(st.floats(0.1, 3_000), st.floats(20, 900), st.floats(0.5, 0.98), st.floats(0.4, 1), st.booleans())
def test_the_fewest_agents_that_keep_every_promise(
    per_hour: float, aht: float, in_time: float, busy: float, patient: bool
) -> None:
    targets = Targets(service_level=in_time, occupancy=busy)
    staffing = Staffing(Calls(aht_seconds=aht, patience_seconds=None if patient else 120), targets)
    found = staffing.needed(per_hour)

    def kept(agents: int) -> bool:
        load = per_hour * aht / 3600
        if patient and load >= agents:
            return False
        one = erlang_c(agents, load, aht, 20) if patient else erlang_a(agents, per_hour, aht, 120, 20)
        return one.service_level >= in_time and one.occupancy <= busy

    assert kept(found.agents)
    assert found.agents == 1 or not kept(found.agents - 1)


@settings(deadline=None, max_examples=15)
@given(st.floats(1, 80), st.integers(1, 5), st.floats(0.5, 0.97))
def test_the_fewest_agents_of_a_chat(per_hour: float, concurrency: int, in_time: float) -> None:
    work = Talks(talk=TALK, concurrency=concurrency, patience_seconds=180)
    found = Staffing(work, Targets(service_level=in_time, occupancy=None)).needed(per_hour)
    assert found.method == "exact"
    assert chat(found.agents, concurrency, per_hour, TALK, 180, 20).service_level >= in_time
    if found.agents > 1:
        assert chat(found.agents - 1, concurrency, per_hour, TALK, 180, 20).service_level < in_time


def test_where_spread_evenly_says_one_agent_too_few_the_states_decide() -> None:
    work = Talks(talk=TALK, concurrency=4, patience_seconds=180)
    even = chats(5, [level(TALK, k) for k in range(1, 5)], 57.8 / 3600, 180, 20, 240, most_states=0)
    found = Staffing(work, Targets(service_level=0.9, occupancy=None)).needed(57.8)
    assert even.service_level >= 0.9 > chat(5, 4, 57.8, TALK, 180, 20).service_level
    assert (found.agents, found.method) == (6, "exact")


def test_half_hours_of_any_order_take_the_same_agents() -> None:
    staffing, counts = Staffing(CALLS, NO_BOUND), [400.0, 3.0, 399.0, 10_000.0, 1.0, 400.0]
    alone = [Staffing(CALLS, NO_BOUND).needed(one).agents for one in counts]
    assert [staffing.needed(one).agents for one in counts] == alone


def test_nobody_is_needed_when_nobody_comes_unless_somebody_is_to_be_there() -> None:
    assert Staffing(CALLS, NO_BOUND).needed(0).agents == 0
    for work in (CALLS, Talks(talk=TALK, concurrency=3, patience_seconds=60)):
        one = Staffing(work, Targets(least_agents=2)).needed(0)
        assert (one.agents, one.service_level, one.occupancy) == (2, 1, 0)


def test_two_thousand_agents_for_ten_thousand_an_hour() -> None:
    found = Staffing(Calls(aht_seconds=700), NO_BOUND).needed(10_000)
    load = 10_000 * 700 / 3600
    below, reached = (erlang_c(n, load, 700, 20).service_level for n in (found.agents - 1, found.agents))
    assert below < 0.8 <= reached
    many = Staffing(Talks(talk=TALK, concurrency=3, patience_seconds=180), Targets()).needed(20_000)
    assert (many.method, many.agents > 1_500) == ("evenly spread", True)


@pytest.mark.parametrize(("reply", "most", "concurrency"), [
    (30, 50, 1), (39.9, 50, 1), (40, 50, 2), (54, 50, 3), (60, 50, 3), (73, 50, 4), (96, 50, 5), (122.3, 50, 6),
    (96, 3, 3),
])  # fmt: skip
def test_the_concurrency_is_the_largest_whose_reply_is_in_time(reply: float, most: int, concurrency: int) -> None:
    assert concurrency_for(TALK, reply, most) == concurrency


@given(st.builds(Talk, st.floats(5, 60), st.floats(5, 300), st.floats(2, 12)), st.floats(61, 300))
def test_one_more_at_a_time_would_be_too_slow(talk: Talk, reply: float) -> None:
    found = concurrency_for(talk, reply)
    assert level(talk, found).reply_s <= reply * (1 + 1e-9)
    assert found == 50 or level(talk, found + 1).reply_s > reply


def test_a_reply_that_takes_longer_than_the_target_already_alone_is_refused() -> None:
    with pytest.raises(BadInput, match="at least 30"):
        concurrency_for(TALK, 29)


def test_the_cheaper_team_works_first_and_the_dearer_takes_what_is_left() -> None:
    teams = ("outside, wage=30, shrinkage=0.1", "own, wage=20, agents=10")
    plan = planned(("mon 09:00", 100), ("mon 09:30", 10), teams=teams)
    first, second = plan.half_hours
    assert {one.team: (one.agents, one.paid) for one in first.teams} == {"own": (7, 10), "outside": (7, 8)}
    assert {one.team: one.agents for one in second.teams} == {"own": second.agents}
    own, outside = (next(one for one in plan.teams if one.team == name) for name in ("own", "outside"))
    assert outside.cost == 8 * 0.5 * 30
    assert own.cost == own.paid_hours * 20
    assert plan.cost == own.cost + outside.cost
    assert plan.paid_hours == own.paid_hours + outside.paid_hours


def test_the_dearer_hour_is_that_of_somebody_at_work_not_of_a_wage() -> None:
    plan = planned(("mon 09:00", 5), teams=("own, wage=20, shrinkage=0.5", "outside, wage=30, shrinkage=0"))
    assert [one.team for one in plan.half_hours[0].teams] == ["outside"]


def test_shares_hours_and_skills_of_teams_hold() -> None:
    text = "start,skill,arrivals\nmon 09:00,sales,100\nmon 09:00,help,100\nmon 20:00,sales,100\n"
    teams = [read_team(one, Fraction(0)) for one in (
        "own, wage=20, hours=mon-fri 08:00-18:00, skills=sales+help", "outside, wage=30, share=0.5, skills=sales",
    )]  # fmt: skip
    plan = staff_plan(half_hours(text, "x.csv"), {"": CALLS}, NO_BOUND, teams)
    day, evening = plan.half_hours
    assert [(one.skill, one.agents) for one in day.skills] == [("sales", 14), ("help", 14)]
    assert {one.team: one.agents for one in day.teams} == {"own": 28}
    assert {one.team: one.agents for one in evening.teams} == {"outside": 7}
    assert (evening.missing, evening.skills[0].missing, plan.missing_hours) == (7, 7, 3.5)


def test_a_team_serves_only_its_skills() -> None:
    text = "start,skill,arrivals\n09:00,help,100\n09:00,sales,100\n"
    teams = [read_team("own, wage=1, skills=sales", Fraction(0)), read_team("outside, wage=9, agents=5", Fraction(0))]
    plan = staff_plan(half_hours(text, "x.csv"), {"": CALLS}, NO_BOUND, teams)
    assert [(one.skill, one.missing) for one in plan.half_hours[0].skills] == [("help", 9), ("sales", 0)]


def test_a_team_is_shared_by_its_skills() -> None:
    text = "start,skill,arrivals\n09:00,sales,100\n09:00,help,100\n"
    plan = staff_plan(
        half_hours(text, "x.csv"), {"": CALLS}, NO_BOUND, [read_team("own, wage=1, agents=20", Fraction(0))]
    )
    assert [one.missing for one in plan.half_hours[0].skills] == [0, 8]
    assert plan.half_hours[0].paid == 20


def test_a_night_shift_goes_on_the_next_morning() -> None:
    plan = planned(
        ("mon 23:30", 10),
        ("tue 00:30", 10),
        ("mon 00:30", 10),
        ("tue 06:00", 10),
        teams=("night, hours=mon 22:00-06:00",),
    )
    assert [one.missing == 0 for one in plan.half_hours] == [True, True, False, False]


def test_a_wage_that_nobody_told_leaves_the_cost_untold() -> None:
    plan = planned(("mon 09:00", 100), teams=("own, wage=20, agents=10", "outside"))
    assert plan.cost is None
    assert [one.cost for one in plan.teams] == [plan.teams[0].paid_hours * 20, None]


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=6),
    st.integers(0, 30),
    st.fractions(0, Fraction(9, 10), max_denominator=50),
)
@settings(deadline=None, max_examples=40)
def test_every_agent_is_some_teams_or_missing(counts: list[int], heads: int, shrinkage: Fraction) -> None:
    rows = [HalfHour(f"{9 + n:02}:00", count, (9 + n) * 60) for n, count in enumerate(counts)]
    teams = [TeamTerms(name="own", wage_per_hour=20, agents=heads, shrinkage=shrinkage),
             TeamTerms(name="outside", wage_per_hour=300, share=Fraction(1, 3))]  # fmt: skip
    for one in staff_plan(rows, {"": CALLS}, NO_BOUND, teams).half_hours:
        given_ = {share.team: share for share in one.teams}
        assert one.agents == one.missing + sum(share.agents for share in one.teams)
        if own := given_.get("own"):
            assert own.paid <= heads
            assert own.paid == ceil(own.agents / (1 - shrinkage))
        if outside := given_.get("outside"):
            assert outside.agents <= one.agents / 3


@pytest.mark.parametrize(("text", "what"), [
    ("own, wage=lots", "is no number"), ("own, pay=3", "is nothing that a team has"),
    ("own, agents=2.5", "whole number"),
    ("own, wage=-3", "out of reach"), ("own, share=1.2", "out of reach"),
    ("own, hours=monday", "is no time of the day"),
    ("wage=3", "has a name"), ("", "has a name"), ("own, nine", "is no key=value"),
    ("own, shrinkage=1", "out of reach"),
    ("own, agents=-1", "out of reach"), ("own, wage=nan", "out of reach"),
])  # fmt: skip
def test_a_team_that_cannot_be_read_is_refused(text: str, what: str) -> None:
    with pytest.raises(BadInput, match=what):
        read_team(text, THIRTY)


def test_a_team_has_several_shifts_with_days_of_their_own() -> None:
    team = read_team("own, hours=mon-fri 08:00-18:00+sat,sun 10:00-14:00, agents=3", THIRTY)
    assert [(one.start, one.days[0]) for one in team.hours] == [("08:00", "mon"), ("10:00", "sat")]
    assert (team.agents, team.shrinkage) == (3, THIRTY)


@pytest.mark.parametrize("targets", [
    Targets(service_level=1), Targets(service_level=1.2), Targets(service_level=-0.1), Targets(threshold_seconds=-1),
    Targets(occupancy=0), Targets(occupancy=1.5), Targets(abandoned=0), Targets(least_agents=-1),
    Targets(service_level=float("nan")),
])  # fmt: skip
def test_targets_that_nobody_can_meet_are_refused(targets: Targets) -> None:
    with pytest.raises(BadInput) as refused:
        Staffing(CALLS, targets)
    assert refused.value.hint


@pytest.mark.parametrize(("work", "per_hour", "where"), [
    (CALLS, -1.0, "arrivals"), (CALLS, float("nan"), "arrivals"), (CALLS, 5e6, "arrivals"),
    (Calls(aht_seconds=0), 1.0, "aht_seconds"), (Calls(aht_seconds=9, patience_seconds=-1), 1.0, "patience_seconds"),
    (Talks(talk=TALK, concurrency=0, patience_seconds=9), 1.0, "concurrency"),
])  # fmt: skip
def test_work_that_nobody_can_do_is_refused(work: Calls | Talks, per_hour: float, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        Staffing(work, Targets()).needed(per_hour)
    assert (refused.value.where, bool(refused.value.hint)) == (where, True)


@pytest.mark.parametrize(("text", "what"), [
    ("start,arrivals\n09:10,3", "no beginning of a half-hour"), ("start,arrivals\nsoon,3", "no start of a half-hour"),
    ("start,arrivals\n09:00,-3", "no number of arrivals"), ("start,arrivals\n09:00,many", "no number of arrivals"),
    ("start,arrivals\n09:00,nan", "no number of arrivals"), ("start,arrivals\n09:00,1e300", "no number of arrivals"),
    ("start,arrivals\n09:00,3\n09:00,4", "there twice"), ("start,count\n09:00,3", "no column 'arrivals'"),
    ("start,arrivals\n", "no arrivals"), ("", "no column"), ("start,arrivals\n09:00", "1 cells where 2"),
    ("start,arrivals,arrivals\n09:00,3,4", "two columns"), ("{}", "no forecast"),
    ('{"half_hours": [3]}', "no forecast"),
    ("start,arrivals\n2026-02-30T09:00,3", "no start of a half-hour"), ("start,arrivals\n2026-03-02,3", "no beginning"),
])  # fmt: skip
def test_a_table_that_cannot_be_read_is_refused_with_its_line(text: str, what: str) -> None:
    with pytest.raises(BadInput, match=what) as refused:
        half_hours(text, "day.csv")
    assert refused.value.where.startswith("day.csv")


@given(st.text(max_size=60))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    for one in ("start,arrivals\n" + text, text, "start,arrivals\n09:00," + text, f"start,arrivals\n{text},1"):
        try:
            found = half_hours(one, "day.csv")
        except BadInput:
            continue
        assert all(row.arrivals >= 0 for row in found)


@pytest.mark.parametrize("team", [
    TeamTerms(name="own", wage_per_hour=-1), TeamTerms(name="own", wage_per_hour=float("nan")),
    TeamTerms(name="own", agents=-1), TeamTerms(name="own", share=Fraction(3, 2)),
    TeamTerms(name="own", shrinkage=Fraction(1)),
])  # fmt: skip
def test_a_team_that_cannot_be_is_refused_by_the_plan_too(team: TeamTerms) -> None:
    with pytest.raises(BadInput, match="of team 'own'") as refused:
        staff_plan(half_hours("start,arrivals\n09:00,1", "x.csv"), {"": CALLS}, NO_BOUND, [team])
    assert refused.value.hint


@pytest.mark.parametrize(("rows", "teams"), [(0, 1), (1, 0), (1, 2)])
def test_a_plan_has_half_hours_and_teams_of_different_names(rows: int, teams: int) -> None:
    with pytest.raises(BadInput) as refused:
        staff_plan([HalfHour("09:00", 1, 540)] * rows, {"": CALLS}, NO_BOUND, [TeamTerms(name="own")] * teams)
    assert refused.value.hint


@pytest.mark.parametrize("arrivals", [-1.0, float("nan"), float("inf"), 1e9])
def test_arrivals_that_cannot_be_are_refused_by_the_plan_too(arrivals: float) -> None:
    with pytest.raises(BadInput, match="arrivals"):
        staff_plan([HalfHour("09:00", arrivals, 540)], {"": CALLS}, NO_BOUND, [TeamTerms(name="own")])
