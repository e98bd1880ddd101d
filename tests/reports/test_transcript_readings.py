"""What a conversation tells, in French and in English, and that hostile text costs no more than its length.

Mutants seen to fail here: a reply is timed from the visitor's last message; negation is not heard; accents are needed;
marks are not cut before the text is normalised; canned replies are compared with their variables.
"""

from __future__ import annotations

import csv
import gzip
import json
import time
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from talks import ENGLISH, FRENCH, talk

from aparte.conversations.model import Entry
from aparte.reports.transcripts import phrases
from aparte.reports.transcripts.blocking import asking
from aparte.reports.transcripts.measuring import canned_share, measured, quantile
from aparte.reports.transcripts.model import Said, said
from aparte.reports.transcripts.sentiment import LEXICONS, lexicon, sentiment, slope
from aparte.reports.transcripts.text import Language, bare, language_of, seen, stem, tokens, words


@pytest.mark.covers("S0-60", "S1-136")
def test_a_french_conversation_is_measured():
    found = measured(FRENCH)
    assert (found.first_response_s, found.reply_median_s, found.reply_p90_s) == (20.0, 15.0, 19.0)
    assert (found.messages_ratio, found.links, found.cards) == (0.5, 1, 1)
    assert (found.questions_visitor, found.questions_agent) == (1, 1)
    assert (found.greeting, found.name_used, found.thanks, found.empathy) == (True, True, True, 1)
    assert found.sentiment_start is not None
    assert found.sentiment_end is not None
    assert found.sentiment_slope is not None
    assert found.sentiment_start < 0 < found.sentiment_end
    assert found.sentiment_slope > 0.5


@pytest.mark.covers("S0-59")
def test_an_english_conversation_is_measured():
    found = measured(ENGLISH)
    assert (found.first_response_s, found.reply_median_s) == (30.0, 45.0)
    assert (found.questions_visitor, found.questions_agent) == (1, 1)
    assert (found.greeting, found.name_used, found.thanks, found.empathy) == (True, False, False, 2)
    assert found.sentiment_slope is not None
    assert found.sentiment_slope < 0
    assert found.words_ratio == pytest.approx(18 / 21, abs=0.1)


def test_what_there_is_not_is_not_measured():
    silent = measured(talk(("a", 0, "Bonjour"), language="fr"))
    assert (silent.first_response_s, silent.reply_p90_s, silent.messages_ratio, silent.words_ratio) == (None,) * 4
    assert (silent.sentiment_start, silent.sentiment_slope, silent.name_used) == (None, None, None)
    german = measured(talk(("v", 0, "Wo ist mein Paket?"), ("a", 9, "Morgen da!"), language="de"))
    assert (german.questions_visitor, german.first_response_s, german.sentiment_end) == (1, 9.0, None)
    assert measured(talk()).canned_share is None


def test_lines_of_a_transcript_become_what_was_said():
    kinds = ("join", "text", "note", "whisper", "card", "text")
    by = ("system", "visitor", "agent", "agent", "agent", "system")
    lines = [
        Entry(conv="c", seq=n, id=str(n), by=who, author="", kind=kind, body="x", ts=n)
        for n, (kind, who) in enumerate(zip(kinds, by, strict=True))
    ]
    assert said(lines) == (Said("visitor", 1, "x"), Said("agent", 4, "x", "card"))


def test_a_canned_reply_is_known_whatever_stands_in_its_variables():
    canned = ["Bonjour {visitor|à vous}, panier : {cart}.", "Merci et à bientôt !", "{agent}"]
    texts = ["Bonjour Claire, panier : 60 €.", "merci  et à bientôt !", "Bonjour Claire", "Merci et à bientôt ! Max"]
    assert canned_share(texts, canned) == 0.5
    assert canned_share(texts, []) == 0.0
    assert canned_share([], canned) is None


FELT = {
    "fr": [
        "Je suis ravie, merci !",
        "Service parfait",
        "aucun problème, c'est réglé et c'est super",
        "👍",
        "ça marche",
    ],
    "en": ["Thank you so much, that's perfect", "great help", "no problem, lovely", "👍", "I'm very happy with it"],
}
HURT = {
    "fr": ["C'est une arnaque", "je ne suis pas content du tout", "ca ne marche pas", "tres decu par la qualite", "😡"],
    "en": [
        "This is a scam",
        "I am not happy at all",
        "it doesn't work",
        "very disappointed with it",
        "I don't like it 😡",
    ],
}
PLAIN = {
    "fr": ["Juste une question", "Où est ma commande 4412 ?", "Un vol pour Rome svp", "La taille M sur le modèle noir"],
    "en": ["Can you help me with an order", "Where is my parcel?", "size M in black please", "just a moment"],
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_felt_is_heard_also_through_a_negation(language: Language):
    assert [text for text in FELT[language] if sentiment(text, language) <= 0] == []
    assert [text for text in HURT[language] if sentiment(text, language) >= 0] == []
    assert [text for text in PLAIN[language] if sentiment(text, language)] == []
    assert sentiment("", language) == 0.0


def test_a_negation_ends_with_its_thought_and_weighs_less_than_the_word():
    assert sentiment("pas de souci, parfait", "fr") > sentiment("pas parfait", "fr")
    assert sentiment("not now, perfect", "en") > 0
    assert sentiment("horrible", "en") < sentiment("not good", "en") < 0
    assert sentiment("ce n’est pas cher mais magnifique", "fr") > 0


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_lexicons_are_our_own_hundreds_of_words_and_do_not_contradict_themselves(language: Language):
    told = LEXICONS[language]
    groups = [text.split() for text in (told.VERY_GOOD, told.GOOD, told.BAD, told.VERY_BAD)]
    every = [bare(word) for group in groups for word in group]
    assert len(set(every)) >= 400
    good, bad = ({stem(w, language) for w in [*a, *b]} for a, b in (groups[:2], groups[2:]))
    assert good & bad == set()
    assert set(every).isdisjoint(lexicon(language).negators)


def test_questions_are_known_by_their_mark_or_by_how_they_begin():
    cases: list[tuple[Language, str, int]] = [
        ("fr", "Quel est le délai", 1), ("fr", "est-ce que vous livrez en Suisse", 1), ("fr", "comment on fait", 1),
        ("fr", "Bonjour, combien ça coûte", 1), ("fr", "je ne sais pas comment faire", 0), ("fr", "Avez-vous du M", 1),
        ("fr", "Où est-il ? Et quand arrive-t-il ?", 2), ("fr", "Je cherche une chemise.", 0),
        ("en", "how do i pay", 1), ("en", "ok and when will it come", 1), ("en", "I know how to pay", 0),
        ("en", "Is it in stock? Do you ship to France?", 2), ("en", "It is in stock.", 0),
        ("en", "see https://x.y/?a=1", 0),
    ]  # fmt: skip
    assert [(text, len(phrases.questions(text, language))) for language, text, _ in cases] == [
        (text, n) for _, text, n in cases
    ]


def test_words_meet_in_their_stem_with_and_without_accents():
    assert stem("commandes", "fr") == stem("commande", "fr")
    assert stem(bare("Livraisons"), "fr") == stem("livraison", "fr")
    assert stem("deliveries", "en") == stem("delivery", "en")
    assert tokens("J’ai réglé l'ŒUVRE, can't") == ["j", "'", "ai", "regle", "l", "'", "oeuvre", ",", "can", "n't"]
    assert words("qu'il n'a pas") == ["il", "a", "pas"]
    assert [language_of(one) for one in ("fr", "fr-CA", "en_GB", "de", "", "frx")] == [
        "fr",
        "fr",
        "en",
        None,
        None,
        None,
    ]


def test_the_slope_is_from_the_first_to_the_last_message():
    assert slope([-1.0, 0.0, 1.0]) == pytest.approx(2.0)
    assert slope([0.5] * 7) == pytest.approx(0.0)
    assert slope([0.1, 0.9]) is None
    assert quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 0.9) == 10


HOSTILE = {
    "marks": "e" + "\u0301\u0323\u031b\u0328" * 2_500,
    "marks alone": "\u0301" * 10_000,
    "bidi": "\u202e\u2066abc\u2069" * 2_000,
    "long word": "a" * 10_000,
    "questions": "est-ce que " * 900,
    "et et et": "et et mais alors " * 600,
    "braces": "{" * 5_000 + "}" * 5_000,
    "apostrophes": "n't" * 3_000,
    "spaces": " " * 9_999 + "x",
    "dots": "." * 10_000,
    "http": "http://" * 1_400,
    "hangul": "\u1100\u1161\u11a8" * 3_000,
    "joined": "👩\u200d👩\u200d👧" * 2_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_hostile_text_is_read_in_linear_time(name: str, language: Language):
    def spent(times: int) -> float:
        text = HOSTILE[name][: 10_000 // 8 * times]
        lines = talk(("v", 0, text), ("a", 5, text), ("v", 9, text), language=language, visitor_name=text)
        begun = time.thread_time()
        found = measured(lines, [text, text[:50] + "{x}" + text[50:]])
        asking(lines)
        assert -1 <= (found.sentiment_end or 0.0) <= 1
        return time.thread_time() - begun

    spent(1)
    assert spent(8) < max(24 * spent(1), 0.5)


def test_what_is_not_seen_is_no_part_of_a_word():
    assert words("par\u200bfait") == ["parfait"]
    assert len(seen("e" + "\u0301" * 10_000)) <= 4
    assert words("x" * 10_000) == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["fr", "en", "xx"]))
def test_any_text_at_all_can_be_read(text: str, language: str):
    found = measured(talk(("v", 0, text), ("a", 1, text), language=language, visitor_name=text), [text])
    assert found.first_response_s == 1.0
    assert replace(found, id="") is not None


@pytest.fixture(scope="module")
def negotiations(shared: Path) -> list[dict[str, object]]:
    """Human chats of CaSiNo (Chawla et al., NAACL 2021; kushalchawla/CaSiNo, CC BY 4.0), left where they are."""
    with gzip.open(shared / "data/casino/casino_train.json.gz", "rt", encoding="utf-8") as file:
        found: list[dict[str, object]] = json.load(file)
    return found


def test_people_who_were_satisfied_also_sounded_so(negotiations):
    """On 900 real chats the last words feel the better the more satisfied their author was."""
    felt: dict[str, list[float]] = {}
    for chat in negotiations:
        for who, about in chat["participant_info"].items():
            texts = [one["text"] for one in chat["chat_logs"] if one["id"] == who and not one["task_data"]]
            felt.setdefault(about["outcomes"]["satisfaction"], []).append(sentiment(texts[-1], "en") if texts else 0.0)
    scale = ["Extremely satisfied", "Slightly satisfied", "Slightly dissatisfied", "Extremely dissatisfied"]
    means = [mean(felt[one]) for one in scale]
    assert means == sorted(means, reverse=True)
    assert means[0] - means[3] > 0.2


def test_queries_with_a_question_mark_are_questions_and_some_without_one_too(shared: Path):
    """3,080 queries of bank customers (BANKING77, Casanueva et al. 2020; PolyAI, CC BY 4.0), left where they are."""
    with gzip.open(shared / "data/banking77/test.csv.gz", "rt", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    marked = [text for text in texts if "?" in text]
    asked = [text for text in texts if phrases.questions(text, "en")]
    assert set(marked) <= set(asked)
    assert 0.02 < (len(asked) - len(marked)) / len(texts) < 0.1
