"""Robots are marked, not dropped (P31)."""

import gzip
import json
from pathlib import Path

import pytest

from aparte.tracking import bots
from aparte.tracking.bots import is_bot
from aparte.tracking.normalise import Normaliser

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.mark.parametrize(
    "agent", [GOOGLEBOT, "curl/8.5.0", "python-requests/2.31", "Mozilla/5.0 HeadlessChrome/120.0.0.0"]
)
def test_a_robot_that_says_so_is_one(agent: str) -> None:
    assert is_bot(agent)


@pytest.mark.parametrize("agent", [FIREFOX, "", "Mozilla/5.0", "x" * 100_000])
def test_a_browser_or_nothing_is_none(agent: str) -> None:
    assert not is_bot(agent)


@pytest.mark.parametrize("name", ["Product Added", "Order Completed"])
def test_the_message_is_marked_on_the_fast_way_and_by_the_step(name: str) -> None:
    for agent, expected in ((GOOGLEBOT, True), (FIREFOX, False), (None, False)):
        message = {
            "type": "track",
            "event": name,
            "messageId": "m",
            "anonymousId": "a",
            "timestamp": "2026-01-01T00:00:00Z",
        }
        event = Normaliser().read(json.dumps(message | {"context": {"userAgent": agent}}))
        assert event.bot is expected  # type: ignore[union-attr]


def test_the_cache_stays_small_whatever_clients_send() -> None:
    before = bots._listed.cache_info()
    for n in range(200):
        is_bot("x" * 10_000 + str(n))
    assert bots._listed.cache_info().currsize <= before.currsize + 1
    assert before.maxsize == bots.CACHED_USER_AGENTS


def test_hardly_any_real_browser_is_taken_for_a_robot(shared: Path) -> None:
    agents = json.loads(gzip.decompress((shared / "data/user_agents/user-agents.json.gz").read_bytes()))
    found = [agent["userAgent"] for agent in agents if is_bot(agent["userAgent"])]
    assert len(agents) >= 9_000
    assert len(found) <= len(agents) * 0.01, found[:5]
