"""How a session began: channel, search engine, keyword, affiliate, device; and reading addresses."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aparte.sessions.landing import landing
from aparte.sessions.model import Landing
from aparte.sessions.urls import host_of, query_parameter, referrer_domain
from aparte.tracking.model import CampaignContext, Context, DeviceContext, PageContext

SHOP = "https://www.shop.example/lamps"


def came_from(referrer: str | None = None, url: str = SHOP, **campaign: str) -> Landing:
    context = Context(page=PageContext(url=url, referrer=referrer), campaign=CampaignContext(**campaign))
    return landing(context)


@pytest.mark.covers("S1-28")
@pytest.mark.parametrize(
    ("referrer", "engine", "keyword"),
    [
        ("https://www.google.com/", "google", None),
        ("https://www.google.co.uk/search?q=desk+lamp&hl=en", "google", "desk lamp"),
        ("https://search.yahoo.com/search?p=lampe%20de%20bureau", "yahoo", "lampe de bureau"),
        ("https://www.baidu.com/s?wd=%E7%81%AF", "baidu", "灯"),
        ("https://duckduckgo.com/?q=lamp#x", "duckduckgo", "lamp"),
        ("https://notgoogle.example/?q=lamp", None, None),
        (None, None, None),
    ],
)
def test_search_engine_and_the_words_typed_there(referrer: str | None, engine: str | None, keyword: str | None) -> None:
    found = came_from(referrer)
    assert (found.search_engine, found.keyword) == (engine, keyword)


@pytest.mark.covers("S1-28")
def test_a_paid_term_is_the_keyword_where_the_search_engine_says_none() -> None:
    assert came_from("https://www.google.com/", medium="cpc", term="lamp").keyword == "lamp"


@pytest.mark.covers("S1-56")
@pytest.mark.parametrize(
    ("referrer", "campaign", "channel"),
    [
        (None, {}, "direct"),
        ("https://www.shop.example/cart", {}, "direct"),
        ("https://shop.example/cart", {}, "direct"),
        (None, {"source": "poster"}, "campaign"),
        ("https://www.google.fr/", {}, "organic"),
        ("https://www.google.fr/", {"medium": "CPC"}, "paid"),
        ("https://m.facebook.com/", {}, "social"),
        ("https://t.co/abc", {}, "social"),
        ("https://x.com/a", {}, "social"),
        ("https://walmart.com/", {}, "referral"),
        ("https://netflix.com/", {}, "referral"),
        ("https://blog.example/post", {}, "referral"),
        ("https://partner.example/", {"medium": "affiliate", "source": "partner"}, "affiliate"),
        (None, {"medium": "email", "source": "news"}, "email"),
        (None, {"medium": "unheard-of"}, "direct"),
    ],
)
def test_marketing_channel(referrer: str | None, campaign: dict[str, str], channel: str) -> None:
    assert came_from(referrer, **campaign).channel == channel


@pytest.mark.covers("S1-29", "S1-95")
@pytest.mark.parametrize("medium", ["affiliate", "Affiliate", "AFFILIATE"])
def test_affiliate(medium: str) -> None:
    assert came_from(None, medium=medium, source="partner").affiliate == "partner"
    assert came_from(None, medium="email", source="partner").affiliate is None


@pytest.mark.parametrize(
    ("user_agent", "device", "browser"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36", "desktop", "chrome"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "desktop", "edge"),
        ("Mozilla/5.0 (iPhone) Version/17.0 Mobile/15E148 Safari/604.1", "mobile", "safari"),
        ("Mozilla/5.0 (iPad) Version/17.0 Mobile/15E148 Safari/604.1", "tablet", "safari"),
        ("Mozilla/5.0 (Linux; Android 13) SamsungBrowser/23.0 Chrome/115 Mobile Safari", "mobile", "samsung"),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/115 Safari", "tablet", "chrome"),
        ("curl/8", "desktop", "other"),
        ("", None, None),
        (None, None, None),
    ],
)
def test_device_and_browser(user_agent: str | None, device: str | None, browser: str | None) -> None:
    found = landing(Context(user_agent=user_agent))
    assert (found.device, found.browser) == (device, browser)


def test_what_the_message_says_of_the_device_wins_where_it_says_something() -> None:
    agent = "Mozilla/5.0 (iPhone) Mobile"
    assert landing(Context(user_agent=agent, device=DeviceContext("tablet"))).device == "tablet"
    assert landing(Context(user_agent=agent, device=DeviceContext())).device == "mobile"


def test_without_context_everything_is_absent() -> None:
    assert landing(None) == Landing()
    assert landing(None).channel is None


@pytest.mark.parametrize(
    "url", ["http://[", "http://[::1", "//", "javascript:alert(1)", "\ud800", "?", "http://a:b:c/"]
)
def test_an_address_that_is_none_is_absent(url: str) -> None:
    assert host_of(url) in (None, "a")
    assert referrer_domain(url, SHOP) in (None, "a")
    assert query_parameter(url, "q") is None


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("/a?q=1&q=2", "1"),
        ("/a?q=", ""),
        ("/a?q", ""),
        ("/a?Q=1", None),
        ("/a#?q=1", "1"),
        ("/a?b=1#q=2", None),
        ("/a?q=%zz", "%zz"),
        ("/a?q=a+b%2Bc", "a b+c"),
        (None, None),
    ],
)
def test_a_parameter_of_an_address(url: str | None, value: str | None) -> None:
    assert query_parameter(url, "q") == value


TEXT = st.none() | st.text(max_size=20) | st.sampled_from([SHOP, "http://[", "https://www.google.com/?q=%ff", "?&&&q"])


@settings(max_examples=100, deadline=None)
@given(st.tuples(*[TEXT] * 6))
def test_a_landing_is_never_an_exception(texts: tuple[Any, ...]) -> None:
    url, referrer, source, medium, term, agent = texts
    page = PageContext(url=url, referrer=referrer)
    found = landing(Context(page=page, campaign=CampaignContext(source, medium, None, term), user_agent=agent))
    assert found.channel is not None
