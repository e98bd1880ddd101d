"""Targeting: which rules hold, and when it is worth asking again."""
