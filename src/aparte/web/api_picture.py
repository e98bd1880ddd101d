"""The picture of a member of staff: he gives it, visitors see it beside his name."""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import Request, Router, delete, put
from litestar.di import NamedDependency

from aparte.sites.model import Picture
from aparte.sites.store import SavePicture
from aparte.web.api_session import change_self
from aparte.web.desk import Desk
from aparte.web.hub import Hub
from aparte.web.plain import Headers, Problem, Scope, Send, answer, answer_problem
from aparte.web.principal import Principal

LARGEST = 64 * 1024
PATH = "/v1/picture/"
HEADERS: Headers = [
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"content-disposition", b"inline"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]


def media_of(body: bytes) -> str:
    """What the first bytes say that this is; '' for anything but PNG, JPEG and WebP."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else ""


@put("/me/picture", summary="Show visitors a picture", status_code=200, right="self", person=True)
async def set_picture(
    request: Request[Any, Any, Any],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    hub: NamedDependency[Hub],
) -> dict[str, str]:
    """The body is a PNG, JPEG or WebP of at most 64 KiB. 400 `bad_picture`, 413. Answers `{"picture": path}`."""
    body = await request.body()
    if len(body) > LARGEST:
        raise Problem(
            413, "too_large", f"the picture is larger than {LARGEST} bytes", where="body", hint="make it smaller"
        )
    media = media_of(body)
    if not media:
        raise Problem(
            400, "bad_picture", "this is no PNG, JPEG or WebP", where="body", hint="send one of at most 64 KiB"
        )
    picture = Picture(hashlib.sha256(body).hexdigest()[:32], media, body)
    await desk.store.submit([SavePicture(picture)])
    await change_self(me, desk, hub, picture=picture.hash)
    return {"picture": PATH + picture.hash}


@delete("/me/picture", summary="Show the initial again", status_code=204, right="self", person=True)
async def drop_picture(me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]) -> None:
    """Visitors see his initial."""
    await change_self(me, desk, hub, picture="")


async def answer_picture(desk: Desk, scope: Scope, send: Send) -> None:
    """`GET /v1/picture/{hash}`: whoever knows the name may see it. Nothing in it is ever run."""
    name = scope["path"].removeprefix(PATH)
    found = desk.store.picture(name) if len(name) == 32 and name.isalnum() else None
    if found is None or scope["method"] not in ("GET", "HEAD"):
        await answer_problem(send, Problem(404, "not_found", "there is no such picture", where="path"))
        return
    body = found.body if scope["method"] == "GET" else b""
    await answer(send, 200, body, found.media.encode(), HEADERS)


ROUTER = Router("/api/v1", route_handlers=[set_picture, drop_picture], tags=["Session"])
