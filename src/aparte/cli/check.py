"""`aparte check`: is a campaign file right?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from aparte.app import load_campaigns, skills_of
from aparte.cli.shared import counted, say
from aparte.kit.errors import BadInput, Unavailable
from aparte.targeting.campaign import CampaignError, Campaigns


@click.command(short_help="Check campaign files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file: file, ok, faults, warnings, rules.")
@click.option("--strict", is_flag=True, help="Refuse a file that has warnings.")
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="Warn of skills that no agent there has.")
@click.option("--site", metavar="ID", help="Of --data, the agents of this site only.")
def check(files: tuple[Path, ...], *, as_json: bool, strict: bool, data: Path | None, site: str | None) -> None:
    """Check campaign files: shape, names, types, shares, schedules, conditions.

    Every fault is told with file, line and column, and with what to write instead: first what TOML refuses, then
    unknown members and wrong types, then everything else. Warnings name conditions that read a value which may be
    absent, and with --data skills that no agent has. Exit code 2 when a file is refused, or when it has warnings and
    --strict is given.
    """
    good, skills = True, skills_of(data, site) if data is not None else None
    for file in files:
        try:
            campaigns = load_campaigns(file, skills)
        except CampaignError as error:
            good = False
            show_faults(file, error.faults, as_json=as_json)
        except Unavailable as error:
            good = False
            show_faults(file, [error], as_json=as_json)
        else:
            good = good and not (strict and campaigns.warnings)
            show_good(file, campaigns, as_json=as_json)
    if not good:
        raise click.exceptions.Exit(2)


def show_faults(file: Path, found: Sequence[BadInput], *, as_json: bool) -> None:
    """All that is wrong with a file."""
    if as_json:
        faults = [{"where": fault.where, "what": fault.what, "hint": fault.hint} for fault in found]
        answer = {"file": str(file), "ok": False, "faults": faults, "warnings": [], "rules": 0}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for fault in found:
        say(str(fault))


def show_good(file: Path, campaigns: Campaigns, *, as_json: bool) -> None:
    """What a good file holds."""
    warnings = [{"where": warned.where, "what": warned.text} for warned in campaigns.warnings]
    if as_json:
        answer = {"file": str(file), "ok": True, "faults": [], "warnings": warnings, "rules": len(campaigns.rules)}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for warned in campaigns.warnings:
        click.echo(f"{warned.where}: warning: {warned.text}")
    parts = (
        counted(len(campaigns.file.campaigns), "campaign"),
        counted(len(campaigns.rules), "rule"),
        counted(len(campaigns.measures), "behaviour"),
        counted(len(campaigns.file.segments), "segment"),
    )
    click.echo(f"{file}: good, {', '.join(parts)}")
