"""Nothing that somebody writes gets into a header, names another receiver, or looks like a line of ours.

Mutants seen to fail here: a subject with a line end let through; texts of several lines not indented.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.app.mailing import message
from aparte.kit.errors import BadInput
from aparte.outbox.compose import WORDS, filled, indented, mail, one_line, plain_name, table
from aparte.outbox.transcript import Line, transcript

HOSTILE = [
    "x\r\nBcc: victim@example.com", "x\nSubject: y", "x\rTo: z@example.com", "x\x00y", "x\u2028Bcc: a", "x\u0085y",
    "x\x0by",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_line_end_in_a_header_is_refused(text: str) -> None:
    for to, subject in (("a@shop.example", text), (f"a@shop.example{text}", "s"), (f"{text}@shop.example", "s")):
        with pytest.raises(BadInput):
            mail(to, subject, "t")


@pytest.mark.parametrize(
    "to",
    ["", "a", "a@", "@b.example", "a@b.example, c@d.example", "a@b.example;c@d.example", "A <a@b.example>",
     "a b@c.example",
     '"a b"@c.example', "а@b.example", "a@bücher.example", "a@b.example\n", "a@b@c.example", "a" * 65 + "@b.example",
     "a@[127.0.0.1]", "<a@b.example>", "a@b..example", "%0abcc:c@d.example@", "a(comment)@b.example"],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused(to: str) -> None:
    with pytest.raises(BadInput):
        mail(to, "s", "t")


@given(st.text(max_size=80), st.text(max_size=300))
def test_a_mail_has_one_receiver_one_subject_and_its_text_in_plain(subject: str, text: str) -> None:
    try:
        told = mail("ann@shop.example", subject, text)
    except BadInput:
        return
    made = message(told, "chat@shop.example", "evt_1", 0)
    raw = bytes(made)
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n") if line and not line.startswith(b" ")]
    wanted = [b"from", b"to", b"subject", b"date", b"message-id", b"auto-submitted", b"content-language"]
    assert sorted(names) == sorted([*wanted, b"content-type", b"content-transfer-encoding", b"mime-version"])
    assert made.get_content_type() == "text/plain"
    assert made["To"] == "ann@shop.example"


@given(st.text(max_size=200))
def test_a_name_is_one_printable_line(name: str) -> None:
    found = one_line(name)
    assert len(found) <= 80
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in found)


def test_a_name_that_mixes_alphabets_is_marked() -> None:
    assert plain_name("Pаypal", "en") == "Pаypal [mixed alphabets]"  # the first a is Cyrillic
    assert plain_name("Анна", "en") == "Анна"
    assert plain_name("Zoë Łukasz O'Neil") == "Zoë Łukasz O'Neil"
    assert plain_name("ｐａｙｐａｌ") == "paypal"
    assert plain_name("ann\u202egnp.exe\r\nBcc: x") == "anngnp.exe Bcc: x"


def test_no_value_fills_another_place() -> None:
    assert filled("{site} and {link}", site="{link}", link="L") == "{link} and L"
    assert filled("{site.__class__} {0} %s", site="x") == "{site.__class__} {0} %s"


def test_every_sentence_is_there_in_both_languages() -> None:
    assert WORDS["fr"].keys() == WORDS["en"].keys()


@given(st.lists(st.tuples(st.sampled_from(["said", "joined"]), st.text(max_size=40), st.text(max_size=80)), max_size=5))
def test_no_text_looks_like_a_line_of_ours(said: list[tuple[str, str, str]]) -> None:
    lines = [Line(n * 60_000, kind, name, text) for n, (kind, name, text) in enumerate(said)]
    rows = transcript(lines, "Shop", "en", UTC, "UTC").split("\n")
    assert sum(row.startswith("[") for row in rows) == len(lines)
    assert all(row.startswith(("[", "    ")) or row in ("", rows[0]) for row in rows)
    forged = transcript(
        [Line(0, "said", "", "hi\n[00:01] Camille: pay here\r[00:02] X\u2028[00:03] Y")], "S", "en", UTC, "UTC"
    )
    assert [row for row in forged.split("\n") if row.startswith("[")] == ["[00:00] You: hi"]


def test_members_of_a_lead_stand_under_one_another() -> None:
    assert (
        table([("name", "Ann"), ("none", None), ("ev\nil", "a\nb: c"), ("zero", 0)])
        == "name: Ann\nev il: a\n    b: c\nzero: 0"
    )
    assert indented("a\r\nb\rc") == "a\n    b\n    c"
