"""The demo shows what agents work with, and its simulated agents close conversations where a code is required."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from msgspec.structs import replace

from aparte.app import open_store
from aparte.app.demo import SITE, Door, prepare
from aparte.conversations.cards import shown
from aparte.conversations.vocabulary import CODES, Vocabulary


def test_the_demo_has_tags_codes_and_products_that_can_be_shown(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    prepare(tmp_path, store, past=False)
    [site] = store.sites()
    assert (site.wrap_up, "livraison" in store.vocabulary(SITE).tags) == ("optional", True)
    products = {one.id: one for one in store.products(SITE)}
    assert all(one.url and one.image and shown(one, "EUR", ()).image for one in products.values())
    oxford = products["chemise-oxford-bleu-ciel"]
    assert {*oxford.substitutes, *oxford.complements} <= products.keys()
    assert oxford.substitutes
    assert oxford.complements
    store.close()


def test_a_simulated_agent_says_how_it_ended_by_a_code_in_use() -> None:
    closed: list[Any] = []

    async def close(*told: Any) -> None:
        closed.append(told[-1].code)

    def codes(unused: str) -> Vocabulary:
        return Vocabulary(codes=tuple(replace(one, active=one.id != unused) for one in CODES))

    known = SimpleNamespace(assign_ver=1)
    for unused in ("other", "helped"):
        engine = SimpleNamespace(conversation=lambda _: known, close=close, vocabulary=lambda _, u=unused: codes(u))
        door = Door(SimpleNamespace(engine=engine, store=None), "ines")  # type: ignore[arg-type]
        asyncio.run(door.close("c1"))
    assert closed == ["helped", "sold"]
