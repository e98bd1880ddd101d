"""Invite, hold out or refrain: the decision, in the order of docs/reference/decisions.md.

Every rule that holds is judged; each refusal has a reason. What is asked before the arm is drawn is asked alike in both
arms: those who pass are the candidates, the population of every comparison.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from msgspec import UNSET, structs

from aparte.engagements import budget, frequency, pricing
from aparte.engagements.gates import (
    BEFORE_CANDIDATE,
    BEFORE_COVERED,
    BEFORE_ELIGIBLE,
    Case,
    Gate,
    forget_lost,
    value_of,
    worth_of,
)
from aparte.engagements.model import (
    Decision,
    HoldOut,
    Invite,
    Reason,
    Refrain,
    SiteState,
    UnderWay,
)
from aparte.experiments.assign import assign
from aparte.experiments.model import (
    HOLDOUT,
    Assignment,
    Split,
    campaign_seed,
    experiment_seed,
    holdout_split,
    site_seed,
)
from aparte.kit.durations import parse_duration
from aparte.kit.ids import stable_id
from aparte.routing.model import SLOTLESS_CHANNELS, Capacity
from aparte.sessions.model import OpenEngagement, SessionState, VisitorState
from aparte.targeting.model import Experiment, Offer, Rule, Variant
from aparte.targeting.rules import CompiledRule, unwatch


def decide(
    holding: list[CompiledRule],
    session: SessionState,
    visitor: VisitorState,
    site: SiteState,
    capacity: Capacity,
    now: int,
) -> list[Decision]:
    """Judge the rules that hold now, the best offer first: highest priority, then highest expected value.

    Returns the decisions worth a line in the log: a refusal is told once for each reason, not at each look.
    """
    decisions: list[Decision] = []
    invited = False
    cases = [Case(rule, session, visitor, site, capacity, now) for rule in holding]
    for case in sorted(cases, key=rank) if len(cases) > 1 else cases:
        if session.settled >> case.rule.index & 1:
            continue
        case.invited = invited
        decision = judge(case)
        if decision is not None:
            decisions.append(decision)
            invited = invited or isinstance(decision, Invite)
    return decisions


def rank(case: Case) -> tuple[int, float, int]:
    """Order of the offers: priority, expected value, place in the file."""
    return -case.rule.rule.priority, -value_of(case), case.rule.index


def judge(case: Case) -> Decision | None:
    """One rule through all gates."""
    refusal = first_refusal(case, BEFORE_ELIGIBLE)
    if refusal is not None:
        return refrain(case, refusal, {})
    known = eligible(case)
    refusal = first_refusal(case, BEFORE_COVERED)
    if case.site.rules.bid_price == "auto" and (refusal is None or refusal[0] is Reason.NOT_COVERED):
        count_demand(case)
    refusal = refusal or first_refusal(case, BEFORE_CANDIDATE)
    if refusal is None and case.invited:
        refusal = Reason.OUTBID, ""
    if refusal is not None:
        return refrain(case, refusal, known)
    session, bit = case.session, 1 << case.rule.index
    known["newly_candidate"] = not session.candidate & bit
    session.candidate |= bit
    return arm(case, known)


def eligible(case: Case) -> dict[str, Any]:
    """Note that the rule holds, and whether a slot is free; both whatever the gates say."""
    session, bit = case.session, 1 << case.rule.index
    free = case.capacity.covers(case.offer.skill, case.offer.channel)
    known = {
        "newly_eligible": not session.eligible & bit,
        "covered": free,
        "newly_covered": free and not session.covered & bit,
    }
    session.eligible |= bit
    session.covered |= bit if free else 0
    return known


def count_demand(case: Case) -> None:
    """Once a session and rule: somebody could be invited here, if there were slots enough for everybody."""
    session, bit, offer = case.session, 1 << case.rule.index, case.offer
    if session.wanted & bit or offer.channel in SLOTLESS_CHANNELS:
        return
    session.wanted |= bit
    treated = (1 - case.site.rules.holdout) * (1 - case.campaign.holdout)
    chance = case.site.learnt.of(case.campaign.name).rate * treated
    pricing.wanted(case.site.demand, offer.skill, value_of(case), chance, case.now)


def first_refusal(case: Case, gates: tuple[Gate, ...]) -> tuple[Reason, str] | None:
    """The first gate that stays shut."""
    for gate in gates:
        answer = gate(case)
        if answer is not None:
            return answer if isinstance(answer, tuple) else (answer, "")
    return None


def arm(case: Case, known: dict[str, Any]) -> Decision | None:
    """Draw, or find again, the visitor's arms: site hold-out, campaign hold-out, variant."""
    if drawn(case, site_split(case)) == HOLDOUT:
        return hold_out(case, "site", known)
    if drawn(case, campaign_split(case)) == HOLDOUT:
        return hold_out(case, "campaign", known)
    variant = variant_of(case)
    if variant is not None and case.now < due_at(case, variant):
        return refrain(case, (Reason.VARIANT_DELAY, variant.name), known)
    return invite(case, variant, known)


def site_split(case: Case) -> Split:
    """The site's hold-out: nothing proactive from anybody."""
    rules = case.site.rules
    return hold_out_split(site_seed(rules.id), rules.version, rules.holdout)


def campaign_split(case: Case) -> Split:
    """The campaign's hold-out: nothing from this campaign."""
    campaign = case.campaign
    return hold_out_split(campaign_seed(campaign.name), campaign.version, campaign.holdout)


def experiment_split(case: Case) -> Split | None:
    """The campaign's variants."""
    experiment = case.campaign.experiment
    return None if experiment is None else variants_split(case.campaign.name, experiment)


@lru_cache(maxsize=4096)
def hold_out_split(seed: str, version: int, share: float) -> Split:
    """Shares of a hold-out; made once."""
    return holdout_split(seed, version, share)


@lru_cache(maxsize=4096)
def variants_split(campaign: str, experiment: Experiment) -> Split:
    """Shares of the variants; made once."""
    shares = tuple((variant.name, variant.share) for variant in experiment.variants)
    return Split(experiment_seed(campaign), experiment.version, shares)


def drawn(case: Case, split: Split) -> str:
    """The visitor's arm; the first draw is kept with the visitor for ever."""
    visitor = case.visitor
    if visitor.arms is None:
        visitor.arms = {}
    found: Assignment | None = visitor.arms.get(split.seed)
    if found is None:
        found = visitor.arms[split.seed] = assign(split, visitor.root or visitor.id, visitor.arms, case.now)
    return found.arm


def variant_of(case: Case) -> Variant | None:
    """The visitor's variant of the campaign's experiment."""
    experiment, split = case.campaign.experiment, experiment_split(case)
    if experiment is None or split is None:
        return None
    name = drawn(case, split)
    return next((variant for variant in experiment.variants if variant.name == name), experiment.variants[0])


def due_at(case: Case, variant: Variant) -> int:
    """When a variant's delay is over: it counts from when the condition began to hold."""
    since = (case.session.holding or {}).get(case.rule.index, case.now)
    return since + parse_duration(variant.delay)


def invite(case: Case, variant: Variant | None, known: dict[str, Any]) -> Invite:
    """Show the offer: the visitor is engaged until it is answered or expires, and pacing counts it."""
    offer = offered(case.rule.rule, variant)
    engagement, now, campaign = engagement_id(case), case.now, case.campaign.name
    expires_at = now + parse_duration(offer.expires)
    case.visitor.open = OpenEngagement(engagement, campaign, offer.skill, now, expires_at)
    send(case.site, offer, UnderWay(engagement, campaign, now, expires_at, offer.channel not in SLOTLESS_CHANNELS))
    addressed(case)
    name = variant.name if variant else None
    return Invite(**told(case), **known, offer=offer, expires_at=expires_at, variant=name)


def send(site: SiteState, offer: Offer, one: UnderWay) -> None:
    """From here on pacing and budget count it."""
    sent = site.under_way.setdefault(offer.skill or "", {})
    forget_lost(sent, one.at)
    sent[one.engagement] = one


def offered(rule: Rule, variant: Variant | None) -> Offer:
    """The rule's offer with what the variant changes."""
    if variant is None:
        return rule.offer
    changed = {name: getattr(variant, name) for name in ("message", "channel", "appearance")}
    return structs.replace(rule.offer, **{name: value for name, value in changed.items() if value is not UNSET})


def hold_out(case: Case, level: str, known: dict[str, Any]) -> HoldOut:
    """A ghost invitation: it takes no slot, and the frequency cap runs as if it had been shown."""
    addressed(case)
    return HoldOut(**told(case), **known, level=level)


def addressed(case: Case) -> None:
    """The campaign has had its turn with this visitor; with once-per-session the rule is settled."""
    site, campaign = case.site, case.campaign
    most = max(campaign.frequency.at_most or 0, (site.rules.frequency and site.rules.frequency.at_most) or 0)
    frequency.remember(case.visitor, campaign.name, case.now, most)
    budget.invited(
        site.spent.setdefault(campaign.name, budget.Spent()), campaign.budget, case.now, site.rules.time_zone
    )
    if case.session.refused is not None:
        case.session.refused.pop(case.rule.index, None)
    if case.campaign.frequency.once_per_session:
        settle(case)


def settle(case: Case) -> None:
    """Nothing more can come of this rule in this session, so nobody needs to be woken for it."""
    case.session.settled |= 1 << case.rule.index
    unwatch(case.session, case.rule)


def refrain(case: Case, refusal: tuple[Reason, str], known: dict[str, Any]) -> Refrain | None:
    """Note a refusal; nothing when this rule was refused for this reason at the last look."""
    reason, detail = refusal
    session, index = case.session, case.rule.index
    if session.refused is None:
        session.refused = {}
    if detail == "once_per_session":
        settle(case)
    news = known.get("newly_eligible") or known.get("newly_covered") or known.get("newly_candidate")
    if session.refused.get(index) == reason and not news:
        return None
    session.refused[index] = reason.value
    return Refrain(**told(case), **known, reason=reason, detail=detail)


def told(case: Case) -> dict[str, Any]:
    """What every decision tells."""
    root = case.visitor.root
    return {
        "merged": root is not None and root != case.visitor.id,
        "at": case.now,
        "visitor": case.visitor.id,
        "session": case.session.number,
        "campaign": case.campaign.name,
        "rule": case.rule.rule.name,
        "engagement": engagement_id(case),
        "values": case.rule.values(case.session, case.visitor, case.site, case.now),
        "worth": worth_of(case),
    }


def engagement_id(case: Case) -> str:
    """One key for the whole episode, the same when a delayed variant is shown later."""
    since = (case.session.holding or {}).get(case.rule.index, case.now)
    return stable_id("eng", case.site.rules.id, case.visitor.id, case.rule.key, str(since))
