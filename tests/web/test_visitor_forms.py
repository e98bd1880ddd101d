"""What a visitor says before a conversation, how he asks for a person, and the face of whoever answers."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from doors_world import World, token_of
from msgspec.structs import replace

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


def post(world: World, path: str, **members: Any) -> httpx.Response:
    body = json.dumps({"key": "key-a", "token": token_of("v1"), **members}).encode()
    return httpx.post(f"{world.http}{path}", content=body, headers={"Content-Type": "text/plain"}, timeout=20)


def test_a_form_is_kept_clean_and_once_and_its_question_is_the_first_line(world: World) -> None:
    form = {
        "name": "  Léa \n M ",
        "email": "Lea@EXEMPLE.fr",
        "phone": "06 12 34 56 78",
        "question": "Le M taille petit ?",
    }
    opened = post(world, "/v1/conversations", form=form).json()["conversation"]
    kept = {"name": "Léa M", "email": "Lea@exemple.fr", "phone": "0612345678", "question": "Le M taille petit ?"}
    assert world.found(opened["id"]).form == kept
    assert opened["head"] == 1
    post(world, "/v1/conversations", form={"name": "Autre", "question": "Encore ?"})
    assert world.found(opened["id"]).form == kept
    assert [(one.by, one.kind, one.body) for one in world.transcript(opened["id"])] == [
        ("visitor", "text", "Le M taille petit ?")
    ]


def test_an_accepted_offer_takes_its_form_with_the_click_or_later(world: World) -> None:
    world.available("camille")
    door = f"/v1/offers/{world.hesitates('v1')['offer']['engagement']}/accept"
    conv = post(world, door).json()["conversation"]["id"]
    assert world.found(conv).form == {}
    post(world, door, form={"email": "a@b.fr", "question": "Bonjour"})
    assert world.found(conv).form == {"email": "a@b.fr", "question": "Bonjour"}
    assert [one.body for one in world.transcript(conv) if one.by == "visitor"] == ["Bonjour"]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"email": "no address"}, "bad_email"),
        ({"phone": "123"}, "bad_phone"),
        ({"question": "a\u202eb"}, "bad_text"),
        ({"name": "x" * 201}, "too_long"),
        ({"question": "x" * 4001}, "too_long"),
        ({"iban": "x"}, "bad_field"),
        ({"name": 7}, "bad_body"),
        (["name"], "bad_body"),
    ],
)
def test_a_form_that_is_wrong_opens_nothing(world: World, form: Any, code: str) -> None:
    answer = post(world, "/v1/conversations", form=form)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert not world.call(lambda: world.engine.open_conversations("a"))


def test_a_visitor_who_wants_a_person_gets_one_and_only_of_his_own_conversation(world: World) -> None:
    conv = world.conversation("v1", agent="camille")
    bot = replace(world.found(conv), bot=True)
    world.call(lambda: world.engine.talks.published.__setitem__(conv, bot))
    assert world.call(lambda: world.doors.desk.engine.conversation(conv)).bot
    assert post(world, f"/v1/conv/{conv}/person", token=token_of("v2")).status_code == 404
    told = post(world, f"/v1/conv/{conv}/person").json()
    assert (told["bot"], told["state"]) == (False, "queued")
    assert not world.found(conv).agent
    assert post(world, f"/v1/conv/{conv}/person").json()["state"] == "queued"


def test_a_picture_is_shown_to_visitors_and_can_run_nothing(world: World) -> None:
    console = world.console("camille@a.example")
    set_ = console.put("/api/v1/me/picture", content=PNG, headers={"Content-Type": "image/png"})
    path = set_.json()["picture"]
    shown = httpx.get(world.http + path)
    assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, PNG, "image/png")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert httpx.get(f"{world.http}/v1/picture/{'0' * 32}").status_code == 404
    assert httpx.get(f"{world.http}/v1/picture/../secret.key").status_code == 404
    conv = world.conversation("v1", agent="camille")
    headers = {"Authorization": f"Bearer {token_of('v1')}", "Aparte-Key": "key-a"}
    told = httpx.get(f"{world.http}/v1/conv/{conv}/entries?after=0&wait=0", headers=headers).json()
    assert told["agent"] == {"name": "Camille", "picture": path}


@pytest.mark.parametrize(
    ("body", "status"), [(b"<svg onload=alert(1)>", 400), (b"", 400), (PNG + b"0" * 65_536, 413), (b"GIF89a", 400)]
)
def test_a_picture_that_is_none_is_refused(world: World, body: bytes, status: int) -> None:
    assert world.console("camille@a.example").put("/api/v1/me/picture", content=body).status_code == status
