"""Other campaigns take over while sessions are open: what is kept, what is dropped, what is looked at once more.

Pure, and the same in a running server, when it starts and in a replay of its log: nothing of a session is lost that has
a meaning under the new campaigns. Visitor, cart, page and arms do not know campaigns by place and stay as they are;
what is kept by the place of a rule or a behaviour moves to its new place.
"""

from __future__ import annotations

from typing import Any

from aparte.engine.step import State
from aparte.sessions.apply import over
from aparte.sessions.model import SessionState
from aparte.sessions.saved import MASKS
from aparte.targeting.campaign import Campaigns
from aparte.targeting.conditions import to_text
from aparte.targeting.rules import CompiledRule


def carry_over(state: State, moved: Moved, at: int) -> None:
    """A session under other campaigns from this moment (ms) on; the site's own rules must be the new ones already.

    Rules that are new, or whose campaign, condition or behaviours are, get a deadline at once where they hold, or may
    come to hold by time alone: the next `TimerElapsed` asks them, which is a line of the log like any other.
    """
    session = state.session
    if session is None:
        return
    moved.rules(session)
    session.measures = moved.measures(session)
    if over(session, at):
        return
    for rule in moved.after.rules:
        if in_force(rule) and rule.index not in moved.untouched and not session.settled >> rule.index & 1:
            look_soon(state, session, rule, at)


def look_soon(state: State, session: SessionState, rule: CompiledRule, at: int) -> None:
    """A deadline at this very moment, if a look could find anything."""
    seen: tuple[Any, ...] = (session, state.visitor, state.site, max(session.at, at))
    if rule.holds(*seen) or (rule.may is not None and rule.may(*seen)):
        session.deadlines = {**(session.deadlines or {}), rule.index: at}


def in_force(rule: CompiledRule) -> bool:
    """Whether the rule is looked at: those of drafts and of archived campaigns are not."""
    return rule.campaign.state == "published"


class Moved:
    """Which rules and behaviours of the campaigns before are found again, and where."""

    def __init__(self, before: Campaigns, after: Campaigns) -> None:
        self.before, self.after = before, after
        known = {rule.key: rule for rule in after.rules}
        self.pairs = [(rule, known[rule.key]) for rule in before.rules if rule.key in known]
        self.kept = {
            name
            for name in after.measures.keys() & before.measures.keys()
            if before.file.behaviours[name] == after.file.behaviours[name]
        }
        self.untouched = {
            new.index for old, new in self.pairs if self.same_campaign(old, new) and self.same_condition(old, new)
        }
        """Places of rules for which nothing at all has changed."""

    def same_campaign(self, old: CompiledRule, new: CompiledRule) -> bool:
        """Whether everything around the condition is as it was."""
        return old.campaign == new.campaign and self.before.file.site == self.after.file.site

    def same_condition(self, old: CompiledRule, new: CompiledRule) -> bool:
        """Whether the condition, segments written out, means what it meant."""
        read = (old.checked.reads | new.checked.reads) & (self.before.measures.keys() | self.after.measures.keys())
        return to_text(old.checked.tree) == to_text(new.checked.tree) and read <= self.kept

    def rules(self, session: SessionState) -> None:
        """Bits, deadlines and refusals; a rule that is gone is dropped, a deadline only stays with its condition."""
        for name in MASKS:
            mask = getattr(session, name)
            setattr(session, name, sum(1 << new.index for old, new in self.pairs if mask >> old.index & 1))
        looked_at = [(old, new) for old, new in self.pairs if in_force(new)]
        same = [(old, new) for old, new in looked_at if old.delays == new.delays and self.same_condition(old, new)]
        held = [(old, new) for old, new in looked_at if new.delays and self.same_condition(old, new)]
        session.deadlines = moved_keys(session.deadlines, same)
        session.holding = moved_keys(session.holding, held)
        session.refused = moved_keys(session.refused, looked_at)

    def measures(self, session: SessionState) -> list[Any]:
        """The behaviours; one with another definition begins anew."""
        measures = self.after.empty_measures()
        for name in self.kept:
            measures[self.after.measures[name].slot] = session.measures[self.before.measures[name].slot]
        return measures


def moved_keys(table: dict[int, Any] | None, pairs: list[tuple[CompiledRule, CompiledRule]]) -> dict[int, Any] | None:
    """The table under the new places."""
    if table is None:
        return None
    places = {old.index: new.index for old, new in pairs}
    return {places[old]: value for old, value in table.items() if old in places} or None
