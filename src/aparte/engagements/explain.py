"""Why a rule did or did not lead to an invitation: each clause with its value, each gate, each arm."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from aparte.engagements.decide import (
    BEFORE_CANDIDATE,
    BEFORE_COVERED,
    BEFORE_ELIGIBLE,
    Case,
    Gate,
    campaign_split,
    experiment_split,
    site_split,
)
from aparte.engagements.model import SiteState
from aparte.experiments.assign import assign
from aparte.routing.model import Capacity
from aparte.sessions.model import SessionState, VisitorState
from aparte.targeting.conditions import Clause, explain
from aparte.targeting.rules import CompiledRule


class GateAnswer(Struct, frozen=True, omit_defaults=True):
    """What one gate says: `passes`, or the reason why not."""

    gate: str
    answer: str
    detail: str = ""


class RuleExplained(Struct, frozen=True):
    """One rule at one moment."""

    rule: str
    when: str
    holds: bool
    clauses: tuple[Clause, ...]
    eligible: bool
    """Its condition has held at least once in this session."""
    gates: tuple[GateAnswer, ...]
    arms: dict[str, str]
    next_look: int | None
    """When time alone may change the answer, in engine time."""


def explain_rule(
    rule: CompiledRule,
    session: SessionState,
    visitor: VisitorState,
    site: SiteState,
    capacity: Capacity,
    now: int,
) -> RuleExplained:
    """All that speaks for and against this rule now; changes nothing."""
    case = Case(rule, session, visitor, site, capacity, now)
    args: tuple[Any, ...] = (session, visitor, site, now)
    return RuleExplained(
        rule=rule.key,
        when=rule.checked.text,
        holds=rule.holds(*args),
        clauses=explain(rule.checked, args),
        eligible=bool(session.eligible >> rule.index & 1),
        gates=tuple(answered(gate, case) for gate in BEFORE_ELIGIBLE + BEFORE_COVERED + BEFORE_CANDIDATE),
        arms=arms(case),
        next_look=(session.deadlines or {}).get(rule.index),
    )


def answered(gate: Gate, case: Case) -> GateAnswer:
    """A gate's name and what it says."""
    answer = gate(case)
    reason, detail = answer if isinstance(answer, tuple) else (answer, "")
    return GateAnswer(gate.__name__, "passes" if reason is None else reason.value, detail)


def arms(case: Case) -> dict[str, str]:
    """The visitor's arms, drawn or to be drawn: a draw is a hash, so it can be told before it is made."""
    splits = [site_split(case), campaign_split(case), experiment_split(case)]
    stored = case.visitor.arms or {}
    return {split.seed: assign(split, case.visitor.id, stored, case.now).arm for split in splits if split is not None}
