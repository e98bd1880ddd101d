"""The reference names everything that there is: the lists are the code's own.

Mutants tried: a Reason, a behaviour option, a member of Offer, an option of `explain` and a line of attributes.toml
added without a word in the reference; a wrong default in campaign-file.md; each fails here.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import click
import msgspec
import pytest
from msgspec import NODEFAULT, UNSET

from aparte.cli import cli
from aparte.engagements.decide import BEFORE_CANDIDATE, BEFORE_COVERED, BEFORE_ELIGIBLE
from aparte.engagements.explain import RuleExplained
from aparte.engagements.model import HoldOut, Invite, Reason, Refrain
from aparte.planning.scenario import read_scenario
from aparte.replay.model import RuleCounts, Summary
from aparte.targeting import model
from aparte.targeting.behaviours import KINDS
from aparte.targeting.campaign import load
from aparte.targeting.conditions import Kind, evaluate, parse, to_json
from aparte.targeting.conditions.model import MAX_DEPTH, MAX_NODES, MAX_TEXT, Node
from aparte.targeting.conditions.parse import FUNCTIONS, METHODS
from aparte.targeting.conditions.regex import MAX_PATTERN
from aparte.targeting.conditions.values import OPERATORS
from aparte.targeting.schema import EVENT_SCOPE, attributes, scope


@pytest.fixture(scope="module")
def pages(root: Path) -> dict[str, str]:
    return {file.stem: file.read_text("utf-8") for file in (root / "docs/reference").glob("*.md")}


def rows(text: str, columns: int) -> Iterator[list[str]]:
    """The rows of all tables with so many columns; code without its marks."""
    for line in text.splitlines():
        cells = [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == columns and not set(cells[0]) <= set("-"):
            yield cells


def section(text: str, title: str) -> str:
    """What stands below a heading, up to the next of its level or above."""
    level = title.split(" ", maxsplit=1)[0]
    found = re.search(rf"^{re.escape(title)}$(.*?)(?=^#{{1,{len(level)}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no heading {title!r}"
    return found[1]


def code(cell: str) -> str:
    return cell.strip("`")


def test_the_attributes_are_those_of_the_schema(root: Path) -> None:
    ran = subprocess.run([sys.executable, root / "tools/reference.py", "--check"], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_every_attribute_and_every_name_of_a_where_is_told(pages: dict[str, str]) -> None:
    named = {code(row[0]) for columns in (3, 5) for row in rows(pages["attributes"], columns)}
    assert named >= attributes().keys() | EVENT_SCOPE.symbols.keys() | {f"{one}*" for one in EVENT_SCOPE.prefixes}


def test_every_operator_function_type_and_limit_is_told(pages: dict[str, str]) -> None:
    text = pages["conditions"]
    examples = " ".join(code(row[0]) for row in rows(section(text, "## Operators and functions"), 3))
    signs = {*OPERATORS, "&&", "||", "!", "?", "+", "-", "*", "/", "%", *METHODS, *FUNCTIONS}
    assert not {sign for sign in signs if sign not in examples}
    types = {code(row[0]) for row in rows(section(text, "## Types"), 3)}
    assert types >= {kind.value for kind in Kind}
    assert f"{MAX_TEXT:,} characters" in text
    assert f"{MAX_NODES:,} parts" in text
    assert f"{MAX_DEPTH} levels" in text
    assert f"{MAX_PATTERN:,} characters" in text


def test_every_kind_of_the_stored_form_is_told_with_its_members(pages: dict[str, str]) -> None:
    text = section(pages["conditions"], "## The stored form")
    told = {}
    for kinds, members in rows(text, 2):
        told |= {code(kind): re.findall(r"`(\w+)`", members) for kind in kinds.split(", ")}
    for one in get_args(Node):
        assert sorted(told[one.__struct_config__.tag]) == sorted(one.__struct_fields__)
    [stored] = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert to_json(parse("cart_views >= 2 && has(page.price)")) == json.loads(stored)


def expressions() -> list[tuple[str, str, str]]:
    text = (Path(__file__).parents[2] / "docs/reference/conditions.md").read_text("utf-8")
    found = [tuple(map(code, row)) for row in rows(section(text, "## Operators and functions"), 3)]
    return [row for row in found if row[0] != "expression"]  # type: ignore[misc]


@pytest.mark.parametrize(("expression", "facts", "gives"), expressions())
def test_each_example_of_the_conditions_gives_what_it_says(expression: str, facts: str, gives: str) -> None:
    answer = evaluate(expression, json.loads(facts), scope())
    if gives in {"error", "unsupported"}:
        assert list(answer) == [gives]
    else:
        assert answer == {"value": json.loads(gives)}


REFUSALS = [
    ("page.paht == 'x'", 0), ("session.device == 'phone'", 1), ("session.pages == 'x'", 2), ("session.pages", 3),
    ("page.path.matches('(?=a)')", 4), (" || ".join(["true"] * 2001), 5),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "row"), REFUSALS)
def test_each_refusal_reads_as_it_is_told(pages: dict[str, str], condition: str, row: int) -> None:
    told = [code(cells[1]) for cells in rows(section(pages["conditions"], "## What is refused"), 2)][1:]
    toml = f'[[campaigns]]\nname = \'c\'\n[[campaigns.rules]]\nname = \'r\'\nwhen = """{condition}"""'
    with pytest.raises(Exception, match="f:5") as caught:
        load(toml, "f")
    begin, _, end = told[row].partition("...")
    said = str(caught.value).partition(": ")[2]
    assert said.startswith(begin)
    assert said.endswith(end)


TABLES = {
    "## `[site]`": model.SiteRules,
    "## `[behaviours.NAME]`": model.Behaviour,
    "## `[segments.NAME]`": model.Segment,
    "## `[button]`": model.Button,
    "## `[appearances.NAME]`": model.Appearance,
    "## `[[points_of_sale]]`": model.PointOfSale,
    "## `[[campaigns]]`": model.Campaign,
    "## `[[campaigns.rules]]`": model.Rule,
    "## `offer`": model.Offer,
    "## `[campaigns.experiment]`": (model.Experiment, model.Variant),
    "## `[campaigns.frequency]`": model.Frequency,
    "## `[campaigns.budget]`": model.Budget,
    "## `[campaigns.schedule]`": (model.Schedule, model.Hours),
}


def default(field: Any) -> Any:
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    return field.default


def shown(value: Any) -> set[str]:
    """How the default of a member may be told."""
    if value is NODEFAULT:
        return {"needed"}
    if value is None:
        return {"", "always", "once in a session"}
    if value is UNSET:
        return {"as the offer"}
    if isinstance(value, bool | int | float | str):
        return {f"`{json.dumps(value)}`"}
    if value == ():
        return {"`[]`"}
    return {"every day", "once in a session", "always", "a chat without text"}


def structs() -> list[Any]:
    several = {title: these if isinstance(these, tuple) else (these,) for title, these in TABLES.items()}
    return [pytest.param(title, one, id=one.__name__) for title, these in several.items() for one in these]


@pytest.mark.parametrize(("title", "struct"), structs())
def test_every_member_of_a_campaign_file_is_told_with_its_default(
    pages: dict[str, str], title: str, struct: Any
) -> None:
    told = {code(cells[0]): (cells[2], cells[3]) for cells in rows(section(pages["campaign-file"], title), 4)}
    for field in msgspec.structs.fields(struct):
        said, _ = told[field.name]
        if field.name in ("start", "end") and struct is model.Schedule:
            continue  # told twice in this section, with the hours
        assert said in shown(default(field)), field.name


def test_the_campaign_file_names_every_channel_day_and_goal(pages: dict[str, str]) -> None:
    for word in (*get_args(model.Channel), "lead", "order", "mon", "sun"):
        assert re.search(rf'`"?{word}"?`', pages["campaign-file"]), word


def test_every_campaign_in_the_documents_is_good(root: Path) -> None:
    found = []
    for file in [*root.glob("*.md"), *(root / "docs").rglob("*.md")]:
        for block in re.findall(r"^```toml\n(.*?)^```$", file.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            found.append(file.name)
            if "[visitors]" in block:
                read_scenario(block)
            elif "page.dwel >=" not in block:  # the slip of the tutorial
                load(block, file.name)
    assert len(found) >= 15


def test_every_kind_and_option_of_behaviours_is_told(pages: dict[str, str]) -> None:
    kinds = [code(row[0]) for row in rows(section(pages["behaviours"], "## Kinds"), 5)][1:]
    options = [code(row[0]) for row in rows(section(pages["behaviours"], "## Options"), 5)][1:]
    assert tuple(kinds) == KINDS
    assert set(kinds) | set(options) == set(model.Behaviour.__struct_fields__)


def test_every_gate_and_every_reason_is_told_in_its_order(pages: dict[str, str]) -> None:
    gates = [code(row[2]) for row in rows(section(pages["decisions"], "## The order of the gates"), 3)][1:]
    assert gates == [gate.__name__ for gate in BEFORE_ELIGIBLE + BEFORE_COVERED + BEFORE_CANDIDATE]
    reasons = [code(row[0]) for row in rows(section(pages["decisions"], "## Reasons"), 3)][1:]
    assert reasons == [reason.value for reason in Reason]


def test_every_limit_of_frequency_is_told(pages: dict[str, str], root: Path) -> None:
    source = (root / "src/aparte/engagements/frequency.py").read_text("utf-8")
    limits = set(re.findall(r'return "(\w+)"', source))
    assert limits
    assert all(f"`{limit}`" in section(pages["decisions"], "## Reasons") for limit in limits)


@pytest.mark.parametrize("struct", [Invite, HoldOut, Refrain])
def test_every_member_of_a_decision_is_told(pages: dict[str, str], struct: Any) -> None:
    told = {
        code(name): row[1]
        for row in rows(section(pages["decisions"], "## A line of `--decisions-out`"), 3)
        for name in row[0].split(", ")
    }
    assert told["decision"] == "all"
    for name in struct.__struct_fields__:
        assert told[name] in ("all", struct.__struct_config__.tag), name


def test_every_figure_of_a_replay_is_told(pages: dict[str, str]) -> None:
    text = section(pages["replay"], "## What it prints")
    for name in (*Summary().as_json(), *RuleCounts.__struct_fields__):
        assert f"`{name}`" in text, name


def test_every_member_of_an_explanation_is_told(pages: dict[str, str]) -> None:
    text = section(pages["command-line"], "## `aparte explain`")
    assert all(f"`{name}`" in text for name in RuleExplained.__struct_fields__)


def commands(group: click.Group, path: str = "aparte") -> Iterator[tuple[str, click.Command]]:
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize(("path", "command"), list(commands(cli)))
def test_every_command_option_and_choice_is_told(pages: dict[str, str], path: str, command: click.Command) -> None:
    level = "#" * max(2, path.count(" ") + 1)
    text = section(pages["command-line"], f"{level} `{path}`")
    names = [name for option in command.params for name in option.opts if name.startswith("-")]
    assert path == "aparte" or all(re.search(rf"`{name}[` ]", text) for name in names)
    if path == "aparte":
        assert all(word in text for word in ("`--version`", "`--help`", "`-h`"))


def test_nothing_is_told_that_is_not_there(pages: dict[str, str]) -> None:
    known = {name for _, command in commands(cli) for option in command.params for name in option.opts}
    told = set(re.findall(r"`(--?[a-z][a-z-]*)", pages["command-line"]))
    assert told <= known | {"--help", "-h", "--version"}
