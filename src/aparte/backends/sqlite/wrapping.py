"""Tags, wrap-up codes and transcripts that are looked through, in rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from aparte.backends.sqlite.rows import CONVERSATION, ENTRY, Row, conversation_of, entry_of
from aparte.conversations.model import Conversation, Entry
from aparte.conversations.store import SURVEY, RecordSurvey, Refused, SaveCodes, SaveTags
from aparte.conversations.vocabulary import CODES, Code, Vocabulary

if TYPE_CHECKING:
    from aparte.backends.sqlite.execute import Execution

SAVE_TAGS = """INSERT INTO vocabulary (site, tags, free_tags) VALUES (?, ?, ?)
    ON CONFLICT (site) DO UPDATE SET tags = excluded.tags, free_tags = excluded.free_tags"""
SAVE_CODES = """INSERT INTO vocabulary (site, codes) VALUES (?, ?)
    ON CONFLICT (site) DO UPDATE SET codes = excluded.codes"""
CONVERSATIONS = f"SELECT {', '.join(CONVERSATION)} FROM conversation"
WRAPS_DUE = f"""{CONVERSATIONS} WHERE site = ? AND wrap_agent <> '' AND wrapped_at IS NULL
    ORDER BY opened_at, id"""
BEFORE = f"""{CONVERSATIONS} WHERE site = :site AND (:at IS NULL OR (opened_at, id) < (:at, :conv))
    ORDER BY opened_at DESC, id DESC LIMIT :limit"""
CONVERSATION_WITH = """WITH lately(id) AS (
        SELECT id FROM conversation WHERE site = :site AND state <> 'closed'
        UNION ALL SELECT id FROM conversation WHERE site = :site AND closed_at >= :since
    ) SELECT conv FROM lately CROSS JOIN entry ON conv = lately.id AND author = :author AND cid = :cid AND cid <> ''
    LIMIT 1"""
LAST_SURVEY = """SELECT max(cid) FROM entry
    WHERE conv = ? AND author = ? AND cid > ? AND cid < ? AND cid <> ''"""
ENTRY_WITH = f"SELECT {', '.join(ENTRY)} FROM entry WHERE conv = ? AND author = ? AND cid = ? AND cid <> ''"


def text(value: Any) -> str:
    """As JSON."""
    return msgspec.json.encode(value).decode()


def record_survey(execution: Execution, command: RecordSurvey) -> Conversation | Refused:
    """What the visitor said of it."""
    before = execution.conversation(command.conv)
    by = before.visitor if before is not None else ""
    last = execution.run(LAST_SURVEY, (command.conv, by, SURVEY, f"{SURVEY}~")).fetchall()
    return execution.change(command, last[0][0] or "")


def save_tags(execution: Execution, command: SaveTags) -> None:
    """The tags of a site."""
    execution.run(SAVE_TAGS, (command.site, text(command.tags), command.free))


def save_codes(execution: Execution, command: SaveCodes) -> None:
    """The codes of a site."""
    execution.run(SAVE_CODES, (command.site, text(command.codes)))


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {
    RecordSurvey: record_survey,
    SaveTags: save_tags,
    SaveCodes: save_codes,
}


class WrappingReader:
    """The readers of these tables; a part of SqliteReader."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def vocabulary(self, site: str) -> Vocabulary:
        """See VocabularyReader."""
        found = self._rows("SELECT tags, free_tags, codes FROM vocabulary WHERE site = ?", (site,))
        if not found:
            return Vocabulary()
        tags, free, codes = found[0]
        return Vocabulary(
            tags=msgspec.json.decode(tags, type=tuple[str, ...]) if tags else (),
            free_tags=bool(free),
            codes=msgspec.json.decode(codes, type=tuple[Code, ...]) if codes else CODES,
        )

    def wraps_due(self, site: str) -> list[Conversation]:
        """See ConversationReader."""
        return [conversation_of(row) for row in self._rows(WRAPS_DUE, (site,))]

    def entry_with(self, conv: str, author: str, cid: str) -> Entry | None:
        """See ConversationReader."""
        found = self._rows(ENTRY_WITH, (conv, author, cid))
        return entry_of(found[0]) if found else None

    def conversation_with(self, site: str, author: str, cid: str, since: int) -> str | None:
        """See ConversationReader."""
        found = self._rows(CONVERSATION_WITH, {"site": site, "author": author, "cid": cid, "since": since})
        return found[0][0] if found else None

    def conversations_before(
        self, site: str, opened_at: int | None = None, conv: str = "", limit: int = 50
    ) -> list[Conversation]:
        """See ConversationReader."""
        asked = {"site": site, "at": opened_at, "conv": conv, "limit": limit}
        return [conversation_of(row) for row in self._rows(BEFORE, asked)]
