"""Who is thought to write in which conversation; where the site allows it, what a visitor writes before he sends it.

The latest only, believed for as long as typing is. It is never stored, never logged, and no visitor is told of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from aparte.conversations.model import Conversation
from aparte.conversations.text import clean_unsent
from aparte.web.desk import Desk
from aparte.web.polls import Polls
from aparte.web.principal import Principal
from aparte.web.watcher import Watcher

GAP_S = 0.25
"""Between two texts of a conversation that are sent on; what comes sooner waits for the next tick, the latest only."""
MOST_WAITING = 16
"""A socket with more frames than this waiting is sent no text that is not a message."""


class Writing:
    """Both sides of all conversations; nobody who says nothing more writes for ever."""

    def __init__(self, desk: Desk, watchers: Mapping[str, set[Watcher]], polls: Polls) -> None:
        self._desk, self._watchers, self._polls = desk, watchers, polls
        self._until: dict[tuple[str, str], float] = {}
        self._texts: dict[str, str] = {}
        """As they came; whoever reads them has them cleaned."""
        self._sent_on: dict[str, float] = {}
        self._owed: set[str] = set()

    def __len__(self) -> int:
        return len(self._until)

    def visitor(self, conversation: Conversation, on: bool, text: str) -> None:
        """A visitor writes, or has stopped. His text is thrown away where nobody may see it."""
        conv = conversation.id
        self._put(conv, "visitor", on)
        if on and text and self._shown_at(conversation):
            self._texts[conv] = text
        if conv in self._texts and not self._due(conv):
            self._owed.add(conv)
        else:
            self._tell(conversation)

    def agent(self, conv: str, on: bool) -> None:
        """An agent writes, or has stopped: the visitor sees it, and whoever polls is woken. There is never a text."""
        self._put(conv, "agent", on)
        for watcher in tuple(self._watchers.get(conv, ())):
            if watcher.who.by == "visitor":
                watcher.put("typing", {"who": "agent", "on": on})
        self._polls.wake(conv)

    def said(self, conv: str, by: str) -> None:
        """Whoever has sent something writes no more."""
        self._put(conv, by, False)

    def on(self, conv: str, by: str) -> bool:
        """Whether a side is thought to write now."""
        return self._until.get((conv, by), 0.0) > now()

    def text_for(self, who: Principal, conversation: Conversation) -> str:
        """What the visitor is writing, for somebody who may see it; empty for anybody else."""
        return (self._text(conversation) or "") if may_see_unsent(who, conversation) else ""

    def show(self, watcher: Watcher) -> None:
        """Tell somebody who has just come what goes on."""
        conversation = self._desk.engine.conversation(watcher.conv)
        if conversation is not None and self.on(watcher.conv, "visitor"):
            self._tell_one(watcher, conversation, True, self._text(conversation))

    def tick(self) -> None:
        """Forget those who have said nothing more, and send on what came too fast."""
        at = now()
        for conv, by in [key for key, until in self._until.items() if until <= at]:
            self._put(conv, by, False)
            self._polls.wake(conv)
        self._sent_on = {conv: sent for conv, sent in self._sent_on.items() if at - sent < GAP_S}
        for conv in [one for one in self._owed if self._due(one)]:
            self._owed.discard(conv)
            conversation = self._desk.engine.conversation(conv)
            if conversation is not None:
                self._tell(conversation)

    def _put(self, conv: str, by: str, on: bool) -> None:
        if by == "visitor":
            self._texts.pop(conv, None)
            self._owed.discard(conv)
        if on:
            self._until[conv, by] = now() + self._desk.timing.typing
        else:
            self._until.pop((conv, by), None)

    def _due(self, conv: str) -> bool:
        at = now()
        if at - self._sent_on.get(conv, -GAP_S) < GAP_S:
            return False
        self._sent_on[conv] = at
        return True

    def _shown_at(self, conversation: Conversation) -> bool:
        return conversation.state != "closed" and self._desk.directory.site(conversation.site).typing_preview

    def _text(self, conversation: Conversation) -> str | None:
        """None where the site does not let it be seen."""
        if not self._shown_at(conversation):
            return None
        return clean_unsent(self._texts.get(conversation.id, "")) if self.on(conversation.id, "visitor") else ""

    def _tell(self, conversation: Conversation) -> None:
        on, text = self.on(conversation.id, "visitor"), self._text(conversation)
        for watcher in tuple(self._watchers.get(conversation.id, ())):
            if watcher.who.by == "agent":
                self._tell_one(watcher, conversation, on, text)

    def _tell_one(self, watcher: Watcher, conversation: Conversation, on: bool, text: str | None) -> None:
        frame: dict[str, Any] = {"who": "visitor", "on": on}
        if text is not None and may_see_unsent(watcher.who, conversation) and watcher.connection.backlog < MOST_WAITING:
            frame["text"] = text
        watcher.put("typing", frame)


def may_see_unsent(who: Principal, conversation: Conversation) -> bool:
    """The agent who has the conversation, those who have joined him, and those who supervise; nobody else."""
    if who.by != "agent" or not who.may_see(conversation):
        return False
    return who.id in (conversation.agent, *conversation.guests) or who.may("supervise")


def now() -> float:
    """Seconds of the loop's clock."""
    return asyncio.get_running_loop().time()
