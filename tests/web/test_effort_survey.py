"""The question on effort (CES 2.0), from the switch of the site to the figure that a report shows.

Defects seen to fail here: an answer that the facts leave out; a question that no page is told to ask.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from doors_world import World, token_of
from test_site_settings import hired

MARKS = {"v1": 7, "v2": 6, "v3": 5, "v4": 4, "v5": 2}
"""24 in all; three of five agree."""


def asks(world: World, visitor: str) -> Any:
    """What the survey of a conversation that this visitor opens will ask."""
    body = {"key": "key-a", "token": token_of(visitor), "language": "fr", "url": "https://a.example/"}
    answer = httpx.post(f"{world.http}/v1/conversations", content=json.dumps(body))
    assert answer.status_code == 200, answer.text
    return answer.json()["conversation"]["asks"]


def says_how_easy(world: World, visitor: str, **marks: Any) -> httpx.Response:
    """He is answered, leaves, and says how easy it was made for him."""
    conv = world.conversation(visitor, agent="camille")
    world.says(conv, visitor, "Où est ma commande ?")
    world.says(conv, "camille", "Elle part demain.")
    world.do(world.engine.close("a", conv, "visitor", world.found(conv).visitor))
    body = {"key": "key-a", "token": token_of(visitor), "n": 1, **marks}
    return httpx.post(f"{world.http}/v1/conv/{conv}/survey", content=json.dumps(body))


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_a_site_chooses_what_its_visitors_are_asked(world: World) -> None:
    admin = hired(world, "amal", "admin")
    assert asks(world, "v1") == ["csat", "solved", "nps"]
    told = admin.put("/api/v1/site", json={"survey": ["ces", "csat", "ces"]})
    assert (told.status_code, told.json()["survey"]) == (200, ["ces", "csat"])
    assert asks(world, "v1") == ["ces", "csat"]
    assert admin.put("/api/v1/site", json={"survey": []}).json()["survey"] == []
    for bad in (["mood"], "ces", [1]):
        assert admin.put("/api/v1/site", json={"survey": bad}).status_code == 400
    assert asks(world, "v1") == []


@pytest.mark.covers("S1-07", "S1-45")
def test_what_visitors_answer_is_the_effort_that_reports_show(world: World) -> None:
    for visitor, ces in MARKS.items():
        answer = says_how_easy(world, visitor, ces=ces)
        assert (answer.status_code, answer.json()["survey"]) == (200, True), answer.text
    assert says_how_easy(world, "v6", csat=4).status_code == 200
    for off_the_scale in (0, 8, 5.5, "7"):
        assert says_how_easy(world, "v7", ces=off_the_scale).status_code == 400
    told = world.console("ana@a.example").get("/api/v1/kpis/figures?kpi=ces,ces_top").json()
    mean, easy = told["figures"]
    assert (mean["value"], mean["n"], easy["value"], easy["n"]) == (4.8, 5, 0.6, 5)
    # Student, 4 degrees of freedom: 2.776445 standard errors of 0.860233; Wilson.
    assert (mean["low"], mean["high"]) == (pytest.approx(2.411612, abs=1e-5), pytest.approx(7.188388, abs=1e-5))
    assert (easy["low"], easy["high"]) == (pytest.approx(0.230724, abs=1e-5), pytest.approx(0.882379, abs=1e-5))
