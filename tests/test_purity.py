"""What decides asks no clock and throws no dice: the time comes with the event, an arm is a stable hash."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

CLOCKS = {"datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today"}
DICE = {"uuid.uuid1", "uuid.uuid4", "hash"}  # hash() of a text differs from process to process
OUTSIDE = {"open", "print", "input", "breakpoint", "urllib.request.urlopen"}
MODULES = {"time", "random", "secrets", "os"}


def full_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: `dt` is `datetime.datetime` after `from datetime import datetime as dt`."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = (
                    alias.asname and alias.name
                ) or alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call, but those inside a `__hash__` method, which is where hash() belongs."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.FunctionDef) and child.name == "__hash__":
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from calls(child)


def impurities(source: str) -> list[str]:
    """Each call of a clock, of dice or of the outside world, with its line."""
    tree = ast.parse(source)
    names = full_names(tree)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    found = []
    for call in calls(tree):
        first, dot, rest = ast.unparse(call.func).partition(".")
        name = names.get(first, first) + dot + rest
        known = name in CLOCKS | DICE | OUTSIDE or name.partition(".")[0] in MODULES & {
            full.partition(".")[0] for full in names.values()
        }
        if known and not (name in own and not dot):
            found.append(f"line {call.lineno}: {name}()")
    return found


def pure_files(root: Path) -> list[Path]:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "forbidden")
    parts = [root / "src" / Path(*module.split(".")) for module in contract["source_modules"]]
    return [file for part in parts for file in sorted(part.rglob("*.py"))]


def test_deciding_parts_call_no_clock_no_dice_and_nothing_outside(root: Path) -> None:
    files = pure_files(root)
    found = [f"{file.relative_to(root)}, {what}" for file in files for what in impurities(file.read_text("utf-8"))]
    assert len(files) >= 7
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "import datetime as d\nd.date.today()",
        "from datetime import datetime as dt\ndt.utcnow()",
        "from datetime import UTC, datetime\ndef f():\n    return datetime.now(tz=UTC)",
        "import time\ntime.monotonic()",
        "from time import perf_counter as tick\ntick()",
        "import random\nx = [random.random() for _ in 'ab']",
        "from secrets import token_hex\ntoken_hex()",
        "import uuid\nstr(uuid.uuid4())",
        "from uuid import uuid1\nuuid1()",
        "arm = hash('visitor') % 100",
        "open('f')",
        "print('here')",
    ],
)
def test_a_clock_or_dice_is_noticed_however_it_is_imported(source: str) -> None:
    assert len(impurities(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.fromisoformat('2016-08-01')",
        "from uuid import UUID\nUUID(int=5)",
        "class A:\n    def __hash__(self):\n        return hash(1)",
        "def rank(time, random):\n    return time.hour + random.choice",
        "def f(time):\n    return time.isoformat()",
    ],
)
def test_what_is_no_clock_passes(source: str) -> None:
    assert impurities(source) == []
