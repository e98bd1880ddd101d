"""P15 beside the console and the widget: what is taken away, errors that repeat an address, the demo's shop.

Mutants seen to fail here: a transcript answered as text/html, a search page that marks its words as safe.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.importorskip("playwright")

sys.path.append(str(Path(__file__).parents[1] / "browser"))

import httpx
from judge import Judge
from payloads import PAYLOADS
from planting import KINDS, HostileWorld
from playwright.sync_api import Browser, BrowserContext
from screens import in_addresses
from shop_server import served
from sizes import size
from test_p15_no_text_runs import playing

SHARE = PAYLOADS[:: size(20, 1, 1)]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileWorld]:
    with playing(tmp_path_factory.mktemp("exports"), PAYLOADS[::6]) as (world, _):
        yield world


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="fr-FR")
    yield made
    made.close()


def is_no_page(answer: httpx.Response) -> bool:
    """No browser takes it for a page."""
    kind = answer.headers["content-type"].partition(";")[0]
    return kind in ("application/json", "text/plain", "text/csv") and (
        answer.headers.get("x-content-type-options") == "nosniff"
    )


def test_p15_what_is_taken_away_is_no_page(hostile: HostileWorld) -> None:
    admin = hostile.console("camille@a.example")
    exports = [f"conversations/conv-{kind}/transcript?format={form}" for kind in KINDS for form in ("text", "json")]
    for path in [*exports, "visitors", "staff", "requests", "leads", "leads.csv", "conversations/search?q=alert"]:
        answer = admin.get(f"/api/v1/{path}")
        assert answer.status_code == 200, (path, answer.text[:200])
        assert is_no_page(answer), (path, answer.headers)


def test_p15_no_cell_of_a_table_is_a_formula(hostile: HostileWorld) -> None:
    answer = hostile.console("camille@a.example").get("/api/v1/leads.csv")
    cells = [cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells) or any("SUM" in cell or "canary" in cell for cell in cells)
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_p15_errors_repeat_no_address_as_a_page(hostile: HostileWorld) -> None:
    with httpx.Client(base_url=hostile.http) as client:
        for path in in_addresses(SHARE):
            answer = client.get(path)
            assert answer.status_code in (303, 400, 404), (path, answer.text[:200])
            if "confirm" not in path and answer.status_code != 303:
                assert is_no_page(answer), (path, answer.headers)


def test_p15_the_demo_shop_writes_back_words_only(context: BrowserContext) -> None:
    with served() as shop:
        judge = Judge(context, shop.url)
        page = context.new_page()
        for text in SHARE:
            judge.where = f"search {text}"
            page.goto(f"{shop.url}/shop/en/search?q={quote(text)}")
            judge.look(page, judge.where)
            judge.where = f"cart {text}"
            page.goto(f"{shop.url}/shop/en/cart?code={quote(text)}")
            judge.look(page, judge.where)
        assert judge.found == []
