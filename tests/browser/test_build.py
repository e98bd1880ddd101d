"""The built front end is the one of its sources, byte for byte, and small enough to be carried by every page."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

STATIC = "src/aparte/static"


@pytest.mark.parametrize(("name", "limit"), [("aparte.js", 4096), ("aparte-widget.js", 12_288)])
def test_tag_and_widget_stay_within_their_budget(root: Path, name: str, limit: int) -> None:
    assert len(gzip.compress((root / STATIC / name).read_bytes(), 9)) <= limit


def test_the_lock_file_names_no_address(root: Path) -> None:
    packages = json.loads((root / "web/package-lock.json").read_text("utf-8"))["packages"]
    assert all(package.get("link") for package in packages.values() if "resolved" in package)
    assert all(
        "integrity" in package
        for name, package in packages.items()
        if "node_modules/" in name and not package.get("link")
    )


@pytest.fixture(scope="session")
def sources(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of web/ with its packages: those that are there, else fetched by npm ci."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("Node.js is not installed; the built files are used as they are")
    copy = tmp_path_factory.mktemp("front") / "web"
    shutil.copytree(root / "web", copy, ignore=shutil.ignore_patterns("node_modules"))
    if (root / "web/node_modules").is_dir():
        shutil.copytree(root / "web/node_modules", copy / "node_modules", symlinks=True)
    else:
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"], cwd=copy, capture_output=True, text=True, check=False
        )
        if done.returncode and os.environ.get("CI") is None:
            pytest.skip(f"npm ci failed: {done.stderr.strip().splitlines()[-1:]}")
        assert done.returncode == 0, done.stderr
    return copy


def test_a_build_from_the_sources_gives_the_committed_files(root: Path, sources: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        ["node", "build.mjs", "--out", tmp_path], cwd=sources, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    built = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert {"aparte.js", "aparte-widget.js"} <= built.keys()
    for name, content in built.items():
        assert content == (root / STATIC / name).read_bytes(), f"{name}: run make ui and commit what it builds"


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
