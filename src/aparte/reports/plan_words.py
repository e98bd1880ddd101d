"""The business case in words, French or English: its inputs, its figures, what contradicts itself, what to do."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from math import floor, log10
from typing import Any

from aparte.planning.contradictions import Contradiction
from aparte.planning.futures import Futures
from aparte.planning.strategy import Advice
from aparte.planning.units import unit_of
from aparte.reports.numbers import money, number, points, rounded_money, share
from aparte.reports.report_words import SPACE, SPACED

MONEY = {"revenue", "margin", "savings", "labour", "software", "services", "fixed", "discounts", "errors", "cost",
         "net_gain"}  # fmt: skip
CENTS = {"cost_per_contact", "cost_per_conversation", "cost_per_conversion", "cost_per_incremental_conversion"}


@cache
def words() -> dict[str, Any]:
    """All words, by table."""
    found: dict[str, Any] = tomllib.loads(files("aparte.reports").joinpath("plan_words.toml").read_text("utf-8"))
    return found


def said(table: str, name: str, language: str, **figures: str) -> str:
    """A word or a sentence of one table."""
    french, english = words()[table][name]
    return unbroken(french.format(**figures)) if language == "fr" else english.format(**figures)


def input_name(path: str, language: str) -> str:
    """`Salaire horaire (chat)` of `teams.chat.wage_per_hour`."""
    parts = path.split(".")
    name = said("inputs", parts[-1], language)
    return f"{name} ({parts[1]})" if len(parts) == 3 else name


def input_value(path: str, value: float, currency: str, language: str) -> str:
    """An input as people write it, by its unit."""
    counted = unit_of(path).counted
    if counted == "money":
        return money(value, currency, language, 0 if value >= 1000 and value == round(value) else 2)
    return counted_words(counted, value, language)


def counted_words(counted: str, value: float, language: str) -> str:
    """A figure that is no money, by what it counts."""
    if counted == "share":
        return share(value, language)
    if counted == "points":
        return points(value, language)
    if counted == "seconds":
        return f"{number(value, language, 0 if value == round(value) else 1)}\u00a0s"
    return number(value, language, 0 if counted == "count" or value == round(value) else 2)


def output_value(name: str, value: float | None, currency: str, language: str) -> str:
    """A figure of a result as people write it; a dash where it is not known."""
    if value is None:
        return "–"
    if name in MONEY | CENTS:
        return money(value, currency, language, 2 if name in CENTS else 0, signed=name == "net_gain")
    if name == "roi":
        return number(100 * value, language, signed=True) + ("\u00a0%" if language == "fr" else "%")
    if name.endswith("_lift"):
        return points(value, language)
    return number(value, language, 2 if name.endswith("_hour") else 0)


def headline(found: Futures, currency: str, language: str) -> str:
    """`Un gain net attendu de 62 000 € par an. Huit fois sur dix, il tombe entre 0 € et 128 000 €.`"""
    figures = (found.expected, found.low, found.high)
    gain, low, high = (rounded_money(one, found.low, found.high) for one in figures)
    first = said("sentences", "gain" if gain >= 0 else "loss", language, figure=money(abs(gain), currency, language))
    if found.low == found.high:
        return f"{first} {said('sentences', 'sure', language)}"
    ends = {"low": money(low, currency, language), "high": money(high, currency, language)}
    return f"{first} {said('sentences', 'range' if gain >= 0 else 'range_loss', language, **ends)}"


class Written(float):
    """A figure in a sentence, written as its place asks: `{lift:points}`."""

    currency: str
    language: str

    def __format__(self, form: str) -> str:
        if form in {"money", "round"}:
            return money(self, self.currency, self.language, 2 if form == "money" else 0)
        if form == "share":
            return share(self, self.language, 0 if abs(100 * self - round(100 * self)) < 1e-9 else 1)
        if form == "points":
            return points(self, self.language)
        whole = form == "count" or abs(self - round(self)) < 1e-9
        return number(self, self.language, 0 if whole else max(2, 1 - floor(log10(abs(self)))))


def written(template: str, figures: dict[str, float], currency: str, language: str) -> str:
    """A sentence with its figures."""
    found = {}
    for name, figure in figures.items():
        found[name] = Written(figure)
        found[name].currency, found[name].language = currency, language
    text = template.format(**found)
    return unbroken(text) if language == "fr" else text


def unbroken(text: str) -> str:
    """A French sentence with the spaces that must not break."""
    return SPACED.sub(SPACE, text)


def contradiction_words(found: Contradiction, currency: str, language: str) -> tuple[str, str]:
    """What is wrong and what to change, as sentences."""
    if found.code == "measured":
        figures = {name: input_value(found.inputs[0], one, currency, language) for name, one in found.figures.items()}
        return said("sentences", "measured", language, **figures), said("sentences", "take_measured", language)
    if language != "fr":
        return sentence(found.what), sentence(found.hint)
    told = words()["contradictions"][found.code]
    return tuple(written(told[part], found.figures, currency, language) for part in ("what", "hint"))  # type: ignore[return-value]


def advice_words(found: Advice, currency: str, language: str) -> str:
    """A piece of advice, as a sentence."""
    french, english = words()["advice"][found.code]
    return written(french if language == "fr" else english, found.figures, currency, language)


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."
