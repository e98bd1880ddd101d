"""Transcripts that are taken away: nothing of a message can be taken for anything else, and visitors get only theirs.

Planted defects seen to fail here: further lines of a message without their mark; whispers in a visitor's transcript.
"""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from aparte.conversations import transcripts
from aparte.conversations.model import Conversation, Entry

ONE = Conversation(
    id="c1", site="a", visitor="v", state="closed", opened_at=1_790_000_000_000, closed_at=1_790_000_060_000
)
PARIS = ZoneInfo("Europe/Paris")
KINDS: Any = st.sampled_from(
    ["text", "note", "whisper", "card", "page", "coupon", "join", "leave", "transfer", "close", "offer", "survey"]
)
entry = st.builds(
    Entry, conv=st.just("c1"), seq=st.integers(1, 99), id=st.just("e"), by=st.sampled_from(["visitor", "agent"]),
    author=st.just("x"), kind=KINDS, ts=st.integers(0, 2**41),
    body=st.text(max_size=40) | st.sampled_from(["=1+1", "a\n=1+1", "\n@x", "x\u2028-1", '{"products":[]}', "<b>\r+1"]),
)  # fmt: skip


def said(kind: Any, body: str, seq: int = 1) -> Entry:
    return Entry(conv="c1", seq=seq, id="e", by="agent", author="x", kind=kind, body=body, ts=1_790_000_000_000)


@given(st.lists(entry, max_size=6), st.text(max_size=20))
def test_every_line_is_one_of_ours_or_marked_as_somebody_elses(entries: list[Entry], name: str) -> None:
    text = transcripts.as_text(ONE, entries, lambda one: name, PARIS, staff=True)
    for line in text.splitlines()[3:]:
        assert line == "" or line.startswith(("[", "  | "))
    file = transcripts.as_json(ONE, entries, lambda one: name, staff=True)
    assert not set(file) & set(b"<>&")
    assert [one["body"] for one in json.loads(file)["entries"]] == [one.body for one in entries]


def test_a_visitor_gets_what_he_has_seen_and_nothing_else() -> None:
    kinds: tuple[Any, ...] = ("text", "note", "whisper", "transfer", "survey", "card", "page", "coupon", "join")
    entries = [said(kind, f"body of {kind}", n) for n, kind in enumerate(kinds)]
    text = transcripts.as_text(ONE, entries, lambda one: "Camille", PARIS, staff=False)
    assert [kind for kind in kinds if f"body of {kind}" in text] == ["text", "card", "page", "coupon", "join"]
    file = json.loads(transcripts.as_json(ONE, entries, lambda one: "Camille", staff=False))
    assert [one["kind"] for one in file["entries"]] == ["text", "card", "page", "coupon", "join"]


def test_a_coupon_is_told_in_words_and_anything_else_as_it_is() -> None:
    told = {"code": "7KQF-9ZT2", "label": "Dix", "value": {"percent": 10}, "until": 1}
    assert transcripts.said(said("coupon", json.dumps(told))) == "Dix (10 %): 7KQF-9ZT2"
    told["value"] = {"amount": 550, "currency": "EUR"}
    assert transcripts.said(said("coupon", json.dumps(told))) == "Dix (5.50 EUR): 7KQF-9ZT2"
    for body in ("[]", "{}", '{"code": 1}', json.dumps({**told, "value": {"amount": "x"}}), "nothing"):
        assert transcripts.said(said("coupon", body))


def test_a_card_and_a_page_are_told_in_words() -> None:
    product = {"id": "p1", "name": "Lin", "price": 60, "currency": "EUR", "url": "/p1", "image": "", "in_stock": None}
    card = said("card", json.dumps({"products": [product, {**product, "price": None, "name": "Soie"}]}))
    page = said("page", '{"url":"/returns","title":"Retours"}', 2)
    text = transcripts.as_text(ONE, [card, page], lambda one: "Camille", PARIS, staff=False)
    assert text.splitlines() == [
        "Conversation c1", "Opened 2026-09-21 16:13:20 +0200", "Closed 2026-09-21 16:14:20 +0200", "",
        "[2026-09-21 16:13:20 +0200] Camille: Lin 60.00 EUR /p1", "  | Soie /p1",
        "[2026-09-21 16:13:20 +0200] Camille: Retours /returns",
    ]  # fmt: skip


def test_all_words_are_looked_for_in_any_lines() -> None:
    lines = [said("text", "Votre CÔLIS"), said("note", "arrivé hier", 2), said("join", "colis", 3)]
    assert [one.seq for one in transcripts.found_in(transcripts.words_of("colis ARRIVE"), lines)] == [1, 2]
    assert transcripts.found_in(transcripts.words_of("colis perdu"), lines) == []


@given(st.text(min_size=1, max_size=20), st.text(max_size=300))
def test_a_snippet_is_one_short_line(query: str, body: str) -> None:
    found = transcripts.snippet(transcripts.words_of(query), said("text", body))
    assert len(found) <= 2 * transcripts.AROUND + 2
    assert found.splitlines() in ([found], [])
