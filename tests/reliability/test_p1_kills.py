"""P1: what was acknowledged is never lost, never shown twice, never in another order, though the server is killed.

Four conversations, two tabs on each side, over WebSocket and over long poll; kills at any time, also between the commit
and the acknowledgement. The mutants are what the same run must see; by default one of them, with
`make test-reliability` all.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from killing import killed
from shop import Transport
from sizes import LATER, said, size

KILLS = size(10, 1_000, 5_000)
"""On each of the two transports."""


@pytest.mark.parametrize("transport", ["socket", "poll"])
def test_nothing_acknowledged_is_lost_doubled_or_reordered_and_all_screens_agree(
    tmp_path: Path, transport: Transport
) -> None:
    verdict = asyncio.run(killed(tmp_path / "data", transport, KILLS))
    said(verdict.line(f"P1 {transport}"))
    assert verdict.found == 0, verdict
    assert verdict.kills == KILLS
    assert verdict.messages >= KILLS


@pytest.mark.parametrize(
    ("defect", "seen"),
    [
        ("no_unique_key", "double"),
        pytest.param("ack_before_commit", "lost", marks=LATER),
        pytest.param("broadcast_before_commit", "vanished", marks=LATER),
        pytest.param("read_then_subscribe", "unequal", marks=LATER),
    ],
)
def test_a_planted_defect_is_caught(tmp_path: Path, defect: str, seen: str) -> None:
    looks = 1 if defect == "read_then_subscribe" else 5
    work = killed(tmp_path / "data", "socket", 200, defect=defect, sought=seen, looks=looks, patience=4)
    verdict = asyncio.run(work)
    said(verdict.line(f"P1 with {defect}"))
    assert getattr(verdict, seen) > 0, verdict
