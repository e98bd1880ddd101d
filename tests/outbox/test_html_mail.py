"""A mail with HTML and pictures: nothing in it runs or loads, and the text comes first.

Planted defects seen to fail here: the judge of HTML left out; the HTML before the text.
"""

from __future__ import annotations

from base64 import b64encode
from email import message_from_bytes, policy

import pytest

from aparte.app.mailing import message
from aparte.kit.errors import BadInput
from aparte.outbox.compose import mail
from aparte.outbox.model import Inside

DOT = b"\x89PNG\r\n\x1a\n" + bytes(40)
PICTURE = Inside("curve", b64encode(DOT).decode())
HTML = '<!doctype html><html lang="fr"><body style="margin:0"><p>Été</p><img src="cid:curve" alt="onze"></body></html>'


def test_the_text_comes_first_then_the_html_with_its_pictures() -> None:
    made = message(mail("ann@shop.example", "Été", "Été\n", html=HTML, inside=(PICTURE,)), "a@b.example", "e1", 0)
    read = message_from_bytes(made.as_bytes(), policy=policy.default)
    kinds = [part.get_content_type() for part in read.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    text, html, picture = (part for part in read.walk() if not part.is_multipart())
    assert text.get_content().replace("\r\n", "\n") == "Été\n"
    assert html.get_content().replace("\r\n", "\n").strip() == HTML
    assert (picture["Content-ID"], picture.get_content()) == ("<curve>", DOT)
    assert read["Subject"] == "Été"


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>", "<ScRiPt src=x>", '<p onclick="x">', '<img src="https://there.example/a.png">',
        '<img src="//there.example/a">', '<img src=data:image/png;base64,x>', "<style>p{}</style>", "<iframe></iframe>",
        '<p style="background:url(x)">', '<a href="javascript:x">x</a>', '<svg></svg>', '<form action="x">',
        '<link rel="stylesheet">', "x" * 2_000_001,
    ],
)  # fmt: skip
def test_html_that_runs_or_loads_is_refused(html: str) -> None:
    with pytest.raises(BadInput):
        mail("ann@shop.example", "x", "x", html=html)


@pytest.mark.parametrize(
    "inside",
    [(), (PICTURE, Inside("other", PICTURE.png)), (Inside("curve", "PHN2Zz4="),), (Inside('c">x', PICTURE.png),)],
)
def test_a_mail_shows_the_pictures_that_are_inside_and_no_others(inside: tuple[Inside, ...]) -> None:
    with pytest.raises(BadInput):
        mail("ann@shop.example", "x", "x", html=HTML, inside=inside)
