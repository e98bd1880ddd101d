"""Articles brought in from a CSV file; through the server that runs, else into its folder."""

from __future__ import annotations

import secrets
from pathlib import Path

from msgspec import Struct, structs

from aparte.app import control
from aparte.app.clock import wall_ms
from aparte.app.enriched import bytes_text
from aparte.app.outside import site_of
from aparte.app.serve import opened, write
from aparte.conversations.articles_table import BadRow, NewArticle, read_articles
from aparte.conversations.library import MOST_OF, Article, SaveArticle
from aparte.kit.errors import BadInput

ARTICLES = "/api/v1/articles"


class ImportedArticles(Struct, frozen=True):
    """What a file has changed."""

    added: int
    changed: int
    refused: list[BadRow]


def import_articles(data: Path, path: Path, site: str | None, language: str) -> ImportedArticles:
    """The rows of a CSV file become articles; one with a known title and language is changed."""
    found, refused = read_articles(bytes_text(path), path.name, language)
    added = told_of(data, site, found)
    if added is None:
        added = written(data, site, found)
    return ImportedArticles(added, len(found) - added, refused)


def told_of(data: Path, site: str | None, found: list[NewArticle]) -> int | None:
    """How many are new to the running server, which has them now; None when none runs."""
    rows = control.call(data, "GET", control.at_site(ARTICLES, site))
    if rows is None:
        return None
    known = {(one["language"], one["title"]): one["id"] for one in rows}
    for one in found:
        body = {**structs.asdict(one), "id": known.get((one.language, one.title))}
        if control.call(data, "PUT", control.at_site(ARTICLES, site), body) is None:
            raise BadInput("the server has ended meanwhile", hint="import the file again: nothing comes twice")
    return sum((one.language, one.title) not in known for one in found)


def written(data: Path, site: str | None, found: list[NewArticle]) -> int:
    """How many are new to this folder, which has them now."""
    with opened(data) as store:
        name, at = site_of(store, site).id, wall_ms()
        known = {(one.language, one.title): one.id for one in store.articles(name)}
        fresh = [one for one in found if (one.language, one.title) not in known]
        if len(known) + len(fresh) > MOST_OF["article"]:
            raise BadInput(f"a site has {MOST_OF['article']:,} articles at most", hint="nothing was changed")
        ids = known | {(one.language, one.title): secrets.token_hex(8) for one in fresh}
        articles = [
            Article(
                id=ids[one.language, one.title], site=name, changed_at=at, changed_by="import", **structs.asdict(one)
            )
            for one in found
        ]
        write(store, [SaveArticle(one) for one in articles])
    return len(fresh)
