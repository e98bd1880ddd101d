"""`aparte site`, `aparte staff` and `aparte team`: who may use a server, whether it runs meanwhile or not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal, get_args

import click
import msgspec

from aparte.kit.errors import BadInput
from aparte.sites.costs import Costs
from aparte.sites.model import Role

data_option = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), required=True, help="The data folder."
)
PASSWORD_VARIABLE = "APARTE_PASSWORD"  # the name of a variable, no password
LEAST_PASSWORD = 12


@click.group()
def site() -> None:
    """Add and list the sites of a data folder."""


@site.command("add")
@click.argument("site_id", metavar="SITE")
@click.option("--name", help="What people call it; the same as SITE by default.")
@click.option("--origin", "origins", multiple=True, help="https://shop.example: only its pages may use the public key.")
@data_option
def add_site(site_id: str, name: str | None, origins: tuple[str, ...], data: Path) -> None:
    """Add a site and print its keys; the secret key is shown this once."""
    from aparte.app.serve import add_site as add  # noqa: PLC0415  # the web server's parts load slowly

    made, secret = add(data, site_id, name or site_id, origins)
    click.echo(f"site        {made.id}\npublic key  {made.public_key}\nsecret key  {secret}")


@site.command("list")
@data_option
def list_sites(data: Path) -> None:
    """List the sites with their public keys."""
    from aparte.app.serve import sites_of  # noqa: PLC0415  # the web server's parts load slowly

    for one in sites_of(data):
        click.echo(f"{one.id}  {one.public_key}  {one.name}")


@site.command("set")
@click.argument("site_id", metavar="SITE")
@click.argument("pairs", metavar="[KEY=VALUE]...", nargs=-1)
@data_option
def set_site(site_id: str, pairs: tuple[str, ...], data: Path) -> None:
    """Change settings of a site, in force at once in a running server; without KEY=VALUE, print all of them.

    Lists take commas: origins=https://shop.example,https://www.shop.example. Look and words are told one by one:
    look.colour=#0B5CAD, words.fr.launcher="Une question ?"; an empty word is ours again.
    """
    from aparte.app.site_settings import set_settings, shown  # noqa: PLC0415  # the web server's parts load slowly

    if not pairs:
        click.echo("\n".join(shown(data, site_id)))
        return
    names = set_settings(data, site_id, pairs)
    click.echo(f"{site_id}: {', '.join(names)}" if names else f"{site_id}: everything was so already")


@site.command("jwt-key")
@click.argument("site_id", metavar="SITE")
@click.option("--public", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="FILE.pem",
              help="Take this RSA public key (RS256); the shop keeps the private one.")  # fmt: skip
@data_option
def jwt_key(site_id: str, public: Path | None, data: Path) -> None:
    """Make the key that the shop's server signs identities with (HS256), and print it this once.

    Tokens of the key before are refused from now on, by a running server too.
    """
    from aparte.app.outside import new_jwt_key, set_public_key  # noqa: PLC0415  # the web server's parts load slowly

    if public is not None:
        set_public_key(data, site_id, public)
        click.echo(f"site     {site_id}\nRS256    {public}")
    else:
        click.echo(f"site     {site_id}\nHS256    {new_jwt_key(data, site_id)}")


@site.command("costs")
@click.argument("site_id", metavar="[SITE]", required=False)
@click.option("--set", "told", multiple=True, metavar="NAME=VALUE",
              help="Tell one, amounts in minor units: software=19900; nothing after = takes it back.")  # fmt: skip
@click.option("--formula", metavar="TEXT", help="The firm's own return, made of names of KPIs.")
@data_option
def site_costs(site_id: str | None, told: tuple[str, ...], formula: str | None, data: Path) -> None:
    """Show or set what help costs, and the formula of return; see docs/reference/kpis.md."""
    from aparte.app.kpis import costs_lines, set_costs  # noqa: PLC0415  # the web server's parts load slowly

    changes = dict(read_cost(one) for one in told)
    for line in costs_lines(set_costs(data, site_id, changes, formula)):
        click.echo(line)


def read_cost(text: str) -> tuple[str, Any]:
    """`call=650` as a member of Costs with its value; BadInput for what is none."""
    name, sign, value = text.partition("=")
    kinds = {one.name: one for one in msgspec.structs.fields(Costs)}
    if not sign or name not in kinds:
        raise BadInput(f"{text[:60]!r} tells no cost", where="--set", hint=f"NAME=VALUE of {', '.join(kinds)}")
    if not value:
        return name, kinds[name].default
    try:
        return name, msgspec.convert(value, kinds[name].type, strict=False)
    except msgspec.ValidationError:
        raise BadInput(f"{value[:40]!r} is no value of {name}", where="--set", hint="a plain number") from None


@click.group()
def staff() -> None:
    """Add, list and change members of staff."""


@staff.command("add")
@click.argument("email")
@click.option("--name", default="", help="As visitors see it.")
@click.option("--role", type=click.Choice(get_args(Role)), default="agent")
@click.option("--site", "site_id", default="default", show_default=True)
@data_option
def add_staff(email: str, name: str, role: Role, site_id: str, data: Path) -> None:
    """Add somebody who may sign in. The password is asked for, or read from APARTE_PASSWORD."""
    from aparte.app.serve import add_staff as add  # noqa: PLC0415  # the web server's parts load slowly

    password = os.environ.get(PASSWORD_VARIABLE) or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(password) < LEAST_PASSWORD:
        raise BadInput(f"the password has {len(password)} characters", hint=f"at least {LEAST_PASSWORD} are needed")
    add(data, site_id, email, name, role, password)
    click.echo(f"{email} may sign in")


@staff.command("list")
@data_option
def list_staff(data: Path) -> None:
    """List everybody: site, e-mail, role, slots, skills with their caps, team, shifts."""
    from aparte.app.people import all_staff  # noqa: PLC0415  # the web server's parts load slowly

    for one, team in all_staff(data):
        skills = ",".join(f"{skill}={one.caps[skill]}" if skill in one.caps else skill for skill in one.skills)
        shifts = "; ".join(f"{','.join(shift.days)} {shift.start}-{shift.end}" for shift in one.shifts)
        click.echo(
            f"{one.site}  {one.email}  {one.role}  {one.maximum}  {skills or '-'}  {team or '-'}  {shifts or '-'}"
        )


@staff.command("set")
@click.argument("email")
@click.option("--skill", "skills", multiple=True, help="sales, or sales=2 for at most two at a time; replaces all.")
@click.option("--maximum", type=int, help="Conversations at a time.")
@click.option("--team", help="The name of a team; an empty one takes him out.")
@click.option(
    "--shift", "shifts", multiple=True, help='"mon-fri 09:00-17:00"; replaces all, an empty one removes them.'
)
@data_option
def set_staff(
    email: str, skills: tuple[str, ...], maximum: int | None, team: str | None, shifts: tuple[str, ...], data: Path
) -> None:
    """Change what somebody can, how much, for which team and when."""
    from aparte.app.people import set_staff as change  # noqa: PLC0415  # the web server's parts load slowly

    one = change(data, email, skills, maximum, team, shifts)
    click.echo(f"{one.email} has {one.maximum} slots, and {', '.join(one.skills) or 'no skill'}")


@staff.command("reset")
@click.argument("email")
@data_option
def reset_staff(email: str, data: Path) -> None:
    """Print a one-time link by which somebody sets a new password: good for 30 minutes, for 72 hours if he had none."""
    from aparte.app.people import reset_link  # noqa: PLC0415  # the web server's parts load slowly

    click.echo(reset_link(data, email))


@click.group()
def audit() -> None:
    """Look after the audit log."""


@audit.command("verify")
@data_option
def verify_audit(data: Path) -> None:
    """Check that no row of the audit log was changed, put in or taken out. Exit code 1 when one was."""
    from aparte.app.people import audit_fault  # noqa: PLC0415  # the web server's parts load slowly

    good, fault = audit_fault(data)
    if fault:
        click.echo(f"{good} rows hold; {fault}")
        raise click.exceptions.Exit(1)
    click.echo(f"{good} rows hold")


@click.group()
def team() -> None:
    """Add and list teams: people who cost alike."""


@team.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(["inhouse", "outsourced"]), default="inhouse", show_default=True)
@click.option("--cost-per-hour", type=float, default=0.0, show_default=True, help="In the site's currency.")
@click.option("--site", "site_id", default="default", show_default=True)
@data_option
def add_team(name: str, kind: Literal["inhouse", "outsourced"], cost_per_hour: float, site_id: str, data: Path) -> None:
    """Add a team, or change the one of this name."""
    from aparte.app.people import add_team as add  # noqa: PLC0415  # the web server's parts load slowly

    made = add(data, site_id, name, kind, cost_per_hour)
    click.echo(f"{made.name}  {made.kind}  {made.cost_per_hour:.2f} an hour")


@team.command("list")
@data_option
def list_teams(data: Path) -> None:
    """List the teams: site, name, kind, cost of an hour."""
    from aparte.app.people import teams_of  # noqa: PLC0415  # the web server's parts load slowly

    for one in teams_of(data):
        click.echo(f"{one.site}  {one.name}  {one.kind}  {one.cost_per_hour:.2f}")
