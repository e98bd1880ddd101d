"""Campaign files: read, checked, compiled. A file is taken whole or refused whole; each fault has its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from typing import Any

import msgspec

from aparte.kit.errors import BadInput
from aparte.sessions.model import SessionState
from aparte.targeting.behaviours import Measure, measure
from aparte.targeting.button import CompiledButton, compile_button, nothing_yet
from aparte.targeting.check import check_coupon, check_delays, check_file, segment_scope
from aparte.targeting.conditions import (
    Checked,
    ConditionError,
    Node,
    Scope,
    check,
    compile_condition,
    names_in,
    parse,
    refuse_never,
)
from aparte.targeting.conditions.model import position
from aparte.targeting.index import RuleIndex
from aparte.targeting.locate import Path, Position, Positions
from aparte.targeting.model import Appearance, CampaignFile, Text
from aparte.targeting.rules import CompiledRule, Worth, compile_rule
from aparte.targeting.schema import EVENT_SCOPE, limits, scope
from aparte.targeting.segments import expand
from aparte.targeting.shape import shape_faults
from aparte.targeting.skills import without_agents

SYNTAX_HINT = "texts stand in quotes, tables begin with [name]; see docs/reference/campaign-file.md"


@dataclass(frozen=True)
class Warned:
    """Something that is allowed and probably not meant."""

    where: str
    text: str


@dataclass(frozen=True, eq=False)
class Campaigns:
    """A checked campaign file, compiled."""

    file: CampaignFile
    index: RuleIndex
    warnings: tuple[Warned, ...] = ()
    measures: dict[str, Measure] = field(default_factory=dict)
    button: CompiledButton | None = None
    """None: the button is always there."""
    text: str = ""
    """The file itself, as it was given; empty for campaigns that were never a text."""

    @property
    def rules(self) -> tuple[CompiledRule, ...]:
        """All rules, in the order of the file."""
        return self.index.rules

    def empty_measures(self) -> list[Any]:
        """The behaviours of a session that begins."""
        return [one.empty for one in self.measures.values()]

    def appearance(self, name: str | None) -> Appearance | None:
        """The look that an offer names; None when it names none."""
        return self.file.appearances.get(name) if name else None

    @cached_property
    def labels(self) -> dict[str, Text]:
        """What people call the campaigns that have a label."""
        return {one.name: one.label for one in self.file.campaigns if one.label}

    def called(self, name: str) -> Text:
        """What people call a campaign: its name where it has no label, or is not in this file."""
        return self.labels.get(name, name)

    def shows_button(self, session: SessionState | None, visitor: Any, site: Any, now: int) -> bool:
        """Whether the visitor may open a chat himself now; without an open session an empty one is asked."""
        if self.button is None:
            return True
        return self.button.holds(session or nothing_yet(now, self.measures), visitor, site, now)

    def button_changes_at(self, session: SessionState | None, visitor: Any, site: Any, now: int) -> int | None:
        """The next moment after now at which time alone may show or hide the button; None without such a moment."""
        if self.button is None or session is None:
            return None
        moment: int | None = self.button.next_change(session, visitor, site, now)
        return moment


class FileFault(BadInput):
    """One fault of a campaign file, with the member that it concerns: `("campaigns", 0, "rules", 1, "when")`."""

    def __init__(self, what: str, *, where: str, hint: str, path: Path) -> None:
        self.path = path
        super().__init__(what, where=where, hint=hint)


class CampaignError(BadInput):
    """A campaign file is refused; `faults` are all that was found, each with its place, in the order of the file."""

    def __init__(self, faults: list[BadInput]) -> None:
        self.faults = sorted(faults, key=place_in_file)
        first = self.faults[0]
        super().__init__(first.what, where=first.where, hint=first.hint)


def load(text: str, name: str, skills: Collection[str] | None = None) -> Campaigns:
    """Read, check and compile a campaign file.

    `name` is what the file is called in messages; `skills` those that agents have, where they are known: a file that
    asks for another one is warned of. Raises CampaignError with every fault that was found.
    """
    readable = text.removeprefix("\ufeff")  # some editors begin with a byte order mark
    file = decode(readable, name)
    positions = Positions(readable)  # which reads only what is TOML
    loaded = Loader(file, name, positions).load()
    found = without_agents(loaded.file, skills) if skills is not None else ()
    warnings = [Warned(place(name, positions, path), what) for path, what in found]
    return replace(loaded, text=text, warnings=(*loaded.warnings, *warnings))


def no_campaigns(site: str) -> Campaigns:
    """What rules at a site of which nothing was ever published."""
    return replace(load(f'[site]\nid = "{site}"\n', f"no campaigns of {site}"), text="")


def decode(text: str, name: str) -> CampaignFile:
    """The file's shape; raises CampaignError for anything that TOML or the shape refuses."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise CampaignError([syntax_fault(error, text, name)]) from None
    found = list(shape_faults(tables))
    if found:
        positions = Positions(text)
        raise CampaignError([fault_at(name, positions, *one) for one in found])
    return msgspec.convert(tables, CampaignFile)


def syntax_fault(error: Exception, text: str, name: str) -> BadInput:
    """What the TOML parser says, with its place in front."""
    message = str(error)
    if isinstance(error, RecursionError):
        message = "it is nested too deep"
    elif not isinstance(error, tomllib.TOMLDecodeError):
        message = "a number has too many digits"
    what = re.sub(r"\s*\(at .*\)", "", message)
    line, column = syntax_place(message, text)
    return FileFault(f"this is not TOML: {what}", where=f"{name}:{line}:{column}", hint=SYNTAX_HINT, path=())


def syntax_place(message: str, text: str) -> Position:
    """Where the parser stopped."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    if found:
        return int(found[1]), int(found[2])
    digits = re.search(r"[0-9_]{4300,}", text) if "digits" in message else None
    at = digits.start() if digits else len(text.rstrip()) if "end of document" in message else 0
    return position(text, at)


def fault_at(name: str, positions: Positions, path: Path, what: str, hint: str) -> BadInput:
    """A fault with its place in the file."""
    return FileFault(what, where=place(name, positions, path), hint=hint.strip(), path=path)


def place(name: str, positions: Positions, path: Path) -> str:
    """file:line:column of a member."""
    line, column = positions.of(path)
    return f"{name}:{line}:{column}"


class Loader:
    """One file on its way from shape to rules; collects every fault before it gives up."""

    def __init__(self, file: CampaignFile, name: str, positions: Positions) -> None:
        self.file, self.name, self.positions = file, name, positions
        self.faults: list[BadInput] = []
        self.warnings: list[Warned] = []
        self.broken: set[str] = set()
        """Names whose own definition is refused: what reads them is not judged a second time."""
        self.limits = limits({})

    def load(self) -> Campaigns:
        """Everything, or CampaignError."""
        for path, what, hint in check_file(self.file):
            self.fault(path, what, hint)
            if path[0] == "behaviours":
                self.broken.add(str(path[1]))
        measures = dict(self.measures())
        reads, self.limits = scope(measures.values()), limits(measures)
        segments = self.segments(reads)
        rules = tuple(self.rules(reads, segments, measures))
        button = self.button(reads, segments, measures)
        if self.faults:  # nothing is half loaded
            raise CampaignError(self.faults)
        if not rules:
            self.warnings.append(Warned(f"{self.name}:1:1", "there is no campaign: nobody will be invited"))
        return Campaigns(self.file, RuleIndex(rules, measures, reads), tuple(self.warnings), measures, button)

    def fault(self, path: Path, what: str, hint: str = "") -> None:
        """Keep a fault with its place in the file."""
        self.faults.append(fault_at(self.name, self.positions, path, what, hint))

    def measures(self) -> Iterator[tuple[str, Measure]]:
        """The behaviours without a fault."""
        slots = count()
        for name, one in self.file.behaviours.items():
            checked = self.condition(one.where, EVENT_SCOPE, ("behaviours", name, "where")) if one.where else None
            if one.where and checked is None:
                self.broken.add(name)
            if name not in self.broken:
                yield name, measure(name, one, next(slots), compile_condition(checked) if checked else None)

    def segments(self, reads: Scope) -> dict[str, Checked]:
        """The named conditions without a fault."""
        found = {}
        for name, one in self.file.segments.items():
            checked = self.condition(one.when, reads, ("segments", name, "when"))
            if checked is None:
                self.broken.add(f"segment.{name}")
            else:
                found[name] = checked
        return found

    def rules(self, reads: Scope, segments: dict[str, Checked], measures: dict[str, Measure]) -> Iterator[CompiledRule]:
        """The rules without a fault, numbered in the order of the file; a segment stands for its condition."""
        named = {f"segment.{name}": checked.tree for name, checked in segments.items()}
        with_segments = segment_scope(reads, segments)
        worths = self.worths(segments)
        index = 0
        for number, campaign in enumerate(self.file.campaigns):
            for nth, rule in enumerate(campaign.rules):
                path = ("campaigns", number, "rules", nth, "when")
                checked = self.condition(rule.when, with_segments, path)
                whole = self.expanded(checked, named, reads, path) if checked is not None else None
                if whole is not None:
                    for what, hint in (
                        *check_delays(campaign, whole),
                        *check_coupon(rule, whole),
                    ):
                        self.fault(path, what, hint)
                    if not self.faults:
                        yield compile_rule(index, campaign, rule, whole, reads, measures, worths)
                    index += 1

    def worths(self, segments: dict[str, Checked]) -> tuple[Worth, ...]:
        """The segments that have a value, the highest first."""
        valued = [(self.file.segments[name].value, checked) for name, checked in segments.items()]
        found = [(value, compile_condition(checked)) for value, checked in valued if value is not None]
        return tuple(sorted(found, key=lambda one: -one[0]))

    def button(self, reads: Scope, segments: dict[str, Checked], measures: dict[str, Measure]) -> CompiledButton | None:
        """The button's condition; None without one, or with a fault."""
        when, path = self.file.button.when if self.file.button else None, ("button", "when")
        if when is None:
            return None
        named = {f"segment.{name}": checked.tree for name, checked in segments.items()}
        checked = self.condition(when, segment_scope(reads, segments), path)
        whole = self.expanded(checked, named, reads, path) if checked is not None else None
        return compile_button(whole, reads, measures) if whole is not None and not self.faults else None

    def expanded(self, checked: Checked, named: dict[str, Node], reads: Scope, path: Path) -> Checked | None:
        """The rule's condition with its segments written out, which may be too much of it."""
        try:
            whole = check(expand(checked.tree, named), reads)
            refuse_never(whole, self.limits)
            return whole
        except ConditionError as error:
            self.fault(path, f"with its segments written out, {error.what}", error.hint)
            return None

    def condition(self, text: str, reads: Scope, path: Path) -> Checked | None:
        """Parse and check; a fault is kept with its place in the file."""
        try:
            if self.broken & names_in(parse(text)):
                return None
            checked = check(text, reads)
            refuse_never(checked, self.limits)
        except ConditionError as error:
            line, column = self.positions.of_value(path, error.line, error.column)
            hint = error.hint
            if path[0] == "segments" and error.what.startswith("unknown name segment."):
                hint = "only rules read segments; write its condition out"
            self.faults.append(FileFault(error.what, where=f"{self.name}:{line}:{column}", hint=hint, path=path))
            return None
        for one in checked.warnings:
            line, column = self.positions.of_value(path, one.line, one.column)
            self.warnings.append(Warned(f"{self.name}:{line}:{column}", one.text))
        return checked


def place_in_file(fault: BadInput) -> Position:
    """Line and column of a fault."""
    _, line, column = fault.where.rsplit(":", 2)
    return int(line), int(column)
