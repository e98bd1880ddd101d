"""The words with which agents sort conversations: tags, and the codes that say how one ended. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

LONGEST_TAG, MOST_TAGS = 40, 10
"""Code points of a tag, and tags of one conversation."""
MOST_CODES = 200
"""Of a site, those no longer in use included."""

Outcome: TypeAlias = Literal["sold", "lead", "helped", "not_bought", "other"]
WrapUp: TypeAlias = Literal["off", "optional", "required"]


class Label(Struct, frozen=True):
    """What people read."""

    fr: str
    en: str


class Code(Struct, frozen=True, kw_only=True):
    """One way in which a conversation can end. `reasons`: it may be said why the visitor did not buy."""

    id: str
    label: Label
    outcome: Outcome
    reasons: bool = False
    active: bool = True
    """No longer offered when false; old conversations keep it and its label."""


REASONS: dict[str, Label] = {
    "price": Label("Prix", "Price"),
    "delivery_cost": Label("Frais de livraison", "Delivery cost"),
    "delivery_time": Label("Délai de livraison", "Delivery time"),
    "stock": Label("Rupture de stock", "Out of stock"),
    "size": Label("Taille ou dimensions", "Size"),
    "payment": Label("Moyen de paiement", "Payment"),
    "missing_product": Label("Produit absent du catalogue", "Product not offered"),
    "information": Label("Information manquante", "Missing information"),
    "comparing": Label("Compare encore", "Still comparing"),
    "technical": Label("Problème technique", "Technical problem"),
    "other": Label("Autre raison", "Another reason"),
}
"""Why somebody did not buy; the list of requirement S1-11."""

CODES: tuple[Code, ...] = (
    Code(id="sold", label=Label("Vente conclue", "Sold"), outcome="sold"),
    Code(id="lead", label=Label("Contact laissé", "Lead"), outcome="lead"),
    Code(id="helped", label=Label("Aide apportée", "Helped"), outcome="helped"),
    Code(id="not_bought", label=Label("N’a pas acheté", "Did not buy"), outcome="not_bought", reasons=True),
    Code(id="other", label=Label("Autre", "Other"), outcome="other"),
)
"""Of a site that has saved none."""


class Vocabulary(Struct, frozen=True, kw_only=True):
    """The tags that a site proposes, and its codes in their order."""

    tags: tuple[str, ...] = ()
    free_tags: bool = True
    """Whether agents may write tags that are not proposed."""
    codes: tuple[Code, ...] = CODES

    def code(self, id: str) -> Code | None:
        """A code, also one that is no longer in use."""
        return next((one for one in self.codes if one.id == id), None)


def written(codes: Sequence[Code], before: Sequence[Code]) -> tuple[Code, ...]:
    """A new list of codes; those that it leaves out are kept out of use, so that old conversations can be read."""
    named = {one.id for one in codes}
    return (*codes, *(replace(one, active=False) for one in before if one.id not in named))
