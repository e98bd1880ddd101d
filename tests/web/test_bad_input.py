"""The hostile corpus through everything that a server has: never a 5xx, nothing lost in silence (P13, P14).

Every value in every field of every message, all of it kept on the disk, so that what is stored can be counted too.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hostile_corpus import BODIES, PULSE, VALUES, fields, message, pulse

from aparte.app import open_store
from aparte.app.serve import Running
from aparte.settings import Limits, Settings
from aparte.sites.service import new_site
from aparte.sites.store import SaveSite
from aparte.web import server
from aparte.web.limits import Buckets

MUCH = 1e9
FREE = Limits(
    visitor_rate=MUCH, visitor_burst=MUCH, address_rate=MUCH, address_burst=MUCH, site_rate=MUCH, site_burst=MUCH,
    new_visitors_per_minute=MUCH,
)  # fmt: skip
ROUTES = ("track", "page", "screen", "identify", "group", "alias")
BATCH = 250
PUBLIC, SECRET = ("demo", ""), ("demo-secret", "")
CONSOLE = {"Aparte-Console": "1", "Sec-Fetch-Site": "same-origin"}
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
RULES = """
[site]
id = "demo"
[[campaigns]]
name = "c"
[[campaigns.rules]]
name = "r"
when = 'cart.value > 10 || session.number > 1 || page.path.startsWith("/x")'
offer = { channel = "chat", skill = "sales", message = { fr = "?" }, expires = "60s" }
"""


class Stack:
    """A whole server on a disk, in a thread, and what its client was told."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.ready = threading.Event()
        self.told: Counter[str] = Counter()
        self.slowest = 0.0
        (data / "campaigns").mkdir(parents=True)
        (data / "campaigns" / "demo.toml").write_text(RULES, encoding="utf-8")
        self.thread = threading.Thread(target=lambda: server.run(self.serve()))
        self.thread.start()
        assert self.ready.wait(20)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.running.port}", timeout=30, headers=BROWSER)

    async def serve(self) -> None:
        """Serve until `end`."""
        settings = Settings(port=0, trusted_proxies=("127.0.0.1",), limits=FREE)
        self.store = open_store(self.data)
        site, _ = new_site("demo", "Demo", public_key="demo", secret_key="demo-secret")
        await self.store.submit([SaveSite(site)])
        self.running, self.loop = Running(self.data, self.store, settings), asyncio.get_running_loop()
        try:
            await self.running.run(self.running.doors, server.bind(settings), lambda url: self.ready.set())
        finally:
            self.store.close()

    def end(self) -> None:
        """Stop, and wait."""
        self.client.close()
        self.loop.call_soon_threadsafe(self.running.ending.set)
        self.thread.join(30)
        assert not self.thread.is_alive()

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request; never a 5xx, never long."""
        begun = time.perf_counter()
        answer = self.client.request(method, path, **more)
        self.slowest = max(self.slowest, time.perf_counter() - begun)
        assert answer.status_code < 500, (path, answer.text, more)
        return answer

    def send(self, path: str, body: bytes, messages: int) -> None:
        """Messages; each has a fate that is told. A body that is no JSON is refused as a whole, and has none."""
        answer = self.ask("POST", path, content=body, auth=PUBLIC)
        if answer.status_code == 400 and answer.json()["error"]["code"] == "unreadable" and not parses(body):
            return
        assert answer.status_code == 200, (body[:300], answer.text)
        counts = {name: int(n) for name, n in (one.split("=") for one in answer.headers["aparte-counts"].split())}
        assert counts["received"] == messages
        self.told.update(counts)

    def check(self) -> None:
        """Counters, answers and the log agree to the last message."""
        found = self.ask("GET", "/api/v1/ingest", auth=SECRET).json()
        fates = ("accepted", "duplicate", "quarantined", "refused")
        assert found["received"] == sum(found[fate] for fate in fates)
        assert {name: found[name] for name in ("received", *fates)} == {n: self.told[n] for n in ("received", *fates)}
        assert found["quarantined"] == sum(found["reasons"]["quarantined"].values())
        kept = asyncio.run_coroutine_threadsafe(self.logged(), self.loop).result(60)
        assert kept == found["accepted"]
        assert self.ask("GET", "/readyz").status_code == 200
        assert self.slowest < 5

    async def logged(self) -> int:
        """Messages in the log; facts of our own have no message id."""
        return sum(1 for one in self.store.log() if one.message_id)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """One server."""
    made = Stack(tmp_path / "data")
    yield made
    made.end()


def parses(text: bytes) -> bool:
    """Whether a message may stand beside others: what is no JSON would take the whole batch with it."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return len(text) < 30_000


def test_every_value_in_every_field_is_counted_and_kept_or_put_into_quarantine(stack: Stack) -> None:
    number, good, alone = 0, [], 0
    for field in fields():
        for value in VALUES:
            number += 1
            one = message(field, value, number, ROUTES[number % len(ROUTES)])
            if parses(one):
                good.append(one)
            elif number % 5 == 0:
                stack.send(f"/v1/{ROUTES[number % len(ROUTES)]}", one, 1)
                alone += 1
    for at in range(0, len(good), BATCH):
        lines = good[at : at + BATCH]
        body = b'{"batch":[' + b",".join(lines) + b"]}"
        while len(body) > 500_000:
            lines = lines[: len(lines) // 2]
            body = b'{"batch":[' + b",".join(lines) + b"]}"
        stack.send("/v1/batch", body, len(lines))
    assert alone > 50
    assert stack.told["accepted"] > 2_000
    assert stack.told["quarantined"] > 50
    stack.check()


def test_every_value_in_every_field_of_a_pulse(stack: Stack) -> None:
    event = message(("integrations",), "{}", 1)
    for field in PULSE:
        for value in VALUES[:: 3 if field != "token" else 1]:
            answer = stack.ask("POST", "/v1/pulse", content=pulse(field, value, event))
            if answer.status_code == 200:
                stack.told.update(answer.json().get("counts", {}))
                if "counts" not in answer.json():
                    stack.told.update({"received": 1, "quarantined": 1})
            else:
                assert answer.json()["error"]["code"], answer.text
    stack.check()


VISITOR = {
    "key": '"demo"', "token": "null", "language": '"fr"', "url": '"/"', "entries": "[]", "csat": "5", "nps": "9",
    "solved": "true", "comment": '"x"', "seq": "1", "dlv": "1", "cid": '"c"', "kind": '"text"', "body": '"x"',
}  # fmt: skip


def test_every_value_in_every_field_of_the_visitors_calls(stack: Stack) -> None:
    begun = stack.ask("POST", "/v1/conversations", json={"key": "demo", "token": None}).json()
    conv, token = begun["conversation"]["id"], json.dumps(begun["token"])
    stack.running.desk.messages = Buckets(MUCH, MUCH)
    acked, asked = set[int](), 0
    for name in VISITOR:
        for value in VALUES:
            asked += 1
            known = {"key": '"demo"', "token": token}
            item = {one: VISITOR[one] for one in ("cid", "kind", "body")}
            if name in item:
                item |= {"cid": f'"c{asked}"', name: value}
                known["entries"] = "[{" + ",".join(f'"{one}":{text}' for one, text in item.items()) + "}]"
                paths = [f"/v1/conv/{conv}/entries"]
            elif name in ("entries", "seq", "dlv", "csat", "nps", "solved", "comment"):
                known[name] = value
                call = {"entries": "entries", "seq": "read", "dlv": "read"}.get(name, "survey")
                paths = [f"/v1/conv/{conv}/{call}"]
            else:
                known[name] = value
                paths = [f"/v1/conv/{conv}/read", "/v1/offers/none/shown"]
            body = ("{" + ",".join(f'"{one}":{text}' for one, text in known.items()) + "}").encode()
            for path in paths:
                answer = stack.ask("POST", path, content=body)
                results = answer.json().get("results", []) if answer.status_code == 200 else []
                acked |= {one["seq"] for one in results if one["t"] == "ack"}
                assert all(one["t"] == "ack" or "code" in one for one in results)
    entries = stack.store.entries(conv, 0, 10_000)
    assert {one.seq for one in entries if one.kind == "text"} == acked
    assert len(acked) > 50
    assert [one.seq for one in entries] == list(range(1, len(entries) + 1))
    stack.check()


def test_bodies_that_are_nothing_on_every_route(stack: Stack) -> None:
    paths = ["/v1/batch", "/v1/track", "/v1/pulse", "/v1/conversations", "/v1/conv/x/entries", "/v1/conv/x/survey",
             "/v1/offers/x/accept", "/api/v1/session", "/api/v1/setup"]  # fmt: skip
    for path in paths:
        for body in BODIES:
            answer = stack.ask("POST", path, content=body, headers=CONSOLE)
            assert answer.status_code in {200, 400, 401, 404, 413}, (path, body[:99], answer.text)
    found = stack.ask("GET", "/api/v1/ingest", auth=SECRET).json()
    assert found["received"] == sum(found[fate] for fate in ("accepted", "duplicate", "quarantined", "refused"))


def test_a_wrong_key_too_much_and_too_fast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = Limits(address_rate=1, address_burst=5, in_flight=1)
    monkeypatch.setattr(sys.modules[__name__], "FREE", few)
    stack = Stack(tmp_path / "data")
    try:
        event = {"type": "track", "event": "x", "anonymousId": "a"}
        assert stack.ask("POST", "/v1/track", json=event, auth=("wrong", "")).status_code == 401
        assert stack.ask("POST", "/v1/track", json=event).status_code == 401
        assert stack.ask("POST", "/v1/batch", content=b"x" * 600_000, auth=PUBLIC).status_code == 413
        many = {"batch": [event] * 2_501}
        assert stack.ask("POST", "/v1/batch", json=many, auth=PUBLIC).status_code == 413
        far = {"X-Forwarded-For": "203.0.113.9"}
        answers = [
            stack.ask("POST", "/v1/track", json={**event, "messageId": f"m{n}"}, auth=PUBLIC, headers=far)
            for n in range(9)
        ]
        late = [one for one in answers if one.status_code == 429]
        assert len(late) == 9 - sum(one.status_code == 200 for one in answers) > 0
        assert all(int(one.headers["retry-after"]) > 0 for one in late)
        found = stack.ask("GET", "/api/v1/ingest", auth=SECRET).json()
        assert (found["received"], found["accepted"], found["refused"]) == (9, 9 - len(late), len(late))
    finally:
        stack.end()
