"""The desk of Maison Lin: seven people in two teams, four weeks of work, three requests, somebody to call."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from console_scene import conv, fill, journey
from console_server import ConsoleServer, now
from desk_doors import member

Json = dict[str, Any]
WEEK = ["mon", "tue", "wed", "thu", "fri"]
DAY = {"start": "09:00", "end": "17:00", "days": WEEK}
NIGHT = {"start": "17:00", "end": "01:00", "days": ["mon", "tue", "fri", "sat"]}


def asked(key: str, kind: str, ago_min: float, **members: Any) -> Json:
    """A request of the wire."""
    base = {
        "id": key,
        "kind": kind,
        "visitor": f"v{key}",
        "label": "4702",
        "name": "",
        "phone": "",
        "email": "",
        "body": "",
        "wanted": "",
        "skill": None,
        "language": "fr",
        "engagement": None,
        "conv": None,
        "created_at": now() - int(ago_min * 60_000),
        "done_at": None,
        "done_by": None,
        "note": "",
    }
    return base | members


def fill_desk(server: ConsoleServer) -> None:
    """The morning of `console_scene`, and the people behind it."""
    fill(server)
    at = now()
    server.me |= {"role": "supervisor", "status": "available", "since": at - 5_400_000}
    server.convs["c2"] |= {"channel": "call", "skill": "sales"}
    server.convs["c1"] |= {"sticky": True, "skill": "textile"}
    server.convs["q1"] |= {"skill": "sales", "channel": "video"}
    server.convs["q2"] |= {"skill": "textile", "visitor_online": False}
    server.teams = [
        {"id": "paris", "name": "Boutique Paris", "kind": "inhouse", "cost_per_hour": 28.5},
        {"id": "soir", "name": "Relais du soir", "kind": "outsourced", "cost_per_hour": 19.0},
    ]
    here = {"status": "available", "since": at - 3_600_000}
    server.staff = [
        member("a1", "Camille Durand", role="supervisor", team="paris", skills={"sales": None, "textile": 2}, load=3,
               shifts=[DAY], **here),
        member("a2", "Inès Roy", team="paris", skills={"textile": None, "operateur": 1}, load=1, shifts=[DAY], **here),
        member("a3", "Thomas Mercier", team="paris", skills={"sales": None}, load=4, shifts=[DAY], **here),
        member("a4", "Sofia Benali", team="soir", skills={"sales": 2, "textile": None}, reason="lunch", load=1,
               since=at - 722_000, shifts=[NIGHT]),
        member("a5", "Jules Petit", team="soir", skills={"textile": None}, maximum=2, reason="no_answer",
               since=at - 62_000, shifts=[NIGHT]),
        member("a6", "Nadia Kaci", skills={"sales": None}, maximum=12, present=False, since=at - 40_000_000),
        member("a7", "Lou Analyste", role="analyst", maximum=0, present=False),
    ]  # fmt: skip
    server.work = worked(datetime.fromtimestamp(at / 1000, ZoneInfo("Europe/Paris")).date())  # the site's today
    server.requests = [
        asked("r1", "callback", 130, name="Zoé Martin", phone="+33612345678", wanted="demain matin", skill="sales",
              body="La taille 40 revient-elle ?\nhttps://shop.example/chemises/oxford"),
        asked("r2", "message", 44, label="4719", email="paul+lin@example.org", conv="old",
              body="Bonjour, mon colis est arrivé ouvert. Que faire ?"),
        asked("r3", "callback", 12, label="4755", engagement="e1"),
        asked("r0", "message", 900, name="Ana", email="ana@example.org", body="Merci", done_at=at - 600_000,
              done_by="Inès Roy", note="Répondu par e-mail."),
    ]  # fmt: skip
    for one in server.requests:
        server.journeys[one["visitor"]] = journey(one["visitor"], one["label"])


def worked(today: date) -> list[Json]:
    """Eleven days at the desk: four hours available, half an hour at lunch, two hours available."""
    found = []
    for back in range(1, 12):
        day = datetime.combine(today - timedelta(days=back), datetime.min.time(), UTC)
        for staff in ("a1", "a2", "a4", "a6"):
            at = int(day.timestamp() * 1000) + 9 * 3_600_000
            for status, reason, minutes in (("available", "", 240), ("away", "lunch", 30), ("available", "", 120)):
                until = at + minutes * 60_000
                found.append({"site": "demo", "staff": staff, "status": status, "reason": reason, "since": at,
                              "until": until})  # fmt: skip
                at = until
    return found


def waiting_call(key: str, label: str) -> Json:
    """Somebody in the queue who wants to talk."""
    return conv(key, label, 12, state="queued", agent=None, position=3, channel="call", skill="sales")
