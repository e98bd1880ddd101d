"""How a text feels, from words of our own with negation; small, explainable, and wrong about irony. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import sqrt
from types import ModuleType

from msgspec import Struct

from aparte.reports.transcripts import lexicon_en, lexicon_fr
from aparte.reports.transcripts.text import STOPS, Language, bare, stem, tokens

LEXICONS: Mapping[Language, ModuleType] = {"fr": lexicon_fr, "en": lexicon_en}
FACES = {
    **dict.fromkeys("😀😁😂😃😄😅😆😇😉😊😋😌😍😎😘😺🙂🤗👍❤☺", 1.0),
    **dict.fromkeys("😞😟😠😡😢😣😤😥😦😧😨😩😫😭😰😱😿🙁👎😒😓😔😕😖", -1.0),
}  # fmt: skip
REACH = 3
"""Words after a negation that it turns round."""
TURNED = -0.5
"""`pas content` is as bad as half of `mécontent`."""
BUT = frozenset({"mais", "but", "however", "cependant", "pourtant", "although"})
SOFT = 4.0
"""How much feeling a text must have to come near to 1: sum / sqrt(sum^2 + SOFT)."""


class Lexicon(Struct, frozen=True):
    """Words of feeling: by how they are said, by their stems, and what turns them round."""

    whole: Mapping[str, float]
    stems: Mapping[str, float]
    neutral: frozenset[str]
    negators: frozenset[str]


@lru_cache(maxsize=2)
def lexicon(language: Language) -> Lexicon:
    """The words of a language."""
    told = LEXICONS[language]
    groups = ((told.VERY_GOOD, 2.0), (told.GOOD, 1.0), (told.BAD, -1.0), (told.VERY_BAD, -2.0))
    whole = {bare(word): value for text, value in groups for word in text.split()}
    stems = {stem(word, language): value for text, value in groups for word in text.split()}
    stems |= {stem(bare(word), language): value for text, value in groups for word in text.split()}
    return Lexicon(whole, stems, frozenset(told.NEUTRAL.split()), frozenset(told.NEGATORS.split()))


def value_of(word: str, language: Language) -> float:
    """What a word feels like, from -2 to 2; 0 for most."""
    known = lexicon(language)
    if word in known.neutral:
        return 0.0
    return FACES.get(word) or known.whole.get(word) or known.stems.get(stem(word, language), 0.0)


def sentiment(text: str, language: Language) -> float:
    """How a text feels, between -1 and 1; 0 when nothing in it is felt."""
    known, total, negated = lexicon(language), 0.0, 0
    for word in tokens(text):
        if word in STOPS or word in BUT:
            negated = 0
        elif word in known.negators:
            negated = REACH + 1
        else:
            value = value_of(word, language)
            total += TURNED * value if negated and word not in FACES else value
        negated = max(0, negated - 1)
    return total / sqrt(total * total + SOFT)


def slope(felt: Sequence[float]) -> float | None:
    """How much a feeling rises from the first to the last message, by least squares; None below three messages."""
    n = len(felt)
    if n < 3:
        return None
    middle, mean = (n - 1) / 2, sum(felt) / n
    spread = sum((place - middle) ** 2 for place in range(n))
    return sum((place - middle) * (value - mean) for place, value in enumerate(felt)) / spread * (n - 1)
