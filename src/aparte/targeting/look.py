"""One generated function that looks at many rules at once, and returns those that hold.

It does exactly what `rules.look_at` does for each of them, and is quick in three ways: what several conditions read is
read once; a clause that several conditions share, or the weakest of several alike, is asked once and guards them all;
a rule that reads time is first asked whether time could help it, which mostly it could not.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace as replace_in
from typing import Any, TypeAlias

from msgspec.structs import replace

from aparte.sessions.model import SessionState
from aparte.targeting.conditions import STRING, And, Bool, Checked, Compiler, Name, Node, Scope, names_in, to_text, walk
from aparte.targeting.conditions.model import Compare, Double, Int, Text
from aparte.targeting.conditions.values import reading
from aparte.targeting.rules import CompiledRule, function, keep_holding, let_go, unwatch, watch

Look: TypeAlias = Callable[[SessionState, Any, Any, int], list[CompiledRule]]
"""(session, visitor, site, now) -> the rules that hold."""


IN = " in"
DEEPEST = 3  # guards within guards: more would save little and make long functions


def nothing_holds(session: SessionState, visitor: Any, site: Any, now: int) -> list[CompiledRule]:
    """The look at no rules."""
    return []


def compile_look(rules: Iterable[CompiledRule], scope: Scope) -> Look:
    """The function for these rules; `scope` is what their conditions read."""
    rules = list(rules)
    return Writer(rules, scope).written() if rules else nothing_holds


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


class Writer:
    """Writes the function for some rules."""

    def __init__(self, rules: list[CompiledRule], scope: Scope) -> None:
        self.rules, self.scope = rules, scope
        self.hoisted = hoist(rules, scope)
        self.compiler = Compiler(self.hoisted)
        self.names: dict[str, Any] = {
            "_watch": watch,
            "_unwatch": unwatch,
            "_unwatch_all": unwatch_all,
            "_keep_holding": keep_holding,
            "_let_go": let_go,
            **{rule_name(rule): rule for rule in rules},
        }
        self.local = {
            name: symbol.read
            for name, symbol in self.hoisted.symbols.items()
            if (known := scope.find(name)) is not None and symbol.read != known.read
        }

    def written(self) -> Look:
        """The compiled function."""
        start = f"_hits = []; _deadlines = {self.scope.params[0]}.deadlines"
        # A function for leaves that may raise is given every local, also those that are read in other branches only.
        empty = "".join(f"{local} = " for local in self.local.values())
        body = ast.parse(start + (f"; {empty}None" if empty else "")).body
        body += self.asked(self.rules, frozenset(), frozenset(), 0)
        body.append(ast.Return(ast.Name("_hits", ast.Load())))
        look: Look = function(self.compiler, body, self.scope.params, self.names)
        return look

    def asked(
        self, rules: list[CompiledRule], known: frozenset[str], read: frozenset[str], depth: int
    ) -> list[ast.stmt]:
        """The rules, under guards where several have one in common.

        `known` are the guards that hold here already, `read` the names that are local variables by now.
        """
        groups, alone = grouped(rules, known if depth < DEEPEST else None)
        units = [names_of(group) for group in groups.values()] + [names_of([rule]) for rule in alone]
        counts = Counter(name for unit in units for name in unit)
        asked_here = {name for family, group in groups.items() for name in names_in(families(group[0], known)[family])}
        now = {name for name, count in counts.items() if count > 1 or name in asked_here} - read
        body = self.reads(now)
        read |= now
        for rule in alone:
            body += self.reads(names_of([rule]) - read) + statements(self.compiler, rule, known)
        for family, group in groups.items():
            body += self.guarded(family, group, known, read, depth)
        return body

    def reads(self, names: Iterable[str]) -> list[ast.stmt]:
        """Assignments of those names that are local variables."""
        found = [(self.local[name], self.scope.find(name)) for name in sorted(names) if name in self.local]
        return [
            ast.Assign([ast.Name(local, ast.Store())], reading(symbol)) for local, symbol in found if symbol is not None
        ]

    def guarded(
        self, family: str, rules: list[CompiledRule], known: frozenset[str], read: frozenset[str], depth: int
    ) -> list[ast.stmt]:
        """One question for all, then the rules; when the answer is no, none of them can come to hold."""
        clauses = [(rule, families(rule, known)[family]) for rule in rules]
        if family.endswith(IN):
            question, holds_now = self.one_of(family.removesuffix(IN), clauses), {family}
        else:
            rule, clause = min(clauses, key=lambda pair: constant(pair[1]))
            question = self.compiler.holds(part(self.compiler, rule, [clause]))
            holds_now = (
                {to_text(clause)} if len({to_text(one) for _, one in clauses}) > 1 else {to_text(clause), family}
            )
        inside = self.asked(rules, known | holds_now, read, depth + 1)
        return [ast.If(question, inside, self.void([rule for rule in rules if rule.may is not None]))]

    def void(self, rules: list[CompiledRule]) -> list[ast.stmt]:
        """The deadlines of these rules, if there were any, are void."""
        if not rules:
            return []
        name = f"_group{len(self.names)}"
        self.names[name] = tuple(rules)
        return ast.parse(f"if _deadlines: _unwatch_all({self.scope.params[0]}, {name})").body

    def one_of(self, name: str, clauses: list[tuple[CompiledRule, Node]]) -> ast.expr:
        """Whether the name has one of the texts that the clauses compare it with."""
        symbol = self.hoisted.find(name)
        if symbol is None:
            raise AssertionError(f"{name} was checked but is not in the scope")
        texts: Any = frozenset(constant(item) for _, item in clauses)
        return ast.Compare(reading(symbol), [ast.In()], [ast.Constant(texts)])


def names_of(rules: Iterable[CompiledRule]) -> set[str]:
    """What these rules read."""
    return {name for rule in rules for name in rule.checked.reads}


def grouped(
    rules: list[CompiledRule], known: frozenset[str] | None
) -> tuple[dict[str, list[CompiledRule]], list[CompiledRule]]:
    """The rules by the guard that each shares with most others, and those that share none (all without `known`)."""
    if known is None:
        return {}, rules
    counts = Counter(family for rule in rules for family in families(rule, known))
    groups: dict[str, list[CompiledRule]] = defaultdict(list)
    alone: list[CompiledRule] = []
    for rule in rules:
        family = max(families(rule, known), key=lambda one: counts[one], default="")
        (groups[family] if counts[family] > 1 else alone).append(rule)
    for family in [family for family, group in groups.items() if len(group) == 1]:
        alone += groups.pop(family)
    return groups, alone


def unwatch_all(session: SessionState, rules: tuple[CompiledRule, ...]) -> None:
    """Time alone changes nothing for any of these rules now."""
    for rule in rules:
        unwatch(session, rule)


def families(rule: CompiledRule, known: frozenset[str]) -> dict[str, Node]:
    """The clauses under which the rule may be guarded, by what makes them alike.

    The same text is the same guard. `name == "a"` and `name == "b"` are guarded by `name in {a, b}`, `name >= 3` and
    `name >= 7` by the weaker. Only clauses that time does not move can guard a rule that time can help, and no rule
    with delays is guarded: it has to be told when it stops holding.
    """
    if rule.delays:
        return {}
    found: dict[str, Node] = {}
    for item in clauses_of(rule.checked.tree):
        text = to_text(item)
        if text not in known and (rule.may is None or is_steady(item, rule.checked)):
            found[text] = item
            found |= {family: item for family in (alike(item, rule.checked),) if family and family not in known}
    return found


def alike(item: Node, checked: Checked) -> str:
    """What clauses with other constants have in common with this one; empty for nothing."""
    if not isinstance(item, Compare) or not isinstance(item.left, Name):
        return ""
    if item.op == "==" and isinstance(item.right, Text) and checked.symbol(item.left.name).type == STRING:
        return f"{item.left.name}{IN}"
    if item.op in (">=", ">") and isinstance(item.right, Int | Double):
        return f"{item.left.name} {item.op}"
    return ""


def constant(item: Node) -> Any:
    """What a clause compares with; clauses of the same text need no order."""
    right = item.right if isinstance(item, Compare) else None
    return right.value if isinstance(right, Int | Double | Text) else 0


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


def statements(compiler: Compiler, rule: CompiledRule, known: frozenset[str]) -> list[ast.stmt]:
    """The part of a look that asks one rule, but for the clauses that are known to hold.

    What holds now may hold later too, so a rule that time can help is asked first whether it may; then only the clauses
    that move with time are left to ask.
    """
    session, visitor, site, now = compiler.scope.params[:4]
    name = rule_name(rule)
    watching = ast.parse(f"_watch({session}, {name}, {visitor}, {site}, {now})").body
    rest = [item for item in clauses_of(rule.checked.tree) if to_text(item) not in known]
    if rule.delays:
        held = ast.parse(f"if _keep_holding({session}, {name}, {now}): _hits.append({name})").body
        gone = ast.parse(f"_let_go({session}, {name})").body
        return [ast.If(compiler.holds(part(compiler, rule, rest)), held, gone), *watching]
    hit = ast.parse(f"_hits.append({name})").body
    if rule.may is None:
        return [ast.If(compiler.holds(part(compiler, rule, rest)), hit, [])]
    moving = [item for item in rest if not is_steady(item, rule.checked)]
    sure = ast.If(compiler.holds(part(compiler, rule, moving)), hit, [])
    return [ast.If(compiler.may(part(compiler, rule, rest)), [sure, *watching], forgotten(compiler, rule))]


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
