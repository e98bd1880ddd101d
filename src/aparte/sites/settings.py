"""What an administrator sets of a site while it runs, and how each value is judged: by a door, and by a command."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aparte.kit.errors import BadInput
from aparte.kit.mail import mail_address
from aparte.sites.model import Look, Mode, Question, Site
from aparte.sites.service import key_hash
from aparte.sites.words import CURRENCIES, WIDGET_WORDS

WrapUp: TypeAlias = Literal["off", "optional", "required"]
Wrong: TypeAlias = Literal[
    "empty", "too_long", "too_many", "language", "currency", "time_zone", "origin", "colour", "contrast", "font",
    "bounds", "word", "email", "codes",
]  # fmt: skip
BOUNDS = {"answer_s": (10, 3_600), "queue_s": (10, 7_200), "critical_s": (5, 3_600), "look.radius": (0, 32)}
"""Seconds, and pixels of a corner."""
LEAST_CONTRAST = 4.5
"""WCAG 2 AA, of text on its ground."""
MOST_ORIGINS, MOST_LANGUAGES, LONGEST_NAME, LONGEST_WORD, LONGEST_FONT = 50, 20, 200, 300, 200
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FONT = re.compile(r"[A-Za-z0-9 ,'\"_-]*")
_HOST = re.compile(r"(?!-)[a-z0-9.-]{1,253}(?<!-)|\[[0-9a-f:.]+\]")


class LookChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What is told of a look; null: as it is."""

    colour: str | None = None
    on_colour: str | None = None
    position: Literal["left", "right"] | None = None
    radius: int | None = None
    font: str | None = None
    quote_font: str | None = None


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """What is told of a site; null: as it is. Lists and words are told whole."""

    name: str | None = None
    mode: Mode | None = None
    language: str | None = None
    languages: tuple[str, ...] | None = None
    currency: str | None = None
    time_zone: str | None = None
    origins: tuple[str, ...] | None = None
    button: bool | None = None
    look: LookChange | None = None
    words: dict[str, dict[str, str]] | None = None
    answer_s: int | None = None
    queue_s: int | None = None
    critical_s: int | None = None
    wrap_up: WrapUp | None = None
    typing_preview: bool | None = None
    survey: tuple[Question, ...] | None = None
    mail_to: str | None = None


SETTINGS = Change.__struct_fields__


class Fault(Struct, frozen=True):
    """One value that may not be: at which member, a word for programs, what is wrong, and what to do."""

    where: str
    code: Wrong
    what: str
    hint: str = ""


class BadSettings(BadInput):
    """Values that may not be, all of them; as an error it tells the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(faults[0].what, where=faults[0].where, hint=faults[0].hint)


def told(change: Struct) -> dict[str, Any]:
    """The members of a change that it tells."""
    return {name: value for name in change.__struct_fields__ if (value := getattr(change, name)) is not None}


def changed(site: Site, change: Change, *, codes: bool = True) -> Site:
    """The site with what the change tells; BadSettings, with everything that is wrong in it.

    `codes`: whether a wrap-up code is in use. What the change does not tell is not judged.
    """
    given = told(change)
    values = {name: TIDY[name](site, value) if name in TIDY else value for name, value in given.items()}
    after = replace(site, **values)
    faults = [fault for name in given for fault in CHECKS.get(name, _nothing)(after)]
    if change.wrap_up == "required" and not codes:
        what = "a code is required and none is in use: nobody could close a conversation"
        faults.append(Fault("wrap_up", "codes", what, "put a code into use first"))
    if faults:
        raise BadSettings(tuple(faults))
    return after


def differing(before: Site, after: Site) -> tuple[str, ...]:
    """The names of the settings that differ; those of the look one by one."""
    names = [name for name in SETTINGS if name != "look" and getattr(before, name) != getattr(after, name)]
    looks = [name for name in Look.__struct_fields__ if getattr(before.look, name) != getattr(after.look, name)]
    return (*names, *(f"look.{name}" for name in looks))


def settings_of(site: Site) -> dict[str, Any]:
    """All settings of a site, by their names."""
    return {name: getattr(site, name) for name in SETTINGS}


def revision_of(site: Site) -> str:
    """What is another one as soon as a setting is: who saves says which one he has read."""
    return key_hash(msgspec.json.encode(settings_of(site), order="sorted").decode())[:12]


# What is written is tidied before it is judged


def _tidy_words(site: Site, words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    kept = {language: {name: one.strip() for name, one in of.items() if one.strip()} for language, of in words.items()}
    return {language: of for language, of in kept.items() if of}


TIDY: dict[str, Callable[[Site, Any], Any]] = {
    "name": lambda site, text: text.strip(),
    "language": lambda site, text: text.strip().lower(),
    "languages": lambda site, all: tuple(dict.fromkeys(one.strip().lower() for one in all)),
    "currency": lambda site, text: text.strip().upper(),
    "time_zone": lambda site, text: text.strip(),
    "origins": lambda site, all: tuple(dict.fromkeys(map(origin_of, all))),
    "look": lambda site, look: replace(site.look, **told(look)),
    "words": _tidy_words,
    "survey": lambda site, all: tuple(dict.fromkeys(all)),
    "mail_to": lambda site, text: text.strip(),
}


def origin_of(text: str) -> str:
    """An origin as browsers write it: in small letters, without the port that goes without saying."""
    plain = text.strip().lower().removesuffix("/")
    scheme, _, rest = plain.partition("://")
    return plain.removesuffix({"https": ":443", "http": ":80"}.get(scheme, "/")) if rest else plain


# Judging: of a site with the change in it, what is wrong with one member


def _nothing(site: Site) -> Iterator[Fault]:
    return iter(())


def _name(site: Site) -> Iterator[Fault]:
    if not site.name:
        yield Fault("name", "empty", "a site has a name", "write the name that visitors read in mails")
    elif len(site.name) > LONGEST_NAME or not site.name.isprintable():
        yield Fault(
            "name", "too_long", f"a name is one line of at most {LONGEST_NAME} characters", "write a shorter one"
        )


def _languages(site: Site) -> Iterator[Fault]:
    hint = "write codes of two or three letters: fr, en"
    if not 0 < len(site.languages) <= MOST_LANGUAGES:
        yield Fault("languages", "language", f"a site speaks 1 to {MOST_LANGUAGES} languages", hint)
    for one in site.languages:
        if not _LANGUAGE.fullmatch(one):
            yield Fault("languages", "language", f"{one[:40]!r} is no code of a language", hint)
    yield from _language(site)


def _language(site: Site) -> Iterator[Fault]:
    if site.language not in site.languages:
        what = f"the site's own language {site.language[:40]!r} is none of its languages"
        yield Fault("language", "language", what, f"choose one of {', '.join(site.languages)[:200]}, or add it to them")


def _currency(site: Site) -> Iterator[Fault]:
    if site.currency not in CURRENCIES:
        what = f"{site.currency[:20]!r} is no currency of ISO 4217"
        yield Fault("currency", "currency", what, "write three letters: EUR, GBP, CHF")


def _time_zone(site: Site) -> Iterator[Fault]:
    if not is_zone(site.time_zone):
        what = f"there is no time zone {site.time_zone[:60]!r}"
        yield Fault("time_zone", "time_zone", what, "write one as Europe/Paris, America/Montreal or UTC")


def is_zone(name: str) -> bool:
    """Whether this system knows such a time zone."""
    try:
        return len(name) <= 100 and bool(ZoneInfo(name))
    except (ValueError, OSError, KeyError):  # no name of a file, a folder of them, none that there is
        return False


def _origins(site: Site) -> Iterator[Fault]:
    if len(site.origins) > MOST_ORIGINS:
        yield Fault("origins", "too_many", f"a site has at most {MOST_ORIGINS} origins", "take some away")
    for one in site.origins:
        if not is_origin(one):
            what = f"{one[:80]!r} is no origin"
            yield Fault("origins", "origin", what, "write https://www.shop.example, without a path")


def is_origin(text: str) -> bool:
    """Whether this is scheme, host and perhaps a port, and nothing else."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.netloc.removesuffix(f":{port}") if port is not None else parts.netloc
    return (
        parts.scheme in ("https", "http") and text == f"{parts.scheme}://{parts.netloc}" and bool(_HOST.fullmatch(host))
    )


def sound(look: Look) -> Look:
    """The same look with our own values for those that no look may have: an older database may hold anything.

    A low contrast stays; of colours one alone is never replaced.
    """
    bad = {fault.where.partition(".")[2] for fault in look_faults(look) if fault.code != "contrast"}
    bad |= {"colour", "on_colour"} if bad & {"colour", "on_colour"} else set()
    return replace(look, **{name: getattr(Look(), name) for name in bad})


def look_faults(look: Look) -> Iterator[Fault]:
    """What is wrong with a look: no colour, no list of fonts, no number of pixels, or not to be read."""
    bad = [name for name in ("colour", "on_colour") if not _COLOUR.fullmatch(getattr(look, name))]
    for name in bad:
        yield Fault(
            f"look.{name}", "colour", f"{getattr(look, name)[:20]!r} is no colour", "write # and six digits: #5F1F45"
        )
    if not bad and (found := contrast(look.colour, look.on_colour)) < LEAST_CONTRAST:
        what = (
            f"the contrast of {look.on_colour} on {look.colour} is {found:.1f}, and {LEAST_CONTRAST} is needed to read"
        )
        yield Fault("look.on_colour", "contrast", what, "make one of the two lighter or darker")
    for name in ("font", "quote_font"):
        font = getattr(look, name)
        if len(font) > LONGEST_FONT or not _FONT.fullmatch(font) or (name == "font" and not font.strip()):
            what = f"{font[:40]!r} is no list of fonts"
            yield Fault(f"look.{name}", "font", what, "write names with commas between them, or inherit")
    yield from bounded("look.radius", look.radius)


def contrast(one: str, other: str) -> float:
    """Of two colours `#RRGGBB`, as WCAG 2 counts it: 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative, 0 to 1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _words(site: Site) -> Iterator[Fault]:
    for language, words in site.words.items():
        if language not in site.languages:
            hint = f"its languages are {', '.join(site.languages)[:200]}"
            yield Fault(f"words.{language[:20]}", "language", "the site does not speak this language", hint)
        for name, text in words.items():
            where = f"words.{language[:20]}.{name[:40]}"
            if name not in WIDGET_WORDS:
                yield Fault(where, "word", f"the widget has no word {name[:40]!r}", "docs/reference/tag.md names them")
            elif len(text) > LONGEST_WORD or not text.isprintable():
                yield Fault(where, "too_long", f"a word is one line of at most {LONGEST_WORD} characters", "shorten it")


def bounded(where: str, value: int) -> Iterator[Fault]:
    """The fault of a number outside its bounds."""
    least, most = BOUNDS[where]
    if not least <= value <= most:
        yield Fault(where, "bounds", f"{value} is not between {least} and {most}", f"write {least} to {most}")


def _mail_to(site: Site) -> Iterator[Fault]:
    try:
        mail_address(site.mail_to or "nobody@localhost")
    except BadInput as error:
        yield Fault("mail_to", "email", error.what, f"{error.hint}, or nothing")


CHECKS: dict[str, Callable[[Site], Iterator[Fault]]] = {
    "name": _name,
    "language": _language,
    "languages": _languages,
    "currency": _currency,
    "time_zone": _time_zone,
    "origins": _origins,
    "look": lambda site: look_faults(site.look),
    "words": _words,
    "answer_s": lambda site: bounded("answer_s", site.answer_s),
    "queue_s": lambda site: bounded("queue_s", site.queue_s),
    "critical_s": lambda site: bounded("critical_s", site.critical_s),
    "mail_to": _mail_to,
}
