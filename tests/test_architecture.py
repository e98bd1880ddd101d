"""Who may import whom: the contracts of pyproject.toml hold, and cover every part."""

import subprocess
import sys
import tomllib
from pathlib import Path

PURE = {
    "attribution",
    "catalogue",
    "contracts",
    "engagements",
    "experiments",
    "kit",
    "outbox",
    "planning",
    "routing",
    "scoring",
    "sessions",
    "targeting",
    "tracking",
}


def test_every_import_contract_is_kept(root: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())",
    ]
    answer = subprocess.run(
        [*command, "--no-cache"], cwd=root, capture_output=True, text=True, timeout=120, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "Contracts: 4 kept, 0 broken." in answer.stdout


def test_every_deciding_part_is_held_to_purity(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "forbidden")
    existing = {f"aparte.{part}" for part in PURE if (root / "src/aparte" / part).exists()}
    assert set(contract["source_modules"]) == existing
