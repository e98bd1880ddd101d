"""The facts as Parquet and CSV, for programs that read tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from aparte.attribution.exports import FIRST, FORMATS, KINDS, LAST, Format, Table, csv_pieces, question, table_of
from aparte.attribution.facts import Export
from aparte.kit.errors import BadInput, Unavailable
from aparte.reports.period import day_from
from aparte.web.desk import Desk
from aparte.web.journey_report import fresh
from aparte.web.plain import Problem
from aparte.web.principal import Principal


@get("/facts/{file:str}", summary="A table of facts as a file", right="audit")
async def facts_file(
    file: FromPath[str],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    since: Annotated[str, QueryParameter(name="from", max_length=20)] = "",
    until: Annotated[str, QueryParameter(name="to", max_length=20)] = "",
) -> Stream:
    """`orders.parquet`, `session.csv`, ...: see docs/reference/facts.md; days `from` and `to`, both included.

    It holds a row for each visitor's doing, with numbers for the visitors: written in the audit log as `export`.
    404 for another table, 503 while the disk has no room.
    """
    table, form = named(file)
    try:
        first = day_from(since, "from") if since else FIRST
        last = day_from(until, "to") if until else LAST
    except BadInput as error:
        raise Problem(400, "bad_input", error.what, where=error.where, hint=error.hint) from None
    sql, values = question(me.site, table, first, last)
    facts = await fresh(desk)
    try:
        put_aside = await asyncio.to_thread(facts.export, sql, values)
    except Unavailable as error:
        raise Problem(503, "unavailable", error.what, hint=error.hint, retry_after=5) from None
    try:
        await desk.audit(me, "export", f"facts.{table}", f"{first} {last} {form}")
    except BaseException:
        put_aside.close()
        raise
    headers = {"content-disposition": f'attachment; filename="{table}.{form}"'}
    return Stream(sent(put_aside, form), media_type=KINDS[form], headers=headers)


def named(file: str) -> tuple[Table, Format]:
    """Table and format of a file's name; Problem 404."""
    name, _, ending = file.rpartition(".")
    for form in FORMATS:
        if form == ending:
            try:
                return table_of(name), form
            except BadInput as error:
                raise Problem(404, "not_found", error.what, where="file", hint=error.hint) from None
    raise Problem(404, "not_found", "facts are files .csv and .parquet", where="file")


async def sent(put_aside: Export, form: Format) -> AsyncIterator[bytes]:
    """The file, piece by piece; gone afterwards, also when the caller leaves."""
    try:
        pieces = pieces_of(put_aside, form)
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece
    finally:
        put_aside.close()


def pieces_of(put_aside: Export, form: Format) -> Iterator[bytes]:
    """The bytes of a file."""
    return put_aside.parquet() if form == "parquet" else csv_pieces(put_aside.columns(), put_aside.rows())


ROUTER = Router("/api/v1", route_handlers=[facts_file], tags=["Reports"])
