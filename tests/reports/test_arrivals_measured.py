"""Out of the facts: when conversations came, and the two times of each, agents with several at a time or not."""

from __future__ import annotations

from datetime import date

import pytest
from kpi_world import DAY, MINUTE, PARIS, SECOND, START, Shop

from aparte.kit.days import starts_at
from aparte.planning.chat import Talk, level
from aparte.planning.talk_times import Replies, fitted, work_of
from aparte.reports.arrivals import handling_s, measured_arrivals, measured_talks

HOUR = 60 * MINUTE
MIDNIGHT = starts_at(date(2026, 2, 3), "Europe/Paris")


def talked(
    shop: Shop, name: str, at: int, *, agent: str = "bea", reply: int = 30, turns: int = 4, **said: object
) -> None:
    """A conversation: each reply takes so many seconds, each answer of the customer 60."""
    texts, now = [("agent", "join", at)], at
    for _ in range(turns):
        texts += [("visitor", "text", now), ("agent", "text", now + reply * SECOND)]
        now += (reply + 60) * SECOND
    shop.conversation(name, name, at, texts, agent=agent, closed_at=now, state="closed", **said)  # type: ignore[arg-type]


def test_conversations_are_counted_in_their_half_hours_over_whole_days() -> None:
    shop = Shop()
    shop.visit("v", MIDNIGHT - HOUR)
    shop.visit("v", MIDNIGHT + 3 * DAY + HOUR)
    talked(shop, "a", MIDNIGHT + 9 * HOUR + 29 * MINUTE, skill="sales")
    talked(shop, "b", MIDNIGHT + 9 * HOUR + 31 * MINUTE, skill="sales")
    talked(shop, "c", MIDNIGHT + 9 * HOUR + 59 * MINUTE, skill="sales")
    talked(shop, "d", MIDNIGHT + DAY + 9 * HOUR)
    talked(shop, "e", MIDNIGHT + DAY + 9 * HOUR, channel="call", skill="sales")
    without, sales = measured_arrivals(shop.told(), PARIS, "chat")
    assert (without.skill, without.counts) == ("", {MIDNIGHT + DAY + 9 * HOUR: 1})
    assert (sales.skill, sales.counts) == ("sales", {MIDNIGHT + 9 * HOUR: 1, MIDNIGHT + 9 * HOUR + 30 * MINUTE: 2})
    assert sales.days == (date(2026, 2, 3), date(2026, 2, 4), date(2026, 2, 5))
    [calls] = measured_arrivals(shop.told(), PARIS, "phone")
    assert calls.counts == {MIDNIGHT + DAY + 9 * HOUR: 1}


def test_a_site_without_conversations_has_no_arrivals_and_no_times() -> None:
    shop = Shop()
    shop.visit("v")
    assert measured_arrivals(shop.told(), PARIS, "chat") == []
    assert measured_talks(shop.told(), PARIS) == []
    assert handling_s(shop.told(), PARIS) == {}


def test_the_two_times_of_conversations_one_at_a_time_are_what_they_took() -> None:
    shop = Shop()
    for n in range(10):
        talked(shop, f"c{n}", START + n * HOUR, skill="sales", turns=4)
    [one] = measured_talks(shop.told(), PARIS)
    assert (one.skill, one.conversations, one.replies) == ("sales", 10, 40)
    assert one.talk.agent_seconds == pytest.approx(30, rel=1e-9)
    assert (one.talk.customer_seconds, one.talk.turns, one.reply_s) == (60, 4, 30)


def test_an_agent_with_two_at_a_time_is_not_taken_for_a_slow_one() -> None:
    """At two at a time 30 s of work make a reply of 40 s: that is measured as 30."""
    shop = Shop()
    for n in range(10):
        for side in "ab":
            talked(shop, f"{side}{n}", START + n * HOUR, reply=40, turns=4)
    [one] = measured_talks(shop.told(), PARIS)
    assert one.reply_s == 40
    assert one.talk.agent_seconds == pytest.approx(30, rel=1e-6)


def test_pauses_count_ten_minutes_at_most_and_waiting_in_the_queue_is_no_reply() -> None:
    shop = Shop()
    for n in range(31):
        at = START + n * HOUR
        texts = [
            ("visitor", "text", at), ("agent", "join", at + 300 * SECOND), ("agent", "text", at + 320 * SECOND),
            ("visitor", "text", at + 320 * SECOND + 20 * MINUTE), ("agent", "text", at + 340 * SECOND + 20 * MINUTE),
        ]  # fmt: skip
        shop.conversation(f"c{n}", f"c{n}", at, texts, agent="bea", closed_at=at + 30 * MINUTE, state="closed")
    [one] = measured_talks(shop.told(), PARIS)
    assert (one.reply_s, one.talk.customer_seconds, one.talk.turns) == (20, 600, 2)


def test_too_few_replies_say_nothing_of_a_skill() -> None:
    shop = Shop()
    for n in range(7):
        talked(shop, f"c{n}", START + n * HOUR, turns=4)
    assert measured_talks(shop.told(), PARIS) == []


def test_calls_are_handled_until_the_work_after_them_is_done() -> None:
    shop = Shop()
    talked(shop, "a", START, channel="call", skill="help", turns=2, wrapped_at=START + 300 * SECOND)
    talked(shop, "b", START + HOUR, channel="call", skill="help", turns=2, wrapped_at=START + HOUR + 100 * SECOND)
    assert handling_s(shop.told(), PARIS) == {"help": (2, 200)}


@pytest.mark.parametrize("k", range(1, 7))
def test_the_work_for_a_message_is_found_from_replies_at_any_number_at_a_time(k: int) -> None:
    reply = level(Talk(30, 60, 8), k).reply_s
    assert work_of(Replies(k, 100, reply), 60) == pytest.approx(30, rel=1e-9)


def test_replies_of_all_numbers_at_a_time_count_by_how_many_they_are() -> None:
    slow, fast = (level(Talk(work, 60, 1), k).reply_s for work, k in ((40, 3), (20, 1)))
    found = fitted("sales", 9, [Replies(3, 10, slow), Replies(1, 30, fast)], 60, 5)
    assert found.talk.agent_seconds == pytest.approx(25, rel=1e-9)
