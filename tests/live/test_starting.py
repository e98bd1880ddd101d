"""Starting a server: what goes wrong is one line that says what and where, exit code 2, and nothing is damaged."""

from __future__ import annotations

import json
import os
import re
import resource
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import exported, lines, running
from warm import Warm, warm

from aparte.app import open_store

NOBODY = 65534
MOTHERS: list[Warm] = []
CONSOLE = {"Aparte-Console": "1", "Sec-Fetch-Site": "same-origin"}
PASSWORD = "a long enough one"


@pytest.fixture(scope="module", autouse=True)
def kept_warm() -> Iterator[None]:
    """What the commands of this module are forked from."""
    with warm() as mother:
        MOTHERS.append(mother)
        yield
        MOTHERS.clear()


def aparte(*command: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return MOTHERS[0].run(*command, **more)


def refused(*command: str, **more: Any) -> str:
    """The one line of a command that is refused."""
    run = aparte(*command, **more)
    assert (run.returncode, run.stdout) == (2, ""), run
    assert run.stderr.startswith("aparte: "), run.stderr
    assert run.stderr.count("\n") == 1, run.stderr
    return run.stderr


def files(folder: Path) -> dict[str, bytes]:
    """Every file but the one that says who has the folder."""
    found = [one for one in folder.rglob("*") if one.is_file() and one.name != "lock"]
    return {str(one.relative_to(folder)): one.read_bytes() for one in found}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one site, `shop`."""
    folder = tmp_path / "data"
    assert aparte("site", "add", "shop", "--data", str(folder)).returncode == 0
    return folder


def test_data_of_a_newer_version(data: Path) -> None:
    database = sqlite3.connect(data / "aparte.db")
    database.execute("PRAGMA user_version = 999")
    database.close()
    before = files(data)
    for command in (["serve", "--port", "0"], ["demo", "--port", "0"]):
        assert "schema 999" in refused(*command, "--data", str(data))
    assert files(data) == before
    assert "schema 999" in refused("site", "list", "--data", str(data))
    assert files(data)["aparte.db"] == before["aparte.db"]  # whoever reads leaves the files of a reader beside it


def test_data_that_another_process_has(data: Path) -> None:
    store = open_store(data)
    try:
        for command in (["serve", "--port", "0"], ["demo", "--port", "0"], ["site", "add", "more"]):
            assert f"in use by process {os.getpid()}" in refused(*command, "--data", str(data))
    finally:
        store.close()
    assert "shop" in aparte("site", "list", "--data", str(data)).stdout


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    assert "is a file" in refused("serve", "--port", "0", "--data", str(tmp_path / "data"))
    assert "this is no folder" in refused("serve", "--port", "0", "--data", str(tmp_path / "data" / "deeper"))
    assert (tmp_path / "data").read_text() == "mine"


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_folder_that_may_not_be_written(tmp_path: Path, command: str) -> None:
    """Root may write everywhere, so somebody else tries; his folder is all that he can see."""
    (tmp_path / "data").mkdir(mode=0o555)
    program = (
        "import encodings.idna, os, sys, aparte.app.demo; from aparte.cli import main\n"
        f"os.chdir(sys.argv[1]); os.geteuid() or os.seteuid({NOBODY})\n"
        f"main(['{command}', '--port', '0', '--data', '.'])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "data"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1), run
    assert "may not be written" in run.stderr
    assert files(tmp_path / "data") == {}


def test_a_port_that_is_taken(data: Path) -> None:
    before = files(data)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"127.0.0.1:{port}: the port is taken" in refused("serve", "--data", str(data), "--port", port)
        assert "the port is taken" in refused("demo", "--data", str(data), "--port", port)
    assert files(data) == before


def test_campaigns_with_a_fault(data: Path) -> None:
    path = data / "campaigns" / "shop.toml"
    path.parent.mkdir()
    path.write_text('[[campaigns]]\nname = "c"\n[[campaigns.rules]]\nname = "r"\nwhen = "cart.valu > 3"\n')
    assert f"{path}:5:9" in refused("serve", "--data", str(data), "--port", "0")
    path.write_text('[site]\nid = "other"\n')
    assert str(path) in refused("serve", "--data", str(data), "--port", "0")
    path.write_bytes(b"\xff\xfe")
    assert str(path) in refused("serve", "--data", str(data), "--port", "0")


def test_settings_that_do_not_exist(data: Path) -> None:
    (data / "aparte.toml").write_text("prot = 1\n")
    assert "did you mean port" in refused("serve", "--data", str(data))
    (data / "aparte.toml").write_text("port = \n")
    assert "line 1" in refused("serve", "--data", str(data))
    (data / "aparte.toml").unlink()
    environment = os.environ | {"APARTE_LIMITS_BATCH_BITES": "1"}
    assert "did you mean APARTE_LIMITS_BATCH_BYTES" in refused("serve", "--data", str(data), env=environment)


# A full disk


@pytest.mark.parametrize("size", [0, 5_000, 40_000])
def test_a_full_disk_at_the_start(tmp_path: Path, size: int) -> None:
    where = str(tmp_path / "data")
    assert where in refused("serve", "--data", where, "--port", "0", room=size)
    assert "sk_" not in aparte("site", "list", "--data", where).stdout
    assert aparte("site", "add", "shop", "--data", where).returncode == 0


def test_a_disk_that_fills_while_the_server_runs(data: Path) -> None:
    key = aparte("site", "list", "--data", str(data)).stdout.split()[1]
    with running("serve", "--data", str(data)) as server, httpx.Client(base_url=server.url, timeout=20) as client:
        fates: dict[int, int] = {}

        def sends(number: int) -> int:
            event = {"type": "track", "event": "Sent", "anonymousId": "a", "messageId": f"m{number}"}
            body = json.dumps(event | {"properties": {"text": "x" * 3_000}})
            answer = client.post("/v1/track", content=body, params={"writeKey": key})
            if answer.status_code == 503:
                assert int(answer.headers["retry-after"]) > 0
            fates[number] = answer.status_code
            return answer.status_code

        assert sends(0) == 200
        wal = (data / "aparte.db-wal").stat().st_size
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (wal + 40_000, resource.RLIM_INFINITY))
        number = 0
        while sends(number := number + 1) == 200:
            assert number < 2_000
        assert [sends(number + n) for n in range(1, 4)] == [503] * 3
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        assert client.get("/aparte.js").status_code == 200
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        begun = time.monotonic()
        while client.get("/readyz").status_code != 200:
            assert time.monotonic() - begun < 10
        assert sends(number + 4) == 200
        assert server.stop() == 0
    kept = {one.get("messageId") for one in lines(exported(data, "events"))}
    assert kept - {None} == {f"m{n}" for n, status in fates.items() if status == 200}


# First steps


def test_the_first_start_makes_a_site_and_a_link_that_works_once(tmp_path: Path) -> None:
    where = str(tmp_path / "data")
    with running("serve", "--data", where, until=b"#setup=") as server:
        said = server.said.decode()
        public, secret = (re.findall(rf"{one} key +(\w+)", said)[0] for one in ("public", "secret"))
        event = {"type": "track", "event": "Sent", "anonymousId": "a"}
        assert httpx.post(f"{server.url}/v1/track", json=event, auth=(public, "")).status_code == 200
        assert httpx.get(f"{server.url}/api/v1/ingest", auth=(secret, "")).json()["accepted"] == 1
        assert httpx.get(f"{server.url}/api/v1/ingest", auth=("wrong", "")).status_code == 401
        token = re.findall(r"/console#setup=(\S+)", said)[0]
        first = {"token": token, "email": "me@shop.example", "name": "Me", "password": PASSWORD}
        with httpx.Client(base_url=server.url, headers=CONSOLE, timeout=20) as client:
            assert client.get("/api/v1/session").json()["setup"] is True
            assert client.post("/api/v1/setup", json=first).json()["role"] == "admin"
            assert client.post("/api/v1/setup", json=first).status_code == 404
            assert client.get("/api/v1/conversations").status_code == 200
        assert server.stop() == 0
    with running("serve", "--data", where) as again:
        assert httpx.get(f"{again.url}/api/v1/session").json()["setup"] is False
        answer = httpx.post(f"{again.url}/api/v1/setup", json=first, headers=CONSOLE)
        assert answer.status_code == 404
        assert again.stop() == 0


def test_sites_and_staff_from_the_command_line(data: Path) -> None:
    where = ["--data", str(data)]
    assert "there is a site shop already" in refused("site", "add", "shop", *where)
    assert "is made of a-z" in refused("site", "add", "../x", *where)
    secret = os.environ | {"APARTE_PASSWORD": PASSWORD}
    assert "no site nowhere" in refused("staff", "add", "a@b.example", "--site", "nowhere", *where, env=secret)
    assert "no e-mail" in refused("staff", "add", "nobody", "--site", "shop", *where, env=secret)
    weak = os.environ | {"APARTE_PASSWORD": "aaaaaaaaaaaaaa"}
    assert "too easy" in refused("staff", "add", "a@b.example", "--site", "shop", *where, env=weak)
    made = aparte("staff", "add", "Ana@B.example", "--role", "analyst", "--site", "shop", *where, env=secret)
    assert (made.returncode, made.stdout) == (0, "Ana@B.example may sign in\n"), made
    with running("serve", *where) as server, httpx.Client(base_url=server.url, headers=CONSOLE, timeout=20) as client:
        answer = client.post("/api/v1/session", json={"email": "ana@b.example", "password": PASSWORD})
        assert (answer.status_code, answer.json()["role"], answer.json()["site"]["id"]) == (200, "analyst", "shop")
        assert client.post("/api/v1/conversations/next/take").status_code == 403
        assert server.stop() == 0


def test_the_demo_again_has_the_data_of_before(tmp_path: Path) -> None:
    command = ["demo", "--data", str(tmp_path / "data"), "--no-simulation", "--no-history"]
    with running(*command) as server:
        assert httpx.get(f"{server.url}/shop", follow_redirects=True).status_code == 200
        begun = httpx.post(f"{server.url}/v1/conversations", json={"key": "demo", "token": None}).json()
        assert server.stop() == 0
    with running(*command) as server:
        asked = {"key": "demo", "token": begun["token"]}
        found = httpx.post(f"{server.url}/v1/conversations", json=asked).json()
        assert found["conversation"] == begun["conversation"]
        assert server.stop() == 0
