"""The desk of the scripted server: who is there, who has room, what visitors left. It refuses what the real one does.

Bodies are read by the engine's own types and hours are counted by its own code; `tests/web/test_desk_doors.py` and
`tests/web/test_console_desk.py` hold the real doors to the same answers.
"""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import parse_qs

import msgspec

from aparte.routing import hours
from aparte.routing.model import Team, Work
from aparte.sites.model import Role, Staff
from aparte.sites.rights import RANKS, rights_of
from aparte.web.api_desk import day_words
from aparte.web.api_session import StatusBody
from aparte.web.words_desk import DoneBody, NewStaffBody, StaffBody, TeamBody, hours_row

if TYPE_CHECKING:
    from console_server import ConsoleServer

Json = dict[str, Any]
Answer = tuple[int, Any]
DOORS = {"staff", "teams", "hours", "requests"}


def now() -> int:
    return int(time.time() * 1000)


def error(code: str, where: str = "", what: str = "") -> Json:
    return {"error": {"code": code, "what": what or code, "where": where, "hint": ""}}


async def change_me(server: ConsoleServer, path: str, body: Json) -> Answer:
    """Status with its reason, or language."""
    if path == "me/status":
        told = msgspec.convert(body, StatusBody)
        server.me |= {"status": told.status, "reason": told.reason if told.status == "away" else "", "since": now()}
    else:
        server.me["language"] = body["language"]
    await server.tell("me", me=server.me)
    return 200, server.me


async def answer(server: ConsoleServer, method: str, path: str, body: Json) -> Answer:
    door, _, query = path.partition("?")
    match method, door.split("/"):
        case "GET", ["staff"]:
            return 200, sorted(server.staff, key=lambda one: one["name"])
        case "GET", ["teams"]:
            return 200, server.teams
        case "GET", ["hours"]:
            return paid_hours(server, {name: values[0] for name, values in parse_qs(query).items()})
        case "GET", ["requests"]:
            done = query == "state=done"
            return 200, [one for one in server.requests if (one["done_at"] is not None) == done]
        case "POST", ["requests", request, "done"]:
            return await finish(server, request, msgspec.convert(body, DoneBody).note)
        case "PUT", ["teams"]:
            return save_team(server, body)
        case "PUT", ["staff", *who]:
            return save_staff(server, who[0] if who else "", body)
        case "POST", ["conversations", conv, "transfer"]:
            return await transfer(server, conv, body)
    return 404, error("not_found")


async def finish(server: ConsoleServer, request: str, note: str) -> Answer:
    one = next((one for one in server.requests if one["id"] == request), None)
    if one is None:
        return 404, error("no_such_request")
    if one["done_at"] is None:
        one |= {"done_at": now(), "done_by": server.me["name"], "note": note}
        await server.tell("request", request=one)
    return 200, one


def save_team(server: ConsoleServer, body: Json) -> Answer:
    told = msgspec.convert(body, TeamBody)
    if "staff" not in rights_of(server.me["role"]):
        return 403, error("role")
    if any(one["name"] == told.name and one["id"] != told.id for one in server.teams):
        return 409, error("name_taken", "name")
    team = msgspec.to_builtins(told) | {"id": told.id or f"t{len(server.teams) + 1}"}
    server.teams = sorted(
        [*(one for one in server.teams if one["id"] != team["id"]), team], key=lambda one: one["name"]
    )
    return 200, team


def save_staff(server: ConsoleServer, who: str, body: Json) -> Answer:
    told = msgspec.convert(body, StaffBody if who else NewStaffBody)
    if "staff" not in rights_of(server.me["role"]) or RANKS[told.role or "analyst"] > RANKS[server.me["role"]]:
        return 403, error("role", "role")
    one = next((one for one in server.staff if one["id"] == who), None)
    if who and one is None:
        return 404, error("no_such_staff")
    if isinstance(told, NewStaffBody):
        if any(other["email"] == told.email.lower() for other in server.staff):
            return 409, error("email_taken", "email")
        if told.password and len(told.password) < 10:
            return 400, error("weak_password")
        one = member(f"s{len(server.staff) + 1}", told.name or "", email=told.email.lower(), present=False)
        server.staff.append(one)
    changes = {
        name: value for name, value in msgspec.json.decode(msgspec.json.encode(told)).items() if value is not None
    }
    assert one is not None
    one |= {name: changes[name] for name in changes if name not in ("email", "password")}
    return 200, one


def member(key: str, name: str, **members: Any) -> Json:
    """Somebody of the staff, as the wire says it."""
    base = {
        "id": key,
        "name": name,
        "email": f"{key}@maison-lin.example",
        "role": "agent",
        "team": "",
        "skills": {},
        "maximum": 4,
        "shifts": [],
        "status": "away",
        "reason": "",
        "since": 0,
        "present": True,
        "load": 0,
    }
    assert base["role"] in get_args(Role)
    return base | members


async def transfer(server: ConsoleServer, conv: str, body: Json) -> Answer:
    """As the desk does it: to an agent whose slots allow it, or to a skill, whose queue it is first in."""
    talk = server.convs.get(conv)
    if talk is None or talk["assign_ver"] != body["assign_ver"]:
        return 409, error("not_assigned")
    to, others = body["to"], [one for one in server.staff if one["id"] != server.me["id"]]
    if "agent" in to:
        found = next((one for one in others if one["id"] == to["agent"]), None)
        if found is None:
            return 409, error("unknown_agent")
        if found["status"] != "available" or not found["present"]:
            return 409, error("agent_away")
        if found["load"] >= found["maximum"]:
            return 409, error("no_slot")
        talk |= {"agent": {"id": found["id"], "name": found["name"]}}
        found["load"] += 1
    else:
        if all(to["skill"] not in one["skills"] for one in others):
            return 409, error("unknown_skill")
        talk |= {"agent": None, "state": "queued", "skill": to["skill"], "position": 1}
    talk["assign_ver"] += 1
    await server.write(conv, "agent", body["note"], "transfer", name=server.me["name"])
    await server.tell("conv", conv=talk)
    return 200, talk


def paid_hours(server: ConsoleServer, asked: dict[str, str]) -> Answer:
    """Counted by the engine's own code from `server.work` and the shifts."""
    zone = server.me["site"]["time_zone"]
    first, last = date.fromisoformat(asked["since"]), date.fromisoformat(asked["until"])
    people = [
        msgspec.convert({"site": "demo", **{k: v for k, v in one.items() if k in KEPT}}, Staff) for one in server.staff
    ]
    groups = [Team(site="demo", **one) for one in server.teams]
    work = [msgspec.convert(one, Work) for one in server.work]
    days = hours.days_of_work(people, work, first, last, zone, now())
    agents, sums = hours.paid(days, people, groups)
    names = {one.id: one.name for one in groups}
    return 200, msgspec.to_builtins(
        {
            "since": asked["since"],
            "until": asked["until"],
            "days": [day_words(one) for one in days],
            "staff": [hours_row(agents[one.id], one.name) for one in people],
            "teams": [hours_row(one, names.get(one.id, "")) for one in sums.values()],
        }
    )


KEPT = {"id", "name", "email", "role", "team", "shifts", "maximum"}
