"""Which line of the requirements is shown by which test: writes docs/coverage.md.

Reads the marks `@pytest.mark.covers("S0-30", ...)` out of the source of the tests, so that the page is the same on
every machine, whatever a test skips there. `--check` writes nothing and fails when the page is not up to date.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATES = {"planned": "planned", "input": "input", "not_software": "not software"}
INTRODUCTION = """\
# Which requirement is shown by which test

Made by `make coverage` from `docs/requirements.toml` and the tests; not written by hand. A line is **covered** when a
test carries its number, and that test runs with every change. *Planned*: software will do it. *Input*: a figure or a
claim, which a user enters into a business case. *Not software*: people do it.
"""


class Misplaced(Exception):
    """A mark that cannot count; the text says where it is and why."""


def marks(node: ast.AST) -> Iterator[ast.Call]:
    """The covers marks in an expression: a decorator, a `pytestmark`, the parameters of a test."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("mark.covers"):
            yield call


def is_test(name: str) -> bool:
    return name.startswith(("test", "Test"))


def lines_of(call: ast.Call, where: str) -> Iterator[str]:
    for argument in call.args:
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            raise Misplaced(f"{where}: a mark takes the numbers as plain strings")
        yield argument.value


def is_switched_off(definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """A test that never runs, or is known to fail, shows nothing."""
    names = (ast.unparse(mark.func if isinstance(mark, ast.Call) else mark) for mark in definition.decorator_list)
    return any(name.endswith(("mark.skip", "mark.xfail")) for name in names)


def covered_in(source: str, path: str) -> Iterator[tuple[str, str]]:
    """Pairs of a requirement's number and the name of a test."""
    tree = ast.parse(source, path)
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from covered_by(statement, path)
        else:
            for call in marks(statement):
                yield from ((number, path) for number in lines_of(call, f"{path}:{call.lineno}"))


def covered_by(
    definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, path: str
) -> Iterator[tuple[str, str]]:
    name = f"{path}::{definition.name}"
    for decorator in definition.decorator_list:
        for call in marks(decorator):
            if not is_test(definition.name):
                raise Misplaced(f"{name} carries a covers mark and is not a test")
            if not is_switched_off(definition):
                yield from ((number, name) for number in lines_of(call, f"{path}:{call.lineno}"))
    if isinstance(definition, ast.ClassDef) and not is_switched_off(definition):
        for member in definition.body:
            if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from covered_by(member, name)


def tests_by_line(root: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in sorted((root / "tests").rglob("test_*.py")):
        for number, name in covered_in(file.read_text(encoding="utf-8"), file.relative_to(root).as_posix()):
            tests = found.setdefault(number, [])
            if name not in tests:
                tests.append(name)
    return found


def cell(tests: list[str]) -> str:
    return "<br>".join(f"`{test}`" for test in tests)


def page(root: Path) -> str:
    """The text of docs/coverage.md."""
    lines = tomllib.loads((root / "docs" / "requirements.toml").read_text(encoding="utf-8"))
    found = tests_by_line(root)
    for number in found.keys() - lines.keys():
        raise Misplaced(f"{found[number][0]} covers {number!r}, which is no line of docs/requirements.toml")
    states = {number: "**covered**" if number in found else STATES[line["status"]] for number, line in lines.items()}
    counts = [f"{list(states.values()).count(state)} {state}" for state in ("**covered**", *STATES.values())]
    rows = [
        f"| {number} | {line['summary']} | {states[number]} | {cell(found.get(number, []))} |"
        for number, line in lines.items()
    ]
    table = ["| number | what it asks for | state | shown by |", "|---|---|---|---|", *rows]
    return f"{INTRODUCTION}\nOf {len(lines)} lines: {', '.join(counts)}.\n\n" + "\n".join(table) + "\n"


def main(arguments: list[str]) -> int:
    target = ROOT / "docs" / "coverage.md"
    try:
        text = page(ROOT)
    except Misplaced as error:
        print(f"coverage: {error}", file=sys.stderr)
        return 2
    if "--check" in arguments:
        if target.is_file() and target.read_text(encoding="utf-8") == text:
            return 0
        print("coverage: docs/coverage.md is not up to date with the tests; run make coverage", file=sys.stderr)
        return 1
    target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
