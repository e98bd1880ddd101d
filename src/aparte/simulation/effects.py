"""What is true in the demo: how many buy, how many accept, and what a conversation changes. Figures: figures.toml.

An invitation alone changes nothing; a conversation adds `lift` to the probability that this visit ends with an order.
So the effect of inviting, among candidates, is `itt`: that is what a report should find, within its interval.
"""

from __future__ import annotations

from msgspec import Struct

from aparte.simulation import figures
from aparte.simulation.visitors import Persona

SHOWN = figures.number("invitations.seen")
"""Share of invitations that reach the screen; the others find that the visitor has just left."""
BASE = figures.shares("buying.without_help")
ACCEPTED = figures.shares("invitations.accepted")
LIFT = figures.shares("buying.lift")


class Effect(Struct, frozen=True):
    """The truth about the candidates of one rule; probabilities from 0 to 1."""

    campaign: str
    rule: str
    persona: Persona
    """For whom the campaign is made."""

    @property
    def base(self) -> float:
        """They buy in this visit without any help."""
        return BASE[self.persona]

    @property
    def acceptance(self) -> float:
        """They accept an invitation that they see."""
        return ACCEPTED[self.persona]

    @property
    def lift(self) -> float:
        """Added to `base` by a conversation."""
        return LIFT[self.persona]

    @property
    def itt(self) -> float:
        """Effect of inviting, on the probability of an order."""
        return SHOWN * self.acceptance * self.lift

    @property
    def key(self) -> str:
        """The rule as reports name it."""
        return f"{self.campaign}/{self.rule}"


EFFECTS: tuple[Effect, ...] = (
    Effect("payment-trouble", "payment-error", Persona.PAYMENT),
    Effect("cart-hesitation", "two-views", Persona.HESITATES),
    Effect("empty-search", "nothing-found", Persona.SEARCHES),
    Effect("size-hesitation", "comparing", Persona.SIZES),
)

TRUTH: dict[str, Effect] = {effect.campaign: effect for effect in EFFECTS}
CAMPAIGNS: dict[Persona, str] = {effect.persona: effect.campaign for effect in EFFECTS}
