"""`aparte export facts`: Parquet and CSV that parsers open again, and that no spreadsheet executes.

Planted defects seen to fail here: a formula behind a quote let through; the line ends of a cell as rows; a half file
under its name; the file of an export left behind.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from cli_world import Run
from hypothesis import given
from hypothesis import strategies as st

from aparte.app.simulate import Asked, simulate
from aparte.attribution.exports import TABLES, csv_pieces, question
from aparte.backends.duckdb.store import DuckFacts
from aparte.kit.errors import Unavailable

FORMULAS = "=+-@\t\r"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("facts") / "data"
    simulate(data, Asked(visitors=60, seed=3, days=4, effect_pp=None, first_day=date(2026, 1, 5)))
    return data


def read_csv(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_every_table_comes_as_parquet_and_as_csv_with_the_same_rows(run: Run, folder: Path, tmp_path: Path) -> None:
    for table in ("event", "orders", "day"):
        files = {form: tmp_path / f"{table}.{form}" for form in ("parquet", "csv")}
        for form, file in files.items():
            ran = run("export", "facts", "--data", folder, "--table", table, "--format", form, "--out", file)
            assert ran.code == 0, ran.err
        found = duckdb.sql(f"FROM '{files['parquet']}'")
        rows = read_csv(files["csv"].read_bytes())
        assert rows
        assert len(rows) == len(found.fetchall())
        assert list(rows[0]) == found.columns
    some = tmp_path / "some.csv"
    days = "--from", "2026-01-06", "--to", "2026-01-06"
    assert (
        run("export", "facts", "--data", folder, "--table", "session", *days, "--format", "csv", "-o", some).code == 0
    )
    assert {row["day"] for row in read_csv(some.read_bytes())} == {"2026-01-06"}
    assert list((folder / "exports").iterdir()) == []


def test_what_cannot_be_exported_is_refused_and_leaves_no_file(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.parquet"
    for words in (
        ("--table", "visitor"), ("--table", "day", "--from", "soon"), ("--table", "day", "--site", "other"),
        ("--table", "day", "--format", "xlsx"),
    ):  # fmt: skip
        assert run("export", "facts", "--data", folder, *words, "--out", out).code != 0
    assert list(tmp_path.iterdir()) == []


def test_the_tables_are_those_without_ids(folder: Path) -> None:
    assert "visitor" not in TABLES
    facts = DuckFacts()
    facts.derive()
    for table in TABLES:
        columns = facts.ask(*question("shop", table, date(2026, 1, 1), date(2026, 1, 2))).columns
        assert "site" in columns
        assert "id" not in columns
    with pytest.raises(Unavailable):
        facts.export("SELECT 1")


def test_an_export_of_many_rows_keeps_their_order_and_does_not_see_what_comes_later(tmp_path: Path) -> None:
    facts = DuckFacts(tmp_path)
    put_aside = facts.export("SELECT range AS n FROM range(400000) ORDER BY range DESC")
    facts.ask("SELECT 1")  # nobody waits for the one who reads
    numbers = [n for rows in put_aside.rows() for (n,) in rows]
    assert numbers == list(range(399_999, -1, -1))
    assert len(list(put_aside.parquet())) >= 1
    put_aside.close()
    left = tmp_path / "exports" / "killed.parquet"
    left.write_bytes(b"x")
    facts.close()
    DuckFacts(tmp_path).close()
    assert not left.exists()


CELLS = st.text(max_size=12) | st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", '"', ' "', "\u00a0", '""', "\n"]), st.sampled_from([*FORMULAS]), st.text(max_size=6)
    ),
)


@given(st.lists(st.tuples(CELLS, st.integers() | st.none() | st.booleans()), max_size=6))
def test_a_parser_reads_what_was_written_and_no_cell_is_a_formula(rows: list[tuple[str, Any]]) -> None:
    raw = b"".join(csv_pieces(["a", "b"], portions(rows)))
    found = list(csv.reader(io.StringIO(raw.decode("utf-8-sig", "surrogatepass"), newline="")))[1:]
    plain = {None: "", True: "true", False: "false"}
    assert len(found) == len(rows)
    for (text, other), (cell, beside) in zip(rows, found, strict=True):
        assert cell in (text, "'" + text)
        assert not cell.lstrip(' \n\r\v\f\u00a0"').startswith(tuple("=+-@")) or cell[0] == "'"
        assert not cell.startswith(("\t", "\r"))
        assert beside == (plain[other] if other is None or isinstance(other, bool) else str(other))


def portions(rows: list[tuple[str, Any]]) -> Iterator[list[tuple[str, Any]]]:
    for n in range(0, len(rows), 2):
        yield rows[n : n + 2]
