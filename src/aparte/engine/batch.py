"""What is folded together and written together: lines of the log, and commands."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from typing import Any

from aparte.conversations.apply import CHANGES
from aparte.conversations.store import AppendEntry, OpenConversation, Refused
from aparte.engine.ports import Command
from aparte.tracking.store import AppendLog, Logged

OF_CONVERSATIONS = {OpenConversation, AppendEntry, *CHANGES}


class Batch:
    """One transaction in the making. `then` is called after its commit, with commands and results side by side."""

    __slots__ = ("commands", "now", "rows", "then", "told")

    def __init__(self, now: int) -> None:
        self.now = now
        """Milliseconds since 1970, when the facts of this batch happen and its lines arrive."""
        self.rows: list[Logged] = []
        self.commands: list[Command] = []
        self.then: list[Callable[[list[Command], list[Any]], None]] = []
        self.told: Future[list[Any]] | None = None
        """Of whoever waits for the commit, when anybody does."""

    def add(self, *commands: Command) -> None:
        """Something else to write, after the lines."""
        self.commands += commands

    def written(self) -> list[Command]:
        """Everything, in the order in which it is executed."""
        return [AppendLog(self.rows), *self.commands] if self.rows else self.commands

    def lost(self, results: list[Any]) -> bool:
        """Whether the database has undone lines that memory has folded: then memory is wrong."""
        return bool(self.rows) and any(isinstance(one, Refused) for one in results)
