"""P2: what was acknowledged survives the power.

A store works while a shim writes down what it does to its files; then the power is cut at moments of that journal,
unsynced sectors survive at random, and the product opens what is left. `platter.py` has the rules.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from power import cut, recorded
from sizes import LATER, said, size

CUTS = size(60, 1_000, 20_000)
LISTS = size(240, 1_200, 2_000)
MORE = size(0, 120, 2_000)
"""Cuts of each run beside the promised ones."""


def test_nothing_acknowledged_is_lost_and_no_transaction_is_there_by_halves(tmp_path: Path) -> None:
    verdict = cut(tmp_path, recorded(tmp_path, LISTS), CUTS)
    said(verdict.line("P2"))
    assert verdict.found == 0, verdict
    assert verdict.cuts == CUTS
    assert verdict.acknowledged > 5 * CUTS


@LATER
def test_a_database_that_is_being_made_can_be_made_again(tmp_path: Path) -> None:
    verdict = cut(tmp_path, recorded(tmp_path, 40), MORE, making=True)
    said(verdict.line("P2 while the database is made"))
    assert verdict.found == 0, verdict


@LATER
def test_a_sync_that_failed_before_makes_no_difference(tmp_path: Path) -> None:
    verdict = cut(tmp_path, recorded(tmp_path, 240, failing=20), MORE)
    said(verdict.line("P2 after failed syncs and writes"))
    assert verdict.found == 0, verdict


@pytest.mark.parametrize("synchronous", ["NORMAL", pytest.param("OFF", marks=LATER)])
def test_a_writer_that_does_not_wait_for_the_disk_is_caught(tmp_path: Path, synchronous: str) -> None:
    verdict = cut(tmp_path, recorded(tmp_path, 240, synchronous), 40)
    said(verdict.line(f"P2 with synchronous={synchronous}"))
    assert verdict.lost > 0, verdict


@LATER
def test_a_list_that_no_transaction_keeps_together_is_caught(tmp_path: Path) -> None:
    verdict = cut(tmp_path, recorded(tmp_path, 240, "by_halves"), 100)
    said(verdict.line("P2 with by_halves"))
    assert verdict.half > 0, verdict
