"""Sites: the key that identities are signed with, and, for commands on the server's machine, new sites."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from litestar import Router, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct
from msgspec.structs import replace

from aparte.kit.errors import BadInput
from aparte.sites.identity import check_public_key
from aparte.sites.model import Site
from aparte.sites.service import new_site
from aparte.sites.settings import Change, changed
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import COMMAND, Principal

Origin = Annotated[str, Meta(min_length=1, max_length=300)]
KEY_BYTES = 48


class KeyBody(Struct, forbid_unknown_fields=True):
    """An RSA public key as PEM; without one a secret is made."""

    public_key: Annotated[str, Meta(max_length=8_000)] = ""


class SiteBody(Struct, forbid_unknown_fields=True):
    """A new site."""

    id: Annotated[str, Meta(max_length=40)]
    name: Annotated[str, Meta(max_length=200)] = ""
    origins: Annotated[list[Origin], Meta(max_length=50)] = []


def refused(error: BadInput) -> Problem:
    """400, with the words of the error."""
    return Problem(400, "bad_input", error.what, where=error.where, hint=error.hint)


@put("/site/jwt-key", summary="The key that identities are signed with", right="sites")
async def jwt_key(
    data: JSONBody[KeyBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> dict[str, Any]:
    """`{algorithm, secret}`: the secret this once (HS256), or null where a public key is given (RS256). For admins.

    Tokens of the key before are refused from now on.
    """
    public, secret = "", secrets.token_urlsafe(KEY_BYTES)
    if data.public_key:
        try:
            public, secret = check_public_key(data.public_key), ""
        except BadInput as error:
            raise refused(error) from None
    algorithm = "HS256" if secret else "RS256"
    async with desk.setting:
        keyed = replace(desk.directory.site(me.site), jwt_public_key=public, jwt_secret=secret)
        await desk.whole(desk.engine.save_site(keyed, [desk.audited(me, "jwt_key", me.site, algorithm)]))
        desk.sites_changed()
    return {"algorithm": algorithm, "secret": secret or None}


@post("/sites", status_code=200, summary="Add a site", right="sites", any_site=True)
async def add_site(
    data: JSONBody[SiteBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> dict[str, str]:
    """`{id, public_key, secret_key}`, the last this once. Only for a command on this machine: 403 for anybody else."""
    if me.id != COMMAND or desk.add_site is None:
        raise Problem(403, "command", "sites are added on the server's machine", hint="aparte site add")
    try:
        site, secret = made(data)
        await desk.whole(desk.add_site(site))
    except BadInput as error:
        raise refused(error) from None
    desk.sites_changed()
    await desk.audit(replace(me, site=site.id), "add_site", site.id)
    return {"id": site.id, "public_key": site.public_key, "secret_key": secret}


def made(data: SiteBody) -> tuple[Site, str]:
    """The site and its secret key."""
    site, secret = new_site(data.id, data.name or data.id)
    return changed(site, Change(name=data.name or data.id, origins=tuple(data.origins))), secret


ROUTER = Router("/api/v1", route_handlers=[jwt_key, add_site], tags=["Sites"])
