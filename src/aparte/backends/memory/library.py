"""Canned replies, scripts and articles of the store in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from aparte.conversations.articles import words_of
from aparte.conversations.library import (
    Article,
    CountUse,
    DropFromLibrary,
    Reply,
    SaveArticle,
    SaveReply,
    SaveScript,
    Script,
    Sort,
)
from aparte.conversations.store import Refused

if TYPE_CHECKING:
    from aparte.backends.memory.store import MemoryStore


class LibraryTables:
    """LibraryReader, and its tables."""

    def __init__(self) -> None:
        super().__init__()
        self._replies: dict[str, Reply] = {}
        self._scripts: dict[str, Script] = {}
        self._articles: dict[str, Article] = {}

    def shelf(self, sort: Sort) -> dict[str, Any]:
        """The table of a sort."""
        tables: dict[Sort, dict[str, Any]] = {
            "reply": self._replies,
            "script": self._scripts,
            "article": self._articles,
        }
        return tables[sort]

    def replies(self, site: str) -> list[Reply]:
        """See LibraryReader."""
        of = [one for one in self._replies.values() if one.site == site]
        return sorted(of, key=lambda one: (one.shortcut, one.id))

    def scripts(self, site: str) -> list[Script]:
        """See LibraryReader."""
        of = [one for one in self._scripts.values() if one.site == site]
        return sorted(of, key=lambda one: (one.title, one.id))

    def articles(self, site: str, limit: int = 5_000) -> list[Article]:
        """See LibraryReader."""
        of = [one for one in self._articles.values() if one.site == site]
        return sorted(of, key=lambda one: (one.title, one.id))[:limit]

    def article(self, site: str, article: str) -> Article | None:
        """See LibraryReader."""
        found = self._articles.get(article)
        return found if found is not None and found.site == site else None

    def find_articles(
        self, site: str, words: Sequence[str], *, every: bool, language: str | None = None, limit: int = 50
    ) -> list[Article]:
        """See LibraryReader; a word in the title weighs as much as three elsewhere."""
        scored = [(score(one, words, every=every), one) for one in self.articles(site)]
        fits = [pair for pair in scored if pair[0] and language in {None, pair[1].language}]
        return [one for _, one in sorted(fits, key=lambda pair: (-pair[0], pair[1].id))][:limit]


def score(article: Article, words: Sequence[str], *, every: bool) -> int:
    """How well it answers; 0: not at all."""
    title, rest = words_of(article.title), words_of(f"{' '.join(article.tags)} {article.body}")
    points = [3 * begun(title, word) + begun(rest, word) for word in words]
    return 0 if every and not all(points) else sum(points)


def begun(words: Sequence[str], start: str) -> bool:
    """Whether one of the words begins like this."""
    return any(word.startswith(start) for word in words)


def save(store: MemoryStore, sort: Sort, one: Any) -> Any:
    """Insert or change one; how often it was used stays."""
    known = store.shelf(sort).get(one.id)
    if known is not None and known.site != one.site:
        return Refused("unknown")
    kept = replace(one, used=0 if known is None else known.used)
    store._undo.put(store.shelf(sort), one.id, kept)
    return kept


def save_reply(store: MemoryStore, command: SaveReply) -> Reply | Refused:
    """Insert or change a reply, whose shortcut is its own."""
    one = command.reply
    if any(taken(one, other) for other in store.replies(one.site)):
        return Refused("shortcut_taken")
    found: Reply | Refused = save(store, "reply", one)
    return found


def taken(one: Reply, other: Reply) -> bool:
    """Whether another reply has its shortcut."""
    same = (one.language, one.skill, one.shortcut) == (other.language, other.skill, other.shortcut)
    return same and one.id != other.id


def drop(store: MemoryStore, command: DropFromLibrary) -> Refused | None:
    """Erase one."""
    shelf = store.shelf(command.sort)
    if command.id not in shelf or shelf[command.id].site != command.site:
        return Refused("unknown")
    store._undo.drop(shelf, command.id)
    return None


def count_use(store: MemoryStore, command: CountUse) -> Refused | None:
    """Used once more."""
    shelf = store.shelf(command.sort)
    known = shelf.get(command.id)
    if known is None or known.site != command.site:
        return Refused("unknown")
    store._undo.put(shelf, command.id, replace(known, used=known.used + 1))
    return None


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {
    SaveReply: save_reply,
    SaveScript: lambda store, command: save(store, "script", command.script),
    SaveArticle: lambda store, command: save(store, "article", command.article),
    DropFromLibrary: drop,
    CountUse: count_use,
}
