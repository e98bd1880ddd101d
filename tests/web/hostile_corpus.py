"""The hostile corpus: values that broke somebody's server, in every field of every message, as raw JSON texts.

Raw, because a JSON encoder would not write half of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

TEXTS = [
    "\x00", "a\x00b", "\ufffe", "\uffff", "\u202e\u2066evil", "\u200b\u200d\ufeff", "e" + "\u0301" * 10_000,
    "👩‍👩‍👧‍👦" * 50, "раураl", "__proto__", "constructor", "x" * 5_000, "x" * 40_000,
    "<script>alert(1)</script>", "{{constructor.constructor('alert(1)')()}}", "<img src=x onerror=alert(1)>",
    "'; DROP TABLE events; --", "\" OR 1=1", "{{7*7}}", "${7*7}", "%s%n", "{x.__class__}", "a\r\nSet-Cookie: x=1",
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t", "\r", "\x1b[2J", "\x07", "javascript:alert(1)",
    "data:text/html,x", "//evil.test", "https://x.test/" + "a" * 10_000, "http://[::1", "http://user:pw@host/",
    "NaN", "Infinity", "-Infinity", "1e400", "null", "true", "undefined", "[object Object]", "", " ", "\n",
    "user:victim", "user:", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59.999Z", "10000-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z", "2016-12-31T23:59:60Z", "2026-02-30T00:00:00Z", "2026-11-22T25:61:61Z",
    "2026-11-22T00:00:00+99:99", "2026-11-22T00:00:00 Europe/Paris", "1000000000000000", "-1",
    "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}", "URN:UUID:X",
    "Invitation Shown", "Chat Started", "Order Completed", "purchase", "Survey Submitted", "add_to_cart",
]  # fmt: skip
RAW = [
    r'"\ud800"', r'"\udc00x"', r'"\ud83d\ud83d"', r'"a\u0000b"', "NaN", "Infinity", "-Infinity", "1e400", "-1e400",
    "-0",
    "-0.0", "9007199254740991", "9007199254740993", "9223372036854775807", "9223372036854775808",
    "18446744073709551616",
    "1" * 5_000, "-" + "9" * 400, "1e1000000", "0.1", "1e15", "-1", "-1e15", "0", "253402300800000", "true", "false",
    "null", "[]", "{}", "[[]]", '[{"a":1}]', '{"a":{"b":{}}}', '{"__proto__":{"x":1}}', '{"a":1,"a":2}', '{"":1}',
    "[" * 40 + "]" * 40, '{"a":' * 40 + "1" + "}" * 40, "[" * 5_000 + "]" * 5_000,
    "[" + "1," * 2_000 + "1]", "{" + ",".join(f'"k{n}":1' for n in range(1_000)) + "}",
    "[" + ",".join(['{"product_id":"p","quantity":-1,"price":0.30000000000000004}'] * 200) + "]",
    "01", "+1", "1.", ".5", "0x10", "'x'", "undefined", "", '"', "{", "[1,", r'"\x"', '"\x01"', "//", "/**/1",
]  # fmt: skip
VALUES = RAW + [json.dumps(text) for text in TEXTS] + [json.dumps(text, ensure_ascii=False) for text in TEXTS[:12]]

MESSAGE = {
    "type": '"track"', "messageId": '"m"', "anonymousId": '"a"', "userId": '"u"', "event": '"Product Added"',
    "timestamp": '"2026-11-21T22:28:27.185Z"', "sentAt": '"2026-11-21T22:28:27.264Z"',
    "originalTimestamp": '"2026-11-21T22:28:27.185Z"', "groupId": '"g"', "previousId": '"p"', "name": '"n"',
    "category": '"c"', "traits": '{"email":"a@b.fr"}', "properties": '{"price":1}', "context": '{"locale":"fr"}',
    "writeKey": '"demo"', "integrations": "{}",
}  # fmt: skip
INNER = {
    "properties": (
        "price",
        "quantity",
        "products",
        "currency",
        "total",
        "revenue",
        "order_id",
        "url",
        "value",
        "other",
    ),
    "context": ("page", "userAgent", "campaign", "device", "locale", "ip", "location", "other"),
    "traits": ("email", "other"),
}
PULSE = {
    "key": '"demo"', "token": "null", "consent": '"full"', "visible": "true", "sentAt": '"2026-11-22T14:09:00.000Z"',
    "tab": '"9f2c"', "language": '"fr"', "events": "[]",
}  # fmt: skip
BODIES: list[bytes] = [
    b"", b" ", b"\x00", b"\xff\xfe{\x00}\x00", "{}".encode("utf-16"), "{}".encode("utf-32"), b"\xef\xbb\xbf", b"{",
    b"[]", b"null",
    b"1", b'"x"', b"data=", b"data=%7B", b"data=%%", b"&data=", b"a&data=e30=", b"\x1f\x8b", b"\x1f\x8b\x08\x00"
    + b"\x00" * 20,
    b'{"batch":null}', b'{"batch":{}}', b'{"batch":[null,1,"x",[],true]}', b'{"batch":[{}],"batch":[1]}', b"{}\n{}",
    b"{}x",
    b'{"type":"track","event":"\xff\xfe","anonymousId":"a"}', b'{"batch":[{"type":"track","event":"\xc3"}]}',
    b'{"batch":[' + b"[" * 100_000 + b"]" * 100_000 + b"]}", b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b"{" + b",".join(b'"k%d":1' % n for n in range(30_000)) + b"}", b'{"x":"' + b"y" * 400_000 + b'"}',
]  # fmt: skip


def fields() -> Iterator[tuple[str, ...]]:
    """Every field of a message."""
    for name in MESSAGE:
        yield (name,)
        yield from ((name, inner) for inner in INNER.get(name, ()))


def message(field: tuple[str, ...], value: str, number: int, kind: str = "track") -> bytes:
    """A message that is good but for this field; its id is its number, unless the id is the field."""
    members = MESSAGE | {"type": json.dumps(kind), "messageId": f'"m{number}"'}
    members[field[0]] = value if len(field) == 1 else f'{{"{field[1]}":{value}}}'
    return _written(members)


def pulse(field: str, value: str, event: bytes) -> bytes:
    """A pulse with one event, good but for this field."""
    members = PULSE | {"events": "[" + event.decode("utf-8", "surrogateescape") + "]"}
    return _written(members | {field: value})


def _written(members: dict[str, str]) -> bytes:
    return ("{" + ",".join(f'"{name}":{value}' for name, value in members.items()) + "}").encode("utf-8")
