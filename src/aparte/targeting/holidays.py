"""Public holidays of a country or of a part of it: `FR`, `FR-57`, `GB-ENG`, as the package `holidays` knows them."""

from __future__ import annotations

import difflib
from datetime import date
from functools import cache, lru_cache

from aparte.targeting.model import SiteRules


@lru_cache(maxsize=4096)
def is_holiday(days: tuple[str, ...], calendar: str | None, day: date) -> bool:
    """Whether a day is one of those listed (`2026-12-24`, or `12-24` in each year) or of the calendar."""
    text = day.isoformat()
    return text in days or text[5:] in days or (calendar is not None and day in public_holidays(calendar, day.year))


def holiday_at(rules: SiteRules, day: date) -> bool:
    """Whether the site keeps this day as a holiday."""
    return is_holiday(rules.holidays, rules.holiday_calendar, day)


@lru_cache(maxsize=256)
def public_holidays(calendar: str, year: int) -> frozenset[date]:
    """The public holidays of a year; the calendar has passed `unknown_calendar`."""
    import holidays  # noqa: PLC0415 - a tenth of a second that most sites need not spend

    country, _, part = calendar.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))


@cache
def calendars() -> dict[str, tuple[str, ...]]:
    """Every country that has a calendar, with its parts that have one of their own."""
    import holidays  # noqa: PLC0415

    return {country: tuple(parts) for country, parts in holidays.list_supported_countries().items()}


def unknown_calendar(calendar: str) -> tuple[str, str] | None:
    """What is wrong with the name of a calendar, and what to write; None when there is such a calendar."""
    country, mark, part = calendar.partition("-")
    known = calendars()
    if country not in known:
        near = difflib.get_close_matches(country.upper(), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else "write an ISO code such as FR or GB-ENG"
        return f"there is no holiday calendar {calendar!r}", hint
    if mark and part not in known[country]:
        parts = ", ".join(f"{country}-{one}" for one in known[country][:12])
        return f"{country} has no holiday calendar {part!r}", f"one of {parts}" if parts else f"write {country!r}"
    return None
