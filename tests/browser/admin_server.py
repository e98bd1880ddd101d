"""The console's server with staff security and what leaves the house: it refuses what docs/reference/staff.md,
webhooks.md and mail.md say the real one refuses. Bodies are read strictly; a member too many is 400.

Codes of the second factor are computed here from the secret, as a telephone does it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from admin_bodies import (
    RIGHTS,
    TEN,
    Code,
    CodesBody,
    Confirm,
    CouponDoors,
    Email,
    NewPassword,
    NewStaffBody,
    Password,
    SignInBody,
    Site,
    StaffBody,
    TagsBody,
    To,
    TokenBody,
    WebhookBody,
    door_of,
)
from admin_scene import CHROME, IPHONE, NOT_BOUGHT, REASONS, code, now, person, sent, session, shown
from console_server import ConsoleServer, Receive, Scope, Send, error, reply
from site_doors import SiteDoors

Json = dict[str, Any]
Answer = tuple[int, Any]


def totp(secret: str, at: float | None = None) -> str:
    """The code of a telephone (RFC 6238): SHA-1, 30 seconds, six digits."""
    step = int((time.time() if at is None else at) // 30).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(secret), step, hashlib.sha1).digest()
    place = digest[-1] & 15
    return str(int.from_bytes(digest[place : place + 4], "big") % 2**31 % 10**6).zfill(6)


def weak(password: str) -> bool:
    return len(password) < 10 or len(set(password.casefold())) < 5


class AdminServer(SiteDoors, CouponDoors, ConsoleServer):
    """A site with two desks for its admin, tokens, webhooks, mail and a log."""

    def __init__(self, role: str = "admin") -> None:
        super().__init__(demo=False)
        self.me |= {"sites": [{"id": "demo", "name": "Maison Lin"}], "rights": []}
        self.me["site"]["critical_s"] = 90
        self.become(role)
        self.secret, self.confirmed, self.recovery, self.used = "", False, list[str](), set[str]()
        self.sessions: list[Json] = [
            session("s1", CHROME, current=True),
            session("s2", IPHONE),
            session("s3", "curl/8"),
        ]
        self.of_staff: dict[str, list[Json]] = {}
        self.links: dict[str, str] = {}
        self.asked: list[str] = []
        self.picture = b""
        self.api_tokens: list[Json] = []
        self.hooks: list[Json] = []
        self.left: list[Json] = []
        self.smtp: Json = {
            "configured": True,
            "host": "smtp.maison-lin.example",
            "port": 587,
            "user": "aparte",
            "tls": "starttls",
            "sender": "aparte@maison-lin.example",
            "to": "",
        }
        self.smtp_answer = "250 2.0.0 Ok"
        self.rows: list[Json] = []
        self.codes: Json = {
            "wrap_up": "off",
            "codes": [code("sold", "Vente conclue", "Sold"), NOT_BOUGHT],
            "reasons": REASONS,
        }
        self.tags: Json = {"tags": ["livraison", "taille"], "free": True}
        self.coupons = [TEN]
        self.open_here = False
        self.dead_server = False

    def become(self, role: str) -> None:
        self.me |= {"role": role, "rights": RIGHTS[role]}

    def log(self, verb: str, about: str, detail: str = "", who: str = "a1") -> None:
        name = next((one["name"] for one in self.staff if one["id"] == who), self.me["name"])
        row = {"n": len(self.rows) + 1, "at": now() - 1000, "who": who, "name": name, "verb": verb, "object": about}
        self.rows.append(row | {"detail": detail})

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/api/v1/me/picture" or scope["method"] != "PUT":
            return await super().answer(scope, receive, send)
        body = b""
        while (message := await receive()).get("more_body"):
            body += message["body"]
        body += message["body"]
        good = body.startswith((b"\x89PNG", b"\xff\xd8\xff"))
        if len(body) > 64 * 1024 or not good:
            return await reply(
                send, 413 if good else 400, json.dumps(error("bad_picture")).encode(), "application/json"
            )
        self.picture = body
        return await reply(send, 200, b'{"picture": "/v1/picture/abc"}', "application/json")

    async def api(self, method: str, path: str, body: Json, headers: Json) -> Answer:
        door, _, query = path.partition("?")
        if method != "GET" and headers.get("aparte-console") != "1":
            return 403, error("forbidden")
        try:
            if door == "session" and method == "POST":
                return self.sign_in(msgspec.convert(body, SignInBody))
            if door in ("session/reset", "session/reset/confirm"):
                return self.reset(door, body)
            found = door_of(method, door)
            if found is None:
                return await super().api(method, path, body, headers)
            right, verb, names = found
            if not self.signed_in:
                return 401, error("signed_out")
            if self.dead_server:
                return 503, error("unavailable")
            if right not in self.me["rights"]:
                return 403, error("role")
            answer: Answer = getattr(self, verb)(*names, body=body, query={k: v[0] for k, v in parse_qs(query).items()})
            return answer
        except msgspec.ValidationError as wrong:
            return 400, {"error": {"code": "bad_input", "what": str(wrong), "where": "", "hint": ""}}

    # -- in and out

    def sign_in(self, told: SignInBody) -> Answer:
        if told.password != self.password:
            self.failures += 1
            return (429, error("too_many_attempts")) if self.failures > 3 else (401, error("wrong_credentials"))
        if self.confirmed and not told.code:
            return 401, error("totp_needed")
        if self.confirmed and not self.opens(told.code):
            return 401, error("wrong_credentials")
        self.signed_in = True
        return 200, self.me

    def opens(self, told: str) -> bool:
        if told in self.recovery:
            self.recovery.remove(told)
            return True
        fresh = told.replace(" ", "") == totp(self.secret) and told not in self.used
        self.used.add(told)
        return fresh

    def reset(self, door: str, body: Json) -> Answer:
        if door == "session/reset":
            self.asked.append(msgspec.convert(body, Email).email)
            return 202, {}
        told = msgspec.convert(body, Confirm)
        if told.token not in self.links:
            return 401, error("wrong_token")
        if weak(told.password):
            return 400, error("weak_password")
        self.links.pop(told.token)
        self.password, self.signed_in = told.password, False
        return 204, {}

    def put_session_site(self, body: Json, **_: Any) -> Answer:
        site = next((one for one in self.me["sites"] if one["id"] == msgspec.convert(body, Site).site), None)
        if site is None:
            return 404, error("no_such_site")
        if self.open_here:
            return 409, error("has_conversations")
        self.me["site"] = self.me["site"] | site
        return 200, self.me

    # -- one's own account

    def get_me_totp(self, **_: Any) -> Answer:
        return 200, {"on": self.confirmed, "recovery_left": len(self.recovery) if self.confirmed else 0}

    def post_me_totp(self, **_: Any) -> Answer:
        if self.confirmed:
            return 409, error("totp_on")
        self.secret = base64.b32encode(hashlib.sha256(str(now()).encode()).digest()[:20]).decode()
        uri = f"otpauth://totp/Apart%C3%A9:{self.me['email']}?secret={self.secret}&issuer=Apart%C3%A9"
        return 200, {"secret": self.secret, "uri": uri}

    def post_me_totp_confirm(self, body: Json, **_: Any) -> Answer:
        if msgspec.convert(body, Code).code.replace(" ", "") != totp(self.secret):
            return 400, error("wrong_code")
        self.confirmed, self.recovery = True, [f"abcd-ef{n:02d}-ghij" for n in range(10)]
        return 200, {"recovery": list(self.recovery)}

    def delete_me_totp(self, body: Json, **_: Any) -> Answer:
        if msgspec.convert(body, Password).password != self.password:
            return 403, error("wrong_password")
        self.confirmed, self.recovery = False, []
        return 204, {}

    def put_me_password(self, body: Json, **_: Any) -> Answer:
        told = msgspec.convert(body, NewPassword)
        if told.password != self.password:
            return 403, error("wrong_password")
        if weak(told.new):
            return 400, error("weak_password")
        self.password, self.sessions = told.new, self.sessions[:1]
        return 204, {}

    def delete_me_picture(self, **_: Any) -> Answer:
        self.picture = b""
        return 204, {}

    def get_me_sessions(self, **_: Any) -> Answer:
        return 200, self.sessions

    def delete_me_sessions(self, one: str, **_: Any) -> Answer:
        kept = [each for each in self.sessions if each["id"] != one]
        gone, self.sessions = len(kept) < len(self.sessions), kept
        return (204, {}) if gone else (404, error("no_such_session"))

    # -- the team

    def someone(self, who: str) -> Json:
        return next(one for one in self.staff if one["id"] == who)

    def put_staff(self, who: str = "", *, body: Json, **_: Any) -> Answer:
        told = msgspec.convert(body, StaffBody if who else NewStaffBody)
        changes = {name: value for name, value in body.items() if name not in ("email", "password")}
        if who:
            self.someone(who).update(changes)
            return 200, self.someone(who)
        assert isinstance(told, NewStaffBody)
        one = person(f"s{len(self.staff)}", told.name or "", email=told.email, present=False) | changes
        self.staff.append(one)
        return 200, one | ({} if told.password else {"link": f"{self.url}/console#invite=inv-{one['id']}"})

    def get_staff_sessions(self, who: str, **_: Any) -> Answer:
        return 200, self.of_staff.get(who, [])

    def delete_staff_sessions(self, who: str, **_: Any) -> Answer:
        self.of_staff.pop(who, None)
        return 204, {}

    def post_staff_link(self, who: str, **_: Any) -> Answer:
        return 200, {"link": f"{self.url}/console#reset=res-{who}"}

    def post_staff_leave(self, who: str, **_: Any) -> Answer:
        one = self.someone(who)
        if one["role"] == "admin":
            return 409, error("last_admin")
        had, _gone = one["load"], one.update({"left_at": now(), "present": False, "load": 0})
        return 200, {
            "tokens": [each["name"] for each in self.api_tokens if each["made_by"] == who],
            "conversations": had,
        }

    def post_staff_back(self, who: str, **_: Any) -> Answer:
        self.someone(who)["left_at"] = None
        return 204, {}

    # -- tokens and the log

    def get_tokens(self, **_: Any) -> Answer:
        return 200, [one | {"token": None} for one in self.api_tokens]

    def post_tokens(self, body: Json, **_: Any) -> Answer:
        told = msgspec.convert(body, TokenBody)
        if set(told.scopes) & {"self", "open"} or not set(told.scopes) <= set(self.me["rights"]):
            return 400, error("bad_scope")
        if told.expires_at is not None and told.expires_at <= now():
            return 400, error("bad_input")
        made = msgspec.to_builtins(told) | {
            "id": f"t{len(self.api_tokens) + 1}",
            "made_by": "a1",
            "made_at": now(),
            "hint": "q7Zx",
        }
        self.api_tokens.append(made)
        return 200, made | {"token": "apt_3nGxQ0v9sLkq7Zx"}

    def delete_tokens(self, one: str, **_: Any) -> Answer:
        self.api_tokens = [each for each in self.api_tokens if each["id"] != one]
        return 204, {}

    def get_audit(self, query: dict[str, str], **_: Any) -> Answer:
        fits = [
            row
            for row in self.rows[::-1]
            if all(not query.get(k) or row[k] == query[k] for k in ("who", "verb", "object"))
        ]
        fits = [row for row in fits if "before" not in query or row["n"] < int(query["before"])]
        limit = int(query.get("limit", "100"))
        return 200, {"rows": fits[:limit], "more": len(fits) > limit}

    # -- what leaves the house

    def hook(self, which: str) -> Json:
        return next(one for one in self.hooks if one["id"] == which)

    def get_webhooks(self, **_: Any) -> Answer:
        return 200, self.hooks

    def put_webhooks(self, body: Json, **_: Any) -> Answer:
        told = msgspec.convert(body, WebhookBody)
        host = urlsplit(told.url).hostname or ""
        if urlsplit(told.url).scheme != "https" or host == "localhost" or host.replace(".", "").isdigit():
            return 400, error("bad_address")
        known = msgspec.to_builtins(told)
        if told.id:
            self.hook(told.id).update(known)
            return 200, {"webhook": self.hook(told.id), "secret": None}
        one = known | {
            "id": f"wh_{len(self.hooks) + 1}",
            "created_at": now(),
            "secret_hint": "9kQa",
            "waiting": 0,
            "failing": "",
        }
        self.hooks.append(one)
        return 200, {"webhook": one, "secret": "whsec_first_9kQa"}

    def delete_webhooks(self, which: str, **_: Any) -> Answer:
        self.hooks.remove(self.hook(which))
        return 204, {}

    def post_webhooks_rotate(self, which: str, **_: Any) -> Answer:
        self.hook(which)["secret_hint"] = "Zz42"
        return 200, {"webhook": self.hook(which), "secret": "whsec_second_Zz42"}

    def post_webhooks_test(self, which: str, **_: Any) -> Answer:
        self.left.append(sent(len(self.left) + 1, "ping", "delivered", lane=which, answer="204"))
        return 202, {"event_id": "ev"}

    def get_webhooks_deliveries(self, which: str, **_: Any) -> Answer:
        return 200, [shown(one) for one in self.left[::-1] if one["lane"] == which]

    def get_outbox(self, **_: Any) -> Answer:
        return 200, {state: sum(one["state"] == state for one in self.left) for state in ("pending", "dead")}

    def get_outbox_dead(self, **_: Any) -> Answer:
        return 200, [shown(one) for one in self.left[::-1] if one["state"] == "dead"]

    def post_outbox_again(self, which: str, **_: Any) -> Answer:
        one = next(one for one in self.left if str(one["id"]) == which)
        if one["state"] != "dead":
            return 409, error("not_dead")
        one |= {"state": "pending", "ended_at": None}
        return 200, shown(one)

    def get_mail(self, **_: Any) -> Answer:
        return 200, self.smtp

    def put_mail(self, body: Json, **_: Any) -> Answer:
        to = msgspec.convert(body, To).to
        if not to.isascii():
            return 400, error("bad_email")
        self.smtp["to"] = to
        return 200, self.smtp

    def post_mail_test(self, body: Json, **_: Any) -> Answer:
        msgspec.convert(body, To)
        if not self.smtp["configured"]:
            return 409, error("no_mail")
        if not self.smtp_answer.startswith("250"):
            return 502, {"error": {"code": "mail_failed", "what": "refused", "where": self.smtp_answer, "hint": ""}}
        return 200, {"answer": self.smtp_answer}

    # -- the words of conversations

    def get_wrap_up_codes(self, **_: Any) -> Answer:
        return 200, self.codes

    def put_wrap_up_codes(self, body: Json, **_: Any) -> Answer:
        told = msgspec.convert(body, CodesBody)
        ids = [one.id for one in told.codes]
        if len(set(ids)) != len(ids) or (told.wrap_up == "required" and not any(one.active for one in told.codes)):
            return 400, error("bad_input")
        self.codes |= {"codes": msgspec.to_builtins(told.codes), "wrap_up": told.wrap_up or self.codes["wrap_up"]}
        return 200, self.codes

    def get_tags(self, **_: Any) -> Answer:
        return 200, self.tags

    def put_tags(self, body: Json, **_: Any) -> Answer:
        self.tags = msgspec.to_builtins(msgspec.convert(body, TagsBody))
        return 200, self.tags
