"""C1: what was written and is not acknowledged, in a file before it is sent, so that it outlives the page."""

from __future__ import annotations

import json
from pathlib import Path

from msgspec import Struct


class Item(Struct, frozen=True):
    """A message on its way; `cid` is made when the human presses Enter."""

    cid: str
    conv: str
    body: str
    kind: str = "text"

    def wire(self) -> dict[str, str]:
        """As frames and bodies name it."""
        return {"cid": self.cid, "kind": self.kind, "body": self.body}


class Outbox:
    """A journal of one page: a line for each message, a line for each acknowledgement."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.waiting: dict[str, Item] = {}
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            told = json.loads(line)
            if isinstance(told, str):
                self.waiting.pop(told, None)
            else:
                self.waiting[told["cid"]] = Item(**told)
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def add(self, item: Item) -> None:
        """Keep it; only then may it be sent."""
        self._file.write(json.dumps({"conv": item.conv, **item.wire()}) + "\n")
        self.waiting[item.cid] = item

    def done(self, cid: str) -> bool:
        """It is acknowledged; False when it was before."""
        if self.waiting.pop(cid, None) is None:
            return False
        self._file.write(json.dumps(cid) + "\n")
        return True

    def of(self, conv: str) -> list[Item]:
        """What waits in one conversation, in the order in which it was written."""
        return [one for one in self.waiting.values() if one.conv == conv]

    def close(self) -> None:
        """The page is gone; the file stays."""
        self._file.close()
