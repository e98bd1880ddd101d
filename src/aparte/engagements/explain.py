"""Why a rule did or did not lead to an invitation: each clause with its value, each gate, each arm."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from aparte.engagements.decide import campaign_split, experiment_split, site_split
from aparte.engagements.gates import (
    BEFORE_CANDIDATE,
    BEFORE_COVERED,
    BEFORE_ELIGIBLE,
    Case,
    Gate,
    epsilon_of,
    pools,
    price_of,
    value_of,
)
from aparte.engagements.model import SiteState
from aparte.experiments.assign import assign
from aparte.routing.model import SLOTLESS_CHANNELS, Capacity
from aparte.sessions.model import SessionState, VisitorState
from aparte.targeting.conditions import Clause, explain
from aparte.targeting.rules import CompiledRule


class GateAnswer(Struct, frozen=True, omit_defaults=True):
    """What one gate says: `passes`, or the reason why not."""

    gate: str
    answer: str
    detail: str = ""


class PacingExplained(Struct, frozen=True):
    """What pacing and bid price reckon with for one offer at one moment."""

    acceptance: float
    """The chance that an invitation of this campaign is accepted, as learnt."""
    delay_s: float
    """Mean delay of those who accept, in seconds, before the offer's time cuts it."""
    chat_s: float
    """Mean time that a conversation of the skill has a slot, in seconds."""
    expected: float
    """Acceptances still to come of the invitations under way."""
    free: int
    """Slots free now, without those kept in reserve."""
    freed: float
    """Slots expected to be freed in the time that it takes to accept."""
    full: float
    """P(A >= S + F): the chance that one more acceptance would find no slot."""
    epsilon: float
    """The greatest such chance at which one more invitation goes out."""
    value: float
    """What the offer is expected to bring, in the shop's currency."""
    price: float
    """What a slot is worth now."""


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
    pacing: PacingExplained | None = None
    """None for an offer that takes no slot, and without a limit to the slots."""


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
        pacing=pacing(case),
    )


def pacing(case: Case) -> PacingExplained | None:
    """The numbers of the tighter of the pools that the offer draws on."""
    if case.capacity.unlimited or case.offer.channel in SLOTLESS_CHANNELS:
        return None
    site, reserve = case.site, case.site.rules.reserve
    tight = max(pools(case), key=lambda one: one.full(reserve))
    known = site.learnt.of(case.campaign.name)
    return PacingExplained(
        acceptance=known.rate,
        delay_s=known.mean_s,
        chat_s=site.learnt.chat_s(case.offer.skill),
        expected=sum(tight.under_way),
        free=max(tight.free - reserve, 0),
        freed=sum(n * p for n, p in enumerate(tight.freed)),
        full=tight.full(reserve),
        epsilon=epsilon_of(site),
        value=value_of(case),
        price=price_of(case),
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
