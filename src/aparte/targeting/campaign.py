"""Campaign files: read, checked, compiled. A file is taken whole or refused whole; each fault has its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from aparte.kit.errors import BadInput
from aparte.targeting.behaviours import Measure, Where, measure
from aparte.targeting.check import check_coupon, check_delays, check_file, members_at, near, segment_scope
from aparte.targeting.conditions import Checked, ConditionError, Scope, check, compile_condition
from aparte.targeting.index import RuleIndex
from aparte.targeting.locate import Path, Positions, path_of
from aparte.targeting.model import CampaignFile
from aparte.targeting.rules import CompiledRule, compile_rule
from aparte.targeting.schema import EVENT_SCOPE, scope
from aparte.targeting.segments import expand


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

    @property
    def rules(self) -> tuple[CompiledRule, ...]:
        """All rules, in the order of the file."""
        return self.index.rules

    def empty_measures(self) -> list[Any]:
        """The behaviours of a session that begins."""
        return [one.empty for one in self.measures.values()]


class CampaignError(BadInput):
    """A campaign file is refused; `faults` are all that was found, each with its place."""

    def __init__(self, faults: list[BadInput]) -> None:
        self.faults = faults
        super().__init__(faults[0].what, where=faults[0].where, hint=faults[0].hint)


def load(text: str, name: str) -> Campaigns:
    """Read, check and compile a campaign file.

    `name` is what the file is called in messages. Raises CampaignError with every fault that was found.
    """
    file = decode(text, name)
    return Loader(file, name, Positions(text)).load()


def compiled(file: CampaignFile, name: str = "campaigns") -> Campaigns:
    """Check and compile campaigns that do not come from a text."""
    return Loader(file, name, Positions("")).load()


def decode(text: str, name: str) -> CampaignFile:
    """The file's shape; raises CampaignError for anything that TOML or the shape refuses."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CampaignError([syntax_fault(str(error), name)]) from None
    try:
        return msgspec.convert(tables, CampaignFile)
    except msgspec.ValidationError as error:
        raise CampaignError([shape_fault(str(error), name, Positions(text))]) from None


def syntax_fault(message: str, name: str) -> BadInput:
    """What the TOML parser says, with its place in front."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    place = f"{name}:{found.group(1)}:{found.group(2)}" if found else name
    what = re.sub(r"\s*\(at .*\)", "", message)
    return BadInput(f"this is not TOML: {what}", where=place, hint="see docs/reference/campaign-file.md")


def shape_fault(message: str, name: str, positions: Positions) -> BadInput:
    """What the shape refuses, with its place and the nearest name that would do."""
    what, _, at = message.partition(" - at `")
    path = path_of(at.rstrip("`")) if at else ()
    unknown = re.search(r"unknown field `(.+?)`", what)
    if unknown:
        path = (*path, unknown.group(1))
        what = f"unknown member {unknown.group(1)!r}"
        return BadInput(what, where=place(name, positions, path), hint=members_hint(path, unknown.group(1)))
    return BadInput(what[:1].lower() + what[1:], where=place(name, positions, path))


def members_hint(path: Path, wrong: str) -> str:
    """What the table may hold, and the nearest of it."""
    members = members_at(path[:-1])
    return f"{near(wrong, members)}it may hold {', '.join(members)}" if members else ""


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

    def load(self) -> Campaigns:
        """Everything, or CampaignError."""
        for path, what, hint in check_file(self.file):
            self.faults.append(BadInput(what, where=place(self.name, self.positions, path), hint=hint))
        wheres = {name: self.where(name, one.where) for name, one in self.file.behaviours.items()}
        self.stop_at_faults()
        measures = {
            name: measure(name, one, slot, wheres[name])
            for slot, (name, one) in enumerate(self.file.behaviours.items())
        }
        reads = scope(measures.values())
        segments = self.segments(reads)
        rules = tuple(self.rules(reads, segments, measures))
        self.stop_at_faults()
        return Campaigns(self.file, RuleIndex(rules, measures, reads), tuple(self.warnings), measures)

    def stop_at_faults(self) -> None:
        """Nothing is half loaded."""
        if self.faults:
            raise CampaignError(self.faults)

    def where(self, name: str, text: str | None) -> Where | None:
        """The condition of a behaviour."""
        checked = self.condition(text, EVENT_SCOPE, ("behaviours", name, "where")) if text is not None else None
        return compile_condition(checked) if checked is not None else None

    def segments(self, reads: Scope) -> dict[str, Checked]:
        """The named conditions."""
        found = {
            name: self.condition(one.when, reads, ("segments", name, "when"))
            for name, one in self.file.segments.items()
        }
        return {name: checked for name, checked in found.items() if checked is not None}

    def rules(self, reads: Scope, segments: dict[str, Checked], measures: dict[str, Measure]) -> Iterator[CompiledRule]:
        """The rules, numbered in the order of the file; a segment stands for its condition."""
        named = {f"segment.{name}": checked.tree for name, checked in segments.items()}
        with_segments = segment_scope(reads, segments)
        index = 0
        for number, campaign in enumerate(self.file.campaigns):
            for place_, rule in enumerate(campaign.rules):
                path = ("campaigns", number, "rules", place_, "when")
                checked = self.condition(rule.when, with_segments, path)
                if checked is None:
                    continue
                whole = check(expand(checked.tree, named), reads)
                for what in (*check_delays(campaign, whole), *check_coupon(rule, whole)):
                    self.faults.append(BadInput(what, where=place(self.name, self.positions, path)))
                yield compile_rule(index, campaign, rule, whole, reads, measures)
                index += 1

    def condition(self, text: str, reads: Scope, path: Path) -> Checked | None:
        """Parse and check; a fault is kept with its place in the file."""
        try:
            checked = check(text, reads)
        except ConditionError as error:
            line, column = self.positions.of_value(path, error.line, error.column)
            self.faults.append(BadInput(error.what, where=f"{self.name}:{line}:{column}", hint=error.hint))
            return None
        where = place(self.name, self.positions, path)
        self.warnings += [Warned(where, warning.text) for warning in checked.warnings]
        return checked
