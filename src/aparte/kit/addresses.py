"""Addresses of the internet: whom to believe, whom to count together, and what may be kept of one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aparte.kit.errors import BadInput

_LONGEST = 64
_HOPS = 20


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    text = address.strip()
    if len(text) > _LONGEST:
        return None
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


@lru_cache(maxsize=16_384)
def source(address: str) -> str:
    """Who shares one allowance: an IPv4 address by itself, all of an IPv6 /64 together; "" for no address."""
    found = _parsed(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((int(found), 64), strict=False))
    return str(found) if found else ""


def truncated(address: str) -> str:
    """What may be stored or logged of an address: its /24, of IPv6 its /48; "" for no address."""
    found = _parsed(address)
    if found is None:
        return ""
    return str(ip_network((int(found), 24 if isinstance(found, IPv4Address) else 48), strict=False))


@lru_cache(maxsize=1_024)
def is_loopback(address: str) -> bool:
    """Whether it is this machine itself."""
    found = _parsed(address)
    return found is not None and found.is_loopback


class Networks:
    """A set of addresses, written as addresses or networks: 127.0.0.1, 10.0.0.0/8, ::1."""

    def __init__(self, networks: Iterable[str] = ()) -> None:
        """BadInput for a text that is neither."""
        self._networks = [_network(text) for text in networks]
        self._holds = lru_cache(maxsize=4_096)(self._look_up)

    def __contains__(self, address: str) -> bool:
        return bool(self._networks) and self._holds(address)

    def _look_up(self, address: str) -> bool:
        found = _parsed(address)
        return found is not None and any(found in network for network in self._networks)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        raise BadInput(f"{text!r} is no address", hint="write an address or a network: 127.0.0.1, 10.0.0.0/8") from None


def client_address(peer: str, forwarded: str, trusted: Networks) -> str:
    """Who asks: the peer, or, when that is a trusted proxy, the last of `X-Forwarded-For` that is not one.

    What stands left of it, anybody can have written.
    """
    if not forwarded or peer not in trusted:
        return peer
    found = peer
    for hop in reversed(forwarded.split(",")[-_HOPS:]):
        address = _parsed(hop)
        if address is None:
            break
        found = str(address)
        if found not in trusted:
            break
    return found
