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
BY_HAND = {"report.css"}


@pytest.mark.parametrize(
    ("name", "limit"), [("aparte.js", 4096), ("aparte-widget.js", 12_288), ("aparte-widget-chat.js", 8192)]
)
def test_tag_and_widget_stay_within_their_budget(root: Path, name: str, limit: int) -> None:
    assert len(gzip.compress((root / STATIC / name).read_bytes(), 9)) <= limit


@pytest.mark.parametrize(("language", "other"), [("fr", "en"), ("en", "fr")])
def test_the_whole_console_stays_within_its_budget_for_a_reader_of_one_language(
    root: Path, language: str, other: str
) -> None:
    """First chunk and all that come later, for every screen; the words of the other language are not fetched."""
    parts = [file for file in (root / STATIC).glob("console*.js") if not file.name.startswith(f"console-{other}-")]
    assert any(file.name.startswith(f"console-{language}-") for file in parts)
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in parts) <= 120 * 1024


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
