"""The dashboard by mail: what somebody receives of his site."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct

from aparte.reports.mails import Every
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.results_pages import mails_of, save


class MailWords(Struct, forbid_unknown_fields=True):
    """How often, and at which hour of the site's clock."""

    every: Every
    hour: Annotated[int, Meta(ge=0, le=23)] = 8


class MailsBody(Struct, forbid_unknown_fields=True):
    """All that one wants to receive; an empty list ends it."""

    mails: Annotated[list[MailWords], Meta(max_length=4)]


class MailsKept(Struct):
    """What one receives of the site at which one is, and whether this server sends mail at all."""

    ready: bool
    mails: list[MailWords]


@get(
    "/report-mails", summary="The dashboards that one receives by mail", right="self", person=True, sync_to_thread=False
)
def report_mails(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> MailsKept:
    """Of the site at which one is."""
    return kept(desk, me)


@put("/report-mails", summary="Receive the dashboard by mail", right="self", person=True)
async def save_report_mails(
    data: JSONBody[MailsBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> MailsKept:
    """Takes the place of what one received of this site. 400 `bad_input` for the same one twice."""
    if len({one.every for one in data.mails}) != len(data.mails):
        raise Problem(400, "bad_input", "one of these is there twice", where="mails", hint="name each once")
    await save(desk, me.site, me.id, [(one.every, one.hour) for one in data.mails])
    return kept(desk, me)


def kept(desk: Desk, me: Principal) -> MailsKept:
    """As it is now."""
    found = [MailWords(one.every, one.hour) for one in mails_of(desk, me.site, me.id)]
    return MailsKept(desk.post is not None and desk.post.mail.ready, found)


ROUTER = Router("/api/v1", route_handlers=[report_mails, save_report_mails], tags=["reports"])
