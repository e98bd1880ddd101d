"""Rules, compiled: which hold after an event, and when a rule is worth another look without one.

Rules are indexed by what they read. For each event there is one generated function that looks only at the rules whose
inputs the event can have changed, so that 500 rules cost what the touched ones cost.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aparte.kit.durations import parse_duration
from aparte.sessions.model import SessionState
from aparte.targeting.behaviours import EVERY_EVENT, Measure, Update
from aparte.targeting.conditions import Checked, Compiler, Scope, compile_condition, deadlines
from aparte.targeting.model import Campaign, Rule
from aparte.targeting.schema import attribute_of

Moment: TypeAlias = Callable[[SessionState, Any, Any, int], int | None]
Look: TypeAlias = Callable[[SessionState, Any, Any, int], list["CompiledRule"]]
"""(session, visitor, site, now) -> the rules that hold."""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRule:
    """One rule, ready to be asked."""

    index: int
    key: str
    campaign: Campaign
    rule: Rule
    checked: Checked
    scope: Scope
    holds: Callable[..., bool]
    may: Callable[..., bool] | None
    """Whether it could hold later by the passing of time alone; none when it reads nothing that moves with time."""
    atoms: tuple[tuple[Moment, int], ...]
    """The moments at which time changes one of its comparisons: a start, and milliseconds from it."""
    delays: tuple[int, ...]
    """Delays of the campaign's variants, shortest first; empty without an experiment on delay."""
    readers: tuple[tuple[str, Callable[..., Any]], ...] = field(repr=False)

    def values(self, session: SessionState, visitor: Any, site: Any, now: int) -> dict[str, Any]:
        """What the condition reads now, by name; None is absent."""
        return {name: read(session, visitor, site, now) for name, read in self.readers}

    def next_look(self, session: SessionState, visitor: Any, site: Any, now: int) -> int | None:
        """The next moment after now at which time changes something for this rule."""
        starts = [(at(session, visitor, site, now), offset) for at, offset in self.atoms]
        moments = [start + offset for start, offset in starts if start is not None]
        if self.delays and session.holding and self.index in session.holding:
            moments += [session.holding[self.index] + delay for delay in self.delays]
        return min((moment for moment in moments if moment > now), default=None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one kind of event sets in motion: updates of behaviours, and one look at the rules that it touches."""

    updates: tuple[Update, ...]
    look: Look


def watch(session: SessionState, rule: CompiledRule, visitor: Any, site: Any, now: int) -> None:
    """Note when the rule is worth another look; forget it when it is not."""
    moment = None if session.settled >> rule.index & 1 else rule.next_look(session, visitor, site, now)
    if moment is not None:
        if session.deadlines is None:
            session.deadlines = {}
        session.deadlines[rule.index] = moment
    else:
        unwatch(session, rule)


def unwatch(session: SessionState, rule: CompiledRule) -> None:
    """Time alone changes nothing for this rule now."""
    if session.deadlines is not None:
        session.deadlines.pop(rule.index, None)
        if not session.deadlines:
            session.deadlines = None


def keep_holding(session: SessionState, rule: CompiledRule, now: int) -> bool:
    """Note since when a delayed rule holds; true once it has held for the shortest delay."""
    if session.holding is None:
        session.holding = {}
    return now >= session.holding.setdefault(rule.index, now) + rule.delays[0]


def let_go(session: SessionState, rule: CompiledRule) -> None:
    """The condition has stopped holding: whatever waited for a delay is void."""
    if session.holding is not None and rule.index in session.holding:
        del session.holding[rule.index]
        if not session.holding:
            session.holding = None


def look_at(rule: CompiledRule, session: SessionState, visitor: Any, site: Any, now: int) -> bool:
    """Ask one rule, as a timer does; the generated looks do the same for many."""
    holds = rule.holds(session, visitor, site, now)
    if rule.delays:
        if holds:
            holds = keep_holding(session, rule, now)
        else:
            let_go(session, rule)
    if rule.may is not None:
        if rule.delays or rule.may(session, visitor, site, now):
            watch(session, rule, visitor, site, now)
        else:
            unwatch(session, rule)
    return holds


def compile_rule(
    index: int, campaign: Campaign, rule: Rule, checked: Checked, scope: Scope, measures: Mapping[str, Measure]
) -> CompiledRule:
    """Make a checked rule ready."""
    compiler = Compiler(scope)
    delays = delays_of(campaign)
    atoms = tuple(atoms_of(checked, scope, measures))
    may = generated(compiler, ast.Return(compiler.may(checked)), scope.params) if atoms or delays else None
    readers = tuple((name, reader(name, scope)) for name in sorted(checked.reads))
    key = f"{campaign.name}/{rule.name}"
    return CompiledRule(
        index, key, campaign, rule, checked, scope, compile_condition(checked), may, atoms, delays, readers
    )


def delays_of(campaign: Campaign) -> tuple[int, ...]:
    """Different delays of the variants in milliseconds, shortest first; none when no variant waits."""
    variants = campaign.experiment.variants if campaign.experiment else ()
    delays = sorted({parse_duration(variant.delay) for variant in variants})
    return tuple(delays) if any(delays) else ()


def atoms_of(checked: Checked, scope: Scope, measures: Mapping[str, Measure]) -> Iterable[tuple[Moment, int]]:
    """The moments at which time changes one of the rule's comparisons."""
    for deadline in deadlines(checked):
        yield moment(start_of(deadline.symbol, measures), scope), deadline.offset
    for name in sorted(checked.reads):
        if name in measures and measures[name].flow in ("falling", "free"):
            state = f"s.measures[{measures[name].slot}]"
            yield moment(f"({state}.changes_at(now) if {state} is not None else None)", scope), 0


def start_of(name: str, measures: Mapping[str, Measure]) -> str:
    """The expression of the moment from which a growing duration counts."""
    if name in measures:
        return f"s.measures[{measures[name].slot}]"
    attribute = attribute_of(name)
    if attribute is None or attribute.since is None:
        raise AssertionError(f"{name} grows but has no start")
    return attribute.since


def moment(expression: str, scope: Scope) -> Moment:
    """A function of one of our own read expressions."""
    made: Moment = generated(Compiler(scope), ast.Return(ast.parse(expression, mode="eval").body), scope.params)
    return made


def reader(name: str, scope: Scope) -> Callable[..., Any]:
    """A function that reads one name."""
    symbol = scope.find(name)
    if symbol is None:
        raise AssertionError(f"{name} was checked but is not in the scope")
    expression = ast.parse(symbol.read, mode="eval").body
    made: Callable[..., Any] = generated(Compiler(scope), ast.Return(expression), scope.params, key=symbol.key)
    return made


def generated(compiler: Compiler, body: ast.stmt, params: tuple[str, ...], **names: Any) -> Any:
    """Compile one function of a single statement."""
    return function(compiler, [body], params, names)


def function(compiler: Compiler, body: list[ast.stmt], params: tuple[str, ...], names: dict[str, Any]) -> Any:
    """Compile a function from its statements, over the compiler's constants and these names."""
    arguments = ast.arguments([], [ast.arg(name) for name in params], kwonlyargs=[], kw_defaults=[], defaults=[])
    definition = ast.FunctionDef("generated", arguments, body, [], lineno=1, col_offset=0)
    module = ast.fix_missing_locations(ast.Module([definition], []))
    namespace = {**compiler.namespace, **names}
    exec(compile(module, "<rules>", "exec"), namespace)
    return namespace["generated"]


def compile_look(rules: Iterable[CompiledRule], scope: Scope) -> Look:
    """One function that looks at these rules in their order and returns those that hold."""
    rules = tuple(rules)
    if not rules:
        return nothing_holds
    compiler = Compiler(scope)
    names: dict[str, Any] = {"_watch": watch, "_unwatch": unwatch, "_keep_holding": keep_holding, "_let_go": let_go}
    body: list[ast.stmt] = ast.parse("_hits = []").body
    for rule in rules:
        names[f"_rule{rule.index}"] = rule
        body += statements(compiler, rule)
    body.append(ast.Return(ast.Name("_hits", ast.Load())))
    look: Look = function(compiler, body, scope.params, names)
    return look


def nothing_holds(session: SessionState, visitor: Any, site: Any, now: int) -> list[CompiledRule]:
    """The look at no rules."""
    return []


def statements(compiler: Compiler, rule: CompiledRule) -> list[ast.stmt]:
    """The part of a look that asks one rule; the same as `look_at`."""
    name = f"_rule{rule.index}"
    session, visitor, site, now = compiler.scope.params
    hit = ast.parse(f"_hits.append({name})").body
    if rule.delays:
        held = ast.parse(f"if _keep_holding({session}, {name}, {now}): _hits.append({name})").body
        gone = ast.parse(f"_let_go({session}, {name})").body
        after = ast.parse(f"_watch({session}, {name}, {visitor}, {site}, {now})").body
        return [ast.If(compiler.holds(rule.checked), held, gone), *after]
    asked: list[ast.stmt] = [ast.If(compiler.holds(rule.checked), hit, [])]
    if rule.may is not None:
        later = ast.parse(f"_watch({session}, {name}, {visitor}, {site}, {now})").body
        never = ast.parse(f"if {session}.deadlines is not None: _unwatch({session}, {name})").body
        asked.append(ast.If(compiler.may(rule.checked), later, never))
    return asked


class RuleIndex:
    """The plans of a set of rules and behaviours, one for each kind of event."""

    def __init__(self, rules: tuple[CompiledRule, ...], measures: Mapping[str, Measure], scope: Scope) -> None:
        self.rules, self.measures, self.scope = rules, measures, scope
        self._touched: dict[str, set[int]] = defaultdict(set)
        for rule in rules:
            for event in touched_by(rule.checked.reads, measures):
                self._touched[event].add(rule.index)
        listened = {event for one in measures.values() for event in one.listens_to}
        self.everything = Plan((), compile_look(rules, scope))
        self.otherwise = self._plan(EVERY_EVENT)
        self.plans = {event: self._plan(event) for event in (self._touched.keys() | listened) - {EVERY_EVENT}}

    def plan(self, event: str) -> Plan:
        """What an event of this name sets in motion."""
        return self.plans.get(event, self.otherwise)

    def _plan(self, event: str) -> Plan:
        touched = self._touched[event] | self._touched[EVERY_EVENT]
        updates = tuple(
            update for one in self.measures.values() for name, update in one.updates if name in (event, EVERY_EVENT)
        )
        return Plan(updates, compile_look([self.rules[index] for index in sorted(touched)], self.scope))


def touched_by(names: Iterable[str], measures: Mapping[str, Measure]) -> set[str]:
    """The events that can change one of these names."""
    events: set[str] = set()
    for name in names:
        attribute = attribute_of(name)
        events.update(measures[name].listens_to if name in measures else attribute.changed_by if attribute else ())
    return events
