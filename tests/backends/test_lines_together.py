"""Lines of one group share their statements: each list is told what it would have been told alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from aparte.app.serve import opened
from aparte.backends.sqlite import schema
from aparte.backends.sqlite.folder import DATABASE
from aparte.backends.sqlite.talking import MOST, Lines, asking, finding, growing, parts
from aparte.conversations.model import Conversation
from aparte.conversations.store import Appended, AppendEntry, CloseConversation, OpenConversation, Refused

NOW = 1_790_000_000_000


def line(conv: str, cid: str, body: str = "hello") -> AppendEntry:
    return AppendEntry(conv, "visitor", conv, cid, "text", body, NOW)


def test_each_list_of_a_group_has_an_answer_of_its_own(tmp_path: Path) -> None:
    async def story() -> None:
        with opened(tmp_path / "data") as store:
            convs = [f"c{n}" for n in range(30)]
            begun = [OpenConversation(Conversation(id=one, site="s", visitor=one, opened_at=NOW)) for one in convs]
            await store.submit([*begun, CloseConversation("c29", NOW)])
            asked = [line(conv, cid) for cid in ("a", "b") for conv in convs]
            asked += [line("c0", "a"), line("c1", "a", "other"), line("nowhere", "a")]
            told = [(await one)[0] for one in [store.submit([one]) for one in asked]]
            places = [one.entry.seq if isinstance(one, Appended) else one for one in told]
            closed = Refused("closed")
            assert places[:60] == [*[1] * 29, closed, *[2] * 29, closed]
            assert places[60:] == [1, Refused("cid_conflict"), Refused("unknown")]
            assert isinstance(told[60], Appended)
            assert told[60].again
            for conv in convs[:29]:
                assert [one.cid for one in store.entries(conv)] == ["a", "b"]
                found = store.conversation(conv)
                assert found is not None
                assert (found.head, found.waiting_since) == (2, NOW)
            assert store.entries("c29") == []

    asyncio.run(story())


def test_a_line_sees_those_before_it_in_its_group(tmp_path: Path) -> None:
    async def begin() -> None:
        with opened(tmp_path / "data") as store:
            await store.submit([OpenConversation(Conversation(id="c", site="s", visitor="v", opened_at=NOW))])

    asyncio.run(begin())
    connection = schema.connect(tmp_path / "data" / DATABASE, write=False)
    asked = [line("c", "a"), line("c", "a"), line("c", "b"), line("c", "a", "other")]
    lines = Lines(connection, asked)
    told = [lines.add(one) for one in asked]
    connection.close()
    again = [(one.entry.seq, one.again) if isinstance(one, Appended) else one.code for one in told]
    assert again == [(1, False), (1, True), (2, False), "cid_conflict"]
    assert [one.seq for one in lines.entries] == [1, 2]


@pytest.mark.parametrize("count", [1, 2, 7, MOST])
def test_no_statement_looks_through_a_table(tmp_path: Path, count: int) -> None:
    with opened(tmp_path / "data"):
        pass
    connection = schema.connect(tmp_path / "data" / DATABASE, write=False)
    for statement, values in ((asking(count), 1), (finding(count), 3), (growing(count), 3)):
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", ["x"] * values * count).fetchall()
        steps = [str(row[3]) for row in plan]
        assert not [one for one in steps if one.startswith(("SCAN conversation", "SCAN e"))], steps
        assert [one for one in steps if one.startswith("SEARCH")]
    connection.close()


@pytest.mark.parametrize("count", [1, 3, 4, 15, 64, 65, 200])
def test_parts_are_as_large_as_they_may_be_and_leave_nothing_out(count: int) -> None:
    told = list(parts(list(range(count))))
    assert [len(part) for part in told[:-1]] == [MOST] * (len(told) - 1)
    assert [row for part in told for row in part] == list(range(count))
