"""What is true in the simulation: how many buy, how many accept, and what a conversation changes.

An invitation alone changes nothing; a conversation adds `lift` to the probability that this visit ends with an order.
So the effect of inviting, among candidates, is `itt`: that is what a report should find, within its interval.
"""

from __future__ import annotations

from msgspec import Struct

SHOWN = 0.97
"""Share of invitations that reach the screen; the others find that the visitor has just left."""


class Effect(Struct, frozen=True):
    """The truth about the candidates of one rule; probabilities from 0 to 1."""

    campaign: str
    rule: str
    base: float
    """They buy in this visit without any help."""
    acceptance: float
    """They accept an invitation that they see."""
    lift: float
    """Added to `base` by a conversation."""

    @property
    def itt(self) -> float:
        """Effect of inviting, on the probability of an order."""
        return SHOWN * self.acceptance * self.lift

    @property
    def key(self) -> str:
        """The rule as reports name it."""
        return f"{self.campaign}/{self.rule}"


EFFECTS: tuple[Effect, ...] = (
    Effect("payment-trouble", "payment-error", base=0.35, acceptance=0.45, lift=0.30),
    Effect("cart-hesitation", "two-views", base=0.10, acceptance=0.36, lift=0.42),
    Effect("empty-search", "nothing-found", base=0.07, acceptance=0.20, lift=0.03),
    Effect("size-hesitation", "comparing", base=0.03, acceptance=0.25, lift=0.15),
)

TRUTH: dict[str, Effect] = {effect.campaign: effect for effect in EFFECTS}
REACTIVE_LIFT = 0.08
"""What a conversation does that the visitor has opened himself; nobody drew lots for it, so no report can prove it."""
