"""The library of the scripted server, by docs/reference/library.md; the real parts check what it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

import msgspec

from aparte.conversations.articles import asked_words, checked_article, telling_words, words_of
from aparte.conversations.filling import checked_body, checked_shortcut, fill
from aparte.conversations.library import Article, Reply, Script, for_talk
from aparte.conversations.scripts import checked_steps
from aparte.kit.errors import BadInput
from aparte.web.words_library import (
    ArticleBody,
    ReplyBody,
    ScriptBody,
    article_row,
    article_words,
    reply_words,
    script_words,
)

if TYPE_CHECKING:
    from console_server import ConsoleServer

Json = dict[str, Any]
Answer = tuple[int, Any]
VALUES = {"agent": "Camille", "site": "Maison Lin", "cart": "104,70\u00a0€", "page": "Panier"}


class Shelves:
    """What a server has in its library, and how often each was used."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.scripts: dict[str, Script] = {}
        self.articles: dict[str, Article] = {}
        self.used: list[tuple[str, str]] = []
        self.made = 0

    def id_of(self, told: str | None) -> str:
        self.made += 1
        return told or f"new{self.made}"


def error(code: str, what: str = "", where: str = "") -> Json:
    return {"error": {"code": code, "what": what or code, "where": where, "hint": ""}}


async def answer(server: ConsoleServer, method: str, path: str, body: Json) -> Answer | None:
    """The answer of the library; None for a path that is not its own."""
    address, _, query = path.partition("?")
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    parts = [unquote(part) for part in address.split("/")]
    if parts[0] not in ("canned", "scripts", "articles", "library"):
        return None
    try:
        found = change(server, method, parts, body) if method != "GET" else read(server, parts, asked)
    except BadInput as wrong:
        return 400, error("bad_input", wrong.what, wrong.where)
    except msgspec.ValidationError as wrong:
        return 400, error("bad_input", str(wrong), "title" if "title" in str(wrong) else "")
    return (404, error("not_found")) if found is None else (found if isinstance(found, tuple) else (200, found))


def read(server: ConsoleServer, parts: list[str], asked: Json) -> Any:
    shelves, conv = server.library, asked.get("conv")
    match parts:
        case ["canned"]:
            of = sorted(shelves.replies.values(), key=lambda one: one.shortcut)
            filled = [reply_words(one, fill(one.body, VALUES)) for one in for_talk(of, "fr", "sales")]
            return words(filled if conv else [reply_words(one) for one in of])
        case ["scripts"]:
            return words([script_words(one, texts(one) if conv else None) for one in shelves.scripts.values()])
        case ["articles", "propose"]:
            said = [one["body"] for one in server.entries[conv or ""] if one["by"] == "visitor"]
            telling = telling_words(said[-1] if said else "")
            return words([article_row(one) for one in shelves.articles.values() if begun(one, telling, any)][:3])
        case ["articles"]:
            wanted = asked_words(asked.get("q", ""))
            return words([article_row(one) for one in shelves.articles.values() if begun(one, wanted, all)])
        case ["articles", one]:
            return words(article_words(shelves.articles[one])) if one in shelves.articles else None
    return None


def words(value: Any) -> Any:
    return msgspec.to_builtins(value)


def texts(script: Script) -> dict[str, str]:
    return {step.id: fill(step.say, VALUES).text for step in script.steps}


def begun(article: Article, wanted: list[str], how_many: Any) -> bool:
    has = words_of(f"{article.title} {article.body} {' '.join(article.tags)}")
    return bool(how_many(any(word.startswith(one) for word in has) for one in wanted))


def change(server: ConsoleServer, method: str, parts: list[str], body: Json) -> Any:
    shelves = server.library
    match method, parts:
        case "POST", ["library", sort, one, "used"]:
            shelves.used.append((sort, one))
            return 204, {}
        case "DELETE", ["library", sort, one]:
            shelf: Json = {"reply": shelves.replies, "script": shelves.scripts, "article": shelves.articles}[sort]
            return (204, {}) if shelf.pop(one, None) else None
        case "PUT", ["canned"]:
            return save_reply(shelves, msgspec.convert(body, ReplyBody))
        case "PUT", ["scripts"]:
            told = msgspec.convert(body, ScriptBody)
            known: Json = {"title": told.title, "language": told.language, "skill": told.skill}
            script = Script(id=shelves.id_of(told.id), site="demo", steps=checked_steps(told.steps), **known)
            shelves.scripts[script.id] = script
            return words(script_words(script))
        case "PUT", ["articles"]:
            return save_article(shelves, msgspec.convert(body, ArticleBody))
    return None


def save_reply(shelves: Shelves, told: ReplyBody) -> Any:
    shortcut, body = checked_shortcut(told.shortcut), checked_body(told.body)
    same = [one for one in shelves.replies.values() if (one.shortcut, one.language) == (shortcut, told.language)]
    if any(one.id != told.id and one.skill == told.skill for one in same):
        return 409, error("shortcut_taken", where="shortcut")
    known: Json = {"title": told.title, "language": told.language, "skill": told.skill, "shortcut": shortcut}
    reply = Reply(id=shelves.id_of(told.id), site="demo", body=body, **known)
    shelves.replies[reply.id] = reply
    return words(reply_words(reply))


def save_article(shelves: Shelves, told: ArticleBody) -> Any:
    known: Json = {"title": told.title, "language": told.language, "url": told.url, "tags": tuple(told.tags)}
    article = Article(id=shelves.id_of(told.id), site="demo", body=checked_article(told.body), **known)
    shelves.articles[article.id] = article
    return words(article_words(article))
