"""The picture of a replay says what the figures say, and its words are really there."""

import copy
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from pictures import Pixels, layers, pixels, rows, texts, where

from aparte.kit.errors import BadInput
from aparte.reports.model import ReplayFigures, RuleFunnel
from aparte.reports.palette import DARK, LIGHT, THEMES, Palette
from aparte.reports.replay_picture import (
    BAR,
    BARS,
    GUTTER,
    NAMES,
    REFRAINED,
    ROW,
    picture_spec,
    rendered,
    round_ticks,
    save_picture,
)

HESITATION = RuleFunnel(
    name="hesitation",
    campaign="autumn",
    eligible=325,
    covered=300,
    candidates=282,
    invited=237,
    held_out=45,
    refrained=(("frequency", 41), ("already_engaged", 8), ("pacing", 3), ("consent", 2)),
)
NEVER = RuleFunnel(name="never", campaign="autumn")
HELD_OUT = RuleFunnel(name="lone", campaign="autumn", eligible=90, candidates=40, held_out=40)
FIGURES = ReplayFigures(
    events=11_648,
    sessions=1_577,
    first_at=1_470_096_000_000,
    last_at=1_470_182_400_000,
    rules=(NEVER, HELD_OUT, HESITATION),
)
LONG = ReplayFigures(
    events=99_999_999,
    sessions=12_345_678,
    rules=(
        RuleFunnel(name="W" * 80, campaign="a campaign whose name goes on and on and on", eligible=7_000_000),
        RuleFunnel(
            name="a_rule_with_a_name_that_says_everything_there_is_to_say_2",
            campaign="short",
            eligible=12_345_678,
            candidates=12_000_000,
            invited=11_000_000,
            held_out=1_000_000,
            refrained=(("already_engaged", 1_234_567), ("outside_period", 1_234_567), ("bid_price", 1_234_567)),
        ),
    ),
    remarks=("12 lines quarantined: " + ", ".join(f"reason {number}" for number in range(60)),),
)


def many(number: int) -> ReplayFigures:
    rules = [RuleFunnel(name=f"rule_{i}", eligible=2 * i, candidates=i, invited=i) for i in range(number)]
    return ReplayFigures(events=9, sessions=3, rules=tuple(rules))


@cache
def drawn(figures: ReplayFigures, theme: Literal["light", "dark"] = "light", scale: float = 1.0) -> Pixels:
    """The same picture is drawn once for all tests that look at it."""
    return pixels(rendered(picture_spec(figures, theme=theme), ".png", scale))


def left_end() -> int:
    """The pixel at which bars begin."""
    return GUTTER + NAMES


def test_the_data_are_the_counts() -> None:
    found = rows(picture_spec(FIGURES))
    assert [row["rule"] for row in found] == ["hesitation", "lone", "never"]  # by eligible
    for row, rule in zip(found, (HESITATION, HELD_OUT, NEVER), strict=True):
        for name in ("eligible", "covered", "candidates", "invited", "held_out"):
            assert row[name] == getattr(rule, name), (rule.name, name)
        assert row["addressed"] == rule.invited + rule.held_out


def test_every_count_is_written_beside_its_bar() -> None:
    said = texts(rendered(picture_spec(FIGURES), ".svg"))
    assert {"325 eligible", "282 candidates", "237 invited", "45 held out"} <= set(said)
    assert {"frequency 41", "already engaged 8, other 5"} <= set(said)
    assert said.count("0 invited") == 2
    assert said.count("0 held out") == 1
    assert said[:2] == [
        "In 1,577 sessions, 3 rules would have made 237 invitations and held out 85.",
        "A replay shows who would have been invited, not the effect. 11,648 events of 2 to 3 Aug 2016 (UTC).",
    ]


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        (ReplayFigures(), "Nothing held: there are no rules."),
        (ReplayFigures(rules=(NEVER,)), "Nothing held: there were no visits to replay."),
        (ReplayFigures(events=3, sessions=1, rules=(NEVER,)), "In 1 session, the only rule never held."),
        (ReplayFigures(events=3, sessions=2, rules=(NEVER, NEVER)), "In 2 sessions, none of 2 rules held."),
        (
            ReplayFigures(events=3, sessions=2, rules=(NEVER, RuleFunnel(name="x", eligible=2))),
            "In 2 sessions, 1 rule held and would have invited nobody.",
        ),
        (
            ReplayFigures(events=3, sessions=2, rules=(RuleFunnel(name="x", eligible=1, candidates=1, invited=1),)),
            "In 2 sessions, 1 rule would have made 1 invitation and held out nobody.",
        ),
    ],
)
def test_the_sentence_is_true_when_little_happened(figures: ReplayFigures, sentence: str) -> None:
    assert texts(rendered(picture_spec(figures), ".svg"))[0] == sentence
    assert where(drawn(figures), LIGHT.ink).sum() > 200


def test_nothing_is_a_small_picture_without_a_chart() -> None:
    for figures in (ReplayFigures(), ReplayFigures(rules=(NEVER,))):
        spec = picture_spec(figures)
        assert len(texts(rendered(spec, ".svg"))) == 2
        assert not layers(spec, "rect") + layers(spec, "rule")


def test_bars_begin_at_zero_and_share_one_scale() -> None:
    spec = picture_spec(FIGURES)
    channels = [layer["encoding"]["x"] for layer in layers(spec, "rect")]
    assert len(channels) == 3
    assert {str(channel["scale"]) for channel in channels} == {
        str({"domain": [0, 400], "nice": False, "range": [0, BARS], "zero": True})
    }
    assert [channel["field"] for channel in channels] == ["zero", "zero", "invited"]


def test_bars_are_as_long_as_their_counts() -> None:
    picture, middle = drawn(FIGURES, scale=2), rows(picture_spec(FIGURES))[0]["middle"]
    line = where(picture, LIGHT.treated)[2 * middle]
    ends = np.flatnonzero(line[: 2 * (left_end() + BARS)])
    assert abs(ends[-1] + 1 - 2 * (left_end() + BARS * 237 / 400)) <= 1
    assert ends[0] <= 2 * left_end() + 3  # below the zero line
    outline = np.flatnonzero(where(picture, LIGHT.edge)[2 * (middle - BAR // 2) : 2 * middle].any(axis=0))
    assert abs(outline[-1] - 2 * (left_end() + BARS * 325 / 400)) <= 2


def test_held_out_is_hatched_and_dashed_and_never_petrol() -> None:
    spec, middle = picture_spec(FIGURES), rows(picture_spec(FIGURES))[1]["middle"]
    picture = drawn(FIGURES, scale=2)
    inside = slice(2 * left_end() + 8, int(2 * (left_end() + BARS * 40 / 400)) - 8)
    stripe = where(picture, LIGHT.holdout_tint)[2 * middle, inside]
    assert 10 <= np.count_nonzero(np.diff(stripe.astype(int))) <= 60  # strokes and gaps in turn
    assert not where(picture, LIGHT.treated)[2 * middle - BAR : 2 * middle + BAR].any()
    assert layers(spec, "rect")[2]["mark"]["strokeDash"]


def without_words(spec: dict[str, Any]) -> dict[str, Any]:
    bare = copy.deepcopy(spec)
    bare["layer"] = [layer for layer in bare["layer"] if layer["mark"]["type"] != "text"] or [
        {"data": {"values": []}, "mark": "rect"}
    ]
    return bare


def assert_words_are_there(png: bytes, bare: bytes, spec: dict[str, Any]) -> None:
    """Where words should stand, ink stands that is not there without them."""
    ink = (pixels(png) != pixels(bare)).any(axis=2)
    assert ink[:90, GUTTER:].sum() > 1_000  # headline
    right = spec["width"] + GUTTER + NAMES
    columns = {
        "name": (GUTTER, GUTTER + NAMES),
        "counts": (left_end(), left_end() + BARS + 100),
        "invited": (right - REFRAINED - 32 - 90, right - REFRAINED - 32),
        "refrained": (right - REFRAINED, right),
    }
    found = rows(spec)
    for row in found:
        for name, (start, end) in columns.items():
            least = 2 if row["first"] == "–" and name == "refrained" else 40
            assert ink[row["y"] : row["y"] + ROW, start:end].sum() >= least, (row["rule"], name)
    assert ink[found[0]["y"] - 24 : found[0]["y"] - 4, left_end() : left_end() + BARS].sum() > 100  # axis
    assert ink[found[-1]["y"] + ROW + 8 :].sum() > 200  # caption


# The mutant: a family that nobody has, alone in SANS or SERIF. vl-convert then draws no letter and raises nothing.
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_png_holds_its_words(theme: Literal["light", "dark"]) -> None:
    spec = picture_spec(FIGURES, theme=theme)
    assert_words_are_there(rendered(spec, ".png", 1), rendered(without_words(spec), ".png", 1), spec)


# The mutant: SERIF without Liberation Sans at its end.
def test_the_png_holds_its_words_on_a_machine_without_fonts(root: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    nowhere = f"<fontconfig><dir>{tmp_path / 'none'}</dir></fontconfig>"
    (tmp_path / "fonts.conf").write_text(nowhere, encoding="utf-8")
    program = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from test_replay_picture import *\n"
        "spec = picture_spec(FIGURES)\n"
        "Path(sys.argv[3], 'words.png').write_bytes(rendered(spec, '.png', 1))\n"
        "Path(sys.argv[3], 'bare.png').write_bytes(rendered(without_words(spec), '.png', 1))\n"
    )
    command = [sys.executable, "-c", program, str(root / "src"), str(Path(__file__).parent), str(tmp_path)]
    subprocess.run(command, check=True, env={"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "HOME": str(tmp_path)})
    words, bare = (tmp_path / "words.png").read_bytes(), (tmp_path / "bare.png").read_bytes()
    assert_words_are_there(words, bare, picture_spec(FIGURES))


@pytest.mark.parametrize("figures", [FIGURES, LONG, many(50), ReplayFigures()], ids=["few", "long", "fifty", "none"])
def test_nothing_runs_into_the_margins_or_the_bars(figures: ReplayFigures) -> None:
    picture = drawn(figures)
    paper = where(picture, LIGHT.bg)
    height, width = paper.shape
    margins = (paper[:, : GUTTER - 2], paper[:, width - GUTTER + 2 :], paper[:16], paper[height - 8 :])
    for margin in margins:
        assert margin.all()
    hairlines = {edge for row in rows(picture_spec(figures)) for y in (row["y"], row["y"] + ROW) for edge in (y - 1, y)}
    for row in rows(picture_spec(figures)):
        lines = [y for y in range(row["y"], row["y"] + ROW) if y not in hairlines]
        assert paper[lines, left_end() - 10 : left_end() - 3].all(), row["rule"]


@pytest.mark.parametrize("figures", [FIGURES, LONG, many(50)], ids=["few", "long", "fifty"])
def test_words_beside_bars_end_before_the_next_column(figures: ReplayFigures) -> None:
    spec, picture = picture_spec(figures), drawn(figures)
    paper = where(picture, LIGHT.bg)
    for row in rows(spec):
        line = paper[row["y"] + 3 : row["y"] + ROW - 3].all(axis=0)
        column = GUTTER + NAMES + spec["width"] - REFRAINED - 32
        assert line[column + 3 : column + 29].all(), row["rule"]
        words = np.flatnonzero(~line[left_end() : column])
        gaps = np.diff(words)
        assert gaps.max() >= 12, row["rule"]  # between the words beside the bar and the number of invited


def test_fifty_rules_are_fifty_rows_from_the_most_eligible_down() -> None:
    found = rows(picture_spec(many(50)))
    assert [row["eligible"] for row in found] == sorted((row["eligible"] for row in found), reverse=True)
    assert [row["y"] - found[0]["y"] for row in found] == [ROW * i for i in range(50)]
    assert drawn(many(50)).shape[0] > 50 * ROW


def test_a_long_name_keeps_both_ends_and_campaigns_are_named_only_when_there_are_several() -> None:
    found = rows(picture_spec(LONG))
    assert re.fullmatch(r"a_rule_with_a.*….*to_say_2", found[0]["name"])
    assert found[0]["campaign"] == "short"
    assert {row["campaign"] for row in rows(picture_spec(FIGURES))} == {""}


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (6, [0, 2, 4, 6]),
        (325, [0, 100, 200, 300, 400]),
        (500, [0, 100, 200, 300, 400, 500]),
        (12_345_678, [0, 5_000_000, 10_000_000, 15_000_000]),
    ],
)
def test_the_axis_has_round_numbers_and_at_most_six(most: int, ticks: list[int]) -> None:
    assert round_ticks(most) == ticks


def test_a_visitor_invited_twice_in_a_session_does_not_leave_the_picture() -> None:
    often = RuleFunnel(name="often", eligible=10, candidates=10, invited=38, held_out=4)
    spec = picture_spec(ReplayFigures(events=1, sessions=10, rules=(often,)))
    assert layers(spec, "rect")[0]["encoding"]["x"]["scale"]["domain"] == [0, 50]


@pytest.mark.parametrize(("name", "start"), [("a.svg", b"<svg"), ("b.png", b"\x89PNG"), ("C.PNG", b"\x89PNG")])
def test_the_suffix_says_the_format(tmp_path: Path, name: str, start: bytes) -> None:
    save_picture(FIGURES, tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["a.pdf", "a", "svg", "a.svg.gz"])
def test_another_suffix_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"\.svg or \.png"):
        save_picture(FIGURES, tmp_path / name)
    assert not list(tmp_path.iterdir())


# The mutant: rows in the order of the hashes of their names, as a set would give them.
def test_two_runs_give_the_same_bytes(root: Path, tmp_path: Path) -> None:
    program = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from test_replay_picture import *\n"
        "for name in ('a.svg', 'a.png'): save_picture(many(9), Path(sys.argv[3], name))\n"
    )
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        command = [sys.executable, "-c", program, str(root / "src"), str(Path(__file__).parent), str(folder)]
        subprocess.run(command, check=True, env={"PYTHONHASHSEED": seed, "HOME": str(tmp_path)})
    for name in ("a.svg", "a.png"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


def luminance(colour: str) -> float:
    parts = [value / 255 for value in bytes.fromhex(colour[1:])]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_marks_have_enough_contrast(palette: Palette) -> None:
    for name in ("ink", "ink_2", "ink_3", "treated", "holdout"):
        assert contrast(getattr(palette, name), palette.bg) >= 4.5, name
    for name in ("edge", "treated", "ink_2"):
        assert contrast(getattr(palette, name), palette.sunken) >= 3, name
    assert contrast(palette.holdout_mark, palette.sunken) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_are_those_of_the_design(shared: Path, theme: Literal["light", "dark"]) -> None:
    tokens = (shared / "design" / "tokens.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `--([\w-]+)` \| `(#\w{6})` \|[^|]*\| `(#\w{6})` \|", tokens, re.MULTILINE)
    wanted = {name.replace("-", "_"): (light, dark)[theme == "dark"] for name, light, dark in table}
    palette = THEMES[theme]
    assert {name: getattr(palette, name) for name in palette.__struct_fields__}.items() <= wanted.items()


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_a_theme_reaches_every_pixel(theme: Literal["light", "dark"], palette: Palette) -> None:
    picture = drawn(FIGURES, theme, scale=2)
    assert where(picture, palette.bg).mean() > 0.8
    for name in ("sunken", "line", "edge", "ink", "ink_2", "ink_3", "treated", "holdout", "holdout_tint"):
        assert where(picture, getattr(palette, name)).sum() > 20, name
