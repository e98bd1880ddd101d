"""Texts of mails. Every subject is ours; what a visitor wrote stands in the body only, and cannot look like ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

import msgspec

from aparte.kit.errors import BadInput
from aparte.kit.mail import mail_address
from aparte.outbox.model import Inside, Mail
from aparte.outbox.store import Leave

LONGEST_NAME, LONGEST_SUBJECT, LONGEST_TEXT = 80, 200, 2_000_000
ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
"""Those whose letters look like one another's."""
MIXED = {"fr": "[alphabets mêlés]", "en": "[mixed alphabets]"}
_PLACE = re.compile(r"\{([a-z]+)\}")
_RUNS = re.compile(
    r"<\s*/?\s*(script|iframe|object|embed|form|link|base|svg|style|video|audio|source)\b|<[^>]*\son\w+\s*=|<[^>]*javascript:"
    r"|<[^>]*\b(srcset|background)\s*=|<[^>]*url\s*\(",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"""<[^>]*\bsrc\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_NAME = re.compile("[a-z][a-z0-9]{0,30}")
PNG = "iVBORw0KGgo"
"""How every PNG begins, in base64."""
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

WORDS = {
    "fr": {
        "confirm": "Confirmez l'envoi de votre conversation",
        "confirm_text": "Quelqu'un, sans doute vous, a demandé à recevoir à cette adresse une conversation "
        "avec {site}.\n\n"
        "Pour la recevoir, ouvrez cette page et confirmez. Elle est valable 24 heures :\n{link}\n\n"
        "Si ce n'était pas vous, ne faites rien : rien d'autre ne sera envoyé.",
        "transcript": "Votre conversation avec {site}",
        "transcript_text": "Votre conversation avec {site}, du {day} (heures {zone}) :",
        "visitor": "Vous",
        "joined": "{name} a rejoint la conversation",
        "left": "{name} a quitté la conversation",
        "closed": "Fin de la conversation",
        "callback": "{site} : un visiteur demande à être rappelé",
        "message": "{site} : un visiteur a laissé un message",
        "lead": "{site} : une demande de contact",
        "test": "{site} : essai de l'envoi d'e-mails",
        "test_text": "Si vous lisez ceci, Aparté sait envoyer des e-mails.",
        "said": "Ce qui suit a été écrit par le visiteur.",
        "booked": "Un conseiller l'a convenu avec le visiteur pendant une conversation.",
    },
    "en": {
        "confirm": "Confirm that we may send you your conversation",
        "confirm_text": "Somebody, probably you, has asked for a conversation with {site} to be sent to this "
        "address.\n\n"
        "To receive it, open this page and confirm. It is valid for 24 hours:\n{link}\n\n"
        "If it was not you, do nothing: nothing else will be sent.",
        "transcript": "Your conversation with {site}",
        "transcript_text": "Your conversation with {site} of {day} (times are {zone}):",
        "visitor": "You",
        "joined": "{name} has joined the conversation",
        "left": "{name} has left the conversation",
        "closed": "End of the conversation",
        "callback": "{site}: a visitor asks to be called back",
        "message": "{site}: a visitor has left a message",
        "lead": "{site}: a request to be contacted",
        "test": "{site}: test of sending mail",
        "test_text": "If you read this, Aparté can send mail.",
        "said": "What follows was written by the visitor.",
        "booked": "An agent has agreed this with the visitor during a conversation.",
    },
}


def words(language: str) -> Mapping[str, str]:
    """Our sentences in this language; in English for one that we do not speak."""
    return WORDS.get(language.partition("-")[0], WORDS["en"])


def filled(text: str, **values: str) -> str:
    """The text with its places filled; not `str.format`, which would let a value read attributes."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def one_line(text: str, longest: int = LONGEST_NAME) -> str:
    """A text without line ends, controls, and the marks that turn its direction around."""
    kept = "".join(" " if _BREAKS.match(c) else c for c in text if unicodedata.category(c) not in ("Cf", "Cs", "Co"))
    return " ".join(kept.split())[:longest].strip()


def plain_name(text: str, language: str = "en") -> str:
    """A name on one line; one that mixes alphabets whose letters look alike is marked."""
    name = one_line(unicodedata.normalize("NFKC", text))
    found = {unicodedata.name(c, "").partition(" ")[0] for c in name if c.isalpha()}
    mixed = MIXED.get(language, MIXED["en"])
    return f"{name} {mixed}" if len(found.intersection(ALPHABETS)) > 1 else name


def indented(text: str) -> str:
    """A text of several lines, so that none of its lines can look like a line of ours."""
    lines = _BREAKS.sub("\n", text.replace("\r\n", "\n")).split("\n")
    return "\n    ".join("".join(c for c in one if unicodedata.category(c) not in ("Cf", "Cs")) for one in lines)


def table(rows: Iterable[tuple[str, object]]) -> str:
    """Members with their values, one under the other; what is empty is left out."""
    return "\n".join(f"{one_line(name)}: {indented(str(value))}" for name, value in rows if value not in (None, ""))


def address(text: str) -> str:
    """An address that mail can go to, in ASCII; BadInput for anything else: two of them, a name, a line end."""
    return mail_address(text)


def mail(
    to: str, subject: str, text: str, language: str = "fr", *, html: str = "", inside: tuple[Inside, ...] = ()
) -> Mail:
    """A mail that may leave; BadInput for a header with a line end, for what is too long, and for HTML that runs, loads
    from elsewhere, or shows a picture that is not inside."""
    if _BREAKS.search(subject) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise BadInput("a subject is one line of at most 200 characters", where="subject")
    if len(text) > LONGEST_TEXT:
        raise BadInput("this text is too long for a mail", where="text")
    judge_html(html, inside)
    return Mail(to=address(to), subject=subject, text=text, language=language, html=html, inside=inside)


def judge_html(html: str, inside: tuple[Inside, ...]) -> None:
    """Nothing in it runs, nothing is loaded from outside, and each picture that is shown is inside; else BadInput."""
    if len(html) + sum(len(one.png) for one in inside) > LONGEST_TEXT:
        raise BadInput("this HTML is too long for a mail", where="html")
    if _RUNS.search(html):
        raise BadInput("HTML of a mail runs nothing and loads nothing", where="html")
    shown = set(_SHOWN.findall(html))
    named = {f"cid:{one.name}" for one in inside if _NAME.fullmatch(one.name) and one.png.startswith(PNG)}
    if shown != named or len(named) != len(inside):
        raise BadInput("a mail shows the pictures that are inside, and no others", where="inside")


def leaving(site: str, event: str, event_id: str, told: Mail, at: int) -> Leave:
    """The mail on its way, in a lane of its own: no mail waits for another."""
    return Leave(site, "mail", event_id, event_id, event, msgspec.json.encode(told).decode(), at)
