"""What every store promises of saved scenarios. Each test runs on every back end.

Mutants seen to fail here: a version of another site is appended; a retired scenario takes a version; scenarios are read
without their site.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from store_worlds import SITE, run

from aparte.backends.sqlite.store import open_store
from aparte.contracts.scenarios import Retirement, RetireScenario, SavedScenario, SaveScenario
from aparte.conversations.store import Refused
from aparte.engine.ports import Store


def scenario(id_: str = "s1", **more: Any) -> SavedScenario:
    known: dict[str, Any] = {"site": SITE, "version": 1, "name": "Plan 2027", "body": "name = 'Plan 2027'\n"}
    return SavedScenario(id=id_, **(known | {"author": "camille", "at": 7} | more))


def retired(id_: str = "s1", site: str = SITE) -> Retirement:
    return Retirement(id_, site, "camille", 9)


@pytest.mark.covers("S0-22")
def test_a_scenario_is_saved_again_as_a_version_and_the_old_ones_can_be_read(play):
    async def scene(store: Store) -> None:
        first, second = scenario(), scenario(version=2, body="name = 'Plan 2027, bolder'\n", note="after the pilot")
        assert await store.submit([SaveScenario(first)]) == [first]
        assert await store.submit([SaveScenario(replace(first, body="x = 1"))]) == [Refused("changed_meanwhile")]
        assert await store.submit([SaveScenario(second)]) == [second]
        assert await store.submit([SaveScenario(scenario("s0", name="Pilot"))]) == [scenario("s0", name="Pilot")]
        assert await store.submit([SaveScenario(scenario("s9", version=2))]) == [Refused("changed_meanwhile")]
        assert store.scenario(SITE, "s1") == [first, second]
        assert store.scenarios(SITE) == [scenario("s0", name="Pilot"), second]

    play(scene)


def test_what_is_retired_is_off_the_list_takes_no_version_and_is_still_read(play):
    async def scene(store: Store) -> None:
        await store.submit([SaveScenario(scenario()), SaveScenario(scenario("s2"))])
        assert store.retirement(SITE, "s1") is None
        assert await store.submit([RetireScenario(retired())]) == [None]
        assert await store.submit([RetireScenario(retired())]) == [Refused("retired")]
        assert await store.submit([RetireScenario(retired("nothing"))]) == [Refused("unknown")]
        assert await store.submit([SaveScenario(scenario(version=2))]) == [Refused("retired")]
        assert store.scenarios(SITE) == [scenario("s2")]
        assert store.scenario(SITE, "s1") == [scenario()]
        assert store.retirement(SITE, "s1") == retired()

    play(scene)


def test_another_site_reads_and_changes_no_scenario_of_this_one(play):
    async def scene(store: Store) -> None:
        await store.submit([SaveScenario(scenario()), SaveScenario(scenario("s2")), RetireScenario(retired("s2"))])
        for command in (
            SaveScenario(scenario(site="elsewhere", version=2)), RetireScenario(retired(site="elsewhere"))
        ):  # fmt: skip
            assert await store.submit([command]) == [Refused("unknown")]
        assert (store.scenarios("elsewhere"), store.scenario("elsewhere", "s1")) == ([], [])
        assert store.retirement("elsewhere", "s2") is None
        assert store.scenarios(SITE) == [scenario()]

    play(scene)


def test_a_list_that_is_undone_leaves_no_scenario_and_retires_none(play):
    async def scene(store: Store) -> None:
        await store.submit([SaveScenario(scenario())])
        undone = [SaveScenario(scenario(version=2)), RetireScenario(retired()), RetireScenario(retired("nothing"))]
        assert (await store.submit(undone))[-1] == Refused("unknown")
        assert (store.scenario(SITE, "s1"), store.retirement(SITE, "s1")) == ([scenario()], None)

    play(scene)


def test_the_database_itself_changes_no_version_of_a_scenario(tmp_path: Path):
    async def scene() -> None:
        store = open_store(tmp_path / "data")
        await store.submit([SaveScenario(scenario())])
        store.close()

    run(scene())
    connection = sqlite3.connect(tmp_path / "data" / "aparte.db")
    for sql in ("UPDATE scenario SET data = '{}'", "DELETE FROM scenario"):
        with pytest.raises(sqlite3.IntegrityError, match="is not changed"):
            connection.execute(sql)
    connection.close()
