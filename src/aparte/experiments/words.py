"""Which words tell two groups of texts apart: log-odds with an informative Dirichlet prior. Pure.

Words of one agent are not independent: a finding also has to stand in the texts of several agents.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log, sqrt

from aparte.kit.errors import BadInput


def word_scores(
    first: Mapping[str, int], second: Mapping[str, int], *, prior: Mapping[str, float] | None = None, weight: float = 10
) -> dict[str, float]:
    """z of every word: above 0 it belongs to `first` (Monroe, Colaresi and Quinn, Political Analysis 16, 2008).

    With a(w) = weight x the word's share of the prior (both groups together by default): log((y1 + a) / (n1 + weight -
    y1 - a)) - the same of `second`, by sqrt(1 / (y1 + a) + 1 / (y2 + a)). Words that the prior does not know are left
    out. Raises BadInput without words or weight, for a negative count, or for a single word.
    """
    known = prior or {word: first.get(word, 0) + second.get(word, 0) for word in {**first, **second}}
    whole = sum(known.values())
    if whole <= 0 or weight <= 0 or min((*known.values(), *first.values(), *second.values())) < 0:
        raise BadInput("no words to compare", where="word_scores", hint="counts and the prior's weight are above 0")
    sizes = [sum(group.get(word, 0) for word in known) + weight for group in (first, second)]
    found = {}
    for word, count in known.items():
        if count:
            seen = [group.get(word, 0) + weight * count / whole for group in (first, second)]
            found[word] = (odds(seen[0], sizes[0]) - odds(seen[1], sizes[1])) / sqrt(1 / seen[0] + 1 / seen[1])
    return found


def odds(seen: float, whole: float) -> float:
    """The logarithm of seen against all else."""
    if seen >= whole:
        raise BadInput("a single word has nothing to be compared with", where="word_scores")
    return log(seen / (whole - seen))
