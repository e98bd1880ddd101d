"""The schema: numbered SQL files, each applied in a transaction of its own, forward only."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from aparte.kit.errors import Unavailable

APPLICATION = 0x41505254
"""`APRT`; in the header of our databases, where `file` finds it too."""
MAGIC = b"SQLite format 3\x00"
CHECKED = 128 << 20
"""Bytes; a larger database is not read through at each start."""
PATIENCE = 1.0
"""Seconds to wait for another process that holds the database."""


class Connection(sqlite3.Connection):
    """A connection that can be remembered without being kept alive: the one of the library knows no weak reference."""


class Migration(NamedTuple):
    """One file: its number, which is the schema's version after it, and its SQL."""

    version: int
    sql: str


def migrations() -> tuple[Migration, ...]:
    """All that there are, in order; their numbers have no hole."""
    files = resources.files("aparte.backends.sqlite").joinpath("migrations").iterdir()
    found = sorted(
        Migration(int(number[1]), file.read_text("utf-8"))
        for file in files
        if (number := re.fullmatch(r"(\d{4})_\w+\.sql", file.name))
    )
    if [one.version for one in found] != list(range(1, len(found) + 1)):
        raise Unavailable("the schema files have a gap", where="aparte.backends.sqlite.migrations")
    return tuple(found)


def connect(path: Path, *, write: bool) -> Connection:
    """A connection to an existing database; a reading one cannot write, whatever it is asked."""
    connection: Connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'rw' if write else 'ro'}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
        timeout=PATIENCE,
        factory=Connection,
    )
    connection.execute("PRAGMA temp_store=MEMORY")
    if not write:
        connection.execute("PRAGMA query_only=ON")
    return connection


def connect_writer(path: Path) -> Connection:
    """The connection of the writer thread."""
    connection = connect(path, write=True)
    for name, value in (
        ("journal_mode", "WAL"),
        ("synchronous", "FULL"),
        ("secure_delete", "ON"),
        ("foreign_keys", "ON"),
        ("cache_size", "-65536"),  # 64 MiB
        ("journal_size_limit", str(64 << 20)),
    ):
        connection.execute(f"PRAGMA {name}={value}")
    return connection


def inspect(path: Path, connection: sqlite3.Connection, known: int) -> int:
    """The version of the schema; Unavailable for what is not ours, newer, or damaged. Changes nothing."""
    version = int(pragma(connection, "user_version"))
    application = int(pragma(connection, "application_id"))
    empty = not connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
    if application != APPLICATION and not (empty and not version):
        raise Unavailable("this is a database of another program", where=str(path), hint="name another folder")
    if version > known:
        told = f"the data is of schema {version}, this version of aparte knows {known}"
        raise Unavailable(told, where=str(path), hint="start the newer version; nothing was changed")
    if path.stat().st_size <= CHECKED and (fault := pragma(connection, "quick_check(1)")) != "ok":
        raise damaged(path, fault)
    return version


def pragma(connection: sqlite3.Connection, name: str) -> str:
    """The first value that a pragma answers."""
    return str(connection.execute(f"PRAGMA {name}").fetchall()[0][0])


def damaged(path: Path, fault: object) -> Unavailable:
    """What is said of a file that is no longer a database."""
    text = " ".join(str(fault).replace("***", "").split())
    return Unavailable(f"the database is damaged: {text}", where=str(path), hint="restore it from a backup")


def refuse_foreign(path: Path) -> None:
    """Say that a file is no database before SQLite opens it.

    Unless a journal lies beside it: the power was cut while its first page was written, which SQLite will undo.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(MAGIC))
    except OSError as error:
        raise Unavailable(f"cannot be read: {error.strerror}", where=str(path)) from None
    if head and head != MAGIC and not path.with_name(f"{path.name}-journal").exists():
        raise damaged(path, "file is not a database")


def migrate(connection: sqlite3.Connection, version: int, steps: Sequence[Migration]) -> None:
    """Apply what comes after this version; an interrupted step leaves the version before it, whole."""
    for step in steps[version:]:
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{step.sql}\nPRAGMA user_version = {step.version};\nCOMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
