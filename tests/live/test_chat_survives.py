"""The server is killed in the middle of a conversation: what was acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from running import Server, answer, post, running

MESSAGES, KILLS = 200, 5
KEY = "demo"


async def asked(server: Server, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """A call of the visitor's page, repeated until the server answers."""
    while True:
        try:
            status, text = await asyncio.wait_for(post(server.port, path, json.dumps(body).encode()), 20)
        except (OSError, EOFError, TimeoutError):
            await asyncio.sleep(0.05)
            continue
        if status in (429, 503):
            await asyncio.sleep(0.05)
            continue
        assert status in (200, 201), (status, text)
        found: dict[str, Any] = json.loads(text)
        return found


async def transcript(server: Server, conv: str, token: str) -> list[dict[str, Any]]:
    """All entries, page by page."""
    entries: list[dict[str, Any]] = []
    while True:
        after = entries[-1]["seq"] if entries else 0
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        head = f"GET /v1/conv/{conv}/entries?after={after}&wait=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        writer.write(f"{head}Authorization: Bearer {token}\r\nAparte-Key: {KEY}\r\n\r\n".encode())
        status, body = await answer(reader)
        writer.close()
        assert status == 200, body
        page = json.loads(body)
        entries += page["entries"]
        if not page["more"]:
            return entries


def test_no_acknowledged_message_is_lost_and_none_is_there_twice(tmp_path: Path) -> None:
    async def writes(server: Server, conv: str, token: str, acked: dict[str, int]) -> None:
        for n in range(MESSAGES):
            entry = {"cid": f"{n:032x}", "kind": "text", "body": f"message {n}"}
            while True:
                sent = {"key": KEY, "token": token, "entries": [entry]}
                found = await asked(server, f"/v1/conv/{conv}/entries", sent)
                result = found["results"][0]
                if result["t"] == "ack":
                    acked[entry["cid"]] = result["seq"]
                    break
                assert "retry_after" in result, result
                await asyncio.sleep(0.05)

    async def kills(server: Server, acked: dict[str, int]) -> None:
        for n in range(KILLS):
            while len(acked) < MESSAGES * (n + 1) // (KILLS + 1):  # noqa: ASYNC110 - it is asked again and again
                await asyncio.sleep(0.002)
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)

    async def story(server: Server) -> tuple[dict[str, int], list[dict[str, Any]]]:
        begun = await asked(server, "/v1/conversations", {"key": KEY, "token": None, "language": "fr", "url": "/shop"})
        conv, token, acked = begun["conversation"]["id"], begun["token"], dict[str, int]()
        await asyncio.gather(writes(server, conv, token, acked), kills(server, acked))
        return acked, await transcript(server, conv, token)

    with running("demo", "--data", str(tmp_path), "--no-simulation", "--no-history") as server:
        acked, entries = asyncio.run(story(server))
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    mine = [entry for entry in entries if entry["by"] == "visitor" and entry["kind"] == "text"]
    assert [entry["body"] for entry in mine] == [f"message {n}" for n in range(MESSAGES)]
    assert {entry["cid"]: entry["seq"] for entry in mine} == acked
