"""What the documents say can be found: pages, links, dependencies, make targets."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def markdown_files(root: Path) -> list[Path]:
    return [
        *sorted(root.glob("*.md")),
        *sorted((root / "docs").rglob("*.md")),
        *sorted((root / "examples").rglob("*.md")),
    ]


def pages_of(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [page for part in parts for page in pages_of(part)]


def test_every_page_is_in_the_navigation_once_and_none_is_empty(root: Path) -> None:
    nav = pages_of(yaml.safe_load((root / "mkdocs.yml").read_text("utf-8"))["nav"])
    pages = {file.relative_to(root / "docs").as_posix(): file for file in (root / "docs").rglob("*.md")}
    assert sorted(nav) == sorted(pages)
    for name, file in pages.items():
        assert len(file.read_text("utf-8").split()) >= 60, name


def test_every_link_between_documents_leads_somewhere(root: Path) -> None:
    dead = []
    for file in markdown_files(root):
        for target in LINK.findall(file.read_text("utf-8")):
            if "://" not in target and not target.startswith(("#", "mailto:")):
                path = file.parent / target.partition("#")[0]
                if not path.exists():
                    dead.append(f"{file.relative_to(root)}: {target}")
                elif file.is_relative_to(root / "docs") and not path.resolve().is_relative_to(root / "docs"):
                    dead.append(f"{file.relative_to(root)}: {target} leaves the built pages")
    assert not dead


def declared(root: Path) -> set[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return {re.match(r"[\w.-]+", line).group().lower() for line in lines}  # type: ignore[union-attr]


def test_every_dependency_has_its_reason_and_no_other_is_listed(root: Path) -> None:
    page = (root / "docs/reference/dependencies.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([\w.-]+)` \| \S", page, re.MULTILINE)) == declared(root)


def test_every_dependency_is_locked_with_hashes_and_without_an_address(root: Path) -> None:
    lock = (root / "requirements-dev.txt").read_text("utf-8")
    entries = re.split(r"\n(?=\w)", lock.strip())
    assert declared(root) <= {entry.partition("==")[0] for entry in entries}
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|--index|--find-links|/", lock)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "docs/index.md"])
def test_every_make_target_that_a_document_names_exists(root: Path, name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^ +)make ([a-z]+(?:-[a-z]+)*)", (root / name).read_text("utf-8"), re.MULTILINE))
    assert named <= targets
