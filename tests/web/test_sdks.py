"""The libraries that shops already use deliver unmodified, with only host and key configured."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from aparte.settings import Settings
from live import Server, serving

HERE = Path(__file__).parent / "sdk"
SECRET = {"authorization": "Basic " + base64.b64encode(b"demo-secret:").decode()}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, Settings(trusted_proxies=("127.0.0.1",))) as running:
        yield running


@pytest.fixture(scope="module")
def modules() -> Path:
    """The Node libraries, installed once for each lock file; skipped only where there is no Node and no CI."""
    if not shutil.which("npm") or not shutil.which("node"):
        assert not os.environ.get("CI"), "CI needs Node"
        pytest.skip("Node is not installed")
    lock = (HERE / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "aparte-tests" / hashlib.sha256(lock).hexdigest()[:16]
    if not (folder / "node_modules").is_dir():
        _install(folder)
    return folder


def _install(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent))
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, made)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=made, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    try:
        made.rename(folder)
    except OSError:  # another run was faster
        shutil.rmtree(made)


def counters(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(server.url + "/api/v1/ingest", headers=SECRET).json()
    return found


@pytest.mark.parametrize("library", ["segment", "rudder"])
def test_the_library_for_node_delivers(server: Server, modules: Path, library: str) -> None:
    environment = os.environ | {"NODE_PATH": str(modules / "node_modules")}
    command = ["node", str(HERE / "send.cjs"), library, server.url]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = counters(server)
    assert (found["received"], found["accepted"]) == (4, 4), found
    assert found["requests_refused"] == {}


@pytest.mark.parametrize("packed", [False, True])
def test_the_library_for_python_delivers(server: Server, packed: bool) -> None:
    from segment.analytics.client import Client  # noqa: PLC0415  # it starts threads when it is used

    failed: list[Exception] = []
    client = Client("demo", host=server.url, gzip=packed, on_error=lambda error, _: failed.append(error))
    client.identify("u1", {"plan": "gold"})
    client.page("u1", "Shop", "Cart", {"url": "https://shop.test/cart"})
    client.track("u1", "Product Added", {"product_id": "p1", "price": 39.9, "quantity": 1})
    client.track("u1", "Order Completed", {"order_id": "o1", "total": 79.8, "currency": "EUR"})
    client.shutdown()
    found = counters(server)
    assert (found["received"], found["accepted"], failed) == (4, 4, []), found
