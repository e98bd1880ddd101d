"""The durable store: one database in one data folder, one writer thread, readers beside it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aparte.backends.sqlite import folder, schema
from aparte.backends.sqlite.reader import SqliteReader
from aparte.backends.sqlite.writer import Writer
from aparte.kit.errors import Unavailable
from aparte.kit.status import WriterStatus

PROBE = "UPDATE meta SET value = value + 1 WHERE name = 'recoveries'"


class SqliteStore(SqliteReader):
    """A Store of aparte.engine.ports. Made by `open_store`, which holds the folder for it (`held`)."""

    def __init__(self, path: Path, held: int) -> None:
        super().__init__(path)
        self._held = held
        self._writer = Writer(lambda: schema.connect_writer(path), probe, str(path))

    def submit(self, commands: Sequence[object]) -> asyncio.Future[list[Any]]:
        """See Store. The commands are read in another thread: whoever has handed them in must not change them."""
        return self._writer.submit(commands)

    def recover(self) -> None:
        """See Store. Waits for the disk.

        Read everything again afterwards: a list whose COMMIT failed is there wholly or not at all; now that is settled.
        """
        self._writer.recover()

    def status(self) -> WriterStatus:
        """How the writer is doing."""
        return self._writer.status()

    def close(self) -> None:
        """See Store. Readers go first: the last one who leaves tidies up, and must be able to write."""
        super().close()
        self._writer.close()
        held, self._held = self._held, -1
        if held >= 0:
            os.close(held)


def probe(connection: sqlite3.Connection) -> None:
    """A small write, on the disk before this returns."""
    connection.execute(PROBE)


def open_store(directory: Path, wait: float = 0.0) -> SqliteStore:
    """The store in this folder, made when there is none, brought to the schema of this version.

    `wait`: for so many seconds another process may go on holding the folder.

    Unavailable, in one line and with nothing changed, when the folder is in use by another process, cannot be written,
    is of a newer schema, damaged, or no folder.
    """
    folder.make(directory)
    folder.whole(directory)
    held = folder.lock(directory, wait)
    try:
        prepare(directory / folder.DATABASE)
        return SqliteStore(directory / folder.DATABASE, held)
    except BaseException as error:
        os.close(held)
        if isinstance(error, sqlite3.Error):
            raise unusable(directory / folder.DATABASE, error) from None
        raise


def open_reader(directory: Path) -> SqliteReader:
    """Only to read, also beside a running server."""
    folder.whole(directory)
    path = directory / folder.DATABASE
    if not path.is_file():
        raise Unavailable(
            "there is no data of Aparté", where=str(directory), hint="name the folder given to the server"
        )
    known = len(schema.migrations())
    schema.refuse_foreign(path)
    try:
        connection = schema.connect(path, write=False)
        try:
            version = schema.inspect(path, connection, known)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise unusable(path, error) from None
    if version < known:
        told = f"the data is of schema {version}, this version of aparte reads {known}"
        raise Unavailable(told, where=str(path), hint="start the server once, which brings it up to date")
    return SqliteReader(path)


def prepare(path: Path) -> None:
    """Make the database, or bring it up to date, or say why that cannot be."""
    if not path.exists():
        folder.touch(path)
    schema.refuse_foreign(path)
    steps = schema.migrations()
    connection = schema.connect(path, write=True)
    try:
        version = schema.inspect(path, connection, len(steps))
    finally:
        connection.close()
    if version < len(steps):
        connection = schema.connect_writer(path)
        try:
            schema.migrate(connection, version, steps)
        finally:
            connection.close()


def unusable(path: Path, error: sqlite3.Error) -> Unavailable:
    """What SQLite says, as one line with a way out."""
    if isinstance(error, sqlite3.OperationalError):
        return Unavailable(
            f"cannot be used: {error}", where=str(path), hint="see that the disk has room and may be written"
        )
    return schema.damaged(path, error)
