"""Staff and teams, for the command line: through the server that runs, else in its folder."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import structs

from aparte.app import control
from aparte.app.control import at_site
from aparte.app.serve import looked_at, opened, write
from aparte.kit.errors import BadInput
from aparte.routing.hours import read_shift
from aparte.routing.model import Team
from aparte.routing.store import SaveTeam
from aparte.sites.audit import RecordAudit, first_fault
from aparte.sites.model import OneTime, Staff
from aparte.sites.store import SaveOneTime, SaveStaff, SiteReader
from aparte.web.links import LIFE_MS
from aparte.web.principal import COMMAND
from aparte.web.sign_in import token_hash

MOST = 100


def all_staff(data: Path) -> list[tuple[Staff, str]]:
    """Everybody with the name of his team, by site and name."""
    with looked_at(data) as store:
        names = {team.id: team.name for site in store.sites() for team in store.teams(site.id)}
        found = [one for site in store.sites() for one in store.staff(site.id)]
    ordered = sorted(found, key=lambda one: (one.site, one.name, one.id))
    return [(one, names.get(one.team, "")) for one in ordered]


def set_staff(
    data: Path, email: str, skills: Sequence[str], maximum: int | None, team: str | None, shifts: Sequence[str]
) -> Staff:
    """Change somebody; what is not told stays. `skills` are names, or `name=most`; `team` is a name, '' none."""
    changes: dict[str, Any] = {}
    if skills:
        changes["skills"], changes["caps"] = read_skills(skills)
    if maximum is not None:
        changes["maximum"] = within(maximum, "--maximum")
    if shifts:
        changes["shifts"] = tuple(read_shift(text) for text in shifts if text)
    with looked_at(data) as reader:
        one = of_email(reader, email)
        if team is not None:
            changes["team"] = team_named(reader.teams(one.site), team)
    one = structs.replace(one, **changes)
    if changes and control.call(data, "PUT", at_site(f"/api/v1/staff/{one.id}", one.site), as_body(changes)) is None:
        with opened(data) as store:
            told = RecordAudit(one.site, control.now(), COMMAND, "change_staff", one.id, ", ".join(changes))
            write(store, [SaveStaff(structs.replace(of_email(store, email), **changes)), told])
    return one


def reset_link(data: Path, email: str) -> str:
    """A one-time link for somebody, whole when a server runs; BadInput for nobody, or one who has left."""
    with looked_at(data) as reader:
        one = of_email(reader, email)
    if one.left_at is not None:
        raise BadInput("he has left", where=email[:80], hint="take him back in the console first")
    told = control.call(data, "POST", at_site(f"/api/v1/staff/{one.id}/link", one.site), {})
    if told is not None:
        return str(told["link"])
    token, now = secrets.token_urlsafe(32), control.now()
    kind: Literal["reset", "invite"] = "reset" if one.password_hash else "invite"
    link = OneTime(token_hash=token_hash(token), staff=one.id, kind=kind, expires_at=now + LIFE_MS[kind])
    with opened(data) as store:
        write(store, [SaveOneTime(link), RecordAudit(one.site, now, COMMAND, f"{kind}_link", one.id)])
    return f"/console#{kind}={token}  (on the address of your server, once it runs)"


def audit_fault(data: Path) -> tuple[int, str]:
    """How many rows of the audit log hold, and what is wrong with the next one."""
    with looked_at(data) as reader:
        head = reader.audit_head()
        return first_fault((row for row in reader.audit() if row.n <= head[0]), head)


def of_email(reader: SiteReader, email: str) -> Staff:
    """Who has this address; BadInput."""
    everybody = (one for site in reader.sites() for one in reader.staff(site.id))
    one = next((one for one in everybody if one.email.casefold() == email.strip().casefold()), None)
    if one is None:
        raise BadInput("nobody has this e-mail address", where=email[:80], hint="aparte staff list names them")
    return one


def as_body(changes: dict[str, Any]) -> dict[str, Any]:
    """Changes as the running server takes them: skills with their caps in one table."""
    body = {name: told for name, told in changes.items() if name not in ("skills", "caps")}
    if "skills" in changes:
        body["skills"] = {skill: changes["caps"].get(skill) for skill in changes["skills"]}
    return body


def read_skills(texts: Sequence[str]) -> tuple[tuple[str, ...], dict[str, int]]:
    """`sales=2 support` as skills, and caps of those that have one; BadInput."""
    skills: list[str] = []
    caps: dict[str, int] = {}
    for text in texts:
        name, sign, most = text.strip().partition("=")
        if not name or not name.replace("-", "").replace("_", "").isalnum() or (sign and not most.isdecimal()):
            raise BadInput("this is no skill", where=repr(text)[:80], hint="write sales, or sales=2")
        skills.append(name)
        if sign:
            caps[name] = within(int(most), text)
    return tuple(dict.fromkeys(skills)), caps


def within(number: int, where: str) -> int:
    """0 to 100; BadInput."""
    if not 0 <= number <= MOST:
        raise BadInput(f"{number} conversations at a time", where=where, hint=f"0 to {MOST}")
    return number


def team_named(teams: Sequence[Team], name: str) -> str:
    """The id of a team; BadInput when there is none of this name."""
    found = next((one.id for one in teams if one.name == name), "")
    if name and not found:
        raise BadInput("there is no such team", where=repr(name)[:80], hint="aparte team list names them")
    return found


def add_team(data: Path, site: str, name: str, kind: Literal["inhouse", "outsourced"], cost_per_hour: float) -> Team:
    """A new team; with the name of one that is there, that one changed."""
    if not name.strip() or not 0 <= cost_per_hour <= 10_000:
        raise BadInput("a team has a name, and costs 0 to 10,000 an hour", where=repr(name)[:80])
    with looked_at(data) as reader:
        if all(one.id != site for one in reader.sites()):
            raise BadInput(f"there is no site {site}", where=str(data), hint="aparte site list names them")
        known = next((one.id for one in reader.teams(site) if one.name == name.strip()), None)
    body = {"id": known, "name": name.strip(), "kind": kind, "cost_per_hour": cost_per_hour}
    told = control.call(data, "PUT", at_site("/api/v1/teams", site), body)
    id_ = told["id"] if told is not None else known or secrets.token_hex(8)
    team = Team(id=id_, site=site, name=name.strip(), kind=kind, cost_per_hour=cost_per_hour)
    if told is None:
        with opened(data) as store:
            write(store, [SaveTeam(team)])
    return team


def teams_of(data: Path) -> list[Team]:
    """All teams, by site and name."""
    with looked_at(data) as store:
        return [team for site in store.sites() for team in store.teams(site.id)]
