"""Rows of a question put aside as a Parquet file, whole, so that whoever reads it slowly holds up nobody."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from aparte.backends.duckdb.connection import EXPORTS, Connection, connected, first_line, literal
from aparte.kit.errors import Unavailable

PIECE = 1 << 20
ROWS = 2_000
READING_MEMORY = "128MB"


class Exported:
    """See `aparte.attribution.facts.Export`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Exported:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def parquet(self) -> Iterator[bytes]:
        """The file, piece by piece."""
        with self._path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        with self._reading(" LIMIT 0") as connection:
            return tuple(one[0] for one in connection.description or ())

    def rows(self) -> Iterator[Sequence[tuple[Any, ...]]]:
        """The rows in their order, some thousand at a time."""
        with self._reading("") as connection:
            while rows := connection.fetchmany(ROWS):
                yield rows

    def _reading(self, rest: str) -> Connection:
        # One thread, so that rows come in the order in which they lie in the file.
        connection = connected(":memory:", self._path.parent.parent, READING_MEMORY, 1)
        connection.execute(f"FROM read_parquet({literal(str(self._path))}){rest}")
        return connection

    def close(self) -> None:
        """The file goes away."""
        self._path.unlink(missing_ok=True)


def exported(connection: Connection, directory: Path | None, sql: str, values: Sequence[Any]) -> Exported:
    """The rows of a SELECT in a file of their own; Unavailable when the disk does not take it."""
    if directory is None:
        raise Unavailable("these facts are kept in memory", where="facts", hint="export those of a data folder")
    folder = directory / EXPORTS
    path = folder / f"{secrets.token_hex(8)}.parquet"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        connection.execute(f"COPY ({sql}) TO {literal(str(path))} (FORMAT parquet)", list(values))
    except (OSError, duckdb.IOException) as error:
        path.unlink(missing_ok=True)
        what = f"the export cannot be written: {first_line(error)}"
        raise Unavailable(what, where=str(folder), hint="see that the disk has room") from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Exported(path)


def sweep(directory: Path) -> None:
    """Exports that a process has left when it was killed go away."""
    for left in (directory / EXPORTS).glob("*.parquet"):
        left.unlink(missing_ok=True)
