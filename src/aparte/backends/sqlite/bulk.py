"""A store that answers before the disk does: for a simulation, whose data can be made again.

Lists are executed at once, through one connection that is read through as well, and committed many together: no list
waits for the disk. What a list would see, and what it leaves, is the same as with the durable store.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aparte.backends.sqlite import folder, schema
from aparte.backends.sqlite.execute import Execution
from aparte.backends.sqlite.reader import SqliteReader
from aparte.backends.sqlite.store import prepare, unusable
from aparte.backends.sqlite.writer import each, guarded, is_refused
from aparte.kit.errors import Unavailable
from aparte.kit.status import WriterStatus

MOST_LISTS = 10_000
"""Of a transaction."""


class BulkStore(SqliteReader):
    """A Store of aparte.engine.ports, but for durability: the lists since the last commit go with the process."""

    def __init__(self, path: Path, held: int) -> None:
        super().__init__(path)
        self._held, self._writer = held, schema.connect_writer(path)
        self._execution: Execution | None = None
        self._open = self._groups = self._lists = self._rows_written = self._refused = self._failures = 0
        self._failed = ""

    def _connection(self) -> schema.Connection:
        """What was executed can be read, before it is committed."""
        return self._writer

    def submit(self, commands: Sequence[object]) -> asyncio.Future[list[Any]]:
        """Execute these; the future is done when this returns."""
        future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        if self._failed:
            future.set_exception(Unavailable(self._failed, where=str(self._path), hint="simulate again"))
            return future
        try:
            outcome = guarded(self._begun(), commands, each)
            self._refused += is_refused(outcome)
            self._open += 1
            if self._open >= MOST_LISTS:
                self.commit()
        except (sqlite3.Error, OSError, MemoryError) as error:
            self._failed, self._failures = f"the database cannot be written: {error}", self._failures + 1
            outcome = Unavailable(self._failed, where=str(self._path), hint="see that the disk has room")
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
        return future

    def _begun(self) -> Execution:
        if self._execution is None:
            self._writer.execute("BEGIN IMMEDIATE")
            self._execution = Execution(self._writer)
        return self._execution

    def commit(self) -> None:
        """Write what was executed to the disk."""
        execution, self._execution = self._execution, None
        if execution is not None:
            execution.finish()
            self._writer.execute("COMMIT")
            self._groups, self._lists, self._open = self._groups + 1, self._lists + self._open, 0
            self._rows_written += execution.rows

    def recover(self) -> None:
        """A simulation that has lost its disk is over."""
        if self._failed:
            raise Unavailable(self._failed, where=str(self._path), hint="simulate again into another folder")

    def status(self) -> WriterStatus:
        """How it is doing."""
        return WriterStatus(
            groups=self._groups,
            lists=self._lists,
            rows=self._rows_written,
            refused=self._refused,
            failures=self._failures,
            failed=self._failed,
        )

    def close(self) -> None:
        """Commit what is open, and let the files go."""
        try:
            if not self._failed:
                self.commit()
        finally:
            self._failed = self._failed or "the store is closed"
            self._writer.close()
            held, self._held = self._held, -1
            if held >= 0:
                os.close(held)


def open_bulk(directory: Path, *, anew: bool = False) -> BulkStore:
    """The store of this folder for much at once; see `open_store` for what makes it unavailable.

    `anew`: from nothing, and no other store opens the folder until `folder.finish`, even after the process is killed.
    """
    folder.make(directory)
    held = folder.lock(directory)
    try:
        if anew:
            folder.begin(directory)
        prepare(directory / folder.DATABASE)
        return BulkStore(directory / folder.DATABASE, held)
    except BaseException as error:
        os.close(held)
        if isinstance(error, sqlite3.Error):
            raise unusable(directory / folder.DATABASE, error) from None
        raise
