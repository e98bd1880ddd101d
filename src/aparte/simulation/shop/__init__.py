"""Maison Lin, the shop of the demo: a small real shop with the tag on its pages, as any other shop would have it."""

from aparte.simulation.shop.app import shop_app

__all__ = ["shop_app"]
