"""What a live server decided, its recording decides again, byte for byte."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from running import exported, lines, running


def replayed(events: Path, campaigns: Path, out: Path) -> bytes:
    """The decisions of a recorded replay."""
    command = [sys.executable, "-m", "aparte", "replay", str(events), "--campaigns", str(campaigns)]
    subprocess.run([*command, "--capacity", "recorded", "--decisions-out", str(out), "--json"], check=True, stdout=-3)
    return out.read_bytes()


def test_a_recorded_live_run_gives_every_decision_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running("demo", "--data", str(data), "--visitors", "40", "--no-history") as server:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            found = lines(exported(data, "decisions"))
            if sum(one["decision"] == "invite" for one in found) >= 3:
                break
        assert server.stop() == 0
    events = tmp_path / "events.jsonl"
    events.write_bytes(exported(data, "events"))
    decided = exported(data, "decisions")
    assert {one["decision"] for one in lines(decided)} >= {"invite", "refrain"}
    assert replayed(events, data / "campaigns" / "demo.toml", tmp_path / "decisions.jsonl") == decided
