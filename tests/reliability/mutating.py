"""Every call that changes something: the stories of P5 make it, or it is named here with the reason why they do not."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from typing import get_type_hints

from aparte.web import api, server_doors

WHOLE = "a whole value is put in the place of the one before: the same again is the same"
ASKS = "answers a question and keeps nothing"
SHOWN = {
    "tests/web/test_callback_booking.py": ["POST /conversations/{conv}/callback"],
    "tests/web/test_colleagues.py, by cid": ["POST /colleagues/messages", "POST /colleagues/read"],
    "tests/web/test_agents_work.py, by cid or assign_ver": [
        "POST /conversations/{conv}/assistance", "POST /conversations/{conv}/cards", "POST /conversations/{conv}/page",
        "POST /conversations/{conv}/wrap-up", "PUT /visitors/{visitor}/block",
    ],
    "tests/web/test_supervising.py, by assign_ver": [
        "POST /conversations/{conv}/join", "POST /conversations/{conv}/leave", "POST /conversations/{conv}/take-over",
        "POST /visitors/{visitor}/invitation",
    ],
    "tests/web/test_goals_api.py, by revision or number": ["PUT /goals", "POST /contracts", "POST /statements"],
    "tests/web/test_plan_scenarios.py, by version": ["POST /plan/scenarios"],
    "tests/web/test_api_rules.py, by revision": [
        "PUT /campaigns/draft", "POST /campaigns/publish", "POST /campaigns/rollback",
    ],
    "tests/web/test_server_doors.py": ["POST /catalogue", "POST /traits"],
    "tests/web/test_staff_security.py, by one-time links and codes": [
        "POST /me/totp", "POST /me/totp/confirm", "POST /session", "POST /session/reset", "POST /session/reset/confirm",
        "POST /setup", "POST /staff/{staff}/link", "POST /staff/{staff}/back", "POST /staff/{staff}/leave",
        "PUT /session/site", "PUT /me/password", "PUT /staff",
    ],
    "a new thing each time, as its caller is told": [
        "POST /sites", "POST /tokens", "POST /webhooks/{webhook}/rotate", "POST /webhooks/{webhook}/test",
        "POST /mail/test", "POST /outbox/{item}/again", "PUT /webhooks", "POST /library/{sort}/{item}/used",
        "PUT /site/jwt-key",
    ],
    WHOLE: [
        "PUT /articles", "PUT /canned", "PUT /scripts", "PUT /mail", "PUT /me/language", "PUT /me/picture",
        "PUT /rates", "PUT /costs", "PUT /roi-formula", "PUT /report-mails", "POST /alarms/{id}/seen",
        "PUT /staff/{staff}", "PUT /teams", "PUT /wrap-up-codes", "PUT /conversations/{conv}/tags",
    ],
    ASKS: [
        "POST /campaigns/check", "POST /campaigns/condition", "POST /campaigns/match", "POST /campaigns/replay",
        "POST /campaigns/schema", "POST /plan/roi", "POST /plan/chat", "POST /plan/staff", "POST /plan/pilot",
        "POST /plan/discovery",
    ],
}  # fmt: skip
"""By the reason, or by the tests that have them instead; not all of these send them again."""
EXCEPTIONS = {route: why for why, routes in SHOWN.items() for route in routes}


def mutating() -> set[str]:
    """`VERB /path` of every route of the console's API and every door of a server that may change something."""
    build = api.console_api
    hints = get_type_hints(build)
    empty = [hints[name].__new__(hints[name]) for name in inspect.signature(build).parameters]
    found = {
        (verb, str(route.path_format))
        for route in build(*empty).routes
        for handler in getattr(route, "route_handlers", ())
        for verb in handler.http_methods - {"OPTIONS", "HEAD", "GET"}
    }
    found |= {(verb, path) for verb, path in server_doors.DOORS if verb != "GET"}
    return {f"{verb} {path.removeprefix('/api/v1')}" for verb, path in found if path.startswith("/api/v1")}


def unasked(routes: Iterable[str], made: Iterable[tuple[str, str]]) -> list[str]:
    """The routes that no call was made of and that nobody has given a reason for; to delete is to end."""
    calls = {f"{method} {path.removeprefix('/api/v1')}" for method, path in made}
    left = [one for one in routes if one not in EXCEPTIONS and not one.startswith("DELETE ")]
    return sorted(one for one in left if not any(shape(one).fullmatch(call) for call in calls))


def shape(route: str) -> re.Pattern[str]:
    """Of the calls of a route."""
    return re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(route)))
