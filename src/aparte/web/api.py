"""Everything behind the hot edge: the console's API, the visitor's doors, the sockets, the pages."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from litestar import Litestar, Request, get
from litestar.di import Provide
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.response import Response

from aparte.kit.errors import Unavailable
from aparte.web import (
    api_alarms,
    api_blocks,
    api_campaigns,
    api_care,
    api_colleagues,
    api_conversations,
    api_desk,
    api_facts,
    api_goals,
    api_install,
    api_journeys,
    api_kpis,
    api_library,
    api_me,
    api_outbox,
    api_picture,
    api_plan,
    api_plan_discovery,
    api_products,
    api_promises,
    api_rates,
    api_report_mails,
    api_rules,
    api_scenarios,
    api_session,
    api_site,
    api_sites,
    api_staff,
    api_staffing,
    api_supervise,
    api_templates,
    api_tokens,
    api_visitors,
    api_whatif,
    coupon_doors,
    journey_report,
    results_pages,
    server_doors,
    transcript_mail,
)
from aparte.web.agent_socket import AgentSocket
from aparte.web.desk import Desk
from aparte.web.guard import Guard, who_asks, without_right
from aparte.web.hub import Hub
from aparte.web.links import Links
from aparte.web.pages import File, Pages
from aparte.web.plain import Problem, Receive, Scope, Send, address_of, bearer, from_the_console
from aparte.web.principal import Principal
from aparte.web.sheets import Sheets
from aparte.web.sign_in import Doorkeeper
from aparte.web.visitor_doors import VisitorDoors
from aparte.web.visitor_socket import VisitorSocket

log = logging.getLogger("aparte.web")

BODY = 256 * 1024
READING = ("GET", "HEAD", "OPTIONS")
VISITOR_DOORS = ("/v1/offers/", "/v1/conversations", "/v1/conv/", "/v1/requests")


class Doors:
    """One ASGI application; `hub.drain()` and `hub.close()` end it."""

    def __init__(
        self, desk: Desk, *, static: dict[str, File] | None = None, hasher: PasswordHasher | None = None
    ) -> None:
        self.desk = desk
        self.hub = Hub(desk)
        self.doorkeeper = Doorkeeper(desk, hasher)
        self.pages = Pages(desk, static)
        self.results = results_pages.ResultsDoors(desk)
        self.journeys = journey_report.JourneyPages(desk)
        self.sheets = Sheets(desk)
        self.visitors = VisitorDoors(self.hub)
        self.servers = server_doors.ServerDoors(desk, self.doorkeeper.asks)
        self.coupons = coupon_doors.CouponDoors(desk)
        self.mails = transcript_mail.TranscriptDoors(desk)
        self.api = console_api(desk, self.hub, self.doorkeeper)

    def setup_token(self) -> str | None:
        """For the one-time link of a first start; None once somebody may sign in."""
        return self.doorkeeper.setup_token()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or serve a socket."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/v1/socket":
            await VisitorSocket(self.hub, scope, receive, send).run()
        elif scope["path"] == "/api/v1/socket":
            await AgentSocket(self.hub, self.doorkeeper, scope, receive, send).run()
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4003})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if transcript_mail.handles(path):
            await self.mails(scope, receive, send)
        elif path.startswith(VISITOR_DOORS):
            await self.visitors(scope, receive, send)
        elif path.startswith(api_picture.PATH):
            await api_picture.answer_picture(self.desk, scope, send)
        elif path == coupon_doors.PATH:
            await self.coupons(scope, receive, send)
        elif path in server_doors.PATHS:
            await self.servers(scope, receive, send)
        elif path.startswith("/api/"):
            await self.api(scope, receive, send)  # type: ignore[arg-type]
        elif path in results_pages.PATHS:
            await self.results(scope, receive, send, self.principal(scope))
        elif path == journey_report.PATH and scope["method"] in READING:
            await self.journeys(scope, send, self.principal(scope))
        elif self.sheets.handles(path) and scope["method"] in READING:
            await self.sheets(scope, send, self.principal(scope))
        else:
            await self.pages(scope, receive, send)

    def principal(self, scope: Scope) -> Principal | None:
        """Who is signed in in this browser."""
        return self.doorkeeper.principal(scope)


def console_api(desk: Desk, hub: Hub, doorkeeper: Doorkeeper) -> Litestar:
    """The console's API; its OpenAPI document is at /api/v1/openapi.json."""

    def me(request: Request[Any, Any, Any]) -> Principal:
        return who_asks(request.scope)  # type: ignore[arg-type]

    links = Links(desk, doorkeeper)
    routers = (
        api_session.ROUTER,
        api_picture.ROUTER,
        api_visitors.ROUTER,
        api_conversations.ROUTER,
        api_care.ROUTER,
        api_products.ROUTER,
        api_promises.ROUTER,
        api_colleagues.ROUTER,
        api_facts.ROUTER,
        api_goals.ROUTER,
        api_alarms.ROUTER,
        api_plan.ROUTER,
        api_plan_discovery.ROUTER,
        api_scenarios.ROUTER,
        api_staffing.ROUTER,
        api_install.ROUTER,
        api_journeys.ROUTER,
        api_kpis.ROUTER,
        api_library.ROUTER,
        api_desk.ROUTER,
        api_templates.ROUTER,
        api_campaigns.ROUTER,
        api_rules.ROUTER,
        api_whatif.ROUTER,
        api_site.ROUTER,
        api_sites.ROUTER,
        api_rates.ROUTER,
        api_report_mails.ROUTER,
        api_supervise.ROUTER,
        api_blocks.ROUTER,
        api_me.ROUTER,
        api_staff.ROUTER,
        api_tokens.ROUTER,
        api_outbox.ROUTER,
    )
    made = Litestar(
        route_handlers=[*routers, openapi_document],
        guards=[Guard(desk, doorkeeper)],
        before_request=only_from_the_console,
        after_request=guarded,
        dependencies={
            "me": Provide(me, sync_to_thread=False),
            "desk": Provide(lambda: desk, sync_to_thread=False),
            "hub": Provide(lambda: hub, sync_to_thread=False),
            "links": Provide(lambda: links, sync_to_thread=False),
            "doorkeeper": Provide(lambda: doorkeeper, sync_to_thread=False),
        },
        exception_handlers={
            Problem: answer_problem,
            Unavailable: answer_unavailable,
            HTTPException: answer_refusal,
            UnicodeDecodeError: answer_unreadable,
            RecursionError: answer_unreadable,
            Exception: answer_defect,
        },
        signature_types=[Desk, Hub, Doorkeeper, Links, Principal],
        openapi_config=OpenAPIConfig(
            title="Aparté: the console's API",
            version="1",
            path="/schema",  # not reachable: only /api/ comes here, and these pages answer errors in HTML
            render_plugins=[JsonRenderPlugin()],
        ),
        request_max_body_size=BODY,
        debug=False,
        logging_config=None,
    )
    nameless = without_right(made.routes)
    if nameless:
        raise ValueError(f"these routes name no right: {'; '.join(nameless)}")
    return made


@get("/api/v1/openapi.json", include_in_schema=False, sync_to_thread=False, right="open")
def openapi_document(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """What this API can do, for machines."""
    told = request.app.openapi_schema.to_schema()
    return {**told, "paths": {**told["paths"], **server_doors.told_in_openapi()}}


async def only_from_the_console(request: Request[Any, Any, Any]) -> None:
    """Refuse a change that a foreign page could have sent."""
    if request.method in READING:
        return
    scope: Any = request.scope
    if bearer(scope):
        return  # no browser sends a token by itself; whether it is a good one is asked next
    if not from_the_console(scope):
        log.warning("cross-site request refused: %s %s", request.method, urlsplit(str(request.url)).path[:200])
        raise Problem(403, "cross_site", "this must come from the console", hint="send the header Aparte-Console: 1")


async def guarded(response: Response[Any]) -> Response[Any]:
    """Nothing of the API is kept by caches or taken for something else."""
    response.headers.setdefault("cache-control", "no-store")
    response.headers.setdefault("x-content-type-options", "nosniff")
    return response


def answered(problem: Problem) -> Response[Any]:
    """An error in the wire's form."""
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff", **problem.headers()}
    return Response(problem.body(), status_code=problem.status, headers=headers, media_type="application/json")


def answer_problem(request: Request[Any, Any, Any], problem: Problem) -> Response[Any]:
    """What a handler has refused."""
    return answered(problem)


def answer_unavailable(request: Request[Any, Any, Any], error: Unavailable) -> Response[Any]:
    """The disk does not take it now."""
    return answered(Problem(503, "unavailable", "nothing can be written now", hint="try again", retry_after=2))


def answer_unreadable(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A body that is no JSON in UTF-8, or is nested beyond measure: what the framework lets through."""
    if request.method in READING:
        return answer_defect(request, error)
    return answered(Problem(400, "bad_input", "the body is not JSON in UTF-8", where="body"))


CODES = {400: "bad_input", 404: "not_found", 405: "method", 413: "too_large", 415: "bad_body"}


def answer_refusal(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What the framework has refused: a path, a method, a body of another shape."""
    status = error.status_code
    if status >= 500:
        return answer_defect(request, error)
    where = places(error) if isinstance(error, ValidationException) else ""
    return answered(
        Problem(status, CODES.get(status, "bad_input"), WHAT.get(status, "this cannot be read"), where=where)
    )


WHAT = {
    400: "this is not what is expected here",
    404: "there is nothing here",
    405: "this method is not answered here",
    413: f"the body is larger than {BODY} bytes",
}


def places(error: ValidationException) -> str:
    """Which members are wrong; never their values."""
    extra: Any = error.extra
    found = [str(one.get("key", "")) for one in extra if isinstance(one, dict)] if isinstance(extra, list) else []
    return ", ".join(one for one in found if one)[:200]


def answer_defect(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A defect of ours: told in the log, not to the caller."""
    scope: Any = request.scope
    log.error("%s %s from %s failed", request.method, scope["path"][:200], address_of(scope), exc_info=error)
    return answered(Problem(500, "defect", "something is wrong with this server", hint="see its log"))
