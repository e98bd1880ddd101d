"""Texts as they are compared when people look for something. Pure."""

from __future__ import annotations

import unicodedata


def bare(text: str) -> str:
    """Small letters, without accents: `Été` and `ete` are the same word."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))
