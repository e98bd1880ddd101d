"""What `make bench` says of a figure and its bound."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """A project without benchmarks, with our tool."""
    for folder in ("tools", "benchmarks"):
        (tmp_path / folder).mkdir()
    shutil.copy(root / "tools" / "bench.py", tmp_path / "tools")
    return tmp_path


def bench(project: Path, *figures: tuple[float, float | str | None]) -> subprocess.CompletedProcess[str]:
    lines = [json.dumps({"name": "speed", "value": value, "bound": bound, "unit": "x"}) for value, bound in figures]
    (project / "benchmarks" / "one.py").write_text("\n".join(f"print({line!r})" for line in lines))
    return run(project)


def run(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(project / "tools" / "bench.py")]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("value", "bound"), [(1.6, 1.6), (0.9, ">= 0.9"), (2.4, "< 2.5"), (3, "> 2"), (2, "<= 2")])
def test_a_bound_that_holds_is_said_to_hold(project: Path, value: float, bound: float | str) -> None:
    answer = bench(project, (value, bound))
    assert answer.returncode == 0
    assert f"holds   speed: {value:g} x  bound {bound}" in answer.stdout


@pytest.mark.parametrize(("value", "bound"), [(1.61, 1.6), (0.89, ">= 0.9"), (2.5, "< 2.5"), (2, "> 2"), (2.1, "<= 2")])
def test_one_broken_bound_among_others_fails_the_run(project: Path, value: float, bound: float | str) -> None:
    answer = bench(project, (1, 2), (value, bound), (5, None))
    assert answer.returncode == 1
    assert f"BROKEN  speed: {value:g} x  bound {bound}" in answer.stdout


def test_a_figure_without_a_bound_promises_nothing(project: Path) -> None:
    assert bench(project, (1e9, None)).returncode == 0


def test_a_benchmark_that_breaks_down_fails_the_run(project: Path) -> None:
    (project / "benchmarks" / "one.py").write_text("raise SystemExit(3)")
    answer = run(project)
    assert answer.returncode == 1
    assert "FAILED  one.py: exit code 3, 0 figures" in answer.stdout


def test_no_benchmark_at_all_is_no_success(project: Path) -> None:
    assert run(project).returncode == 1
