"""The demo has a library in both languages, which proposes what its simulated visitors ask for."""

from __future__ import annotations

from pathlib import Path

from aparte.app import open_store
from aparte.app.demo import prepare
from aparte.conversations.articles import telling_words
from aparte.conversations.library import for_talk
from aparte.simulation.shop.model import LANGUAGES
from aparte.simulation.shop.words import PATHS


def test_the_demo_has_a_library_in_both_languages(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    prepare(tmp_path, store, past=False)
    prepare(tmp_path, store, past=False)  # a second start changes nothing
    assert {one.language for one in store.scripts("demo")} == {"fr", "en"}
    assert [one.shortcut for one in for_talk(store.replies("demo"), "en", "sales")] == ["delivery", "hello", "return"]
    pages = {"", *(f"/shop/{language}/{PATHS['help'].of(language)}" for language in LANGUAGES)}
    assert {one.url for one in store.articles("demo")} == pages
    asked = {
        "Elle arriverait avant vendredi ? La livraison coûte combien ?": "Livraison : délais, frais, étranger",
        "Le lin rétrécit au lavage ?": "Laver et sécher le lin",
        "Ma carte est refusée, pourtant elle marche ailleurs.": "Carte refusée au paiement",
        "J’hésite entre S et M, quelle taille ?": "Choisir entre deux tailles",
    }
    for said, title in asked.items():
        found = store.find_articles("demo", telling_words(said), every=False, language="fr", limit=3)
        assert found[0].title == title, said
    store.close()
