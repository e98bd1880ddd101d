"""What-if from the page: two versions over the stored log, in a child process that gives way to everybody else.

One for each site at a time. The child ends with its time, with a cancellation, and with this process however that ends:
it lives only as long as its standard input, whose other end is here.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from aparte.targeting.model import CampaignFile
from aparte.web.plain import Problem

LONGEST_S = 600.0
MOST_KEPT = 50
MOST_RESULT = 8 << 20
"""Bytes of a result."""


class Progress(Struct):
    """A line that the child tells."""

    progress: float


class Comparison(Struct):
    """One what-if, as the page sees it."""

    state: Literal["running", "done", "failed"] = "running"
    seconds: float = 0.0
    progress: float = 0.0
    result: Any = None
    error: str = ""


class Running(Struct):
    """One that is kept; `task` runs the child."""

    site: str
    found: Comparison
    begun: float
    task: asyncio.Task[None] | None = None


class Comparisons:
    """All what-ifs of this process."""

    def __init__(self, data: Path, longest: float = LONGEST_S) -> None:
        self._data, self._longest = data, longest
        self._kept: OrderedDict[str, Running] = OrderedDict()

    def begin(self, site: str, old: CampaignFile, new: CampaignFile, days: float) -> str:
        """Start; the id. Problem 409 `busy` while one of this site runs."""
        if any(one.site == site and one.found.state == "running" for one in self._kept.values()):
            raise Problem(409, "busy", "a comparison of this site runs already", hint="wait for it, or cancel it")
        id_ = secrets.token_hex(8)
        one = self._kept[id_] = Running(site, Comparison(), time.monotonic())
        one.task = asyncio.create_task(self._run(one, old, new, days))
        for old_id in [name for name, kept in self._kept.items() if kept.found.state != "running"][:-MOST_KEPT]:
            del self._kept[old_id]
        return id_

    def find(self, site: str, id_: str) -> Comparison:
        """One of this site; Problem 404."""
        one = self._kept.get(id_)
        if one is None or one.site != site:
            raise Problem(404, "no_such_comparison", "there is no such comparison", where="id")
        if one.found.state == "running":
            one.found.seconds = round(time.monotonic() - one.begun, 1)
        return one.found

    async def cancel(self, site: str, id_: str) -> None:
        """End one of this site; one that is done is forgotten."""
        self.find(site, id_)
        one = self._kept.pop(id_)
        await ended(one)

    async def close(self) -> None:
        """End all: the server stops."""
        for one in list(self._kept.values()):
            await ended(one)

    async def _run(self, one: Running, old: CampaignFile, new: CampaignFile, days: float) -> None:
        found = one.found
        try:
            async with asyncio.timeout(self._longest):
                with tempfile.TemporaryDirectory(prefix="aparte-compare-") as folder:
                    found.result = await self._child(one, Path(folder), old, new, days)
            found.state, found.progress = "done", 1.0
        except TimeoutError:
            found.state, found.error = "failed", f"it took more than {self._longest:g} seconds; try fewer days"
        except (OSError, Failed) as error:
            found.state, found.error = "failed", str(error)
        except asyncio.CancelledError:
            found.state, found.error = "failed", "cancelled"
            raise
        finally:
            found.seconds = round(time.monotonic() - one.begun, 1)

    async def _child(self, one: Running, folder: Path, old: CampaignFile, new: CampaignFile, days: float) -> Any:
        """Run the child to its end; its result."""
        paths = [folder / "old.json", folder / "new.json"]
        for path, file in zip(paths, (old, new), strict=True):
            await asyncio.to_thread(path.write_bytes, msgspec.json.encode(file))
        command = [sys.executable, "-m", "aparte", "replay", "--compare", *map(str, paths), "--data", str(self._data)]
        command += ["--site", one.site, "--days", str(days), "--json", "--progress", "--background"]
        child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=MOST_RESULT)
        try:
            said, told = await asyncio.gather(output(child), self._follow(child, one.found))
            if await child.wait():
                raise Failed(told or "the comparison was ended by the system: it needed too much memory")
            return msgspec.json.decode(said)
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()

    async def _follow(self, child: Process, found: Comparison) -> str:
        """What the child tells while it runs; its last words that are no progress."""
        last = ""
        assert child.stderr is not None
        async for line in child.stderr:
            try:
                found.progress = min(1.0, max(0.0, msgspec.json.decode(line, type=Progress).progress))
            except msgspec.MsgspecError:
                last = line.decode("utf-8", "replace").strip()[:500] or last
        return last


class Failed(Exception):
    """The child says why."""


async def output(child: Process) -> bytes:
    """All that the child prints, within bounds."""
    assert child.stdout is not None
    said = b""
    while part := await child.stdout.read(65_536):
        said += part
        if len(said) > MOST_RESULT:
            raise Failed("the result is too large")
    return said


async def ended(one: Running) -> None:
    """Wait until its child is gone."""
    if one.task is not None and not one.task.done():
        one.task.cancel()
        await asyncio.gather(one.task, return_exceptions=True)
