"""Canned replies fill in names and do nothing else; scripts lead somewhere; articles are text.

Mutants seen to fail here: variables by `str.format`; a value is looked at for variables again; `javascript:` is a link.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.conversations.articles import blocks, checked_article, plain_text, safe_link, telling_words, words_of
from aparte.conversations.filling import VARIABLES, checked_body, checked_shortcut, fill
from aparte.conversations.library import MOST_STEPS, Branch, Reply, Step, for_talk
from aparte.conversations.scripts import checked_steps
from aparte.kit.errors import BadInput

VALUES = {"agent": "Camille", "visitor": "Léa", "site": "Maison A", "cart": "104,70 €"}
TEMPLATES = [
    "{{7*7}}", "${7*7}", "${agent.name}", "{x.__class__}", "{agent.__class__}", "{agent!r}", "{agent:>10}", "{0}", "{}",
    "%s %(agent)s", "<%= 7*7 %>", "#{7*7}", "{% for x in y %}", "{{ config }}", "{agent[0]}", "{ agent }", "{Agent}",
    "*{7*7}", "@(7*7)", "{{''.__class__.__mro__}}", "{", "}", "{{", "{|x}",
]  # fmt: skip


@pytest.mark.parametrize("text", TEMPLATES)
def test_whatever_is_no_variable_stays_text(text: str) -> None:
    assert checked_body(text) == text
    assert fill(text, VALUES).text == text


def test_variables_become_their_values_or_what_stands_in_their_place() -> None:
    found = fill("Bonjour {visitor|vous}, {agent} de {site}. Panier : {cart}.", VALUES)
    assert (found.text, found.missing) == ("Bonjour Léa, Camille de Maison A. Panier : 104,70 €.", ())
    found = fill("Bonjour {visitor|vous}, {page|} {first_product} {first_product}", {})
    assert (found.text, found.missing) == ("Bonjour vous,   ", ("first_product",))


def test_a_value_is_only_text() -> None:
    values = {"visitor": "{agent} {{7*7}} \x1b[31m\u202e\n" + "x" * 500, "agent": "Camille"}
    text = fill("A {visitor} B", values).text
    assert text.startswith("A {agent} {{7*7}} [31m x")
    assert len(text) == 104


@given(st.text(max_size=200), st.dictionaries(st.sampled_from(VARIABLES), st.text(max_size=20)))
def test_no_text_and_no_value_is_an_error(body: str, values: dict[str, str]) -> None:
    filled = fill(body, values)
    assert fill(body.replace("{", "").replace("}", ""), values).text == body.replace("{", "").replace("}", "")
    assert isinstance(filled.text, str)


@pytest.mark.parametrize(
    ("body", "where", "what"),
    [
        ("Hi {name}", "body:1:4", "there is no variable {name}"),
        ("Hi\nthere {visitor} {kart|x}", "body:2:17", "there is no variable {kart}"),
        ("Hi {{visitor}}", "body:1:4", "two braces"),
        (" \n", "body", "it is empty"),
        ("x" * 4001, "body", "longer than 4,000"),
        ("a\x00", "body", "characters that no message may have"),
    ],
)
def test_a_body_is_refused_with_its_place(body: str, where: str, what: str) -> None:
    with pytest.raises(BadInput) as told:
        checked_body(body)
    assert told.value.where == where
    assert what in told.value.what


def test_shortcuts_are_what_can_be_typed() -> None:
    assert checked_shortcut(" /Délai-2_x ") == "délai-2_x"
    for wrong in ("", "a b", "a/b", "x" * 41, "a.b", "<a>"):
        with pytest.raises(BadInput):
            checked_shortcut(wrong)


def test_a_conversation_sees_the_replies_of_its_language_and_skill() -> None:
    def one(id_: str, shortcut: str, language: str = "fr", skill: str | None = None) -> Reply:
        return Reply(id=id_, site="a", shortcut=shortcut, title="", body="x", language=language, skill=skill)

    all_of = [one("1", "b"), one("2", "a"), one("3", "b", skill="sales"), one("4", "b", "en"), one("5", "c", skill="x")]
    assert [x.id for x in for_talk(all_of, "fr", "sales")] == ["2", "3"]
    assert [x.id for x in for_talk(all_of, "fr", "support")] == ["2", "1"]
    assert [x.id for x in for_talk(all_of, "en", "sales")] == ["4"]
    assert [x.id for x in for_talk(all_of, "fr", None)] == ["2", "3", "5"]


GOOD = [Step("a", "Why?", (Branch("Size", "b"), Branch(" Other  reason ", "c"))), Step("b", "L."), Step("c", "Bye.")]


def test_a_script_that_can_be_walked_is_taken() -> None:
    assert checked_steps(GOOD)[0].next[1] == Branch("Other reason", "c")
    round_and_round = [Step("a", "x", (Branch("again", "a"),))]
    assert checked_steps(round_and_round) == tuple(round_and_round)


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        ([], "steps"),
        ([Step(f"s{n}", "x", (Branch("on", f"s{n + 1}"),)) for n in range(MOST_STEPS)] + [Step("s50", "x")], "steps"),
        ([Step("a", "x", (Branch("on", "gone"),))], "steps[0].next[0].to"),
        ([*GOOD, Step("lost", "x")], "steps"),
        ([Step("a", "x"), Step("a", "y")], "steps[1].id"),
        ([Step("a b", "x")], "steps[0].id"),
        ([Step("a", "{nobody}")], "steps[0].say:1:1"),
        ([Step("a", "x", (Branch(" ", "a"),))], "steps[0].next[0].label"),
        ([Step("a", "x", tuple(Branch("y", "a") for _ in range(9)))], "steps[0].next"),
    ],
)
def test_a_script_that_leads_nowhere_is_refused_with_its_place(steps: list[Step], where: str) -> None:
    with pytest.raises(BadInput) as told:
        checked_steps(steps)
    assert told.value.where == where


def test_an_article_is_paragraphs_lists_and_links() -> None:
    body = "Two\nlines with [returns](/retours).\n\n- one\n- [two](https://a.example/x)\nAfter"
    told = [(one.kind, [[(p.text, p.href) for p in line] for line in one.lines]) for one in blocks(body)]
    assert told == [
        ("p", [[("Two lines with ", ""), ("returns", "/retours"), (".", "")]]),
        ("ul", [[("one", "")], [("two", "https://a.example/x")]]),
        ("p", [[("After", "")]]),
    ]
    assert plain_text(body).startswith("Two\nlines with returns (/retours).")
    assert checked_article(body) == body


BAD_LINKS = [
    "javascript:alert", "JaVaScRiPt:x", "data:text/html,x", "//evil.example", "vbscript:x",
    "https:/x", "https:evil.example", "https://user@evil.example", "/\\evil.example", "ftp://x.example", "https://",
    "http://[::1", "\x01javascript:x", "mailto:a@b.example",
]  # fmt: skip


@pytest.mark.parametrize("url", BAD_LINKS)
def test_a_link_elsewhere_is_refused_and_would_be_text(url: str) -> None:
    assert not safe_link(url)
    body = f"Read\n[this]({url}) now"
    with pytest.raises(BadInput):
        checked_article(body)
    assert all(not piece.href for block in blocks(body) for line in block.lines for piece in line)


@given(st.text(alphabet=st.sampled_from(list("[]() \n-*ab<>&\"'/:htps.é\r")), max_size=60))
def test_no_article_is_an_error_and_no_word_is_lost(body: str) -> None:
    said = "".join(piece.text for block in blocks(body) for line in block.lines for piece in line)
    assert all(piece.href == "" or safe_link(piece.href) for b in blocks(body) for line in b.lines for piece in line)
    assert set(words_of(said)) <= set(words_of(body))


def test_what_somebody_writes_about() -> None:
    asked = "Bonjour, est-ce que vous livrez les commandes à l'étranger ?"
    assert telling_words(asked) == ["livre", "command", "etrang"]
    assert telling_words("Hello, what about it?") == []
