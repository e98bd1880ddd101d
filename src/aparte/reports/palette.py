"""The colours and fonts of every picture: a copy of the design tokens, under the same names."""

from __future__ import annotations

from msgspec import Struct

# The first family that the machine knows is taken. vl-convert draws nothing at all, without an error, when it knows
# none; it carries Liberation Sans itself, so that is the last resort of both.
SANS = "Hanken Grotesk Variable, Hanken Grotesk, Helvetica Neue, Arial, Liberation Sans, DejaVu Sans, sans-serif"
SERIF = "Newsreader Variable, Newsreader, Georgia, Liberation Serif, DejaVu Serif, serif, Liberation Sans"


class Palette(Struct, frozen=True, kw_only=True):
    """One theme."""

    bg: str
    """Paper."""
    surface: str
    """Cards."""
    sunken: str
    """Tracks."""
    line: str
    """Hairlines; decorative only."""
    edge: str
    """Outlines."""
    ink: str
    ink_2: str
    ink_3: str
    """Captions and axis."""
    treated: str
    """Invited; always solid."""
    holdout: str
    """Held out: text."""
    holdout_mark: str
    """Held out: outline; always dashed."""
    holdout_tint: str
    alert: str
    """A loss; always with words."""
    accent: str
    """Volume, and the brand."""
    note: str
    """A threshold; always dotted, always with words."""


LIGHT = Palette(
    bg="#F6F2EA", surface="#FFFDF9", sunken="#EEE8DD", line="#E2DACB", edge="#8C8172",
    ink="#231B22", ink_2="#574D55", ink_3="#6D6268",
    treated="#0C746B", holdout="#6C6255", holdout_mark="#8C8172", holdout_tint="#ECE5D9",
    alert="#B02E17", accent="#5F1F45", note="#6A4A00",
)  # fmt: skip
DARK = Palette(
    bg="#17121A", surface="#201922", sunken="#120E15", line="#372D3A", edge="#857786",
    ink="#F4EDE4", ink_2="#C4B8BF", ink_3="#A0939C",
    treated="#35A798", holdout="#BDB09E", holdout_mark="#857A6C", holdout_tint="#2C2527",
    alert="#F4775A", accent="#F2BCD9", note="#F2D58C",
)  # fmt: skip
THEMES = {"light": LIGHT, "dark": DARK}
