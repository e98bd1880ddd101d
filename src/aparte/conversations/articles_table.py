"""Articles from a CSV file: any order of columns, French or English names, `;` or `,`. Pure.

Each row becomes an article, or is refused with its line and the reason; nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from aparte.conversations.articles import checked_article, safe_link
from aparte.kit.errors import BadInput
from aparte.kit.tables import cells_of, heading

LONGEST_TITLE, LONGEST_TAG, MOST_TAGS = 200, 40, 20
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "titre", "question", "subject", "sujet"),
    "body": ("body", "text", "texte", "content", "contenu", "answer", "reponse"),
    "language": ("language", "lang", "langue", "locale"),
    "tags": ("tags", "etiquettes", "labels", "keywords", "mots_cles"),
    "url": ("url", "link", "lien", "adresse"),
}
MEMBER_OF = {name: member for member, names in COLUMNS.items() for name in names}


class NewArticle(Struct, frozen=True):
    """An article of a file."""

    title: str
    body: str
    language: str
    tags: tuple[str, ...] = ()
    url: str = ""


class BadRow(Struct, frozen=True):
    """A row that was not taken: its line in the file, from 1, and why."""

    line: int
    reason: str


def read_articles(text: str, where: str, language: str) -> tuple[list[NewArticle], list[BadRow]]:
    """The articles of a CSV file; without a language of its own a row has this one. BadInput without title and body."""
    rows = cells_of(text, where)
    number, head = next(rows, (1, []))
    members = [MEMBER_OF.get(heading(one)) for one in head]
    if not {"title", "body"} <= set(members):
        hint = "the first line names the columns: title, body, language, tags, url"
        raise BadInput("no columns name the title and the body", where=f"{where}:{number}", hint=hint)
    found: dict[tuple[str, str], NewArticle] = {}
    refused: list[BadRow] = []
    for line, cells in rows:
        try:
            one = article_of({member: cell for member, cell in zip(members, cells, strict=False) if member}, language)
            if (one.language, one.title) in found:
                raise BadInput("this title stands in the file already")
            found[one.language, one.title] = one
        except BadInput as error:
            refused.append(BadRow(line, error.what))
    return list(found.values()), refused


def article_of(given: Mapping[str, str], language: str) -> NewArticle:
    """The article of one row; BadInput says what is wrong with it."""
    if any("\x00" in cell or "\ufffd" in cell for cell in given.values()):
        raise BadInput("it is not UTF-8")
    title = " ".join(given.get("title", "").split())
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise BadInput(f"a title has 1 to {LONGEST_TITLE} characters")
    spoken, url = given.get("language", "").strip() or language, given.get("url", "").strip()
    if not LANGUAGE.fullmatch(spoken):
        raise BadInput(f"{spoken[:20]!r} is no language: fr, en, pt-BR")
    if url and not safe_link(url):
        raise BadInput("its address is neither http, https nor a path of the shop")
    tags = tuple(dict.fromkeys(one.strip() for one in re.split(r"[|,]", given.get("tags", "")) if one.strip()))
    if len(tags) > MOST_TAGS or any(len(one) > LONGEST_TAG for one in tags):
        raise BadInput(f"there are {MOST_TAGS} tags of {LONGEST_TAG} characters at most")
    return NewArticle(title, checked_article(given.get("body", "")), spoken, tags, url)
