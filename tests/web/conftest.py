"""The door for events, and the whole server: `world` is one, `worlds` makes them to measure."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from door import Door
from doors_world import Disk, World

from aparte.backends.sqlite import schema
from aparte.web import server


@pytest.fixture
def door() -> Door:
    """A site with the public key `demo` and the secret key `demo-secret`."""
    return Door()


@pytest.fixture(params=["memory", "sqlite"])
def worlds(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., World]]:
    """Servers over the store in memory, and over the database on the disk."""
    monkeypatch.setattr(schema, "Connection", Disk)
    monkeypatch.setattr(server, "rarely_collected", contextlib.nullcontext)  # all that the tests hold is looked through
    monkeypatch.setattr(server._Server, "main_loop", until_ending)
    running: list[tuple[World, threading.Thread]] = []

    def begin(**settings: Any) -> World:
        world, ready = World(tmp_path / f"data{len(running)}", request.param, **settings), threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(world.serve(ready)))
        thread.start()
        assert ready.wait(30)
        running.append((world, thread))
        return world

    yield begin
    for world, thread in running:
        world.stop()
        thread.join(30)
        assert not thread.is_alive()


async def until_ending(running: Any) -> None:
    """In the place of a look ten times a second."""
    await running.on_tick(0)
    await running.ending.wait()


@pytest.fixture
def world(worlds: Callable[..., World]) -> World:
    """One of them."""
    return worlds()
