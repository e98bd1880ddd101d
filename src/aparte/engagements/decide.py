"""Invite, hold out or refrain: the decision, in the order of docs/reference/decisions.md.

Every rule that holds is judged; each refusal has a reason. What is asked before the arm is drawn is asked alike in both
arms: those who pass are the candidates, the population of every comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

from msgspec import UNSET, Struct, structs

from aparte.engagements import frequency
from aparte.engagements.model import (
    Decision,
    HoldOut,
    Invite,
    Outstanding,
    Reason,
    Refrain,
    SiteState,
    local,
    within_hours,
)
from aparte.engagements.pacing import (
    exponential_delay,
    freed_slots_distribution,
    may_send_one_more,
    residual_acceptance,
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
from aparte.targeting.model import Campaign, Experiment, Offer, Rule, Variant
from aparte.targeting.rules import CompiledRule, unwatch

PRIOR_ACCEPTANCE = 0.1
ACCEPTANCE_CUT_S = 30.0
ACCEPTANCE_MEAN_S = 10.0
ACCEPTANCE_DELAY = exponential_delay(ACCEPTANCE_MEAN_S, ACCEPTANCE_CUT_S)
CHAT_MEAN_S = 600.0
REACHABLE_MS = 15_000


class Case(Struct, gc=False):
    """One rule that holds for one visitor at one moment, with all that the gates read."""

    rule: CompiledRule
    session: SessionState
    visitor: VisitorState
    site: SiteState
    capacity: Capacity
    now: int
    invited: bool = False
    """Another rule has invited this visitor at this very moment."""

    @property
    def campaign(self) -> Campaign:
        """The campaign that the rule belongs to."""
        return self.rule.campaign

    @property
    def offer(self) -> Offer:
        """What the rule offers, before any variant."""
        return self.rule.rule.offer


Gate: TypeAlias = Callable[[Case], "Reason | tuple[Reason, str] | None"]


def consent(case: Case) -> Reason | None:
    """Only a visitor who allows proactive help is helped proactively."""
    return None if case.visitor.consent == "full" else Reason.CONSENT


def bot(case: Case) -> Reason | None:
    """Machines are left alone."""
    return Reason.BOT if case.visitor.bot else None


def already_engaged(case: Case) -> Reason | None:
    """One thing at a time."""
    return Reason.ALREADY_ENGAGED if case.visitor.open is not None and not case.invited else None


def often_enough(case: Case) -> tuple[Reason, str] | None:
    """Frequency caps and cool-downs of the campaign."""
    limit = frequency.refusal(
        case.campaign.frequency, case.offer, case.campaign.name, case.session, case.visitor, case.now
    )
    return (Reason.FREQUENCY, limit) if limit else None


def period(case: Case) -> Reason | None:
    """The campaign's days, both included, in the site's time zone."""
    schedule = case.campaign.schedule
    if schedule.start is None and schedule.end is None:
        return None
    today = local(case.now, case.site.rules.time_zone).date().isoformat()
    inside = (schedule.start or today) <= today <= (schedule.end or today)
    return None if inside else Reason.OUTSIDE_PERIOD


def hours(case: Case) -> Reason | None:
    """The site's business hours and the campaign's own."""
    zone = case.site.rules.time_zone
    open_now = case.site.open(case.now) and within_hours(case.campaign.schedule.hours, case.now, zone)
    return None if open_now else Reason.OUTSIDE_HOURS


def reachable(case: Case) -> Reason | None:
    """A page that has been heard of within 15 seconds and is visible; otherwise nobody would see the invitation."""
    heard = case.visitor.reachable_at
    fresh = heard is not None and case.visitor.visible and case.now <= heard + REACHABLE_MS
    return None if fresh or case.site.everybody_reachable else Reason.NOT_REACHABLE


def covered(case: Case) -> Reason | None:
    """At least one slot free of conversations for the skill."""
    return None if case.capacity.covers(case.offer.skill, case.offer.channel) else Reason.NOT_COVERED


def paced(case: Case) -> Reason | None:
    """One more invitation only if all that are under way leave it a fair chance of a free slot."""
    if case.capacity.unlimited or case.offer.channel in SLOTLESS_CHANNELS:
        return None
    skill, rules = case.offer.skill, case.site.rules
    under_way = [
        residual_acceptance(sent.acceptance, (case.now - sent.at) / 1000, ACCEPTANCE_DELAY)
        for sent in outstanding(case.site, skill, case.now)
    ]
    freed = freed_slots_distribution(case.capacity.busy_slots(skill), ACCEPTANCE_MEAN_S, CHAT_MEAN_S)
    free = case.capacity.free_slots(skill)
    fits = may_send_one_more(under_way, free, freed, rules.epsilon, reserve=rules.reserve)
    return None if fits else Reason.PACING


def worth_a_slot(case: Case) -> Reason | None:
    """When slots are scarce they have a price, for offers that take one."""
    if case.offer.channel in SLOTLESS_CHANNELS:
        return None
    return Reason.BID_PRICE if expected_value(case.offer) < case.site.rules.bid_price else None


BEFORE_ELIGIBLE: tuple[Gate, ...] = (consent, bot)
BEFORE_COVERED: tuple[Gate, ...] = (already_engaged, often_enough, period, hours, reachable, covered)
BEFORE_CANDIDATE: tuple[Gate, ...] = (paced, worth_a_slot)


def expected_value(offer: Offer) -> float:
    """Expected incremental margin of an accepted offer less the agent's cost, in the shop's currency."""
    return offer.margin - offer.cost


def outstanding(site: SiteState, skill: str | None, now: int) -> list[Outstanding]:
    """Invitations of a skill that may still be accepted; older ones are forgotten."""
    sent = site.outstanding.get(skill or "", [])
    return [one for one in sent if (now - one.at) / 1000 < ACCEPTANCE_CUT_S]


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
    for rule in sorted(holding, key=rank) if len(holding) > 1 else holding:
        if session.settled >> rule.index & 1:
            continue
        decision = judge(Case(rule, session, visitor, site, capacity, now, invited))
        if decision is not None:
            decisions.append(decision)
            invited = invited or isinstance(decision, Invite)
    return decisions


def rank(rule: CompiledRule) -> tuple[int, float, int]:
    """Order of the offers: priority, expected value, place in the file."""
    return -rule.rule.priority, -expected_value(rule.rule.offer), rule.index


def judge(case: Case) -> Decision | None:
    """One rule through all gates."""
    refusal = first_refusal(case, BEFORE_ELIGIBLE)
    if refusal is not None:
        return refrain(case, refusal, {})
    known = eligible(case)
    refusal = first_refusal(case, BEFORE_COVERED) or first_refusal(case, BEFORE_CANDIDATE)
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
    if offer.channel not in SLOTLESS_CHANNELS:
        rate = case.site.acceptance.get(campaign, PRIOR_ACCEPTANCE)
        sent = outstanding(case.site, offer.skill, now)
        case.site.outstanding[offer.skill or ""] = [*sent, Outstanding(engagement, now, rate)]
    addressed(case)
    name = variant.name if variant else None
    return Invite(**told(case), **known, offer=offer, expires_at=expires_at, variant=name)


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
    frequency.remember(case.visitor, case.campaign.name, case.now, case.campaign.frequency.at_most)
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
    }


def engagement_id(case: Case) -> str:
    """One key for the whole episode, the same when a delayed variant is shown later."""
    since = (case.session.holding or {}).get(case.rule.index, case.now)
    return stable_id("eng", case.site.rules.id, case.visitor.id, case.rule.key, str(since))
