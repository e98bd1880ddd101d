"""SSRF: 100 ways to write an address that leads inside; none is taken, and what is taken is not written another way.

Mutants seen to fail here: numbers of an address read as a name; an IPv6 address not unwrapped; http for everybody.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.kit.addresses import Networks
from aparte.kit.errors import BadInput
from aparte.outbox.addresses import is_public, judge_addresses, read_url

NOWHERE = Networks()
INSIDE = [
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1",
    "017700000001",
    "0177.0.0.1", "0177.0x0.0.1", "127.0.0.1.", "127.000.000.001", "0127.0.0.1", "0", "0.0.0.0", "0x0", "00000000000",
    "10.0.0.1", "10.1", "167772161", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1", "3232235521",
    "169.254.169.254", "169.254.43518", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "0xa9.0xfe.0xa9.0xfe",
    "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "1.2.3", "1.2.3.4.5", "256.1.1.1", "0x",
    "4294967296", "18446744073709551617",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[::ffff:169.254.169.254]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[2001:0:0:0:0:0:80ff:fffe]", "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fe80::1%eth0]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[100::1]", "[::2]",
    "[127.0.0.1]", "[v1.fe80::a]", "[::1", "::1]",
]  # fmt: skip
WRITTEN = [
    "http://hooks.example\r\nX: y/", "https://hooks.example/\r\nHost: inside", "https://hooks.example/\npath",
    "https://hooks.example/\x00", " https://hooks.example/", "https://hooks.example /", "https://hooks.example\\@127.0.0.1/",
    "https://127.0.0.1\\.hooks.example/", "https://user@hooks.example/", "https://user:pass@hooks.example/",
    "https://hooks.example@127.0.0.1/", "https://127.0.0.1@hooks.example/", "https://hooks.example%00.inside/",
    "https://127.0.0.1%2f@hooks.example/", "https://%31%32%37.0.0.1/", "https://１２７.0.0.1/", "https://ⓛocalhost/",
    "https://127。0。0。1/", "https://hooks.example:0/", "https://hooks.example:99999/", "https://hooks.example:/",
    "https://hooks.example:x/", "https:///path", "https://", "//hooks.example/", "hooks.example", "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_x", "ftp://hooks.example/", "data:text/plain,x", "javascript:alert(1)",
    "https:/hooks.example",
    "https://-hooks.example/", "https://hooks..example/", "https://.example/", "https://hooks.example-/",
    "https://" + "a" * 64 + ".example/", "https://hooks.example/" + "a" * 2000, "dict://127.0.0.1:11211/", "https://[/",
    "https://hooks.example/{x}", 'https://hooks.example/"', "ldap://hooks.example/", "https://exa mple/", "https://a|b/",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.parametrize("form", ["https://{}/", "http://{}:8080/x", "HTTPS://{}/a?b#c"])
def test_no_form_of_an_address_inside_is_taken(host: str, form: str) -> None:
    with pytest.raises(BadInput):
        read_url(form.format(host), NOWHERE)


@pytest.mark.parametrize("url", WRITTEN)
def test_no_strange_address_is_taken(url: str) -> None:
    with pytest.raises(BadInput):
        read_url(url, NOWHERE)


def test_there_are_enough_forms() -> None:
    assert len({*INSIDE, *WRITTEN}) >= 100


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("https://hooks.example.com", "hooks.example.com", "/"),
        ("HTTPS://Hooks.Example.com.:8443/a/b?c=d#e", "hooks.example.com:8443", "/a/b?c=d"),
        ("https://93.184.216.34/", "93.184.216.34", "/"),
        ("https://[2606:2800:220:1:248:1893:25c8:1946]:444/x", "[2606:2800:220:1:248:1893:25c8:1946]:444", "/x"),
        ("https://xn--bcher-kva.example/%20", "xn--bcher-kva.example", "/%20"),
        ("https://0x7f.example/", "0x7f.example", "/"),
    ],
)
def test_what_is_plain_is_taken_as_it_is(url: str, authority: str, path: str) -> None:
    found = read_url(url, NOWHERE)
    assert (found.scheme, found.authority, found.path) == ("https", authority, path)


def test_a_name_is_refused_when_one_of_its_addresses_leads_inside() -> None:
    target = read_url("https://hooks.example/", NOWHERE)
    assert judge_addresses(target, ["93.184.216.34"], NOWHERE) == ["93.184.216.34"]
    for bad in (["93.184.216.34", "127.0.0.1"], ["::1"], ["fe80::1%eth0"], [], ["::ffff:10.0.0.1"], ["nonsense"]):
        with pytest.raises(BadInput):
            judge_addresses(target, bad, NOWHERE)


def test_only_networks_that_the_settings_open_are_reached_inside_and_over_http() -> None:
    allowed = Networks(["127.0.0.1/32", "10.8.0.0/16"])
    assert read_url("http://127.0.0.1:9/x", allowed).authority == "127.0.0.1:9"
    inner = read_url("http://receiver/", allowed)
    assert judge_addresses(inner, ["10.8.1.2"], allowed) == ["10.8.1.2"]
    for target, address in ((inner, "93.184.216.34"), (inner, "10.9.0.1"), (inner, "127.0.0.2")):
        with pytest.raises(BadInput):
            judge_addresses(target, [address], allowed)


@given(st.ip_addresses(v=4).filter(lambda one: not is_public(str(one))))
def test_no_wrapping_makes_an_address_inside_public(address: object) -> None:
    number = int(address)  # type: ignore[call-overload]
    for text in (
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1",
        f"::{address}",
    ):
        assert not is_public(text), text


@given(st.text(max_size=60) | st.text(alphabet="htps:/@.[]%0x127&#?\\", max_size=40).map("https://".__add__))
def test_whatever_is_written_is_taken_apart_or_refused(url: str) -> None:
    try:
        found = read_url(url, NOWHERE)
    except BadInput:
        return
    assert found.scheme in ("https", "http")
    assert found.authority.isascii()
    assert "@" not in found.authority
    assert not any(c in found.authority + found.path for c in " \r\n\\")
