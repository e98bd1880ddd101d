"""The console's API for worlds that follow one another: its routes are registered once for as many as live at a time.

Registering them takes most of the time in which a server of a test begins.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, get_type_hints

from aparte.web import api

BUILD = api.console_api
HINTS = get_type_hints(BUILD)


class Built:
    """An API around things that are still empty; a server fills them with its own."""

    def __init__(self) -> None:
        self.empty = {name: HINTS[name].__new__(HINTS[name]) for name in inspect.signature(BUILD).parameters}
        self.api = BUILD(**self.empty)

    def filled(self, *things: Any) -> Any:
        """The API of this server; what the one before has counted and remembered is forgotten."""
        for one, real in zip(self.empty.values(), things, strict=True):
            one.__dict__ = real.__dict__
        links: Any = self.api.dependencies["links"]
        for kept in (*self.api.guards, links.dependency()):
            kept.__init__(self.empty["desk"], self.empty["doorkeeper"])
        return self.api


free: list[Built] = []
"""Built, and of no server that runs."""


@contextmanager
def lent() -> Iterator[Callable[..., Any]]:
    """What takes the place of `console_api` for one server."""
    built = free.pop() if free else Built()
    yield built.filled
    free.append(built)
