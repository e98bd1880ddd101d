"""The rule index: which rules an event can have touched, so that 500 rules cost what the touched ones cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from aparte.sessions.apply import FOLDS, Fold
from aparte.sessions.model import SessionState, VisitorState
from aparte.targeting.behaviours import EVERY_EVENT, Measure, Update
from aparte.targeting.conditions import Scope
from aparte.targeting.look import Look, compile_look
from aparte.targeting.rules import CompiledRule
from aparte.targeting.schema import attribute_of

KEPT_ACROSS_SESSIONS = ("visitor.", "scores.", "capacity.", "time.")


class Plan(Struct, frozen=True):
    """What one kind of event sets in motion: fold, updates of behaviours, one look at the rules that it touches."""

    fold: Fold | None
    updates: tuple[Update, ...]
    look: Look
    first_look: Look
    """For an event that begins a session: also the rules that can hold from the beginning."""


class RuleIndex(dict[str, Plan]):
    """The plans by the name of the event, made when they are first asked for.

    `index[name]` of an event that nobody listens to is one common plan, so that made-up names take no memory.
    """

    def __init__(self, rules: tuple[CompiledRule, ...], measures: Mapping[str, Measure], scope: Scope) -> None:
        super().__init__()
        self.rules, self.measures, self.scope = rules, measures, scope
        self._looks: dict[frozenset[int], Look] = {}
        self._touched: dict[str, set[int]] = defaultdict(set)
        asked = [rule for rule in rules if rule.live]
        for rule in asked:
            for event in touched_by(rule.checked.reads, measures):
                self._touched[event].add(rule.index)
        empty = SessionState(0, 0, 0, measures=[one.empty for one in measures.values()])
        self._from_the_start = {rule.index for rule in asked if can_begin(rule, empty, measures)}
        listened = {event for one in measures.values() for event in one.listens_to}
        self._known = FOLDS.keys() | self._touched.keys() | listened
        self._otherwise = self._plan(EVERY_EVENT)

    def __missing__(self, event: str) -> Plan:
        if event not in self._known:
            return self._otherwise
        plan = self[event] = self._plan(event)
        return plan

    def _plan(self, event: str) -> Plan:
        touched = self._touched.get(event, set()) | self._touched.get(EVERY_EVENT, set())
        updates = tuple(
            update for one in self.measures.values() for name, update in one.updates if name in (event, EVERY_EVENT)
        )
        return Plan(FOLDS.get(event), updates, self._look(touched), self._look(touched | self._from_the_start))

    def _look(self, touched: set[int]) -> Look:
        """Events that touch the same rules share one look."""
        key = frozenset(touched)
        if key not in self._looks:
            self._looks[key] = compile_look([self.rules[index] for index in sorted(key)], self.scope)
        return self._looks[key]


def can_begin(rule: CompiledRule, empty: SessionState, measures: Mapping[str, Measure]) -> bool:
    """Whether the rule can hold in a session in which nothing has touched it yet.

    It can when it reads something that a session brings along (landing, visitor, hour), or holds of an empty session.
    """
    if any(brought_along(name, measures) for name in rule.checked.reads):
        return True
    nobody = VisitorState("")
    args: tuple[Any, ...] = (empty, nobody, None, 0)
    return bool(rule.delays) or rule.holds(*args) or (rule.may is not None and rule.may(*args))


def brought_along(name: str, measures: Mapping[str, Measure]) -> bool:
    """Whether the name can differ from one beginning session to another."""
    attribute = None if name in measures else attribute_of(name)
    return attribute is not None and (not attribute.changed_by or name.startswith(KEPT_ACROSS_SESSIONS))


def touched_by(names: Iterable[str], measures: Mapping[str, Measure]) -> set[str]:
    """The events that can change one of these names."""
    events: set[str] = set()
    for name in names:
        attribute = attribute_of(name)
        events.update(measures[name].listens_to if name in measures else attribute.changed_by if attribute else ())
    return events
