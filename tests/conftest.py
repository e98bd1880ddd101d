"""Fixtures for every test."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared reference material: APARTE_SHARED, or `shared` beside the repository."""
    folder = Path(os.environ.get("APARTE_SHARED") or REPOSITORY.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"the shared reference material is not at {folder}; set APARTE_SHARED")
    return folder
