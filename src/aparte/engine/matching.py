"""Whom would this condition match? Counted over the visitors who are here now. Changes nothing.

The question goes visitor by visitor and stops often, so that the event loop goes on in between: nobody's pulse waits
for somebody who edits a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct, field, structs

from aparte.engagements.decide import first_refusal
from aparte.engagements.explain import arms
from aparte.engagements.gates import BEFORE_CANDIDATE, BEFORE_COVERED, BEFORE_ELIGIBLE, Case
from aparte.engine.site import SITE_FACTS, LiveSite, Visit
from aparte.engine.step import State, step
from aparte.engine.view import Row, Standing, is_online
from aparte.experiments.model import HOLDOUT
from aparte.kit.labels import visitor_label
from aparte.routing.model import Capacity
from aparte.sessions.model import SessionState, VisitorState
from aparte.targeting.campaign import Campaigns, Loader
from aparte.targeting.conditions import And, Bool, Checked, check, compile_condition, parse, to_text
from aparte.targeting.locate import Positions
from aparte.targeting.model import Campaign, CampaignFile, Rule
from aparte.targeting.rules import CompiledRule
from aparte.targeting.schema import scope
from aparte.targeting.segments import expand
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Quarantined
from aparte.tracking.store import Logged

MOST_LINES = 5_000
"""Lines of the log that are folded again for one visitor."""
MOST_AGAIN = 100_000
"""And for all visitors of one question."""
LINES_AT_ONCE = 50
MOST_EXAMPLES = 5
ANYBODY = "true"
"""The condition that is empty: it holds for everybody."""
GATES = BEFORE_ELIGIBLE + BEFORE_COVERED + BEFORE_CANDIDATE


class Clause(Struct, frozen=True):
    """A top-level clause as it was written, and with its segments written out."""

    text: str
    checked: Checked
    holds: Callable[..., bool]


class Question(Struct, frozen=True):
    """A condition over a campaign file, ready to be asked."""

    rule: CompiledRule
    campaigns: Campaigns
    """The file without its campaigns: site, behaviours, segments."""
    clauses: tuple[Clause, ...]


class Example(Struct, frozen=True):
    """A visitor who matches."""

    visitor: str
    label: str
    path: str | None
    dwell_s: int | None
    cart_value: float
    state: Standing


class Matched(Struct):
    """Whom the condition matches. `invitable`, `held_out` and `engaged` do not overlap."""

    online: int = 0
    rows: list[int] = field(default_factory=list)
    """How many each clause leaves, together with those before it."""
    matching: int = 0
    invitable: int = 0
    """All gates would let them through now."""
    held_out: int = 0
    """Free for an invitation, and in a hold-out of the site or of the campaign."""
    engaged: int = 0
    """An invitation is on their screen, or a conversation goes on."""
    unmeasured: int = 0
    """Visitors whose new behaviours could not be measured: they count as not matching."""
    examples: list[Example] = field(default_factory=list)


def question(file: CampaignFile, when: str, of: tuple[str, str] | None = None) -> Question:
    """What to ask: `when` in the place of the condition of the rule `of` (campaign, rule) of this file.

    Without such a rule it is asked as a new campaign would. CampaignError when site, behaviours or segments have a
    fault, ConditionError when the condition has one.
    """
    campaign, rule = chosen(file, of)
    text = when.strip() or ANYBODY
    base = loaded(file, ())
    segments = {f"segment.{name}": parse(one.when) for name, one in file.segments.items()}
    tree, reads = parse(text), scope(base.measures.values())
    clauses = []
    for item in tree.items if isinstance(tree, And) else (tree,):
        checked = check(expand(item, segments), reads)
        if tree != Bool(True):
            clauses.append(Clause(to_text(item), checked, compile_condition(checked)))
    whole = structs.replace(campaign, rules=(structs.replace(rule, when=text),), experiment=None)
    return Question(loaded(file, (whole,)).rules[0], base, tuple(clauses))


def chosen(file: CampaignFile, of: tuple[str, str] | None) -> tuple[Campaign, Rule]:
    """The campaign and the rule that are asked about; new ones without."""
    for campaign in file.campaigns:
        for rule in campaign.rules:
            if (campaign.name, rule.name) == of:
                return campaign, rule
    rule = Rule("new", ANYBODY)
    return Campaign("new", (rule,), holdout=0.0), rule


def loaded(file: CampaignFile, campaigns: tuple[Campaign, ...]) -> Campaigns:
    """The file with these campaigns, compiled."""
    return Loader(structs.replace(file, campaigns=campaigns), "file", Positions("")).load()


class Matching:
    """One question to everybody who is here.

    `standing` tells how far the engine has come with a visitor; `log` reads the stored lines of one visitor.
    """

    def __init__(
        self,
        live: LiveSite,
        asked: Question,
        now: int,
        standing: Callable[[Visit], Row],
        log: Callable[[str], Iterable[Logged]],
    ) -> None:
        self.live, self.asked, self.now, self.standing, self.log = live, asked, now, standing, log
        self.site = structs.replace(live.state, rules=asked.campaigns.file.site)
        self.found = Matched(rows=[0] * len(asked.clauses))
        self.places, self.new = places(live.campaigns, asked)
        self.again = MOST_AGAIN
        self.folded: list[Any] | None = None
        self.others: list[Example] = []

    def steps(self) -> Iterator[Matched | None]:
        """None after each visitor and now and then in between; at last the answer."""
        for visit in list(self.live.visits.values()):
            if visit.session is None or not is_online(visit, self.now):
                continue
            self.folded = None
            if self.new:
                for _ in self.fold_again(visit, visit.session.started_at):
                    yield None
            session = visit.session
            if session is not None:  # he may have left meanwhile
                self.found.online += 1
                self.judge(visit, session)
            yield None
        self.found.examples = [*self.found.examples, *self.others][:MOST_EXAMPLES]
        yield self.found

    def fold_again(self, visit: Visit, began: int) -> Iterator[None]:
        """The behaviours that only the question's file has, from what is stored of the session."""
        state = State(self.site, VisitorState(visit.visitor.id), NoOrders())
        read, capacity = Normaliser(trusted=True).read, Capacity()
        for number, line in enumerate(self.log(visit.visitor.id), 1):
            self.again -= 1
            if number > MOST_LINES or self.again < 0:
                return
            event = read(line.line)
            if not isinstance(event, (Quarantined, *SITE_FACTS)):
                step(state, event, self.asked.campaigns, capacity)
            if not number % LINES_AT_ONCE:
                yield
        if state.session is not None and state.session.started_at == began:
            self.folded = state.session.measures

    def judge(self, visit: Visit, session: SessionState) -> None:
        """Count one visitor."""
        shadow = structs.replace(session, measures=self.measures(session))
        args = (shadow, visit.visitor, self.site, self.now)
        unknown = self.new if self.folded is None else frozenset()
        self.found.unmeasured += bool(unknown)
        for place, clause in enumerate(self.asked.clauses):
            if unknown & clause.checked.reads or not clause.holds(*args):
                return
            self.found.rows[place] += 1
        self.found.matching += 1
        self.sort(visit, shadow)

    def measures(self, session: SessionState) -> list[Any]:
        """The session's behaviours at the places that they have in the question's file."""
        found = list(self.folded) if self.folded is not None else self.asked.campaigns.empty_measures()
        for here, there in self.places:
            found[here] = session.measures[there]
        return found

    def sort(self, visit: Visit, session: SessionState) -> None:
        """What could become of somebody who matches."""
        case = Case(self.asked.rule, session, visit.visitor, self.site, self.site.capacity, self.now)
        if visit.visitor.open is not None and (visit.visitor.open.accepted or visit.visitor.open.expires_at > self.now):
            self.found.engaged += 1
            self.show(self.others, visit, session)
        elif first_refusal(case, GATES) is not None:
            self.show(self.others, visit, session)
        elif HOLDOUT in list(arms(case).values())[:2]:
            self.found.held_out += 1
            self.show(self.others, visit, session)
        else:
            self.found.invitable += 1
            self.show(self.found.examples, visit, session)

    def show(self, among: list[Example], visit: Visit, session: SessionState) -> None:
        """Keep a visitor as an example while there is room."""
        if len(among) < MOST_EXAMPLES:
            page = session.page
            dwell = (self.now - page.at) // 1000 if page.at else None
            state, label = self.standing(visit)[0], visitor_label(visit.visitor.id)
            among.append(Example(visit.visitor.id, label, page.path, dwell, session.cart.value, state))


def places(published: Campaigns, asked: Question) -> tuple[list[tuple[int, int]], frozenset[str]]:
    """Where the session has the behaviours of the question's file: (place there, place in the session).

    And the names of those that the condition reads and no session has yet.
    """
    known, new = [], set()
    read = frozenset[str]().union(*(clause.checked.reads for clause in asked.clauses))
    for name, one in asked.campaigns.measures.items():
        same = published.file.behaviours.get(name) == asked.campaigns.file.behaviours[name]
        if same and name in published.measures:
            known.append((one.slot, published.measures[name].slot))
        elif name in read:
            new.add(name)
    return known, frozenset(new)


class NoOrders:
    """A ledger for behaviours that are measured again: no order is new any more."""

    def claim(self, order_id: str, total: float) -> tuple[bool, float]:
        """See OrderLedger."""
        return False, 0.0
