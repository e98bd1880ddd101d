"""The facts of a data folder: made from its log, made again when they are deleted, equal to the first report.

Defects seen to fail here: decisions that a portion has cut off; totals of a sealed day computed from what is left.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from facts_world import DAY, PARIS, START, Log, everything, one
from msgspec.structs import replace

from aparte.app import facts as feeding
from aparte.app import report_data
from aparte.app.facts import Feeding, folder_facts
from aparte.app.simulate import Asked, simulate
from aparte.attribution.facts import Facts, Step
from aparte.attribution.sealing import may_seal
from aparte.attribution.store import SealDay
from aparte.backends.duckdb.store import DuckFacts
from aparte.backends.memory.store import MemoryStore
from aparte.kit.days import Day
from aparte.reports.first import HORIZON, report
from aparte.sites.store import SaveSite
from aparte.tracking.normalise import Normaliser
from aparte.tracking.store import AppendLog, Logged

TABLES = ("session", "orders", "engagement", "conversation", "event", "day")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated shop of three weeks."""
    data = tmp_path_factory.mktemp("facts") / "data"
    simulate(data, Asked(visitors=700, seed=3, days=21, effect_pp=None, first_day=date(2026, 1, 5)))
    return data


def digest(facts: Facts) -> dict[str, Any]:
    """All rows, as a report that is compared byte for byte."""
    return {name: msgspec.json.encode(facts.ask(f"SELECT * FROM {name} ORDER BY ALL").rows) for name in TABLES}


def test_deleted_facts_come_back_byte_for_byte(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with folder_facts(folder) as (_, facts):
        before, totals = digest(facts), facts.totals("demo", "2026-01-01", "2026-12-31")
    (folder / "facts.duckdb").unlink()
    monkeypatch.setattr(feeding, "PORTION", 131)
    with folder_facts(folder) as (_, facts):
        assert facts.totals("demo", "2026-01-01", "2026-12-31") == totals
        assert digest(facts) == before
    with folder_facts(folder) as (_, facts):  # nothing is new
        assert digest(facts) == before


def test_the_facts_say_what_the_first_report_says(folder: Path) -> None:
    """Candidates by their first moment, who of them bought within the horizon, and for how much."""
    since, until = 0, 4_000_000_000_000
    with report_data(folder) as (sites, sources):
        found = report(sites[0], since, until, until + 2 * HORIZON, sources)
    sql = """WITH first AS (
            SELECT person, arg_min({'arm': arm, 'bought': orders_7d > 0}, from_at) AS one,
                bool_or(outcome = 'accepted') AS took
            FROM engagement WHERE candidate GROUP BY person)
        SELECT one.arm <> 'site', count(*), count(*) FILTER (one.bought AND took)
        FROM first GROUP BY 1 ORDER BY 1"""
    with folder_facts(folder) as (_, facts):
        rows = facts.ask(sql).rows
        chats = one(facts, "SELECT count(*) FILTER (answered_at IS NOT NULL) AS n FROM conversation")
        assisted = one(
            facts,
            "SELECT count(*) AS n, sum(amount) / 100 AS money FROM orders WHERE last_chat_ms < 86400000 AND stands",
        )
    arms = [(found.whole.holdout.visitors, False), (found.whole.treated.visitors, True)]
    assert [(treated, n) for treated, n, *_ in rows] == [(treated, n) for n, treated in arms]
    assert found.attributed.conversations == chats["n"]
    assert (found.attributed.orders, round(found.attributed.revenue, 2)) == (assisted["n"], round(assisted["money"], 2))
    assert sum(row[2] for row in rows) == found.funnel.bought > 0


@pytest.mark.covers("S1-66")
def test_ga360_gives_orders_revenue_steps_and_funnel_exactly(root: Path, shared: Path) -> None:
    expected = json.loads((shared / "data/ga360/expected.json").read_text("utf-8"))
    lines = gzip.decompress((root / "examples/ga360/events.jsonl.gz").read_bytes()).splitlines()
    log = Log(replace(PARIS, currency="USD", time_zone="America/Los_Angeles"))
    read = Normaliser(trusted=True).read
    for n, text in enumerate(lines, 1):
        event: Any = read(text)
        name = getattr(event, "event", "")
        told = msgspec.json.encode(event)
        log.lines.append(Logged(n, "shop", event.at, event.at, event.visitor, event.kind, name, event.message_id, told))
    facts = log.facts()
    orders = one(
        facts, "SELECT count(*) AS n, sum(amount)::BIGINT AS cents, count(*) FILTER (stands) AS stand FROM orders"
    )
    assert orders == {"n": expected["orders"], "cents": round(100 * expected["revenue"]), "stand": expected["orders"]}
    columns = {
        "Product Viewed": "products_viewed", "Product Added": "products_added", "Checkout Step Viewed": "checkouts",
        "Order Completed": "orders",
    }  # fmt: skip
    counts = ", ".join(f'count(*) FILTER ({column} > 0) AS "{name}"' for name, column in columns.items())
    assert one(facts, f"SELECT {counts} FROM session") == expected["sessions_with_event"]
    steps = ", ".join(f"count(*) FILTER (step >= {n})" for n in range(5))
    assert list(facts.ask(f"SELECT {steps} FROM session").rows[0]) == expected["ordered_funnel"]
    steps = [Step(), *map(Step, columns)]
    assert facts.funnel("shop", steps, "2016-01-01", "2017-12-31") == expected["ordered_funnel"]
    assert (
        facts.funnel("shop", [Step("page", "/basket"), Step("page", "/revieworder")], "2016-01-01", "2017-12-31")[0] > 0
    )
    people = one(facts, "SELECT count(*) AS events, count(DISTINCT visitor) AS visitors FROM event")
    assert people == {"events": expected["events"], "visitors": expected["visitors"]}


def stored(log: Log) -> MemoryStore:
    """A store that has this log."""
    store = MemoryStore()

    async def written() -> None:
        await store.submit([SaveSite(log.site), AppendLog(log.lines)])

    asyncio.run(written())
    return store


def of_two_days() -> Log:
    log = Log()
    for visitor, at in (("ann", START), ("bob", START + 60_000), ("cat", START + DAY)):
        log.page(at, visitor, "/")
        log.order(at + 1000, visitor, f"of {visitor}", 20.0)
    return log


def submit(store: MemoryStore, commands: list[SealDay]) -> None:
    async def done() -> None:
        await store.submit(commands)

    asyncio.run(done())


def test_a_sealed_day_stays_when_its_events_are_gone() -> None:
    log = of_two_days()
    store, facts = stored(log), DuckFacts()
    first = Feeding(facts, store)
    first.catch_up()
    days = first.days("shop")
    assert [may_seal(days[0], days[0].ends_at + 31 * DAY - late) for late in (0, 1)] == [True, False]
    now = days[0].ends_at + 31 * DAY
    before = first.totals("shop", "2026-01-01", "2026-12-31")
    commands = first.to_seal(now)
    assert [one.day.day for one in commands] == ["2026-02-02"]
    assert "of ann" not in commands[0].day.totals
    submit(store, commands)
    assert first.to_seal(now) == []
    gone = MemoryStore()
    submit(gone, [SaveSite(log.site), AppendLog([line for line in log.lines if line.at >= START + DAY]), *commands])
    again = Feeding(DuckFacts(), gone)
    again.catch_up()
    assert again.totals("shop", "2026-01-01", "2026-12-31") == before
    orders = [(one.day, one.sums["amount"]) for one in before if one.what == "order"]
    assert orders == [("2026-02-02", 4_000), ("2026-02-03", 2_000)]


def test_an_erased_visitor_leaves_the_sums_and_no_way_back() -> None:
    log = of_two_days()
    log.decide(START + 500, "ann", "invite")
    facts = log.facts()
    before = facts.totals("shop", "2026-01-01", "2026-12-31")
    cohort = one(facts, "SELECT sum(orders_7d)::INT AS n, sum(revenue_7d)::INT AS money FROM engagement")
    [(number,)] = facts.ask("SELECT visitor FROM visitor WHERE id = 'ann'").rows
    facts.forget("shop", "ann", "nobody-1")
    facts.derive()
    assert facts.totals("shop", "2026-01-01", "2026-12-31") == before
    assert one(facts, "SELECT sum(orders_7d)::INT AS n, sum(revenue_7d)::INT AS money FROM engagement") == cohort
    for table in ("visitor", "event", "session", "orders", "engagement", "decision", "order_told"):
        assert facts.ask(f"SELECT 1 FROM {table} WHERE visitor = ?", [number]).rows == []
    assert facts.ask("SELECT id FROM visitor ORDER BY id").rows == [("bob",), ("cat",)]
    anonymous = Log()
    anonymous.lines = [replace(line, visitor="nobody-1") if line.visitor == "ann" else line for line in log.lines]
    anonymous.decisions = [replace(one, visitor="nobody-1") for one in log.decisions]
    assert everything(anonymous.facts()) == everything(facts)


def test_a_day_of_25_hours_is_sealed_after_its_own_end() -> None:
    long = Day(date(2026, 10, 25), 1_792_879_200_000, 1_792_969_200_000)
    assert long.hours == 25.0
    assert not may_seal(long, long.starts_at + 32 * DAY)


def test_the_answer_has_columns_and_arrays(folder: Path) -> None:
    with folder_facts(folder) as (_, facts):
        arrays = facts.arrays(
            "SELECT orders_7d, revenue_7d, csat FROM engagement WHERE site = ? ORDER BY engagement", ["demo"]
        )
        answer = facts.ask("SELECT count(*) AS n FROM engagement")
    assert answer.columns == ("n",)
    assert len(arrays["orders_7d"]) == answer.rows[0][0]
    assert arrays["csat"].mask.any()
