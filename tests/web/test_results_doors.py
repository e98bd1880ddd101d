"""The doors of the results page and of the dashboard by mail, of a running server over its facts.

Planted defect seen to fail here: a form of a foreign page is believed.
"""

from __future__ import annotations

import re

import httpx
import pytest
from doors_world import World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_the_page_its_export_and_its_indicators_are_for_who_is_signed_in_and_of_his_site(world: World) -> None:
    for path in ("", "/export", "/kpis", "/mails", "/mail-preview"):
        assert httpx.get(f"{world.http}/reports{path}").headers["location"] == "/console"
    bea = world.console("bea@b.example")
    asked = bea.get("/reports?lang=en&from=2026-01-01&to=2026-02-01&device=mobile&by=segment&campaign=")
    assert asked.status_code == 200
    assert all(one in asked.text for one in ("Maison B", 'lang="en"', "2026-01-01", 'value="mobile" selected'))
    assert "Maison A" not in asked.text
    assert "unsafe" not in asked.headers["content-security-policy"]
    found = bea.get("/reports/export?format=csv")
    assert found.headers["content-disposition"] == 'attachment; filename="results.csv"'
    assert found.text.startswith("\ufeffpart,campaign")
    assert bea.get("/reports/export?format=json").json()["report"]["site"] == "b"
    kpis = bea.get("/reports/kpis?lang=en")
    assert kpis.status_code == 200
    assert len(re.findall('<details class="kpi">', kpis.text)) > 40
    assert "No data." in kpis.text
    assert re.search("Service savings<small>What chats spare has not been told", kpis.text), "in sight, not folded away"


@pytest.mark.parametrize(
    "query", ["from=nonsense", "by=nobody", "horizon=1y", "segment=x", "from=2026-02-02&to=2026-01-01"]
)
def test_what_cannot_be_read_is_said_with_its_place(world: World, query: str) -> None:
    asked = world.console("bea@b.example").get(f"/reports?lang=en&{query}")
    assert asked.status_code == 400
    assert "This period cannot be read" in asked.text
    assert world.console("bea@b.example").get(f"/reports/export?{query}").status_code == 400


def test_one_says_by_a_form_or_by_the_api_what_one_receives(world: World) -> None:
    bea = world.console("bea@b.example")
    body = "every=weekly&every=monthly&hour=9&lang=en"
    saved = bea.post("/reports/mails", content=body, headers={**FORM, "Origin": world.http})
    assert (saved.status_code, saved.headers["location"]) == (303, "/reports/mails?saved=1&lang=en")
    told = bea.get("/api/v1/report-mails").json()
    assert told["mails"] == [{"every": "monthly", "hour": 9}, {"every": "weekly", "hour": 9}]
    assert len(re.findall("checked", bea.get("/reports/mails").text)) == 2
    put = bea.put("/api/v1/report-mails", json={"mails": [{"every": "daily", "hour": 23}]})
    assert put.json()["mails"] == [{"every": "daily", "hour": 23}]
    for wrong in ([{"every": "hourly"}], [{"every": "daily", "hour": 24}], [{"every": "daily"}, {"every": "daily"}]):
        assert bea.put("/api/v1/report-mails", json={"mails": wrong}).status_code == 400
    assert bea.get("/reports/mail-preview?every=weekly").status_code == 200
    assert bea.get("/reports/mail-preview?every=never").status_code == 400


def test_a_form_of_a_foreign_page_changes_nothing(world: World) -> None:
    bea = world.console("bea@b.example")
    bea.put("/api/v1/report-mails", json={"mails": []})
    for headers in ({"Origin": "https://evil.example"}, {"Origin": world.http, "Sec-Fetch-Site": "cross-site"}, {}):
        asked = httpx.post(
            f"{world.http}/reports/mails",
            content="every=daily&hour=8",
            headers={**FORM, **headers},
            cookies=bea.cookies,
        )
        assert asked.status_code == 403
    sent = bea.post("/reports/mails", content="every=daily&hour=99", headers={**FORM, "Origin": world.http})
    assert sent.status_code == 400
    assert bea.get("/api/v1/report-mails").json()["mails"] == []
