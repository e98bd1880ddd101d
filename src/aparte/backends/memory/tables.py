"""Dictionaries that can take back what was done to them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
ABSENT: Any = object()


class Undo:
    """Remembers how to take back what was done since `begin`."""

    def __init__(self) -> None:
        self._steps: list[Callable[[], Any]] = []

    def begin(self) -> None:
        """What was done before stays."""
        self._steps.clear()

    def back(self) -> None:
        """Take back everything since `begin`, the last thing first."""
        while self._steps:
            self._steps.pop()()

    def put(self, table: dict[K, V], key: K, value: V) -> None:
        """table[key] = value."""
        before = table.get(key, ABSENT)
        table[key] = value
        if before is ABSENT:
            self._steps.append(lambda: table.pop(key))
        else:
            self._steps.append(lambda: table.__setitem__(key, before))

    def drop(self, table: dict[K, V], key: K) -> None:
        """Take a key out, if it is there. When it comes back, it stands last."""
        before = table.pop(key, ABSENT)
        if before is not ABSENT:
            self._steps.append(lambda: table.__setitem__(key, before))
