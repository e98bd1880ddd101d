"""`aparte import catalogue`, `aparte import traits`, `aparte site jwt-key`, and a catalogue in a replay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from aparte.app import open_store
from aparte.cli import cli

CSV = "référence;prix;marge;complexe\nlamp;49,90;12,50;oui\nsofa;1200;300;\n;1;;\n"


def says(*words: object) -> str:
    done = CliRunner().invoke(cli, [str(one) for one in words])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.covers("S0-38")
def test_a_catalogue_is_imported_refreshed_and_every_change_is_said(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "products.csv"
    says("site", "add", "shop", "--data", data)
    file.write_text(CSV, "utf-8-sig")
    told = says("import", "catalogue", file, "--data", data)
    assert "2 added, 0 changed, 0 as before, 0 gone, 1 refused" in told
    assert "line 4: there is no id" in told
    file.write_text("id,price\nlamp,40\n", "utf-8")
    assert "0 added, 1 changed, 0 as before, 0 gone" in says("import", "catalogue", file, "--data", data, "--keep")
    assert "0 added, 0 changed, 1 as before, 1 gone" in says("import", "catalogue", file, "--data", data)
    store = open_store(data)
    assert [(one.id, one.gone) for one in store.products("shop")] == [("lamp", False), ("sofa", True)]
    store.close()


@pytest.mark.covers("S1-87")
def test_traits_of_a_crm_are_imported_and_a_key_for_identities_is_shown_once(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "crm.csv"
    says("site", "add", "shop", "--data", data)
    file.write_text("user_id;tier;churn_risk\nc1;gold;0,4\n;x;\n", "utf-8")
    assert "1 customers, 0 visitors known by now, 1 refused" in says("import", "traits", file, "--data", data)
    key = says("site", "jwt-key", "shop", "--data", data).split()[-1]
    store = open_store(data)
    assert store.traits("shop", "c1") == {"tier": "gold", "churn_risk": 0.4}
    assert store.sites()[0].jwt_secret == key
    assert len(key) == 64
    store.close()


@pytest.mark.covers("S0-38")
def test_a_replay_with_a_catalogue_sees_marks_that_the_recording_does_not_have(tmp_path: Path) -> None:
    events, rules, file = tmp_path / "e.jsonl", tmp_path / "r.toml", tmp_path / "p.csv"
    file.write_text(CSV, "utf-8")
    rules.write_text(
        "[[campaigns]]\nname='c'\n[[campaigns.rules]]\nname='r'\nwhen='page.complex && page.margin > 12'\n"
    )
    line = {"type": "track", "event": "Product Viewed", "messageId": "m", "anonymousId": "ann",
            "timestamp": "2024-01-15T12:00:00Z", "properties": {"product_id": "lamp"}}  # fmt: skip
    events.write_text(json.dumps(line) + "\n")
    without = json.loads(says("replay", events, "--campaigns", rules, "--json"))
    found = json.loads(says("replay", events, "--campaigns", rules, "--json", "--catalogue", file))
    assert (without["rules"]["c/r"]["eligible_sessions"], found["rules"]["c/r"]["eligible_sessions"]) == (0, 1)
    assert "true" in says("explain", events, "--campaigns", rules, "--visitor", "ann", "--catalogue", file)
