"""What a campaign file says of the house: its rules, its button, its looks, its points of sale; and of limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from zoneinfo import available_timezones

from aparte.targeting.holidays import unknown_calendar
from aparte.targeting.locate import Path
from aparte.targeting.members import (
    check_hours,
    check_label,
    check_message,
    finite,
    is_date,
    length,
    repeated,
    share,
)
from aparte.targeting.model import Appearance, Budget, Button, CampaignFile, Frequency, PointOfSale, SiteRules
from aparte.targeting.shape import Fault, near

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
COUNTRY = re.compile(r"[A-Z]{2}")
time_zones = cache(available_timezones)
"""Looked for in many folders, so once."""


def check_site(site: SiteRules) -> Iterator[Fault]:
    """The rules of the house."""
    yield from share(("site", "holdout"), site.holdout)
    yield from share(("site", "epsilon"), site.epsilon)
    if site.reserve < 0:
        yield ("site", "reserve"), "slots kept for reactive chats cannot be fewer than none", "write 0 or more"
    if site.bid_price != "auto":
        yield from finite(("site", "bid_price"), site.bid_price)
    if site.target_overrun is not None and not 0 < site.target_overrun < 0.5:
        yield ("site", "target_overrun"), f"{site.target_overrun:g} is no aim for overruns", "write 0.03 for 3 %"
    if site.time_zone not in time_zones():
        hint = near(site.time_zone, time_zones()) or "write an IANA name such as Europe/Paris"
        yield ("site", "time_zone"), f"there is no time zone {site.time_zone!r}", hint
    yield from check_hours(("site", "hours"), site.hours)
    yield from check_holidays(site)
    if site.frequency is not None:
        yield from check_frequency(("site", "frequency"), site.frequency)


def check_holidays(site: SiteRules) -> Iterator[Fault]:
    """Days of this or of each year, and a calendar that there is."""
    for number, day in enumerate(site.holidays):
        if not is_date(day) and not is_date(f"2024-{day}"):  # a leap year: 02-29 is a day
            yield ("site", "holidays", number), f"{day!r} is no day", "write it as 2026-12-24, or 12-24 for each year"
    wrong = unknown_calendar(site.holiday_calendar) if site.holiday_calendar is not None else None
    if wrong is not None:
        yield ("site", "holiday_calendar"), *wrong


def check_frequency(path: Path, frequency: Frequency) -> Iterator[Fault]:
    """Caps and cool-downs."""
    for name in ("after_decline", "after_chat", "per"):
        yield from length((*path, name), getattr(frequency, name))
    if (frequency.at_most is None) != (frequency.per is None):
        yield path, "`at_most` and `per` belong together", 'write at_most = 3 and per = "30d"'
    if frequency.at_most is not None and frequency.at_most < 1:
        yield (*path, "at_most"), "a campaign that may address nobody is no campaign", "write 1 or more"


def check_budget(path: Path, budget: Budget | None) -> Iterator[Fault]:
    """A budget limits something, and leaves something."""
    if budget is None:
        return
    if budget.invitations is None and budget.accepted is None:
        yield path, "the budget limits nothing", "add invitations = 1000, or accepted = 100"
    for name in ("invitations", "accepted"):
        value = getattr(budget, name)
        if value is not None and value < 1:
            yield (*path, name), f"a budget of {value} lets nobody in", 'write 1 or more, or state = "draft"'


def check_button(button: Button | None, languages: tuple[str, ...]) -> Iterator[Fault]:
    """What stands on the button."""
    if button is not None:
        yield from check_message(("button", "label"), button.label, languages)


def check_appearances(appearances: Mapping[str, Appearance]) -> Iterator[Fault]:
    """Looks that offers and variants name."""
    for name, one in appearances.items():
        yield from check_label(("appearances", name), name, "look")
        if one.colour is not None and not COLOUR.fullmatch(one.colour):
            yield ("appearances", name, "colour"), f"{one.colour!r} is no colour", "write it as #1d4ed8"


def known_look(path: Path, name: str | None, file: CampaignFile) -> Iterator[Fault]:
    """An offer has a look that the file describes, or none."""
    if name and name not in file.appearances:
        hint = near(name, file.appearances) or f"add an [appearances.{name}] table"
        yield path, f"there is no look {name!r}", hint


def check_points_of_sale(points: tuple[PointOfSale, ...], languages: tuple[str, ...]) -> Iterator[Fault]:
    """Where leads go."""
    yield from repeated((("points_of_sale", n), one.name, "point of sale") for n, one in enumerate(points))
    for number, one in enumerate(points):
        path = ("points_of_sale", number)
        yield from check_label((*path, "name"), one.name, "point of sale")
        yield from check_message((*path, "label"), one.label, languages)
        if one.email and not EMAIL.fullmatch(one.email):
            yield (*path, "email"), f"{one.email!r} is no address", "write it as branch@shop.example"
        for nth, code in enumerate(one.countries):
            if not COUNTRY.fullmatch(code):
                yield (*path, "countries", nth), f"{code!r} is no country", "write two capital letters, such as FR"
        for nth, prefix in enumerate(one.postcodes):
            if not prefix.strip():
                yield (*path, "postcodes", nth), "an empty beginning is that of any postcode", "leave postcodes out"
