"""The words of the console's API about people and their time; see docs/reference/desk.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from msgspec import Meta, Struct

from aparte.conversations.model import Request
from aparte.kit.labels import visitor_label
from aparte.routing.hours import Paid
from aparte.sites.model import Role, Shift
from aparte.web.transcript import Cid, Version

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Skill = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Moment = Annotated[int, Meta(ge=0, le=2**53)]
Local = Annotated[str, Meta(max_length=16, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}$")]
Slots = Annotated[int, Meta(ge=0, le=100)]


class TeamWords(Struct, frozen=True):
    """People who cost alike; `cost_per_hour` in the site's currency."""

    id: str
    name: str
    kind: Literal["inhouse", "outsourced"]
    cost_per_hour: float


class TeamBody(Struct, forbid_unknown_fields=True):
    """A new team without `id`, a changed one with it."""

    name: Name
    id: Id | None = None
    kind: Literal["inhouse", "outsourced"] = "inhouse"
    cost_per_hour: Annotated[float, Meta(ge=0, le=10_000)] = 0.0


class StaffWords(Struct, frozen=True, kw_only=True):
    """A member of staff, and how he stands at the desk."""

    id: str
    name: str
    email: str
    role: str
    team: str
    skills: dict[str, int | None]
    """Each with how many conversations of it he may have; null: as many as `maximum`."""
    maximum: int
    shifts: list[Shift]
    status: Literal["available", "away"]
    reason: str
    since: int
    present: bool
    load: int
    sites: list[str] = []
    """Further sites that he serves."""
    left_at: int | None = None
    """Since when he is staff no more."""
    totp: bool = False
    """Whether he has a second factor."""
    link: str | None = None
    """By which somebody new sets his password; in the answer that made him only."""


class StaffBody(Struct, forbid_unknown_fields=True):
    """What is to change; what is not told stays."""

    name: Name | None = None
    role: Role | None = None
    team: Annotated[str, Meta(max_length=64)] | None = None
    skills: Annotated[dict[Skill, Slots | None], Meta(max_length=50)] | None = None
    maximum: Slots | None = None
    shifts: Annotated[list[Shift], Meta(max_length=50)] | None = None
    sites: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=100)] | None = None
    """Further sites that he serves."""


class NewStaffBody(StaffBody, forbid_unknown_fields=True, kw_only=True):
    """Somebody new."""

    email: Annotated[str, Meta(min_length=3, max_length=254)]
    password: Annotated[str, Meta(max_length=4096)] = ""
    """None: he sets it himself, by a one-time link."""


class HoursRow(Struct, frozen=True, kw_only=True):
    """Hours of an agent or a team; `cost` in the site's currency."""

    id: str
    name: str
    paid_h: float
    logged_h: float
    available_h: float
    cost: float


class HoursDay(Struct, frozen=True, kw_only=True):
    """One agent's day, in seconds; `away_s` by reason."""

    staff: str
    day: str
    planned_s: int
    logged_s: int
    available_s: int
    away_s: dict[str, int]
    paid_s: int


class Hours(Struct, frozen=True):
    """Paid hours of a period; days in the site's time, both included."""

    since: str
    until: str
    days: list[HoursDay]
    staff: list[HoursRow]
    teams: list[HoursRow]


class RequestWords(Struct, frozen=True, kw_only=True):
    """What a visitor has left."""

    id: str
    kind: Literal["callback", "message"]
    visitor: str
    label: str
    name: str
    phone: str
    email: str
    body: str
    wanted: str
    skill: str | None
    language: str
    engagement: str | None
    conv: str | None
    created_at: int
    done_at: int | None
    done_by: str | None
    """The name of whoever has dealt with it."""
    note: str
    due_at: int | None = None
    """When an agent has promised to call; null: the visitor has asked by himself."""
    booked_by: str | None = None
    """The name of that agent."""


class CallbackBody(Struct, forbid_unknown_fields=True):
    """A call that an agent promises. `at`: ms since 1970, or `2026-11-24T10:00` by the site's clock."""

    assign_ver: Version
    cid: Cid
    phone: Annotated[str, Meta(min_length=1, max_length=60)]
    at: Moment | Local
    note: Annotated[str, Meta(max_length=16_000)] = ""
    name: Annotated[str, Meta(max_length=400)] = ""


class DoneBody(Struct, forbid_unknown_fields=True):
    """What was done."""

    note: Annotated[str, Meta(max_length=4000)] = ""


def hours_row(paid: Paid, name: str) -> HoursRow:
    """Rounded to hundredths, as people pay."""
    return HoursRow(
        id=paid.id,
        name=name,
        paid_h=round(paid.paid_h, 2),
        logged_h=round(paid.logged_h, 2),
        available_h=round(paid.available_h, 2),
        cost=round(paid.cost, 2),
    )


def request_words(one: Request, name_of: Callable[[str], str]) -> RequestWords:
    """The wire's form of a request; `name_of`: of a member of staff by his id."""
    return RequestWords(
        id=one.id,
        kind=one.kind,
        visitor=one.visitor,
        label=visitor_label(one.visitor),
        name=one.name,
        phone=one.phone,
        email=one.email,
        body=one.body,
        wanted=one.wanted,
        skill=one.skill,
        language=one.language,
        engagement=one.engagement or None,
        conv=one.conv or None,
        created_at=one.created_at,
        done_at=one.done_at,
        done_by=name_of(one.done_by) or None,
        note=one.note,
        due_at=one.due_at,
        booked_by=name_of(one.booked_by) or None,
    )
