"""Adapters to what keeps things; they do not know one another, and only `aparte.app` names them."""
