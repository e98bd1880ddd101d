"""Articles: their small markup, and which words they are looked for by. Pure.

A body is paragraphs, with an empty line between them; lines that begin with `- ` are a list; `[words](address)` is a
link. An address is http, https or a path of the shop; anything else is refused when the article is saved, and is text
should it be there all the same. Nothing is ever HTML: who shows an article makes text nodes of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from aparte.conversations.filling import place
from aparte.conversations.library import MOST_ARTICLE
from aparte.conversations.text import FORBIDDEN, LINE_ENDS
from aparte.kit.errors import BadInput

LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,1000})\)")
DOUBTFUL = re.compile(
    r"[\x00-\x20\x7f-\xa0\\\"<>\u2028\u2029\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
LONGEST_URL = 1_000
WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 12
LONGEST_WORD = 40
TELLS_NOTHING = """
a about after all also am an and any are as at be been but by can could did do does doing for from get got had has have
having he hello help her here hey hi him his how i if in into is it its just like me more my need no not of ok okay on
or our out please she should so some than thank thanks that the their them then there these they this to too up us
very want was we were what when where which who why will with would yes you your
afin ai aie ainsi alors as au aucun aussi autre aux avec avez avoir avons bien bonjour bonsoir car ce ceci cela celle
celui ces cet cette ceux chez comme comment dans de depuis des dire dois doit donc du elle elles en encore entre es est
et etait etes etre eu faire fait faut il ils je jusque la le les leur leurs lui ma mais me meme merci mes moi moins mon
ne ni non nos notre nous on ont ou oui par parce pas peu peut peux plus pour pourquoi pouvez puis quand que quel quelle
quelles quels qui quoi sa salut sans se sera ses si sont sous suis sur ta te tes toi ton tous tout toute toutes tres tu
un une veux voici voila vos votre voudrais voulez vous vu y
"""
STOP_WORDS = frozenset(TELLS_NOTHING.split())
"""Words that tell nothing of what is asked, without their accents."""


class Piece(Struct, frozen=True, omit_defaults=True):
    """A text, which is a link when it has an address."""

    text: str
    href: str = ""


class Block(Struct, frozen=True):
    """A paragraph, of one line of pieces, or a list, of a line for each item."""

    kind: Literal["p", "ul"]
    lines: tuple[tuple[Piece, ...], ...]


def checked_article(body: str) -> str:
    """The body as it is stored; BadInput for what is too long or empty, or a link that leads nowhere good."""
    text = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", body)).strip()
    if FORBIDDEN.search(text):
        raise BadInput("this text has characters that no article may have", where="body")
    if not 1 <= len(text) <= MOST_ARTICLE:
        raise BadInput(f"an article has 1 to {MOST_ARTICLE:,} characters", where="body")
    for found in LINK.finditer(text):
        if not safe_link(found[2]):
            told = "this link is neither http, https nor a path of the shop"
            raise BadInput(
                told, where=place("body", text, found.start()), hint="[returns](https://shop.example/returns)"
            )
    return text


def safe_link(url: str) -> bool:
    """Whether an address may be followed: it is clearly one of http or https, or a path on the shop itself."""
    if len(url) > LONGEST_URL or DOUBTFUL.search(url):
        return False
    if url.startswith("/"):
        return not url.startswith("//")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    named = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    return named and url[len(parts.scheme) :].startswith("://")


def blocks(body: str) -> tuple[Block, ...]:
    """The parts of a body, in their order."""
    found: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", body):
        found += paragraph_blocks(paragraph.split("\n"))
    return tuple(found)


def paragraph_blocks(rows: Sequence[str]) -> list[Block]:
    """Lists, and the lines between them as paragraphs."""
    found: list[Block] = []
    items: list[tuple[Piece, ...]] = []
    said: list[str] = []
    for row in [*rows, ""]:
        is_item = row.startswith("- ")
        if said and (is_item or not row.strip()):
            found.append(Block("p", (pieces(" ".join(said)),)))
            said = []
        if items and not is_item:
            found.append(Block("ul", tuple(items)))
            items = []
        if is_item:
            items.append(pieces(row[2:].strip()))
        elif row.strip():
            said.append(row.strip())
    return found


def pieces(row: str) -> tuple[Piece, ...]:
    """Texts and links of a line."""
    found: list[Piece] = []
    done = 0
    for link in LINK.finditer(row):
        if safe_link(link[2]):
            found += [Piece(row[done : link.start()])] if link.start() > done else []
            found.append(Piece(link[1], link[2]))
            done = link.end()
    return (*found, Piece(row[done:])) if done < len(row) else tuple(found)


def plain_text(body: str) -> str:
    """An article as a message: links as `words (address)`."""
    return LINK.sub(lambda link: f"{link[1]} ({link[2]})" if safe_link(link[2]) else link[0], body)


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters and without accents, each once, in their order."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(one))
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in WORD.findall(bare)))


def asked_words(text: str) -> list[str]:
    """What a search box asks for."""
    return words_of(text)[:MOST_WORDS]


def telling_words(text: str) -> list[str]:
    """What somebody writes about: without words that tell nothing, and of long ones the beginning, so that
    `commandes` finds `commander`."""
    telling = [word for word in words_of(text) if len(word) > 2 and word not in STOP_WORDS]
    return list(dict.fromkeys(word if len(word) < 6 else word[: max(5, len(word) - 2)] for word in telling))[
        :MOST_WORDS
    ]
