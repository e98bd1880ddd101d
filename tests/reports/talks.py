"""Conversations told line by line, for the tests of transcripts."""

from __future__ import annotations

from typing import Any

from aparte.reports.transcripts.model import Said, Talk

SECOND = 1_000


def talk(*lines: tuple[str, float, str], language: str = "fr", id: str = "c1", **more: Any) -> Talk:
    """`("v", 12, "Bonjour")`: the visitor, at second 12. `a` is the agent, `card` his card."""
    known = tuple(
        Said("visitor" if who == "v" else "agent", round(at * SECOND), body, "card" if who == "card" else "text")
        for who, at, body in lines
    )
    return Talk(id=id, language=language, lines=known, **more)


FRENCH = talk(
    ("v", 0, "Bonjour, ma commande n'est jamais arrivée, je suis très déçue."),
    ("v", 5, "Où est-elle ?"),
    ("a", 20, "Bonjour Claire, je comprends, je suis désolé pour ce retard. Quel est votre numéro de commande ?"),
    ("v", 50, "C'est le 4412"),
    ("a", 60, "Merci ! Elle arrive demain : https://shop.example/suivi"),
    ("card", 61, "{}"),
    ("v", 90, "Parfait, merci beaucoup, vous êtes génial 😊"),
    agent="alex", visitor_name="Claire Dumas", page="/commande/suivi", good=True,
)  # fmt: skip
ENGLISH = talk(
    ("v", 0, "hi, how do I return these shoes"),
    ("a", 30, "Hello! Happy to help. Could you tell me your order number?"),
    ("v", 40, "55120, they are awful and the box was damaged"),
    ("a", 100, "I'm sorry to hear that. Here is the label."),
    ("v", 120, "not good enough, this is ridiculous!"),
    language="en-GB", agent="sam", visitor_name="Jo", page="/returns", good=False,
)  # fmt: skip
