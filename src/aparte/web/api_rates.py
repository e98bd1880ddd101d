"""Rates of exchange by day: at which orders of other currencies are counted."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct

from aparte.attribution.rates import Rate, rate_of
from aparte.attribution.store import SaveRates
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal

Short = Annotated[str, Meta(max_length=40)]


class RateWords(Struct, forbid_unknown_fields=True):
    """What one unit of a currency was worth on a day (YYYY-MM-DD), in the site's report currency: decimal text."""

    day: Short
    currency: Short
    rate: Short


class RatesBody(Struct, forbid_unknown_fields=True):
    """Rates to add; one of a day and currency that is known takes its place."""

    rates: Annotated[list[RateWords], Meta(min_length=1, max_length=5_000)]


class RatesKept(Struct):
    """The site's report currency, and all its rates by day."""

    currency: str
    rates: list[RateWords]


@get("/rates", summary="Rates of exchange", right="read")
async def rates(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> RatesKept:
    """By day and currency. An order of a day without a rate has that of the seven days before, else none."""
    kept = [RateWords(one.day, one.currency, one.rate) for one in desk.store.rates(me.site)]
    return RatesKept(desk.directory.site(me.site).currency, kept)


@put("/rates", summary="Set rates of exchange", right="sites")
async def save_rates(
    data: JSONBody[RatesBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> RatesKept:
    """400 says which one cannot be read; then none is taken. Orders are counted anew at once."""
    found = [read(one, n) for n, one in enumerate(data.rates)]
    told = desk.audited(me, "rates", me.site, str(len(found)))
    await desk.store.submit([SaveRates(me.site, found), told])
    kept = [RateWords(one.day, one.currency, one.rate) for one in desk.store.rates(me.site)]
    return RatesKept(desk.directory.site(me.site).currency, kept)


def read(told: RateWords, n: int) -> Rate:
    """One rate; Problem 400."""
    found = rate_of(told.day.strip(), told.currency.strip(), told.rate.strip())
    if isinstance(found, str):
        raise Problem(400, "bad_input", found, where=f"rates[{n}]")
    return found


ROUTER = Router("/api/v1", route_handlers=[rates, save_rates], tags=["Site"])
