"""What may be set of a site: the judgement itself, whatever is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.sites.model import Look, Site
from aparte.sites.settings import (
    BOUNDS,
    LEAST_CONTRAST,
    SETTINGS,
    BadSettings,
    Change,
    Fault,
    LookChange,
    changed,
    contrast,
    differing,
    is_origin,
    look_faults,
    origin_of,
    revision_of,
    sound,
)
from aparte.sites.words import CURRENCIES, WIDGET_WORDS

ROOT = Path(__file__).resolve().parents[2]
SITE = Site(id="shop", name="Shop", public_key="key", secret_key_hash="hash", secret_key_hint="hint")
TEXT = st.text(max_size=30)
COLOURS = st.one_of(TEXT, st.from_regex(r"#[0-9A-F]{6}", fullmatch=True))
ORIGINS = st.just("https://Shop.example:443/") | TEXT.map("https://{}".format)
LOOKS = st.builds(
    LookChange, colour=st.none() | COLOURS, on_colour=st.none() | COLOURS, radius=st.none() | st.integers(0, 40)
)  # fmt: skip
WORDS = st.dictionaries(
    st.sampled_from(["fr", "de"]), st.dictionaries(st.sampled_from(["send", "sent", "x"]), TEXT, max_size=2), max_size=2
)  # fmt: skip
CHANGES = st.builds(
    Change,
    name=st.none() | TEXT,
    language=st.none() | st.sampled_from(["fr", "EN", "de"]) | TEXT,
    languages=st.none() | st.lists(st.sampled_from(["fr", "EN ", "de"]) | TEXT, max_size=4).map(tuple),
    currency=st.none() | st.sampled_from(["eur", "CHF"]) | TEXT,
    time_zone=st.none() | st.sampled_from(["UTC", "Europe/Paris"]) | TEXT,
    origins=st.none() | st.lists(ORIGINS, max_size=3).map(tuple),
    look=st.none() | LOOKS,
    words=st.none() | WORDS,
    answer_s=st.none() | st.integers(0, 4_000),
    mail_to=st.none() | TEXT,
)


def judged(change: Change) -> Site | tuple[Fault, ...]:
    """The site with the change, or what is wrong with it."""
    try:
        return changed(SITE, change)
    except BadSettings as error:
        return error.faults


@given(CHANGES)
def test_what_is_taken_is_good_and_said_twice_is_nothing_new_and_what_is_refused_says_where(change: Change) -> None:
    after = judged(change)
    if isinstance(after, tuple):
        assert after
        assert all(one.where.split(".")[0] in SETTINGS and one.what and one.hint for one in after)
        return
    assert changed(after, change) == after
    assert contrast(after.look.colour, after.look.on_colour) >= LEAST_CONTRAST
    assert after.currency in CURRENCIES
    assert after.language in after.languages or change.language is change.languages is None
    assert all(is_origin(one) for one in after.origins)
    assert (after.public_key, after.secret_key_hash, after.id) == ("key", "hash", "shop")
    assert (revision_of(after) == revision_of(SITE)) == (differing(SITE, after) == ())


@pytest.mark.parametrize(
    "text", ["https://shop.example", "http://localhost:8080", "https://[::1]:8443", "https://xn--caf-dma.example"]
)
def test_an_origin_is_an_origin(text: str) -> None:
    assert is_origin(origin_of(text)), text
    assert origin_of(f" {text.upper()}/ ") == text


@pytest.mark.parametrize(
    "text",
    ["", "*", "null", "shop.example", "//shop.example", "https://", "https://shop.example/x", "https://shop.example?x",
     "https://user@shop.example", "https://shop.example:0x50", "https://shop.example:65536", "ftp://shop.example",
     "https://a b", "https://a.example https://b.example", "https://*.example", "javascript:alert(1)"],
)  # fmt: skip
def test_anything_else_is_none(text: str) -> None:
    assert not is_origin(origin_of(text)), text


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)  # the grey that is just enough
    assert contrast(Look().colour, Look().on_colour) == pytest.approx(11.7, abs=0.05)


def test_the_words_that_can_be_replaced_are_those_of_the_widget() -> None:
    source = (ROOT / "web" / "widget" / "src" / "words.ts").read_text(encoding="utf-8")
    tables = re.findall(r"export const (?:TABLE|FORM)\b[^{]*\{(.*?)\n\}", source, re.DOTALL)
    names = [name for table in tables for name in re.findall(r"^  (\w+): ?\[", table, re.MULTILINE)]
    assert len(tables) == 2
    assert set(WIDGET_WORDS) == set(names), "tell sites/words.py"
    assert len(WIDGET_WORDS) == len(set(WIDGET_WORDS))


def test_the_reference_tells_every_setting_and_its_bounds() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    told = page.partition("## Of a site, while it runs")[2]
    for name in (*(one for one in SETTINGS if one != "look"), *(f"look.{one}" for one in Look.__struct_fields__)):
        assert f"`{name}`" in told, name
    for name, (least, most) in BOUNDS.items():
        row = next(line for line in told.splitlines() if line.startswith(f"| `{name}`"))
        assert f"{least:,} to {most:,}" in row, name


@given(colour=COLOURS, on_colour=COLOURS, radius=st.integers(), font=TEXT, quote_font=TEXT)
def test_no_look_that_leaves_the_server_holds_anything_but_colours_pixels_and_names_of_fonts(
    colour: str, on_colour: str, radius: int, font: str, quote_font: str
) -> None:
    look = Look(colour=colour, on_colour=on_colour, radius=radius, font=font, quote_font=quote_font)
    after = sound(look)
    assert {fault.code for fault in look_faults(after)} <= {"contrast"}
    assert sound(after) == after
    assert after == look or any(fault.code != "contrast" for fault in look_faults(look))
