"""Commands on a data folder whose server runs: they reach it, and take effect at once; without it they do the same.

Mutants seen to fail here: the site of the new key not exchanged in the engine; keys not read again after a new site.
"""

from __future__ import annotations

import asyncio
import json
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

import jwt
import pytest
from click.testing import CliRunner, Result
from running import Line, Server, running

from aparte.app import open_store
from aparte.cli import cli
from aparte.kit.errors import BadInput, Unavailable

PASSWORD = "a lamp for the night"


def aparte(data: Path, *words: object) -> Result:
    command = [*map(str, words), "--data", str(data)]
    return CliRunner().invoke(cli, command, env={"APARTE_PASSWORD": PASSWORD})


def says(data: Path, *words: object) -> str:
    done = aparte(data, *words)
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    return done.stdout


def refusal(data: Path, *words: object) -> str:
    done = aparte(data, *words)
    assert isinstance(done.exception, BadInput | Unavailable), done.output
    return str(done.exception)


async def ask(server: Server, method: str, path: str, said: Any, headers: str = "") -> tuple[int, Any]:
    line = Line(server)
    body = b"" if said is None else json.dumps(said).encode()
    status, answer = await line.call(method, path, body, f"Content-Type: application/json\r\n{headers}")
    line.drop()
    return status, json.loads(answer)


def asks(server: Server, method: str, path: str, said: Any = None, headers: str = "") -> tuple[int, Any]:
    return asyncio.run(ask(server, method, path, said, headers))


def identified(server: Server, key: str, signer: str, visitor: str, site: str) -> None:
    """A page tells who its visitor is, with a token that the shop's server has signed."""
    claims = {"sub": f"customer of {visitor}", "aud": site, "exp": int(time.time()) + 600}
    token = jwt.encode(claims, signer, "HS256")
    message = {
        "type": "identify", "anonymousId": visitor, "messageId": f"m-{visitor}", "userId": f"customer of {visitor}",
        "jwt": token,
    }  # fmt: skip
    basic = b64encode(f"{key}:".encode()).decode()
    status, _ = asks(server, "POST", "/v1/batch", {"batch": [message]}, f"Authorization: Basic {basic}\r\n")
    assert status == 200


def proven(data: Path) -> list[str]:
    """Customers of whom the log says that their identity is proven."""
    lines = says(data, "export", "events").splitlines()
    told = [json.loads(line) for line in lines]
    return [one["userId"] for one in told if one.get("type") == "identify" and one.get("userId")]


@pytest.mark.covers("S0-38", "S1-51", "S1-87")
def test_sites_keys_people_and_tables_reach_the_server_that_runs(tmp_path: Path) -> None:
    data, table, crm = tmp_path / "data", tmp_path / "p.csv", tmp_path / "crm.csv"
    table.write_text("id,price\nlamp,40\nsofa,x\n", "utf-8")
    crm.write_text("user_id,tier\nc1,gold\nc2,iron\n", "utf-8")
    assert "shop" in says(data, "site", "add", "shop")
    with running("serve", "--data", str(data)) as server:
        added = says(data, "site", "add", "second", "--origin", "https://second.example").split()
        key, secret = added[added.index("key") + 1], added[-1]
        assert asks(server, "GET", "/api/v1/ingest", None, f"Authorization: Bearer {secret}\r\n")[0] == 200
        assert "there is a site second already" in refusal(data, "site", "add", "second")
        assert [line.split()[0] for line in says(data, "site", "list").splitlines()] == ["second", "shop"]

        first = says(data, "site", "jwt-key", "second").split()[-1]
        identified(server, key, first, "ann", "second")
        second = says(data, "site", "jwt-key", "second").split()[-1]
        identified(server, key, first, "bob", "second")
        identified(server, key, second, "cid", "second")
        assert proven(data) == ["customer of ann", "customer of cid"]

        assert "there are several sites" in refusal(data, "import", "catalogue", table)
        done = aparte(data, "import", "catalogue", table, "--site", "shop")
        assert "1 added, 0 changed, 0 as before, 0 gone, 1 refused" in done.stdout, done
        assert "2 customers, 0 visitors known by now" in says(data, "import", "traits", crm, "--site", "shop")

        says(data, "team", "add", "night", "--kind", "outsourced", "--cost-per-hour", "18", "--site", "shop")
        says(data, "team", "add", "night", "--kind", "outsourced", "--cost-per-hour", "19", "--site", "shop")
        assert says(data, "team", "list") == "shop  night  outsourced  19.00\n"
        assert "eve@shop.example may sign in" in says(data, "staff", "add", "eve@shop.example", "--site", "shop")
        assert "somebody else has" in refusal(data, "staff", "add", "eve@shop.example", "--site", "shop")
        body = {"email": "eve@shop.example", "password": PASSWORD}
        assert asks(server, "POST", "/api/v1/session", body, f"Aparte-Console: 1\r\nOrigin: {server.url}\r\n")[0] == 200
        says(data, "staff", "set", "eve@shop.example", "--skill", "sales=2", "--team", "night", "--maximum", "3",
             "--shift", "mon-fri 22:00-06:00")  # fmt: skip
        told = says(data, "staff", "list")
        assert "eve@shop.example  agent  3  sales=2  night  mon,tue,wed,thu,fri 22:00-06:00" in told
        assert "nobody has this e-mail" in refusal(data, "staff", "set", "x@shop.example", "--maximum", "1")
        server.kill()
        # The file of a server that was killed is no harm: the same commands open the folder.
        assert "0 added, 0 changed, 1 as before" in aparte(data, "import", "catalogue", table, "--site", "shop").stdout
        assert "eve@shop.example has 5 slots" in says(data, "staff", "set", "eve@shop.example", "--maximum", "5")
        third = says(data, "site", "jwt-key", "second").split()[-1]
        server.start()
        identified(server, key, second, "dan", "second")
        identified(server, key, third, "eva", "second")
        assert proven(data) == ["customer of ann", "customer of cid", "customer of eva"]
        assert server.stop() == 0


def test_nobody_else_adds_sites_or_changes_keys(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running("demo", "--data", str(data), "--no-simulation", "--no-history") as server:
        for headers in ("", "Authorization: Bearer wrong\r\n", "Aparte-Console: 1\r\n"):
            for method, path, body in (("POST", "/api/v1/sites", {"id": "x"}), ("PUT", "/api/v1/site/jwt-key", {})):
                assert asks(server, method, path, body, headers)[0] in (401, 403), (headers, path)
        known = json.loads((data / "server.json").read_bytes())
        (data / "server.json").write_text(json.dumps({**known, "token": "x"}), "utf-8")
        assert "in use" in refusal(data, "site", "jwt-key", "demo")
        assert server.stop() == 0


def test_articles_reach_the_server_that_runs(tmp_path: Path) -> None:
    data, faq = tmp_path / "data", tmp_path / "faq.csv"
    faq.write_text("title,body,lang\nReturns,Within 30 days.,en\nRetours,Sous 30 jours.,fr\n", "utf-8")
    says(data, "site", "add", "shop")
    with running("serve", "--data", str(data)) as server:
        assert says(data, "import", "articles", faq) == "2 added, 0 changed, 0 refused\n"
        assert says(data, "import", "articles", faq) == "0 added, 2 changed, 0 refused\n"
        assert server.stop() == 0
    store = open_store(data)
    assert [one.title for one in store.find_articles("shop", ["30"], every=True, language="fr")] == ["Retours"]
    store.close()


def test_costs_and_figures_reach_the_server_that_runs(tmp_path: Path) -> None:
    """The facts are the server's alone; a command asks it, and says afterwards the same from the folder."""
    data = tmp_path / "data"
    says(data, "site", "add", "shop")
    days = ("--from", "2026-01-01", "--to", "2026-01-31")
    with running("serve", "--data", str(data)) as server:
        assert "call                 650" in says(data, "site", "costs", "--set", "call=650", "--formula", "orders / 2")
        told = json.loads(says(data, "report", "--format", "json", *days))
        assert "There is no data of these days" in says(data, "report", "--format", "text", *days)
        assert server.stop() == 0
    alone = json.loads(says(data, "report", "--format", "json", *days))
    assert [one["kpi"] for one in told["figures"]] == [one["kpi"] for one in alone["figures"]]
    assert told["figures"] == alone["figures"]
    assert told["empty"]
    assert "formula              orders / 2" in says(data, "site", "costs")
