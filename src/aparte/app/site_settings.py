"""`aparte site set`: the settings of a site, through the server that runs, else in its folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec

from aparte.app import control
from aparte.app.outside import site_of
from aparte.app.serve import looked_at, opened, write
from aparte.kit.errors import BadInput
from aparte.sites.audit import RecordAudit
from aparte.sites.settings import SETTINGS, Change, LookChange, changed, differing, settings_of
from aparte.sites.store import SaveSite
from aparte.web.principal import COMMAND

PATH = "/api/v1/site"
HINT = "aparte site set SITE --data DIR prints them all"
LISTS = ("languages", "origins", "survey")
YES = {"yes": "true", "no": "false", "on": "true", "off": "false"}


def set_settings(data: Path, site_id: str, pairs: Sequence[str]) -> tuple[str, ...]:
    """The names of the settings that are other ones now, by `KEY=VALUE` each; BadInput."""
    with looked_at(data) as reader:
        before = site_of(reader, site_id)  # also beside a running server
    body = msgspec.to_builtins(change_of(pairs, before.words))
    told = control.call(data, "PUT", control.at_site(PATH, site_id), body)
    if told is not None:
        after = msgspec.convert(
            {**msgspec.to_builtins(before), **{name: told[name] for name in SETTINGS}}, type(before)
        )
        return differing(before, after)
    with opened(data) as store:
        codes = any(one.active for one in store.vocabulary(site_id).codes)
        before = site_of(store, site_id)
        after = changed(before, change_of(pairs, before.words), codes=codes)
        names = differing(before, after)
        if names:
            audited = RecordAudit(site_id, control.now(), COMMAND, "settings", site_id, ", ".join(names))
            write(store, [SaveSite(after), audited])
    return names


def shown(data: Path, site_id: str) -> Iterator[str]:
    """All settings as `KEY=VALUE`."""
    with looked_at(data) as reader:
        site = site_of(reader, site_id)
    for name, value in msgspec.to_builtins(settings_of(site)).items():
        if name == "look":
            look = {part: getattr(site.look, part) for part in site.look.__struct_fields__}
            yield from (f"look.{part}={one}" for part, one in look.items())
        elif name == "words":
            yield from (
                f"words.{language}.{word}={text}" for language in value for word, text in value[language].items()
            )
        else:
            yield f"{name}={','.join(value) if name in LISTS else msgspec.json.encode(value).decode().strip(chr(34))}"


def change_of(pairs: Sequence[str], words: dict[str, dict[str, str]]) -> Change:
    """What the pairs tell; `words` are those of now, into which theirs go. BadInput."""
    found: dict[str, Any] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign:
            raise BadInput("this is no KEY=VALUE", where=repr(pair)[:80], hint=HINT)
        put(found, key.strip(), value, words)
    try:
        return msgspec.convert(found, Change, strict=False)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        raise BadInput(what, where=re.sub(r"^\.|`$", "", place), hint=HINT) from None


def put(found: dict[str, Any], key: str, value: str, words: dict[str, dict[str, str]]) -> None:
    """One pair into what is told; BadInput for a key that there is not."""
    first, *rest = key.split(".")
    if first == "look" and len(rest) == 1 and rest[0] in LookChange.__struct_fields__:
        found.setdefault("look", {})[rest[0]] = value
    elif first == "words" and len(rest) == 2:
        told = found.setdefault("words", {language: dict(of) for language, of in words.items()})
        told.setdefault(rest[0], {})[rest[1]] = value
    elif first in SETTINGS and not rest and first not in ("look", "words"):
        plain = YES.get(value.lower(), value) if boolean(first) else value
        found[first] = [one for one in value.split(",") if one.strip()] if first in LISTS else plain
    else:
        raise BadInput("there is no such setting", where=repr(key)[:80], hint=HINT)


def boolean(name: str) -> bool:
    """Whether this setting is yes or no."""
    return bool in get_args(next(one.type for one in msgspec.structs.fields(Change) if one.name == name))
