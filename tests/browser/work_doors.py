"""The agents' work of the scripted server, as docs/reference say it; it refuses bodies of another shape."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qs, unquote
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

if TYPE_CHECKING:
    from console_server import ConsoleServer

Json = dict[str, Any]
Answer = tuple[int, Any]
PARIS = ZoneInfo("Europe/Paris")
Text = Annotated[str, Meta(min_length=1, max_length=4000)]


class CloseBody(Struct, forbid_unknown_fields=True):
    assign_ver: int
    code: str = ""
    reason: str = ""
    note: str = ""


class WrapBody(Struct, forbid_unknown_fields=True):
    code: Text
    reason: str = ""
    note: str = ""


class TagBody(Struct, forbid_unknown_fields=True):
    tags: list[Text]


class CardBody(Struct, forbid_unknown_fields=True):
    assign_ver: int
    cid: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    products: Annotated[list[Text], Meta(min_length=1, max_length=4)]


class PageBody(Struct, forbid_unknown_fields=True):
    assign_ver: int
    cid: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    url: Text
    title: str = ""


class CallbackBody(Struct, forbid_unknown_fields=True):
    assign_ver: int
    cid: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    phone: Text
    at: Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$")]
    note: str = ""
    name: str = ""


class CouponBody(Struct, forbid_unknown_fields=True):
    assign_ver: int
    cid: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    coupon: Text


class AssistBody(Struct, forbid_unknown_fields=True):
    on: bool
    note: str = ""


class InviteBody(Struct, forbid_unknown_fields=True):
    text: Text
    channel: str = "chat"
    skill: str | None = None


class BlockBody(Struct, forbid_unknown_fields=True):
    reason: str = ""
    hours: Annotated[float, Meta(gt=0)] | None = None


class NoBody(Struct, forbid_unknown_fields=True):
    pass


BODIES: dict[str, Any] = {
    "close": CloseBody, "wrap-up": WrapBody, "tags": TagBody, "cards": CardBody, "page": PageBody,
    "callback": CallbackBody, "coupon": CouponBody,
    "assistance": AssistBody, "join": NoBody, "leave": NoBody, "take-over": NoBody,
}  # fmt: skip


def error(code: str) -> Json:
    return {"error": {"code": code, "what": code, "where": "", "hint": ""}}


async def answer(server: ConsoleServer, method: str, path: str, body: Json) -> Answer | None:
    """The answer of one of these doors; None for a door that is not here."""
    door, _, query = path.partition("?")
    try:
        match method, [unquote(one) for one in door.split("/")]:
            case "GET", ["wrap-up-codes"]:
                return 200, server.codes
            case "GET", ["conversations", "search"]:
                return 200, found(server, parse_qs(query)["q"][0])
            case "GET", ["coupons"]:
                return 200, server.coupons
            case "GET", ["tags"]:
                return 200, {"tags": server.tags, "free": True}
            case "GET", ["products"]:
                words = parse_qs(query).get("q", [""])[0].lower().split()
                return 200, {
                    "products": [one for one in server.products if all(w in one["name"].lower() for w in words)]
                }
            case "GET", ["products", product, "related"]:
                return 200, server.related.get(product, {"substitutes": [], "complements": []})
            case _, ["visitors", visitor, ("invitation" | "block") as what]:
                return visitor_door(server, method, visitor, what, body)
            case (("POST" | "PUT"), ["conversations", conv, verb]) if verb in BODIES:
                return await conversation(server, conv, verb, msgspec.convert(body, BODIES[verb]))
    except msgspec.ValidationError as wrong:
        return 400, error("bad_input") | {"said": str(wrong)}
    return None


def found(server: ConsoleServer, asked: str) -> Json:
    """Conversations in which all words stand, as `GET /conversations/search` tells them."""
    words, results = asked.lower().split(), []
    for id_, entries in server.entries.items():
        said = [one for one in entries if all(word in one["body"].lower() for word in words)]
        hits = [{name: one[name] for name in ("seq", "by", "kind", "ts")} | {"snippet": one["body"]} for one in said]
        if hits:
            about = {"id": id_, "label": "4777", "opened_at": entries[0]["ts"], "agent": None}
            results.append({"conversation": about, "hits": hits})
    return {"results": results, "next": None, "looked": len(server.entries)}


def visitor_door(server: ConsoleServer, method: str, visitor: str, what: str, body: Json) -> Answer:
    row = next((one for one in server.visitors if one["visitor"] == visitor), {"state": "browsing"})
    server.done.append({"door": f"{method} {what}", "visitor": visitor, **body})
    if method == "DELETE":
        row["state"] = "browsing"
    elif what == "block":
        msgspec.convert(body, BlockBody)
        row["state"] = "blocked"
    else:
        msgspec.convert(body, InviteBody)
        if row.get("barred") or row["state"] == "held_out":
            return 409, error(row.get("barred") or "held_out")
        row["state"] = "invited"
    server.loop.create_task(server.to_all({"t": "live", "visitors": server.visitors, **server.figures}))
    return 200, {"engagement": "e1"}


async def conversation(server: ConsoleServer, conv: str, verb: str, body: Any) -> Answer:
    talk = server.convs.get(conv)
    if talk is None:
        return 404, error("no_such_conversation")
    told = msgspec.to_builtins(body)
    if told.get("assign_ver", talk["assign_ver"]) != talk["assign_ver"]:
        return 409, error("not_assigned")
    server.done.append({"door": verb, "conv": conv, **told})
    return await VERBS[verb](server, talk, told)


async def close(server: ConsoleServer, talk: Json, told: Json) -> Answer:
    if server.codes["wrap_up"] == "required" and not told["code"]:
        return 409, error("code_needed")
    server.convs.pop(talk["id"])
    await server.tell("gone", id=talk["id"])
    return 200, talk | {"state": "closed", "wrap": "done" if told["code"] else ""}


async def wrap(server: ConsoleServer, talk: Json, told: Json) -> Answer:
    talk |= {"wrap": "done"}
    await server.tell("gone", id=talk["id"])
    return 200, talk


async def tag(server: ConsoleServer, talk: Json, told: Json) -> Answer:
    return await changed(server, talk, tags=told["tags"])


async def card(server: ConsoleServer, talk: Json, told: Json) -> Answer:
    shown = [one for one in server.products if one["id"] in told["products"]]
    body = json.dumps({"products": shown})
    return 200, await server.write(talk["id"], "agent", body, "card", told["cid"], name=server.me["name"])


async def page(server: ConsoleServer, talk: Json, told: Json) -> Answer:
    if not told["url"].startswith("https://shop.example/"):
        return 400, error("foreign_page")
    body = json.dumps({"url": told["url"], "title": told["title"]})
    return 200, await server.write(talk["id"], "agent", body, "page", told["cid"], name=server.me["name"])


async def callback(server: ConsoleServer, talk: Json, told: Json) -> Answer:
    due = datetime.fromisoformat(told["at"]).replace(tzinfo=PARIS)
    if due.hour >= 20:
        opening = due.replace(hour=9, minute=0) + timedelta(days=1)
        return 400, error("closed_then") | {"next": int(opening.timestamp() * 1000)}
    if not any(one.isdigit() for one in told["phone"]):
        return 400, error("bad_phone")
    said = f"Nous vous appellerons à {due:%H:%M}, au numéro qui finit par {told['phone'][-2:]}."
    await server.write(talk["id"], "agent", said, "text", f"callback:{told['cid']}", name=server.me["name"])
    made = {
        "id": "r-booked", "kind": "callback", "visitor": talk["visitor"], "label": talk["label"], "email": "",
        "name": told["name"], "phone": told["phone"], "body": told["note"], "wanted": told["at"], "skill": None,
        "language": "fr", "engagement": None, "conv": talk["id"], "created_at": int(time.time() * 1000),
        "done_at": None, "done_by": None, "note": "", "due_at": int(due.timestamp() * 1000),
        "booked_by": server.me["name"],
    }  # fmt: skip
    server.requests.append(made)
    await server.tell("request", request=made)
    return 200, made


async def coupon(server: ConsoleServer, talk: Json, told: Json) -> Answer:
    one = next(one for one in server.coupons if one["id"] == told["coupon"])
    if server.nack:
        return 409, error(server.nack)
    one["minted"] += 1
    value = {"percent": one["percent"]} if one["percent"] else {"amount": one["amount"], "currency": one["currency"]}
    body = {"code": "7KQF-9ZT2-M4XB-0RWD", "label": one["label"]["fr"], "value": value, "until": 1_795_000_000_000}
    said = json.dumps(body)
    return 200, await server.write(talk["id"], "agent", said, "coupon", told["cid"], name=server.me["name"])


async def assist(server: ConsoleServer, talk: Json, told: Json) -> Answer:
    return await changed(server, talk, assistance_at=int(time.time() * 1000) if told["on"] else None)


async def join(server: ConsoleServer, talk: Json, told: Json) -> Answer:
    return await changed(server, talk, guests=[{"id": server.me["id"], "name": server.me["name"]}])


async def leave(server: ConsoleServer, talk: Json, told: Json) -> Answer:
    answer = await changed(server, talk, guests=[])
    await server.tell("gone", id=talk["id"])  # a guest who leaves is told of it no longer
    return answer


async def take_over(server: ConsoleServer, talk: Json, told: Json) -> Answer:
    agent = {"id": server.me["id"], "name": server.me["name"]}
    return await changed(server, talk, agent=agent, guests=[], assign_ver=talk["assign_ver"] + 1)


async def changed(server: ConsoleServer, talk: Json, **members: Any) -> Answer:
    talk |= members
    await server.tell("conv", conv=talk)
    return 200, talk


VERBS: dict[str, Any] = {
    "close": close, "wrap-up": wrap, "tags": tag, "cards": card, "page": page, "callback": callback,
    "coupon": coupon,
    "assistance": assist,
    "join": join, "leave": leave, "take-over": take_over,
}  # fmt: skip
