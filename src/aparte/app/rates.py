"""Rates of exchange brought in from a CSV file; through the server that runs, else into its folder."""

from __future__ import annotations

from pathlib import Path

from aparte.app import control
from aparte.app.enriched import bytes_text
from aparte.app.outside import site_of
from aparte.app.serve import opened, write
from aparte.attribution.rates import Rates, read_rates
from aparte.attribution.store import SaveRates
from aparte.kit.errors import BadInput

RATES = "/api/v1/rates"
PORTION = 1_000


def import_rates(data: Path, path: Path, site: str | None) -> Rates:
    """The rows of a CSV file become rates of a site; what cannot be read is told, and not taken."""
    found = read_rates(bytes_text(path), path.name)
    if found.rows and not told(data, site, found):
        with opened(data) as store:
            write(store, [SaveRates(site_of(store, site).id, found.rows)])
    return found


def told(data: Path, site: str | None, found: Rates) -> bool:
    """Whether the running server has them now; False when none runs."""
    for first in range(0, len(found.rows), PORTION):
        rows = found.rows[first : first + PORTION]
        said = {"rates": [{"day": one.day, "currency": one.currency, "rate": one.rate} for one in rows]}
        if control.call(data, "PUT", control.at_site(RATES, site), said) is None:
            if first:
                raise BadInput("the server has ended meanwhile", hint="import the file again: nothing comes twice")
            return False
    return True
