"""Finding products, and what goes with one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aparte.catalogue.find import complements, search, substitutes
from aparte.catalogue.model import Product
from aparte.catalogue.read import read_catalogue

PRODUCTS = [
    Product(id="p1", name="Chemise en lin", category="chemises", price=60, substitutes=("p9", "p2", "p4"),
            complements=("p5", "gone", "nowhere", "p1")),
    Product(id="p2", name="Chemise à carreaux", category="chemises", price=45, in_stock=False),
    Product(id="p3", name="Chemise de nuit", category="chemises", price=62),
    Product(id="p4", name="Robe en lin", category="robes", price=200),
    Product(id="p5", name="Ceinture", category="accessoires", price=25),
    Product(id="p6", name="Chemise de soie", category="chemises", price=300),
    Product(id="p7", name="Chemise blanche", category="chemises"),
    Product(id="gone", name="Chemise en lin ancienne", category="chemises", price=60, gone=True),
]  # fmt: skip
CATALOGUE = {one.id: one for one in PRODUCTS}


def ids(found: list[Product]) -> list[str]:
    return [one.id for one in found]


def test_all_words_are_looked_for_without_accents_and_what_is_gone_is_not_found() -> None:
    assert ids(search(PRODUCTS, "LIN chémise")) == ["p1"]
    assert ids(search(PRODUCTS, "p5")) == ["p5"]
    assert ids(search(PRODUCTS, "chemise")) == ["p7", "p3", "p6", "p1", "p2"]
    assert ids(search(PRODUCTS, "carreaux")) == ["p2"]
    assert search(PRODUCTS, "nothing of it") == []
    assert len(search(PRODUCTS, "", 3)) == 3


def test_substitutes_are_the_catalogues_own_then_the_category_by_the_nearest_price() -> None:
    assert ids(substitutes(CATALOGUE["p1"], CATALOGUE)) == ["p4", "p2", "p3", "p6", "p7"]
    assert ids(substitutes(CATALOGUE["p5"], CATALOGUE)) == []


def test_complements_are_the_catalogues_own_only() -> None:
    assert ids(complements(CATALOGUE["p1"], CATALOGUE)) == ["p5"]
    assert complements(CATALOGUE["p3"], CATALOGUE) == []


@given(st.text(max_size=30))
def test_any_question_has_an_answer(query: str) -> None:
    assert set(ids(search(PRODUCTS, query, 50))) <= CATALOGUE.keys() - {"gone"}


def test_a_file_says_what_is_in_stock() -> None:
    rows = "id;disponibilité\na;en stock\nb;out of stock\nc;0\nd;12\ne;\nf;sur commande\ng;Rupture de stock\nh;oui\n"
    table = read_catalogue(rows)
    assert table.refused == ()
    assert {one.id: one.in_stock for one in table.products} == {
        "a": True, "b": False, "c": False, "d": True, "e": None, "f": None, "g": False, "h": True,
    }  # fmt: skip
