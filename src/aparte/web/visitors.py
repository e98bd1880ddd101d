"""Who a visitor is, and which pages may speak for him: the same for sockets and for HTTP."""

from __future__ import annotations

from aparte.sites.model import Site
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal


def allowed_origin(site: Site, origin: str) -> bool:
    """Whether a page of this origin may use the public key; a caller without an origin is no page."""
    return not origin or not site.origins or origin.lower().rstrip("/") in {one.lower() for one in site.origins}


def visitor_of(site: Site, token: str, desk: Desk) -> Principal:
    """The visitor of a token; Problem 401 when it does not verify."""
    visitor = desk.tokens.verify(token, desk.now())
    if visitor is None:
        raise Problem(401, "bad_token", "the visitor's token is not valid", where="token", hint="ask for a new one")
    return Principal(site.id, visitor, "visitor")
