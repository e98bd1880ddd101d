"""`aparte import articles`: a file becomes articles that are found, and a second time changes them."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from aparte.app import open_store
from aparte.cli import cli
from aparte.conversations.articles import asked_words

CSV = (
    "Titre;Texte;Langue;Étiquettes;Lien\n"
    'Livraison;"À domicile, 2 jours.\n\n- point relais";;livraison|frais;/livraison\n'
    "Delivery;At your door.;en;;\n"
    "Mauvais;Voir [ici](javascript:x);;;\n"
    ";Sans titre;;;\n"
    "Livraison;Encore;;;\n"
)


def says(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in words])


def test_a_file_becomes_articles_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "faq.csv"
    says("site", "add", "shop", "--data", data)
    file.write_text(CSV, "utf-8-sig")
    told = says("import", "articles", file, "--data", data)
    assert told.exit_code == 0, told.output
    assert "2 added, 0 changed, 3 refused" in told.output
    for line in (
        "line 6: this link is neither",
        "line 7: a title has 1 to 200",
        "line 8: this title stands in the file",
    ):
        assert line in told.output
    file.write_text("title,body\nLivraison,En 48 heures.\n", "utf-8")
    assert "0 added, 1 changed, 0 refused" in says("import", "articles", file, "--data", data).output
    store = open_store(data)
    assert [(one.title, one.language, one.tags) for one in store.articles("shop")] == [
        ("Delivery", "en", ()),
        ("Livraison", "fr", ()),
    ]
    assert [one.body for one in store.find_articles("shop", asked_words("48 heures"), every=True)] == ["En 48 heures."]
    store.close()


def test_a_file_without_a_title_or_a_body_is_refused(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "faq.csv"
    says("site", "add", "shop", "--data", data)
    file.write_text("question\nOù ?\n", "utf-8")
    told = says("import", "articles", file, "--data", data)
    assert told.exit_code != 0
    assert "no columns name the title and the body" in str(told.exception)
