"""`aparte export facts` asks the server that holds the folder, and gives the same file without one.

Mutant seen to fail here: the running server not asked.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from base64 import b64encode
from pathlib import Path

import pytest
from click.testing import CliRunner
from running import Line, running

from aparte.cli import cli
from aparte.kit.errors import BadInput


def aparte(*words: object) -> str:
    done = CliRunner().invoke(cli, [*map(str, words)])
    if isinstance(done.exception, Exception) and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_facts_come_out_of_a_folder_whose_server_runs_and_of_one_that_nobody_uses(tmp_path: Path) -> None:
    data, out, again = tmp_path / "data", tmp_path / "event.csv", tmp_path / "again.csv"
    words = "export", "facts", "--data", data, "--table", "event", "--format", "csv", "--out"
    told = aparte("site", "add", "shop", "--data", data)
    key = told.split()[-1]
    message = {"type": "track", "event": "=1+1", "anonymousId": "ann", "messageId": "m1"}

    async def tell(server: object) -> int:
        line = Line(server)  # type: ignore[arg-type]
        basic = f"Authorization: Basic {b64encode(f'{key}:'.encode()).decode()}\r\nContent-Type: application/json\r\n"
        status, _ = await line.call("POST", "/v1/batch", json.dumps({"batch": [message]}).encode(), basic)
        line.drop()
        return status

    with running("serve", "--data", str(data)) as server:
        assert asyncio.run(tell(server)) == 200
        aparte(*words, out)
        with pytest.raises(BadInput):
            aparte(*words, again, "--site", "other")
        assert not again.exists()
    aparte(*words, again)
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["'=1+1"]
    assert out.read_bytes() == again.read_bytes()
