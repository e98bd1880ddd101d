"""The commands of the documents print what the documents say. Mutant tried: a figure of the tutorial changed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aparte.cli import cli
from aparte.planning.futures import futures
from aparte.planning.scenario import read_scenario

PAGES = (
    "docs/tutorial.md", "docs/tutorial-business-case.md", "docs/tutorial-business-case.fr.md",
    "docs/reference/command-line.md",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_print_what_it_says(root: Path, page: str) -> None:
    ran = subprocess.run(
        [sys.executable, root / "tools/console.py", "--check", root / page], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_page_that_says_something_else_is_found(root: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo 3\n4\n```\n", "utf-8")
    words = [sys.executable, root / "tools/console.py"]
    assert subprocess.run([*words, "--check", page], capture_output=True, check=False).returncode == 1
    assert subprocess.run([*words, page], check=False).returncode == 0
    assert page.read_text("utf-8") == "```console\n$ echo 3\n3\n```\n"


@pytest.mark.parametrize("page", ["docs/tutorial-business-case.md", "docs/tutorial-business-case.fr.md"])
def test_the_business_case_of_the_tutorial_says_what_its_words_say(root: Path, page: str) -> None:
    text = (root / page).read_text("utf-8")
    everybody, carts = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    nobody, some = (futures(read_scenario(one), seed=1, draws=2_000) for one in (everybody, carts))
    assert nobody.winning_dots < 25 < some.winning_dots
    assert some.low < 0 < some.expected


def test_the_short_example_of_the_readme_works(root: Path, tmp_path: Path) -> None:
    readme = (root / "README.md").read_text("utf-8")
    [campaign] = re.findall(r"^```toml\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    (tmp_path / "campaigns.toml").write_text(campaign, "utf-8")
    shutil.copytree(root / "examples", tmp_path / "examples")
    lines = re.findall(r"^    \.venv/bin/aparte (.+)$", readme, re.MULTILINE)
    assert len(lines) == 2
    for line in lines:
        subprocess.run([sys.executable, "-m", "aparte", *line.split()], cwd=tmp_path, check=True, capture_output=True)


def test_the_readme_lists_every_command(root: Path) -> None:
    listed = re.findall(r"^\| `aparte (\w+)` \|", (root / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(cli.commands)
