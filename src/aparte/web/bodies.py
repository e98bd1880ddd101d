"""Bodies in every disguise: plain, gzip with or without the header, `data=` of a form, base64, with a byte order mark.

What a body is, its bytes say; content types lie (ingest.md).
"""

from __future__ import annotations

import base64
import binascii
import zlib
from urllib.parse import unquote_to_bytes

from aparte.web.answers import Disconnected, Receive, Refusal

GZIP = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FORM = b"data="
PLAIN = frozenset({b"", b"identity", b"gzip", b"x-gzip"})
RETRY = 5


class Held:
    """How many bytes of bodies are held, and how many may be."""

    def __init__(self, most: int) -> None:
        self.most, self.bytes = most, 0

    def add(self, count: int) -> None:
        """Count these bytes; Refusal when it would be too many."""
        if self.bytes + count > self.most:
            raise Refusal(503, "overloaded", "too many bodies are being read", retry_after=RETRY)
        self.bytes += count

    def free(self, count: int) -> None:
        """These bytes are done with."""
        self.bytes -= count


async def read_body(receive: Receive, most: int, held: Held) -> bytes:
    """The bytes of a request, counted in `held` until the caller frees them; Refusal above `most`."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    body: bytes = message.get("body", b"")
    if len(body) > most:
        raise too_large(most)
    held.add(len(body))
    if not message.get("more_body", False):
        return body
    return await _read_rest(receive, bytearray(body), most, held)


async def _read_rest(receive: Receive, body: bytearray, most: int, held: Held) -> bytes:
    counted = len(body)
    try:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            body += message.get("body", b"")
            if len(body) > most:
                raise too_large(most)
            held.add(len(body) - counted)
            counted = len(body)
            if not message.get("more_body", False):
                break
    except BaseException:
        held.free(counted)
        raise
    return bytes(body)


def too_large(most: int) -> Refusal:
    """413."""
    return Refusal(413, "too_large", f"the body is larger than {most} bytes", hint="send smaller batches")


def unpacked(body: bytes, encoding: bytes | None, most: int) -> tuple[bytes, dict[bytes, bytes]]:
    """The JSON of a body, at most `most` bytes, and the other members of a form; Refusal when it cannot be had."""
    if body.startswith(GZIP):
        body = _gunzipped(body, most)
    elif encoding is not None and encoding.strip().lower() not in PLAIN and body[:1] not in {b"{", b"["}:
        what = f"content encoding {encoding[:20].decode('latin-1')!r} is not read"
        raise Refusal(415, "unknown_encoding", what, hint="send gzip or plain JSON")
    members: dict[bytes, bytes] = {}
    if body.startswith(FORM) or (body[:1].isalpha() and b"&data=" in body):
        members = dict(part.partition(b"=")[::2] for part in body.split(b"&"))
        body = _form_data(members.pop(b"data"), most)
    return body.removeprefix(BYTE_ORDER_MARK), members


def _form_data(value: bytes, most: int) -> bytes:
    data = unquote_to_bytes(value.replace(b"+", b" ")).strip()
    if data[:1] == b"{":
        return data
    try:
        # A plus of base64 that was not encoded in the form has become a space.
        data = base64.b64decode(data.replace(b" ", b"+").translate(_URL_SAFE) + b"==")
    except binascii.Error:
        raise Refusal(400, "unreadable", "data= is neither JSON nor base64") from None
    return _gunzipped(data, most) if data.startswith(GZIP) else data


_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def _gunzipped(body: bytes, most: int) -> bytes:
    found = b""
    while body.startswith(GZIP):
        stream = zlib.decompressobj(31)
        try:
            # One byte more than is allowed is all that a bomb may become.
            found += stream.decompress(body, most + 1 - len(found))
        except zlib.error as error:
            raise Refusal(400, "unreadable", f"the gzip body is broken: {error}") from None
        if len(found) > most:
            raise too_large(most)
        if not stream.eof:
            raise Refusal(400, "unreadable", "the gzip body is cut off")
        body = stream.unused_data
    return found
