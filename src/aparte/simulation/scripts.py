"""What visitors ask and what agents answer, in both languages, by what the visitor has come for."""

from __future__ import annotations

from random import Random

from msgspec import Struct

from aparte.simulation.shop.model import Language
from aparte.simulation.visitors import Persona


class Turn(Struct, frozen=True):
    """What the visitor writes, and what a good agent answers."""

    asks: str
    answers: str


HELLO = {"fr": "Bonjour, je suis {name} de Maison Lin.", "en": "Hello, {name} from Maison Lin here."}
SOLVED = {
    "fr": ("Merci, c’était rapide !", "Parfait, merci.", "Super, bonne journée."),
    "en": ("Thanks, that was quick!", "Perfect, thank you.", "Great, have a good day."),
}

FRENCH: dict[Persona, tuple[tuple[Turn, ...], ...]] = {
    Persona.HESITATES: (
        (
            Turn(
                "Bonjour, je fais 1 m 78 pour 70 kg, je prends M ou L ?",
                "Avec cette coupe, M. L donnerait trop d’ampleur aux épaules.",
            ),
            Turn("Et si elle ne va pas ?", "L’échange est gratuit pendant 30 jours, l’étiquette est dans le colis."),
        ),
        (
            Turn("Elle arriverait avant vendredi ?", "Commandée aujourd’hui, elle est chez vous jeudi au plus tard."),
            Turn("Même en point relais ?", "Comptez un jour de plus, donc vendredi dans la journée."),
            Turn("D’accord, je prends la livraison à domicile.", "Très bien, je reste là si quelque chose coince."),
        ),
        (
            Turn("Le lin rétrécit au lavage ?", "Celui-ci est déjà lavé : à 30 °C il ne bouge plus."),
            Turn("Et le sèche-linge ?", "Mieux vaut l’éviter, il sèche en deux heures sur un cintre."),
        ),
    ),
    Persona.SEARCHES: (
        (
            Turn(
                "Je cherche un imperméable, vous n’en faites pas ?",
                "Non, pas cette saison. La flanelle épaisse tient lieu de veste, mais elle craint la pluie.",
            ),
        ),
        (
            Turn("Avez-vous des pantalons en lin ?", "Pas encore, ils arrivent au printemps."),
            Turn("Dommage.", "Je peux vous prévenir à leur sortie si vous laissez une adresse."),
        ),
    ),
    Persona.PAYMENT: (
        (
            Turn(
                "Ma carte est refusée, pourtant elle marche ailleurs.",
                "La banque demande souvent une validation dans son application : l’avez-vous ouverte ?",
            ),
            Turn(
                "Ah oui, il y avait une notification.", "Validez-la, puis relancez le paiement. Votre panier est gardé."
            ),
        ),
        (
            Turn(
                "Est-ce que j’ai été débité ?",
                "Non, un paiement refusé ne débite rien. Vous pouvez réessayer sans risque.",
            ),
        ),
    ),
    Persona.SIZES: (
        (
            Turn(
                "J’hésite entre S et M pour un tour de poitrine de 96.",
                "À 96 vous êtes juste entre les deux : M si vous aimez un peu d’aisance.",
            ),
            Turn("Plutôt ajusté.", "Alors S, le lin se détend d’un bon centimètre."),
        ),
    ),
    Persona.ASKS: (
        (Turn("Bonjour, livrez-vous en Belgique ?", "Oui, en 4 à 6 jours pour 9,90 €."),),
        (
            Turn("Où sont tricotés vos pulls ?", "En Bretagne et au Portugal, en petites séries."),
            Turn("Et la laine ?", "De France et d’Espagne, certifiée sans mulesing."),
        ),
    ),
}

ENGLISH: dict[Persona, tuple[tuple[Turn, ...], ...]] = {
    Persona.HESITATES: (
        (
            Turn("Hi, I am 1.78 m and 70 kg, is that M or L?", "M in this cut. L would be too wide in the shoulders."),
            Turn("And if it does not fit?", "Exchange is free for 30 days, the label is in the parcel."),
        ),
        (
            Turn("Would it arrive before Friday?", "Ordered today it is with you by Thursday."),
            Turn("Good, that works.", "I am here if anything gets stuck."),
        ),
    ),
    Persona.SEARCHES: (
        (
            Turn(
                "Do you have any raincoats?",
                "Not this season, I am afraid. The heavy flannel works as a jacket, but not in the rain.",
            ),
        ),
    ),
    Persona.PAYMENT: (
        (
            Turn(
                "My card is declined but it works elsewhere.",
                "Banks often ask for a confirmation in their app. Is one waiting there?",
            ),
            Turn("Oh yes, it is.", "Confirm it and pay again. Your cart is kept."),
        ),
    ),
    Persona.SIZES: (
        (
            Turn("Between S and M, chest 96 cm?", "Right between the two: M if you like a little ease."),
            Turn("I prefer it fitted.", "Then S, linen gives about a centimetre."),
        ),
    ),
    Persona.ASKS: ((Turn("Do you deliver to Ireland?", "Yes, in 4 to 6 days for €9.90."),),),
}

FALLBACK = {"fr": "Je regarde cela tout de suite.", "en": "Let me check that for you."}


def script(rng: Random, persona: Persona, language: Language) -> tuple[Turn, ...]:
    """A conversation that this kind of visitor has."""
    texts = FRENCH if language == "fr" else ENGLISH
    return rng.choice(texts.get(persona, texts[Persona.ASKS]))


def reply(body: str, language: Language) -> str:
    """The answer to a line that a simulated visitor may have written; something true for any other."""
    return ANSWERS.get(body, FALLBACK[language])


ANSWERS: dict[str, str] = {
    turn.asks: turn.answers
    for texts in (FRENCH, ENGLISH)
    for scripts in texts.values()
    for turns in scripts
    for turn in turns
}


def language_of(body: str) -> Language:
    """The language of a line: French words, or English ones when there are more of them."""
    words = set(body.lower().replace("’", " ").replace(",", " ").replace("?", " ").split())
    french = words & {"je", "vous", "est", "les", "la", "le", "bonjour", "une", "un", "et", "merci", "ma", "taille"}
    english = words & {"i", "you", "is", "the", "a", "hello", "hi", "and", "thanks", "my", "size", "do", "it"}
    return "en" if len(english) > len(french) else "fr"
