"""Campaigns in the console: the list, the draft, checking, publishing, going back."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct

from aparte.web.campaigns import Planning, warned
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal

Note = Annotated[str, Meta(max_length=500)]
Number = Annotated[int, Meta(ge=0, le=2**53)]


class FileBody(Struct, forbid_unknown_fields=True):
    """A campaign file, as TOML or as JSON."""

    file: dict[str, Any] | None = None
    text: str | None = None

    def one(self) -> None:
        """Problem 400 unless exactly one of them is given."""
        if (self.file is None) == (self.text is None):
            raise Problem(400, "bad_input", "give either file or text", where="file")


class DraftBody(FileBody, forbid_unknown_fields=True):
    """A draft, and the revision that its author has read; 0 for none."""

    revision: Number = 0


class PublishBody(Struct, forbid_unknown_fields=True):
    """The draft of this revision, or a text."""

    revision: Number | None = None
    text: str | None = None
    note: Note = ""


class RollBackBody(Struct, forbid_unknown_fields=True):
    """The version whose text is to rule again."""

    version: Number
    note: Note = ""


@get("/campaigns", summary="All campaigns, with figures of 28 days", right="read")
async def campaigns(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> dict[str, Any]:
    """What is published, what the draft changes, and what became of each campaign."""
    return await Planning(desk, me).rows()


@get("/campaigns/file", summary="One version, whole", right="read")
async def file(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    version: Annotated[str, QueryParameter(max_length=20)] = "published",
) -> dict[str, Any]:
    """`draft` falls back to the published one; 404 `no_such_version`."""
    return Planning(desk, me).file(version)


@put("/campaigns/draft", summary="Save the draft", right="plan")
async def save(
    data: JSONBody[DraftBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> dict[str, Any]:
    """400 `bad_campaigns` with all faults, 409 `changed_meanwhile`; then nothing is saved."""
    data.one()
    planning = Planning(desk, me)
    found = planning.judged(data.text, data.file)
    saved = await planning.one_at_a_time(planning.save(data.revision, found))
    return {"revision": saved.revision, "text": saved.text, "warnings": warned(found)}


@delete("/campaigns/draft", status_code=200, summary="Throw the draft away", right="plan")
async def discard(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> dict[str, Any]:
    """What is published stays."""
    planning = Planning(desk, me)
    await planning.one_at_a_time(planning.discard())
    return {}


@post("/campaigns/check", status_code=200, summary="Check a campaign file", right="read")
async def check(
    data: JSONBody[FileBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> dict[str, Any]:
    """All faults and warnings; saves nothing."""
    data.one()
    try:
        found = Planning(desk, me).judged(data.text, data.file)
    except Problem as problem:
        if problem.code != "bad_campaigns":
            raise
        return {"faults": problem.beside["faults"], "warnings": []}
    return {"faults": [], "warnings": warned(found)}


@post("/campaigns/publish", status_code=200, summary="Publish", right="plan")
async def publish(
    data: JSONBody[PublishBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> dict[str, Any]:
    """The draft of this revision, or a text; takes effect at once, also for visitors who are here."""
    if (data.revision is None) == (data.text is None):
        raise Problem(400, "bad_input", "give either revision or text", where="revision")
    planning = Planning(desk, me)
    if data.revision is not None:
        return await planning.one_at_a_time(planning.publish_draft(data.revision, data.note))
    return await planning.one_at_a_time(planning.publish(planning.judged(data.text, None), data.note))


@post("/campaigns/rollback", status_code=200, summary="Publish an old version again", right="plan")
async def roll_back(
    data: JSONBody[RollBackBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> dict[str, Any]:
    """As a new version, which takes effect at once."""
    planning = Planning(desk, me)
    return await planning.one_at_a_time(planning.roll_back(data.version, data.note))


@get("/campaigns/versions", summary="Who changed what, and when", right="read")
async def versions(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[dict[str, Any]]:
    """All published versions, the newest first, each with what it changed."""
    return Planning(desk, me).versions()


ROUTER = Router(
    "/api/v1",
    route_handlers=[campaigns, file, save, discard, check, publish, roll_back, versions],
    tags=["Campaigns"],
)
