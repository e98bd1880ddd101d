"""The board's figures: what holds whatever the day was like. A told day is in tests/backends/test_store_work.py."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from report_world import HOUR, World

from aparte.conversations.store import Handled
from aparte.engagements.store import Invitation
from aparte.reports.board import day

SINCE, NOW = 1_000_000, 2_000_000
moments = st.none() | st.integers(0, 3_000_000)


@st.composite
def handled(draw: st.DrawFn) -> Handled:
    opened = draw(st.integers(0, 2_500_000))
    after = [None if one is None else opened + one for one in (draw(moments), draw(moments), draw(moments))]
    return Handled(
        id="c", opened_at=opened, assigned_at=after[0], answered_at=after[1], closed_at=after[2],
        csat=draw(st.none() | st.integers(1, 5)), nps=draw(st.none() | st.integers(0, 10)),
        solved=draw(st.none() | st.booleans()),
    )  # fmt: skip


@given(st.lists(handled(), max_size=20), st.integers(1, 600))
def test_figures_stay_within_their_bounds_and_do_not_depend_on_the_order(told: list[Handled], target: int) -> None:
    found = day(told, SINCE, NOW, target)
    assert found == day(told[::-1], SINCE, NOW, target)
    level, today = found.service_level, found.today
    assert level.within <= level.answered
    assert level.within + level.late <= len(told)
    assert level.share is None or 0 <= level.share <= 1
    assert today.csat_mean is None or 1 <= today.csat_mean <= 5
    assert today.nps is None or -100 <= today.nps <= 100
    assert max(today.csat_n, today.nps_n, today.solved_n) <= today.closed
    assert found.waits.median_s is None or found.waits.median_s <= (found.waits.p90_s or 0)


@given(st.lists(handled(), max_size=20))
def test_what_happened_before_midnight_changes_nothing(told: list[Handled]) -> None:
    yesterday = Handled(
        id="y", opened_at=5, assigned_at=6, answered_at=7, closed_at=SINCE - 1, csat=1, nps=0, solved=False
    )
    assert day([*told, yesterday], SINCE, NOW, 60) == day(told, SINCE, NOW, 60)


def test_a_report_counts_no_invitation_by_hand() -> None:
    world = World()
    for n in range(40):
        world.decide(f"v{n}", n * HOUR, "hold_out" if n % 5 == 0 else "invite", "campaign" if n % 5 == 0 else "")
    before = world.report()
    for n in range(40):
        by_hand = Invitation(
            engagement=f"h{n}", visitor=f"v{n}", campaign="", rule="", at=world.told[n].at + 1, state="accepted",
            shown_at=world.told[n].at + 2, ended_at=world.told[n].at + 3,
        )  # fmt: skip
        world.sent.append(by_hand)
    assert world.report() == before
