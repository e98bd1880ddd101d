"""Numbers, money and dates as people write them, French or English; the space inside is U+00A0, minus is U+2212."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import floor, log10
from zoneinfo import ZoneInfo

SPACE, MINUS = "\u00a0", "\u2212"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
WHOLE = {"JPY", "KRW", "XOF", "XAF", "XPF", "CLP", "VND", "ISK"}
"""Currencies without a smaller unit."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONTHS = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
LONG_MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
}  # fmt: skip


def number(value: float, language: str, decimals: int = 0, *, signed: bool = False) -> str:
    """`66 300,5` or `66,300.5`; with `signed` a difference: `+0,9`, `−0,9`, and a plain zero."""
    rounded = round(value, decimals) + 0.0
    text = f"{abs(rounded):,.{decimals}f}"
    if language == "fr":
        text = text.replace(",", SPACE).replace(".", ",")
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + text


def money(value: float, currency: str, language: str, decimals: int = 0, *, signed: bool = False) -> str:
    """`+66 300 €` or `+€66,300`; a currency without a sign by its code."""
    text = number(value, language, 0 if currency in WHOLE else decimals, signed=signed)
    symbol = SYMBOLS.get(currency, currency)
    if language == "fr":
        return f"{text}{SPACE}{symbol}"
    sign, digits = (text[0], text[1:]) if text[0] in f"+{MINUS}" else ("", text)
    return f"{sign}{symbol}{SPACE if symbol == currency else ''}{digits}"


def thousands(value: float, currency: str, language: str) -> str:
    """`60 k€` or `€60k`: an amount on an axis, where there is little room."""
    text = money(value / 1000, currency, language)
    return text.replace(SYMBOLS[currency], f"k{SYMBOLS[currency]}") if language == "fr" else f"{text}k"


def share(value: float, language: str, decimals: int = 1) -> str:
    """`7,4 %` or `7.4%` of a fraction."""
    return number(100 * value, language, decimals) + (f"{SPACE}%" if language == "fr" else "%")


def points(value: float, language: str, decimals: int = 2, *, signed: bool = True) -> str:
    """`+0,91 pt` or `+0.91 pp` of a difference of two fractions."""
    return number(100 * value, language, decimals, signed=signed) + unit_of_points(language)


def unit_of_points(language: str) -> str:
    """What stands after a difference of shares."""
    return f"{SPACE}{'pt' if language == 'fr' else 'pp'}"


def between(low: str, high: str, language: str) -> str:
    """`de −0,5 à +1,9 pt` or `−0.5 to +1.9 pp`."""
    return f"de {low} à {high}" if language == "fr" else f"{low} to {high}"


def points_between(low: float, high: float, language: str, decimals: int = 2) -> str:
    """An interval of a difference of shares; the unit stands once."""
    return between(number(100 * low, language, decimals, signed=True), points(high, language, decimals), language)


def rounded_money(value: float, low: float, high: float) -> float:
    """A total at the precision that its interval allows: 66 312 with a half-width of 39 500 is 66 300."""
    half = (high - low) / 2
    if half < 1:
        return value
    step: float = 10.0 ** (floor(log10(half)) - 2)
    return round(value / step) * step


def p_value(p: float, language: str) -> str:
    """`p = 0,61`, or that it is below a thousandth."""
    return f"p < {number(0.001, language, 3)}" if p < 0.001 else f"p = {number(p, language, 3 if p < 0.01 else 2)}"


def day_of(at: int, time_zone: str) -> date:
    """The day of a moment at the site."""
    return (EPOCH + timedelta(milliseconds=at)).astimezone(ZoneInfo(time_zone)).date()


def start_of(day: date, time_zone: str) -> int:
    """The moment at which a day begins at the site, in milliseconds; days of 23 and 25 hours are as they are."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone))
    return round((midnight - EPOCH) / timedelta(milliseconds=1))


def day_words(day: date, language: str) -> str:
    """`3 décembre`, `1er décembre`, `3 December`."""
    return f"{ordinal(day, language)}{SPACE}{LONG_MONTHS[language][day.month - 1]}"


def ordinal(day: date, language: str) -> str:
    """The day of the month; the first has a form of its own in French."""
    return "1er" if language == "fr" and day.day == 1 else str(day.day)


def days_words(first: date, last: date, language: str) -> str:
    """`25 oct. au 21 nov. 2026`, `25 Oct to 21 Nov 2026`; the year once when it is one."""
    till = f"{ordinal(last, language)}{SPACE}{MONTHS[language][last.month - 1]}{SPACE}{last.year}"
    if first == last:
        return till
    month = "" if (first.year, first.month) == (last.year, last.month) else SPACE + MONTHS[language][first.month - 1]
    year = "" if first.year == last.year else f"{SPACE}{first.year}"
    return f"{ordinal(first, language)}{month}{year} {'au' if language == 'fr' else 'to'} {till}"
