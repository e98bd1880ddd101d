"""The built front end is the one of its sources, byte for byte, and small enough to be carried by every page."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

STATIC = "src/aparte/static"
BY_HAND = {"journey.css", "report.css"}


@pytest.mark.parametrize(
    ("name", "limit"), [("aparte.js", 4096), ("aparte-widget.js", 12_288), ("aparte-widget-chat.js", 8192)]
)
def test_tag_and_widget_stay_within_their_budget(root: Path, name: str, limit: int) -> None:
    assert len(gzip.compress((root / STATIC / name).read_bytes(), 9)) <= limit


def whole(static: Path, name: str) -> set[str]:
    """A file of the console, and all that it cannot begin without."""
    found, new = set[str](), {name}
    while new:
        one = new.pop()
        found.add(one)
        text = (static / one).read_text("utf-8")
        new |= set(re.findall(r'(?:from|import)"\./(console[\w.-]+\.js)"', text)) - found
    return found


def brought(static: Path, names: set[str]) -> list[str]:
    """What these files fetch when it is wanted."""
    return [
        one
        for name in names
        for one in re.findall(r'import\("\./(console[\w.-]+)"\)', (static / name).read_text("utf-8"))
    ]


@pytest.mark.parametrize(("language", "other"), [("fr", "en"), ("en", "fr")])
def test_whatever_screen_one_begins_with_the_console_stays_within_its_budget(
    root: Path, language: str, other: str
) -> None:
    """Scripts and styles of the first chunk and of one screen, in the reader's language."""
    static = root / STATIC
    start = whole(static, "console.js")
    wanted = [one for one in brought(static, start) if not one.startswith(f"console-{other}-")]
    words = {one for one in wanted if one.startswith(f"console-{language}-")}
    screens = [whole(static, one) for one in wanted if one not in words]
    assert words
    assert len(screens) >= 6
    for screen in screens:
        theirs = {one for one in brought(static, screen - start) if one.startswith(f"console-{language}-")}
        parts = start | words | screen | theirs | {"console.css"}
        assert sum(len(gzip.compress((static / one).read_bytes(), 9)) for one in parts) <= 120 * 1024, sorted(screen)


def test_the_lock_file_names_no_address(root: Path) -> None:
    packages = json.loads((root / "web/package-lock.json").read_text("utf-8"))["packages"]
    assert all(package.get("link") for package in packages.values() if "resolved" in package)
    assert all(
        "integrity" in package
        for name, package in packages.items()
        if "node_modules/" in name and not package.get("link")
    )


@pytest.fixture(scope="session")
def sources(root: Path, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of web/ with its packages; a build writes into it, and nothing that is not in the repository is in it."""
    copy = tmp_path_factory.mktemp("front") / "web"
    shutil.copytree(root / "web", copy, ignore=shutil.ignore_patterns("node_modules"))
    shutil.copytree(packages, copy / "node_modules", symlinks=True)
    return copy


def test_a_build_from_the_sources_gives_the_committed_files(root: Path, sources: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        ["node", "build.mjs", "--out", tmp_path], cwd=sources, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    built = {str(file.relative_to(tmp_path)): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert (
        set(built)
        == {str(file.relative_to(root / STATIC)) for file in (root / STATIC).rglob("*") if file.is_file()} - BY_HAND
    )
    for name, content in built.items():
        assert content == (root / STATIC / name).read_bytes(), f"{name}: run make ui and commit what it builds"
    icons = "console/src/icons.ts"
    assert (sources / icons).read_bytes() == (root / "web" / icons).read_bytes(), f"{icons}: run make ui"


def test_the_sources_pass_the_check_of_types(sources: Path) -> None:
    done = subprocess.run(["node", "check.mjs"], cwd=sources, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_on_the_tag_names_every_word_that_can_be_replaced(root: Path) -> None:
    table = re.findall(
        r'(\w+): \[\s*"([^"]*)",\s*"([^"]*)",?\s*\]', (root / "web/widget/src/words.ts").read_text("utf-8")
    )
    words = (root / "docs/reference/tag.md").read_text("utf-8").partition("## Look and words")[2]
    assert len(table) > 50
    assert table == re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \|$", words, re.MULTILINE)


def test_no_name_of_the_wire_or_of_the_page_is_shortened(root: Path) -> None:
    inner = set(json.loads((root / "web/widget/entries.json").read_text("utf-8"))["aparte-widget"]["inner"])
    wire = (root / "web/protocol/src/index.ts").read_text("utf-8")
    words = (root / "web/widget/src/words.ts").read_text("utf-8")
    outer = set(re.findall(r"(\w+)\??[:(]", wire)) | set(re.findall(r"^  (\w+): \[", words, re.MULTILINE))
    chat = ("chat.tsx", "form.tsx", "survey.tsx", "parts.tsx", "card.tsx", "mail.tsx", "standing.ts", "links.ts")
    later = "".join((root / "web/widget/src" / name).read_text("utf-8") for name in chat)
    assert len(inner) > 40
    assert len(outer) > 100
    assert not inner & outer
    code = re.sub(r"//[^\n]*", "", re.sub(r"/\*.*?\*/", "", later, flags=re.DOTALL))
    assert not inner & set(re.findall(r"\b\w+\b", code))
