"""The morning of `work_scene` with a library: four replies, a script, three articles."""

from __future__ import annotations

from typing import Any

from console_server import ConsoleServer
from work_scene import fill_work

from aparte.conversations.library import Article, Branch, Reply, Script, Step


def reply(key: str, shortcut: str, title: str, body: str, **more: Any) -> Reply:
    return Reply(id=key, site="demo", shortcut=shortcut, title=title, body=body, **({"language": "fr"} | more))


def fill_library(server: ConsoleServer) -> None:
    """Everything of `fill_work`, and the library."""
    fill_work(server, "off")
    replies = [
        reply("r1", "livraison", "Délai de livraison", "La livraison express arrive sous 48 h ouvrées."),
        reply("r2", "livraison-offerte", "Livraison offerte", "Offerte dès 120 € : votre panier est à {cart|0 €}."),
        reply("r3", "bonjour", "Accueil", "Bonjour {visitor|et bienvenue}, {agent} à votre écoute.", used=14),
        reply("r4", "remise", "Geste commercial", "Bonjour {visitor}, voici un geste pour vous.\nIl vaut sept jours."),
        reply("r5", "hello", "Welcome", "Hello {visitor|there}.", language="en"),
    ]
    steps = (
        Step("a", "Quel est votre numéro de commande ?", (Branch("Il l’a", "b"), Branch("Il ne l’a pas", "c"))),
        Step("b", "Merci. Quel article souhaitez-vous rendre ?", (Branch("Trop petit", "d"),)),
        Step("c", "Vous le trouverez dans votre e-mail de confirmation."),
        Step("d", "L’échange est gratuit pendant 30 jours."),
    )
    about = (
        "Nous livrons dans toute l’Europe.\n\n- Express : 48 h\n- Standard : 4 jours\n\nVoir [nos délais](/livraison)."
    )
    articles = [
        article("k1", "Délais et frais de livraison", about, url="/livraison", tags=("livraison",)),
        article(
            "k2", "Retourner un article", "Vous avez 30 jours.\n\nLe [formulaire](/retours) suffit.", url="/retours"
        ),
        article("k3", "Laver le lin", "À 30 degrés. Ne pas sécher en machine.", tags=("entretien",)),
    ]
    server.library.replies = {one.id: one for one in replies}
    script = Script(id="s1", site="demo", title="Retour d’un article", steps=steps, language="fr")
    server.library.scripts = {"s1": script}
    server.library.articles = {one.id: one for one in articles}


def article(key: str, title: str, body: str, **more: Any) -> Article:
    return Article(id=key, site="demo", title=title, body=body, language="fr", **more)
