"""The hostile corpus: values that clients send by mistake or on purpose, as JSON text, and whole lines."""

from __future__ import annotations

import json

TEXTS = [
    "",
    " ",
    "\u0000",
    "\ufffe",
    "\u202e\u2066evil",
    "\u200b\u200d\ufeff",
    "e" + "\u0301" * 10_000,
    "👩‍👩‍👧‍👦" * 200,
    "аdmin",
    "__proto__",
    "constructor",
    "W" * 10_000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{{7*7}}",
    "${7*7}",
    "a\r\nSet-Cookie: x=1",
    "=cmd|' /C calc'!A0",
    "\x1b[2J\x1b]0;owned\x07",
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "https://e.example/" + "a" * 10_000,
    "null",
    "undefined",
    "true",
    "NaN",
    "user:42",
    "0",
    "-1",
    "9999-12-31T23:59:59Z",
    "0000-00-00T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "1969-12-31T23:59:59Z",
    "2016-02-30T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "2016-08-01T10:10:45.000+99:99",
    "2016-08-01T10:10:45 Europe/Paris",
    "2016-08-01T24:00:00Z",
    "2016-W31-1T10:10:45.000Z",
    "٢٠١٦-08-01T10:10:45Z",
    "2016-08-01",
    "2016-08-01T10:10:45",
    "1470046245",
    "1470046245000",
    "1e15",
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "6BA7B8109DAD11D180B400C04FD430C8",
    "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
    "12.50",
    "12,50",
    " 7 ",
    "1_000",
    "٣",
    "€5",
    "-0.01",
]
RAW = [
    rb'"\ud800"',
    rb'"\udc00\ud800"',
    rb'"a\u0000b"',
    b'"a\x00b"',
    b'"\xff\xfe"',
    b'"\xed\xa0\x80"',
    b'"\xc3"',
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e400",
    b"-1e400",
    b"-0",
    b"-0.0",
    b"9007199254740991",
    b"9007199254740993",
    b"9223372036854775807",
    b"9223372036854775808",
    b"18446744073709551616",
    b"-9223372036854775809",
    b"9" * 5_000,
    b"0." + b"1" * 5_000,
    b"1e15",
    b"-1",
    b"0.30000000000000004",
    b"true",
    b"false",
    b"null",
    b"[]",
    b"{}",
    b"[1]",
    b'["a"]',
    b'{"a":1}',
    b'[{"a":1}]',
    b'[[["a"]]]',
    b"[null]",
    b"01",
    b"'x'",
    b"undefined",
    b"[" * 40 + b"]" * 40,
    b"[" * 900 + b"]" * 900,
    b'{"a":' * 900 + b"1" + b"}" * 900,
    b"[" * 10_000 + b"]" * 10_000,
    b'{"a":1,"a":-1}',
    b'{"__proto__":{"admin":true}}',
    b'{"\\u0000":1}',
    rb'{"\ud800":1}',
    b"[" + b"1," * 9_999 + b"1]",
    b'"' + b"x" * 1_000_000 + b'"',
]
VALUES: list[bytes] = [json.dumps(text).encode() for text in TEXTS] + RAW

_MESSAGE = b'{"type":"track","event":"Idle","anonymousId":"a","timestamp":"2026-01-01T00:00:00Z"}'
LINES: list[bytes] = [
    b"",
    b" ",
    b"\n",
    b"\x00",
    b"\xff",
    b"{",
    b"}",
    b"[]",
    b"null",
    b"1",
    b'"x"',
    b"{}",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"\xef\xbb\xbf" + _MESSAGE,
    _MESSAGE.decode().encode("utf-16"),
    _MESSAGE.decode().encode("utf-16-le"),
    _MESSAGE.decode().encode("utf-32"),
    b"\x1f\x8b\x08\x00" + _MESSAGE,
    _MESSAGE + b"x",
    _MESSAGE[:-1],
    _MESSAGE * 2,
    b'{"type":"page",' + _MESSAGE[1:],
    _MESSAGE[:-1] + b',"type":"page"}',
    _MESSAGE[:-1] + b',"anonymousId":"b"}',
    _MESSAGE[:-1] + b',"properties":{' + b",".join(b'"k%d":1' % n for n in range(3_000)) + b"}}",
    _MESSAGE[:-1] + b',"x":"' + b"y" * 1_000_000 + b'"}',
    b"GET / HTTP/1.1\r\nHost: x",
    b"<html></html>",
    b"a=1&b=2",
]


def message(**members: bytes) -> bytes:
    """A line of which every member is given as JSON text."""
    return b"{" + b",".join(json.dumps(name).encode() + b":" + text for name, text in members.items()) + b"}"


TRACK = {
    "type": b'"track"',
    "event": b'"Product Added"',
    "messageId": b'"m-1"',
    "anonymousId": b'"visitor-1"',
    "timestamp": b'"2026-01-01T00:00:00.000Z"',
    "sentAt": b'"2026-01-01T00:00:01.000Z"',
    "context": b'{"page":{"url":"https://shop.example/"},"userAgent":"Mozilla/5.0"}',
    "properties": b'{"product_id":"p1","price":9.5,"quantity":2}',
}
ORDER = TRACK | {
    "event": b'"Order Completed"',
    "properties": b'{"order_id":"o1","total":19.0,"currency":"EUR","products":[{"product_id":"p1","price":9.5}]}',
}
PAGE = {**TRACK, "type": b'"page"', "name": b'"Shop"', "properties": b'{"url":"https://shop.example/"}'}
del PAGE["event"]
IDENTIFY = {**PAGE, "type": b'"identify"', "userId": b'"u1"', "traits": b'{"plan":"gold"}'}
ALIAS = {**PAGE, "type": b'"alias"', "userId": b'"u1"', "previousId": b'"visitor-0"'}
GROUP = {**PAGE, "type": b'"group"', "groupId": b'"g1"', "traits": b'{"name":"Firm"}'}
MESSAGES = {"track": TRACK, "order": ORDER, "page": PAGE, "identify": IDENTIFY, "alias": ALIAS, "group": GROUP}

# Where a hostile value is put: a member, or a place inside one (the value stands for `%s`).
NESTED = {
    "properties": [
        b'{"price":%s}',
        b'{"quantity":%s}',
        b'{"total":%s}',
        b'{"order_id":%s}',
        b'{"currency":%s}',
        b'{"products":%s}',
        b'{"products":[%s]}',
        b'{"products":[{"price":%s}]}',
        b'{"url":%s}',
        b'{"any":%s}',
        b'{"items":%s}',
        b'{"value":%s,"tax":%s}',
    ],
    "traits": [b'{"any":%s}'],
    "context": [
        b'{"page":%s}',
        b'{"page":{"url":%s}}',
        b'{"page":{"title":%s}}',
        b'{"campaign":{"source":%s}}',
        b'{"device":{"type":%s}}',
        b'{"userAgent":%s}',
        b'{"location":{"country":%s}}',
        b'{"locale":%s}',
        b'{"unread":%s}',
    ],
}


def hostile_lines(base: dict[str, bytes], value: bytes) -> list[bytes]:
    """The message with this value as each of its members, at each place inside one, and under foreign names."""
    names = [*base, "userId", "originalTimestamp", "unread", "aparte:at", "aparte:visitor", "anonymous_id"]
    lines = [message(**base | {name: value}) for name in names]
    for name, places in NESTED.items():
        lines += [message(**base | {name: place.replace(b"%s", value)}) for place in places]
    return lines
