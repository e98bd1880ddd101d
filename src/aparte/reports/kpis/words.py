"""What figures say in French and English: terms, reasons for no value, notes, intervals, values. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from msgspec import convert

from aparte.kit.money import minor_digits
from aparte.reports.kpis.model import Kpi, Unit
from aparte.reports.numbers import SPACE, money, number, share


class Bounded(Protocol):
    """A value with its bounds: a figure, a row, what the API tells."""

    @property
    def value(self) -> float | None:
        """The estimate."""

    @property
    def low(self) -> float | None:
        """Of 95 %."""

    @property
    def high(self) -> float | None:
        """Of 95 %."""


Texts = Mapping[str, Mapping[str, str]]


def read() -> dict[str, dict[str, dict[str, str]]]:
    """The texts of `words.toml`: section -> key -> language -> text."""
    text = Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
    told = convert(tomllib.loads(text), dict[str, dict[str, tuple[str, str]]])
    return {
        section: {name: {"en": en, "fr": fr} for name, (en, fr) in texts.items()} for section, texts in told.items()
    }


TOLD = read()
PARTS: Texts = TOLD["parts"]
NOTES: Texts = TOLD["notes"]
INTERVALS: Texts = TOLD["intervals"]
WHY: Texts = TOLD["why"]
COUNTED_MS = 60_000


def part_words(name: str, language: str) -> str:
    """A term in words; a name of another figure as it is."""
    return PARTS[name][language] if name in PARTS else name


def why_words(why: str, language: str) -> str:
    """Why there is no value, in a sentence; empty where there is one."""
    if not why:
        return ""
    code, _, about = why.partition(":")
    return WHY[code][language].format(about if code in ("formula", "zero") else part_words(about, language))


def note_words(note: str, language: str) -> str:
    """What to read a figure with."""
    return NOTES[note][language]


def value_words(value: float | None, unit: Unit, currency: str, language: str) -> str:
    """`7,4 %`, `84,00 €`, `12 min 30 s`; a dash for nothing."""
    if value is None:
        return "–"
    if unit == "share":
        return share(value, language)
    if unit == "points":
        return number(value, language, 1, signed=True)
    if unit == "money":
        digits = minor_digits(currency)
        return money(value / 10**digits, currency, language, digits)
    if unit == "ms":
        return duration_words(value, language)
    whole = unit == "number" and (float(value).is_integer() or abs(value) >= 1000)
    return number(value, language, 0 if whole else 2, signed=unit == "ratio")


def duration_words(ms: float, language: str) -> str:
    """`12.4 s`, `3 min 20 s`, `5 h 12 min`, `2 d 4 h`."""
    seconds = ms / 1000
    if round(seconds, 1) < 60:
        return f"{number(seconds, language, 1)}{SPACE}s"
    day = "j" if language == "fr" else "d"
    for size, name, below, small in ((86_400, day, 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s")):
        if round(seconds / below) * below >= size:
            whole, rest = divmod(round(seconds / below), size // below)
            return f"{whole}{SPACE}{name}{SPACE}{rest}{SPACE}{small}"
    raise AssertionError("a minute is the smallest")


def interval_words(found: Bounded, kpi: Kpi, currency: str, language: str) -> str:
    """`6.1% to 8.9%`; `from 12 €` without an upper end; empty without an interval."""
    if found.low is None or found.value is None:
        return ""
    low = value_words(found.low, kpi.unit, currency, language)
    if found.high is None:
        return f"{'à partir de' if language == 'fr' else 'from'} {low}"
    return f"{low} {'à' if language == 'fr' else 'to'} {value_words(found.high, kpi.unit, currency, language)}"
