"""`aparte export`: what a server has recorded, byte for byte, also while it runs."""

import asyncio
import gzip
from pathlib import Path

import pytest
from cli_world import JOURNEY, Run, written

from aparte.app import open_store
from aparte.engagements.store import RecordDecision
from aparte.tracking.store import AppendLog, Logged


def recorded(directory: Path, events: list[str], decisions: list[str]) -> None:
    """A data folder with these lines; every third event is another site's."""

    async def scene() -> None:
        store = open_store(directory)
        rows = [
            Logged(n, "other" if n % 3 == 0 else "shop", n, n, "v1", "track", "", f"m{n}", text.encode())
            for n, text in enumerate(events, 1)
        ]
        told = [
            RecordDecision(9, n, "shop", 9, "v1", 1, "e", "c", "r", "refrain", "x", True, False, False, text.encode())
            for n, text in enumerate(decisions)
        ]
        await store.submit([AppendLog(rows), *told[::-1]])
        store.close()

    asyncio.run(scene())


@pytest.mark.covers("S0-35")
def test_the_events_of_a_folder_replay_to_its_decisions_byte_for_byte(run: Run, campaigns: Path, tmp_path: Path):
    first = tmp_path / "first.jsonl"
    events = written(tmp_path / "events.jsonl", JOURNEY)
    replayed = "--capacity", "recorded", "--campaigns", campaigns, "--decisions-out"
    run("replay", events, *replayed, first)
    decisions = first.read_text().splitlines()
    assert decisions
    recorded(tmp_path / "data", JOURNEY, decisions)
    assert run("export", "events", "--data", tmp_path / "data", "-o", tmp_path / "e.jsonl").code == 0
    assert run("export", "decisions", "--data", tmp_path / "data", "--out", tmp_path / "d.jsonl").code == 0
    run("replay", tmp_path / "e.jsonl", *replayed, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "d.jsonl").read_bytes()
    assert (tmp_path / "e.jsonl").read_text().splitlines() == JOURNEY


def test_one_site_packed_and_to_standard_output(run: Run, tmp_path: Path):
    recorded(tmp_path / "data", [f'{{"n":{n}}}' for n in range(1, 7)], ["{}"])
    wanted = '{"n":1}\n{"n":2}\n{"n":4}\n{"n":5}\n'
    data = "--data", tmp_path / "data", "--site", "shop"
    assert run("export", "events", *data).out == wanted
    for name, packed in (("a.jsonl.gz", ()), ("a.jsonl", ("--gzip",))):
        run("export", "events", *data, "-o", tmp_path / name, *packed)
        assert gzip.decompress((tmp_path / name).read_bytes()).decode() == wanted
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "a.jsonl").read_bytes()
    assert run("export", "decisions", "--data", tmp_path / "data", "--site", "other").out == ""


def test_it_works_beside_a_running_server_and_sees_the_last_commit(run: Run, tmp_path: Path):
    recorded(tmp_path / "data", ['{"n":1}'], [])

    async def serving() -> str:
        store = open_store(tmp_path / "data")
        try:
            await store.submit([AppendLog([Logged(2, "shop", 2, 2, "v1", "track", "", "m2", b'{"n":2}')])])
            return run("export", "events", "--data", tmp_path / "data").out
        finally:
            store.close()

    assert asyncio.run(serving()) == '{"n":1}\n{"n":2}\n'


@pytest.mark.parametrize("what", ["events", "decisions"])
def test_a_folder_without_data_is_one_line_and_leaves_no_file(run: Run, tmp_path: Path, what: str):
    ran = run("export", what, "--data", tmp_path / "nothing", "-o", tmp_path / "out")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "there is no data of Aparté (name the folder given to the server)" in ran.err
    assert list(tmp_path.iterdir()) == []
