"""The reference numbers: a committed copy of the keys that are needed, so that a lone clone is held to them too."""

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def numbers() -> Any:
    """What gbstats, statsmodels, SciPy, linearmodels and scikit-uplift have printed, with their inputs."""
    return json.loads((Path(__file__).parent / "reference.json").read_text("utf-8"))
