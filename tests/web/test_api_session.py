"""Signing in: who gets in, who does not, and what a foreign page can do."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import httpx
import pytest
from doors_world import PASSWORD, World


def test_a_session_is_a_cookie_that_no_script_reads_and_the_store_keeps_only_its_hash(world: World) -> None:
    client = world.console()
    answer = client.post("/api/v1/session", json={"email": " Camille@A.example ", "password": PASSWORD})
    told = answer.headers["set-cookie"].lower()
    assert all(one in told for one in ("httponly", "samesite=strict", "path=/", "aparte="))
    token = client.cookies["aparte"]
    assert len(token) >= 43
    assert token not in str(world.call(world.store.sign_ins))
    me = client.get("/api/v1/session").json()
    assert (me["id"], me["site"]["id"], me["status"], me["maximum"]) == ("camille", "a", "away", 2)
    again = client.post("/api/v1/session", json={"email": "camille@a.example", "password": PASSWORD})
    assert again.status_code == 200
    assert client.cookies["aparte"] != token
    assert httpx.get(f"{world.http}/api/v1/session", cookies={"aparte": token}).status_code == 401
    assert client.delete("/api/v1/session").status_code == 204
    signed_out = client.get("/api/v1/session")
    assert (signed_out.status_code, signed_out.json()["demo"], signed_out.json()["setup"]) == (401, False, False)


def test_a_session_ends_after_twelve_idle_hours_and_after_seven_days(world: World) -> None:
    client, hour = world.console("camille@a.example"), 3_600_000
    for _ in range(14):
        world.clock_ms += 11 * hour
        assert client.get("/api/v1/session").status_code == 200
    world.clock_ms += 15 * hour
    assert client.get("/api/v1/session").status_code == 401
    fresh = world.console("camille@a.example")
    for _ in range(15):
        world.clock_ms += 11 * hour
        assert fresh.get("/api/v1/session").status_code == 200
    world.clock_ms += 4 * hour
    assert fresh.get("/api/v1/session").status_code == 401


def test_an_unknown_email_is_answered_like_a_wrong_password_and_takes_as_long(world: World) -> None:
    client, times = world.console(), dict[str, list[float]]()
    answers = set()
    for n in range(9):
        for email in ("camille@a.example", f"nobody{n}@a.example"):
            began = perf_counter()
            answer = client.post("/api/v1/session", json={"email": email, "password": "wrong password"})
            times.setdefault(email[:6], []).append(perf_counter() - began)
            answers.add((answer.status_code, answer.text))
    assert len(answers) == 1
    assert answers.pop()[0] == 401
    assert median(times["camill"]) < 3 * median(times["nobody"]) + 0.02


def test_after_ten_failures_even_the_right_password_has_to_wait(world: World) -> None:
    client = world.console()
    wrong = {"email": "camille@a.example", "password": "wrong password"}
    assert [client.post("/api/v1/session", json=wrong).status_code for _ in range(10)] == [401] * 10
    answer = client.post("/api/v1/session", json=wrong | {"password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900
    assert world.console("alex@a.example").get("/api/v1/session").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Aparte-Console": "1"}, 403),
        ({"Aparte-Console": "1", "Origin": "https://evil.example"}, 403),
        ({"Aparte-Console": "1", "Origin": "null"}, 403),
        ({"Aparte-Console": "1", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "SELF"}, 403),
        ({"Aparte-Console": "1", "Origin": "SELF", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Aparte-Console": "1", "Origin": "SELF"}, 200),
        ({"Aparte-Console": "1", "Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_a_change_must_come_from_the_console_itself(world: World, headers: dict[str, str], status: int) -> None:
    sent = {name: value.replace("SELF", world.http) for name, value in headers.items()}
    body = {"email": "camille@a.example", "password": PASSWORD}
    assert httpx.post(f"{world.http}/api/v1/session", json=body, headers=sent).status_code == status


def test_the_demo_signs_in_with_one_click_and_nobody_else_does(worlds: Callable[..., World]) -> None:
    demo, real = worlds(demo=True), worlds()
    assert real.console().post("/api/v1/session", json={"demo": True}).status_code == 401
    client = demo.console()
    assert client.get("/api/v1/session").json()["demo"] is True
    assert client.post("/api/v1/session", json={"demo": True}).json()["id"] == "camille"
    assert demo.humans == ["camille"]


def test_the_one_time_link_makes_the_first_member_of_staff_and_then_is_gone(world: World) -> None:
    body: dict[str, Any] = {"token": "x", "email": "first@a.example", "name": "First", "password": "long and strange"}
    client = world.console()
    assert client.post("/api/v1/setup", json=body).status_code == 404
    world.remove_staff("camille", "alex", "ana", "bea")
    world.call(world.doors.desk.directory.forget)
    token = world.call(world.doors.setup_token)
    assert client.get("/api/v1/session").json()["setup"] is True
    assert client.post("/api/v1/setup", json=body).status_code == 401
    weak = client.post("/api/v1/setup", json=body | {"token": token, "password": "aaaaaaaaaaaa"})
    assert (weak.status_code, weak.json()["error"]["code"]) == (400, "weak_password")
    assert client.post("/api/v1/setup", json=body | {"token": token, "role": "admin"}).status_code == 400
    made = client.post("/api/v1/setup", json=body | {"token": token})
    assert (made.status_code, made.json()["role"]) == (200, "admin")
    assert client.get("/api/v1/session").json()["name"] == "First"
    assert client.post("/api/v1/setup", json=body | {"token": token}).status_code == 404
    assert world.call(world.doors.setup_token) is None
