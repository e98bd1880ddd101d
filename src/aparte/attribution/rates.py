"""Rates of exchange by day, as a site sets them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.kit.tables import cells_of, heading

STALE_DAYS = 7
"""A rate serves the days after it for so long: there is none at week-ends and on holidays."""
DAYS, CURRENCIES, RATES = ("day", "date", "jour"), ("currency", "devise", "code"), ("rate", "taux", "cours")
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
NUMBER = re.compile(r"\d{1,12}([.,]\d{1,12})?", re.ASCII)


class Rate(Struct, frozen=True, order=True):
    """What one unit of a currency was worth on a day, in units of the site's report currency, as decimal text."""

    day: str
    """YYYY-MM-DD, on the site's calendar."""
    currency: str
    rate: str


class RefusedRate(Struct, frozen=True):
    """A row that was not taken: its line, from 1, and why."""

    line: int
    reason: str


class Rates(Struct, frozen=True):
    """What a file holds."""

    rows: tuple[Rate, ...]
    refused: tuple[RefusedRate, ...] = ()


RateTable = Mapping[tuple[str, date], Decimal]


def table_of(rates: Iterable[Rate]) -> RateTable:
    """Rates by currency and day."""
    return {(one.currency, date.fromisoformat(one.day)): Decimal(one.rate) for one in rates}


def rate_on(day: date, currency: str, report: str, table: RateTable) -> Decimal | None:
    """The rate of that day, else the last one of the seven days before; None when there is none."""
    if currency == report:
        return Decimal(1)
    found = (table.get((currency, day - timedelta(days=back))) for back in range(STALE_DAYS + 1))
    return next((one for one in found if one is not None), None)


def read_rates(text: str, where: str = "rates") -> Rates:
    """The rates of a CSV file with the columns day, currency, rate. BadInput when one of them is missing."""
    rows = cells_of(text, where)
    number, head = next(rows, (1, []))
    names = [heading(one) for one in head]
    places = [next((names.index(one) for one in known if one in names), None) for known in (DAYS, CURRENCIES, RATES)]
    if None in places:
        raise BadInput("a column is missing", where=f"{where}:{number}", hint="name them day, currency, rate")
    found: dict[tuple[str, str], Rate] = {}
    refused = []
    for line, cells in rows:
        one = rate_of(*(cells[place].strip() if place < len(cells) else "" for place in places if place is not None))
        if isinstance(one, str):
            refused.append(RefusedRate(line, one))
        else:
            found[one.day, one.currency] = one
    return Rates(tuple(sorted(found.values())), tuple(refused))


def rate_of(day: str, currency: str, rate: str) -> Rate | str:
    """One rate, or why it cannot be taken."""
    try:
        day = date.fromisoformat(day).isoformat()
    except ValueError:
        return f"{day[:40]!r} is no day: write YYYY-MM-DD"
    if not CURRENCY.fullmatch(currency.upper()):
        return f"{currency[:40]!r} is no currency: write three letters"
    value = rate.replace(",", ".")
    if not NUMBER.fullmatch(rate) or not Decimal(value):
        return f"{rate[:40]!r} is no rate: write a number above 0"
    return Rate(day, currency.upper(), value)
