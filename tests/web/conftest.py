"""The door for events, and the world behind the hot edge: `world` is one server, `worlds` makes them to measure."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from door import Door
from doors_world import World


@pytest.fixture
def door() -> Door:
    """A site with the public key `demo` and the secret key `demo-secret`."""
    return Door()


@pytest.fixture
def worlds() -> Iterator[Callable[..., World]]:
    running: list[tuple[World, threading.Thread]] = []

    def begin(**settings: Any) -> World:
        world, ready = World(**settings), threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(world.serve(ready)))
        thread.start()
        assert ready.wait(10)
        running.append((world, thread))
        return world

    yield begin
    for world, thread in running:
        for browser in world.browsers:
            browser.close()
        world.server.should_exit = True
        world.loop.call_soon_threadsafe(world.engine.commits.set)
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def world(worlds: Callable[..., World]) -> World:
    return worlds()
