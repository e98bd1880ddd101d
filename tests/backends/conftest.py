"""Each test that asks for `play` runs on every store."""

from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from store_worlds import KINDS, AnyStore, run

Scene = Callable[[AnyStore], Coroutine[Any, Any, Any]]


@pytest.fixture(params=sorted(KINDS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyStore]:
    """An empty store of each kind."""
    store = KINDS[request.param](tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def play(store: AnyStore) -> Callable[[Scene], Any]:
    """Play a scene on the store."""
    return lambda scene: run(scene(store))
