"""A visitor whose clock is wrong spoils nobody's figures but his own."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streams import START, messages, replayed

from aparte.engagements.model import Decision
from aparte.replay.model import Summary
from aparte.targeting.campaign import load
from aparte.tracking.timestamps import iso

RULES = load(
    """
[site]
holdout = 0.0
[behaviours.cart_views]
count = "Cart Viewed"
[[campaigns]]
name = "c"
holdout = 0.0
[[campaigns.rules]]
name = "dwell"
when = 'page.dwell >= duration("30s")'
""",
    "clocks.toml",
)
FAR = 4_000_000_000_000  # 2096


def page(visitor: str, at: int, number: int) -> dict[str, Any]:
    return {
        "type": "page", "anonymousId": visitor, "messageId": f"{visitor}-{number}", "timestamp": iso(at),
        "properties": {"path": f"/{number}"},
    }  # fmt: skip


def of_others(decisions: list[Decision]) -> list[tuple[int, str, str]]:
    return [(one.at, one.visitor, one.rule) for one in decisions if one.visitor != "mad"]


def found(stream: list[dict[str, Any]]) -> tuple[Summary, list[Decision]]:
    decisions, summary = replayed(RULES, stream)
    return summary, decisions


@pytest.mark.parametrize("wrong", [1, 2, 7])
def test_a_clock_that_runs_ahead_fires_nobody_elses_timers(wrong: int) -> None:
    before = [page("ann", START, 0), page("bob", START + 1_000, 0)]
    mad = [page("mad", FAR + number, number) for number in range(wrong)]
    after = [page("ann", START + 20_000, 1), page("bob", START + 40_000, 1)]
    summary, decisions = found([*before, *mad, *after])
    _, without = found([*before, *after])
    assert of_others(decisions) == of_others(without)
    assert ("bob", START + 31_000) in [(one.visitor, one.at) for one in decisions]
    assert (summary.sessions, summary.events) == (3, 4 + wrong)


def test_a_wrong_clock_ends_no_window_of_duplicates() -> None:
    first = page("ann", START, 0)
    summary, _ = found([first, page("mad", FAR, 0), page("bob", START + 1, 0), page("mad", FAR, 0), first])
    assert (summary.events, summary.duplicates) == (3, 2)


def test_a_recording_with_long_silences_is_read_in_its_order() -> None:
    day = 86_400_000
    summary, decisions = found([page("ann", START + number * day, number) for number in range(5)])
    assert (summary.sessions, summary.timers) == (5, 5)
    assert [one.at for one in decisions] == [START + number * day + 30_000 for number in range(5)]


@settings(max_examples=80, deadline=None)
@given(messages(), st.integers(0, 30), st.integers(1, 5))
def test_whatever_the_others_do(stream: list[dict[str, Any]], place: int, wrong: int) -> None:
    mad = [page("mad", FAR + number, number) for number in range(wrong)]
    _, decisions = found([*stream[:place], *mad, *stream[place:]])
    # A message with a wrong clock is a witness too, so what comes late may be told earlier: the same, in another order.
    assert sorted(of_others(decisions)) == sorted(of_others(found(stream)[1]))


@pytest.mark.parametrize("bot_at", [0, 1])
def test_a_bot_is_one_from_the_event_that_says_so(bot_at: int) -> None:
    stream = [page("ann", START + number * 1_000, number) for number in range(2)]
    stream[bot_at]["context"] = {
        "userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    }
    summary, decisions = found(stream)
    assert [getattr(one, "reason", None) for one in decisions] == ["bot"]
    assert (summary.bot_sessions, summary.rules["c/dwell"].eligible_sessions) == (1, 0)
