"""Files that are shipped with the package, read once; the console, the tag."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from msgspec import Struct

from aparte.web.desk import Desk
from aparte.web.plain import NO_STORE, Headers, Problem, Receive, Scope, Send, answer, answer_problem, header

COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg")
TAG_FILES = {f"/{name}": name for name in ("aparte.js", "aparte-widget.js", "aparte-widget-chat.js")}
CONSOLE_CSP = (
    b"default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    b"font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    b"require-trusted-types-for 'script'"
)
REPORT_CSP = (
    b"default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'none'"
)
REPORTS_AT_ONCE = 2
"""Reports of a kind that are made at a time."""
SHELL: Headers = [
    (b"content-security-policy", CONSOLE_CSP),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


class File(Struct, frozen=True):
    """A file with what a browser wants to know of it."""

    kind: bytes
    plain: bytes
    packed: bytes | None
    etag: bytes


def read_file(name: str, content: bytes) -> File:
    """Compressed once, here, when that is worth while."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if name.endswith(".js"):
        kind = "text/javascript"
    packed = gzip.compress(content, 9, mtime=0) if kind.startswith(COMPRESSED) else None
    charset = b"; charset=utf-8" if kind.startswith(("text/", "application/json")) else b""
    etag = b'"' + hashlib.sha256(content).hexdigest()[:32].encode() + b'"'
    return File(kind.encode() + charset, content, packed if packed and len(packed) < len(content) else None, etag)


def read_static(folder: Traversable | None = None) -> dict[str, File]:
    """All files of the package's folder `static`, by their path in it."""
    root = folder or files("aparte") / "static"
    return dict(_walk(root, "")) if root.is_dir() else {}


def _walk(folder: Traversable, under: str) -> Any:
    for one in sorted(folder.iterdir(), key=lambda found: found.name):
        if one.is_dir():
            yield from _walk(one, f"{under}{one.name}/")
        else:
            yield f"{under}{one.name}", read_file(one.name, one.read_bytes())


class Pages:
    """`/`, `/console`, `/static`, the tag and the widget; an ASGI application."""

    def __init__(self, desk: Desk, static: dict[str, File] | None = None) -> None:
        self._desk = desk
        self._static = read_static() if static is None else static

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"]
        tag = path in TAG_FILES
        if scope["method"] not in ("GET", "HEAD"):
            await answer_problem(send, Problem(405, "method", "pages are only read", where="method"))
        elif path == "/":
            await redirect(send, b"/shop" if self._desk.demo else b"/console")
        elif tag:
            await self._file(scope, send, TAG_FILES[path], TAG_HEADERS)
        elif path.startswith("/static/"):
            await self._file(scope, send, path.removeprefix("/static/"), [(b"cache-control", b"no-cache")])
        elif path == "/console" or path.startswith("/console/"):
            await self._file(scope, send, "console.html", [*SHELL, NO_STORE])
        else:
            await answer_problem(send, Problem(404, "not_found", "there is nothing here", where="path"))

    async def _file(self, scope: Scope, send: Send, name: str, headers: Headers) -> None:
        found = self._static.get(name)
        if found is None:
            await answer_problem(send, Problem(404, "not_found", "there is no such file", where="path"))
            return
        headers = [*headers, (b"etag", found.etag), (b"vary", b"Accept-Encoding")]
        if found.etag.decode() in header(scope, b"if-none-match"):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        body, packed = found.plain, found.packed
        if packed is not None and takes_gzip(header(scope, b"accept-encoding")):
            body, headers = packed, [*headers, (b"content-encoding", b"gzip")]
        if scope["method"] == "HEAD":
            body = b""
        await answer(send, 200, body, found.kind, headers)


TAG_HEADERS: Headers = [
    (b"cache-control", b"public, max-age=3600"),
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"timing-allow-origin", b"*"),
]


def takes_gzip(accepted: str) -> bool:
    """Whether the browser takes gzip; `q=0` is a no."""
    for part in accepted.lower().split(","):
        name, _, quality = part.strip().partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


async def redirect(send: Send, to: bytes) -> None:
    """Go and look there."""
    await send(
        {"type": "http.response.start", "status": 303, "headers": [(b"location", to), (b"content-length", b"0")]}
    )
    await send({"type": "http.response.body", "body": b""})
