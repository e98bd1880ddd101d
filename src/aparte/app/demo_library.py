"""What the agents of the demo have at hand: replies, scripts and articles of the simulated shop."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import msgspec
from msgspec.structs import replace

from aparte.conversations.articles import checked_article
from aparte.conversations.filling import checked_body, checked_shortcut
from aparte.conversations.library import Article, Reply, SaveArticle, SaveReply, SaveScript, Script
from aparte.conversations.scripts import checked_steps

FILE = "library.toml"


def library(site: str, at: int) -> list[SaveReply | SaveScript | SaveArticle]:
    """The commands that fill a site's library; BadInput when the file says what no supervisor could save."""
    read = tomllib.loads(files("aparte.simulation").joinpath(FILE).read_text("utf-8"))
    replies = [made(one, Reply, f"reply-{n}", site, at) for n, one in enumerate(read["replies"])]
    scripts = [made(one, Script, f"script-{n}", site, at) for n, one in enumerate(read["scripts"])]
    articles = [made(one, Article, f"article-{n}", site, at) for n, one in enumerate(read["articles"])]
    return [
        *(SaveReply(replace(o, shortcut=checked_shortcut(o.shortcut), body=checked_body(o.body))) for o in replies),
        *(SaveScript(replace(one, steps=checked_steps(one.steps))) for one in scripts),
        *(SaveArticle(replace(one, body=checked_article(one.body))) for one in articles),
    ]


def made(told: dict[str, Any], kind: Any, id_: str, site: str, at: int) -> Any:
    """One of the file, as the store keeps it."""
    return msgspec.convert(told | {"id": f"demo-{id_}", "site": site, "changed_at": at, "changed_by": "demo"}, kind)
