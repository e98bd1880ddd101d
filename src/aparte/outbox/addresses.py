"""Where a webhook may go. A judge of the written address, and a judge of what its name resolves to; both pure.

The second rules: a name is resolved once for each attempt, all its addresses are judged, and the connection goes to
one of the judged addresses, never to the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from msgspec import Struct

from aparte.kit.addresses import Networks
from aparte.kit.errors import BadInput

LONGEST = 2_000
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
_METADATA = frozenset({"168.63.129.16", "169.254.169.254", "100.100.100.200"})
"""Of clouds: the first is a public address that is served from within."""
Address = IPv4Address | IPv6Address


class Target(Struct, frozen=True):
    """An address taken apart: where to connect, what to ask for there."""

    scheme: str
    host: str
    """A name in small letters, or an address without brackets."""
    port: int
    path: str
    """Path and query; no fragment."""

    @property
    def authority(self) -> str:
        """For the header `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"


def refused(what: str, hint: str = "write https://hooks.example.com/path") -> BadInput:
    """Why this address cannot be a webhook's."""
    return BadInput(what, where="url", hint=hint)


def read_url(url: str, allowed: Networks) -> Target:
    """The address taken apart; BadInput for what is no plain http or https address, or visibly leads inside.

    `allowed` are networks that the settings open to webhooks; only these may be reached without TLS.
    """
    if len(url) > LONGEST or not url.isascii() or any(c <= " " or c in '\x7f\\"<>^`{|}' for c in url):
        raise refused("this address holds characters that are not taken, or is too long", "write it encoded: xn--, %20")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refused("this is no address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise refused("this is no http or https address")
    if "@" in parts.netloc or "%" in parts.netloc or parts.netloc.endswith(":") or port == 0:
        raise refused("this address holds a name, a password or a port that is not taken")
    host = read_host(parts.hostname, bracketed="[" in parts.netloc)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)
    if address_of(host) is not None:
        judge_addresses(target, [host], allowed)
    return target


def read_host(host: str, *, bracketed: bool) -> str:
    """A name or an address in its one plain form; BadInput for the many other ways to write an address."""
    host = host.lower().removesuffix(".")
    if bracketed:
        found = address_of(host)
        if not isinstance(found, IPv6Address) or "%" in host:
            raise refused("this is no IPv6 address")
        return str(found)
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        found = address_of(host)
        if not isinstance(found, IPv4Address) or str(found) != host:
            raise refused("this is a number that some programs take for an address", "write 192.0.2.1, or a name")
        return host
    if not _NAME.fullmatch(host):
        raise refused("this is no name of a host")
    return host


def address_of(text: str) -> Address | None:
    """The address that is written so; None for a name."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def judge_addresses(target: Target, addresses: Sequence[str], allowed: Networks) -> list[str]:
    """The addresses that may be connected to, when all of a host's may; BadInput when one of them may not, or without.

    One bad address refuses the host: whoever mixes them plays with the order in which they are tried.
    """
    if not addresses:
        raise refused("this name has no address", "see that it is written right")
    for one in addresses:
        if one in allowed:
            continue
        if not is_public(one):
            raise refused("this address leads inside, and is not opened by the settings", "see outbox.allow")
        if target.scheme != "https":
            raise refused("a webhook goes over https", "http is for networks that the settings open")
    return list(addresses)


def is_public(text: str) -> bool:
    """Whether an address belongs to the internet at large, seen through every way to wrap one into another."""
    found = address_of(text)
    if found is None or "%" in text:
        return False
    inner = wrapped(found)
    if inner is not None:
        return is_public(str(inner))
    strange = found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback
    local = found.is_link_local or found.is_private or (isinstance(found, IPv6Address) and found.is_site_local)
    return found.is_global and not strange and not local and str(found) not in _METADATA


def wrapped(found: Address) -> Address | None:
    """The IPv4 address that an IPv6 address carries: mapped, 6to4, Teredo, NAT64."""
    if not isinstance(found, IPv6Address):
        return None
    if found in _NAT64_LOCAL:
        return IPv4Address("127.0.0.1")  # whatever it is, it is somebody's own
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
