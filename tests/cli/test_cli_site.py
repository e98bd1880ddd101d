"""`aparte site set`: the settings of a site from a shell, judged as the doors judge them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aparte.app import control, open_store
from aparte.cli import cli
from aparte.kit.errors import BadInput
from aparte.sites.model import Site


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in words])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    assert run("site", "add", "shop", "--data", tmp_path / "data").exit_code == 0
    return tmp_path / "data"


def kept(data: Path) -> tuple[Site, list[tuple[str, str, str]]]:
    store = open_store(data)
    site, rows = store.sites()[0], [(one.who, one.verb, one.detail) for one in store.audit()]
    store.close()
    return site, rows


def test_settings_are_set_read_back_and_written_to_the_audit_log(data: Path) -> None:
    done = run(
        "site", "set", "shop", "--data", data, "name=Maison Lin", "answer_s=45", "button=no", "look.colour=#0B5CAD",
        "origins=https://Shop.example, https://www.shop.example/", "words.fr.launcher=Une question, peut-être ?",
        "wrap_up=off", "typing_preview=yes",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert done.output == "shop: name, origins, button, words, answer_s, typing_preview, look.colour\n"
    site, rows = kept(data)
    assert (site.name, site.answer_s, site.button, site.typing_preview) == ("Maison Lin", 45, False, True)
    assert site.origins == ("https://shop.example", "https://www.shop.example")
    assert site.words == {"fr": {"launcher": "Une question, peut-être ?"}}
    assert rows[-1] == ("command line", "settings", done.output.strip().removeprefix("shop: "))
    shown = run("site", "set", "shop", "--data", data).output.splitlines()
    assert {"name=Maison Lin", "answer_s=45", "button=false", "look.colour=#0B5CAD", "look.radius=18",
            "words.fr.launcher=Une question, peut-être ?"} <= set(shown)  # fmt: skip
    again = run("site", "set", "shop", "--data", data, *[one for one in shown if not one.startswith("look.radius")])
    assert again.output == "shop: everything was so already\n"
    assert run("site", "set", "shop", "--data", data, "words.fr.launcher=").exit_code == 0
    assert kept(data)[0].words == {}


@pytest.mark.parametrize(
    ("pair", "what"),
    [
        ("answer_s=soon", "Expected `int"), ("answer_s=5", "answer_s: 5 is not between 10 and 3600"),
        ("mode=half", "mode: "), ("nothing", "this is no KEY=VALUE"), ("colour=#000000", "there is no such setting"),
        ("look.shadow=1", "there is no such setting"), ("words.fr=x", "there is no such setting"),
        ("public_key=mine", "there is no such setting"), ("look.on_colour=#8A4070", "contrast"),
        ("words.fr.laucher=x", "the widget has no word"), ("time_zone=Paris", "Europe/Paris"),
        ("wrap_up=sometimes", "wrap_up: "), ("mail_to=x", "name@example.com"),
    ],
)  # fmt: skip
def test_a_bad_pair_is_refused_with_what_where_and_what_to_do_and_nothing_is_set(
    data: Path, pair: str, what: str
) -> None:
    before = kept(data)
    done = run("site", "set", "shop", "--data", data, "queue_s=90", pair)
    assert isinstance(done.exception, BadInput), done.output
    assert what in str(done.exception)
    assert done.exception.where
    assert done.exception.hint
    assert kept(data) == before


def test_an_unknown_site_and_an_origin_that_is_none_are_refused(data: Path) -> None:
    other = run("site", "set", "other", "--data", data, "answer_s=45").exception
    assert "there is no site other" in str(other)
    done = run("site", "add", "b", "--data", data, "--origin", "shop.example")
    assert "is no origin" in str(done.exception)


def test_a_running_server_is_asked_and_told_the_change_whole(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def answers(data: Path, method: str, path: str, body: Any = None) -> Any:
        asked.append((method, path, {name: value for name, value in body.items() if value is not None}))
        site = Site(id="shop", name="shop", public_key="", secret_key_hash="", queue_s=90)
        look = {name: getattr(site.look, name) for name in site.look.__struct_fields__}
        return {name: getattr(site, name) for name in site.__struct_fields__} | {"look": look}

    monkeypatch.setattr(control, "call", answers)
    assert run("site", "set", "shop", "--data", data, "queue_s=90").output == "shop: queue_s\n"
    assert asked == [("PUT", "/api/v1/site?site=shop", {"queue_s": 90})]
