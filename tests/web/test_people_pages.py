"""Pages about people and alarms, as staff reach them: an agent sees himself alone, goals are for who plans.

Mutants seen to fail here: an agent is shown everybody's card; alarms are read without their site.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from doors_world import World
from msgspec.structs import replace

from aparte.contracts.alarm_store import OpenAlarm
from aparte.contracts.alarms import Alarm
from aparte.sites.store import SaveStaff

PAGES = ("agents", "conversations", "goals")


def submitted(world: World, *commands: Any) -> None:
    async def write() -> None:
        await world.store.submit(list(commands))

    world.do(write())


def promoted(world: World, staff: str, site: str, role: str) -> httpx.Client:
    """Somebody with another role from now on."""
    one = next(one for one in world.call(lambda: world.store.staff(site)) if one.id == staff)
    submitted(world, SaveStaff(replace(one, role=role)))
    world.call(world.running.doors.desk.directory.forget)
    return world.console(f"{staff}@{site}.example")


@pytest.fixture
def talked(world: World) -> World:
    for agent, visitor in (("camille", "v-one"), ("alex", "v-two")):
        conv = world.conversation(visitor, agent=agent)
        world.says(conv, visitor, "Bonjour ?")
    return world


def page(client: httpx.Client, world: World, path: str, status: int = 200) -> str:
    answer = client.get(f"{world.http}/reports/{path}")
    assert answer.status_code == status, answer.text[:300]
    assert "text/html" in answer.headers["content-type"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return answer.text


def test_an_agent_sees_his_own_card_and_nobody_elses(talked: World) -> None:
    own = page(talked.console("alex@a.example"), talked, "agents?lang=en")
    assert "Alex" in own
    assert "Camille" not in own
    asked_for = page(talked.console("alex@a.example"), talked, "agents?lang=en&agent=camille")
    assert "Camille" not in asked_for
    assert "Bea" not in page(talked.console("bea@b.example"), talked, "agents")
    every = page(promoted(talked, "camille", "a", "supervisor"), talked, "agents?lang=en")
    assert "Alex" in every
    assert "Camille" in every


def test_an_analyst_is_no_agent_and_sees_no_card(talked: World) -> None:
    told = page(talked.console("ana@a.example"), talked, "agents?lang=en")
    assert "No conversations in this period." in told
    assert "Alex" not in told


@pytest.mark.parametrize("language", ["fr", "en"])
def test_conversations_are_read_and_goals_are_for_who_plans(talked: World, language: str) -> None:
    agent = talked.console("alex@a.example")
    told = page(agent, talked, f"conversations?lang={language}")
    assert f'<html lang="{language}">' in told
    assert "/reports/goals" not in told, "no link to what he may not open"
    page(agent, talked, f"goals?lang={language}", 403)
    assert "/console#/goals" in page(promoted(talked, "camille", "a", "manager"), talked, f"goals?lang={language}")


@pytest.mark.parametrize("place", PAGES)
def test_a_stranger_goes_to_the_console_and_bad_days_are_said(talked: World, place: str) -> None:
    answer = httpx.get(f"{talked.http}/reports/{place}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    lead = promoted(talked, "camille", "a", "manager")
    told = page(lead, talked, f"{place}?from=2026-02-30&lang=en", 400)
    assert "is no day" in told
    assert httpx.get(f"{talked.http}/reports/nowhere").status_code == 404


def test_alarms_stand_in_the_api_and_at_the_top_of_pages_for_those_who_supervise(talked: World) -> None:
    submitted(talked, *(
        OpenAlarm(Alarm(id=f"al-{site}", site=site, kind="floor", about="g", name=f"Floor of {site}", opened_at=1))
        for site in "ab"
    ))  # fmt: skip
    agent, lead = talked.console("alex@a.example"), promoted(talked, "camille", "a", "supervisor")
    assert agent.get("/api/v1/alarms").status_code == 403
    assert [one["id"] for one in lead.get("/api/v1/alarms").json()] == ["al-a"]
    assert lead.post("/api/v1/alarms/al-b/seen").status_code == 404
    seen = lead.post("/api/v1/alarms/al-a/seen").json()
    assert seen["seen_by"] == "camille"
    assert lead.post("/api/v1/alarms/al-a/seen").json()["seen_at"] == seen["seen_at"]
    assert [one["id"] for one in lead.get("/api/v1/alarms", params={"open": True}).json()] == ["al-a"]
    told = page(lead, talked, "agents?lang=en")
    assert "Floor broken: Floor of a" in told
    assert "Floor of b" not in told
    assert "Floor of a" not in page(agent, talked, "agents?lang=en")


@pytest.mark.parametrize("place", ["", "/journey"])
def test_results_and_journeys_say_what_is_wrong_too_and_lead_to_the_goals(talked: World, place: str) -> None:
    """Seen to fail: the row of links of every reader is that of an agent; alarms are told to whoever reads."""
    uneven = Alarm(id="al-a", site="a", kind="sample_ratio", about="", name="", opened_at=1)
    submitted(talked, OpenAlarm(uneven))
    agent, lead = talked.console("alex@a.example"), promoted(talked, "camille", "a", "manager")
    told = lead.get(f"/reports{place}?lang=fr").text
    assert "Tirage déséquilibré\u00a0: tout le site" in told.replace("\u202f", "\u00a0")
    assert "/reports/goals?" in told
    own = agent.get(f"/reports{place}?lang=en").text
    assert "Uneven" not in own
    assert "/reports/goals" not in own
