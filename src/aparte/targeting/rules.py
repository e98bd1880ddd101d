"""One rule, compiled: does it hold, could it hold later by the passing of time alone, and when is it worth a look."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aparte.kit.durations import parse_duration
from aparte.sessions.model import SessionState
from aparte.targeting.behaviours import Measure
from aparte.targeting.conditions import Checked, Compiler, Scope, compile_condition, compile_may, deadlines
from aparte.targeting.conditions.values import reading
from aparte.targeting.model import Campaign, Rule
from aparte.targeting.schema import attribute_of

Moment: TypeAlias = Callable[[SessionState, Any, Any, int], int | None]
Worth: TypeAlias = tuple[float, Callable[..., bool]]
"""What a segment's visitors are worth, and who belongs to it."""


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
    """Whether it could hold later by the passing of time alone; none when time cannot make it come true."""
    next_change: Moment
    """The next moment after now at which time changes one of its comparisons; none without such a moment."""
    delays: tuple[int, ...]
    """Delays of the campaign's variants, shortest first; empty without an experiment on delay."""
    readers: tuple[tuple[str, Callable[..., Any]], ...] = field(repr=False)
    worths: tuple[Worth, ...] = field(default=(), repr=False)
    """The file's segments that have a value, the highest first."""

    @property
    def live(self) -> bool:
        """Whether it is looked at: the rules of a draft or archived campaign only keep their place and their key."""
        return self.campaign.state == "published"

    def worth(self, session: SessionState, visitor: Any, site: Any, now: int) -> float | None:
        """The largest value, in the shop's currency, among the segments that hold now; None when none does."""
        return next((value for value, holds in self.worths if holds(session, visitor, site, now)), None)

    def values(self, session: SessionState, visitor: Any, site: Any, now: int) -> dict[str, Any]:
        """What the condition reads now, by name; None is absent."""
        return {name: read(session, visitor, site, now) for name, read in self.readers}

    def next_look(self, session: SessionState, visitor: Any, site: Any, now: int) -> int | None:
        """The next moment after now at which time changes something for this rule."""
        next_ = self.next_change(session, visitor, site, now)
        if not self.delays or not session.holding or self.index not in session.holding:
            return next_
        ends = [session.holding[self.index] + delay for delay in self.delays]
        return min((moment for moment in (*ends, next_) if moment is not None and moment > now), default=None)


def watch(session: SessionState, rule: CompiledRule, visitor: Any, site: Any, now: int) -> None:
    """Note when the rule is worth another look; forget it when it is not."""
    if session.settled >> rule.index & 1:
        moment = None
    else:
        moment = (rule.next_look if rule.delays else rule.next_change)(session, visitor, site, now)
    if moment is None:
        unwatch(session, rule)
    elif session.deadlines is None:
        session.deadlines = {rule.index: moment}
    else:
        session.deadlines[rule.index] = moment


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
    if not rule.live:  # a deadline or a refusal of the time when it was
        let_go(session, rule)
        unwatch(session, rule)
        return False
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
    index: int,
    campaign: Campaign,
    rule: Rule,
    checked: Checked,
    scope: Scope,
    measures: Mapping[str, Measure],
    worths: tuple[Worth, ...] = (),
) -> CompiledRule:
    """Make a checked rule ready."""
    delays = delays_of(campaign)
    atoms = tuple(atoms_of(checked, measures))
    may = compile_may(checked) if delays or time_can_help(checked, scope) else None
    readers = tuple((name, reader(name, scope)) for name in sorted(checked.reads))
    key = f"{campaign.name}/{rule.name}"
    return CompiledRule(
        index,
        key,
        campaign,
        rule,
        checked,
        scope,
        compile_condition(checked),
        may,
        compile_next_change(atoms, scope),
        delays,
        readers,
        worths,
    )


def time_can_help(checked: Checked, scope: Scope) -> bool:
    """Whether passing time alone can make the condition come true: not so when asking "later?" is asking "now?"."""
    later, now = Compiler(scope).may(checked), Compiler(scope).holds(checked)
    return ast.dump(later) != ast.dump(now)


def delays_of(campaign: Campaign) -> tuple[int, ...]:
    """Different delays of the variants in milliseconds, shortest first; none when no variant waits."""
    variants = campaign.experiment.variants if campaign.experiment else ()
    delays = sorted({parse_duration(variant.delay) for variant in variants})
    return tuple(delays) if any(delays) else ()


def atoms_of(checked: Checked, measures: Mapping[str, Measure]) -> Iterator[tuple[str, int]]:
    """What makes time change one of the rule's comparisons: the expression of a start, and milliseconds from it."""
    for deadline in deadlines(checked):
        yield start_of(deadline.symbol, measures), deadline.offset
    for name in sorted(checked.reads):
        if name in measures and measures[name].flow in ("falling", "free"):
            state = f"s.measures[{measures[name].slot}]"
            yield f"({state}.changes_at(now) if {state} is not None else None)", 0


def start_of(name: str, measures: Mapping[str, Measure]) -> str:
    """The expression of the moment from which a growing duration counts."""
    if name in measures:
        return f"s.measures[{measures[name].slot}]"
    attribute = attribute_of(name)
    if attribute is None or attribute.since is None:
        raise AssertionError(f"{name} grows but has no start")
    return attribute.since


def compile_next_change(atoms: Iterable[tuple[str, int]], scope: Scope) -> Moment:
    """One function that finds the earliest of the atoms' moments that is still to come."""
    now = scope.params[-1]
    body = ast.parse("_next = None").body
    for start, offset in atoms:
        # Our own expressions and whole numbers only; nothing of a campaign file is in this text.
        body += ast.parse(
            f"if (_start := {start}) is not None and (_at := _start + {offset:d}) > {now}"
            " and (_next is None or _at < _next): _next = _at"
        ).body
    body += [ast.Return(ast.Name("_next", ast.Load()))]
    moment: Moment = function(Compiler(scope), body, scope.params, {})
    return moment


def reader(name: str, scope: Scope) -> Callable[..., Any]:
    """A function that reads one name."""
    symbol = scope.find(name)
    if symbol is None:
        raise AssertionError(f"{name} was checked but is not in the scope")
    return Compiler(scope).function("read", reading(symbol))


def function(compiler: Compiler, body: list[ast.stmt], params: tuple[str, ...], names: dict[str, Any]) -> Any:
    """Compile a function from its statements, over the compiler's constants and these names."""
    arguments = ast.arguments([], [ast.arg(name) for name in params], kwonlyargs=[], kw_defaults=[], defaults=[])
    definition = ast.FunctionDef("generated", arguments, body, [], lineno=1, col_offset=0)
    module = ast.fix_missing_locations(ast.Module([definition], []))
    namespace = {**compiler.namespace, **names}
    exec(compile(module, "<rules>", "exec"), namespace)
    return namespace["generated"]
