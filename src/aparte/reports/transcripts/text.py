"""Texts of conversations as words: folded, cut and stemmed, in time that grows with their length alone. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Literal, TypeAlias

import snowballstemmer

Language: TypeAlias = Literal["fr", "en"]
MOST_MARKS = 3
"""Combining marks on one letter; writing needs no more, and a thousand are sorted in quadratic time."""
LONGEST_WORD = 40
"""A longer one is no word."""
LONGEST_TEXT = 8_000
APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Controls of direction and width: they are no part of a word."""
WORD = re.compile(r"[^\W\d_]+|[.!?;:,…]|[\U0001F600-\U0001F64F\u2764\U0001F44D\U0001F44E\u263A]|\d+|[':()]")
ELISIONS = frozenset({"c", "d", "j", "l", "m", "n", "qu", "s", "t", "lorsqu", "puisqu", "quoiqu", "jusqu"})
"""What stands before an apostrophe in French; `n` is a negation."""
STOPS = frozenset(".!?;:,…")
ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")
NAMES: dict[Language, str] = {"fr": "french", "en": "english"}


def language_of(code: str) -> Language | None:
    """The language whose words are known here, of a tag such as `fr-CA`; None for another one."""
    spoken = code[:2].lower() if len(code) == 2 or code[2:3] in "-_" else ""
    return "fr" if spoken == "fr" else "en" if spoken == "en" else None


def seen(text: str) -> str:
    """What is seen of a text: no controls, few marks on each letter, one kind of apostrophe."""
    kept, marks = [], 0
    for sign in UNSEEN.sub("", text[:LONGEST_TEXT]):
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept)).translate(APOSTROPHES)


def bare(text: str) -> str:
    """In small letters and without accents, so that `Réglé` and `regle` are the same word."""
    folded = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").casefold())
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def tokens(text: str) -> list[str]:
    """Words in small letters without accents, marks that end a thought, faces; `don't` is `do` and `n't`."""
    spoken = bare(seen(text)).replace("can't", "can n't").replace("n't", " n't ")
    found = []
    for piece in spoken.split():
        if piece.startswith("n't"):
            found.append("n't")
        else:
            found += [one for one in WORD.findall(piece) if len(one) <= LONGEST_WORD]
    return found


def words(text: str) -> list[str]:
    """Only the words, each as it was said; elided articles are none."""
    return [one for one in tokens(text) if one.isalpha() and one not in ELISIONS]


def sentences(text: str) -> Iterator[str]:
    """The sentences of a message, as they were written."""
    return (one for one in ENDS.split(seen(text).strip()) if one)


@lru_cache(maxsize=2)
def stemmer(language: Language) -> partial[str]:
    """Snowball's of this language."""
    return partial(snowballstemmer.stemmer(NAMES[language]).stemWord)


@lru_cache(maxsize=50_000)
def stem(word: str, language: Language) -> str:
    """A word without its ending: `commandes` and `commandé` meet."""
    return bare(stemmer(language)(word)) if len(word) <= LONGEST_WORD else word
