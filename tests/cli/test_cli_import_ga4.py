"""`aparte import ga4`: exports of BigQuery, plain and packed, become events that replay reads."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from cli_world import Run


def row(name: str, at: int, **members: Any) -> bytes:
    params = [{"key": "page_location", "value": {"string_value": "https://shop.example/cart"}}]
    told = {"event_name": name, "event_timestamp": str(at), "user_pseudo_id": "1.2", "event_params": params, **members}
    return json.dumps(told).encode() + b"\n"


def test_tables_are_read_together_and_replayed(run: Run, campaigns: Path, tmp_path: Path) -> None:
    first, second, out = (
        tmp_path / "events_20240101.json.gz",
        tmp_path / "events_20240102.json",
        tmp_path / "e.jsonl.gz",
    )
    item = [{"item_id": "lamp", "price": 60.0, "quantity": "1"}]
    first.write_bytes(
        gzip.compress(row("add_to_cart", 1_704_103_260_000_000, items=item) + row("page_view", 1_704_103_200_000_000))
    )
    second.write_bytes(
        row("view_cart", 1_704_103_300_000_000) + b"{\n"
        + row("page_view", 1_704_103_400_000_000, privacy_info={"analytics_storage": "No"})
    )  # fmt: skip
    done = run("import", "ga4", first, second, "-o", out)
    assert (done.code, "5 read, 3 messages written" in done.err) == (0, True), done.err
    assert "1 quarantined, not_json" in done.err
    assert "1 quarantined, no_consent" in done.err
    told = [json.loads(line) for line in gzip.decompress(out.read_bytes()).splitlines()]
    assert [one.get("event", one["type"]) for one in told] == ["page", "add_to_cart", "view_cart"]
    assert run("replay", out, "--campaigns", campaigns).code == 0
    assert run("import", "ga4", tmp_path / "none.json", "-o", out).code == 2
