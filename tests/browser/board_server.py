"""The scripted server of the console with the supervisor's board and the rooms of colleagues.

It is strict: a call or a frame that the real server would refuse is refused here, and remembered in `wrong`.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

from console_scene import conv
from console_server import ConsoleServer, Json, Socket, error, now
from desk_scene import fill_desk

LEADS = {"supervisor", "manager", "admin"}
CID = re.compile(r"[0-9a-f]{32}")
PAGE = 100
WIRE = ("id", "name", "team", "role", "status", "reason", "since", "present", "load", "maximum")


class BoardServer(ConsoleServer):
    """A site with a supervisor, six agents, and rooms in which they talk."""

    def __init__(self, demo: bool = True) -> None:
        super().__init__(demo)
        self.others: dict[str, Json] = {}
        self.waits: list[Json] = []
        self.day: Json = {}
        self.rooms: dict[str, list[Json]] = {"site": []}
        self.read: dict[str, int] = {}
        self.calls: list[str] = []
        self.wrong: list[str] = []
        self.broken: set[str] = set()
        self.lose_answers = 0
        self.refuse_lines: str | None = None
        self.silent = False

    # -- the board

    def mine(self) -> list[Json]:
        return [one for one in super().mine() if one["agent"] and one["agent"]["id"] == self.me["id"]]

    def agent(self, one: Json) -> Json:
        held = [*self.convs.values(), *self.others.values()]
        talks = [talk for talk in held if talk["state"] == "open" and talk["agent"]["id"] == one["id"]]
        waiting = [now() - talk["waiting_since"] for talk in talks if talk["waiting_since"] is not None]
        longest = max(waiting) // 1000 if waiting else None
        return {name: one[name] for name in WIRE} | {"conversations": talks, "waiting_longest_s": longest}

    def board(self) -> Json:
        agents = [self.agent(one) for one in self.staff if one["role"] != "analyst"]
        talks = [talk for one in agents for talk in one["conversations"] if talk["assistance_at"] is not None]
        asking = sorted(talks, key=lambda talk: talk["assistance_at"])
        return {"at": now(), "agents": agents, "queue": self.waits, "assistance": asking, **self.day}

    def show_board(self) -> None:
        """What the server does every two seconds."""
        self.broadcast(t="board", **self.board())

    async def to_all(self, frame: Json) -> None:
        for one in [one for one in self.sockets if one.open]:
            wanted = {"live": one.live, "board": getattr(one, "board", False)}.get(frame["t"], True)
            if wanted:
                await one.put(frame)

    async def heard(self, one: Socket, frame: Json) -> None:
        if frame["t"] == "board":
            if self.me["role"] not in LEADS:
                self.wrong.append("board without the right")
                return await one.put({"t": "nack", "conv": "", "cid": None, "code": "forbidden", "fatal": True})
            one.board = frame["on"]  # type: ignore[attr-defined]
            return await one.put({"t": "board", **self.board()}) if frame["on"] and not self.silent else None
        if frame["t"] in {"send", "read", "typing"} and frame["conv"] in self.others:
            self.wrong.append(f"{frame['t']} of another's conversation")
        return await super().heard(one, frame)

    # -- over HTTP

    async def api(self, method: str, path: str, body: Json, headers: Json) -> tuple[int, Any]:
        door, _, query = path.partition("?")
        if door.split("/")[0] not in {"board", "colleagues"}:
            return await super().api(method, path, body, headers)
        if not self.signed_in:
            return 401, error("signed_out")
        if method != "GET" and headers.get("aparte-console") != "1":
            return 403, error("cross_site")
        self.calls.append(f"{method} {path}")
        if door in self.broken:
            return 503, error("unavailable")
        found = await self.work_of(method, door, {name: one[0] for name, one in parse_qs(query).items()}, body)
        if found[0] in {400, 403, 404}:
            self.wrong.append(f"{method} {path}: {found[1]['error']['code']}")
        return found

    async def work_of(self, method: str, door: str, query: dict[str, str], body: Json) -> tuple[int, Any]:
        if door == "board":
            return (200, self.board()) if self.me["role"] in LEADS else (403, error("role"))
        if self.me["role"] == "analyst":
            return 403, error("role")
        match method, door:
            case "GET", "colleagues":
                return 200, {"colleagues": self.colleagues(), "rooms": self.rooms_of()}
            case "GET", "colleagues/messages" if set(query) <= {"room", "before"} and query["room"] in self.known():
                return 200, self.page(query["room"], int(query.get("before", 2**53)))
            case "POST", "colleagues/messages" if set(body) == {"room", "cid", "body"}:
                return await self.tell_colleagues(body)
            case "POST", "colleagues/read" if set(body) == {"room", "seq"} and body["room"] in self.known():
                self.read[body["room"]] = max(self.read.get(body["room"], 0), body["seq"])
                return 200, {"room": body["room"], "seq": self.read[body["room"]]}
        return 404, error("no_such_room")

    def known(self) -> set[str]:
        people = {f"dm:{one['id']}" for one in self.staff if one["id"] != self.me["id"]}
        return people | {"site"} | {f"conv:{key}" for key in [*self.convs, *self.others]}

    def colleagues(self) -> list[Json]:
        members = ("id", "name", "role", "status", "reason", "present", "load")
        there = [{name: one[name] for name in members} for one in self.staff if one["id"] != self.me["id"]]
        return sorted(there, key=lambda one: (not one["present"], one["name"]))

    def rooms_of(self) -> list[Json]:
        found = []
        for room, lines in self.rooms.items():
            listed = not room.startswith("conv:") or room.removeprefix("conv:") in self.convs or room in self.read
            if lines and listed:
                read = self.read.get(room, 0)
                unread = sum(line["seq"] > read and line["by"]["id"] != self.me["id"] for line in lines)
                found.append({"room": room, "head": len(lines), "at": lines[-1]["ts"], "read": read, "unread": unread})
        return sorted(found, key=lambda room: -room["at"])

    def page(self, room: str, before: int) -> Json:
        lines = [line for line in self.rooms.get(room, []) if line["seq"] < before][-PAGE:]
        return {"messages": lines, "more": bool(lines) and lines[0]["seq"] > 1}

    async def tell_colleagues(self, body: Json) -> tuple[int, Any]:
        room, text = body["room"], body["body"]
        if self.refuse_lines:
            return 409, error(self.refuse_lines)
        if room not in self.known():
            return 404, error("no_such_room")
        if not CID.fullmatch(body["cid"]) or not text.strip() or len(text) > 4000:
            return 400, error("bad_text")
        me = {"id": self.me["id"], "name": self.me["name"]}
        line = next((one for one in self.rooms.get(room, []) if one.get("cid") == body["cid"]), None)
        if line is None:
            line = self.line(room, me, text) | {"cid": body["cid"]}
            self.rooms[room][-1] = line
            self.read[room] = line["seq"]
            if not self.lose_answers:
                await self.tell("colleague", message=line)
        if self.lose_answers:
            # Written down, but the answer does not arrive: the wire breaks in between.
            self.lose_answers -= 1
            return 503, error("unavailable")
        return 200, line

    def line(self, room: str, by: Json, body: str, ago_s: float = 0) -> Json:
        lines = self.rooms.setdefault(room, [])
        line = {"room": room, "seq": len(lines) + 1, "by": by, "body": body, "ts": now() - int(ago_s * 1000)}
        lines.append(line)
        return line

    def says(self, who: str, room: str, body: str) -> None:
        """Somebody says something, and whoever may enter the room hears of it."""
        one = next(one for one in self.staff if one["id"] == who)
        line = self.line(room, {"id": who, "name": one["name"]}, body)
        self.call(self.tell("colleague", message=line))


def fill_board(server: BoardServer) -> None:
    """The desk of `desk_scene` at two in the afternoon: somebody asks for help, somebody waits too long."""
    fill_desk(server)
    at = now()
    server.convs["c2"] |= {"skill": "sales", "channel": "chat", "opened_at": at - 512_000}
    names = {one["id"]: one["name"] for one in server.staff}
    for key, label, agent, age, ago, more in OTHERS:
        members = {"agent": {"id": agent, "name": names[agent]}, "opened_at": at - age * 1000, "skill": "textile"}
        server.others[key] = conv(key, label, ago, **members, **more)
        server.entries[key] = []
    asked = server.others["o6"]
    asked |= {"assistance_at": at - 70_000, "last": {"by": "visitor", "body": "J’ai été débité deux fois.", "ts": at}}
    for one in server.staff:
        one["load"] = sum(talk["agent"]["id"] == one["id"] for talk in [*server.mine(), *server.others.values()])
    server.call(talk_of_sofia(server))
    server.waits = [
        {"skill": "sales", "n": 1, "longest_s": 34, "expected_s": 60},
        {"skill": "textile", "n": 1, "longest_s": 8, "expected_s": None},
        {"skill": "operateur", "n": 0, "longest_s": 0, "expected_s": 20},
    ]
    server.day = {
        "service_level": {"target_s": 60, "answered": 47, "within": 46, "late": 4, "share": 0.92},
        "waits": {"median_s": 41.0, "p90_s": 95.0},
        "today": {"conversations": 58, "closed": 49, "csat_mean": 4.52, "csat_n": 96, "nps": 32.0, "nps_n": 40,
                  "solved_share": 0.81, "solved_n": 52},
    }  # fmt: skip
    ines, sofia = {"id": "a2", "name": "Inès Roy"}, {"id": "a4", "name": "Sofia Benali"}
    me = {"id": "a1", "name": "Camille Durand"}
    server.line("site", ines, "La livraison express est suspendue jusqu’à 16 h.", 4000)
    server.line("site", me, "Merci, je l’ajoute aux réponses types.", 3900)
    server.line("site", sofia, "Un transporteur a confirmé : https://shop.example/transport", 900)
    server.line("dm:a2", ines, "Tu as une minute pour le visiteur 4826 ?", 120)
    server.line("dm:a2", ines, "Il demande un devis pour trente chemises.", 90)
    server.read = {"site": 3, "dm:a2": 0}


OTHERS: list[tuple[str, str, str, int, float | None, Json]] = [
    ("o1", "4806", "a2", 690, None, {}),
    ("o2", "4826", "a2", 135, 44, {}),
    ("o3", "4801", "a3", 842, None, {}),
    ("o4", "4817", "a3", 351, 12, {}),
    ("o5", "4830", "a3", 64, None, {}),
    ("o6", "4798", "a4", 548, 31, {}),
    ("o7", "4834", "a3", 20, None, {}),
]


async def talk_of_sofia(server: BoardServer) -> None:
    await server.write("o6", "visitor", "J’ai été débité deux fois.")
    await server.write("o6", "agent", "Je regarde votre commande.", name="Sofia Benali")
    await server.write("o6", "agent", "Puis-je promettre le remboursement ce soir ?", "note", name="Sofia Benali")
