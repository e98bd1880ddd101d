"""Codes, tags and links are judged before anything is stored; folds are the same whatever comes in whatever order.

Planted defects seen to fail here: an inactive code taken, a reason taken by any code, `wrapped_at` moved by a second
code, a foreign page let through by comparing the beginnings of addresses.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.conversations import links
from aparte.conversations.apply import close, tag, wrap
from aparte.conversations.model import Conversation
from aparte.conversations.store import CloseConversation, Refused, TagConversation, WrapConversation
from aparte.conversations.vocabulary import CODES, Code, Label, Vocabulary, written
from aparte.conversations.wrapping import Wrap, judged, tag_of, tags_of

OLD = Code(id="old", label=Label("Ancien", "Old"), outcome="other", active=False)
WORDS = Vocabulary(codes=(*CODES, OLD))
SHOP = ("https://shop.example", "https://www.shop.example:8443", "http://[::1]:8000")


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (Wrap("nothing"), "bad_code"),
        (Wrap("old"), "bad_code"),
        (Wrap("sold", "price"), "bad_reason"),
        (Wrap("not_bought", "the weather"), "bad_reason"),
        (Wrap("sold", "", "x" * 4001), "too_long"),
        (Wrap("sold", "", "a\u202eb"), "bad_text"),
    ],
)
def test_a_wrap_up_that_cannot_be_meant_is_refused(said: Wrap, refused: str) -> None:
    assert judged(said, WORDS) == Refused(refused)


def test_a_reason_belongs_to_a_code_that_asks_for_it_and_a_note_is_masked() -> None:
    card = "4242 4242 4242 4242"
    told = judged(Wrap("not_bought", "delivery_cost", f" paid with {card}"), WORDS)
    assert isinstance(told, Wrap)
    assert (told.code, told.reason) == ("not_bought", "delivery_cost")
    assert card not in told.note


def test_a_code_that_leaves_the_list_is_kept_out_of_use() -> None:
    assert written(CODES[:2], CODES) == (*CODES[:2], *(Code(id=one.id, label=one.label, outcome=one.outcome,
        reasons=one.reasons, active=False) for one in CODES[2:]))  # fmt: skip


def test_tags_are_small_trimmed_and_few() -> None:
    assert tags_of([" VIP ", "vip", "Grande  Taille"], WORDS) == ("vip", "grande taille")
    assert tags_of(["x" * 41], WORDS) == tags_of(["a", " "], WORDS) == Refused("bad_tag")
    assert tags_of([f"t{n}" for n in range(11)], WORDS) == Refused("too_many_tags")
    own = Vocabulary(tags=("vip",), free_tags=False)
    assert tags_of(["vip", "old"], own, before=("old",)) == ("vip", "old")
    assert tags_of(["vip", "new"], own) == Refused("unknown_tag")


@given(st.text(max_size=60))
def test_a_tag_is_its_own_tag(text: str) -> None:
    found = tag_of(text)
    assert found is None or (tag_of(found) == found and 0 < len(found) <= 40 and "\n" not in found)


closing = st.builds(CloseConversation, st.just("c"), st.integers(0, 9), st.booleans())
wrapping = st.builds(
    WrapConversation, st.just("c"), st.sampled_from(["ann", "lead"]), st.sampled_from(["sold", "other"]), st.just(""),
    st.just(""), st.integers(0, 9),
)  # fmt: skip
tagging = st.builds(TagConversation, st.just("c"), st.sampled_from([(), ("a",), ("a", "b")]))


@given(st.sampled_from(["", "ann"]), st.lists(closing | wrapping | tagging, max_size=8))
def test_an_end_and_its_code_are_told_once_and_never_before_the_end(agent: str, commands: list[object]) -> None:
    one = Conversation(id="c", site="s", visitor="v", state="open" if agent else "queued", agent=agent)
    for command in commands:
        before = one
        if isinstance(command, CloseConversation):
            one = close(one, command)
            assert before.state != "closed" or one is before
        elif isinstance(command, WrapConversation):
            told = wrap(one, command)
            assert isinstance(told, Refused) == (one.state != "closed")
            one = one if isinstance(told, Refused) else told
        elif isinstance(command, TagConversation):
            one = tag(one, command)
        if before.wrapped_at is not None:
            assert (one.wrapped_at, one.wrap_agent) == (before.wrapped_at, before.wrap_agent)
        if one.wrapped_at is not None:
            assert one.closed_at is not None
            assert one.wrapped_at >= one.closed_at
            assert one.wrap_agent == (agent or one.wrap_agent)
        assert (one.agent, one.head, one.waiting_since) == (agent, 0, None)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example", "https://shop.example/", "https://SHOP.example:443/a?b=c#d", "/returns", "/a//b",
        "https://www.shop.example:8443/x", "http://[::1]:8000/shop",
    ],
)  # fmt: skip
def test_a_page_of_the_shop_may_be_shown(url: str) -> None:
    assert links.page(url, SHOP) == url


FOREIGN = [
    "https://shop.example@evil.example/", "https://me@shop.example/", "https://@shop.example/",
    "//evil.example", "https://shop.example:x@evil.example", "/\\evil.example",
    "https://shop.example\\@evil.example/", "https:/evil.example", "https:evil.example", "///evil.example",
    "http://shop.example/", "https://shop.example.evil.example/", "https://shop.example.", "https://shop.example:8443",
    "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "/\t/evil.example", "\n//evil.example", "",
    "https://shop.example:99999/", "https://shop.example:port/", "https://[::1", "https://", "https:///shop.example",
    "https://evil.example/https://shop.example", "https://evil.example#https://shop.example", "returns",
    "https://shop%2eexample/", "https://shop.example\u200b/", "/" + "x" * 1_000, "ftp://shop.example/", "blob:x",
    "https://ſhop.example/", "https://shop.example\x00.evil.example", "https://:443", "//shop.example/",
]  # fmt: skip


@pytest.mark.parametrize("url", FOREIGN)
def test_a_page_of_somebody_else_may_not(url: str) -> None:
    assert links.page(url, SHOP) == ""


pieces = st.lists(
    st.sampled_from(
        ["https:", "http:", "/", "//", "\\", "@", ":", "shop.example", "evil.example", "#", "?", "\t", "%2f", ".", "x"]
    ),
    max_size=8,
).map("".join)


@given(pieces | st.text(max_size=30))
def test_whatever_is_let_through_is_on_the_shops_own_host(url: str) -> None:
    found = links.page(url, SHOP)
    if found.startswith("/"):
        assert found[1:2] not in ("/", "\\")
    elif found:
        parts = urlsplit(found)
        assert "@" not in parts.netloc
        assert parts.hostname in ("shop.example", "www.shop.example", "::1")
    assert not set(found) & set("\\\t\r\n ")


def test_pictures_come_over_https_or_from_the_shop_itself() -> None:
    assert links.image("https://cdn.example/1.jpg", SHOP)
    assert links.image("http://[::1]:8000/1.jpg", SHOP)
    assert links.image("/1.jpg", SHOP)
    for bad in ("http://cdn.example/1.jpg", "data:image/svg+xml,x", "//cdn.example/1.jpg", "javascript:1", ""):
        assert links.image(bad, SHOP) == ""
    assert links.link("javascript:1") == links.link("//x.example") == ""
    assert links.link("http://other.example/p") == "http://other.example/p"
