"""Routing: who is free to help."""
