"""Who is in the report: the visitors of each campaign, from its decisions. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from aparte.attribution.store import Lead, Order
from aparte.conversations.store import PastConversation
from aparte.engagements.store import Invitation, RecordDecision
from aparte.reports.model import Funnel
from aparte.reports.sales import Sales

NOBODY: Mapping[str, str] = {}
DrawnArm: TypeAlias = Literal["site", "campaign", "treated"]


class Exposure(Struct, frozen=True):
    """The moment from which a visitor is compared: his first as a candidate."""

    at: int
    arm: DrawnArm
    rule: str
    identity: str = ""
    """The visitor id under which it was; a person may have several."""


class Population(Struct):
    """The visitors of one campaign, or of the whole site, in a period."""

    eligible: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By rule."""
    covered: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    candidates: dict[str, Exposure] = field(default_factory=dict)
    earlier: set[str] = field(default_factory=set)
    """Were candidates before the period."""
    mixed: set[str] = field(default_factory=set)
    """Were candidates in two arms."""
    merged: set[str] = field(default_factory=set)
    """Younger identities of a person: exposures that are put aside, because the person's oldest one rules."""
    shown: dict[str, int] = field(default_factory=dict)
    """When each candidate first had an invitation that was seen."""
    accepted: set[str] = field(default_factory=set)

    def of_rule(self, rule: str) -> Population:
        """Those who became candidates by this rule: the rules of a campaign share out its candidates."""
        mine = {visitor: one for visitor, one in self.candidates.items() if one.rule == rule}
        return Population(
            eligible={rule: self.eligible.get(rule, set())},
            covered={rule: self.covered.get(rule, set())},
            candidates=mine,
            earlier=self.earlier,
            mixed=self.mixed,
            shown={visitor: at for visitor, at in self.shown.items() if visitor in mine},
            accepted=self.accepted & mine.keys(),
        )


class Period(Struct, frozen=True):
    """From `since` on, before `until`; milliseconds."""

    since: int
    until: int

    def holds(self, at: int) -> bool:
        """Whether a moment lies in it."""
        return self.since <= at < self.until


def populations(
    decisions: Iterable[RecordDecision], period: Period, roots: Mapping[str, str] = NOBODY
) -> dict[str, Population]:
    """The visitors of each campaign by its name, and under "" those of the whole site.

    `roots`: visitor -> oldest identity of the person that he has turned out to be.
    """
    found: dict[str, Population] = defaultdict(Population)
    found[""] = Population()
    for decision in decisions:
        if decision.at >= period.until:
            continue
        person = roots.get(decision.visitor, decision.visitor)
        for name in ("", decision.campaign):
            note(found[name], decision, person, period, whole=not name)
    return found


def note(people: Population, decision: RecordDecision, person: str, period: Period, *, whole: bool) -> None:
    """One decision; an earlier one only says that its visitor is not new."""
    visitor, rule = person, decision.rule
    if decision.at < period.since:
        if decision.newly_candidate:
            people.earlier.add(visitor)
        return
    if decision.newly_eligible:
        people.eligible[rule].add(visitor)
    if decision.newly_covered:
        people.covered[rule].add(visitor)
    if decision.newly_candidate:
        expose(people, decision, person, whole=whole)


def expose(people: Population, decision: RecordDecision, person: str, *, whole: bool) -> None:
    """A candidate; the earliest moment rules, in whatever order decisions come."""
    now = Exposure(decision.at, arm_of(decision), decision.rule, decision.visitor)
    before = people.candidates.get(person)
    if before is None or now.at < before.at:
        people.candidates[person] = now
    if before is not None and before.identity != now.identity:
        people.merged.add(max(before, now, key=lambda one: one.at).identity)
    elif before is not None and side(before.arm, whole=whole) != side(now.arm, whole=whole):
        people.mixed.add(person)


def arm_of(decision: RecordDecision) -> DrawnArm:
    """The arm that a candidate was dealt; a delayed variant is treated."""
    if decision.decision != "hold_out":
        return "treated"
    return "site" if decision.detail == "site" else "campaign"


def side(arm: DrawnArm, *, whole: bool) -> str:
    """The side of a comparison; for the whole site whoever is not in the site's hold-out is treated."""
    return "treated" if whole and arm != "site" else arm


def add_invitations(people: dict[str, Population], invitations: Iterable[Invitation], period: Period) -> None:
    """Who saw an invitation, and who accepted: only candidates who may be invited, only from their moment on."""
    for one in invitations:
        if one.at >= period.until or (one.shown_at is None and one.state != "accepted"):
            continue
        for name in ("", one.campaign):
            if name in people:
                see(people[name], one, whole=not name)


def see(people: Population, invitation: Invitation, *, whole: bool) -> None:
    """One invitation that was on a screen."""
    visitor = invitation.visitor
    exposure = people.candidates.get(visitor)
    if exposure is None or invitation.at < exposure.at or side(exposure.arm, whole=whole) != "treated":
        return
    people.shown[visitor] = min(people.shown.get(visitor, invitation.at), invitation.at)
    if invitation.state == "accepted":
        people.accepted.add(visitor)


def funnel(people: Population, sales: Sales, horizon: int) -> Funnel:
    """The steps as distinct visitors. Each set is made inside the one before, so the counts can only fall."""
    candidates = people.candidates.keys()
    covered = candidates | union(people.covered)
    bought = [v for v in people.accepted if sales.within(v, people.candidates[v].at, horizon) is not None]
    return Funnel(
        eligible=len(covered | union(people.eligible)),
        covered=len(covered),
        candidates=len(candidates),
        held_out=sum(one.arm != "treated" and v not in people.shown for v, one in people.candidates.items()),
        shown=len(people.shown),
        accepted=len(people.accepted),
        bought=len(bought),
    )


T = TypeVar("T", Order, Lead, Invitation, PastConversation)


def of_person(told: Iterable[T], roots: Mapping[str, str]) -> Iterator[T]:
    """What was told of visitors, as told of the persons that they have turned out to be."""
    for one in told:
        root = roots.get(one.visitor, one.visitor)
        yield one if root == one.visitor else replace(one, visitor=root)


def union(sets: dict[str, set[str]]) -> set[str]:
    """All members of all rules."""
    return set().union(*sets.values())
