"""The words of the console's API about the library; see docs/reference/library.md."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from aparte.conversations.articles import Block, blocks
from aparte.conversations.filling import Filled
from aparte.conversations.library import Article, Reply, Script, Step
from aparte.web.words_desk import Id, Skill

Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Tag = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]
EXCERPT = 160


class ReplyBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new reply without `id`, a changed one with it; `skill` null: for all."""

    id: Id | None = None
    shortcut: Annotated[str, Meta(min_length=1, max_length=60)]
    title: Title
    body: Annotated[str, Meta(max_length=16_000)]
    language: Language
    skill: Skill | None = None


class ReplyWords(Struct, frozen=True, kw_only=True):
    """A canned reply; `text` is its body filled for the conversation asked for, null without one."""

    id: str
    shortcut: str
    title: str
    body: str
    language: str
    skill: str | None
    used: int
    text: str | None = None
    missing: tuple[str, ...] = ()
    """Variables that have no value in this conversation, and no text in its place."""


class ScriptBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new script without `id`, a changed one with it."""

    id: Id | None = None
    title: Title
    steps: Annotated[list[Step], Meta(max_length=200)]
    language: Language
    skill: Skill | None = None


class ScriptWords(Struct, frozen=True, kw_only=True):
    """A script; with a conversation, `texts` are its steps filled for it."""

    id: str
    title: str
    steps: tuple[Step, ...]
    language: str
    skill: str | None
    used: int
    texts: dict[str, str] | None = None


class ArticleBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new article without `id`, a changed one with it."""

    id: Id | None = None
    title: Title
    body: Annotated[str, Meta(max_length=80_000)]
    language: Language
    tags: Annotated[list[Tag], Meta(max_length=20)] = []
    url: Annotated[str, Meta(max_length=1_000)] = ""


class ArticleRow(Struct, frozen=True, kw_only=True):
    """An article in a list."""

    id: str
    title: str
    language: str
    tags: tuple[str, ...]
    url: str
    used: int
    excerpt: str


class ArticleWords(Struct, frozen=True, kw_only=True):
    """A whole article: its body as it is written, and in parts to be shown as text."""

    id: str
    title: str
    body: str
    language: str
    tags: tuple[str, ...]
    url: str
    used: int
    blocks: tuple[Block, ...]


class Library(Struct, frozen=True):
    """Everything, for an export."""

    replies: list[ReplyWords]
    scripts: list[ScriptWords]
    articles: list[ArticleWords]


def reply_words(one: Reply, filled: Filled | None = None) -> ReplyWords:
    """The wire's form."""
    return ReplyWords(
        id=one.id,
        shortcut=one.shortcut,
        title=one.title,
        body=one.body,
        language=one.language,
        skill=one.skill,
        used=one.used,
        text=filled.text if filled else None,
        missing=filled.missing if filled else (),
    )


def script_words(one: Script, texts: dict[str, str] | None = None) -> ScriptWords:
    """The wire's form."""
    return ScriptWords(
        id=one.id,
        title=one.title,
        steps=one.steps,
        language=one.language,
        skill=one.skill,
        used=one.used,
        texts=texts,
    )


def article_row(one: Article) -> ArticleRow:
    """The wire's form in a list: of the body only how it begins."""
    said = " ".join(one.body.split())
    return ArticleRow(
        id=one.id,
        title=one.title,
        language=one.language,
        tags=one.tags,
        url=one.url,
        used=one.used,
        excerpt=said if len(said) <= EXCERPT else said[: EXCERPT - 1].rstrip() + "…",
    )


def article_words(one: Article) -> ArticleWords:
    """The wire's form."""
    return ArticleWords(
        id=one.id,
        title=one.title,
        body=one.body,
        language=one.language,
        tags=one.tags,
        url=one.url,
        used=one.used,
        blocks=blocks(one.body),
    )
