"""Fixtures of all tests."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material; a lone clone has none, and then its tests say that they were skipped."""
    beside_the_clone = Path(__file__).resolve().parents[1].parent / "shared"
    folder = Path(os.environ.get("APARTE_SHARED", beside_the_clone))
    if not folder.is_dir():
        pytest.skip(f"no reference material at {folder}; set APARTE_SHARED to its folder")
    return folder
