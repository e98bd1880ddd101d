"""Rule traces: read the cases, run one through the engine, tell what happened. See docs/reference/traces.md."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from aparte.app import replay
from aparte.engagements.model import Decision
from aparte.engine import State, wake_at
from aparte.kit.durations import parse_duration
from aparte.replay.model import Summary
from aparte.routing.model import NOBODY, UNLIMITED, Capacity
from aparte.targeting.campaign import Campaigns, load
from aparte.tracking.model import Event, Message, TimerElapsed
from aparte.tracking.normalise import Normaliser
from aparte.tracking.timestamps import iso

CASES = Path(__file__).parent / "cases"
MONDAY = "2024-01-15"
CLIENT_TYPES = {"page", "screen", "track", "identify", "group", "alias"}
CLOCK = re.compile(r"\d\d:\d\d:\d\d(\.\d{3})?$")


class Expected(Struct, forbid_unknown_fields=True):
    """What a right engine finds; what is not said is not compared."""

    eligible: list[str]
    decisions: list[dict[str, Any]] | UnsetType = UNSET
    eligible_sessions: dict[str, int] | UnsetType = UNSET
    timers: list[str] | UnsetType = UNSET
    wake_at: dict[str, str | None] | UnsetType = UNSET
    sessions: int | UnsetType = UNSET
    visitors: int | UnsetType = UNSET
    bot_sessions: int | UnsetType = UNSET
    orders: int | UnsetType = UNSET
    revenue: float | UnsetType = UNSET
    duplicates: int | UnsetType = UNSET
    quarantined: int | UnsetType = UNSET


class Case(Struct, forbid_unknown_fields=True, kw_only=True):
    """One trace."""

    name: str
    says: str
    campaigns: dict[str, Any]
    events: list[dict[str, Any]]
    expect: Expected
    capacity: str | int = "unlimited"
    rules_ahead: int = 0
    theme: str = ""


class Found(Struct):
    """What the engine did."""

    summary: Summary
    decisions: list[Decision] = []
    timers: list[int] = []
    wake_at: dict[str, int | None] = {}


def cases() -> list[Case]:
    """All cases, by file and place in the file; `theme` is the name of the file."""
    found: list[Case] = []
    for file in sorted(CASES.glob("*.json")):
        for case in msgspec.json.decode(file.read_bytes(), type=list[Case]):
            case.theme = file.stem
            found.append(case)
    return found


def moment(text: str, before: int = 0) -> int:
    """Milliseconds of `12:00:30.000` on the Monday, of `+30s` after the line before, or of a full ISO time."""
    if text.startswith("+"):
        return before + parse_duration(text[1:])
    if CLOCK.match(text):
        text = f"{MONDAY}T{text}Z"
    return round(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1000)


def toml(value: Any) -> str:
    """A plain value as TOML, tables inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def campaigns_of(case: Case) -> Campaigns:
    """The campaign file of a case, through its text."""
    tables = dict(case.campaigns)
    if case.rules_ahead:
        rules = [{"name": f"r{n}", "when": f'page.path == "/nowhere/{n}"'} for n in range(case.rules_ahead)]
        tables["campaigns"] = [{"name": "ahead", "holdout": 0.0, "rules": rules}, *tables["campaigns"]]
    return load("\n".join(f"{name} = {toml(table)}" for name, table in tables.items()), f"{case.name}.toml")


def lines_of(case: Case) -> list[bytes]:
    """The events as lines of JSON, with the members filled in that a case leaves out."""
    lines, at = [], 0
    for number, event in enumerate(case.events):
        given = dict(event)
        at = moment(given.pop("t"), at)
        if given.get("type") in CLIENT_TYPES:
            given = {"messageId": f"m{number}", "anonymousId": "v", "timestamp": iso(at)} | given
        else:
            given["at"] = at
        lines.append(json.dumps(given, ensure_ascii=False).encode())
    return lines


def run(case: Case) -> Found:
    """One case through normaliser and replay, as `aparte replay` does it."""
    recorded = case.capacity == "recorded"
    capacity = {"unlimited": UNLIMITED, "recorded": NOBODY}.get(str(case.capacity))
    if capacity is None:
        capacity = Capacity(everywhere=int(case.capacity))
    found = Found(Summary())
    numbers = {f"m{number}": str(number) for number in range(len(case.events))}

    def seen(state: State, event: Event, decisions: list[Decision], capacity: Capacity) -> None:
        if isinstance(event, TimerElapsed):
            found.timers.append(event.at)
        if isinstance(event, Message) and event.message_id in numbers:
            found.wake_at[numbers[event.message_id]] = wake_at(state.session)

    found.summary = replay(
        campaigns_of(case),
        map(Normaliser(trusted=recorded).read, lines_of(case)),
        capacity,
        recorded=recorded,
        on_decision=found.decisions.append,
        on_step=seen,
    )
    return found


def differences(case: Case, found: Found) -> list[str]:
    """Everything in which the engine does not do what the case expects."""
    expect, summary = case.expect, found.summary
    eligible = [key for key, counts in summary.rules.items() if counts.eligible_sessions]
    wrong = compare("eligible", sorted(expect.eligible), sorted(eligible))
    for name in ("sessions", "visitors", "bot_sessions", "orders", "revenue", "duplicates", "quarantined"):
        wrong += compare(name, getattr(expect, name), getattr(summary, name))
    if expect.eligible_sessions is not UNSET:
        counts = {key: summary.rules[key].eligible_sessions for key in expect.eligible_sessions}
        wrong += compare("eligible_sessions", expect.eligible_sessions, counts)
    if expect.timers is not UNSET:
        fired = [iso(at) for at in found.timers]
        missing = [text for text in expect.timers if iso(moment(text)) not in fired]
        wrong += compare("timers not fired", [], missing)
    if expect.wake_at is not UNSET:
        wanted = {number: text and iso(moment(text)) for number, text in expect.wake_at.items()}
        actual = {number: found.wake_at.get(number, -1) for number in wanted}
        wrong += compare("wake_at", wanted, {n: at if at is None else iso(at) for n, at in actual.items()})
    if expect.decisions is not UNSET:
        wrong += compare_decisions(expect.decisions, found.decisions)
    return wrong


def compare(what: str, wanted: Any, actual: Any) -> list[str]:
    """One line when two values differ."""
    return [] if wanted is UNSET or wanted == actual else [f"{what}: expected {wanted}, found {actual}"]


def compare_decisions(wanted: list[dict[str, Any]], found: list[Decision]) -> list[str]:
    """The decisions one by one; of each only the members that the case names."""
    told = [plain(decision) for decision in found]
    if len(wanted) != len(told):
        return compare("decisions", wanted, [{k: one[k] for k in ("at", "rule", "decision")} for one in told])
    wrong, labels = [], {}
    for number, (one, decision) in enumerate(zip(wanted, told, strict=True)):
        for member, said in one.items():
            value, actual = said, decision.get(member)
            if member == "at":
                value = iso(moment(said))
            elif member == "values" and isinstance(actual, dict):
                actual = {name: actual.get(name) for name in said}
            elif member == "engagement":
                actual = labels.setdefault(actual, said)
            wrong += compare(f"decision {number}, {member}", value, actual)
    if len(set(labels.values())) < len(labels):
        wrong.append(f"engagements: one label stands for several ids, {labels}")
    return wrong


def plain(decision: Decision) -> dict[str, Any]:
    """A decision as the decision log writes it; `at` as text, `rule` with its campaign."""
    told = msgspec.to_builtins(decision)
    return told | {"at": iso(decision.at), "rule": f"{decision.campaign}/{decision.rule}"}
