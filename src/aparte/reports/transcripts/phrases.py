"""What agents and visitors say by habit: greetings, thanks, apologies, questions; and words that tell nothing. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aparte.reports.transcripts import lexicon_en, lexicon_fr
from aparte.reports.transcripts.text import Language, bare, seen, sentences, words

GREETINGS: Mapping[Language, str] = {
    "fr": r"bonjour|bonsoir|salut|coucou|bienvenue|enchante|hello",
    "en": r"hello|hi|hey|welcome|good (?:morning|afternoon|evening|day)|greetings",
}
THANKS: Mapping[Language, str] = {
    "fr": r"merci|je vous remercie|nous vous remercions|remerciements?",
    "en": r"thanks?|thank you|thx|much appreciated|many thanks|cheers",
}
EMPATHY: Mapping[Language, str] = {
    "fr": r"je comprends|nous comprenons|je (?:suis|reste) (?:vraiment |sincerement )?desolee?|desolee? (?:de|pour)|"
    r"je vois bien|je m'excuse|toutes mes excuses|nos excuses|veuillez nous excuser|je me mets a votre place|"
    r"c'est (?:genant|embetant|frustrant|ennuyeux)|n'hesitez pas|avec plaisir|je m'en occupe|je regarde (?:cela|ca)",
    "en": r"i (?:can |do |totally |completely )?understand|we understand|i(?:'m| am) (?:so |very |really )?sorry|"
    r"sorry (?:to|for|about)|my apologies|i apologi[sz]e|we apologi[sz]e|i see (?:why|how|what)|i hear you|"
    r"that (?:must be|is|sounds) (?:frustrating|annoying|upsetting)|happy to help|glad to help|"
    r"let me (?:look|check|take care)|i(?:'ll| will) take care",
}
ASKING: Mapping[Language, str] = {
    "fr": r"est[ -]ce que|qu'est[ -]ce|quel(?:le)?s?|comment|pourquoi|quand|combien|ou (?:est|sont|puis|peut|se)|"
    r"qui (?:est|peut|sont)|lequel|laquelle|lesquel(?:le)?s|(?:peut|peux|puis|pouvez|avez|etes|faut|voulez|allez|"
    r"aurez|auriez|pourriez|savez|souhaitez|sera|serait)-(?:on|il|elle|je|vous|nous|tu)|y a[ -]t[ -]il",
    "en": r"what|which|who|whose|when|where|why|how|(?:is|are|was|were|do|does|did|can|could|will|would|should|may|"
    r"might|have|has|shall) (?:i|you|we|they|he|she|it|this|that|there|these|those|the|my|your|anyone|someone)",
}
"""How a sentence begins that asks, also without its mark."""
OPENING = r"(?:(?:et|mais|alors|donc|ok|oui|non|bonjour|svp|and|but|so|ok|okay|yes|no|hi|hello|well|also)[ ,:]+){0,2}"
LINK = re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE)


def compiled(phrases: Mapping[Language, str], shape: str) -> dict[Language, re.Pattern[str]]:
    """The phrases as patterns of bare text."""
    return {language: re.compile(shape.format(phrases=text)) for language, text in phrases.items()}


GREETING, THANKING, FEELING = (compiled(one, r"\b(?:{phrases})\b") for one in (GREETINGS, THANKS, EMPATHY))
QUESTION = {language: re.compile(rf"{OPENING}(?:{text})\b") for language, text in ASKING.items()}


def says(what: Mapping[Language, re.Pattern[str]], text: str, language: Language) -> bool:
    """Whether a text has such a phrase."""
    return what[language].search(bare(seen(text))) is not None


def asks(sentence: str, language: Language) -> bool:
    """Whether a sentence asks: by its mark, or by how it begins."""
    plain = LINK.sub(" ", sentence)
    return "?" in plain or QUESTION[language].match(bare(plain).strip()) is not None


def questions(text: str, language: Language) -> list[str]:
    """The sentences of a message that ask."""
    return [one for one in sentences(text) if asks(one, language)]


def links(text: str) -> int:
    """Addresses in a text."""
    return len(LINK.findall(seen(text)))


def names(text: str, name: str) -> bool:
    """Whether a text calls somebody by his name, or by one of his names of three letters or more."""
    told = {one for one in words(name) if len(one) >= 3}
    return bool(told) and not told.isdisjoint(words(text))


STOP_WORDS: Mapping[Language, frozenset[str]] = {
    "fr": frozenset(lexicon_fr.STOP_WORDS.split()),
    "en": frozenset(lexicon_en.STOP_WORDS.split()),
}
"""Words that tell nothing about what is spoken of, bare of accents."""
