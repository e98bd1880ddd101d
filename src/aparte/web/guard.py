"""Whether somebody may knock at a door: every route names a right, asked for here, before its handler runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import BaseRoute

from aparte.sites.rights import ALL, Right
from aparte.web.desk import Desk
from aparte.web.plain import Problem, Scope
from aparte.web.principal import Principal
from aparte.web.secret_keys import SecretKeys
from aparte.web.sign_in import Doorkeeper

ASKS = "aparte.asks"
"""Where a request carries who asks, for the handler."""


def require(who: Principal, right: Right) -> None:
    """Problem 403 `role`, of a program `scope`, for whoever has not this right."""
    if who.may(right):
        return
    if who.scopes is not None:
        raise Problem(403, "scope", f"this token has not the right {right}", where=right, hint="make another token")
    raise Problem(403, "role", f"your role has not the right {right}", where=right, hint="ask an administrator")


class Guard:
    """Asked by the framework before each handler."""

    def __init__(self, desk: Desk, doorkeeper: Doorkeeper) -> None:
        self._desk, self._doorkeeper = desk, doorkeeper
        self._secret = SecretKeys(desk)

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Know who asks, and refuse him unless he may; 401 for nobody."""
        right: Right = handler.opt.get("right", "open")  # what the framework adds: OPTIONS, and pages outside /api/
        if right == "open":
            return
        scope: Any = connection.scope
        who = self._who(scope, connection.query_params.get("site", ""), handler.opt)
        require(who, right)
        if handler.opt.get("person") and self._desk.directory.staff(who.id) is None:
            raise Problem(403, "no_agent", "only a member of staff who is signed in does this", hint="sign in")
        scope[ASKS] = who
        await self._doorkeeper.touch(who.session)

    def _who(self, scope: Scope, site: str, opt: dict[str, Any]) -> Principal:
        if opt.get("secret_key"):
            found = self._secret.site_of(scope)
            if found is not None:
                return Principal(found.id, "", "agent", role="analyst")
        if opt.get("any_site") and self._doorkeeper.is_command(scope):
            site = self._desk.directory.sites()[0].id
        who = self._doorkeeper.asks(scope, site)
        if who is None:
            beside = {"demo": self._desk.demo, "setup": self._doorkeeper.needs_setup()}
            raise Problem(401, "signed_out", "you are not signed in", hint="sign in", beside=beside)
        return who


def who_asks(scope: Scope) -> Principal:
    """Whom the guard has let in."""
    found: Principal = scope[ASKS]
    return found


def without_right(routes: Iterable[BaseRoute]) -> list[str]:
    """The routes that name no right, or one that there is not: an API with one of them is not built."""
    return [
        f"{', '.join(sorted(handler.http_methods))} {route.path}"
        for route in routes
        for handler in getattr(route, "route_handlers", ())
        if route.path.startswith("/api/")
        and handler.http_methods != {"OPTIONS"}
        and handler.opt.get("right") not in ALL
    ]
