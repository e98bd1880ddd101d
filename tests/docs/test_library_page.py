"""The page of the library names every call, variable and limit that there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from aparte.conversations.filling import VARIABLES
from aparte.conversations.library import MOST_ARTICLE, MOST_OF, MOST_STEPS
from aparte.conversations.scripts import MOST_BRANCHES
from aparte.web.api_library import HANDLERS


def test_the_page_says_what_there_is(root: Path) -> None:
    text = (root / "docs/reference/library.md").read_text("utf-8")
    assert re.findall(r"^\| `\{(\w+)\}` \|", text, re.MULTILINE) == list(VARIABLES)
    told = {
        (method, path.partition("?")[0], right)
        for method, path, right in re.findall(r"^\| `(\w+) (\S+)` \| (\w+) \|", text, re.MULTILINE)
    }
    routes = {
        (method, re.sub(r":str", "", path), handler.opt["right"])
        for handler in HANDLERS
        for path in handler.paths
        for method in handler.http_methods
    }
    assert told == routes
    for limit in (*MOST_OF.values(), MOST_ARTICLE, MOST_STEPS, MOST_BRANCHES):
        assert f"{limit:,}" in text
