"""A call that an agent promises during a conversation: a request, and the line that tells the visitor when.

Planted defects seen to fail here: the line and the request in two transactions; the whole number in the transcript;
hours that are not asked; whoever is in no conversation books in it.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from doors_world import World, hear, say, vid
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_agents_work import code_of, lead, promote, seen_by_visitor

from aparte.conversations import callback
from aparte.routing.hours import on_shift
from aparte.sites.model import Shift
from aparte.sites.store import SaveStaff

PARIS = ZoneInfo("Europe/Paris")


def at_ten(world: World, days: int = 1) -> datetime:
    """Ten o'clock of a later day, in the shop's time."""
    now = world.call(world.engine.core.clock)
    return (datetime.fromtimestamp(now / 1000, UTC).astimezone(PARIS) + timedelta(days=days)).replace(
        hour=10, minute=0, second=0, microsecond=0
    )


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def booking(conv: str, camille: httpx.Client) -> Any:
    def book(cid: str = "c1", **members: Any) -> httpx.Response:
        body = {"assign_ver": 1, "cid": cid, "phone": "06 12 34 56 78", **members}
        return camille.post(f"/api/v1/conversations/{conv}/callback", json=body)

    return book


def works(world: World, staff: str, *shifts: Shift) -> None:
    """The shifts of somebody."""
    found = next(one for one in world.call(lambda: world.store.staff("a")) if one.id == staff)

    async def save() -> None:
        await world.store.submit([SaveStaff(replace(found, shifts=shifts))])

    world.do(save())


def test_a_promised_call_is_a_request_at_once_and_the_visitor_reads_when(world: World) -> None:
    camille, when = world.console("camille@a.example"), at_ten(world)
    conv = world.conversation("v1", agent="camille")
    world.says(conv, "v1", "Pouvez-vous m’appeler ?")
    book = booking(conv, camille)

    async def scene() -> dict[str, Any]:
        async with world.agent_socket(camille) as inbox:
            await say(inbox, "hello", v=1, epoch=None, pos=None, tab="t")
            await hear(inbox, "snapshot")
            answer = await asyncio.to_thread(book, at=f"{when:%Y-%m-%dT%H:%M}", note="La robe bleue", name="Léa")
            assert answer.status_code == 200, answer.text
            told = (await hear(inbox, "request"))["request"]
            assert told == answer.json()
            return told

    told = asyncio.run(scene())
    assert (told["kind"], told["phone"], told["body"], told["name"]) == (
        "callback",
        "0612345678",
        "La robe bleue",
        "Léa",
    )
    assert (told["visitor"], told["conv"], told["due_at"]) == (vid("v1"), conv, ms(when))
    assert (told["booked_by"], told["wanted"]) == ("Camille", f"{when:%Y-%m-%d} 10:00 (Europe/Paris)")
    assert camille.get("/api/v1/requests").json() == [told]
    line = world.transcript(conv)[-1]
    assert (line.by, line.author, line.kind) == ("agent", "camille", "text")
    assert line.body.startswith("Nous vous appellerons le ")
    assert f"{when.day} " in line.body
    assert "à 10:00 (Europe/Paris), au numéro qui finit par 78." in line.body
    seen = seen_by_visitor(world, conv)
    assert "qui finit par 78" in seen
    assert "0612345678" not in seen
    assert "La robe bleue" not in seen
    assert world.found(conv).waiting_since is None
    # Again: the same request, and one line.
    again = book(at=ms(when), note="La robe bleue", name="Léa")
    assert (again.status_code, again.json()) == (200, told)
    assert code_of(book(at=ms(when), phone="0700000000")) == (409, "cid_conflict")
    assert len([one for one in world.transcript(conv) if "appellerons" in one.body]) == 1
    soon = world.call(world.engine.core.clock) + 3_600_000
    first = book("c2", at=soon).json()
    world.clock_ms += 2 * 3_600_000
    assert book("c2", at=soon).json() == first  # asked again when its time is over
    assert code_of(book("c3", at=soon)) == (400, "past")


def test_what_is_no_number_or_no_time_is_refused_and_nothing_is_written(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    camille, when = world.console("camille@a.example"), ms(at_ten(world))
    conv = world.conversation("v1", agent="camille")
    book, before = booking(conv, camille), world.transcript(conv)
    for members, code in (
        ({"at": when, "phone": "call me"}, "bad_phone"),
        ({"at": 1_000}, "past"),
        ({"at": when + 400 * 86_400_000}, "bad_time"),
        ({"at": "2026-13-45T10:00"}, "bad_time"),
        ({"at": "tomorrow"}, "bad_input"),
        ({"at": when, "note": "\x00"}, "bad_text"),
    ):
        assert code_of(book("c9", **members)) == (400, code), members
    assert code_of(book("c9", at=when, assign_ver=0)) == (409, "not_assigned")
    assert camille.get("/api/v1/requests").json() == []  # the line was refused, and the request with it
    assert world.transcript(conv) == before
    assert camille.post(f"/api/v1/conversations/{conv}/close", json={"assign_ver": 1}).status_code == 200
    assert code_of(book("c9", at=when)) == (409, "closed")
    assert camille.get("/api/v1/requests").json() == []
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []  # of a list that is undone nothing is told


def test_only_who_is_in_the_conversation_or_supervises_promises_a_call(world: World) -> None:
    when = ms(at_ten(world))
    conv = world.conversation("v1", agent="camille")
    by = {who: booking(conv, world.console(f"{who}@a.example")) for who in ("alex", "ana")}
    assert code_of(by["alex"](at=when)) == (409, "not_assigned")
    assert code_of(by["ana"](at=when)) == (403, "role")
    assert code_of(booking(conv, world.console("bea@b.example"))(at=when)) == (404, "no_such_conversation")
    promote(world, "alex", "supervisor")
    alex = world.console("alex@a.example")
    assert booking(conv, alex)("s1", at=when).json()["booked_by"] == "Alex"
    line = world.transcript(conv)[-1]
    assert (line.by, line.author, line.kind) == ("system", "alex", "text")
    assert alex.post(f"/api/v1/conversations/{conv}/join").status_code == 200
    assert booking(conv, alex)("s2", at=when).status_code == 200
    assert (world.transcript(conv)[-1].by, world.transcript(conv)[-1].author) == ("agent", "alex")


def test_nobody_is_promised_a_call_when_nobody_works(world: World) -> None:
    camille, when = world.console("camille@a.example"), at_ten(world)
    conv = world.conversation("v1", agent="camille")
    book = booking(conv, camille)
    works(world, "alex", Shift("09:00", "12:00"))
    refused = book(at=ms(when.replace(hour=12)))
    assert code_of(refused) == (400, "closed_then")
    opening = when.replace(hour=9) + timedelta(days=1)
    assert refused.json()["next"] == ms(opening)
    assert f"{opening:%Y-%m-%d} 09:00 (Europe/Paris)" in refused.json()["error"]["hint"]
    assert camille.get("/api/v1/requests").json() == []
    assert book(at=refused.json()["next"]).status_code == 200
    assert book("c2", at=ms(when)).status_code == 200


@pytest.mark.covers("S1-100")
def test_the_request_is_dealt_with_like_any_other(world: World) -> None:
    alex, when = lead(world), ms(at_ten(world))
    conv = world.conversation("v1", agent="alex")
    one = booking(conv, alex)(at=when).json()
    done = alex.post(f"/api/v1/requests/{one['id']}/done", json={"note": "called"}).json()
    assert (done["done_by"], done["due_at"]) == ("Alex", when)
    assert alex.get("/api/v1/requests").json() == []


@given(
    st.integers(0, 2**40), st.sampled_from(("09:00", "22:00", "00:00")), st.sampled_from(("17:00", "06:00", "24:00"))
)
def test_a_shift_holds_its_beginning_and_not_its_end(at: int, start: str, end: str) -> None:
    here = f"{callback.local(at, PARIS):%H:%M}"
    inside = start <= here < end if start < end else here >= start or here < end
    assert on_shift([Shift(start, end)], at, PARIS) == inside


@given(st.integers(0, 4 * 10**12))
def test_a_moment_told_by_the_site_s_clock_is_that_moment(at: int) -> None:
    minute = at - at % 60_000
    told = f"{callback.local(minute, PARIS):%Y-%m-%dT%H:%M}"
    found = callback.moment_of(told, PARIS)
    assert found is not None
    assert f"{callback.local(found, PARIS):%Y-%m-%dT%H:%M}" == told
    assert minute - found in (0, 3_600_000)  # of an hour that comes twice, the first
