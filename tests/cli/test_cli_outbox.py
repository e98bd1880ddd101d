"""`aparte outbox`: what waits and what was given up, beside a server or without one."""

from __future__ import annotations

import asyncio
from pathlib import Path

from click.testing import CliRunner

from aparte.app import open_store
from aparte.cli import cli
from aparte.outbox.store import Dead, Leave


def test_the_counts_of_every_site_are_told(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for site in ("shop", "other"):
        assert CliRunner().invoke(cli, ["site", "add", site, "--data", str(data)]).exit_code == 0
    store = open_store(data)

    async def written() -> None:
        await store.submit([Leave("shop", "webhook", "w1", f"e{n}", "ping", "{}", n) for n in range(3)])
        await store.submit([Leave("shop", "mail", "m1", "m1", "transcript", "{}", 1), Dead(1, 5, "500")])

    asyncio.run(written())
    done = CliRunner().invoke(cli, ["outbox", "--data", str(data)])
    store.close()
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "other  mail     0 pending  0 dead",
        "other  webhook  0 pending  0 dead",
        "shop  mail     1 pending  0 dead",
        "shop  webhook  2 pending  1 dead",
    ]
