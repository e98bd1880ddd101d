"""The command line as a stranger meets it: the real `main`, in this process."""

import io
import sys
from pathlib import Path

import pytest
from cli_world import GOOD_CAMPAIGN, JOURNEY, Ran, Run, written

from aparte.cli import main


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `aparte` with these words; `typed` is its standard input."""

    def run_it(*words: object, typed: str | None = None) -> Ran:
        if typed is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), "utf-8"))
        capsys.readouterr()
        try:
            main([str(word) for word in words])
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run_it


@pytest.fixture
def campaigns(tmp_path: Path) -> Path:
    """A good campaign file."""
    file = tmp_path / "shop.toml"
    file.write_text(GOOD_CAMPAIGN, "utf-8")
    return file


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """A recording of one visitor."""
    return written(tmp_path / "events.jsonl", JOURNEY)
