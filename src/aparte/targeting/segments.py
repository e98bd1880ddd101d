"""Segments: named conditions. In a rule `segment.premium` stands for the segment's own condition."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, structs

from aparte.targeting.conditions import Name, Node


def expand(tree: Node, named: Mapping[str, Node]) -> Node:
    """The tree with each named condition in the place of its name."""
    if isinstance(tree, Name):
        return named.get(tree.name, tree)
    changed = {}
    for one in structs.fields(tree):
        part = getattr(tree, one.name)
        if isinstance(part, tuple):
            changed[one.name] = tuple(expand(item, named) for item in part)
        elif isinstance(part, Struct):
            changed[one.name] = expand(part, named)
    return structs.replace(tree, **changed) if changed else tree
