"""The list of requirements, the marks in the tests and the page made of both agree."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

LINES = 78 + 145


def requirements(root: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads((root / "docs" / "requirements.toml").read_text(encoding="utf-8"))


def test_every_line_of_both_papers_is_there_in_order_with_a_summary_and_a_known_state(root: Path) -> None:
    lines = requirements(root)
    assert list(lines) == [f"S0-{n:02}" for n in range(1, 79)] + [f"S1-{n:02}" for n in range(1, 146)]
    assert len(lines) == LINES
    assert len({line["summary"] for line in lines.values()}) == LINES
    for number, line in lines.items():
        assert line.keys() <= {"status", "stage", "summary"}, number
        assert line["status"] in {"planned", "input", "not_software"}, number
        assert ("stage" in line) == (line["status"] == "planned"), number


def test_every_stage_named_is_a_part_of_the_architecture(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(c["layers"] for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    parts = set(re.findall(r"\w+", " ".join(layers)))
    assert {line["stage"] for line in requirements(root).values() if "stage" in line} <= parts


def test_the_numbers_are_those_of_the_reference(root: Path, shared: Path) -> None:
    reference = (shared / "requirements.md").read_text(encoding="utf-8")
    assert list(requirements(root)) == re.findall(r"^\| (S[01]-\d+) \|", reference, re.MULTILINE)


def test_the_page_of_coverage_is_up_to_date(root: Path) -> None:
    check = [sys.executable, str(root / "tools" / "coverage.py"), "--check"]
    answer = subprocess.run(check, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0, answer.stderr


@pytest.fixture
def small_project(root: Path, tmp_path: Path) -> Path:
    """A project of two requirements, with our conftest and our tool."""
    for folder in ("docs", "tests", "tools"):
        (tmp_path / folder).mkdir()
    shutil.copy(root / "tests" / "conftest.py", tmp_path / "tests")
    shutil.copy(root / "tools" / "coverage.py", tmp_path / "tools")
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\nmarkers = ["covers(*lines): lines"]\n')
    (tmp_path / "docs" / "requirements.toml").write_text(
        'S0-01 = { status = "planned", stage = "kit", summary = "One." }\n'
        'S0-02 = { status = "input", summary = "Two." }\n'
    )
    return tmp_path


def run(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=project, capture_output=True, text=True, timeout=60, check=False
    )


def write_test(project: Path, text: str) -> None:
    (project / "tests" / "test_it.py").write_text("import pytest\n\n" + text)


def test_a_mark_with_an_unknown_number_stops_the_tests_and_is_named(small_project: Path) -> None:
    write_test(small_project, '@pytest.mark.covers("S0-99")\ndef test_a(): pass\n')
    answer = run(small_project, "-m", "pytest", "-p", "no:cacheprovider")
    told = "tests/test_it.py::test_a covers 'S0-99', which is no line of docs/requirements.toml"
    assert answer.returncode != 0
    assert [line for line in (answer.stdout + answer.stderr).splitlines() if told in line]
    assert "1 passed" not in answer.stdout


def test_the_page_shows_a_covered_line_with_its_tests_and_leaves_the_others(small_project: Path) -> None:
    write_test(
        small_project,
        'class TestIt:\n    @pytest.mark.covers("S0-01")\n    def test_a(self): pass\n'
        '@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.covers("S0-01"))])\ndef test_b(x): pass\n',
    )
    assert run(small_project, "tools/coverage.py").returncode == 0
    page = (small_project / "docs" / "coverage.md").read_text()
    assert "| S0-01 | One. | **covered** | `tests/test_it.py::TestIt::test_a`<br>`tests/test_it.py::test_b` |" in page
    assert "| S0-02 | Two. | input |  |" in page


@pytest.mark.parametrize("switch", ["skip", "xfail(reason='known')"])
def test_a_test_that_never_runs_covers_nothing(small_project: Path, switch: str) -> None:
    write_test(small_project, f'@pytest.mark.{switch}\n@pytest.mark.covers("S0-01")\ndef test_a(): pass\n')
    assert run(small_project, "tools/coverage.py").returncode == 0
    assert "**covered** |" not in (small_project / "docs" / "coverage.md").read_text()


def test_a_mark_on_something_that_is_no_test_is_refused(small_project: Path) -> None:
    write_test(small_project, '@pytest.mark.covers("S0-01")\ndef helper(): pass\n')
    answer = run(small_project, "tools/coverage.py")
    assert (answer.returncode, answer.stderr) == (
        2,
        "coverage: tests/test_it.py::helper carries a covers mark and is not a test\n",
    )


def test_a_page_left_behind_by_the_tests_is_noticed(small_project: Path) -> None:
    write_test(small_project, "def test_a(): pass\n")
    assert run(small_project, "tools/coverage.py").returncode == 0
    assert run(small_project, "tools/coverage.py", "--check").returncode == 0
    write_test(small_project, '@pytest.mark.covers("S0-01")\ndef test_a(): pass\n')
    answer = run(small_project, "tools/coverage.py", "--check")
    assert answer.returncode == 1
    assert "run make coverage" in answer.stderr
