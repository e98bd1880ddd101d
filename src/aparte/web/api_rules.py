"""What the rule builder asks: names and operators, text and rows, whom a condition matches, why not this visitor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, TypeVar

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct, field

from aparte.engine.explaining import Explained
from aparte.engine.matching import Example, Matched, question
from aparte.targeting.campaign import CampaignError, Campaigns, Loader
from aparte.targeting.check import segment_scope
from aparte.targeting.conditions import MAX_TEXT, Checked, ConditionError, Scope, check, parse, to_text
from aparte.targeting.conditions.rows import AnyRow, CompareRow, Row, TextRow, node_of, rows_of, tree_of
from aparte.targeting.locate import Positions
from aparte.targeting.model import CampaignFile
from aparte.targeting.schema import scope
from aparte.targeting.vocabulary import (
    OPERATORS,
    Described,
    described,
    events_of_file,
    known_events,
    skills_of_file,
)
from aparte.web.campaigns import Planning
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.posted import posted_file, refused
from aparte.web.principal import Principal

SLICE_S = 0.008
"""For so long one question may keep the event loop at a time."""
RECENT = 2_000
"""Lines of the log in which events that nobody has named are looked for."""
T = TypeVar("T")
When = Annotated[str, Meta(max_length=MAX_TEXT)]
OneRow = CompareRow | AnyRow | TextRow


class FileBody(Struct, forbid_unknown_fields=True):
    """A campaign file."""

    file: dict[str, Any]


class ConditionBody(Struct, forbid_unknown_fields=True):
    """A condition as text or as rows, and the file whose behaviours and segments it may read."""

    text: When | None = None
    rows: Annotated[list[OneRow], Meta(max_length=200)] | None = None
    file: dict[str, Any] | None = None


class MatchBody(Struct, forbid_unknown_fields=True):
    """A condition in a file that need not be published; `rule`: `campaign/rule` whose gates and hold-out count."""

    file: dict[str, Any]
    when: When
    rule: str = ""


class Schema(Struct):
    """Everything that the builder offers."""

    attributes: list[Described]
    operators: dict[str, tuple[str, ...]]
    events: list[str]
    skills: list[str]
    languages: list[str]


class Fault(Struct, omit_defaults=True):
    """What is wrong with a condition, and where in its text; `row`, from 0, when it came as rows."""

    line: int
    column: int
    what: str
    hint: str = ""
    row: int | None = None


class Condition(Struct):
    """The same condition both ways."""

    text: str
    rows: list[OneRow]
    faults: list[Fault] = field(default_factory=list)


class MatchRow(Struct):
    """A clause, and how many match it together with those before it."""

    text: str
    matching: int


class MatchAnswer(Struct):
    """See `engine/matching.py`."""

    online: int
    rows: list[MatchRow]
    matching: int
    invitable: int
    held_out: int
    engaged: int
    unmeasured: int
    examples: list[Example]


# Names


@get("/campaigns/schema", summary="What conditions may read, and with which operators", right="read")
async def schema(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Schema:
    """With the behaviours and segments of the published campaigns."""
    campaigns = desk.campaigns(me.site)
    return await schema_of(me, desk, campaigns.file if campaigns else CampaignFile())


@post("/campaigns/schema", status_code=200, summary="The same for a file that is not published", right="read")
async def schema_of_file(
    data: JSONBody[FileBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Schema:
    """With the behaviours and segments of this file."""
    return await schema_of(me, desk, posted_file(data.file))


async def schema_of(me: Principal, desk: Desk, file: CampaignFile) -> Schema:
    """What the builder offers for a file."""
    site, store = desk.directory.site(me.site), desk.store
    recent = {line.name for line in store.log(after=max(0, store.last_seq() - RECENT), site=me.site)}
    base = await asyncio.to_thread(base_of, file)
    events = {*known_events(), *events_of_file(file), *recent} - {""}
    return Schema(
        attributes=described(base.measures.values(), file),
        operators=dict(OPERATORS),
        events=sorted(events),
        skills=sorted(Planning(desk, me).skills() | skills_of_file(file)),
        languages=list(file.site.languages or site.languages),
    )


def base_of(file: CampaignFile) -> Campaigns:
    """Behaviours and segments of a file, compiled; Problem 400 when they cannot be."""
    try:
        return Loader(CampaignFile(file.site, file.behaviours, file.segments), "file", Positions("")).load()
    except CampaignError as error:
        raise refused(error) from None


# Text and rows


@post("/campaigns/condition", status_code=200, summary="A condition as text and as rows", right="read")
async def condition(
    data: JSONBody[ConditionBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Condition:
    """Whichever way it comes, it goes back both ways, with its faults."""
    campaigns = desk.campaigns(me.site)
    published = campaigns.file if campaigns is not None else CampaignFile()
    file = posted_file(data.file) if data.file is not None else published
    reads = await asyncio.to_thread(scope_of, file)
    if data.rows is not None:
        return of_rows(data.rows, reads)
    return of_text(data.text or "", reads)


def scope_of(file: CampaignFile) -> Scope:
    """What a condition may read in this file."""
    base = base_of(file)
    reads = scope(base.measures.values())
    segments: dict[str, Checked] = {name: check(one.when, reads) for name, one in file.segments.items()}
    return segment_scope(reads, segments)


def of_text(text: str, reads: Scope) -> Condition:
    """The rows of a text; without rows when it cannot be read."""
    if not text.strip():
        return Condition("", [])
    try:
        rows = rows_of(parse(text))
    except ConditionError as error:
        return Condition(text, [], [fault_of(error)])
    return Condition(text, rows, list(faults_of(text, reads)))


def of_rows(rows: list[Row], reads: Scope) -> Condition:
    """The text of rows; each row's fault with its place."""
    faults = []
    for place, row in enumerate(rows):
        try:
            check(node_of(row), reads)
        except ConditionError as error:
            faults.append(fault_of(error, place))
    try:
        text = to_text(tree_of(rows)) if rows else ""
        return Condition(text, rows, faults or (list(faults_of(text, reads)) if text else []))
    except ConditionError as error:
        return Condition("", rows, faults or [fault_of(error)])


def faults_of(text: str, reads: Scope) -> Iterable[Fault]:
    """What the check says of a text that can be read."""
    try:
        check(text, reads)
    except ConditionError as error:
        yield fault_of(error)


def fault_of(error: ConditionError, row: int | None = None) -> Fault:
    """A refusal as the wire has it."""
    return Fault(error.line, error.column, error.what, error.hint, row)


# Whom


@post(
    "/campaigns/match",
    status_code=200,
    summary="Whom a condition matches among the visitors who are here",
    right="read",
)
async def match(data: JSONBody[MatchBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> MatchAnswer:
    """The file need not be published; behaviours that only it has are measured from what is stored of the sessions."""
    file = posted_file(data.file)
    campaign, _, rule = data.rule.partition("/")
    try:
        asked = await asyncio.to_thread(question, file, data.when, (campaign, rule))  # compiling takes its time
    except ConditionError as error:
        faults = [{"line": error.line, "column": error.column, "what": error.what, "hint": error.hint}]
        raise Problem(
            400, "bad_condition", error.what, where="when", hint=error.hint, beside={"faults": faults}
        ) from None
    except CampaignError as error:
        raise refused(error) from None
    found: Matched = await in_slices(desk.engine.matching(me.site, asked))
    rows = [MatchRow(clause.text, count) for clause, count in zip(asked.clauses, found.rows, strict=True)]
    return MatchAnswer(
        found.online, rows, found.matching, found.invitable, found.held_out, found.engaged, found.unmeasured,
        found.examples,
    )  # fmt: skip


async def in_slices(steps: Iterator[T | None]) -> T:
    """The answer of a question that stops often; the event loop goes on in between."""
    begun = time.perf_counter()
    for found in steps:
        if found is not None:
            return found
        if time.perf_counter() - begun > SLICE_S:
            await asyncio.sleep(0)
            begun = time.perf_counter()
    raise AssertionError("a question ended without an answer")


# Why


@get(
    "/visitors/{visitor:str}/explain", summary="Every rule for one visitor, as it is now", right="read", secret_key=True
)
async def explain(
    visitor: Annotated[str, PathParameter(max_length=256)],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
) -> Explained:
    """Clauses with their values, gates, arms, next look, capacity, pacing. Also with the secret key."""
    steps = desk.engine.explaining(me.site, visitor)
    if steps is None:
        raise Problem(404, "no_such_visitor", "nothing is known of this visitor", where="visitor")
    return await in_slices(steps)


ROUTER = Router(
    "/api/v1", route_handlers=[schema, schema_of_file, condition, match, explain], tags=["Rules"]
)  # fmt: skip
