"""Journeys and facts through the API, of one site, and `/reports/journey`.

Planted defects seen to fail here: the export for whoever may read; a path of another site in the answer.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from doors_world import World, vid
from test_rates_api import admin

FUNNEL = "/api/v1/journeys/funnel?came=1&step1=Product+Added&step2=Cart+Viewed&within2=30m"


def test_a_funnel_is_asked_in_the_address(world: World) -> None:
    world.hesitates("ann")
    world.pulse("bob", {"type": "page", "properties": {"path": "/"}})
    client = world.console("camille@a.example")
    answer = client.get(FUNNEL)
    assert answer.status_code == 200, answer.text
    steps = answer.json()["steps"]
    assert steps[0]["n"] == 2
    assert steps[1]["of_before"]["of"] == 2
    for part in ("leaving", "losses", "ways", "abandoners"):
        assert client.get(f"/api/v1/journeys/{part}").status_code == 200, part
    assert client.get("/api/v1/journeys/nonsense").status_code == 404
    whole = client.get("/api/v1/journeys?campaign=cart").json()
    assert (whole["ignored"], whole["funnel"]["steps"][0]["n"]) == (["campaign"], 2)
    assert world.console("bea@b.example").get(FUNNEL).json()["steps"][0]["n"] == 0


def test_what_cannot_be_read_is_named(world: World) -> None:
    client = world.console("camille@a.example")
    for query, where in (("within2=5m", "within2"), ("from=soon", "from"), ("unit=cat", "unit"), ("last=0", "last")):
        answer = client.get(f"/api/v1/journeys/funnel?{query}")
        assert (answer.status_code, answer.json()["error"]["where"]) == (400, where)
        page = client.get(f"/reports/journey?{query}")
        assert (page.status_code, "Nothing is lost" in page.text or "Rien n’est perdu" in page.text) == (400, True)


def test_the_page_is_for_those_who_are_signed_in(world: World) -> None:
    import httpx  # noqa: PLC0415  a browser that nobody is signed in with

    assert httpx.get(f"{world.http}/reports/journey").status_code == 303
    world.hesitates("ann")
    page = world.console("camille@a.example").get("/reports/journey?lang=en")
    assert (page.status_code, "Journeys" in page.text, vid("ann") in page.text) == (200, True, False)
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert world.console("camille@a.example").get("/reports/journey?lang=xx").status_code == 400


@pytest.mark.covers("S1-49")
def test_the_page_says_where_visitors_get_stuck_by_themselves(world: World) -> None:
    """Seen to fail: conversations are not read, so no page is told."""
    for visitor in ("v1", "v2"):
        world.hesitates(visitor)
    conv = world.conversation("v1", agent="camille")
    world.says(conv, "v1", "Combien coûte la livraison ?")
    world.says(conv, "camille", "Elle est offerte.")
    page = world.console("camille@a.example").get("/reports/journey?lang=en").text
    table = page[page.index('id="blocking"') :]
    table = table[: table.index("</section>")]
    cells = re.findall(r">([^<>]+)<", table[table.index("<tbody>") :])
    assert [one.strip() for one in cells if one.strip()][:6] == ["/cart", "1", "1", "2", "50.00%", "9.45 to 90.55%"]
    assert "livraison" not in table, "one visitor's words"
    other = world.console("bea@b.example").get("/reports/journey?lang=en").text
    assert 'id="blocking"' not in other


def test_facts_are_files_for_admins_alone_and_are_audited(world: World, tmp_path: Path) -> None:
    world.hesitates("ann")
    world.pulse("eve", {"type": "track", "event": "=cmd|' /C calc'!A0", "properties": {}})
    assert world.console("camille@a.example").get("/api/v1/facts/event.csv").status_code == 403
    client = admin(world)
    answer = client.get("/api/v1/facts/event.csv")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0].keys() >= {"site", "visitor", "happened_at", "name", "path"}
    assert "'=cmd|' /C calc'!A0" in {row["name"] for row in rows}
    assert vid("ann") not in answer.text
    file = tmp_path / "event.parquet"
    file.write_bytes(client.get("/api/v1/facts/event.parquet").content)
    found = duckdb.sql(f"SELECT name, visitor FROM '{file}'").fetchall()
    assert sorted(str(visitor) for _, visitor in found) == sorted(row["visitor"] for row in rows)
    assert "=cmd|' /C calc'!A0" in {name for name, _ in found}  # a column of texts is no cell of a spreadsheet
    assert client.get("/api/v1/facts/event.csv?from=2001-01-01&to=2001-01-02").text.count("\n") == 1
    for bad, status in (("visitor.csv", 404), ("event.xls", 404), ("event", 404), ("meta.parquet", 404)):
        assert client.get(f"/api/v1/facts/{bad}").status_code == status
    assert client.get("/api/v1/facts/event.csv?from=x").status_code == 400
    told: list[Any] = client.get("/api/v1/audit?verb=export").json()["rows"]
    assert {one["object"] for one in told} == {"facts.event"}
    assert list((world.data / "exports").iterdir()) == []
