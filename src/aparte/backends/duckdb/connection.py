"""A connection to the file of the facts: no extensions, no files, no network, bounded memory, bounded time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from aparte.kit.errors import Unavailable

if TYPE_CHECKING:
    Connection = duckdb.DuckDBPyConnection
else:
    Connection = Any

NAME = "facts.duckdb"
SPILL = "facts.tmp"
EXPORTS = "exports"
"""The only folder that an export may be written to."""
SHAPE = "2"
"""Of the tables; a file of another shape, or of another DuckDB, is made anew."""
MEMORY = "512MB"


def sql_of(name: str) -> str:
    """One of our files of SQL."""
    return resources.files("aparte.backends.duckdb").joinpath(name).read_text("utf-8")


def opened(directory: Path | None, memory: str = MEMORY, threads: int = 2) -> Connection:
    """The facts of a data folder, whose lock we hold, or facts in memory; what cannot be read is made anew."""
    if directory is None:
        return prepared(connected(":memory:", None, memory, threads))
    path = directory / NAME
    kept = as_left(path, directory, memory, threads) if path.exists() else None
    if kept is not None:
        return kept
    discard(directory)
    try:
        return prepared(connected(str(path), directory, memory, threads))
    except duckdb.Error as error:
        what = f"the facts cannot be written: {first_line(error)}"
        raise Unavailable(what, where=str(path), hint="see that the disk has room") from None


def as_left(path: Path, directory: Path, memory: str, threads: int) -> Connection | None:
    """The facts as the last process has left them; None when they are damaged, or of another version: it is a cache."""
    try:
        connection = connected(str(path), directory, memory, threads)
    except duckdb.Error:
        return None
    if is_ours(connection):
        return connection
    connection.close()
    return None


def connected(path: str, directory: Path | None, memory: str, threads: int) -> Connection:
    """A connection that can do nothing but look at its own tables."""
    config: dict[str, Any] = {
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "allow_community_extensions": "false",
        "allow_unsigned_extensions": "false",
        "memory_limit": memory,
        "threads": str(threads),
        "preserve_insertion_order": "false",
        "temp_directory": str(directory / SPILL) if directory is not None else "",
    }
    connection = duckdb.connect(path, config=config)
    if directory is not None:
        connection.execute(f"SET allowed_directories = [{literal(str(directory / EXPORTS))}]")
    connection.execute("SET python_enable_replacements = false")  # a question sees no variables of ours
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET pandas_analyze_sample = 0")  # a column of texts is one, whatever its first values
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def prepared(connection: Connection) -> Connection:
    """Empty facts."""
    connection.execute("BEGIN")
    connection.execute(sql_of("schema.sql"))
    connection.execute(
        "INSERT INTO meta VALUES ('shape', ?), ('log', '0'), ('decisions', '0')", [f"{SHAPE}/{version()}"]
    )
    connection.execute("COMMIT")
    return connection


def version() -> str:
    """Of DuckDB: hashes and files may differ from one to the next."""
    return str(duckdb.__version__)


def is_ours(connection: Connection) -> bool:
    """Whether these are facts of our shape."""
    try:
        found = connection.execute("SELECT value FROM meta WHERE name = 'shape'").fetchall()
    except duckdb.Error:
        return False
    return found == [(f"{SHAPE}/{version()}",)]


def discard(directory: Path) -> None:
    """The file goes away; it can be made again."""
    for name in (NAME, f"{NAME}.wal"):
        (directory / name).unlink(missing_ok=True)


def first_line(error: BaseException) -> str:
    """An error as one line."""
    return str(error).strip().partition("\n")[0]


@contextmanager
def within(connection: Connection, seconds: float) -> Iterator[None]:
    """So much time, and no more; Unavailable after it."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        connection.interrupt()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.Error as error:
        if late.is_set():
            hint = "ask for a shorter period"
            raise Unavailable(f"the answer takes longer than {seconds:g} s", where="facts", hint=hint) from None
        raise Unavailable(f"the facts cannot be read: {first_line(error)}", where="facts") from error
    finally:
        timer.cancel()


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All of it, or nothing."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
