"""Campaigns are applied to a server that runs: they take effect at once, and nobody who is there is forgotten."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

from running import Line, Server, Shopper, call, exported, running, signed_in

FIRST = """# é: the first\r
[site]
id = "demo"
holdout = 0.0
version = 2
[behaviours.cart_views]
count = "Cart Viewed"
"""
SECOND = (
    FIRST
    + """# waits for nobody
[[campaigns]]
name = "cart"
holdout = 0.0
[[campaigns.rules]]
name = "two-views"
when = 'cart_views >= 2'
offer = { channel = "content", message = "?", expires = "60s" }
"""
)


def aparte(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "aparte", *arguments], capture_output=True, check=False)


def applied(folder: Path, text: str, *more: str) -> subprocess.CompletedProcess[bytes]:
    file = folder / "new.toml"
    file.write_bytes(text.encode())
    return aparte("apply", str(file), "--data", str(folder / "data"), *more)


async def offered(server: Server, folder: Path) -> dict[str, Any]:
    """Two looks at the cart, then the rules that wait for them are published."""
    shopper = Shopper(server, 1)
    await shopper.pulse(shopper.event("page", path="/cart", url="https://shop/cart"))
    first = await shopper.pulse(shopper.event("track", "Cart Viewed"), shopper.event("track", "Cart Viewed"))
    assert first["offer"] is None
    said = await asyncio.to_thread(applied, folder, SECOND, "--note", "at last")
    assert (said.returncode, said.stderr) == (0, b"")
    assert said.stdout.decode().splitlines() == ["version 3, in force now", "  campaign cart added"]
    for _ in range(100):
        found = await shopper.pulse()
        if found["offer"]:
            shopper.line.drop()
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("nobody was invited")


def test_applied_campaigns_take_effect_without_a_restart_and_outlive_a_kill(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running("demo", "--data", str(data), "--no-simulation", "--no-history") as server:
        assert stat.S_IMODE((data / "server.json").stat().st_mode) == 0o600
        assert b"version 2, in force now" in applied(tmp_path, FIRST).stdout
        assert asyncio.run(offered(server, tmp_path))["offer"]
        assert exported(data, "campaigns") == SECOND.encode()
        assert aparte("export", "campaigns", "--data", str(data), "--version", "2").stdout == FIRST.encode()
        wrong = applied(tmp_path, SECOND.replace("cart_views >= 2", "carts >= 2"))
        assert wrong.returncode == 2
        assert b"new.toml:14:9: unknown name carts" in wrong.stderr
        shares = applied(tmp_path, SECOND.replace('name = "cart"\nholdout = 0.0', 'name = "cart"\nholdout = 0.3'))
        assert (shares.returncode, b"write version = 2" in shares.stderr) == (2, True)
        server.kill()
        assert (data / "server.json").exists()
        assert b"version 4, in force from the next start" in applied(tmp_path, FIRST).stdout
        server.start()
        token = json.loads((data / "server.json").read_bytes())["token"]
        headers = f"Authorization: Bearer {token}\r\n"
        [newest, *_] = asyncio.run(call(server, "GET", "/api/v1/campaigns/versions", headers=headers))
        assert (newest["version"], newest["state"], newest["made_by_name"]) == (4, "published", "command line")
        assert newest["changes"] == [{"campaign": "cart", "what": "removed", "members": []}]
        assert server.stop() == 0
        assert not (data / "server.json").exists()


def test_a_draft_is_saved_checked_published_and_rolled_back_by_the_api(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running("demo", "--data", str(data), "--no-simulation", "--no-history") as server:
        asyncio.run(api(server, data))
        assert server.stop() == 0


async def api(server: Server, data: Path) -> None:
    token = json.loads((data / "server.json").read_bytes())["token"]
    headers = f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"

    async def ask(method: str, path: str, said: Any = None, more: str = headers) -> tuple[int, Any]:
        line = Line(server)
        status, body = await line.call(
            method, f"/api/v1/campaigns{path}", b"" if said is None else json.dumps(said).encode(), more
        )
        line.drop()
        return status, json.loads(body)

    assert (await ask("GET", "", more="Authorization: Bearer wrong\r\n"))[0] == 401
    status, listed = await ask("GET", "")
    assert (status, listed["published"], listed["draft"], listed["days"]) == (200, 1, None, 28)
    assert {one["verdict"] for one in listed["campaigns"]} == {"not_started"}
    status, known = await ask("GET", "/file?version=draft")
    assert (known["version"], known["state"], known["revision"]) == (1, "published", 0)
    file = known["file"]
    same = await ask("PUT", "/draft", {"revision": 0, "file": file})
    assert (same[0], same[1]["revision"], same[1]["text"]) == (200, 1, known["text"])  # comments and all
    file["campaigns"][0]["rules"][0]["when"] = "nothing >= 1"
    status, refused = await ask("PUT", "/draft", {"revision": 1, "file": file})
    assert (status, refused["error"]["code"]) == (400, "bad_campaigns")
    assert refused["faults"][0]["path"] == ["campaigns", 0, "rules", 0, "when"]
    assert (await ask("POST", "/check", {"file": file}))[1]["faults"] == refused["faults"]
    file["campaigns"][0]["rules"][0]["when"] = "cart.value > 20.0"
    assert (await ask("PUT", "/draft", {"revision": 0, "file": file}))[0] == 409
    assert (await ask("PUT", "/draft", {"revision": 1, "file": file}))[1]["revision"] == 2
    status, listed = await ask("GET", "")
    assert listed["draft"]["revision"] == 2
    assert [one["in_draft"] for one in listed["campaigns"]].count(True) == 1
    assert (await ask("POST", "/publish", {"revision": 1}))[1]["error"]["code"] == "changed_meanwhile"
    status, made = await ask("POST", "/publish", {"revision": 2, "note": "cheaper"})
    assert (status, made["version"]) == (200, 2)
    assert (await ask("POST", "/rollback", {"version": 1}))[1]["version"] == 3
    assert (await ask("POST", "/rollback", {"version": 9}))[0] == 404
    _, history = await ask("GET", "/versions")
    assert [(one["version"], one["state"]) for one in history] == [(3, "published"), (2, "archived"), (1, "archived")]
    assert history[1]["note"] == "cheaper"
    assert history[1]["changes"][0]["members"] == ["rules"]
    assert (await ask("GET", "/file?version=3"))[1]["text"] == known["text"]
    assert await ask("DELETE", "/draft") == (200, {})
    cookie = f"Cookie: {await signed_in(server)}\r\nAparte-Console: 1\r\nOrigin: {server.url}\r\n"
    more = cookie + "Content-Type: application/json\r\n"
    role = next(iter([await ask("GET", "/versions", more=more)]))
    assert role[0] == 200
    again = await ask("POST", "/rollback", {"version": 1}, more)  # Camille leads; what rules already is no new version
    assert (again[0], again[1]["version"]) == (200, 3)
