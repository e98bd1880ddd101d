"""`aparte report`: the figures of a data folder as text and as JSON."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from aparte import app
from aparte.cli import main
from aparte.sites.model import Site

sys.path.append(str(Path(__file__).parents[1] / "reports"))
from report_world import DAY, SITE, START, World

ANOTHER = Site(id="other", name="Other", public_key="k2", secret_key_hash="h")


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> list[Site]:
    """A folder with one shop whose four weeks are told; a test may add more."""
    world, known = World(site_holdout=0.0), [SITE]
    world.crowd(9000, 900, 1000, 60)

    @contextmanager
    def opened(data: Path) -> Iterator[Any]:
        yield known, world

    monkeypatch.setattr(app, "report_data", opened)
    monkeypatch.setattr(time, "time_ns", lambda: (START + 60 * DAY) * 1_000_000)
    return known


PERIOD = ["--data", "d", "--since", "2026-10-30", "--until", "2026-11-26"]


def test_the_figures_as_json(sites: list[Site], capsys: pytest.CaptureFixture[str]) -> None:
    main(["report", *PERIOD, "--json"])
    figures = json.loads(capsys.readouterr().out)
    assert figures["headline"] == "cart"
    comparison = figures["campaigns"][0]["comparison"]
    assert comparison["conversion"]["estimate"] == pytest.approx(0.04)
    assert comparison["incremental"]["estimate"] == pytest.approx(21_600)
    assert (figures["funnel"]["candidates"], figures["until"] - figures["since"]) == (10_000, 28 * DAY)


def test_the_report_as_text_says_what_the_page_says(sites: list[Site], capsys: pytest.CaptureFixture[str]) -> None:
    main(["report", *PERIOD])
    said = capsys.readouterr().out
    assert "In 28 days, “cart” earned €21,600 more than if it had invited nobody." in said
    assert "The true figure lies between" in said
    assert "Attributed, not caused." in said
    main(["report", *PERIOD, "--language", "fr"])
    assert "a rapporté 21\u00a0600\u00a0€ de plus" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--since", "soon"], "write YYYY-MM-DD"), (["--site", "nowhere"], "--site takes one of: shop, other"),
     ([], "there are several sites")],
)  # fmt: skip
def test_what_cannot_be_reported_is_one_line(
    sites: list[Site], capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    sites.append(ANOTHER)
    if "--since" in options:
        options = [*options, "--site", "shop"]
    with pytest.raises(SystemExit) as stopped:
        main(["report", "--data", "d", *options])
    error = capsys.readouterr().err
    assert stopped.value.code == 2
    assert said in error
    assert error.count("\n") == 1
