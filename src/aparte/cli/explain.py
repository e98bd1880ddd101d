"""`aparte explain`: why did, or did not, a rule fire for this visitor?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import Struct

from aparte.app import load_campaigns, read_events, replay
from aparte.app.whatif import visitor_events
from aparte.cli.shared import (
    Screen,
    capacity_option,
    catalogue_option,
    moment,
    progress_of,
    say,
    start_capacity,
)
from aparte.engagements.explain import GateAnswer, PacingExplained, RuleExplained, explain_rule
from aparte.engagements.model import Decision, HoldOut, Invite
from aparte.engine import State
from aparte.kit.durations import format_duration
from aparte.routing.model import NOBODY, Capacity
from aparte.sessions.apply import event_key
from aparte.targeting.campaign import Campaigns
from aparte.targeting.conditions import DURATION, Scope, Symbol
from aparte.tracking.model import ClientEvent, Event
from aparte.tracking.timestamps import parse


class Moment(Struct):
    """One event of the visitor, and what was decided."""

    at: int
    session: int
    event: str
    path: str | None
    decisions: list[Decision]


class Explanation(Struct):
    """The visitor's journey and, at its last moment, every rule."""

    visitor: str
    journey: list[Moment] = []
    at: int | None = None
    rules: list[RuleExplained] = []
    capacity: Capacity | None = None
    """At that moment."""
    contacts: dict[str, list[int]] = {}
    """When each campaign had addressed him until then, ghosts included; what the frequency caps count."""


@click.command(short_help="Explain every rule for one recorded visitor.")
@click.argument("events", nargs=-1, type=click.Path(path_type=Path), metavar="EVENTS...")
@click.option(
    "--campaigns",
    "campaigns_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The campaign file (TOML). With --data: instead of the published one.",
)
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="Read the log of a data folder.")
@click.option("--site", metavar="ID", help="Of a data folder: the site, when there are several.")
@capacity_option
@catalogue_option
@click.option("--visitor", required=True, metavar="ID", help="The visitor: anonymousId of the messages.")
@click.option("--at", "until", metavar="TIME", help="Explain the rules at this moment (ISO 8601), not the last.")
@click.option("--rule", "only", metavar="CAMPAIGN/RULE", help="Explain this rule only.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
def explain(
    events: tuple[Path, ...],
    campaigns_file: Path | None,
    *,
    data: Path | None,
    site: str | None,
    capacity: Capacity | str,
    catalogue_file: Path | None,
    visitor: str,
    until: str | None,
    only: str | None,
    as_json: bool,
) -> None:
    """Explain every rule for one recorded visitor: journey, decisions, and each clause with its value.

    At the chosen moment each rule shows its clauses (true, false, unknown) with the values that they read, every gate
    (consent, bot, engagement, frequency, hours, reachability, coverage, pacing, bid price) and the visitor's arms.
    Exit code 1 when the recording does not have the visitor. With --data the log of a server is read, also while it
    runs; capacity and reachability are then those of the log.
    """
    if bool(events) == bool(data):
        raise click.UsageError("name EVENTS or --data DIR, one of them")
    chosen = load_campaigns(campaigns_file) if campaigns_file is not None else None
    if data is not None:
        campaigns, stream = visitor_events(data, site, visitor, chosen)
        check_rule(campaigns, only)
        watcher = Watcher(campaigns, visitor, stamp(until), only)
        replay(campaigns, stream, NOBODY, recorded=True, on_step=watcher.see)
    else:
        if chosen is None:
            raise click.UsageError("Missing option '--campaigns'")
        check_rule(chosen, only)
        watcher = Watcher(chosen, visitor, stamp(until), only)
        start, recorded = start_capacity(capacity)
        with progress_of(events, quiet=as_json) as progress:
            read = read_events(events, trusted=recorded, progress=progress, catalogue=catalogue_file)
            replay(chosen, read, start, recorded=recorded, on_step=watcher.see)
    if not watcher.found.journey:
        before = f" until {until}" if until is not None else ""
        where = str(data) if data is not None else ", ".join(map(str, events))
        say(f"no event of visitor {visitor!r} in {where}{before}")
        raise click.exceptions.Exit(1)
    if as_json:
        click.echo(msgspec.json.encode(watcher.found).decode())
    else:
        show(watcher.found, watcher.campaigns.index.scope)


def check_rule(campaigns: Campaigns, only: str | None) -> None:
    """The rule that was asked for must be there."""
    known = [rule.key for rule in campaigns.rules]
    if only is not None and only not in known:
        raise click.BadParameter(f"there is no rule {only!r}; there are {', '.join(known)}", param_hint="'--rule'")


def stamp(until: str | None) -> int | None:
    """A moment in engine time."""
    found = parse(until) if until is not None else None
    if until is not None and found is None:
        raise click.BadParameter(f"{until!r} is no time; write 2016-08-01T10:10:45Z", param_hint="'--at'")
    return found[0] if found else None


class Watcher:
    """Looks over the engine's shoulder at one visitor."""

    def __init__(self, campaigns: Campaigns, visitor: str, until: int | None, only: str | None) -> None:
        self.campaigns, self.until = campaigns, until
        self.rules = [rule for rule in campaigns.rules if only in (None, rule.key)]
        self.found = Explanation(visitor)

    def see(self, state: State, event: Event, decisions: list[Decision], capacity: Capacity) -> None:
        """One step of anybody."""
        session = state.session
        if state.visitor.id != self.found.visitor or session is None or (self.until and session.at > self.until):
            return
        self.found.journey.append(
            Moment(session.at, session.number, name_of(event), session.page.path, list(decisions))
        )
        self.found.at, self.found.capacity = session.at, capacity
        self.found.contacts = {name: list(times) for name, times in (state.visitor.contacts or {}).items()}
        self.found.rules = [
            explain_rule(rule, session, state.visitor, state.site, capacity, session.at) for rule in self.rules
        ]


def name_of(event: Event) -> str:
    """What an event is called in a journey."""
    if isinstance(event, ClientEvent):
        return event_key(event)
    return type(event).__name__


def show(found: Explanation, reads: Scope) -> None:
    """The explanation as a person reads it."""
    console = Screen(highlight=False, soft_wrap=True)
    console.print(f"visitor {found.visitor}", markup=False)
    session = 0
    for one in found.journey:
        if one.session != session:
            session = one.session
            console.print(f"\nsession {session}")
        console.print(f"  {moment(one.at)}  {one.event}{f'  {one.path}' if one.path else ''}", markup=False)
        for decision in one.decisions:
            console.print(f"      {told(decision, reads)}", markup=False)
    if found.capacity is not None:
        console.print(f"\ncapacity  {capacity_line(found.capacity)}", markup=False)
    if found.contacts:
        told_of = ", ".join(f"{name} {len(times)}" for name, times in sorted(found.contacts.items()))
        console.print(f"contacts  {told_of}", markup=False)
    console.print(f"\nrules at {moment(found.at)}")
    for rule in found.rules:
        for line in rule_lines(rule):
            console.print(line, markup=False)


def capacity_line(capacity: Capacity) -> str:
    """Free slots, conversations and queue of each skill; the empty skill is all agents together."""
    if capacity.unlimited:
        return "unlimited"
    skills = sorted({*capacity.free, *capacity.busy, *capacity.queue})
    numbers = [
        f"{skill or 'all'}: {capacity.free.get(skill, capacity.everywhere or 0)} free,"
        f" {capacity.busy_slots(skill)} busy, {capacity.queued(skill)} waiting"
        for skill in skills
    ]
    return "; ".join(numbers) or f"{capacity.everywhere or 0} free"


def told(decision: Decision, reads: Scope) -> str:
    """A decision in one line."""
    values = ", ".join(f"{name} = {plain(value, reads.find(name))}" for name, value in decision.values.items())
    rule = f"{decision.campaign}/{decision.rule}"
    if isinstance(decision, Invite):
        variant = f", variant {decision.variant}" if decision.variant else ""
        return f"-> invite   {rule}  {decision.offer.channel}{variant}  ({values})"
    if isinstance(decision, HoldOut):
        return f"-> hold out {rule}  {decision.level}  ({values})"
    detail = f" ({decision.detail})" if decision.detail else ""
    return f"-> refrain  {rule}  {decision.reason.value}{detail}  ({values})"


def plain(value: Any, symbol: Symbol | None) -> str:
    """A value in a line."""
    if value is None:
        return "absent"
    if symbol is not None and symbol.type == DURATION and isinstance(value, int) and value >= 0:
        return format_duration(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def gate_line(gate: GateAnswer) -> str:
    """A gate that stays shut."""
    return f"{gate.gate}: {gate.answer}" + (f" ({gate.detail})" if gate.detail else "")


def pacing_line(pacing: PacingExplained) -> str:
    """What pacing and bid price reckon with."""
    return (
        f"acceptance {pacing.acceptance:.3f}, {pacing.expected:.2f} acceptances expected for {pacing.free} free slots"
        f" and {pacing.freed:.2f} freed, P(A >= S + F) {pacing.full:.4f} of {pacing.epsilon:.4f};"
        f" value {pacing.value:g}, price {pacing.price:g}"
    )


def rule_lines(rule: RuleExplained) -> list[str]:
    """A rule in some lines."""
    state = "holds" if rule.holds else "does not hold"
    lines = [f"  {rule.rule}: {state}{', was eligible in this session' if rule.eligible else ''}"]
    for clause in rule.clauses:
        values = ", ".join(f"{name} = {value}" for name, value in clause.values)
        lines.append(f"      {clause.answer:<8} {clause.text}   ({values})")
    refused = [gate_line(gate) for gate in rule.gates if gate.answer != "passes"]
    lines.append(f"      gates    {'; '.join(refused) if refused else 'all pass'}")
    lines.append(f"      arms     {', '.join(f'{seed} = {arm}' for seed, arm in rule.arms.items())}")
    if rule.pacing is not None:
        lines.append(f"      pacing   {pacing_line(rule.pacing)}")
    if rule.next_look is not None:
        lines.append(f"      asked again at {moment(rule.next_look)}")
    return lines
