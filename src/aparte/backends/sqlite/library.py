"""Canned replies, scripts and articles: their SQL, and how they are read and found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec.structs import replace

from aparte.backends.sqlite.rows import Row
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
    from aparte.backends.sqlite.execute import Execution

TABLES: dict[Sort, str] = {"reply": "canned_reply", "script": "script", "article": "article"}
SAVE_REPLY = """INSERT INTO canned_reply (id, site, language, skill, shortcut, data) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET language = excluded.language, skill = excluded.skill,
        shortcut = excluded.shortcut, data = excluded.data"""
SAVE_SCRIPT = """INSERT INTO script (id, site, data) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET data = excluded.data"""
SAVE_ARTICLE = """INSERT INTO article (id, site, language, data) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET language = excluded.language, data = excluded.data"""
FIND = """SELECT article.data, article.used FROM article_text
    JOIN article ON article.number = article_text.rowid
    WHERE article_text MATCH ? AND article.site = ? AND (?3 IS NULL OR article.language = ?3)
    ORDER BY bm25(article_text, 6.0, 4.0, 1.0), article.id LIMIT ?4"""
OF = TypeVar("OF", Reply, Script, Article)


def used_before(execution: Execution, sort: Sort, id_: str, site: str) -> int | Refused:
    """How often it was used, 0 for a new one; Refused when another site has this id."""
    found = execution.run(f"SELECT site, used FROM {TABLES[sort]} WHERE id = ?", (id_,)).fetchall()
    if not found:
        return 0
    return found[0][1] if found[0][0] == site else Refused("unknown")


def save_reply(execution: Execution, command: SaveReply) -> Reply | Refused:
    """Insert or change a reply; that its shortcut is free is the table's key."""
    one = command.reply
    used = used_before(execution, "reply", one.id, one.site)
    if isinstance(used, Refused):
        return used
    head = (one.id, one.site, one.language, one.skill or "", one.shortcut)
    execution.run(SAVE_REPLY, (*head, msgspec.json.encode(one).decode()))
    return replace(one, used=used)


def save_script(execution: Execution, command: SaveScript) -> Script | Refused:
    """Insert or change a script."""
    one = command.script
    used = used_before(execution, "script", one.id, one.site)
    if isinstance(used, Refused):
        return used
    execution.run(SAVE_SCRIPT, (one.id, one.site, msgspec.json.encode(one).decode()))
    return replace(one, used=used)


def save_article(execution: Execution, command: SaveArticle) -> Article | Refused:
    """Insert or change an article, and the text that it is found by."""
    one = command.article
    used = used_before(execution, "article", one.id, one.site)
    if isinstance(used, Refused):
        return used
    erase_text(execution, one.site, one.id)
    execution.run(SAVE_ARTICLE, (one.id, one.site, one.language, msgspec.json.encode(one).decode()))
    execution.run(
        "INSERT INTO article_text (rowid, title, tags, body) SELECT number, ?, ?, ? FROM article WHERE id = ?",
        (one.title, " ".join(one.tags), one.body, one.id),
    )
    return replace(one, used=used)


def erase_text(execution: Execution, site: str, article: str) -> None:
    """Nothing of an article is found any more, nor stays in the index: a deletion alone only marks its words."""
    found = execution.run("SELECT number FROM article WHERE id = ? AND site = ?", (article, site)).fetchall()
    if found:
        execution.run("DELETE FROM article_text WHERE rowid = ?", found[0])
        execution.run("INSERT INTO article_text (article_text) VALUES ('optimize')")


def drop(execution: Execution, command: DropFromLibrary) -> Refused | None:
    """Erase one."""
    if command.sort == "article":
        erase_text(execution, command.site, command.id)
    gone = execution.run(f"DELETE FROM {TABLES[command.sort]} WHERE id = ? AND site = ?", (command.id, command.site))
    return None if gone.rowcount else Refused("unknown")


def count_use(execution: Execution, command: CountUse) -> Refused | None:
    """Used once more."""
    counted = execution.run(
        f"UPDATE {TABLES[command.sort]} SET used = used + 1 WHERE id = ? AND site = ?", (command.id, command.site)
    )
    return None if counted.rowcount else Refused("unknown")


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {
    SaveReply: save_reply,
    SaveScript: save_script,
    SaveArticle: save_article,
    DropFromLibrary: drop,
    CountUse: count_use,
}


def decoded(rows: Sequence[Row], kind: type[OF]) -> list[OF]:
    """What stands in these rows of data and use."""
    return [replace(msgspec.json.decode(data, type=kind), used=used) for data, used in rows]


def match(words: Sequence[str], *, every: bool) -> str:
    """A query of quoted words: whatever they are, none is an operator."""
    quoted = ['"{}" *'.format(word.replace("\0", " ").replace('"', '""')) for word in words]
    return (" AND " if every else " OR ").join(quoted)


class LibraryRows:
    """LibraryReader."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def replies(self, site: str) -> list[Reply]:
        """See LibraryReader."""
        sql = "SELECT data, used FROM canned_reply WHERE site = ? ORDER BY shortcut, id"
        return decoded(self._rows(sql, (site,)), Reply)

    def scripts(self, site: str) -> list[Script]:
        """See LibraryReader."""
        found = decoded(self._rows("SELECT data, used FROM script WHERE site = ?", (site,)), Script)
        return sorted(found, key=lambda one: (one.title, one.id))

    def articles(self, site: str, limit: int = 5_000) -> list[Article]:
        """See LibraryReader."""
        found = decoded(self._rows("SELECT data, used FROM article WHERE site = ?", (site,)), Article)
        return sorted(found, key=lambda one: (one.title, one.id))[:limit]

    def article(self, site: str, article: str) -> Article | None:
        """See LibraryReader."""
        found = self._rows("SELECT data, used FROM article WHERE id = ? AND site = ?", (article, site))
        return decoded(found, Article)[0] if found else None

    def find_articles(
        self, site: str, words: Sequence[str], *, every: bool, language: str | None = None, limit: int = 50
    ) -> list[Article]:
        """See LibraryReader."""
        if not words:
            return []
        return decoded(self._rows(FIND, (match(words, every=every), site, language, limit)), Article)
