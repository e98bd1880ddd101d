"""Facts written into a file: by the server that runs on the folder, else out of the folder itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlencode

from aparte.app import control
from aparte.app.facts import folder_facts
from aparte.attribution.exports import FIRST, LAST, Format, Table, csv_pieces, question
from aparte.kit.errors import BadInput


def export_facts(
    data: Path, table: Table, form: Format, out: BinaryIO, *, site: str | None, since: date | None, until: date | None
) -> None:
    """Write a table's rows of these days, both included; all days without them. BadInput, Unavailable."""
    if not from_server(data, table, form, out, site, since, until):
        from_folder(data, table, form, out, site, since or FIRST, until or LAST)


def from_server(
    data: Path, table: Table, form: Format, out: BinaryIO, site: str | None, since: date | None, until: date | None
) -> bool:
    """Whether a server runs, and has sent it."""
    asked = {"site": site, "from": since, "to": until}
    members = {name: str(value) for name, value in asked.items() if value is not None}
    return control.download(data, f"/api/v1/facts/{table}.{form}?{urlencode(members)}", out)


def from_folder(
    data: Path, table: Table, form: Format, out: BinaryIO, site: str | None, since: date, until: date
) -> None:
    """The same out of a folder that no server uses."""
    with folder_facts(data) as (sites, facts):
        names = [one.id for one in sites if site in (None, one.id)]
        if len(names) != 1:
            known = ", ".join(one.id for one in sites) or "none"
            what = "there are several sites" if names else "there is no such site"
            raise BadInput(what, where=site or str(data), hint=f"--site takes one of: {known}")
        put_aside = facts.export(*question(names[0], table, since, until))
        try:
            pieces = put_aside.parquet() if form == "parquet" else csv_pieces(put_aside.columns(), put_aside.rows())
            out.writelines(pieces)
        finally:
            put_aside.close()
