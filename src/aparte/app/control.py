"""The way of a command to a server that runs on this machine: DIR/server.json says where it is and by which token.

`call` is for every command with --data: it asks the running server, or says that none runs, and then the command may
open the folder itself.
"""

from __future__ import annotations

import http.client
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Literal
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct

from aparte.kit.errors import BadInput, Unavailable

NAME = "server.json"
PATIENCE_S = 60.0
PIECE = 1 << 20
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}


class Server(Struct, frozen=True, omit_defaults=True):
    """What the file says."""

    url: str
    token: str
    """An administrator of all sites, as long as this server runs."""
    host: str = ""
    """The name by which the server wants to be called; none: that of the URL."""


class Refused(BadInput):
    """The server has said no; `body` is its whole answer."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        error = body["error"]
        self.status, self.code, self.body = status, str(error["code"]), body
        super().__init__(error["what"], where=error.get("where", ""), hint=error.get("hint", ""))


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def address(host: str, port: int) -> str:
    """Where a server that listens there is found on this machine."""
    return f"http://{EVERYWHERE.get(host, f'[{host}]' if ':' in host else host)}:{port}"


def open_door(data: Path, host: str, port: int, hosts: Sequence[str]) -> str:
    """Say where this server is, to whoever may read the folder; the token."""
    token = secrets.token_urlsafe(32)
    at = address(host, port)
    known = Server(at, token, "" if not hosts or urlsplit(at).hostname in hosts else hosts[0])
    part = data / f"{NAME}.part"
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(known) + b"\n")
    part.replace(data / NAME)
    return token


def close_door(data: Path) -> None:
    """The server ends."""
    (data / NAME).unlink(missing_ok=True)


def running(data: Path) -> Server | None:
    """What the folder says of its server, which may have been killed since."""
    try:
        return msgspec.json.decode((data / NAME).read_bytes(), type=Server)
    except (FileNotFoundError, NotADirectoryError, msgspec.MsgspecError):
        return None


def call(data: Path, method: str, path: str, body: Any = None) -> Any | None:
    """The decoded answer of the server of this folder; None when none runs. Refused when it says no.

    `body` is sent as JSON; bytes as they are, as CSV.

    A file that a killed server has left leads nowhere, or to somebody else's server: both count as no server, and
    whoever then opens the folder is stopped by its lock if one runs after all.
    """
    server = running(data)
    if server is None:
        return None
    try:
        status, answer = asked(server, method, path, body)
        found = msgspec.json.decode(answer) if answer else {}
    except (OSError, http.client.HTTPException, msgspec.DecodeError):
        return None
    if status == 401 or (status >= 300 and not is_refusal(found)):
        return None
    if status >= 300:
        raise Refused(status, found)
    return found


def is_refusal(found: Any) -> bool:
    """Whether this is an error as Aparté tells it; anything else comes from somebody else's server."""
    error = found.get("error") if isinstance(found, dict) else None
    return isinstance(error, dict) and {"code", "what"} <= error.keys()


def at_site(path: str, site: str | None) -> str:
    """A path for one site; without a name for the only one."""
    return f"{path}?site={quote(site, safe='')}" if site else path


def download(data: Path, path: str, out: BinaryIO) -> bool:
    """Write what the server of this folder answers, as it comes; False when none runs. Refused when it says no.

    Unavailable when the server ends in the middle: what is written then is not whole.
    """
    server = running(data)
    if server is None:
        return False
    connection, headers = connected(server)
    begun = False
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        if answer.status >= 300:
            return refused(answer.status, answer.read())
        while piece := answer.read(PIECE):
            begun = True
            out.write(piece)
    except (OSError, http.client.HTTPException):
        if begun:
            raise Unavailable("the server has ended meanwhile", where=str(data), hint="ask again") from None
        return False
    finally:
        connection.close()
    return True


def refused(status: int, body: bytes) -> Literal[False]:
    """Refused for an answer of ours that is a no; False for one of somebody else's server."""
    try:
        found = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return False
    if status == 401 or not is_refusal(found):
        return False
    raise Refused(status, found)


def connected(server: Server) -> tuple[http.client.HTTPConnection, dict[str, str]]:
    """A way to it, and what every request of ours says."""
    place = urlsplit(server.url)
    headers = {"Authorization": f"Bearer {server.token}"}
    if server.host:
        headers["Host"] = f"{server.host}:{place.port}"
    return http.client.HTTPConnection(place.hostname or "127.0.0.1", place.port, timeout=PATIENCE_S), headers


def asked(server: Server, method: str, path: str, body: Any) -> tuple[int, bytes]:
    """One request."""
    connection, headers = connected(server)
    is_table = isinstance(body, bytes)
    said = body if is_table or body is None else msgspec.json.encode(body)
    headers["Content-Type"] = "text/csv" if is_table else "application/json"
    try:
        connection.request(method, path, said, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
