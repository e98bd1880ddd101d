"""The data folder: private, held by one, and not touched when something is wrong with it; one line says what."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from store_worlds import lines, run

from aparte.backends.sqlite import schema
from aparte.backends.sqlite.folder import visitor_secret
from aparte.backends.sqlite.schema import Migration, migrate, migrations
from aparte.backends.sqlite.store import open_reader, open_store
from aparte.kit.errors import Unavailable

NOBODY = 65534


def refused(directory: Path) -> str:
    with pytest.raises(Unavailable) as caught:
        open_store(directory)
    text = str(caught.value)
    assert "\n" not in text
    assert caught.value.where.startswith(str(directory))
    assert caught.value.hint
    return text


def contents(directory: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in directory.iterdir() if file.name != "lock"}


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A folder with a few lines in it."""
    store = open_store(tmp_path / "data")

    async def scene() -> None:
        for n in range(1, 100):
            await store.submit([lines(n, n)])

    run(scene())
    store.close()
    return tmp_path / "data"


def test_folder_and_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = open_store(tmp_path / "new" / "data")
        run(submitted(store))
        visitor_secret(tmp_path / "new" / "data")
    finally:
        os.umask(before)
    modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "new" / "data").iterdir()}
    assert modes == dict.fromkeys(["aparte.db", "aparte.db-wal", "aparte.db-shm", "lock", "secret.key"], 0o600)
    assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700
    store.close()


async def submitted(store) -> None:
    await store.submit([lines(1, 1)])


def test_a_second_process_is_told_who_holds_the_folder(filled: Path) -> None:
    store = open_store(filled)
    assert f"in use by process {os.getpid()}" in refused(filled)
    program = "import sys; from pathlib import Path; from aparte.app import open_store; open_store(Path(sys.argv[1]))"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.run(
        [sys.executable, "-c", program, filled], env=environment, capture_output=True, text=True, check=False
    )
    assert f"in use by process {os.getpid()} (stop it, or name another folder)" in other.stderr
    run(store_still_writes(store))
    store.close()
    open_store(filled).close()


async def store_still_writes(store) -> None:
    assert await store.submit([lines(100, 101)]) == [None]


def test_a_file_in_the_place_of_the_folder_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    assert "this is no folder" in refused(tmp_path / "data")
    assert "this is no folder" in refused(tmp_path / "data" / "deeper")
    assert (tmp_path / "data").read_text() == "mine"


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    """Root may write everywhere, so another user tries; tmp_path itself is closed to him, hence a folder of its own."""
    program = (
        "import os, sys; from pathlib import Path\n"
        "from aparte.app import open_store, visitor_secret\n"
        "from aparte.kit.errors import Unavailable\n"
        "where = Path(sys.argv[1])\n"
        "os.chdir(where)\n"
        f"os.geteuid() or os.seteuid({NOBODY})\n"
        "for what in (open_store, visitor_secret):\n"
        "    try:\n        what(Path('.'))\n"
        "    except Unavailable as error:\n        print(error)\n"
    )
    (tmp_path / "data").mkdir(mode=0o555)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    answer = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "data"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.stdout.count("may not be written") == 2, answer.stderr
    assert contents(tmp_path / "data") == {}


def test_a_newer_schema_is_left_alone(filled: Path) -> None:
    database = sqlite3.connect(filled / "aparte.db")
    database.execute("PRAGMA user_version = 999")
    database.close()
    before = contents(filled)
    assert "the data is of schema 999, this version of aparte knows" in refused(filled)
    assert contents(filled) == before
    with pytest.raises(Unavailable, match="schema 999"):
        open_reader(filled)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "aparte.db")
    database.execute("CREATE TABLE theirs (x)")
    database.close()
    before = contents(tmp_path)
    assert "another program" in refused(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("damage", ["text", "zeros", "middle", "short"])
def test_a_damaged_database_is_left_alone(filled: Path, damage: str) -> None:
    file = filled / "aparte.db"
    data = file.read_bytes()
    pages = len(data) // 4096
    broken = {
        "text": b"this is a letter, no database at all" * 100,
        "zeros": bytes(len(data)),
        "middle": b"".join(data[4096 * n : 4096 * n + 4096] if n % 3 != 1 else b"\xa5" * 4096 for n in range(pages)),
        "short": data[: 4096 * (pages // 2)],
    }[damage]
    file.write_bytes(broken)
    assert "the database is damaged" in refused(filled)
    assert contents(filled)["aparte.db"] == broken


def test_a_database_without_the_files_beside_it_is_whole(filled: Path) -> None:
    assert list(contents(filled)) == ["aparte.db"]
    store = open_store(filled)
    assert store.last_seq() == 99
    store.close()


def test_a_reader_looks_while_the_writer_writes_and_cannot_write(filled: Path) -> None:
    store, reader = open_store(filled), open_reader(filled)

    async def scene() -> None:
        await store.submit([lines(100, 100)])
        assert reader.last_seq() == 100
        with pytest.raises(sqlite3.OperationalError):
            reader._connection().execute("DELETE FROM log")

    run(scene())
    reader.close()
    store.close()


def test_a_reader_needs_data(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no data of Aparté"):
        open_reader(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_the_secret_is_made_once_and_is_not_in_the_database(filled: Path) -> None:
    secret = visitor_secret(filled)
    assert len(secret) == 32
    assert visitor_secret(filled) == secret
    for name, data in contents(filled).items():
        assert name == "secret.key" or (secret not in data and secret.hex().encode() not in data)
    (filled / "secret.key").unlink()
    assert visitor_secret(filled) != secret


@pytest.mark.parametrize("text", ["", "abc", "zz" * 32, "ab" * 31])
def test_a_secret_that_is_none_is_not_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "secret.key").write_text(text)
    with pytest.raises(Unavailable, match="32 bytes"):
        visitor_secret(tmp_path)
    assert (tmp_path / "secret.key").read_text() == text


# The schema


def version(database: sqlite3.Connection) -> int:
    return database.execute("PRAGMA user_version").fetchall()[0][0]


def test_every_migration_is_applied_once_in_its_order(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    epoch = open_reader(tmp_path).epoch()
    open_store(tmp_path).close()
    assert open_reader(tmp_path).epoch() == epoch
    database = sqlite3.connect(tmp_path / "aparte.db")
    assert version(database) == len(migrations())
    database.close()


def test_an_interrupted_migration_leaves_the_version_before_it_whole(filled: Path) -> None:
    steps = [
        *migrations(),
        Migration(len(migrations()) + 1, "CREATE TABLE extra (x); INSERT INTO extra VALUES (1);"),
        Migration(len(migrations()) + 2, "DELETE FROM log; DROP TABLE extra; INSERT INTO nowhere VALUES (1);"),
    ]  # fmt: skip
    database = schema.connect_writer(filled / "aparte.db")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(database, len(migrations()), steps)
    assert version(database) == len(migrations()) + 1
    assert database.execute("SELECT count(*) FROM log").fetchall() == [(99,)]
    assert database.execute("SELECT * FROM extra").fetchall() == [(1,)]
    assert not database.in_transaction
    database.close()


MIGRATION_KILLED = """
import os, sys
from pathlib import Path
from aparte.backends.sqlite import schema
database = schema.connect_writer(Path(sys.argv[1]))
database.create_function("die", 0, lambda: os.kill(os.getpid(), 9))
sql = "UPDATE log SET name = 'changed'; CREATE TABLE extra (x); SELECT die();"
schema.migrate(database, 1, [*schema.migrations()[:1], schema.Migration(2, sql)])
"""


def test_a_kill_in_the_middle_of_a_migration_loses_nothing(filled: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run(
        [sys.executable, "-c", MIGRATION_KILLED, filled / "aparte.db"], env=environment, check=False
    )
    assert killed.returncode == -9
    store = open_store(filled)
    assert [one.name for one in store.log()] == ["Cart Viewed"] * 99
    store.close()


def test_a_full_disk_at_the_start_is_one_line(tmp_path: Path) -> None:
    program = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from aparte.app import open_store\nfrom aparte.kit.errors import Unavailable\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))\n"
        "try:\n    open_store(Path(sys.argv[1]))\n"
        "except Unavailable as error:\n    print(error)\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    for room in (0, 5000, 40_000):
        answer = subprocess.run(
            [sys.executable, "-c", program, tmp_path / "data", str(room)],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert answer.stdout.count("\n") == 1, answer.stderr
        assert "cannot be used" in answer.stdout
    store = open_store(tmp_path / "data")
    assert store.last_seq() == 0
    store.close()
