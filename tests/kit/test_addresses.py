"""Addresses: whom to believe, whom to count together, what may be kept."""

import pytest

from aparte.kit.addresses import Networks, client_address, is_loopback, source, truncated
from aparte.kit.errors import BadInput

PROXIES = Networks(["127.0.0.1", "10.0.0.0/8", "::1"])


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("82.64.17.203", "82.64.17.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:82.64.17.203", "82.64.17.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("<script>", ""),
        ("1" * 5_000, ""),
    ],
)
def test_only_the_beginning_of_an_address_is_kept(address: str, kept: str) -> None:
    assert truncated(address) == kept


def test_an_address_counts_alone_and_a_64_together() -> None:
    assert source("82.64.17.203") != source("82.64.17.204")
    assert source("2001:db8::1") == source("2001:db8::ffff:1") == "2001:db8::/64"
    assert source("2001:db8:0:1::1") != source("2001:db8::1")
    assert source("::ffff:8.8.8.8") == source("8.8.8.8") == "8.8.8.8"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("8.8.8.8", "1.2.3.4", "8.8.8.8"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", "6.6.6.6, 1.2.3.4, 10.1.1.1", "1.2.3.4"),
        ("127.0.0.1", "1.2.3.4:5000", "1.2.3.4"),
        ("::1", "[2001:db8::7]:80", "2001:db8::7"),
        ("127.0.0.1", "1.2.3.4, nonsense", "127.0.0.1"),
        ("127.0.0.1", "10.1.1.1", "10.1.1.1"),
    ],
)
def test_a_forwarded_address_is_believed_only_of_a_trusted_proxy(peer: str, forwarded: str, client: str) -> None:
    assert client_address(peer, forwarded, PROXIES) == client


def test_loopback_and_what_is_no_network() -> None:
    assert is_loopback("127.0.0.9")
    assert is_loopback("::1")
    assert not is_loopback("8.8.8.8")
    assert not is_loopback("localhost")
    assert "127.0.0.1" not in Networks()
    with pytest.raises(BadInput, match="no address"):
        Networks(["localhost"])
