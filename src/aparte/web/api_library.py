"""The library: canned replies, guided scripts, articles. Those with the right change it, all agents use it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from aparte.conversations.articles import asked_words, checked_article, safe_link, telling_words
from aparte.conversations.filling import checked_body, checked_shortcut, fill
from aparte.conversations.library import (
    MOST_OF,
    Article,
    CountUse,
    DropFromLibrary,
    Reply,
    SaveArticle,
    SaveReply,
    SaveScript,
    Script,
    Sort,
    for_talk,
)
from aparte.conversations.model import Conversation
from aparte.conversations.scripts import checked_steps
from aparte.conversations.store import Refused
from aparte.kit.errors import BadInput
from aparte.web.desk import Desk
from aparte.web.filling_in import values_of
from aparte.web.hub import Hub
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.transcript import conversation_of
from aparte.web.words_library import (
    ArticleBody,
    ArticleRow,
    ArticleWords,
    Library,
    ReplyBody,
    ReplyWords,
    ScriptBody,
    ScriptWords,
    article_row,
    article_words,
    reply_words,
    script_words,
)

MOST_PROPOSED = 3
MOST_FOUND = 200
LOOKED_BACK = 30
"""Entries among which the visitor's last words are looked for."""
Asked = Annotated[str | None, QueryParameter(max_length=64)]


def gone() -> Problem:
    """404."""
    return Problem(404, "not_found", "the library has nothing with this id", where="id")


def known_id(told: str | None, of: Sequence[Any], sort: Sort) -> str:
    """The id of one that is there, or a new one; Problem 404, and 409 when there are too many."""
    if told is not None:
        if all(one.id != told for one in of):
            raise gone()
        return told
    if len(of) >= MOST_OF[sort]:
        raise Problem(409, "too_many", f"a site has {MOST_OF[sort]:,} of these at most", hint="take some out")
    return secrets.token_hex(8)


@contextmanager
def checking() -> Iterator[None]:
    """What the library refuses becomes a 400, with its place."""
    try:
        yield
    except BadInput as error:
        raise Problem(400, "bad_input", error.what, where=error.where, hint=error.hint) from None


def kept(data: ReplyBody | ScriptBody | ArticleBody, me: Principal, desk: Desk) -> dict[str, Any]:
    """What is kept of each sort alike."""
    said = {"title": data.title.strip(), "language": data.language}
    return {"site": me.site, **said, "changed_at": desk.now(), "changed_by": me.id}


async def written(desk: Desk, command: SaveReply | SaveScript | SaveArticle | DropFromLibrary | CountUse) -> Any:
    """The result of a command; Problem for a refusal."""
    [result] = await desk.store.submit([command])
    if isinstance(result, Refused):
        if result.code == "shortcut_taken":
            told = "another reply of this language and skill has this shortcut"
            raise Problem(409, "shortcut_taken", told, where="shortcut", hint="change it, or choose another")
        raise gone()
    return result


@get("/canned", summary="Canned replies", right="read")
async def canned(me: NamedDependency[Principal], desk: NamedDependency[Desk], conv: Asked = None) -> list[ReplyWords]:
    """All; or, with a conversation, those of its language and skill, filled for it by whoever asks."""
    replies = desk.store.replies(me.site)
    if conv is None:
        return [reply_words(one) for one in replies]
    conversation = conversation_of(me, conv, desk)
    fitting = for_talk(replies, conversation.language, conversation.skill)
    values = values_of(me, conversation, desk) if any("{" in one.body for one in fitting) else {}
    return [reply_words(one, fill(one.body, values)) for one in fitting]


@put("/canned", summary="Make or change a canned reply", right="library")
async def save_reply(
    data: JSONBody[ReplyBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> ReplyWords:
    """400 says where a variable is unknown; 409 `shortcut_taken`."""
    with checking():
        reply = Reply(
            id=known_id(data.id, desk.store.replies(me.site), "reply"),
            shortcut=checked_shortcut(data.shortcut),
            body=checked_body(data.body),
            skill=data.skill,
            **kept(data, me, desk),
        )
    return reply_words(await written(desk, SaveReply(reply)))


@get("/scripts", summary="Guided scripts", right="read")
async def scripts(me: NamedDependency[Principal], desk: NamedDependency[Desk], conv: Asked = None) -> list[ScriptWords]:
    """All; or, with a conversation, those of its language and skill, their steps filled for it."""
    of_site = desk.store.scripts(me.site)
    if conv is None:
        return [script_words(one) for one in of_site]
    conversation = conversation_of(me, conv, desk)
    fitting = [one for one in of_site if fits(one, conversation)]
    values = values_of(me, conversation, desk) if fitting else {}
    return [script_words(one, {step.id: fill(step.say, values).text for step in one.steps}) for one in fitting]


def fits(script: Script, conversation: Conversation) -> bool:
    """Whether it is of the conversation's language and skill."""
    skilled = script.skill is None or conversation.skill is None or script.skill == conversation.skill
    return skilled and script.language == conversation.language


@put("/scripts", summary="Make or change a guided script", right="library")
async def save_script(
    data: JSONBody[ScriptBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> ScriptWords:
    """400 for an answer that leads nowhere, a step that cannot be reached, more than 50 steps."""
    with checking():
        script = Script(
            id=known_id(data.id, desk.store.scripts(me.site), "script"),
            steps=checked_steps(data.steps),
            skill=data.skill,
            **kept(data, me, desk),
        )
    return script_words(await written(desk, SaveScript(script)))


@get("/articles", summary="Articles, or those that are looked for", right="read")
async def articles(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    q: Annotated[str, QueryParameter(max_length=500)] = "",
    language: Annotated[str | None, QueryParameter(max_length=35)] = None,
) -> list[ArticleRow]:
    """With `q` those that have words beginning with all of its words, the best first; any text may be asked for."""
    if not q.strip():
        found = [one for one in desk.store.articles(me.site) if language in {None, one.language}]
        return [article_row(one) for one in found]
    matching = desk.store.find_articles(me.site, asked_words(q), every=True, language=language, limit=MOST_FOUND)
    return [article_row(one) for one in matching]


@get("/articles/propose", summary="Articles that may answer the visitor", right="read")
async def propose(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    hub: NamedDependency[Hub],
    conv: Annotated[str, QueryParameter(max_length=64)] = "",
) -> list[ArticleRow]:
    """At most three, in the conversation's language, by what the visitor wrote last; for those who see what he has
    not sent yet, by that as well."""
    conversation = conversation_of(me, conv, desk)
    said = (hub.writing.text_for(me, conversation), last_words(conversation, desk))
    words = telling_words("\n".join(filter(None, said)))
    found = desk.store.find_articles(me.site, words, every=False, language=conversation.language, limit=MOST_PROPOSED)
    return [article_row(one) for one in found]


def last_words(conversation: Conversation, desk: Desk) -> str:
    """What the visitor has written since somebody answered him; his last message when all is answered."""
    said = [one for one in desk.store.last_entries(conversation.id, limit=LOOKED_BACK) if one.kind == "text"]
    last = max((place for place, one in enumerate(said) if one.by != "visitor"), default=-1)
    unanswered = [one.body for one in said[last + 1 :]]
    his = unanswered or [one.body for one in said if one.by == "visitor"][-1:]
    return "\n".join(his)


@get("/articles/{article:str}", summary="One article", right="read")
async def read_article(
    article: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> ArticleWords:
    """Its body as it is written, and in parts to be shown."""
    found = desk.store.article(me.site, article)
    if found is None:
        raise gone()
    return article_words(found)


@put("/articles", summary="Make or change an article", right="library")
async def save_article(
    data: JSONBody[ArticleBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> ArticleWords:
    """400 says where a link leads to what is neither http, https nor a path."""
    with checking():
        article = Article(
            id=known_id(data.id, desk.store.articles(me.site), "article"),
            body=checked_article(data.body),
            tags=tuple(dict.fromkeys(one.strip() for one in data.tags if one.strip())),
            url=checked_url(data.url),
            **kept(data, me, desk),
        )
    return article_words(await written(desk, SaveArticle(article)))


def checked_url(url: str) -> str:
    """An address that visitors may follow, or none; BadInput."""
    if url and not safe_link(url):
        raise BadInput("this is neither an http or https address nor a path of the shop", where="url")
    return url


@delete("/library/{sort:str}/{item:str}", status_code=204, summary="Erase from the library", right="library")
async def drop(
    sort: FromPath[str], item: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> None:
    """An article is not found any more, and nothing of it stays in the index."""
    which = sort_of(me, sort, item, desk)
    await written(desk, DropFromLibrary(me.site, which, item))


@post("/library/{sort:str}/{item:str}/used", status_code=204, summary="It was sent to a visitor", right="converse")
async def used(
    sort: FromPath[str], item: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> None:
    """Counted once a call."""
    which = sort_of(me, sort, item, desk)
    await written(desk, CountUse(me.site, which, item))


def sort_of(me: Principal, sort: str, item: str, desk: Desk) -> Sort:
    """`reply`, `script` or `article`; Problem 404 when the site has none of this sort with this id."""
    shelves: dict[Sort, Callable[[str], Sequence[Any]]] = {
        "reply": desk.store.replies,
        "script": desk.store.scripts,
        "article": desk.store.articles,
    }
    for which, shelf in shelves.items():
        if which == sort and any(one.id == item for one in shelf(me.site)):
            return which
    raise gone()


@get("/library", summary="Everything of the library", right="read")
async def export(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Library:
    """Replies, scripts and articles, whole."""
    return Library(
        [reply_words(one) for one in desk.store.replies(me.site)],
        [script_words(one) for one in desk.store.scripts(me.site)],
        [article_words(one) for one in desk.store.articles(me.site)],
    )


HANDLERS = (
    canned, save_reply, scripts, save_script, articles, propose, read_article, save_article, drop, used, export,
)  # fmt: skip
ROUTER = Router("/api/v1", route_handlers=HANDLERS, tags=["Library"])
