"""One generated function that looks at many rules at once, and returns those that hold.

It does exactly what `rules.look_at` does for each of them, and is quick in three ways: what several conditions read is
read once; a clause that several conditions share is asked once, and guards them all; a rule that reads time is first
asked whether time could help it, which mostly it could not.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace as replace_in
from typing import Any, TypeAlias

from msgspec.structs import replace

from aparte.sessions.model import SessionState
from aparte.targeting.conditions import And, Bool, Checked, Compiler, Name, Node, Scope, names_in, to_text, walk
from aparte.targeting.conditions.values import reading
from aparte.targeting.rules import CompiledRule, function, keep_holding, let_go, unwatch, watch

Look: TypeAlias = Callable[[SessionState, Any, Any, int], list[CompiledRule]]
"""(session, visitor, site, now) -> the rules that hold."""


def nothing_holds(session: SessionState, visitor: Any, site: Any, now: int) -> list[CompiledRule]:
    """The look at no rules."""
    return []


def compile_look(rules: Iterable[CompiledRule], scope: Scope) -> Look:
    """The function for these rules; `scope` is what their conditions read."""
    rules = tuple(rules)
    if not rules:
        return nothing_holds
    hoisted = hoist(rules, scope)
    compiler = Compiler(hoisted)
    names: dict[str, Any] = {"_watch": watch, "_unwatch": unwatch, "_keep_holding": keep_holding, "_let_go": let_go}
    names.update({rule_name(rule): rule for rule in rules})
    body: list[ast.stmt] = [
        ast.Assign([ast.Name(local, ast.Store())], read) for local, read in reads_of(hoisted, scope)
    ]
    body += ast.parse(f"_hits = []; _deadlines = {scope.params[0]}.deadlines").body
    for clause, group in by_shared_clause(rules):
        if clause:
            body += guarded_statements(compiler, clause, group)
        else:
            body += [statement for rule in group for statement in statements(compiler, rule)]
    body.append(ast.Return(ast.Name("_hits", ast.Load())))
    look: Look = function(compiler, body, scope.params, names)
    return look


def hoist(rules: Iterable[CompiledRule], scope: Scope) -> Scope:
    """The scope in which a name that two expressions or more read is a local variable.

    The locals are parameters of that scope, so that functions of their own, for leaves that may raise, get them too.
    """
    counts: Counter[str] = Counter()
    for rule in rules:
        counts.update(dict.fromkeys(rule.checked.reads, 2 if rule.may is not None else 1))
    shared = [name for name, count in sorted(counts.items()) if count > 1]
    local = {name: f"_read{number}" for number, name in enumerate(shared)}
    found = {name: symbol for name in shared if (symbol := scope.find(name)) is not None}
    symbols = {name: replace(symbol, read=local[name], key="") for name, symbol in found.items()}
    return Scope({**scope.symbols, **symbols}, scope.prefixes, (*scope.params, *local.values()))


def reads_of(hoisted: Scope, scope: Scope) -> Iterator[tuple[str, ast.expr]]:
    """Each local variable of a hoisted scope, and what it is read from."""
    for name, symbol in hoisted.symbols.items():
        original = scope.find(name)
        if original is not None and symbol.read != original.read:
            yield symbol.read, reading(original)


def by_shared_clause(rules: tuple[CompiledRule, ...]) -> list[tuple[str, list[CompiledRule]]]:
    """The rules under the clause that each shares with most others; under the empty text those that share none.

    Only clauses that time does not move are shared, and only by rules without delays: these are told when they stop
    holding.
    """
    counts = Counter(text for rule in rules for text in steady_clauses(rule))
    groups: dict[str, list[CompiledRule]] = defaultdict(list)
    for rule in rules:
        shared = [text for text in steady_clauses(rule) if counts[text] > 1]
        groups[max(shared, key=lambda text: counts[text], default="")].append(rule)
    return list(groups.items())


def steady_clauses(rule: CompiledRule) -> dict[str, Node]:
    """The clauses of a rule's conjunction that time alone does not move, by their text."""
    if rule.delays:
        return {}
    return {to_text(item): item for item in clauses_of(rule.checked.tree) if is_steady(item, rule.checked)}


def clauses_of(tree: Node) -> tuple[Node, ...]:
    """The items of the top-level conjunction."""
    return tree.items if isinstance(tree, And) else (tree,)


def is_steady(item: Node, checked: Checked) -> bool:
    """Whether time alone changes nothing in it; whether a growing value is there is no matter of time."""
    moving = {name for node, _ in walk(item) if isinstance(node, Name) for name in names_in(node)}
    asked = names_in(item) - moving
    return all(checked.symbol(name).flow == "steady" for name in moving) and all(
        checked.symbol(name).flow in ("steady", "rising") for name in asked
    )


def guarded_statements(compiler: Compiler, clause: str, rules: list[CompiledRule]) -> list[ast.stmt]:
    """One question for the shared clause, then the rest of each rule; without it none of them can come to hold."""
    first = rules[0]
    shared = replace_in(first.checked, tree=steady_clauses(first)[clause], scope=compiler.scope)
    inside: list[ast.stmt] = []
    outside: list[ast.stmt] = []
    for rule in rules:
        inside += statements(compiler, rule, without=clause)
        outside += forgotten(compiler, rule) if rule.may is not None else []
    alternative: list[ast.stmt] = [ast.If(ast.Name("_deadlines", ast.Load()), outside, [])] if outside else []
    return [ast.If(compiler.holds(shared), inside, alternative)]


def statements(compiler: Compiler, rule: CompiledRule, without: str = "") -> list[ast.stmt]:
    """The part of a look that asks one rule, all of it or what is left `without` the clause that guards it.

    What holds now may hold later too, so a rule that time can help is asked first whether it may; then only the clauses
    that move with time are left to ask.
    """
    session, visitor, site, now = compiler.scope.params[:4]
    name = rule_name(rule)
    watching = ast.parse(f"_watch({session}, {name}, {visitor}, {site}, {now})").body
    rest = [item for item in clauses_of(rule.checked.tree) if to_text(item) != without]
    if rule.delays:
        held = ast.parse(f"if _keep_holding({session}, {name}, {now}): _hits.append({name})").body
        gone = ast.parse(f"_let_go({session}, {name})").body
        return [ast.If(compiler.holds(part(compiler, rule, rest)), held, gone), *watching]
    hit = ast.parse(f"_hits.append({name})").body
    if rule.may is None:
        return [ast.If(compiler.holds(part(compiler, rule, rest)), hit, [])]
    moving = [item for item in rest if not is_steady(item, rule.checked)]
    asked = ast.If(compiler.holds(part(compiler, rule, moving)), hit, [])
    return [ast.If(compiler.may(part(compiler, rule, rest)), [asked, *watching], forgotten(compiler, rule))]


def part(compiler: Compiler, rule: CompiledRule, items: list[Node]) -> Checked:
    """Some clauses of a rule's condition, as a condition."""
    tree = Bool(True) if not items else items[0] if len(items) == 1 else And(tuple(items))
    return replace_in(rule.checked, tree=tree, scope=compiler.scope)


def forgotten(compiler: Compiler, rule: CompiledRule) -> list[ast.stmt]:
    """A deadline of this rule, if there was one, is void."""
    session = compiler.scope.params[0]
    text = f"if _deadlines is not None and {rule.index} in _deadlines: _unwatch({session}, {rule_name(rule)})"
    return ast.parse(text).body


def rule_name(rule: CompiledRule) -> str:
    """The name of a rule inside the generated function."""
    return f"_rule{rule.index}"
