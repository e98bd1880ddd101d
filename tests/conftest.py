"""What all tests share: the check of requirement numbers, and the reference data beside the repository."""

import os
import tomllib
from pathlib import Path

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that covers a line which does not exist stops the run, with one line that names both."""
    known = tomllib.loads((config.rootpath / "docs" / "requirements.toml").read_text(encoding="utf-8"))
    for item in items:
        for marker in item.iter_markers("covers"):
            for number in marker.args:
                if number not in known:
                    raise pytest.UsageError(
                        f"{item.nodeid} covers {number!r}, which is no line of docs/requirements.toml"
                    )


@pytest.fixture(scope="session")
def root(pytestconfig: pytest.Config) -> Path:
    """The root of the repository."""
    return pytestconfig.rootpath


@pytest.fixture(scope="session")
def shared(root: Path) -> Path:
    """The reference material and data: the folder `shared` beside the repository, or APARTE_SHARED."""
    folder = Path(os.environ.get("APARTE_SHARED") or root.parent / "shared")
    if not folder.is_dir():
        pytest.skip(
            "the reference data is absent: no folder shared beside the repository, and APARTE_SHARED is not set"
        )
    return folder
