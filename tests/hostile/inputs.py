"""Hostile inputs, made of what the server says it takes: its OpenAPI document, its frames, its doors.

Each input is a good one with one hostile value in one place, so that it gets past everything but what reads that place.
A route, a frame or a door that is added is in the corpus by itself.
"""

from __future__ import annotations

import json
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate
from typing import Any, TypeAlias
from urllib.parse import quote

from hostile_corpus import BODIES, VALUES
from msgspec import Struct, inspect
from payloads import PAYLOADS

from aparte.web import coupon_doors, frames, transcript_mail, visitor_doors
from aparte.web.words_coupons import RedeemBody

CORPUS = [*VALUES, *(json.dumps(one) for one in PAYLOADS)]
"""Each a raw JSON text, or no JSON at all."""
TEXTS = [one for one in VALUES if len(one) < 6_000] + PAYLOADS
"""For addresses."""
RAW_BODIES = [one.decode("latin-1") for one in BODIES if len(one) < 60_000]
ENDING = ("/close", "/transfer", "/take-over", "/wrap-up")
"""What these do is done to a conversation of their own."""
LEFT_OUT = {
    ("DELETE", "/api/v1/session"): "signs the caller out",
    ("PUT", "/api/v1/session/site"): "takes the caller to another site",
}
DOORS: dict[str, type[Struct]] = {
    "/v1/conversations": visitor_doors.Opening,
    "/v1/requests": visitor_doors.Left,
    "/v1/offers/{engagement}/shown": visitor_doors.Caller,
    "/v1/offers/{engagement}/accept": visitor_doors.Opening,
    "/v1/offers/{engagement}/decline": visitor_doors.Caller,
    "/v1/conv/{conv}/entries": visitor_doors.Entries,
    "/v1/conv/{conv}/survey": visitor_doors.Surveyed,
    "/v1/conv/{conv}/typing": visitor_doors.Writes,
    "/v1/conv/{conv}/person": visitor_doors.Caller,
    "/v1/conv/{closing}/close": visitor_doors.Caller,
    "/v1/conv/{conv}/read": visitor_doors.Marked,
    "/v1/conv/{conv}/transcript": transcript_mail.Asked,
}
SERVERS: dict[str, type[Struct]] = {coupon_doors.PATH: RedeemBody}
"""Doors of a shop's server, which comes with the secret key: `POST` with a body, `GET` with the same in its query."""
GOOD: dict[str, Any] = {
    "email": "a@b.example",
    "cid": "c",
    "kind": "text",
    "v": 1,
    "phone": "+33123456789",
    "status": "away",
    "language": "fr",
    "on": True,
    "seq": 1,
    "dlv": 1,
    "assign_ver": 1,
    "days": 1,
    "role": "agent",
    "limit": 5,
    "currency": "EUR",
    "mode": "full",
    "answer_s": 60,
    "queue_s": 180,
    "critical_s": 60,
    "mail_to": "",
    "time_zone": "UTC",
    "languages": ["fr", "en"],
    "origins": [],
    "look": {"radius": 8},
    "words": {},
}
"""What stands in a member of this name while another one is hostile."""


class Input(Struct, frozen=True):
    """One request; `body` None: none."""

    method: str
    path: str
    body: bytes | None = None


class Frame(Struct, frozen=True):
    """One frame after the hello, or instead of it."""

    side: str
    text: bytes
    first: bool = False


def written(members: dict[str, str]) -> bytes:
    """An object of raw JSON texts."""
    return ("{" + ",".join(f"{json.dumps(name)}:{text}" for name, text in members.items()) + "}").encode()


Made: TypeAlias = "tuple[Callable[[str], Any], list[str]]"
"""What makes an input of a value, and the values to try."""


def requests(document: dict[str, Any], known: dict[str, str]) -> Iterator[Made]:
    """Every route of the document: each place in its path, its query and its body."""
    for path, verbs in document["paths"].items():
        for verb, told in verbs.items():
            if (verb.upper(), path) not in LEFT_OUT and verb in ("get", "post", "put", "delete", "patch"):
                ending = {"conv": known["closing"]} if path.endswith(ENDING) else {}
                yield from _route(verb.upper(), path, told, document, known | ending)


def _route(
    method: str, path: str, told: dict[str, Any], document: dict[str, Any], known: dict[str, str]
) -> Iterator[Made]:
    good = body_of(told, document)
    sent = None if good is None else written(good)
    at = filled(path, known)
    for one in told.get("parameters", []):
        if one["in"] == "path":
            yield partial(_in_path, method, path, known, one["name"], sent), TEXTS
        elif one["in"] == "query":
            yield partial(_in_query, method, at, one["name"], sent), TEXTS
    if good is not None:
        yield lambda body: Input(method, at, body.encode("latin-1")), RAW_BODIES
        for name in [*good, "unknown"]:
            yield partial(_in_body, method, at, good, name), CORPUS


def _in_path(method: str, path: str, known: dict[str, str], name: str, sent: bytes | None, text: str) -> Input:
    return Input(method, filled(path, known | {name: quoted(text)}), sent)


def _in_query(method: str, at: str, name: str, sent: bytes | None, text: str) -> Input:
    return Input(method, f"{at}?{quote(name)}={quoted(text)}", sent)


def _in_body(method: str, at: str, good: dict[str, str], name: str, value: str) -> Input:
    return Input(method, at, written(good | {name: value}))


def doors(known: dict[str, str], token: str) -> Iterator[Made]:
    """Every door of a visitor, with the same."""
    for path, kind in DOORS.items():
        good = good_of(kind) | {"key": '"key-a"', "token": json.dumps(token)}
        for name in good:
            yield partial(_in_body, "POST", filled(path, known), good, name), CORPUS
        yield partial(_in_every_place, path, known, written(good)), TEXTS
    for path, kind in SERVERS.items():
        good = good_of(kind)
        yield lambda body, path=path: Input("POST", path, body.encode("latin-1")), RAW_BODIES
        for name in [*good, "unknown"]:
            yield partial(_in_body, "POST", path, good, name), CORPUS
            yield partial(_in_query, "GET", path, name, None), TEXTS
    for name in ("after", "wait", "epoch", "key"):
        yield partial(_in_query, "GET", f"/v1/conv/{known['conv']}/entries", name, None), TEXTS
    for path in ("/v1/confirm/{text}", "/v1/picture/{text}", "/static/{text}", "/{text}"):
        yield partial(_in_path, "GET", path, known, "text", None), TEXTS


def _in_every_place(path: str, known: dict[str, str], body: bytes, text: str) -> Input:
    return Input("POST", filled(path, dict.fromkeys(known, quoted(text))), body)


def sent_frames(known: dict[str, str], token: str) -> Iterator[Made]:
    """Every frame of either side, in its order and out of it."""
    for side, kinds in (("visitor", frames.VISITOR.kinds), ("agent", frames.AGENT.kinds)):
        for name, kind in kinds.items():
            if name == "close":
                continue  # what comes after it would be refused for that
            good = {"t": json.dumps(name)} | good_of(kind) | {"conv": json.dumps(known["conv"])}
            if name == "hello" and side == "visitor":
                good |= {"key": '"key-a"', "token": json.dumps(token)}
            for member in [*good, "unknown"]:
                yield partial(_framed, side, good, member, name == "hello"), CORPUS
            yield partial(_framed, side, good, "unknown", name != "hello"), CORPUS[:5]
        yield partial(_raw_frame, side), RAW_BODIES


def _framed(side: str, good: dict[str, str], member: str, first: bool, value: str) -> Frame:
    return Frame(side, written(good | {member: value}), first)


def _raw_frame(side: str, body: str) -> Frame:
    return Frame(side, body.encode("latin-1"))


def quoted(text: str) -> str:
    """A text as a part of an address."""
    return quote(text[:300], safe="")


def chosen(places: list[Made], count: int) -> Iterator[Any]:
    """As many inputs as are asked for: a part of the matrix by lot, or all of it again and again in other orders."""
    ends = list(accumulate(len(values) for _, values in places))
    lot = random.Random(14)
    while count > 0:
        part = lot.sample(range(ends[-1]), min(ends[-1], count))
        count -= len(part)
        for number in part:
            at = bisect_right(ends, number)
            make, values = places[at]
            yield make(values[number - ends[at]])


def filled(path: str, known: dict[str, str]) -> str:
    """The path with its places filled; what nobody knows is `none`."""
    parts = [known.get(part[1:-1].split(":")[0], "none") if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


def good_of(kind: type[Struct]) -> dict[str, str]:
    """A good object of this struct, its members as raw JSON texts."""
    told: Any = inspect.type_info(kind)
    return {one.encode_name: json.dumps(GOOD.get(one.name, _good(one.type))) for one in told.fields}


def _good(kind: Any) -> Any:
    simple = {"IntType": 1, "BoolType": True, "FloatType": 1.0, "DictType": {}, "ListType": [], "StrType": "x"}
    if isinstance(kind, inspect.UnionType):
        return _good(kind.types[0])
    if isinstance(kind, inspect.LiteralType):
        return kind.values[0]
    return simple.get(type(kind).__name__)


def body_of(told: dict[str, Any], document: dict[str, Any]) -> dict[str, str] | None:
    """A good body of this route by its schema; None when it takes none."""
    content = told.get("requestBody", {}).get("content", {})
    if not content:
        return None
    schema = resolved(next(iter(content.values())).get("schema", {}), document)
    members = schema.get("properties", {})
    return {name: json.dumps(_member(name, resolved(one, document))) for name, one in members.items()}


def _member(name: str, schema: dict[str, Any]) -> Any:
    """A good value; a revision that is a text is left open, as none but that of the moment would be taken."""
    return None if (name, schema.get("type")) == ("revision", "string") else GOOD.get(name, _example(schema))


def resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, of one that names it."""
    for key in ("oneOf", "anyOf", "allOf"):
        if schema.get(key):
            return resolved(schema[key][0], document)
    if "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return resolved(found, document)
    return schema


def _example(schema: dict[str, Any]) -> Any:
    if schema.get("enum"):
        return schema["enum"][0]
    simple = {"integer": 1, "number": 1.0, "boolean": True, "array": [], "object": {}, "string": "x"}
    return simple.get(schema.get("type", ""))
