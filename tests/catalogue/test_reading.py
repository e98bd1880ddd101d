"""A shop's own file becomes its catalogue: every row is taken, or refused with its line and the reason.

Mutants seen to fail here: the decimal comma read as thousands; a refused row that is not counted; ids not unique.
"""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aparte.catalogue.change import changes
from aparte.catalogue.model import Product
from aparte.catalogue.read import read_catalogue
from aparte.kit.errors import BadInput
from aparte.kit.tables import cells_of, written_row
from aparte.simulation.shop.catalogue import PRODUCTS
from aparte.tracking.sources.traits import read_traits


@pytest.mark.covers("S0-38")
@pytest.mark.parametrize(
    "text",
    [
        "id,name,price,margin,complex,high_value\np1,Lamp,1234.5,12.5,yes,no\n",
        "\ufeffMarge;Nom;Complexe;Référence;Haute valeur;Prix TTC\r\n12,5;Lamp;oui;p1;non;1 234,50 €\r\n",
        "SKU\tTitle\tPrice\tUnit margin\tComplex\nn0\tx\t\t\t\np1\tLamp\t1,234.50\t12.50\tx\n",
        'product_id;name;price;margin;complex\n"p1";"Lamp";"1\u202f234,5";"12,5";"1"\n',
    ],
)
def test_columns_come_in_any_order_language_and_notation(text: str) -> None:
    table = read_catalogue(text)
    assert not table.refused
    assert table.products[-1] == Product(id="p1", name="Lamp", price=1234.5, margin=12.5, complex=True)


def test_a_bad_row_is_refused_with_its_line_and_reason_and_the_others_are_taken() -> None:
    text = (
        "id;price;margin;complex;note\n"
        "a;10;5;oui;x\n"
        ";10;;;\n"
        "b;ten;;;\n"
        "c;-1;;;\n"
        "d;10;11;;\n"
        "e;10;;maybe;\n"
        "\n"
        "a;11;;;\n"
        "f;1.234;;;\n"
        "g;10;;;;;extra\n"
        "h;10\n"
    )
    table = read_catalogue(text)
    assert [one.id for one in table.products] == ["a", "h"]
    assert [one.line for one in table.refused] == [3, 4, 5, 6, 7, 9, 10, 11]
    assert "no id" in table.refused[0].reason
    assert "not a number" in table.refused[1].reason
    assert "thousand" in table.refused[6].reason
    assert table.ignored == ("note",)


@pytest.mark.parametrize("text", ["", "price;name\n1;x\n", "id;sku\n1;2\n", 'id,name\n"a,b\n'])
def test_a_file_that_names_no_product_is_refused_whole(text: str) -> None:
    with pytest.raises(BadInput):
        read_catalogue(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=6), max_size=8))
def test_whatever_a_file_holds_each_row_is_a_product_or_a_refusal(rows: list[list[str]]) -> None:
    text = "id,price,margin,complex\n" + "".join(written_row(one) for one in rows)
    try:
        table = read_catalogue(text)
    except BadInput:
        return
    told = list(cells_of(text, "x"))
    assert len(table.products) + len(table.refused) == len(told) - 1


def test_what_is_missing_from_the_next_file_is_gone_once() -> None:
    a, b = Product(id="a"), Product(id="b")
    first = changes({}, [a, b])
    assert first.added == (a, b)
    second = changes({"a": a, "b": b}, [Product(id="a", price=2.0)])
    assert (second.changed, [one.gone for one in second.gone]) == ((Product(id="a", price=2.0),), [True])
    known = {"a": a, "b": second.gone[0]}
    assert changes(known, [a]).to_write == ()
    assert changes({"a": a, "b": b}, [a], keep=True).to_write == ()


def test_a_crm_s_columns_become_traits_with_their_types() -> None:
    found = read_traits(
        "client_id;niveau;LTV;Réclamation;code_postal;score\nc1;gold;1200,5;oui;01000;3\n;x;;;;\nc1;;;;;\n"
    )
    said = {"tier": "gold", "lifetime_value": 1200.5, "complaint": True, "code_postal": "01000", "score": 3}
    assert found.rows == (("c1", said),)
    assert [one.line for one in found.refused] == [3, 4]
    with pytest.raises(BadInput, match="customer"):
        read_traits("tier;ltv\n1;2\n")


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-1+cmd", "@x", "\t=1", "  =1", '=HYPERLINK("x")'])
def test_no_cell_that_we_write_is_a_formula(cell: str) -> None:
    [(_, written)] = cells_of(written_row(["x", cell, "y"]), "x")
    assert written == ["x", "'" + cell, "y"]


def test_the_demo_shop_s_own_file_has_every_product_with_its_price_and_a_margin() -> None:
    table = read_catalogue(files("aparte.simulation.shop").joinpath("marks.csv").read_text("utf-8"))
    assert not table.refused
    prices = {one.id: one.price / 100 for one in PRODUCTS}
    assert {one.id: one.price for one in table.products} == prices
    assert all(one.margin and one.margin < prices[one.id] for one in table.products)
    assert 0 < sum(one.complex for one in table.products) < len(prices)
