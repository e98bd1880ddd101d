"""What agents need not write anew: canned replies, guided scripts, articles. Its words, and what is stored of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct

MOST_ARTICLE = 20_000
"""Code points of an article's body."""
MOST_STEPS = 50
Sort: TypeAlias = Literal["reply", "script", "article"]
MOST_OF: dict[Sort, int] = {"reply": 1_000, "script": 200, "article": 5_000}
"""Of one site."""


class Reply(Struct, frozen=True, kw_only=True):
    """A canned reply. `shortcut` is unique among those of its site, language and skill."""

    id: str
    site: str
    shortcut: str
    title: str
    body: str
    """With variables; see filling."""
    language: str
    skill: str | None = None
    """None: for all skills."""
    used: int = 0
    changed_at: int = 0
    changed_by: str = ""


class Branch(Struct, frozen=True):
    """What the visitor may answer, and the step that follows."""

    label: str
    to: str


class Step(Struct, frozen=True):
    """What the agent says, and where it goes on; nowhere: the script ends here."""

    id: str
    say: str
    next: tuple[Branch, ...] = ()


class Script(Struct, frozen=True, kw_only=True):
    """A way through a conversation: it begins with the first step."""

    id: str
    site: str
    title: str
    steps: tuple[Step, ...]
    language: str
    skill: str | None = None
    used: int = 0
    changed_at: int = 0
    changed_by: str = ""


class Article(Struct, frozen=True, kw_only=True):
    """An article of the knowledge base; its body is small markup, see articles."""

    id: str
    site: str
    title: str
    body: str
    language: str
    tags: tuple[str, ...] = ()
    url: str = ""
    """Where visitors can read it; empty: nowhere."""
    used: int = 0
    changed_at: int = 0
    changed_by: str = ""


class SaveReply(Struct, frozen=True):
    """Insert or change a reply; how often it was used stays. Result: the Reply as it stands.

    Refused `shortcut_taken`; `unknown` when another site has this id.
    """

    reply: Reply


class SaveScript(Struct, frozen=True):
    """Insert or change a script, as SaveReply does."""

    script: Script


class SaveArticle(Struct, frozen=True):
    """Insert or change an article and what is found of it, as SaveReply does."""

    article: Article


class DropFromLibrary(Struct, frozen=True):
    """Erase one, and all that could be found of it. Refused `unknown` when the site has none with this id."""

    site: str
    sort: Sort
    id: str


class CountUse(Struct, frozen=True):
    """It was sent to a visitor once more. Refused `unknown` when the site has none with this id."""

    site: str
    sort: Sort
    id: str


class LibraryReader(Protocol):
    """Reads as of the last commit."""

    def replies(self, site: str) -> Sequence[Reply]:
        """All, by shortcut."""
        ...

    def scripts(self, site: str) -> Sequence[Script]:
        """All, by title."""
        ...

    def articles(self, site: str, limit: int = 5_000) -> Sequence[Article]:
        """All, by title."""
        ...

    def article(self, site: str, article: str) -> Article | None:
        """One article."""
        ...

    def find_articles(
        self, site: str, words: Sequence[str], *, every: bool, language: str | None = None, limit: int = 50
    ) -> Sequence[Article]:
        """Those with words that begin with these, the best first; `every`: with all of them, else with any.

        Words are those of `articles.words_of`; no words find nothing.
        """
        ...


def for_talk(replies: Sequence[Reply], language: str, skill: str | None) -> list[Reply]:
    """Those for a conversation, by shortcut; one for its skill goes before one for all with the same shortcut."""
    found: dict[str, Reply] = {}
    for one in replies:
        fits = one.language == language and (one.skill is None or skill is None or one.skill == skill)
        if fits and (one.shortcut not in found or one.skill is not None):
            found[one.shortcut] = one
    return [found[shortcut] for shortcut in sorted(found)]
