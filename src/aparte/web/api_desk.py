"""Teams, staff, hours and requests: the people behind the desk, and what visitors leave for them."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from litestar import Router, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import structs

from aparte.conversations.store import Refused
from aparte.kit.errors import BadInput
from aparte.routing import hours
from aparte.routing.model import Team
from aparte.routing.store import SaveTeam
from aparte.sites.model import Staff
from aparte.sites.service import new_staff
from aparte.sites.store import SaveStaff
from aparte.web.api_staff import not_the_last_admin, under, within_rank
from aparte.web.desk import Desk
from aparte.web.hub import Hub
from aparte.web.links import Links
from aparte.web.plain import Problem
from aparte.web.principal import COMMAND, Principal
from aparte.web.sign_in import Doorkeeper, judge_password
from aparte.web.words_desk import (
    DoneBody,
    Hours,
    HoursDay,
    NewStaffBody,
    RequestWords,
    StaffBody,
    StaffWords,
    TeamBody,
    TeamWords,
    hours_row,
    request_words,
)

MOST_DAYS = 366
MOST_REQUESTS = 500


def bad(where: str, what: str, hint: str = "") -> Problem:
    """400."""
    return Problem(400, "bad_input", what, where=where, hint=hint)


@get("/teams", summary="Teams", right="read")
async def teams(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[TeamWords]:
    """By name."""
    return [team_words(one) for one in desk.store.teams(me.site)]


@put("/teams", summary="Make or change a team", right="staff")
async def save_team(data: JSONBody[TeamBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> TeamWords:
    """Without `id` a new one. 404 for one that is not there."""
    known = {one.id: one for one in desk.store.teams(me.site)}
    if data.id is not None and data.id not in known:
        raise Problem(404, "no_such_team", "there is no such team", where="id")
    if any(one.name == data.name and one.id != data.id for one in known.values()):
        raise Problem(409, "name_taken", "another team has this name", where="name")
    team = Team(
        id=data.id or secrets.token_hex(8),
        site=me.site,
        name=data.name,
        kind=data.kind,
        cost_per_hour=data.cost_per_hour,
    )
    await desk.store.submit([SaveTeam(team)])
    return team_words(team)


def team_words(one: Team) -> TeamWords:
    """The wire's form."""
    return TeamWords(one.id, one.name, one.kind, one.cost_per_hour)


@get("/staff", summary="Staff, and how they stand", right="read")
async def staff(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[StaffWords]:
    """All of the site, by name."""
    return [staff_words(one, desk) for one in sorted(of_site(me, desk), key=lambda one: (one.name, one.id))]


def of_site(me: Principal, desk: Desk) -> list[Staff]:
    """Everybody who serves the caller's site; those who have left too, as their names stand in transcripts."""
    return [one for one in desk.directory.all_staff() if me.site in one.serves]


def staff_words(one: Staff, desk: Desk) -> StaffWords:
    """The wire's form."""
    agent = desk.engine.agent(one.id)
    return StaffWords(
        id=one.id,
        name=one.name,
        email=one.email,
        role=one.role,
        team=one.team,
        skills={skill: one.caps.get(skill) for skill in one.skills},
        maximum=one.maximum,
        shifts=list(one.shifts),
        status=agent.status,
        reason=agent.reason,
        since=agent.since,
        present=agent.present,
        load=agent.load,
        sites=list(one.sites),
        left_at=one.left_at,
        totp=(security := desk.store.security(one.id)) is not None and security.confirmed,
    )


@put("/staff", summary="Add somebody", right="staff")
async def add_staff(
    data: JSONBody[NewStaffBody],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    hub: NamedDependency[Hub],
    links: NamedDependency[Links],
    doorkeeper: NamedDependency[Doorkeeper],
) -> StaffWords:
    """Without a password: `link` in the answer, by which he sets it within 72 h, mailed too. 409 `email_taken`."""
    within_rank(me, data.role or "agent")
    try:
        one = new_staff(me.site, data.email, data.name or "", data.role or "agent")
    except BadInput as error:
        raise bad("email", error.what, error.hint) from None
    if data.password:
        judge_password(data.password, one.email)
        one = structs.replace(one, password_hash=await doorkeeper.hashing.hashed(data.password))
    one = changed(one, data, me, desk)
    told = await saved(one, "add_staff", one.role, me, desk, hub)
    return told if data.password else structs.replace(told, link=await links.mailed(me, one, "invite"))


@put("/staff/{staff:str}", summary="Change somebody", right="staff")
async def change_staff(
    staff: FromPath[str],
    data: JSONBody[StaffBody],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    hub: NamedDependency[Hub],
) -> StaffWords:
    """Name, role, team, skills with their caps, maximum, shifts, sites. What he has under way stays his.

    409 `last_admin`; `has_conversations` when he would lose the site at whose desk he has some.
    """
    async with desk.staffing:
        one = under(me, staff, desk)
        if data.role is not None and data.role != one.role:
            within_rank(me, data.role)
            not_the_last_admin(one, desk)
        after = changed(one, data, me, desk)
        if after.at != one.at and any(conv.agent == one.id for conv in desk.engine.open_conversations(one.at)):
            raise Problem(409, "has_conversations", "he has open conversations at the other site", where="sites")
        said = f"{one.role} -> {after.role}" if after.role != one.role else ", ".join(told_members(data))
        return await saved(after, "change_staff", said, me, desk, hub)


def told_members(data: StaffBody) -> list[str]:
    """What a body changes."""
    return [name for name in data.__struct_fields__ if getattr(data, name) is not None]


def changed(one: Staff, data: StaffBody, me: Principal, desk: Desk) -> Staff:
    """The member of staff with what the body says; Problem 400."""
    changes: dict[str, object] = {
        name: told for name in ("name", "role", "team", "maximum") if (told := getattr(data, name)) is not None
    }
    if data.team and all(data.team != team.id for team in desk.store.teams(me.site)):
        raise bad("team", "there is no such team", "GET /api/v1/teams names them")
    if data.sites is not None:
        changes["sites"] = further(one, data.sites, me, desk)
    if data.skills is not None:
        changes["skills"] = tuple(data.skills)
        changes["caps"] = {skill: cap for skill, cap in data.skills.items() if cap is not None}
    if data.shifts is not None:
        try:
            changes["shifts"] = tuple(map(hours.checked, data.shifts))
        except BadInput as error:
            raise bad("shifts", error.what, error.hint) from None
    return structs.replace(one, **changes)


def further(one: Staff, sites: list[str], me: Principal, desk: Desk) -> tuple[str, ...]:
    """The further sites that somebody serves; nobody gives or takes one that he does not serve himself."""
    giver = desk.directory.staff(me.id)
    known = {site.id for site in desk.directory.sites()}
    may = known if me.id == COMMAND else set(giver.serves) if giver is not None else {me.site}
    for site in (set(sites) - {one.site}) ^ set(one.sites):
        if site not in known or site not in may:
            raise bad("sites", "you do not serve such a site", "GET /api/v1/session names yours")
    return tuple(site for site in dict.fromkeys(sites) if site != one.site)


async def saved(one: Staff, verb: str, said: str, me: Principal, desk: Desk, hub: Hub) -> StaffWords:
    """Write, and let desk and consoles know."""
    result = (await desk.store.submit([SaveStaff(one), desk.audited(me, verb, one.id, said)]))[0]
    if isinstance(result, Refused):
        raise Problem(409, result.code, "somebody else has this e-mail address", where="email")
    desk.directory.forget()
    await desk.whole(desk.engine.staff_changed(one))
    hub.staff_changed(one.id)
    return staff_words(one, desk)


@get("/hours", summary="Paid hours and what they cost", right="read")
async def paid_hours(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    since: Annotated[date | None, QueryParameter()] = None,
    until: Annotated[date | None, QueryParameter()] = None,
) -> Hours:
    """From a day to a day in the site's time, both included; the last 28 days without them."""
    zone = ZoneInfo(desk.directory.site(me.site).time_zone)
    last = until or datetime.fromtimestamp(desk.now() / 1000, UTC).astimezone(zone).date()
    first = since or max(last, date.min + timedelta(days=28)) - timedelta(days=27)
    if not date(2000, 1, 1) <= first <= last <= date(2200, 1, 1) or (last - first).days >= MOST_DAYS:
        raise bad("since", f"a period of 1 to {MOST_DAYS} days is asked for", "since=YYYY-MM-DD&until=YYYY-MM-DD")
    people, groups = of_site(me, desk), desk.store.teams(me.site)
    work = desk.store.work(me.site, hours.bounds(first, zone)[0], hours.bounds(last, zone)[1])
    days = hours.days_of_work(people, work, first, last, zone.key, desk.now())
    agents, sums = hours.paid(days, people, groups)
    names = {one.id: one.name for one in groups}
    return Hours(
        first.isoformat(),
        last.isoformat(),
        [day_words(one) for one in days],
        [hours_row(agents[one.id], one.name) for one in people],
        [hours_row(one, names.get(one.id, "")) for one in sums.values()],
    )


def day_words(one: hours.DayOfWork) -> HoursDay:
    """The wire's form."""
    return HoursDay(
        staff=one.staff,
        day=one.day,
        planned_s=one.planned_s,
        logged_s=one.logged_s,
        available_s=one.available_s,
        away_s=one.away_s,
        paid_s=one.paid_s,
    )


@get("/requests", summary="What visitors have left", right="read")
async def requests(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    which: Annotated[Literal["open", "done"], QueryParameter(name="state")] = "open",
) -> list[RequestWords]:
    """Open ones, the oldest first; or those that are done, the youngest first; at most 500."""
    found = desk.store.requests(me.site, done=which == "done", limit=MOST_REQUESTS)
    return [request_words(one, desk.directory.name) for one in found]


@post("/requests/{request_id:str}/done", status_code=200, summary="A request is dealt with", right="converse")
async def finish(
    request_id: FromPath[str], data: JSONBody[DoneBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> RequestWords:
    """With a note of what was done. Again changes nothing."""
    known = desk.store.request(request_id)
    if known is None or known.site != me.site:
        raise no_such_request()
    result = await desk.whole(desk.engine.finish_request(me.site, request_id, me.id, data.note))
    if isinstance(result, Refused):
        raise no_such_request() if result.code == "unknown" else bad("note", f"this note is not taken: {result.code}")
    return request_words(result, desk.directory.name)


def no_such_request() -> Problem:
    """404."""
    return Problem(404, "no_such_request", "there is no such request", where="request")


ROUTER = Router(
    "/api/v1",
    route_handlers=[teams, save_team, staff, add_staff, change_staff, paid_hours, requests, finish],
    tags=["Desk"],
)
