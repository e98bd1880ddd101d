"""One frozen Settings, read once: DIR/aparte.toml, then the environment, then the command line."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from aparte.kit.addresses import Networks, is_loopback
from aparte.kit.errors import BadInput, Unavailable

FILE = "aparte.toml"
PREFIX = "APARTE_"
PARTS = frozenset({"limits", "deadlines", "mail", "outbox"})
NOT_SETTINGS = frozenset({"APARTE_SHARED", "APARTE_LONG", "APARTE_PASSWORD", "APARTE_RELIABILITY", "APARTE_SOAK"})
"""Names of the environment that the tests and `aparte staff add` use."""


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much is taken, of whom. Rates are messages a second."""

    batch_bytes: int = 500 * 1024
    batch_messages: int = 2_500
    pulse_bytes: int = 64 * 1024
    visitor_rate: float = 20
    visitor_burst: float = 100
    address_rate: float = 200
    address_burst: float = 1_000
    site_rate: float = 5_000
    site_burst: float = 20_000
    new_visitors_per_minute: float = 30
    remembered: int = 100_000
    """Visitors, and as many addresses, whose allowance is remembered."""
    in_flight: int = 2_000
    """Requests that wait for their commit."""
    buffered_bytes: int = 64 * 1024 * 1024
    """Bytes of bodies held at a time."""
    connections: int = 10_000
    connections_per_address: int = 500
    sockets_per_address: int = 50
    headers: int = 100
    header_bytes: int = 32 * 1024
    address_bytes: int = 8 * 1024
    """Length of the requested address."""


class Deadlines(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seconds."""

    header: float = 10
    body: float = 15
    idle: float = 5
    write: float = 30
    """How long a client may leave an answer unread."""
    drain: float = 15
    """From SIGTERM to the end of the process."""


class Mail(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where mail is handed over; without a host none is sent."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    """From the environment, or from a file that nobody else may read."""
    sender: str = field(name="from", default="")
    tls: Literal["starttls", "tls", "none"] = "starttls"


class Outbox(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Webhooks."""

    allow: tuple[str, ...] = ()
    """Networks inside that webhooks may reach all the same, over http too."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set."""

    host: str = "127.0.0.1"
    port: int = 8080
    data: str = "data"
    hosts: tuple[str, ...] = ()
    """Names by which the server may be called (header Host); none: any."""
    trusted_proxies: tuple[str, ...] = ()
    country_header: str = "CF-IPCountry"
    metrics_token: str = ""
    url: str = ""
    """By which name people reach this server, for links in mails: https://chat.shop.example."""
    limits: Limits = Limits()
    deadlines: Deadlines = Deadlines()
    mail: Mail = Mail()
    outbox: Outbox = Outbox()


def read_settings(folder: Path | None, environment: Mapping[str, str], **given: Any) -> Settings:
    """The settings of a data folder; what is `given` (and not None) goes before the environment, that before the file.

    BadInput for a name that does not exist or a value of the wrong kind, Unavailable for a file that cannot be read.
    """
    where = str(folder / FILE) if folder else ""
    settings = _converted(_from_file(folder / FILE) if folder else {}, where, strict=True)
    merged = msgspec.to_builtins(settings)
    for names, value, name in _from_environment(environment):
        holder = merged[names[0]] if len(names) > 1 else merged
        holder[names[-1]] = value.split(",") if isinstance(holder[names[-1]], (list, tuple)) else value
        merged = msgspec.to_builtins(_converted(merged, name, strict=False))
    merged.update({name: value for name, value in given.items() if value is not None})
    return _checked(_converted(merged, "the command line", strict=False), where)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(f"this file cannot be read: {error}", where=str(path)) from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"this is not TOML: {error}", where=str(path)) from None
    mail = found.get("mail")
    if isinstance(mail, dict) and mail.get("password") and path.stat().st_mode & 0o077:
        hint = "chmod 600 it, or give APARTE_MAIL_PASSWORD"
        raise BadInput("this file holds a password and others may read it", where=str(path), hint=hint)
    for name, value in found.items():
        _known(name, _names(Settings), str(path))
        if isinstance(value, dict) and name in PARTS:
            for inner in value:
                _known(inner, _names(type(getattr(Settings(), name))), f"{path}: [{name}]")
    return found


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    known = {PREFIX + "_".join(names).upper(): names for names in _all_names()}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in NOT_SETTINGS:
            _known(name, list(known), "environment")
            yield known[name], environment[name], name


def _all_names() -> Iterator[tuple[str, ...]]:
    for name in _names(Settings):
        part = getattr(Settings(), name)
        if isinstance(part, Struct):
            yield from ((name, inner) for inner in _names(type(part)))
        else:
            yield (name,)


def _names(kind: type[Struct]) -> list[str]:
    return [one.encode_name for one in msgspec.structs.fields(kind)]


def _known(name: str, names: list[str], where: str) -> None:
    if name not in names:
        near = difflib.get_close_matches(name, names, 1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "the reference of settings names them all"
        raise BadInput(f"there is no setting {name}", where=where, hint=hint)


def _converted(found: dict[str, Any], where: str, *, strict: bool) -> Settings:
    try:
        return msgspec.convert(found, Settings, strict=strict)
    except msgspec.ValidationError as error:
        raise BadInput(str(error), where=where) from None


def _checked(settings: Settings, where: str) -> Settings:
    if not 0 <= settings.port <= 65_535:
        raise BadInput(
            f"there is no port {settings.port}", where=where, hint="0 lets the system choose, else 1 to 65535"
        )
    for part in (settings.limits, settings.deadlines):
        for name, value in msgspec.to_builtins(part).items():
            if not value > 0:
                raise BadInput(f"{name} must be greater than 0", where=where)
    Networks(settings.trusted_proxies)
    Networks(settings.outbox.allow)
    return _links_checked(_mail_checked(settings, where), where)


def _mail_checked(settings: Settings, where: str) -> Settings:
    mail = settings.mail
    if mail.host and not mail.sender:
        raise BadInput("mail comes from nobody", where=where, hint='write from = "chat@shop.example" below [mail]')
    if not 1 <= mail.port <= 65_535 or any(c.isspace() for c in mail.host + mail.sender):
        raise BadInput("this is no host, port or address for mail", where=where, hint="see [mail] in the settings")
    if mail.password and mail.tls == "none" and not is_loopback(mail.host) and mail.host != "localhost":
        raise BadInput("a password would go over the net in the clear", where=where, hint='write tls = "starttls"')
    return settings


def _links_checked(settings: Settings, where: str) -> Settings:
    url = settings.url
    strange = not url.isascii() or not url.isprintable() or " " in url
    if url and (strange or not url.startswith(("https://", "http://"))):
        raise BadInput(f"{url!r} is no address", where=where, hint='write url = "https://chat.shop.example"')
    return msgspec.structs.replace(settings, url=url.rstrip("/"))
