"""Where things stand in a TOML text.

Mutants tried: Windows line ends counted; escapes counted as one; the tables that a dotted key opens left out.
"""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.targeting.locate import Path, Positions

TEXT = """\
# a comment with [brackets] and = signs
[site]
id = "x"  # [not.a.table]
"quoted key" = 1
'it''s'.x = 2

[behaviours.views]
count = "Cart Viewed"
[behaviours."with.dot"]
sequence = [
  "a",  # first
  [ "b" ],
  { c = 1, d = [ 2 ] },
]
[[campaigns]]
name = '''
[[campaigns]]
x = 1
'''
[[campaigns.rules]]
when = "a"
[[campaigns.rules]]
offer = { skill = "s", message = { fr = "f", en = "e = 1" } }
other.part = 3
[campaigns.frequency]
per = "1d"
[[campaigns]]
rules = [{ name = "r1" }, { name = "r2",
  when = "y" }]
"""

PLACES: dict[Path, tuple[int, int]] = {
    ("site",): (2, 1),
    ("site", "id"): (3, 1),
    ("site", "quoted key"): (4, 1),
    ("behaviours",): (7, 1),
    ("behaviours", "views"): (7, 1),
    ("behaviours", "views", "count"): (8, 1),
    ("behaviours", "with.dot", "sequence"): (10, 1),
    ("behaviours", "with.dot", "sequence", 0): (11, 3),
    ("behaviours", "with.dot", "sequence", 1, 0): (12, 5),
    ("behaviours", "with.dot", "sequence", 2, "d"): (13, 12),
    ("campaigns", 0): (15, 1),
    ("campaigns", 0, "name"): (16, 1),
    ("campaigns", 0, "rules", 0, "when"): (21, 1),
    ("campaigns", 0, "rules", 1): (22, 1),
    ("campaigns", 0, "rules", 1, "offer"): (23, 1),
    ("campaigns", 0, "rules", 1, "offer", "message", "en"): (23, 46),
    ("campaigns", 0, "rules", 1, "other", "part"): (24, 1),
    ("campaigns", 0, "frequency", "per"): (26, 1),
    ("campaigns", 0, "frequency", "at_most"): (25, 1),
    ("campaigns", 1): (27, 1),
    ("campaigns", 1, "rules", 0, "name"): (28, 12),
    ("campaigns", 1, "rules", 1, "name"): (28, 29),
    ("campaigns", 1, "rules", 1, "when"): (29, 3),
    ("campaigns", 7, "rules"): (15, 1),
    ("nothing",): (1, 1),
}


@pytest.fixture(scope="module")
def positions() -> Positions:
    return Positions(TEXT.replace("'it''s'.x", "'it'.s"))


@pytest.mark.parametrize("path", PLACES, ids=str)
def test_a_member_stands_where_it_is_written_or_at_the_table_around_it(positions: Positions, path: Path) -> None:
    assert positions.of(path) == PLACES[path]


def test_windows_line_ends_move_nothing() -> None:
    text = TEXT.replace("'it''s'.x", "'it'.s").replace("\n", "\r\n")
    places = Positions(text)
    assert {path: places.of(path) for path in PLACES} == PLACES


def test_no_text_has_no_places() -> None:
    assert Positions("").of(("campaigns", 0)) == (1, 1)
    assert Positions("").of_value(("campaigns", 0, "when"), 3, 4) == (1, 1)


INSIDE = [
    ("when = 'abc'", (1, 2), (1, 10)),
    ('when = "abc"', (1, 3), (1, 11)),
    ('when = "a\\"bc"', (1, 3), (1, 12)),
    ('when = "\\u0041\\U00000042c"', (1, 3), (1, 25)),
    ('when = "a\\nbc"', (2, 2), (1, 13)),
    ("when   =   '''abc'''", (1, 2), (1, 16)),
    ("when = '''\na\n  bc'''", (2, 3), (3, 3)),
    ('when = """\na\n  bc"""', (1, 1), (2, 1)),
    ('when = """a \\\n   \n  bc"""', (1, 3), (3, 3)),
    ("when = '''\r\na\r\n  bc'''", (2, 3), (3, 3)),
    ("when = 3", (1, 1), (1, 1)),
    ("when = ''", (1, 1), (1, 9)),
]


@pytest.mark.parametrize(("text", "inner", "outer"), INSIDE, ids=str)
def test_a_place_inside_a_text_is_a_place_in_the_file(
    text: str, inner: tuple[int, int], outer: tuple[int, int]
) -> None:
    assert Positions(text).of_value(("when",), *inner) == outer


def test_a_place_inside_a_text_of_an_inline_table_is_a_place_in_the_file() -> None:
    assert Positions("x = { y = 1, when = 'abc' }").of_value(("x", "when"), 1, 1) == (1, 22)


QUOTES = st.sampled_from(["'", '"', "'''", '"""'])
WORDS = st.text("ab =[]{}#,.\n\t\\é𝄞", max_size=12)


def written(text: str, mark: str) -> str:
    """The text in these quotes, as TOML; single quotes cannot say everything."""
    if mark == "'":
        return f"'{text.replace(chr(10), '')}'"
    if mark == "'''":
        return f"'''\n{text}'''"
    escaped = text.replace("\\", "\\\\")
    return f'"""\n{escaped}"""' if len(mark) == 3 else '"' + escaped.replace("\n", "\\n") + '"'


@given(st.lists(st.tuples(WORDS, QUOTES), min_size=1, max_size=4), st.booleans())
def test_every_character_of_every_text_is_found_again(texts: list[tuple[str, str]], inline: bool) -> None:
    body = [f"k{n} = {written(text, mark)}" for n, (text, mark) in enumerate(texts)]
    file = f"t = {{ {', '.join(body)} }}" if inline else "[t]\n" + "\n".join(body)
    values = tomllib.loads(file)["t"]
    places, lines = Positions(file), file.split("\n")
    for name, value in values.items():
        line, column = 1, 1
        for character in value:
            at_line, at_column = places.of_value(("t", name), line, column)
            found = (lines[at_line - 1] + "\n")[at_column - 1]
            assert found == character or (found == "\\" and character in "\\\n")
            line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
