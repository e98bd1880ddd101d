"""P4: a bad network costs time, not messages.

Connections between pages and server are cut after byte k, each way, k = 1..2,000; others stall, go deaf in one
direction without a word, or reach the server twice. Afterwards every screen shows what the database holds.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from cutting import cut
from shop import Transport
from sizes import LATER, said, size

CUTS = size(20, 1_000, 10_000)
"""On each of the two transports."""
FARTHEST = size(1_000, 2_000, 2_000)


@pytest.mark.parametrize("transport", ["socket", "poll"])
def test_cut_stalled_deaf_and_doubled_connections_cost_no_message(tmp_path: Path, transport: Transport) -> None:
    verdict = asyncio.run(cut(tmp_path / "data", transport, CUTS, FARTHEST))
    said(verdict.line(f"P4 {transport}", "cuts"))
    assert verdict.found == 0, verdict
    assert verdict.kills >= CUTS


@LATER
def test_a_client_that_forgets_what_it_has_sent_is_caught(tmp_path: Path) -> None:
    verdict = asyncio.run(cut(tmp_path / "data", "socket", 150, 2_000, clears_on_send=True, patience=3))
    said(verdict.line("P4 with clears_on_send", "cuts"))
    assert verdict.lost > 0, verdict
