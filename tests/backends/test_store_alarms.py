"""What every store promises of alarms. Each test runs on every back end.

Mutants seen to fail here: an alarm that is open is opened again; alarms are closed without their site.
"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from store_worlds import SITE

from aparte.contracts.alarm_store import CloseAlarm, OpenAlarm, SeeAlarm
from aparte.contracts.alarms import Alarm
from aparte.conversations.store import Refused
from aparte.engine.ports import Store
from aparte.outbox.store import Leave


def alarm(id_: str = "a1", **more: Any) -> Alarm:
    known: dict[str, Any] = {
        "site": SITE, "kind": "floor", "about": "g1", "name": "Happy", "opened_at": 10,
        "figures": {"value": 0.6, "n": 40.0},
    }  # fmt: skip
    return Alarm(id=id_, **(known | more))


@pytest.mark.covers("S1-64")
def test_one_alarm_is_open_at_a_time_and_what_leaves_with_a_second_one_does_not_leave(play):
    mail = Leave(SITE, "mail", "m1", "m1", "alarm", "{}", 10)

    async def scene(store: Store) -> None:
        assert (await store.submit([OpenAlarm(alarm())]))[0] == alarm()
        again = await store.submit([OpenAlarm(alarm("a2", opened_at=20)), mail])
        assert again[0] == Refused("open_already")
        assert store.mails_due(1_000) == []
        assert list(store.alarms(SITE)) == [alarm()]
        others = [alarm("a3", about="g2"), alarm("a4", kind="goal_missed"), alarm("a5", site="elsewhere")]
        await store.submit([OpenAlarm(one) for one in others])
        assert {one.id for one in store.alarms(SITE)} == {"a1", "a3", "a4"}

    play(scene)


def test_an_alarm_that_is_over_is_kept_and_may_begin_again(play):
    async def scene(store: Store) -> None:
        await store.submit([OpenAlarm(alarm())])
        over = replace(alarm(), closed_at=30)
        assert await store.submit([CloseAlarm(SITE, "a1", 30)]) == [over]
        assert (await store.submit([CloseAlarm(SITE, "a1", 31)]))[0] == Refused("unknown")
        assert list(store.alarms(SITE, open_only=True)) == []
        await store.submit([OpenAlarm(alarm("a2", opened_at=40))])
        assert [one.id for one in store.alarms(SITE)] == ["a2", "a1"]
        assert list(store.alarms(SITE, open_only=True)) == [alarm("a2", opened_at=40)]

    play(scene)


def test_who_has_seen_it_first_stays_and_another_site_changes_nothing(play):
    async def scene(store: Store) -> None:
        await store.submit([OpenAlarm(alarm())])
        for command in (
            CloseAlarm("elsewhere", "a1", 20),
            SeeAlarm("elsewhere", "a1", 20, "x"),
            SeeAlarm(SITE, "no", 1, "x"),
        ):
            assert (await store.submit([command]))[0] == Refused("unknown")
        seen = replace(alarm(), seen_at=20, seen_by="camille")
        assert await store.submit([SeeAlarm(SITE, "a1", 20, "camille")]) == [seen]
        assert await store.submit([SeeAlarm(SITE, "a1", 25, "bob")]) == [seen]
        assert list(store.alarms(SITE)) == [seen]

    play(scene)
